// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/keyrowsmodel.h"

#include "core/base/whendone.h"
#include "core/keys/keyfactscache.h"
#include "core/keys/keystore.h"

#include <QtConcurrent>

namespace slotscope {

namespace {

constexpr quint32 quickKeys = 2000; // number of keys that can be processed within a millisecond
constexpr size_t quickParts = 20'000;

} // namespace

KeyRowsModel::KeyRowsModel(KeyStore &store, QObject *parent)
    : QAbstractTableModel(parent), m_store(store), m_table(RowTable::empty())
{
    m_pool.setMaxThreadCount(1);
    connect(&store, &KeyStore::rowsChanged, this, &KeyRowsModel::rebuild);
    connect(store.facts(), &KeyFactsCache::arrived, this, &KeyRowsModel::takeFacts);
    rebuild();
}

KeyRowsModel::~KeyRowsModel()
{
    if (m_stop)
        *m_stop = true;
    m_pool.waitForDone(); // the task checks m_stop every few thousand keys
}

void KeyRowsModel::setMode(Mode mode)
{
    if (std::exchange(m_mode, mode) == mode)
        return;
    dropBuild();
    rebuild();
}

void KeyRowsModel::setRanked(const KeySnapshotPtr &ranked)
{
    if (!m_ranked && !ranked)
        return;
    m_ranked = ranked;
    dropBuild();
    rebuild();
}

/// Builds the rows of the newest snapshot on another thread. A build in progress is completed first, because otherwise
/// a scan with frequent snapshots would never show any.
void KeyRowsModel::rebuild()
{
    if (m_building) {
        m_dueAgain = true;
        return;
    }
    const KeySnapshotPtr snapshot = m_ranked ? m_ranked : m_store.snapshot();
    RowTable::Recipe recipe{m_mode == Mode::Tree && !m_ranked ? m_store.delimiters() : Delimiters(), m_open};
    build([snapshot, recipe](const std::atomic<bool> &stop) { return RowTable::build(snapshot, recipe, stop); });
}

void KeyRowsModel::build(std::function<RowTablePtr(const std::atomic<bool> &)> make)
{
    m_building = true;
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    m_stop = stop;
    const quint64 build = ++m_build;
    whenDone(QtConcurrent::run(&m_pool, [make = std::move(make), stop] { return make(*stop); }), this,
             [this, build](const RowTablePtr &table) {
                 if (build != m_build)
                     return;
                 m_building = false;
                 if (table)
                     show(table);
                 if (std::exchange(m_dueAgain, false))
                     rebuild();
                 else
                     Q_EMIT rebuilt();
             });
}

/// Replaces the rows; the current row and the selection stay on their keys or folders.
void KeyRowsModel::show(const RowTablePtr &table)
{
    const RowTablePtr before = m_table;
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList from = persistentIndexList();
    m_table = table;
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex &index : from) {
        const QByteArrayView name = before->nameAt(index.row());
        const int row = before->partAt(index.row()).isFolder ? table->rowOfFolder(name) : table->rowOfKey(name);
        to.append(row < 0 ? QModelIndex() : createIndex(row, index.column()));
    }
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged();
    wantFacts();
}

/// Whether opening or closing a folder takes no noticeable time.
bool KeyRowsModel::isQuick(int row) const
{
    return m_table->partCount() <= quickParts
        && (m_table->partAt(row).isOpen || m_table->partAt(row).keys <= quickKeys);
}

void KeyRowsModel::showToggled(const RowTablePtr &table, int row)
{
    const int below = (m_table->partAt(row).isOpen ? *m_table : *table).rowsBelow(row);
    if (m_table->partAt(row).isOpen) {
        beginRemoveRows({}, row + 1, row + below);
        m_table = table;
        endRemoveRows();
    } else {
        beginInsertRows({}, row + 1, row + below);
        m_table = table;
        endInsertRows();
    }
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1), {ExpandedRole});
    wantFacts();
}

void KeyRowsModel::toggle(int row)
{
    if (row < 0 || row >= m_table->rowCount() || !m_table->partAt(row).isFolder)
        return;
    const QByteArray name = m_table->nameAt(row).toByteArray();
    if (m_table->partAt(row).isOpen)
        m_open.remove(name);
    else
        m_open.insert(name);
    const bool wasBuilding = m_building;
    dropBuild(); // it does not include this change
    const bool quick = isQuick(row);
    if (quick) {
        const std::atomic<bool> never{false};
        showToggled(m_table->toggled(row, never), row);
    }
    if (!quick || wasBuilding)
        rebuild();
}

void KeyRowsModel::dropBuild()
{
    if (!std::exchange(m_building, false))
        return;
    *m_stop = true;
    ++m_build;
    m_dueAgain = false;
}

void KeyRowsModel::expand(int row)
{
    if (row >= 0 && row < m_table->rowCount() && m_table->partAt(row).isFolder && !m_table->partAt(row).isOpen)
        toggle(row);
}

void KeyRowsModel::collapse(int row)
{
    if (row >= 0 && row < m_table->rowCount() && m_table->partAt(row).isFolder && m_table->partAt(row).isOpen)
        toggle(row);
}

void KeyRowsModel::collapseAll()
{
    m_open.clear();
    dropBuild();
    rebuild();
}

void KeyRowsModel::reveal(const QByteArray &key)
{
    const Delimiters &delimiters = m_store.delimiters();
    for (qsizetype end = delimiters.folderEnd(key, 0); end >= 0; end = delimiters.folderEnd(key, end))
        m_open.insert(key.first(end));
    dropBuild();
    rebuild();
}

void KeyRowsModel::setView(const ClusterViewPtr &view)
{
    m_view = view;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, int(Column::Slot)), index(rowCount() - 1, int(Column::Node)));
}

void KeyRowsModel::setShownColumns(const QList<Column> &columns)
{
    m_wanted = KeyFact::Type | KeyFact::Ttl;
    m_wanted.setFlag(KeyFact::Memory, columns.contains(Column::Memory));
    m_wanted.setFlag(KeyFact::Length, columns.contains(Column::Length));
    m_wanted.setFlag(KeyFact::Encoding, columns.contains(Column::Encoding));
    m_wanted.setFlag(KeyFact::Idle, columns.contains(Column::Idle));
    wantFacts();
}

void KeyRowsModel::setVisibleRows(int first, int last)
{
    m_firstVisible = first;
    m_lastVisible = last;
    wantFacts();
}

void KeyRowsModel::wantFacts()
{
    QByteArrayList keys;
    if (m_firstVisible >= 0)
        for (int row = m_firstVisible; row <= std::min(m_lastVisible, rowCount() - 1); ++row)
            if (!m_table->partAt(row).isFolder)
                keys.append(m_table->nameAt(row).toByteArray());
    m_store.facts()->want(keys, m_wanted);
}

void KeyRowsModel::refreshFacts(const QByteArray &key)
{
    m_store.facts()->forget(key);
    wantFacts();
}

void KeyRowsModel::takeFacts(const QByteArrayList &keys)
{
    int first = -1, last = -1;
    for (const QByteArray &key : keys) {
        const int row = rowOf(key);
        if (row < 0)
            continue;
        first = first < 0 ? row : std::min(first, row);
        last = std::max(last, row);
    }
    if (first >= 0)
        Q_EMIT dataChanged(index(first, 0), index(last, int(Column::Idle))); // the first column shows the type
}

} // namespace slotscope
