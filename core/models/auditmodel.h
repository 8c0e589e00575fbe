// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditentry.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Entries of the audit log, or commands that were sent, newest first.
class AuditModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditModel)
public:
    enum class Column : int { Time, Cluster, Node, User, From, Words, Result, Took, Count_ };
    explicit AuditModel(QObject *parent = nullptr) : QAbstractTableModel(parent) { }

    /// Takes the newest entries of the log and inserts those not yet known, so that selection and scroll position stay.
    void update(const QList<AuditEntry> &newest);
    void clear();
    void append(const QList<AuditEntry> &older);
    /// Adds entries, given oldest first, on top. Beyond `most` entries, the oldest are removed.
    void prepend(const QList<AuditEntry> &news, qsizetype most);
    [[nodiscard]] const AuditEntry *at(int row) const; ///< null: no such row

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const AuditEntry &entry, Column column) const;
    [[nodiscard]] static QVariant sortValue(const AuditEntry &entry, Column column);

    QList<AuditEntry> m_entries;
};

/// Text for a result: "done", "not known", ….
[[nodiscard]] QString wordsOf(AuditEntry::Result result);
/// All details of an entry, as several lines of text.
[[nodiscard]] QString detailOf(const AuditEntry &entry);

} // namespace slotscope
