// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/batchstream.h"
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
    QByteArrayList keys;
    int database = -1; ///< -1: the connection's
    int perSecond = 0; ///< at most so many keys a second over all nodes; 0: as fast as the servers answer
};

struct BulkFailure
{
    QByteArray key;
    Error error;
};

/// How far a job has come. Each key is in exactly one of changed, untouched, failed, or still to come.
struct BulkProgress
{
    static constexpr qsizetype mostFailures = 10'000; ///< that are kept with their keys; all are counted

    enum class State : quint8 { Running, Paused, Done, Stopped };
    State state = State::Running;
    qint64 total = 0;
    qint64 changed = 0;
    qint64 untouched = 0; ///< the key was not there; or, for Persist, lived for ever already
    qint64 failed = 0;
    QList<BulkFailure> failures;
    qint64 elapsedMs = 0;

    [[nodiscard]] qint64 handled() const { return changed + untouched + failed; }
    [[nodiscard]] bool isOver() const { return state == State::Done || state == State::Stopped; }
};

/// Does one thing with many keys: pipelined to their owners, all nodes side by side. A key whose slot moves meanwhile
/// is sent after it; what a lost connection left in doubt is asked again, since each act may be done twice. A service
/// for Remote; lives on the session's thread.
class BulkJob final
{
    Q_DISABLE_COPY_MOVE(BulkJob)
public:
    explicit BulkJob(QPointer<ClusterSession> session);
    ~BulkJob(); ///< stops it

    /// Ends with the last state; an Error only where nothing was begun (the gate, no view). `sink` hears of it
    /// meanwhile.
    [[nodiscard]] QCoro::Task<Result<BulkProgress>>
    run(BulkRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink, UserConsent consent);
    void pause();
    void goOn();
    void stop(); ///< what was sent is waited for

    struct Run;

private:
    QPointer<ClusterSession> m_session;
    std::shared_ptr<Run> m_run;
};

} // namespace slotscope
