// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "core/values/edit.h"
#include "core/values/valuewindow.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

#include <map>

namespace slotscope {

/// The elements read so far of a list, set, sorted set, hash or stream, with unsaved changes. Lists and sorted sets are
/// accessed by position, so any row may be read at any time. The other types are read in sequence, and only grow at
/// their end. GUI thread.
class CollectionModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CollectionModel)
public:
    enum class Column : int { Position, Name, Value, Score, Time, Fields, Ttl, Size };
    enum Role : int {
        NameRole = Qt::UserRole + 100, ///< QByteArray: field, member or id; for a list item its position in digits
        WasRole, ///< QString: the value before the unsaved change; invalid: not changed
        ReadRole, ///< bool: the row has been read
        WholeRole, ///< bool: the row contains the complete value
    };
    static constexpr int pageRows = 200; ///< rows per reading, for types accessed by position
    static constexpr int mostPages = 60; ///< number of pages kept; beyond it, the oldest are dropped

    explicit CollectionModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }

    /// Starts anew, without rows and changes. `isSearch` means that only some elements will come, in no particular
    /// order.
    void setType(ValueType type, bool fieldTtls, bool isSearch = false);
    /// Forgets the rows read, but not the changes.
    void restart();
    [[nodiscard]] ValueType type() const { return m_type; }
    [[nodiscard]] bool isByPosition() const
    {
        return !m_isSearch && (m_type == ValueType::List || m_type == ValueType::SortedSet);
    }
    [[nodiscard]] Column columnAt(int section) const { return m_columns.value(section, Column::Name); }
    [[nodiscard]] int sectionOf(Column column) const { return int(m_columns.indexOf(column)); }

    /// Sets the number of elements as the server counts them; -1: unknown.
    void setTotal(qint64 total);
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] qint64 readRows() const; ///< number of rows read so far, for types read in sequence

    /// Types accessed by position: takes the rows from `first` on.
    void takePage(int first, const std::vector<ValueRow> &rows);
    /// Types read in sequence: appends rows, except those whose name is already there.
    void takeMore(std::vector<ValueRow> rows, bool isLast);
    [[nodiscard]] bool isThrough() const { return m_isThrough; }
    /// First rows of the unread pages that the rows `first` … `last` need.
    [[nodiscard]] QList<int> missingPages(int first, int last) const;
    /// Types read in sequence: names among rows `first` … `last` whose time to live was not read.
    [[nodiscard]] QByteArrayList missingTtls(int first, int last) const;
    void takeTtls(const QByteArrayList &fields, const QList<qint64> &ttls);
    /// Updates the remaining times of these rows; returns true if a field has expired since the last call.
    bool countDown(int first, int last);

    [[nodiscard]] const ValueRow *row(int row) const; ///< null: not read
    [[nodiscard]] int rowOf(const QByteArray &name) const; ///< for types read in sequence; -1: not among the rows read

    // changes that are not saved yet
    void stage(int row, Column column, const QByteArray &bytes); ///< value, score, or a time to live as digits in ms
    /// The same for the element for which an editor was opened, because rows may have moved since. `name` as in
    /// NameRole. `was` is the row as shown then, which saving relies on.
    void stage(const QByteArray &name, const ValueRow &was, Column column, const QByteArray &bytes);
    /// Stages the text of an editor; returns false if it is invalid.
    bool stageText(const QByteArray &name, const ValueRow &was, Column column, const QString &text);
    void unstage(int row);
    void dropChanges();
    [[nodiscard]] qsizetype changeCount() const;
    [[nodiscard]] QString changeWords() const; ///< summary of changes, such as "2 values, 1 field TTL"
    /// The functions below combine all changes into one edit. If fields can expire, read their times to live (takeTtls)
    /// immediately before.
    [[nodiscard]] QByteArrayList changedNames() const;
    [[nodiscard]] Edit edit(const QByteArray &key) const;
    /// Call when the result of edit() is being sent.
    void markSent() { m_sent = m_changes; }
    /// Call when the changes marked by markSent() were saved; later changes stay.
    void takeSaved();
    /// Types read in sequence: replaces all elements; changes stay.
    void replaceAll(std::vector<ValueRow> rows);
    /// Types accessed by position: drops pages outside these rows, which are read again when visible.
    void dropPagesBut(int first, int last);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Stages the text of an editor as UTF-8.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }

Q_SIGNALS:
    void changesChanged(); ///< the unsaved changes have changed

private:
    struct Change
    {
        ValueRow was;
        std::optional<QByteArray> value, score;
        std::optional<qint64> ttlMs;
    };
    [[nodiscard]] QByteArray nameAt(int row) const;
    [[nodiscard]] const Change *changeAt(int row) const;
    [[nodiscard]] QVariant text(int row, const ValueRow &values, Column column) const;
    void tellRow(int row);
    void forget();

    ValueType m_type = ValueType::None;
    QList<Column> m_columns;
    qint64 m_total = -1;
    bool m_readOnly = false;
    bool m_isThrough = false;
    bool m_isSearch = false;
    /// types accessed by position: rows of each page, by the page's first row
    std::map<int, std::vector<ValueRow>> m_pages;
    QList<int> m_pageAges; ///< first rows of the pages, in the order of reading
    std::vector<ValueRow> m_rows; ///< types read in sequence
    QHash<QByteArray, int> m_places; ///< types read in sequence: maps a name to its row
    std::map<QByteArray, Change> m_changes, m_sent; ///< changes by name
};

/// Formats a time to live in milliseconds (-1 none, -2 not read, 0 expired): "none", "9 min 41 s", "…", "expired".
[[nodiscard]] QString ttlWords(qint64 ttlMs);

} // namespace slotscope
