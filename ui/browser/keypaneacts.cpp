// SPDX-License-Identifier: GPL-3.0-or-later
// What KeyPane does with what is selected: menus, jobs, folders.
#include "core/keys/keyfilter.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/keypane.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/rowsview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSet>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostCounted = 10'000; // selected rows that are looked at one by one for the bar

} // namespace

KeySelection KeyPane::selection() const
{
    KeySelection selected{.table = m_model.table(), .ranges = m_rows->selectedRanges(), .request = m_store.request()};
    for (const auto &[first, last] : std::as_const(selected.ranges))
        selected.rows += last - first + 1;
    return selected;
}

QByteArray KeyPane::selectedFolder() const
{
    const KeySelection selected = selection();
    const QModelIndex index = selected.rows == 1 ? m_model.index(selected.ranges.front().first, 0) : QModelIndex();
    return index.data(KeyRowsModel::IsFolderRole).toBool() ? index.data(KeyRowsModel::NameRole).toByteArray()
                                                           : QByteArray();
}

QByteArrayList KeySelection::names() const
{
    QByteArrayList keys;
    QSet<QByteArray> seen;
    const KeySnapshot &snapshot = table->snapshot();
    const auto add = [&keys, &seen](QByteArrayView key) {
        const QByteArray name = key.toByteArray();
        if (seen.contains(name))
            return;
        seen.insert(name);
        keys.append(name);
    };
    for (const auto &[first, last] : ranges) {
        for (int row = first; row <= last && row < table->rowCount(); ++row) {
            if (!table->partAt(row).isFolder) {
                add(table->nameAt(row));
                continue;
            }
            const auto [from, to] = snapshot.rangeOf(table->nameAt(row));
            for (quint32 place = from; place < to; ++place)
                add(snapshot.keyAt(place));
        }
    }
    return keys;
}

void KeyPane::updateSelection()
{
    const KeySelection selected = selection();
    int folders = 0;
    quint64 below = 0;
    for (const auto &[first, last] : selected.ranges) {
        for (int row = first; row <= last && selected.rows <= mostCounted; ++row) {
            const QModelIndex index = m_model.index(row, 0);
            if (!index.data(KeyRowsModel::IsFolderRole).toBool())
                continue;
            ++folders;
            below += index.data(KeyRowsModel::CountRole).toULongLong();
        }
    }
    m_selectionBar->setVisible(selected.rows > 1 || folders > 0);
    QStringList words;
    if (selected.rows > mostCounted)
        words.append(tr("%1 rows").arg(groupedNumber(selected.rows)));
    else if (selected.rows > folders)
        words.append(tr("%n key(s)", nullptr, int(selected.rows) - folders));
    if (folders > 0)
        words.append(tr("%1 keys in %n folder(s)", nullptr, folders).arg(groupedNumber(qint64(below))));
    m_selectionText->setText(words.join(u" · "_s));
    for (QPushButton *button : {m_delete, m_expire}) {
        button->setEnabled(!m_context.isReadOnly());
        button->setToolTip(m_context.isReadOnly() ? tr("This connection is read-only.") : QString());
    }
}

