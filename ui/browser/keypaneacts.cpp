// SPDX-License-Identifier: GPL-3.0-or-later
// What KeyPane does with what is selected: menus, jobs, folders.
#include "core/keys/keyfilter.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/keypane.h"
#include "ui/browser/rankbar.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/rowsview.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSet>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// Text of a menu entry for a name: escaped, shortened, and without & as a mnemonic.
QString menuText(const QByteArray &name)
{
    constexpr qsizetype longest = 60;
    QString text = toDisplay(name);
    if (text.size() > longest)
        text = text.left(longest / 2) + u'…' + text.right(longest / 2);
    return text.isEmpty() ? KeyPane::tr("(empty)") : text.replace(u'&', u"&&"_s);
}

constexpr int mostCounted = 10'000; // limit of the selected rows that are counted one by one

} // namespace

KeySelection KeyPane::selection() const
{
    KeySelection selected{.table = m_model.table(), .ranges = m_rows->selectedRanges(), .request = m_store.request()};
    selected.filter = toDisplay(m_store.filter().text); // of the filter in force, not what is being typed
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

bool KeyPane::clearSelection()
{
    const KeySelection selected = selection();
    if (selected.rows < 2 && selectedFolder().isNull())
        return false;
    m_rows->clearSelection();
    return true;
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

QStringList KeySelection::titles(int most) const
{
    QStringList titles;
    for (const auto &[first, last] : ranges)
        for (int row = first; row <= last && row < table->rowCount() && titles.size() < most; ++row)
            titles.append(u'“' + toDisplay(table->nameAt(row).toByteArray()).left(80)
                          + (table->partAt(row).isFolder ? u"*”"_s : u"”"_s));
    return titles;
}

bool KeyPane::reveal(const QByteArray &key)
{
    const int row = m_model.rowOf(key);
    if (row < 0) {
        m_toReveal = key;
        m_model.reveal(key);
        return false;
    }
    m_rows->setCurrentIndex(m_model.index(row, 0));
    m_rows->scrollTo(m_model.index(row, 0), QAbstractItemView::PositionAtCenter);
    return true;
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
        words.append(below == 1 ? tr("1 key in %n folder(s)", nullptr, folders)
                                : tr("%1 keys in %n folder(s)", nullptr, folders).arg(groupedNumber(qint64(below))));
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
        const bool isFavourite = m_memory.isFavourite(name);
        menu->addAction(themedIcon(u"star"_s, m_context.theme()),
                        isFavourite ? tr("Remove from favourites") : tr("Add to favourites"), this,
                        [this, name, isFavourite] {
                            m_memory.setFavourite(name, !isFavourite);
                            m_rows->viewport()->update();
                        });
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
    addActs(menu);
    QAction *remove = menu->addAction(tr("Delete…"), this, [this] { Q_EMIT actRequested(KeyAct::Delete); });
    remove->setEnabled(!m_context.isReadOnly());
}

void KeyPane::fillMemoryMenu(QMenu *menu)
{
    const auto add = [this, menu](const QString &title, const QByteArrayList &keys) {
        menu->addSection(title);
        for (const QByteArray &key : keys)
            menu->addAction(menuText(key), this, [this, key] { Q_EMIT keyChosen(key, false); });
        if (keys.isEmpty())
            menu->addAction(tr("none yet"))->setEnabled(false);
    };
    add(tr("Favourites"), m_memory.favourites());
    add(tr("Recently opened"), m_memory.recent());
    menu->addSection(tr("Searches"));
    for (const QString &search : m_memory.searches())
        menu->addAction(menuText(search.toUtf8()), this, [this, search] {
            m_search->setText(search);
            applyFilter();
        });
    if (m_memory.searches().isEmpty())
        menu->addAction(tr("none yet"))->setEnabled(false);
    menu->addSeparator();
    menu->addAction(tr("Clear recently opened keys and searches"), this, [this] { m_memory.forgetRecent(); });
}

void KeyPane::addActs(QMenu *menu)
{
    const auto add = [this, menu](const QString &icon, const QString &words, KeyAct act, bool changes) {
        QAction *action = menu->addAction(themedIcon(icon, m_context.theme()), words, this,
                                          [this, act] { Q_EMIT actRequested(act); });
        action->setEnabled(!changes || !m_context.isReadOnly());
    };
    add(u"export"_s, tr("Export…"), KeyAct::Export, false);
    add(u"copy"_s, tr("Copy to another connection…"), KeyAct::Copy, false);
    add(u"pencil"_s, tr("Rename a prefix…"), KeyAct::RenamePrefix, true);
    add(u"clock"_s, tr("Expire…"), KeyAct::Expire, true);
}

/// The pattern for SCAN escapes the folder's name.
void KeyPane::scanFolder(const QByteArray &folder)
{
    scanPattern(folder.isEmpty() ? QByteArray() : globEscaped(folder) + '*', folder);
}

void KeyPane::scanOnly(const QByteArray &pattern, Aim aim, const QByteArray &type)
{
    m_search->clear();
    applyFilter(); // at once, because a filter that changes later would end a sort order
    {
        const QSignalBlocker quiet(m_type);
        m_type->setCurrentIndex(std::max(0, m_type->findData(type)));
    }
    scanPattern(pattern, pattern);
    m_aim = aim;
}

void KeyPane::followAim()
{
    const Aim aim = std::exchange(m_aim, Aim::Names);
    m_isExpireDue = m_isExpireDue || aim == Aim::Expire;
    if (aim == Aim::ByMemory)
        m_rank->orderBy(KeyFact::Memory);
    else if (aim != Aim::Names)
        m_rank->showOnlyWithoutTtl();
}

/// Selects the rows when the model contains all of them.
void KeyPane::selectToExpire()
{
    if (m_toSelect == 0 || quint64(m_model.rowCount()) != m_toSelect)
        return;
    m_toSelect = 0;
    m_rows->selectAll();
    if (isVisible()) // otherwise the user has gone to another page: the rows stay selected
        Q_EMIT actRequested(KeyAct::ExpireEndless);
}

void KeyPane::scanPattern(const QByteArray &pattern, const QByteArray &title)
{
    m_scanPattern = pattern;
    m_onlyFolder->setText(title.isEmpty() ? QString() : tr("Only %1 ×").arg(toDisplay(title)));
    m_onlyFolder->setVisible(!title.isEmpty());
    scan();
}

void KeyPane::scanInPlace()
{
    constexpr int names = 40; // of this many names, some will still exist
    PlaceToKeep place{.names = {}, .row = m_rows->verticalScrollBar()->value(), .placedAt = 0};
    const int rows = m_model.rowCount();
    for (int row = place.row; row < rows && place.names.size() < names; ++row)
        place.names.append(m_model.table()->nameAt(row).toByteArray());
    scan();
    if (place.row > 0)
        m_back = place;
}

/// Keeps the scroll position while the scan inserts keys above it, until the user scrolls.
void KeyPane::goBack()
{
    QScrollBar *bar = m_rows->verticalScrollBar();
    if (!m_back || m_model.rowCount() == 0)
        return;
    if (bar->value() != m_back->placedAt) {
        m_back = {};
        return;
    }
    int row = std::min(m_back->row, bar->maximum());
    for (qsizetype i = 0; i < m_back->names.size(); ++i) {
        const QByteArray &name = m_back->names[i];
        const int found = std::max(m_model.rowOf(name), m_model.rowOfFolder(name));
        if (found >= 0) {
            row = found;
            break;
        }
    }
    bar->setValue(row);
    m_back->placedAt = bar->value();
    if (m_store.progress().isOver() && !m_store.isBusy() && !m_model.isBusy())
        m_back = {};
}

void KeyPane::askForDelimiters()
{
    QByteArrayList words;
    for (const QByteArray &word : m_store.delimiters().words())
        words.append(word);
    auto *dialog = new ElementDialog(tr("Characters that divide names into folders"), tr("Use"), this);
    dialog->addField(tr("Delimiters, separated by spaces"), words.join(' '));
    dialog->addWords(tr("Such as  :  or  : / .  The tree changes at once, without a new scan."));
    connect(dialog, &ElementDialog::agreed, this, [this](const QByteArrayList &values) {
        QList<QByteArray> chosen;
        for (const QByteArray &word : values.front().split(' '))
            if (!word.isEmpty() && !chosen.contains(word))
                chosen.append(word);
        m_store.setDelimiters(chosen);
    });
    dialog->open();
}

namespace {

std::optional<KeyFact> factOfColumn(int column)
{
    switch (KeyRowsModel::Column(column)) {
    case KeyRowsModel::Column::Ttl: return KeyFact::Ttl;
    case KeyRowsModel::Column::Memory: return KeyFact::Memory;
    case KeyRowsModel::Column::Length: return KeyFact::Length;
    case KeyRowsModel::Column::Idle: return KeyFact::Idle;
    default: return std::nullopt;
    }
}

} // namespace

/// A click on a column sorts by it; the header's menu also selects the columns.
void KeyPane::connectHeader()
{
    QHeaderView *header = m_rows->header();
    header->setSectionsClickable(true);
    connect(header, &QHeaderView::sectionClicked, this, [this](int column) {
        if (const auto fact = factOfColumn(column))
            m_rank->orderBy(*fact);
        else if (KeyRowsModel::Column(column) == KeyRowsModel::Column::Key)
            m_rank->drop();
    });
    connect(m_rank, &RankBar::rankedChanged, this, [this](const KeySnapshotPtr &ranked) {
        m_toSelect = ranked && std::exchange(m_isExpireDue, false) ? ranked->shown->size() : 0;
        m_model.setRanked(ranked);
        showOrder();
    });
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint &point) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillOrderMenu(menu);
        menu->addSection(tr("Columns"));
        for (int column = 1; column < m_model.columnCount(); ++column) {
            QAction *action = menu->addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
            action->setCheckable(true);
            action->setChecked(!header->isSectionHidden(column));
            connect(action, &QAction::toggled, this, [this, header, column](bool on) {
                header->setSectionHidden(column, !on);
                m_model.setShownColumns(shownColumns());
            });
        }
        menu->popup(header->mapToGlobal(point));
    });
}

