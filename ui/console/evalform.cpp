// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/evalform.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"
#include "core/protocol/command.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QByteArrayList fieldLines(const QPlainTextEdit *field)
{
    QByteArrayList lines;
    for (const QString &line : field->toPlainText().split(u'\n', Qt::SkipEmptyParts))
        lines.append(line.toUtf8());
    return lines;
}

} // namespace

EvalForm::EvalForm(ClusterViewPtr view, QWidget *parent) : QDialog(parent), m_view(std::move(view))
{
    setObjectName(u"evalForm"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Lua script"));
    resize(560, 480);
    auto *layout = new QVBoxLayout(this);
    const auto field = [this, layout](const QString &title, const QString &name, int stretch) {
        layout->addWidget(plainLabel(title, "muted", this));
        auto *edit = new QPlainTextEdit(this);
        edit->setObjectName(name);
        edit->setFont(Theme::monoFont());
        edit->setTabChangesFocus(true);
        layout->addWidget(edit, stretch);
        connect(edit, &QPlainTextEdit::textChanged, this, &EvalForm::check);
        return edit;
    };
    m_script = field(tr("Script"), u"script"_s, 4);
    m_keys = field(tr("KEYS, one per line"), u"keys"_s, 1);
    m_arguments = field(tr("ARGV, one per line"), u"arguments"_s, 1);
    m_slots = plainLabel({}, "muted", this);
    m_take = new QPushButton(tr("Insert into the editor"), this);
    m_take->setObjectName(u"take"_s);
    m_take->setProperty("primary", true);
    auto *row = new QHBoxLayout;
    row->addWidget(m_slots, 1);
    row->addWidget(m_take);
    layout->addLayout(row);
    connect(m_take, &QPushButton::clicked, this, [this] {
        Q_EMIT lineMade(line());
        accept();
    });
    check();
}

QString EvalForm::line() const
{
    const QByteArrayList keys = fieldLines(m_keys);
    QByteArrayList words{"EVAL", quoted(m_script->toPlainText().toUtf8()), QByteArray::number(keys.size())};
    for (const QByteArray &word : keys + fieldLines(m_arguments))
        words.append(quoted(word));
    return QString::fromLatin1(words.join(' '));
}

QString EvalForm::slotText() const
{
    return m_slots->text();
}

void EvalForm::check()
{
    QSet<int> slots;
    for (const QByteArray &key : fieldLines(m_keys))
        slots.insert(slotOfKey(key));
    const bool isCluster = !m_view || m_view->cluster;
    QString text = tr("No keys: any node can run it.");
    if (!isCluster)
        text.clear();
    else if (slots.size() == 1)
        text = tr("All keys in slot %1.").arg(groupedNumber(*slots.begin()));
    else if (slots.size() > 1)
        text = tr("≠ The keys are in %1 slots: the server will refuse the script.").arg(slots.size());
    m_slots->setText(text);
    m_take->setEnabled(!m_script->toPlainText().trimmed().isEmpty());
}

} // namespace slotscope
