// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"

namespace slotscope {

/// Counts the writes of one probe lane. Each is numbered and has its own key, so that it can be looked for at the end.
/// Times are in ms of one monotonic clock. Pure.
class DrillTally
{
public:
    enum class Outcome : quint8 {
        Pending,
        Acknowledged, ///< by the primary
        Replicated, ///< by the primary and all its connected replicas (WAIT)
        Failed, ///< refused or never sent, so not executed
        Uncertain, ///< no reply, so it may have been executed
    };

    /// Starts another write, due at that time; returns its number, from 0.
    [[nodiscard]] qsizetype begin(qint64 dueAt, bool waits);
    void end(qsizetype number, Outcome outcome, qint64 at, const QString &error = {});
    void read(qint64 dueAt, bool stale);

    [[nodiscard]] qsizetype count() const { return qsizetype(m_writes.size()); }
    [[nodiscard]] bool isPending() const { return m_pending > 0; }
    /// time of the last acknowledgement; 0: none
    [[nodiscard]] qint64 lastAckAt() const { return m_acks.isEmpty() ? 0 : m_acks.last(); }
    /// Number of the latest acknowledged write; -1: none.
    [[nodiscard]] qsizetype newest() const { return m_newest; }
    /// Numbers of all acknowledged writes.
    [[nodiscard]] QList<qsizetype> acknowledged() const;
    /// Records whether a write was found at the end. `unread` means that it is unknown.
    void found(qsizetype number, bool there, bool unread = false);
    void forgetErrors() { m_errors.clear(); } ///< drops errors from before the loss
    void setReadBack() { m_readBack = true; }

    /// Times in the report are relative to `begunAt`. `backAt` is when the layout was restored, 0: it was not. `now` is
    /// the end so far.
    [[nodiscard]] DrillLaneReport report(const DrillLane &lane, qint64 begunAt, qint64 backAt, qint64 now) const;

private:
    struct Write
    {
        qint64 dueAt = 0;
        Outcome outcome = Outcome::Pending;
        bool waits = false;
    };
    struct Bucket
    {
        int due = 0, served = 0, failed = 0, worstMs = -1, reads = 0, staleReads = 0;
    };
    std::vector<Write> m_writes;
    QMap<qint64, Bucket> m_buckets; ///< buckets by due time divided by the bucket length
    QList<qint64> m_acks; ///< times of acknowledgements, sorted
    QMap<QString, int> m_errors;
    qsizetype m_newest = -1;
    qint64 m_pending = 0;
    bool m_readBack = false;
    qint64 m_missing = 0, m_missingByReplicas = 0, m_unread = 0;
};

/// The longest period without acknowledgements that overlaps [from, to]; nullopt if they arrived at least every
/// `usualMs`.
[[nodiscard]] std::optional<DrillGap> longestGap(const QList<qint64> &acks, qint64 from, qint64 to, qint64 usualMs);

} // namespace slotscope
