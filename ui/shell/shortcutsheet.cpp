// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcutsheet.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QAction>
#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

bool liesIn(const QObject *object, const QWidget *widget)
{
    for (const QObject *each = object; each; each = each->parent())
        if (each == widget)
            return true;
    return false;
}

} // namespace

QList<ShortcutSheet::Key> ShortcutSheet::keysOf(const QWidget *widget, const QWidget *except)
{
    QList<Key> keys;
    const auto add = [&keys](const QKeySequence &sequence, QString act) {
        act.remove(u'&');
        if (sequence.isEmpty() || act.isEmpty())
            return;
        const Key key{sequence.toString(QKeySequence::NativeText), act};
        if (!keys.contains(key))
            keys.append(key);
    };
    for (const QShortcut *shortcut : widget->findChildren<QShortcut *>())
        if (!except || !liesIn(shortcut, except))
            add(shortcut->key(), shortcut->whatsThis());
    for (const QAction *action : widget->findChildren<QAction *>())
        if (!except || !liesIn(action, except))
            add(action->shortcut(), action->text());
    return keys;
}

ShortcutSheet::ShortcutSheet(const QList<Part> &parts, QWidget *parent) : QDialog(parent), m_parts(parts)
{
    setObjectName(u"shortcutSheet"_s);
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(560, 600);
    auto *content = new QWidget(this);
    auto *grid = new QGridLayout(content);
    grid->setContentsMargins(0, 0, 8, 0);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const Part &part : parts) {
        if (part.keys.isEmpty())
            continue;
        QLabel *title = plainLabel(part.title, nullptr, content);
        QFont font = title->font();
        font.setWeight(QFont::DemiBold);
        title->setFont(font);
        title->setContentsMargins(0, row == 0 ? 0 : 12, 0, 2);
        grid->addWidget(title, row++, 0, 1, 2);
        for (const Key &key : part.keys) {
            QLabel *keys = plainLabel(key.keys, nullptr, content);
            keys->setFont(Theme::monoFont());
            grid->addWidget(keys, row, 0);
            grid->addWidget(wrappedLabel(key.act, nullptr, content), row++, 1);
        }
    }
    grid->setRowStretch(row, 1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *close = new QPushButton(tr("Close"), this);
    close->setProperty("primary", true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(14);
    layout->addWidget(scroll, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
}

QString ShortcutSheet::text() const
{
    QStringList lines;
    for (const Part &part : m_parts) {
        lines.append(part.title);
        for (const Key &key : part.keys)
            lines.append(key.keys + u'\t' + key.act);
    }
    return lines.join(u'\n');
}

} // namespace slotscope
