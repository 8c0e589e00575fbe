// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/task.h"
#include "core/session/batchstream.h"

namespace slotscope {

struct BulkFailure
{
    QByteArray key; ///< the key, or the position in a file
    Error error;
};

/// Progress of a job on many keys. Each key is in exactly one of changed, untouched, failed, or still to come.
struct BulkProgress
{
    static constexpr qsizetype mostFailures = 10'000; ///< number of failures stored with their keys; all are counted

    enum class State : quint8 { Running, Paused, Done, Stopped };
    State state = State::Running;
    qint64 total = 0; ///< -1: unknown before the end
    qint64 changed = 0;
    qint64 untouched = 0; ///< nothing to do: gone, already there, …; see each job
    qint64 failed = 0;
    QList<BulkFailure> failures;
    QByteArrayList conflicts; ///< keys skipped because the target has them, at most mostFailures
    QStringList notes; ///< remarks about the result, such as "3 keys changed while they were read"
    qint64 bytes = 0, bytesTotal = -1; ///< bytes written to or read from a file; bytesTotal -1: unknown
    qint64 elapsedMs = 0;

    [[nodiscard]] qint64 handled() const { return changed + untouched + failed; }
    [[nodiscard]] bool isOver() const { return state == State::Done || state == State::Stopped; }
};

/// Shared by the coroutines of one job: progress, observer, pause, stop and rate. It outlives the job's service if a
/// reply is still pending. Lives on the session's thread.
class JobControl final
{
    Q_DISABLE_COPY_MOVE(JobControl)
public:
    explicit JobControl(std::shared_ptr<BatchSink<BulkProgress>> sink, int perSecond = 0);

    BulkProgress progress;

    void begin(qint64 total);
    void fail(const QByteArray &key, const Error &error);
    /// Counts a key that was skipped because the target already has it.
    void leave(const QByteArray &key);
    /// Sends progress to the sink, about ten times a second at most.
    void tell();
    /// Waits while the job is paused or ahead of its rate; returns false if it ends. `keys` is the number of keys about
    /// to be sent, for the rate.
    [[nodiscard]] static QCoro::Task<bool> mayGoOn(std::shared_ptr<JobControl> self, qsizetype keys);
    /// Sets and sends the last state.
    void finish(BulkProgress::State state);

    void pause();
    void goOn();
    void stop() { m_stopping = true; }
    [[nodiscard]] bool isStopping() const { return m_stopping; }

private:
    void tellNow();

    std::unique_ptr<BatchStream<BulkProgress>> m_stream; ///< null without an observer
    int m_perSecond; ///< keys; 0: no limit
    bool m_paused = false, m_stopping = false;
    qint64 m_startedAt = 0, m_toldAt = 0;
    qint64 m_sent = 0; ///< number of keys, for the rate
};

/// Base of jobs on many keys, which can be observed and stopped. A service for Remote.
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
    void stop() ///< requests already sent are waited for
    {
        if (m_control)
            m_control->stop();
    }

protected:
    ~KeyJob() { stop(); }
    std::shared_ptr<JobControl> m_control; ///< control of the current run; null before the first
};

} // namespace slotscope
