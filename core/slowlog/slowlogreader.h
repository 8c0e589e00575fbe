// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/slowlog/slowlogentry.h"

namespace slotscope {

struct SlowlogRequest
{
    QByteArray nodeId;
    SlowlogKind kind = SlowlogKind::Slow;
    int most = 128; ///< entries to ask for at once
    bool again = false; ///< all that the log has, also what was given before
};

/// What one look at one node's log gave.
struct NodeSlowlog
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< of the process that answered; empty where it did not
    std::vector<SlowlogEntry> entries; ///< not given before
    qint64 missed = 0; ///< logged since the last look and gone before this one
    std::optional<Error> problem; ///< why the log could not be read
    std::optional<qint64> length; ///< entries that the server keeps now
    std::optional<qint64> threshold, capacity; ///< of the server's settings; nothing: not told
    std::optional<Error> settingsProblem; ///< why not
    bool isClockKnown = false;
    qint64 clockAhead = 0; ///< ms that its clock is ahead of ours; 0: not to be noticed
    bool hasLogsOfSizes = false; ///< the cluster's servers have COMMANDLOG
};

/// The right that a user lacks, as ACL SETUSER takes it ("+slowlog|get"); empty where that is not the matter.
[[nodiscard]] QByteArray missingRight(const Error &error);

/// Reads the slow logs of nodes over the session's links: each entry is given once. Changes go through the session's
/// gate. On the session's thread.
class SlowlogReader final
{
    Q_DISABLE_COPY_MOVE(SlowlogReader)
public:
    explicit SlowlogReader(QPointer<ClusterSession> session);
    ~SlowlogReader();

    /// Error only where there is no session any more; what the node did not give is said in its NodeSlowlog. One call
    /// for a node and log at a time.
    [[nodiscard]] QCoro::Task<Result<NodeSlowlog>> read(SlowlogRequest request);
    /// Sets a threshold (or the length, or any other setting) on one node, or on all where `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> set(QByteArray nodeId, QByteArray setting, QByteArray value,
                                                            UserConsent consent);
    /// Empties a log of one node, or of all where `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> reset(QByteArray nodeId, SlowlogKind kind, UserConsent consent);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