void KeyPane::fillMenu(QMenu *menu, int row)
{
    const QModelIndex index = m_model.index(row, 0);
    if (!index.isValid())
        return;
    const QByteArray name = index.data(KeyRowsModel::NameRole).toByteArray();
    const auto copy = [](const QString &text) { QGuiApplication::clipboard()->setText(text); };
    if (index.data(KeyRowsModel::IsFolderRole).toBool()) {
        menu->addAction(index.data(KeyRowsModel::ExpandedRole).toBool() ? tr("Close") : tr("Open"), this,
                        [this, row] { m_model.toggle(row); });
        menu->addAction(tr("Scan only this folder"), this, [this, name] { scanFolder(name); });
        menu->addAction(tr("Copy the folder's name"), this, [copy, name] { copy(QString::fromUtf8(name)); });
    } else {
        menu->addAction(tr("Open"), this, [this, name] { Q_EMIT keyChosen(name, false); });
        menu->addAction(tr("Open in a new tab"), this, [this, name] { Q_EMIT keyChosen(name, true); });
        menu->addSeparator();
        menu->addAction(tr("Copy the name"), this, [copy, name] { copy(QString::fromUtf8(name)); });
        menu->addAction(tr("Copy the name with escapes"), this,
                        [copy, name] { copy(QString::fromUtf8(quoted(name))); });
        if (const QVariant slot = index.data(KeyRowsModel::SlotRole); slot.isValid()) {
            menu->addAction(tr("Show on the slot map"), this, [this, slot = quint16(slot.toInt())] {
                m_context.goTo({.page = u"slots"_s, .slots = {{slot, slot}}});
            });
            menu->addAction(tr("Show its node"), this, [this, node = index.data(KeyRowsModel::NodeRole).toByteArray()] {
                m_context.goTo({.page = u"topology"_s, .node = node});
            });
        }
    }
    if (!index.data(KeyRowsModel::IsFolderRole).toBool() && !m_context.isReadOnly())
        menu->addAction(tr("Rename…"), this, [this, name] { Q_EMIT renameRequested(name); });
    menu->addSeparator();
    QAction *remove = menu->addAction(tr("Delete…"), this, [this] { Q_EMIT deleteRequested(); });
    remove->setEnabled(!m_context.isReadOnly());
}

/// As a pattern of the server's, in which the folder's name stands for itself.
void KeyPane::scanFolder(const QByteArray &folder)
{
    m_scanPattern = folder.isEmpty() ? QByteArray() : globEscaped(folder) + '*';
    m_onlyFolder->setText(folder.isEmpty() ? QString() : tr("Only %1 ×").arg(toDisplay(folder)));
    m_onlyFolder->setVisible(!folder.isEmpty());
    scan();
}

void KeyPane::askForDelimiters()
{
    QByteArrayList words;
    for (const QByteArray &word : m_store.delimiters().words())
        words.append(word);
    auto *dialog = new ElementDialog(tr("What parts names into folders"), tr("Use"), this);
    dialog->addField(tr("Delimiters, separated by blanks"), words.join(' '));
    dialog->addWords(tr("Such as  :  or  : / .  The tree changes at once; nothing is scanned again."));
    connect(dialog, &ElementDialog::agreed, this, [this](const QByteArrayList &values) {
        QList<QByteArray> chosen;
        for (const QByteArray &word : values.front().split(' '))
            if (!word.isEmpty() && !chosen.contains(word))
                chosen.append(word);
        m_store.setDelimiters(chosen);
    });
    dialog->open();
}

QWidget *KeyPane::makeSelectionBar()
{
    m_selectionBar = new QFrame(this);
    m_selectionBar->setObjectName(u"selectionBar"_s);
    m_selectionText = new ElidedLabel({}, Qt::ElideRight, m_selectionBar);
    m_delete = new QPushButton(themedIcon(u"trash"_s, m_context.theme()), tr("Delete…"), m_selectionBar);
    m_delete->setProperty("tone", u"error"_s);
    auto *layout = new QHBoxLayout(m_selectionBar);
    layout->setContentsMargins(12, 8, 12, 8);
    m_expire = new QPushButton(themedIcon(u"clock"_s, m_context.theme()), tr("Expire…"), m_selectionBar);
    connect(m_expire, &QPushButton::clicked, this, [this] { Q_EMIT expireRequested(); });
    layout->addWidget(m_selectionText, 1);
    layout->addWidget(m_expire);
    layout->addWidget(m_delete);
    connect(m_delete, &QPushButton::clicked, this, [this] { Q_EMIT deleteRequested(); });
    return m_selectionBar;
}

} // namespace slotscope
