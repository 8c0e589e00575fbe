// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotheatfeed.h"

#include "core/base/clock.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {

namespace {

constexpr qint64 stillOfNowMs = 3 * SlotHeatFeed::everyMs;

} // namespace

SlotHeatFeed::SlotHeatFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &SlotHeatFeed::readNow);
    connect(&context, &PageContext::doorChanged, this, [this] {
        m_reader.reset();
        m_reading = false;
        ++m_session;
        m_before = m_now = nullptr;
        m_heat = nullptr;
        m_error.reset();
        Q_EMIT changed();
    });
}

SlotHeatFeed::~SlotHeatFeed() = default;

void SlotHeatFeed::watch(std::optional<SlotMetric> metric)
{
    if (metric == m_metric && metric.has_value() == m_timer.isActive())
        return;
    const bool begins = metric && !m_timer.isActive();
    m_metric = metric;
    if (!metric) {
        m_timer.stop();
        return;
    }
    if (begins && m_now && steadyMs() - m_now->takenAt > stillOfNowMs)
        m_before = m_now = nullptr;
    makeHeat();
    if (!begins)
        return;
    m_timer.start();
    readNow();
}

void SlotHeatFeed::readNow()
{
    if (m_reading || !m_metric || !m_context.door())
        return;
    if (!m_reader)
        m_reader = std::make_unique<Remote<SlotUseReader>>(*m_context.door());
    m_reading = true;
    m_reader->call<SlotUsePtr>([](SlotUseReader &reader) { return reader.read(); })
        .then(this, [this, session = m_session](const Result<SlotUsePtr> &use) {
            if (session != m_session)
                return;
            m_reading = false;
            m_error = use ? std::nullopt : std::optional<Error>(use.error());
            if (use)
                take(*use);
            else
                Q_EMIT changed();
        });
}

void SlotHeatFeed::take(const SlotUsePtr &use)
{
    m_before = std::exchange(m_now, use);
    makeHeat();
}

void SlotHeatFeed::makeHeat()
{
    m_heat =
        m_now && m_metric ? std::make_shared<const SlotHeat>(slotHeat(m_before.get(), *m_now, *m_metric)) : nullptr;
    Q_EMIT changed();
}

} // namespace slotscope
