// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// What is done with many keys.
struct BulkRequest
{
    enum class Act : quint8 {
        Delete, ///< UNLINK
        Expire, ///< PEXPIRE after `ttlMs`, or PEXPIREAT `expireAt`
        Persist, ///< PERSIST
    };
    Act act = Act::Delete;
    qint64 ttlMs = 0;
    qint64 expireAt = 0; ///< Expire: instead of ttlMs, ms since 1970 by the servers' clocks; 0: not set
    /// Expire: a key that has a time to live by then keeps it, and counts as untouched (NX, since Redis 7.0; older
    /// servers are asked for it a moment before).
    bool onlyWithoutTtl = false;
    QByteArrayList keys;
    int database = -1; ///< -1: the connection's
    int perSecond = 0; ///< at most so many keys a second over all nodes; 0: as fast as the servers answer
};

/// Does one thing with many keys: pipelined to their owners, all nodes side by side. A key whose slot moves meanwhile
/// is sent after it; what a lost connection left in doubt is asked again, since each act may be done twice. A service
/// for Remote; lives on the session's thread.
class BulkJob final : public KeyJob
{
public:
    explicit BulkJob(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Ends with the last state, in which `untouched` keys were not there; or, for Persist, lived for ever already. An
    /// Error only where nothing was begun (the gate, no view). `sink` hears of it meanwhile.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(BulkRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
