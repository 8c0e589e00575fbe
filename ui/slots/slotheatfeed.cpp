// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotheatfeed.h"

namespace slotscope {

namespace {

constexpr int gatherMs = 50;

} // namespace

SlotHeatFeed::SlotHeatFeed(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_feed(
          context, [this](const NodeSlotUse &told) { take(told); },
          [this] {
              m_before.reset();
              m_now.reset();
              makeHeat();
          })
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(gatherMs);
    connect(&m_gather, &QTimer::timeout, this, &SlotHeatFeed::makeHeat);
}

void SlotHeatFeed::watch(std::optional<SlotMetric> metric)
{
    const bool begins = metric && !m_metric;
    if (std::exchange(m_metric, metric) == metric)
        return;
    m_feed.setPace(metric ? everyMs : 0);
    makeHeat();
    if (begins)
        readNow();
}

void SlotHeatFeed::readNow()
{
    if (m_metric)
        m_feed.readNow();
}

void SlotHeatFeed::take(const NodeSlotUse &told)
{
    if (told.nodeName.isEmpty())
        return; // a node without slots
    if (!m_now) {
        m_before = std::make_unique<SlotUse>();
        m_now = std::make_unique<SlotUse>();
    }
    for (const NodeSlotUse::Slot &slot : told.slots)
        m_before->slots[slot.number] = m_now->slots[slot.number];
    m_now->take(told);
    if (!m_gather.isActive())
        m_gather.start();
}

void SlotHeatFeed::makeHeat()
{
    m_gather.stop();
    m_heat =
        m_now && m_metric ? std::make_shared<const SlotHeat>(slotHeat(m_before.get(), *m_now, *m_metric)) : nullptr;
    Q_EMIT changed();
}

} // namespace slotscope
