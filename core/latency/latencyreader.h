// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/commandlatency.h"
#include "core/latency/latencyparsers.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// A latency event of a node with its history.
struct NodeLatencyEvent
{
    LatencyEvent event;
    std::vector<LatencySpike> history; ///< by time; at most 160, as the servers keep it
    qint64 at = 0; ///< of the latest, ms since 1970 by our clock
};

/// What one look at a node's latency monitor gave.
struct NodeLatency
{
    QByteArray nodeId;
    QString nodeName;
    std::vector<NodeLatencyEvent> events;
    std::optional<Error> problem; ///< why there are none
    std::optional<Error> historyProblem;
    std::optional<qint64> threshold; ///< ms; 0: the monitor is off
    std::optional<Error> thresholdProblem; ///< why it is not known
    qint64 clockAhead = 0; ///< ms that its clock is ahead of ours; 0: not to be noticed
};

/// What a node's own doctors say.
struct NodeDoctors
{
    Result<QByteArray> latency, memory;
    friend bool operator==(const NodeDoctors &, const NodeDoctors &) = default;
};

/// How long a node's commands ran, at one moment.
struct NodeCommands
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< of the process that answered
    CommandLatencies histogram;
    std::optional<Error> problem;
    CommandPercentiles percentiles; ///< INFO latencystats
    std::optional<Error> percentilesProblem;
};

/// Reads what servers tell of their latency, over the session's links. Changes go through the session's gate. On the
/// session's thread.
class LatencyReader final
{
    Q_DISABLE_COPY_MOVE(LatencyReader)
public:
    explicit LatencyReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only where there is no session any more, or no such node.
    [[nodiscard]] QCoro::Task<Result<NodeLatency>> read(QByteArray nodeId);
    [[nodiscard]] QCoro::Task<Result<NodeDoctors>> doctors(QByteArray nodeId);
    [[nodiscard]] QCoro::Task<Result<NodeCommands>> commands(QByteArray nodeId);
    /// On one node, or on all where `nodeId` is empty. `milliseconds` 0: off.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> setThreshold(QByteArray nodeId, qint64 milliseconds,
                                                                     UserConsent consent);
    /// LATENCY RESET of one event, or of all where `event` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> reset(QByteArray nodeId, QByteArray event, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
