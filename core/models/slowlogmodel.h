// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/slowlog/slowlogbook.h"

#include <QAbstractTableModel>
#include <QSet>

#include <array>

namespace slotscope {

/// Which entries are shown. An empty field matches all.
struct SlowlogFilter
{
    QByteArray nodeId;
    QString text; ///< words that must all occur in command, client address or client name
    qint64 minimum = 0; ///< minimum cost
    bool hidesOurs = false;

    friend bool operator==(const SlowlogFilter &, const SlowlogFilter &) = default;
};

/// The entries of all nodes that match the filter and, if one is chosen, a shape. Each log (slow, large requests, large
/// replies) has its own book. New entries do not change existing rows.
class SlowlogModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogModel)
public:
    enum class Column : int { Time, Node, Cost, Words, Client, Name, Count_ };
    explicit SlowlogModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setKind(SlowlogKind kind);
    void setFilter(const SlowlogFilter &filter);
    void setShape(const QByteArray &shape); ///< empty: all
    void add(SlowlogKind kind, std::vector<SlowlogEntry> entries);

    [[nodiscard]] SlowlogKind kind() const { return m_kind; }
    [[nodiscard]] const SlowlogFilter &filter() const { return m_filter; }
    [[nodiscard]] const QByteArray &shape() const { return m_shape; }
    [[nodiscard]] const SlowlogBook &book() const { return m_books.at(size_t(m_kind)); }
    [[nodiscard]] std::vector<SlowlogEntryPtr> allEntries() const; ///< entries of all logs, unsorted
    /// Entries that match the filter, of every shape, unsorted.
    [[nodiscard]] const std::vector<SlowlogEntryPtr> &matching() const { return m_matching; }
    [[nodiscard]] SlowlogEntryPtr entryAt(int row) const; ///< null: no such row
    [[nodiscard]] int rowOf(const SlowlogEntryPtr &entry) const; ///< -1: not shown
    [[nodiscard]] int colourOf(const QByteArray &nodeId) const; ///< palette index of its shard; -1: none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void entriesChanged(); ///< matching() has changed, or which of them are shown

private:
    void fill();
    void dropRows(const std::vector<SlowlogEntryPtr> &gone);
    void measureLongest();
    [[nodiscard]] bool passes(const SlowlogEntry &entry) const;
    [[nodiscard]] QString text(const SlowlogEntry &entry, Column column) const;
    [[nodiscard]] QVariant sortValue(const SlowlogEntry &entry, Column column) const;

    std::array<SlowlogBook, 3> m_books;
    SlowlogKind m_kind = SlowlogKind::Slow;
    SlowlogFilter m_filter;
    QStringList m_words; ///< words of the filter
    QByteArray m_shape;
    ClusterViewPtr m_view;
    std::vector<SlowlogEntryPtr> m_matching, m_rows; ///< in the order of arrival
    qint64 m_longest = 0; ///< largest cost in m_rows
};

/// "14:29:24" for today, with the date for other days. `at` is in ms since 1970.
[[nodiscard]] QString momentText(qint64 at);

} // namespace slotscope
