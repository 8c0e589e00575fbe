// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillreport.h"

namespace slotscope {

/// Counts the writes of one lane of a probe: each is numbered, and its key is its own, so that afterwards each can be
/// looked for. Times are ms of one steady clock. Pure.
class DrillTally
{
public:
    enum class Outcome : quint8 {
        Pending,
        Acknowledged, ///< by the primary
        Replicated, ///< by the primary, and all its linked replicas (WAIT)
        Failed, ///< it was refused, or never sent: it was not executed
        Uncertain, ///< no answer came: it may have been executed
    };

    /// A further write, due at that time; its number, from 0.
    [[nodiscard]] qsizetype begin(qint64 dueAt, bool waits);
    void end(qsizetype number, Outcome outcome, qint64 at, const QString &error = {});
    void read(qint64 dueAt, bool stale);

    [[nodiscard]] qsizetype count() const { return qsizetype(m_writes.size()); }
    [[nodiscard]] bool isPending() const { return m_pending > 0; }
    [[nodiscard]] qint64 lastAckAt() const { return m_acks.isEmpty() ? 0 : m_acks.last(); } ///< 0: none
    /// The newest write that was acknowledged; -1: none was.
    [[nodiscard]] qsizetype newest() const { return m_newest; }
    /// Numbers of all that were acknowledged.
    [[nodiscard]] QList<qsizetype> acknowledged() const;
    /// Whether it was found afterwards. `unread`: nobody could tell.
    void found(qsizetype number, bool there, bool unread = false);
    void forgetErrors() { m_errors.clear(); } ///< those from before the loss
    void setReadBack() { m_readBack = true; }

    /// Times in it are since `begunAt`; `backAt`: when the layout was handed back, 0: it was not; `now`: the end so
    /// far.
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
    QMap<qint64, Bucket> m_buckets; ///< by due time / length
    QList<qint64> m_acks; ///< times of acknowledgements, in order
    QMap<QString, int> m_errors;
    qsizetype m_newest = -1;
    qint64 m_pending = 0;
    bool m_readBack = false;
    qint64 m_missing = 0, m_missingByReplicas = 0, m_unread = 0;
};

/// The longest time without an acknowledgement that touches [from, to]; nothing where they came at least every
/// `usualMs`.
[[nodiscard]] std::optional<DrillGap> longestGap(const QList<qint64> &acks, qint64 from, qint64 to, qint64 usualMs);

} // namespace slotscope
