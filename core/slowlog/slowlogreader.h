// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/slowlog/slowlogentry.h"

namespace slotscope {

struct SlowlogRequest
{
    QByteArray nodeId;
    SlowlogKind kind = SlowlogKind::Slow;
    int most = 128; ///< largest number of entries per request
    bool again = false; ///< return all entries of the log, including earlier ones
};

/// Result of reading one node's log.
struct NodeSlowlog
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< run id of the process that answered; empty if none did
    std::vector<SlowlogEntry> entries; ///< entries not returned before
    qint64 missed = 0; ///< number of entries logged since the last reading, but dropped before this one
    std::optional<Error> problem; ///< why the log could not be read
    std::optional<qint64> length; ///< number of entries in the log now
    std::optional<qint64> threshold, capacity; ///< the server's settings; nullopt: unknown
    std::optional<Error> settingsProblem; ///< why the settings are unknown
    bool isClockKnown = false;
    qint64 clockAhead = 0; ///< how many ms its clock is ahead of ours; 0: too small to matter
    bool hasLogsOfSizes = false; ///< the cluster's servers have COMMANDLOG
};

/// The permission that a user lacks, as an argument of ACL SETUSER ("+slowlog|get"); empty if that is not the reason.
[[nodiscard]] QByteArray missingRight(const Error &error);

/// Reads the slow logs of nodes over the session's connections, returning each entry once. Changes are checked by the
/// session's gate. On the session's thread.
class SlowlogReader final
{
    Q_DISABLE_COPY_MOVE(SlowlogReader)
public:
    explicit SlowlogReader(QPointer<ClusterSession> session);
    ~SlowlogReader();

    /// Error only if the session has ended; errors of the node are part of NodeSlowlog. Only one call per node and log
    /// at a time.
    [[nodiscard]] QCoro::Task<Result<NodeSlowlog>> read(SlowlogRequest request);
    /// Sets a threshold (or the length, or any other setting) on one node, or on all if `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> set(QByteArray nodeId, QByteArray setting, QByteArray value,
                                                            UserConsent consent);
    /// Clears a log of one node, or of all if `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> reset(QByteArray nodeId, SlowlogKind kind, UserConsent consent);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
