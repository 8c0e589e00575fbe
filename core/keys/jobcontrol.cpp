// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/jobcontrol.h"

#include "core/base/clock.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope {

namespace {

constexpr int tellEveryMs = 100;
constexpr auto pauseLook = std::chrono::milliseconds(50);

} // namespace

JobControl::JobControl(std::shared_ptr<BatchSink<BulkProgress>> sink, int perSecond)
    : m_stream(sink ? std::make_unique<BatchStream<BulkProgress>>(std::move(sink)) : nullptr)
    , m_perSecond(perSecond)
    , m_startedAt(steadyMs())
{ }

void JobControl::begin(qint64 total)
{
    progress.total = total;
    m_startedAt = steadyMs();
}

void JobControl::fail(const QByteArray &key, const Error &error)
{
    ++progress.failed;
    if (progress.failures.size() < BulkProgress::mostFailures)
        progress.failures.append({key, error});
    tell();
}

void JobControl::leave(const QByteArray &key)
{
    ++progress.untouched;
    if (progress.conflicts.size() < BulkProgress::mostFailures)
        progress.conflicts.append(key);
    tell();
}

void JobControl::tell()
{
    if (m_stream && steadyMs() - m_toldAt >= tellEveryMs)
        tellNow();
}

void JobControl::tellNow()
{
    m_toldAt = steadyMs();
    progress.elapsedMs = m_toldAt - m_startedAt;
    if (!m_stream)
        return;
    BulkProgress copy = progress;
    if (!copy.isOver()) { // the lists are sent only with the last state
        copy.failures.clear();
        copy.conflicts.clear();
    }
    m_stream->push(std::move(copy));
}

QCoro::Task<bool> JobControl::mayGoOn(std::shared_ptr<JobControl> self, qsizetype keys)
{
    for (;;) {
        if (self->m_stopping)
            co_return false;
        const qint64 elapsed = std::max<qint64>(1, steadyMs() - self->m_startedAt);
        const bool tooFast =
            self->m_perSecond > 0 && double(self->m_sent) * 1000 / double(elapsed) > double(self->m_perSecond);
        if (!self->m_paused && !tooFast)
            break;
        co_await QCoro::sleepFor(pauseLook);
    }
    self->m_sent += keys;
    co_return true;
}

void JobControl::finish(BulkProgress::State state)
{
    progress.state = state;
    tellNow();
    if (m_stream)
        m_stream->finish();
}

void JobControl::pause()
{
    if (m_paused)
        return;
    m_paused = true;
    progress.state = BulkProgress::State::Paused;
    tellNow();
}

void JobControl::goOn()
{
    if (!m_paused)
        return;
    m_paused = false;
    progress.state = BulkProgress::State::Running;
    tellNow();
}

} // namespace slotscope
