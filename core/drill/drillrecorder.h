// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"
#include "core/drill/drillreport.h"

#include <QHash>
#include <QSet>

namespace slotscope {

/// Derives events from the observers' replies during a drill: each is recorded when an observer first reports it. Times
/// are from one monotonic clock, in ms. Pure.
class DrillRecorder
{
public:
    explicit DrillRecorder(const DrillPlan &plan);

    /// Takes a table of `observer` that was requested at `asked` and received at `at`.
    void take(const QByteArray &observer, qint64 asked, qint64 at, const NodesTable &table);
    /// Takes a node's INFO replication.
    void takeReplication(const QByteArray &observer, qint64 at, const QByteArray &info);
    /// Call if the target was not taken away after all.
    void withdraw(const DrillTarget &target);
    /// Call if the observer did not answer in time, or there is no connection to it.
    void silent(const QByteArray &observer, qint64 asked, qint64 at);
    /// Records one of our own actions.
    void did(DrillEvent::Kind kind, const DrillTarget &target, qint64 at);

    [[nodiscard]] const QList<DrillEvent> &events() const { return m_events; }
    /// When the loss was caused; 0: not yet.
    [[nodiscard]] qint64 begunAt() const { return m_begunAt; }
    /// The primary of a lane's or target's shard by the newest epoch seen; empty: as planned.
    [[nodiscard]] QByteArray primaryOf(int shard) const;
    /// Whether every shard that lost its primary has a new one, according to some node.
    [[nodiscard]] bool isTakenOver() const;
    /// Replication offsets of each shard that lost its primary; times are on the monotonic clock.
    [[nodiscard]] QList<DrillOffsets> offsets() const;

private:
    struct Told ///< the latest data from one observer
    {
        qint64 asked = 0; ///< time of the last query that was answered
        qint64 unanswered = 0; ///< time of the last query without an answer
        bool silent = false;
        QHash<QByteArray, NodeFlags> flags; ///< flags of the targets
        QHash<int, QByteArray> primaries; ///< maps a shard to the id of its primary
        bool follows = false, linked = false;
    };
    struct Shard
    {
        QByteArray former, now;
        QSet<QByteArray> members;
        std::optional<quint64> epoch; ///< newest config epoch reported
        DrillOffsets offsets;
    };
    void note(DrillEvent::Kind kind, int shard, qint64 at, qint64 since, const QByteArray &node, const QByteArray &by);
    void takeTargets(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table);
    void takeShards(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table);
    [[nodiscard]] QString nameOf(const QByteArray &id) const;

    DrillPlan m_plan;
    QHash<QByteArray, QString> m_names;
    QHash<QByteArray, Told> m_told;
    QMap<int, Shard> m_shards; ///< key: shard number; shards of all lanes
    QList<DrillEvent> m_events;
    qint64 m_begunAt = 0;
};

} // namespace slotscope
