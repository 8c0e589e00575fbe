// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/profilerfeed.h"

#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {
namespace {

constexpr int lookEveryMs = 250;

QCoro::Task<Result<bool>> begun(Profiler *profiler, ProfileOrder order)
{
    const Result<> done = co_await profiler->start(std::move(order));
    if (!done)
        co_return failure(done.error());
    co_return Result<bool>(true);
}

} // namespace

ProfilerFeed::ProfilerFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &ProfilerFeed::lookNow);
    connect(&context, &PageContext::doorChanged, this, &ProfilerFeed::takeDoor);
    takeDoor();
}

ProfilerFeed::~ProfilerFeed() = default;

void ProfilerFeed::takeDoor()
{
    m_profiler.reset();
    m_timer.stop();
    m_underway = m_again = false;
    ++m_serial;
    if (SessionDoor *door = m_context.door())
        m_profiler = std::make_unique<Remote<Profiler>>(*door);
    Q_EMIT sessionChanged();
}

void ProfilerFeed::start(const ProfileOrder &order)
{
    if (!m_profiler)
        return;
    whenDone(m_profiler->call<bool>([order](Profiler &profiler) { return begun(&profiler, order); }), this,
             [this, serial = m_serial](const Result<bool> &begun) {
                 if (serial != m_serial)
                     return;
                 if (!begun)
                     m_timer.stop();
                 if (!begun && begun.error().code != Error::Code::Cancelled)
                     Q_EMIT startFailed(begun.error());
                 lookNow();
             });
    m_timer.start();
}

void ProfilerFeed::stop()
{
    if (m_profiler)
        m_profiler->tell([](Profiler &profiler) { profiler.stop(); });
    lookNow();
}

void ProfilerFeed::setLook(const ProfileLook &look)
{
    m_look = look;
    lookNow();
}

void ProfilerFeed::lookNow()
{
    if (!m_profiler)
        return;
    if (std::exchange(m_underway, true)) {
        m_again = true;
        return;
    }
    whenDone(m_profiler->call<ProfileSnapshot>([look = m_look](Profiler &profiler) { return profiler.lookNow(look); }),
             this, [this, serial = m_serial](const Result<ProfileSnapshot> &profile) {
                 if (serial != m_serial)
                     return;
                 m_underway = false;
                 if (profile) {
                     if (!profile->isRunning && profile->startedAt > 0)
                         m_timer.stop();
                     Q_EMIT looked(*profile);
                 }
                 if (std::exchange(m_again, false))
                     lookNow();
             });
}

QFuture<Result<QByteArray>> ProfilerFeed::written(bool asJson)
{
    return m_profiler->call<QByteArray>(
        [filter = m_look.filter, asJson](Profiler &profiler) { return profiler.written(filter, asJson); });
}

} // namespace slotscope
