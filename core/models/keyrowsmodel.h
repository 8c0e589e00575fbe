// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfacts.h"
#include "core/keys/rowtable.h"

#include <QAbstractTableModel>
#include <QThreadPool>

namespace slotscope {

class KeyStore;

/// The keys of a KeyStore as a tree in flat rows, or as a list. Rows that take longer to build (a folder with a million
/// keys, a new snapshot) are built on another thread and shown when ready. Open folders stay open while keys arrive,
/// and the current row and the selection stay on their keys.
class KeyRowsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyRowsModel)
public:
    enum class Mode : quint8 { Tree, List };
    enum class Column : int { Key, Type, Ttl, Memory, Length, Encoding, Idle, Slot, Node, Count_ };
    Q_ENUM(Column)
    enum Role : int {
        NameRole = Qt::UserRole + 100, ///< QByteArray: the key, or the folder's name including its delimiter
        /// QString: part of the name that the enclosing folder does not contain; empty for a key equal to the folder's
        /// name
        LabelRole,
        DepthRole, ///< int
        IsFolderRole,
        ExpandedRole,
        CountRole, ///< quint64: number of keys in a folder; 1 for a key
        ShareRole, ///< double 0 … 1: fraction of the enclosing folder's keys
        TypeRole, ///< QByteArray as reported by TYPE; empty: not read yet
        TtlRole, ///< qint64 in ms, as of now; -1: none, -2: key gone; missing: not read
        MemoryRole, ///< qint64 in bytes; this and the following ones are missing if not read
        LengthRole, ///< qint64
        EncodingRole, ///< QByteArray
        IdleRole, ///< qint64 in seconds
        SlotRole, ///< int; missing for folders, and without cluster mode
        ShardRole, ///< int: shard number; 0 if the slot has no owner
        NodeRole, ///< QByteArray: id of the owner
        ProblemRole, ///< QString: why the key could not be read; empty if it could
    };

    explicit KeyRowsModel(KeyStore &store, QObject *parent = nullptr);
    ~KeyRowsModel() override;

    void setMode(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    /// Shows these keys as a list in their order (ranked()) instead of the store's; null: the store's again.
    void setRanked(const KeySnapshotPtr &ranked);
    /// Which facts to read for visible rows. Type and TTL are always read; without this call, memory too.
    void setShownColumns(const QList<Column> &columns);
    /// supplies slots, shards and nodes
    void setView(const ClusterViewPtr &view);
    /// The rows on the screen, whose facts are then read; -1, -1: none.
    void setVisibleRows(int first, int last);
    /// Reads the facts of a key again after an edit.
    void refreshFacts(const QByteArray &key);

    void toggle(int row);
    void expand(int row);
    void collapse(int row);
    void collapseAll();
    /// Opens the folders that contain a key; rowOf() finds it after the next layoutChanged().
    void reveal(const QByteArray &key);
    [[nodiscard]] int rowOf(const QByteArray &key) const { return m_table->rowOfKey(key); }
    [[nodiscard]] int rowOfFolder(const QByteArray &name) const { return m_table->rowOfFolder(name); }
    [[nodiscard]] int parentRow(int row) const { return m_table->parentRow(row); }
    [[nodiscard]] const RowTablePtr &table() const { return m_table; } ///< the rows shown
    /// Whether rows are being built.
    [[nodiscard]] bool isBusy() const { return m_building; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void rebuilt(); ///< rows of the newest snapshot are shown

private:
    void rebuild();
    void build(std::function<RowTablePtr(const std::atomic<bool> &)> make);
    void dropBuild();
    void show(const RowTablePtr &table);
    void showToggled(const RowTablePtr &table, int row);
    [[nodiscard]] bool isQuick(int row) const;
    void wantFacts();
    void takeFacts(const QByteArrayList &keys);
    [[nodiscard]] const KeyFacts *factsAt(int row) const;
    [[nodiscard]] QVariant factOf(int row, int role) const;
    [[nodiscard]] QVariant placeOf(int row, int role) const;
    [[nodiscard]] QString text(int row, Column column) const;

    KeyStore &m_store;
    Mode m_mode = Mode::Tree;
    KeySnapshotPtr m_ranked;
    RowTablePtr m_table;
    QSet<QByteArray> m_open; ///< names of folders to show open, even if they have no row now
    ClusterViewPtr m_view;
    KeyFactSet m_wanted = KeyFact::Type | KeyFact::Ttl | KeyFact::Memory;
    int m_firstVisible = -1, m_lastVisible = -1;
    QThreadPool m_pool;
    std::shared_ptr<std::atomic<bool>> m_stop; ///< stops the current build
    bool m_building = false;
    bool m_dueAgain = false; ///< another snapshot arrived during a build
    quint64 m_build = 0; ///< number of the latest build; results of earlier ones are dropped
};

} // namespace slotscope
