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

/// The elements of a list, set, sorted set, hash or stream, as far as they were read, with the changes that are not
/// saved yet. A list and a sorted set are reached by position: any of their rows may be read at any time. The others
/// only grow at their end. GUI thread.
class CollectionModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CollectionModel)
public:
    enum class Column : int { Position, Name, Value, Score, Time, Fields, Ttl, Size };
    enum Role : int {
        NameRole = Qt::UserRole + 100, ///< QByteArray: field, member or id; a list's item: its position in digits
        WasRole, ///< QString: the value before it was changed here; invalid: not changed
        ReadRole, ///< bool: the row was read
        WholeRole, ///< bool: the row holds all of the value
    };
    static constexpr int pageRows = 200; ///< rows that one reading brings, where they are reached by position
    static constexpr int mostPages = 60; ///< more are let go again, the oldest first

    explicit CollectionModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }

    /// Begins anew, empty, without changes. `isSearch`: only some of the elements will come, in no order.
    void setType(ValueType type, bool fieldTtls, bool isSearch = false);
    /// Forgets what was read, not what is changed.
    void restart();
    [[nodiscard]] ValueType type() const { return m_type; }
    [[nodiscard]] bool isByPosition() const
    {
        return !m_isSearch && (m_type == ValueType::List || m_type == ValueType::SortedSet);
    }
    [[nodiscard]] Column columnAt(int section) const { return m_columns.value(section, Column::Name); }
    [[nodiscard]] int sectionOf(Column column) const { return int(m_columns.indexOf(column)); }

    /// Elements in all, as the server counts them; -1: not known.
    void setTotal(qint64 total);
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] qint64 readRows() const; ///< of a growing one: rows so far

    /// By position: the rows from `first` on.
    void takePage(int first, const std::vector<ValueRow> &rows);
    /// Growing: rows are added at the end; those whose name was there already are not.
    void takeMore(std::vector<ValueRow> rows, bool isLast);
    [[nodiscard]] bool isThrough() const { return m_isThrough; }
    /// First rows of the pages that `first` … `last` need and that were not read yet.
    [[nodiscard]] QList<int> missingPages(int first, int last) const;
    /// Growing: rows `first` … `last` whose time to live was not read yet.
    [[nodiscard]] QByteArrayList missingTtls(int first, int last) const;
    void takeTtls(const QByteArrayList &fields, const QList<qint64> &ttls);

    [[nodiscard]] const ValueRow *row(int row) const; ///< null: not read
    [[nodiscard]] int rowOf(const QByteArray &name) const; ///< of a growing one; -1: not among what was read

    // changes that are not saved yet
    void stage(int row, Column column, const QByteArray &bytes); ///< value, score, or a time to live in ms as digits
    /// The same for the element that an editor was opened on: rows may have moved since. `name`: NameRole's. `was`: as
    /// it was shown then, which is what saving relies on.
    void stage(const QByteArray &name, const ValueRow &was, Column column, const QByteArray &bytes);
    /// From an editor's text; false where it will not do.
    bool stageText(const QByteArray &name, const ValueRow &was, Column column, const QString &text);
    void unstage(int row);
    void dropChanges();
    [[nodiscard]] qsizetype changeCount() const;
    [[nodiscard]] QString changeWords() const; ///< "2 values, 1 field TTL"
    /// All of them as one edit. The fields' times to live were just read again (takeTtls), where the server knows such.
    [[nodiscard]] QByteArrayList changedNames() const;
    [[nodiscard]] Edit edit(const QByteArray &key) const;
    /// What edit() gives is on its way.
    void markSent() { m_sent = m_changes; }
    /// What was marked was saved; what was changed since stays a change.
    void takeSaved();
    /// Growing: all elements, read again; changes and their rows' names stay.
    void replaceAll(std::vector<ValueRow> rows);
    /// By position: pages outside of these rows are read again when they are looked at.
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
    void changesChanged(); ///< what is staged

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
    std::map<int, std::vector<ValueRow>> m_pages; ///< by position: first row of the page -> its rows
    QList<int> m_pageAges; ///< first rows, in the order in which they were read
    std::vector<ValueRow> m_rows; ///< growing
    QHash<QByteArray, int> m_places; ///< growing: name -> row
    std::map<QByteArray, Change> m_changes, m_sent; ///< by name
};

/// "none", "9 min 41 s", "…" for a time to live in milliseconds (-1 none, -2 not read).
[[nodiscard]] QString ttlWords(qint64 ttlMs);

} // namespace slotscope
