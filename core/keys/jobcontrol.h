// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/task.h"
#include "core/session/batchstream.h"

namespace slotscope {

struct BulkFailure
{
    QByteArray key; ///< or the place in a file that it stands at
    Error error;
};

/// How far a job over many keys has come. Each key is in exactly one of changed, untouched, failed, or still to come.
struct BulkProgress
{
    static constexpr qsizetype mostFailures = 10'000; ///< that are kept with their keys; all are counted

    enum class State : quint8 { Running, Paused, Done, Stopped };
    State state = State::Running;
    qint64 total = 0; ///< -1: not known before the end
    qint64 changed = 0;
    qint64 untouched = 0; ///< nothing was to be done: gone, there already, …; each job says which
    qint64 failed = 0;
    QList<BulkFailure> failures;
    QByteArrayList conflicts; ///< keys that were left since the target has them, mostFailures of them
    QStringList notes; ///< what to know of the result: "3 keys changed while they were read"
    qint64 bytes = 0, bytesTotal = -1; ///< written to or read from a file; bytesTotal -1: not known
    qint64 elapsedMs = 0;

    [[nodiscard]] qint64 handled() const { return changed + untouched + failed; }
    [[nodiscard]] bool isOver() const { return state == State::Done || state == State::Stopped; }
};

/// What the coroutines of one job share: its figures, who hears of them, pause, stop and rate. It outlives the job's
/// service where an answer is still on its way. Lives on the session's thread.
class JobControl final
{
    Q_DISABLE_COPY_MOVE(JobControl)
public:
    explicit JobControl(std::shared_ptr<BatchSink<BulkProgress>> sink, int perSecond = 0);

    BulkProgress progress;

    void begin(qint64 total);
    void fail(const QByteArray &key, const Error &error);
    /// The target has this key already, and it was left.
    void leave(const QByteArray &key);
    /// Tells the sink, some ten times a second at most.
    void tell();
    /// Waits while it is paused or ahead of its rate; false where the job ends. `keys` are counted for the rate.
    [[nodiscard]] static QCoro::Task<bool> mayGoOn(std::shared_ptr<JobControl> self, qsizetype keys);
    /// Sets the last state, and tells it.
    void finish(BulkProgress::State state);

    void pause();
    void goOn();
    void stop() { m_stopping = true; }
    [[nodiscard]] bool isStopping() const { return m_stopping; }

private:
    void tellNow();

    std::unique_ptr<BatchStream<BulkProgress>> m_stream; ///< null: nobody listens
    int m_perSecond; ///< keys; 0: as fast as the servers answer
    bool m_paused = false, m_stopping = false;
    qint64 m_startedAt = 0, m_toldAt = 0;
    qint64 m_sent = 0; ///< keys, for the rate
};

/// A job that can be watched and stopped: the base of what works on many keys. A service for Remote.
class KeyJob
{
    Q_DISABLE_COPY_MOVE(KeyJob)
public:
    KeyJob() = default;
    void pause()
    {
        if (m_control)
            m_control->pause();
    }
    void goOn()
    {
        if (m_control)
            m_control->goOn();
    }
    void stop() ///< what was sent is waited for
    {
        if (m_control)
            m_control->stop();
    }

protected:
    ~KeyJob() { stop(); }
    std::shared_ptr<JobControl> m_control; ///< of the run that goes on; null before the first
};

} // namespace slotscope
