// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// An action on many keys.
struct BulkRequest
{
    enum class Act : quint8 {
        Delete, ///< UNLINK
        Expire, ///< PEXPIRE with `ttlMs`, or PEXPIREAT with `expireAt`
        Persist, ///< PERSIST
    };
    Act act = Act::Delete;
    qint64 ttlMs = 0;
    qint64 expireAt = 0; ///< for Expire, instead of ttlMs: ms since 1970 on the server's clock; 0: not set
    /// For Expire: a key that already has a time to live keeps it, and counts as untouched (NX, since Redis 7.0; older
    /// servers are asked immediately before).
    bool onlyWithoutTtl = false;
    QByteArrayList keys;
    int database = -1; ///< -1: the database of the connection
    int perSecond = 0; ///< limit of keys per second over all nodes; 0: no limit
};

/// Performs one action on many keys, pipelined to their owners, on all nodes in parallel. A key whose slot moves
/// meanwhile is retried on the new owner. Actions left in doubt by a lost connection are repeated, which is harmless. A
/// service for Remote; lives on the session's thread.
class BulkJob final : public KeyJob
{
public:
    explicit BulkJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Runs the job and returns its last state. Keys that did not exist count as `untouched`; for Persist, also those
    /// without a time to live. An Error means that nothing was started (gate, no view). `sink` receives progress.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(BulkRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
