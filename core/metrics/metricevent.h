// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <vector>

namespace slotscope {

/// An event on the time axis.
struct MetricEvent
{
    enum class Kind : quint8 {
        Failover, ///< a shard has a new primary
        NodeLost,
        NodeBack,
        Restart,
        StatsReset, ///< CONFIG RESETSTAT: counters restarted
        Topology, ///< nodes joined or left
        SlotsMoved, ///< `count` slots moved to other shards; moves within ten seconds count as one event
        Config, ///< a setting was changed
        Save, ///< an RDB file was written
        SaveFailed,
        Operation, ///< one of our operations
        Threshold, ///< a figure exceeded a limit set by the user
    };
    Kind kind = Kind::Topology;
    qint64 at = 0; ///< when it was noticed, on our clock in ms since 1970
    qint64 until = 0; ///< end of an event with a duration; 0: a moment
    QByteArray node; ///< node id; empty: concerns the cluster
    QString words;
    int count = 0;
    bool isGentle = false; ///< for a failover: the old primary answers, so nothing was lost
    friend bool operator==(const MetricEvent &, const MetricEvent &) = default;
};

/// How important it is that an event of this kind is seen, if there is not room for all: a failover and a lost node
/// come before everything else, an exceeded threshold after what happened to the cluster.
[[nodiscard]] int importanceOf(MetricEvent::Kind kind);
/// Position of the most important event, the earliest if several are equal. There must be one.
[[nodiscard]] size_t chiefOf(const std::vector<MetricEvent> &events);
/// Chooses at most `rows` events from `newestFirst`. Exceeded thresholds close in time become one event, whose words
/// end in the number of the others (" +3"). Failovers and lost nodes of the last hour stay before other, newer events.
[[nodiscard]] QList<MetricEvent> condensed(const QList<MetricEvent> &newestFirst, qsizetype rows);

} // namespace slotscope
