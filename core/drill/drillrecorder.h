// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/nodestable.h"
#include "core/drill/drillreport.h"

#include <QHash>
#include <QSet>

namespace slotscope {

/// Makes events of what the observers of a drill answer: each is noted when an observer tells it first. Times are those
/// of one steady clock, in ms. Pure: it asks nobody.
class DrillRecorder
{
public:
    explicit DrillRecorder(const DrillPlan &plan);

    /// A table that `observer` was asked for at `asked` and that had come at `at`.
    void take(const QByteArray &observer, qint64 asked, qint64 at, const NodesTable &table);
    /// What a node tells of its replication: INFO replication.
    void takeReplication(const QByteArray &observer, qint64 at, const QByteArray &info);
    /// It was not taken away after all.
    void withdraw(const DrillTarget &target);
    /// It did not answer in time, or there is no connection to it.
    void silent(const QByteArray &observer, qint64 asked, qint64 at);
    /// Something that we did ourselves.
    void did(DrillEvent::Kind kind, const DrillTarget &target, qint64 at);

    [[nodiscard]] const QList<DrillEvent> &events() const { return m_events; }
    /// When the loss was brought about; 0: not yet.
    [[nodiscard]] qint64 begunAt() const { return m_begunAt; }
    /// Who is the primary of a lane's or target's shard, by the newest epoch told; empty: as planned.
    [[nodiscard]] QByteArray primaryOf(int shard) const;
    /// Every shard that lost its primary has another one, by somebody's word.
    [[nodiscard]] bool isTakenOver() const;
    /// Of each shard that lost its primary; times as given.
    [[nodiscard]] QList<DrillOffsets> offsets() const;

private:
    struct Told ///< what an observer told last
    {
        qint64 asked = 0; ///< what was answered last
        qint64 unanswered = 0; ///< what was not
        bool silent = false;
        QHash<QByteArray, NodeFlags> flags; ///< of the targets
        QHash<int, QByteArray> primaries; ///< by shard
        bool follows = false, linked = false;
    };
    struct Shard
    {
        QByteArray former, now;
        QSet<QByteArray> members;
        std::optional<quint64> epoch; ///< the newest config epoch that was told
        DrillOffsets offsets;
    };
    void note(DrillEvent::Kind kind, int shard, qint64 at, qint64 since, const QByteArray &node, const QByteArray &by);
    void takeTargets(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table);
    void takeShards(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table);
    [[nodiscard]] QString nameOf(const QByteArray &id) const;

    DrillPlan m_plan;
    QHash<QByteArray, QString> m_names;
    QHash<QByteArray, Told> m_told;
    QMap<int, Shard> m_shards; ///< by number, of all lanes
    QList<DrillEvent> m_events;
    qint64 m_begunAt = 0;
};

} // namespace slotscope