void KeyPane::fillOrderMenu(QMenu *menu)
{
    menu->addAction(tr("By name"), m_rank, &RankBar::drop);
    menu->addAction(tr("By time to live"), this, [this] { m_rank->orderBy(KeyFact::Ttl); });
    menu->addAction(tr("By memory"), this, [this] { m_rank->orderBy(KeyFact::Memory); });
    menu->addAction(tr("By length"), this, [this] { m_rank->orderBy(KeyFact::Length); });
    menu->addAction(tr("By idle time"), this, [this] { m_rank->orderBy(KeyFact::Idle); });
    menu->addSeparator();
    menu->addAction(tr("Only keys without a time to live"), m_rank, &RankBar::showOnlyWithoutTtl);
}

void KeyPane::showOrder()
{
    QHeaderView *header = m_rows->header();
    const std::optional<KeyFact> fact = m_rank->fact();
    header->setSortIndicatorShown(fact.has_value());
    for (int column = 0; fact && column < m_model.columnCount(); ++column)
        if (factOfColumn(column) == fact)
            header->setSortIndicator(column, m_rank->rank().descending ? Qt::DescendingOrder : Qt::AscendingOrder);
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
    connect(m_expire, &QPushButton::clicked, this, [this] { Q_EMIT actRequested(KeyAct::Expire); });
    m_more = new QPushButton(themedIcon(u"more"_s, m_context.theme()), {}, m_selectionBar);
    m_more->setAccessibleName(tr("More"));
    m_more->setToolTip(tr("Export, copy, rename"));
    connect(m_more, &QPushButton::clicked, this, [this] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addActs(menu);
        menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height())));
    });
    layout->addWidget(m_selectionText, 1);
    layout->addWidget(m_more);
    layout->addWidget(m_expire);
    layout->addWidget(m_delete);
    connect(m_delete, &QPushButton::clicked, this, [this] { Q_EMIT actRequested(KeyAct::Delete); });
    return m_selectionBar;
}

} // namespace slotscope
