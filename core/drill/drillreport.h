// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillspec.h"

#include <QMap>
#include <QMetaType>

#include <memory>

namespace slotscope {

/// Something that was seen while a drill went on. Times are ms since the loss was brought about, negative before.
struct DrillEvent
{
    enum class Kind : quint8 {
        Begun, ///< the command that takes the node away was sent
        Silent, ///< `by` (the node itself) did not answer our question in time
        Suspected, ///< `by` calls `node` “fail?”
        Failed, ///< `by` calls `node` failed
        Elected, ///< `by` calls `node` the primary of the shard
        Answers, ///< the node answers us again
        Follows, ///< the node calls itself a replica
        Linked, ///< … and its replication link is up
        Starting, ///< the user's start command was run
        HandingBack, ///< the layout from before is being made again
        Restored, ///< `by` calls the primary from before the primary again
    };
    Kind kind = Kind::Begun;
    int shard = 0; ///< number
    qint64 at = 0; ///< when the answer that shows it had come
    qint64 since = 0; ///< it was not yet so in the answer before, asked for then: it happened between the two
    QByteArray node;
    QString name; ///< of the node
    QString by; ///< name of the node whose word it is; empty: our own
    friend bool operator==(const DrillEvent &, const DrillEvent &) = default;
};
[[nodiscard]] QString drillEventName(DrillEvent::Kind kind); ///< "begun", "silent", …

/// What a probe's writes met in a tenth of a second, by the time when they were due.
struct DrillBucket
{
    static constexpr int lengthMs = 100;
    qint64 at = 0; ///< ms since the loss
    int due = 0, served = 0, failed = 0; ///< what is neither served nor failed has no answer yet
    int worstMs = -1; ///< of those that were served; -1: none was
    int reads = 0, staleReads = 0; ///< reads that were answered; of these, without the write that was read for
    friend bool operator==(const DrillBucket &, const DrillBucket &) = default;
};

/// A time without an acknowledged write.
struct DrillGap
{
    qint64 from = 0, to = 0; ///< the last answer before, the first one after
    bool over = false; ///< false: none had come by the end
    [[nodiscard]] qint64 length() const { return to - from; }
    friend bool operator==(const DrillGap &, const DrillGap &) = default;
};

/// The probe of one shard.
struct DrillLaneReport
{
    int shard = 0;
    bool control = false;
    QString primary; ///< name of its primary before
    QList<DrillBucket> buckets;
    std::optional<DrillGap> away; ///< the longest gap from the loss until the layout was handed back
    std::optional<DrillGap> back; ///< the longest one after that
    qint64 written = 0, acknowledged = 0, byReplicas = 0, failed = 0, uncertain = 0;
    bool readBack = false; ///< the acknowledged writes were looked for afterwards
    qint64 missing = 0; ///< acknowledged, and not there afterwards
    qint64 missingByReplicas = 0; ///< of these, such as the replicas had acknowledged
    qint64 unread = 0; ///< could not be read back
    QMap<QString, int> errors; ///< what writes were answered with, how often
    friend bool operator==(const DrillLaneReport &, const DrillLaneReport &) = default;
};

/// Where the replication streams ended: what the replica that took over had not received.
struct DrillOffsets
{
    int shard = 0;
    QString former, heir;
    qint64 formerOffset = -1; ///< of the primary, when it told it last before the loss; -1: never
    qint64 formerAt = 0; ///< when that was, ms since the loss
    qint64 heirOffset = -1; ///< where the heir's copy of that stream ended (second_repl_offset); -1: not told
    /// At least so many bytes were not replicated; nothing: not known.
    [[nodiscard]] std::optional<qint64> missingBytes() const;
    friend bool operator==(const DrillOffsets &, const DrillOffsets &) = default;
};

/// One drill, as far as it was observed.
struct DrillReport
{
    QString title, cluster;
    DrillWay way = DrillWay::Failover;
    qint64 startedAt = 0; ///< wall clock of the loss, ms since 1970; 0: nothing was taken away (yet)
    qint64 endedAt = 0; ///< ms since the loss; where it is not over: now
    bool over = false;
    int pollMs = 100; ///< how often each observer was asked
    int writesPerSecond = 50;
    qint64 nodeTimeoutMs = 0;
    QStringList observers;
    QList<DrillEvent> events; ///< in order of time
    QList<DrillLaneReport> lanes; ///< controls last
    QList<DrillOffsets> offsets;
    bool keysRemoved = false; ///< of the probe
    QStringList notes;
    friend bool operator==(const DrillReport &, const DrillReport &) = default;
};
using DrillReportPtr = std::shared_ptr<const DrillReport>;

/// The time in which no shard that was probed had an acknowledged write, a control among them: what holds all of them
/// up at once is hardly the loss. Nothing: there is no such time, or no control.
[[nodiscard]] std::optional<DrillGap> commonGap(const DrillReport &report);

[[nodiscard]] QJsonObject toJson(const DrillReport &report);
[[nodiscard]] Result<DrillReport> drillReportFrom(const QJsonObject &json); ///< Error::Parse

} // namespace slotscope
