// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/keyjobbook.h"

#include "core/base/errortext.h"
#include "core/base/whendone.h"

#include <QMetaMethod>

namespace slotscope {

KeyJobRun::KeyJobRun(BulkTask task, QString connection) : m_task(std::move(task)), m_connection(std::move(connection))
{
    m_progress.total = m_task.total;
}

KeyJobRun::~KeyJobRun()
{
    stop();
}

void KeyJobRun::begin(UserConsent consent)
{
    if (m_isBegun || !m_task.run)
        return;
    m_isBegun = true;
    const auto sink = std::make_shared<BatchSink<BulkProgress>>(this, [this](const Batch<BulkProgress> &batch) {
        if (!batch.items.empty() && !m_progress.isOver())
            take(batch.items.back());
    });
    Q_EMIT changed();
    whenDone(m_task.run(sink, consent), this, [this](const Result<BulkProgress> &result) { finish(result); });
}

void KeyJobRun::finish(const Result<BulkProgress> &result)
{
    if (!result && result.error().code == Error::Code::NeedsConsent) {
        m_isBegun = false;
        if (isSignalConnected(QMetaMethod::fromSignal(&KeyJobRun::consentWanted))) {
            Q_EMIT changed();
            Q_EMIT consentWanted(result.error());
            return;
        } // else the tab that could ask is closed: the job ends with this error
    }
    if (result) {
        m_progress = *result;
    } else {
        m_progress.state = BulkProgress::State::Stopped;
        m_problem = describe(result.error());
    }
    // release the services before the sessions that they use
    m_task.run = {};
    m_task.pause = m_task.goOn = m_task.stop = {};
    m_task.doors.clear();
    Q_EMIT changed();
    if (result && m_task.owner && m_task.atEnd)
        m_task.atEnd(*result);
}

void KeyJobRun::take(const BulkProgress &progress)
{
    m_progress = progress;
    Q_EMIT changed();
}

void KeyJobRun::pause()
{
    if (isRunning() && m_task.pause)
        m_task.pause();
}

void KeyJobRun::goOn()
{
    if (isRunning() && m_task.goOn)
        m_task.goOn();
}

void KeyJobRun::stop()
{
    if (isRunning() && m_task.stop)
        m_task.stop();
}

bool KeyJobRun::uses(const SessionDoor *door) const
{
    return std::any_of(m_task.doors.begin(), m_task.doors.end(),
                       [door](const std::shared_ptr<SessionDoor> &held) { return held.get() == door; });
}

void KeyJobBook::add(const KeyJobRunPtr &run)
{
    constexpr qsizetype mostEnded = 20;
    qsizetype ended = std::count_if(m_runs.begin(), m_runs.end(),
                                    [](const KeyJobRunPtr &other) { return other->progress().isOver(); });
    for (auto it = m_runs.begin(); it != m_runs.end() && ended >= mostEnded;) {
        if ((*it)->progress().isOver()) {
            it = m_runs.erase(it);
            --ended;
        } else {
            ++it;
        }
    }
    m_runs.append(run);
    connect(run.get(), &KeyJobRun::changed, this,
            [this, wasRunning = run->isRunning(), known = std::weak_ptr(run)]() mutable {
                const KeyJobRunPtr job = known.lock();
                if (job && std::exchange(wasRunning, job->isRunning()) != job->isRunning())
                    Q_EMIT changed();
            });
    Q_EMIT changed();
}

void KeyJobBook::dismiss(const KeyJobRunPtr &run)
{
    if (!run->isRunning() && m_runs.removeOne(run))
        Q_EMIT changed();
}

QList<KeyJobRunPtr> KeyJobBook::running() const
{
    QList<KeyJobRunPtr> running;
    std::copy_if(m_runs.begin(), m_runs.end(), std::back_inserter(running),
                 [](const KeyJobRunPtr &run) { return run->isRunning(); });
    return running;
}

} // namespace slotscope
