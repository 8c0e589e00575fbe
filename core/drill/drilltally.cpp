// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drilltally.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qint64 usualMs = 100; // writes are sent every 20 ms, so a gap is at least five of them

qint64 bucketOf(qint64 at)
{
    return at / DrillBucket::lengthMs;
}

} // namespace

std::optional<DrillGap> longestGap(const QList<qint64> &acks, qint64 from, qint64 to, qint64 shortestMs)
{
    std::optional<DrillGap> longest;
    const auto look = [&](qint64 begin, qint64 end, bool over) {
        const bool touches = end >= from && begin <= to;
        if (touches && end - begin > shortestMs && (!longest || end - begin > longest->length()))
            longest = DrillGap{.from = begin, .to = end, .over = over};
    };
    qint64 before = from;
    for (const qint64 ack : acks) {
        if (ack >= from)
            look(before, ack, true);
        before = ack;
    }
    if (before <= to)
        look(before, to, false);
    return longest;
}

qsizetype DrillTally::begin(qint64 dueAt, bool waits)
{
    m_writes.push_back({.dueAt = dueAt, .outcome = Outcome::Pending, .waits = waits});
    ++m_pending;
    if (!waits)
        ++m_buckets[bucketOf(dueAt)].due;
    return qsizetype(m_writes.size()) - 1;
}

void DrillTally::end(qsizetype number, Outcome outcome, qint64 at, const QString &error)
{
    Write &write = m_writes[size_t(number)];
    if (write.outcome != Outcome::Pending)
        return;
    write.outcome = outcome;
    --m_pending;
    if (!error.isEmpty())
        ++m_errors[error];
    const bool served = outcome == Outcome::Acknowledged || outcome == Outcome::Replicated;
    if (served)
        m_newest = std::max(m_newest, number);
    if (write.waits) // with WAIT, the primary's time of reply cannot be separated from that of the replicas
        return;
    Bucket &bucket = m_buckets[bucketOf(write.dueAt)];
    if (!served) {
        ++bucket.failed;
        return;
    }
    ++bucket.served;
    bucket.worstMs = std::max<int>(bucket.worstMs, int(at - write.dueAt));
    m_acks.append(at);
}

void DrillTally::read(qint64 dueAt, bool stale)
{
    Bucket &bucket = m_buckets[bucketOf(dueAt)];
    ++bucket.reads;
    bucket.staleReads += stale ? 1 : 0;
}

QList<qsizetype> DrillTally::acknowledged() const
{
    QList<qsizetype> list;
    for (size_t i = 0; i < m_writes.size(); ++i)
        if (m_writes[i].outcome == Outcome::Acknowledged || m_writes[i].outcome == Outcome::Replicated)
            list.append(qsizetype(i));
    return list;
}

void DrillTally::found(qsizetype number, bool there, bool unread)
{
    m_unread += unread ? 1 : 0;
    if (there || unread)
        return;
    ++m_missing;
    m_missingByReplicas += m_writes[size_t(number)].outcome == Outcome::Replicated ? 1 : 0;
}

DrillLaneReport DrillTally::report(const DrillLane &lane, qint64 begunAt, qint64 backAt, qint64 now) const
{
    DrillLaneReport report;
    report.shard = lane.shard;
    report.control = lane.control;
    report.primary = lane.primaryName;
    for (auto it = m_buckets.cbegin(); it != m_buckets.cend(); ++it)
        report.buckets.append({.at = it.key() * DrillBucket::lengthMs - begunAt,
                               .due = it->due,
                               .served = it->served,
                               .failed = it->failed,
                               .worstMs = it->worstMs,
                               .reads = it->reads,
                               .staleReads = it->staleReads});
    for (const Write &write : m_writes) {
        const bool replicated = write.outcome == Outcome::Replicated;
        report.acknowledged += replicated || write.outcome == Outcome::Acknowledged ? 1 : 0;
        report.byReplicas += replicated ? 1 : 0;
        report.failed += write.outcome == Outcome::Failed ? 1 : 0;
        report.uncertain += write.outcome == Outcome::Uncertain ? 1 : 0;
    }
    report.written = qint64(m_writes.size());
    report.errors = m_errors;
    report.readBack = m_readBack;
    report.missing = m_missing;
    report.missingByReplicas = m_missingByReplicas;
    report.unread = m_unread;
    const auto sinceLoss = [begunAt](std::optional<DrillGap> gap) {
        if (gap) {
            gap->from -= begunAt;
            gap->to -= begunAt;
        }
        return gap;
    };
    report.away = sinceLoss(longestGap(m_acks, begunAt, backAt > 0 ? backAt : now, usualMs));
    if (backAt > 0)
        report.back = sinceLoss(longestGap(m_acks, backAt, now, usualMs));
    return report;
}

} // namespace slotscope
