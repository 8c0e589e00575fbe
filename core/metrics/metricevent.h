// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace slotscope {

/// Something that happened, for the time axis.
struct MetricEvent
{
    enum class Kind : quint8 {
        Failover, ///< a shard has another primary
        NodeLost,
        NodeBack,
        Restart,
        StatsReset, ///< CONFIG RESETSTAT: counters began anew
        Topology, ///< nodes came or went
        SlotsMoved, ///< to other shards: `count` of them; those within ten seconds are one event
        Config, ///< a parameter has another value
        Save, ///< an RDB file was written
        SaveFailed,
        Operation, ///< one of ours
        Threshold, ///< a figure was past a limit that the user set
    };
    Kind kind = Kind::Topology;
    qint64 at = 0; ///< ms since 1970, by our clock: when it was seen
    qint64 until = 0; ///< of something that lasts; 0: a moment
    QByteArray node; ///< its id; empty: of the cluster
    QString words;
    int count = 0;
    bool isGentle = false; ///< of a failover: the former primary answers, so nothing was lost with it
    friend bool operator==(const MetricEvent &, const MetricEvent &) = default;
};

} // namespace slotscope
