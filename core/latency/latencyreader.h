// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/commandlatency.h"
#include "core/latency/latencyparsers.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// A latency event of a node, with its history.
struct NodeLatencyEvent
{
    LatencyEvent event;
    std::vector<LatencySpike> history; ///< sorted by time; servers keep at most 160
    qint64 at = 0; ///< time of the last delay in ms since 1970 on our clock
};

/// Result of reading a node's latency monitor.
struct NodeLatency
{
    QByteArray nodeId;
    QString nodeName;
    std::vector<NodeLatencyEvent> events;
    std::optional<Error> problem; ///< why there are no events
    std::optional<Error> historyProblem;
    std::optional<qint64> threshold; ///< in ms; 0: the monitor is off
    std::optional<Error> thresholdProblem; ///< why the threshold is unknown
    qint64 clockAhead = 0; ///< how many ms its clock is ahead of ours; 0: too small to matter
};

/// Output of a node's LATENCY DOCTOR and MEMORY DOCTOR.
struct NodeDoctors
{
    Result<QByteArray> latency, memory;
    friend bool operator==(const NodeDoctors &, const NodeDoctors &) = default;
};

/// Execution times of a node's commands at one moment.
struct NodeCommands
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< run id of the process that answered
    CommandLatencies histogram;
    std::optional<Error> problem;
    CommandPercentiles percentiles; ///< from INFO latencystats
    std::optional<Error> percentilesProblem;
};

/// Reads latency data from servers over the session's connections. Changes are checked by the session's gate. On the
/// session's thread.
class LatencyReader final
{
    Q_DISABLE_COPY_MOVE(LatencyReader)
public:
    explicit LatencyReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only if the session has ended, or there is no such node.
    [[nodiscard]] QCoro::Task<Result<NodeLatency>> read(QByteArray nodeId);
    [[nodiscard]] QCoro::Task<Result<NodeDoctors>> doctors(QByteArray nodeId);
    [[nodiscard]] QCoro::Task<Result<NodeCommands>> commands(QByteArray nodeId);
    /// Sets the threshold on one node, or on all if `nodeId` is empty; 0 `milliseconds` turns the monitor off.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> setThreshold(QByteArray nodeId, qint64 milliseconds,
                                                                     UserConsent consent);
    /// Runs LATENCY RESET for one event, or for all if `event` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> reset(QByteArray nodeId, QByteArray event, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
