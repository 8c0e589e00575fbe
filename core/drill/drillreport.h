// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillspec.h"

#include <QMap>
#include <QMetaType>

#include <memory>

namespace slotscope {

/// An event observed during a drill. Times are in ms since the loss, negative before it.
struct DrillEvent
{
    enum class Kind : quint8 {
        Begun, ///< the command that takes the node away was sent
        Silent, ///< the node `by` itself did not answer our query in time
        Suspected, ///< `by` reports `node` as “fail?”
        Failed, ///< `by` reports `node` as failed
        Elected, ///< `by` reports `node` as the shard's primary
        Answers, ///< the node answers us again
        Follows, ///< the node reports itself as a replica
        Linked, ///< the node reports itself as a replica, and its replication link is up
        Starting, ///< the user's start command was run
        HandingBack, ///< the original layout is being restored
        Restored, ///< `by` reports the original primary as primary again
    };
    Kind kind = Kind::Begun;
    int shard = 0; ///< shard number
    qint64 at = 0; ///< when the reply that shows it was received
    qint64 since = 0; ///< when the last reply without it was requested: it happened between the two
    QByteArray node;
    QString name; ///< name of the node
    QString by; ///< name of the node that reported it; empty: observed by ourselves
    friend bool operator==(const DrillEvent &, const DrillEvent &) = default;
};
[[nodiscard]] QString drillEventName(DrillEvent::Kind kind); ///< "begun", "silent", …

/// Results of the probe's writes due within a tenth of a second.
struct DrillBucket
{
    static constexpr int lengthMs = 100;
    qint64 at = 0; ///< ms since the loss
    int due = 0, served = 0, failed = 0; ///< numbers of writes; those neither served nor failed have no reply yet
    int worstMs = -1; ///< largest latency among served writes; -1: none was served
    int reads = 0, staleReads = 0; ///< answered reads, and those of them that lacked the write they looked for
    friend bool operator==(const DrillBucket &, const DrillBucket &) = default;
};

/// A period without acknowledged writes.
struct DrillGap
{
    qint64 from = 0, to = 0; ///< times of the last reply before it, and the first one after it
    bool over = false; ///< false: it lasted until the end
    [[nodiscard]] qint64 length() const { return to - from; }
    friend bool operator==(const DrillGap &, const DrillGap &) = default;
};

/// Results of the probe in one shard.
struct DrillLaneReport
{
    int shard = 0;
    bool control = false;
    QString primary; ///< name of its original primary
    QList<DrillBucket> buckets;
    std::optional<DrillGap> away; ///< longest gap from the loss until the layout was restored
    std::optional<DrillGap> back; ///< longest gap after that
    qint64 written = 0, acknowledged = 0, byReplicas = 0, failed = 0, uncertain = 0;
    bool readBack = false; ///< acknowledged writes were read back at the end
    qint64 missing = 0; ///< acknowledged writes that are missing at the end
    qint64 missingByReplicas = 0; ///< those of them that replicas had acknowledged
    qint64 unread = 0; ///< could not be read back
    QMap<QString, int> errors; ///< how often each error reply occurred
    friend bool operator==(const DrillLaneReport &, const DrillLaneReport &) = default;
};

/// Where the replication streams ended, which shows what the new primary had not received.
struct DrillOffsets
{
    int shard = 0;
    QString former, heir;
    qint64 formerOffset = -1; ///< last offset of the old primary before the loss; -1: unknown
    qint64 formerAt = 0; ///< when formerOffset was read, in ms since the loss
    qint64 heirOffset = -1; ///< end of the successor's copy of that stream (second_repl_offset); -1: unknown
    /// Minimum number of bytes not replicated; nullopt: unknown.
    [[nodiscard]] std::optional<qint64> missingBytes() const;
    friend bool operator==(const DrillOffsets &, const DrillOffsets &) = default;
};

/// One drill, as far as it was observed.
struct DrillReport
{
    QString title, cluster;
    DrillWay way = DrillWay::Failover;
    qint64 startedAt = 0; ///< wall-clock time of the loss in ms since 1970; 0: nothing was taken away (yet)
    qint64 endedAt = 0; ///< ms since the loss; if it is not over: now
    bool over = false;
    int pollMs = 100; ///< interval of queries to each observer
    int writesPerSecond = 50;
    qint64 nodeTimeoutMs = 0;
    QStringList observers;
    QList<DrillEvent> events; ///< sorted by time
    QList<DrillLaneReport> lanes; ///< controls come last
    QList<DrillOffsets> offsets;
    bool keysRemoved = false; ///< the probe's keys were removed
    QStringList notes;
    friend bool operator==(const DrillReport &, const DrillReport &) = default;
};
using DrillReportPtr = std::shared_ptr<const DrillReport>;

/// The period in which no lane, including a control, had an acknowledged write: something other than the loss probably
/// delayed them all. nullopt if there is none, or no control.
[[nodiscard]] std::optional<DrillGap> commonGap(const DrillReport &report);

[[nodiscard]] QJsonObject toJson(const DrillReport &report);
/// Parses a stored report; Error::Parse if it is invalid.
[[nodiscard]] Result<DrillReport> drillReportFrom(const QJsonObject &json);

} // namespace slotscope
