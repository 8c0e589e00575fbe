// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfacts.h"
#include "core/keys/rowtable.h"

#include <QAbstractTableModel>
#include <QThreadPool>

namespace slotscope {

class KeyStore;

/// The keys of a KeyStore as a tree in flat rows, or as a list. What takes longer than a moment (a folder of a million
/// keys, another snapshot) is made on a thread of its own, and shown when it is ready. An open folder stays open while
/// keys come in, and the current row and the selection stay on their keys.
class KeyRowsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyRowsModel)
public:
    enum class Mode : quint8 { Tree, List };
    enum class Column : int { Key, Type, Ttl, Memory, Length, Encoding, Idle, Slot, Node, Count_ };
    Q_ENUM(Column)
    enum Role : int {
        NameRole = Qt::UserRole + 100, ///< QByteArray: the key; the folder's name with its delimiter
        LabelRole, ///< QString: what the folder around does not say; empty for a key of the folder's own name
        DepthRole, ///< int
        IsFolderRole,
        ExpandedRole,
        CountRole, ///< quint64: keys below a folder; 1 for a key
        ShareRole, ///< double 0 … 1: part of the keys of the folder around
        TypeRole, ///< QByteArray as TYPE says it; empty: not read yet
        TtlRole, ///< qint64 ms at this moment; -1: none, -2: gone; absent: not read
        MemoryRole, ///< qint64 bytes; this and the next ones are absent where not read
        LengthRole, ///< qint64
        EncodingRole, ///< QByteArray
        IdleRole, ///< qint64 seconds
        SlotRole, ///< int; absent for folders, and without cluster
        ShardRole, ///< int: number; 0 where nobody owns the slot
        NodeRole, ///< QByteArray: the owner's id
        ProblemRole, ///< QString: why the key could not be read; empty: it could
    };

    explicit KeyRowsModel(KeyStore &store, QObject *parent = nullptr);
    ~KeyRowsModel() override;

    void setMode(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode; }
    /// Shows these keys as a list, in their order, instead of the store's (ranked()); null: the store's again.
    void setRanked(const KeySnapshotPtr &ranked);
    /// Which facts are read of visible rows. Type and TTL are always; without this, memory too.
    void setShownColumns(const QList<Column> &columns);
    /// For slots, shards and nodes.
    void setView(const ClusterViewPtr &view);
    /// Rows on the screen: their facts are read. -1, -1: none.
    void setVisibleRows(int first, int last);
    /// Reads the facts of a key again, after an edit.
    void refreshFacts(const QByteArray &key);

    void toggle(int row);
    void expand(int row);
    void collapse(int row);
    void collapseAll();
    /// Opens the folders around a key; rowOf() finds it after the next layoutChanged().
    void reveal(const QByteArray &key);
    [[nodiscard]] int rowOf(const QByteArray &key) const { return m_table->rowOfKey(key); }
    [[nodiscard]] int rowOfFolder(const QByteArray &name) const { return m_table->rowOfFolder(name); }
    [[nodiscard]] int parentRow(int row) const { return m_table->parentRow(row); }
    [[nodiscard]] const RowTablePtr &table() const { return m_table; } ///< as it is shown
    /// Rows are being made.
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
    QSet<QByteArray> m_open; ///< folders that are to be open, also those that have no row now
    ClusterViewPtr m_view;
    KeyFactSet m_wanted = KeyFact::Type | KeyFact::Ttl | KeyFact::Memory;
    int m_firstVisible = -1, m_lastVisible = -1;
    QThreadPool m_pool;
    std::shared_ptr<std::atomic<bool>> m_stop; ///< of what is being made
    bool m_building = false;
    bool m_dueAgain = false; ///< another snapshot came while rows were made
    quint64 m_build = 0; ///< what an earlier one made is dropped
};

} // namespace slotscope
