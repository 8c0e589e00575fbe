// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/slotheat.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"

#include <QCoro/QCoroTimer>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int slotsPerQuestion = 1024; // some 100 KB of reply, a millisecond of the server
constexpr qint64 highestFigure = 1LL << 48; // sums and rates of all slots stay in range
constexpr auto betweenQuestions = std::chrono::milliseconds(20);

qint64 fieldOf(const Value &fields, QByteArrayView name)
{
    const Value *value = fields.find(name);
    const bool isFigure = value && value->type() == Value::Type::Integer && value->toInteger() >= 0;
    return isFigure ? std::min(value->toInteger(), highestFigure) : -1;
}

QList<SlotRange> partsOf(const SlotSet &all)
{
    QList<SlotRange> parts;
    for (const SlotRange &range : all.ranges())
        for (int first = range.first; first <= range.last; first += slotsPerQuestion)
            parts.append({quint16(first), quint16(std::min<int>(range.last, first + slotsPerQuestion - 1))});
    return parts;
}

/// A slot is told, without CPU.
bool isWithoutCpu(const Value &reply)
{
    return !reply.items().empty() && reply.items().front().items().size() == 2
        && !reply.items().front().items()[1].find("cpu-usec");
}

QCoro::Task<> readNode(QPointer<ClusterSession> session, QByteArray nodeId, QString name, SlotSet owned,
                       std::shared_ptr<SlotUse> use)
{
    if (!session)
        co_return;
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        use->errors.append(describe(link.error()));
        co_return;
    }
    const QPointer<NodeLink> alive(*link);
    const QList<SlotRange> parts = partsOf(owned);
    const size_t teller = qHash(nodeId);
    bool isUncounted = false;
    for (const SlotRange &part : parts) {
        if (!session || !alive)
            co_return;
        const Command command{"CLUSTER"_ba, "SLOT-STATS"_ba, "SLOTSRANGE"_ba, QByteArray::number(part.first),
                              QByteArray::number(part.last)};
        const auto reply = co_await alive->send(command);
        const auto error = reply ? errorOf(*reply, name, u"CLUSTER SLOT-STATS"_s) : std::optional<Error>(reply.error());
        if (error && error->detail.contains(u"unknown subcommand"_s, Qt::CaseInsensitive)) {
            use->unsupported.append(name);
            co_return;
        }
        if (error) {
            use->errors.append(describe(*error));
            co_return;
        }
        takeSlotStats(*reply, teller, steadyMs(), *use);
        isUncounted = isUncounted || isWithoutCpu(*reply);
        co_await QCoro::sleepFor(betweenQuestions);
    }
    if (isUncounted)
        use->withoutCpu.append(name);
}

} // namespace

SlotUse::SlotUse()
{
    for (SlotValues *values : {&memory, &cpuMicroseconds, &networkBytes})
        values->fill(-1);
}

bool takeSlotStats(const Value &reply, size_t teller, qint64 at, SlotUse &use)
{
    if (!reply.isAggregate())
        return false;
    for (const Value &entry : reply.items()) {
        const Value::List &pair = entry.items();
        if (pair.size() != 2 || pair[0].type() != Value::Type::Integer)
            return false;
        const qint64 slot = pair[0].toInteger();
        if (slot < 0 || slot >= slotCount)
            return false;
        use.teller[size_t(slot)] = teller;
        use.toldAt[size_t(slot)] = at;
        use.memory[size_t(slot)] = fieldOf(pair[1], "memory-bytes");
        use.cpuMicroseconds[size_t(slot)] = fieldOf(pair[1], "cpu-usec");
        const qint64 in = fieldOf(pair[1], "network-bytes-in"), out = fieldOf(pair[1], "network-bytes-out");
        use.networkBytes[size_t(slot)] = in < 0 || out < 0 ? -1 : in + out;
    }
    return true;
}

SlotHeat slotHeat(const SlotUse *before, const SlotUse &now, SlotMetric metric)
{
    SlotHeat heat;
    heat.metric = metric;
    heat.values.fill(-1);
    const auto valuesOf = [metric](const SlotUse &use) -> const SlotValues & {
        return metric == SlotMetric::Memory ? use.memory
            : metric == SlotMetric::Cpu     ? use.cpuMicroseconds
                                            : use.networkBytes;
    };
    const SlotValues &values = valuesOf(now);
    if (metric == SlotMetric::Memory) {
        heat.values = values;
    } else if (before && now.takenAt > before->takenAt) {
        heat.overMs = now.takenAt - before->takenAt;
        const SlotValues &former = valuesOf(*before);
        for (size_t slot = 0; slot < slotCount; ++slot) {
            const qint64 passed = now.toldAt[slot] - before->toldAt[slot];
            const bool counts = values[slot] >= 0 && former[slot] >= 0 && values[slot] >= former[slot]
                && now.teller[slot] == before->teller[slot] && passed > 0;
            if (counts)
                heat.values[slot] = (values[slot] - former[slot]) * 1000 / passed;
        }
    }
    for (int slot = 0; slot < slotCount; ++slot) {
        const qint64 value = heat.values[size_t(slot)];
        heat.known += value >= 0 ? 1 : 0;
        heat.sum += std::max<qint64>(0, value);
        if (value > 0)
            heat.hottest.append(slot);
    }
    const auto hotter = [&heat](int a, int b) {
        const qint64 left = heat.values[size_t(a)], right = heat.values[size_t(b)];
        return left != right ? left > right : a < b;
    };
    const auto shown = std::min(SlotHeat::mostListed, heat.hottest.size());
    std::partial_sort(heat.hottest.begin(), heat.hottest.begin() + shown, heat.hottest.end(), hotter);
    heat.hottest.resize(shown);
    return heat;
}

QCoro::Task<Result<SlotUsePtr>> SlotUseReader::read() const
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    auto use = std::make_shared<SlotUse>();
    std::vector<QCoro::Task<>> tasks;
    for (const NodeState &node : view->nodes)
        if (node.primary && !node.slots.isEmpty())
            tasks.push_back(readNode(m_session, node.id, node.name, node.slots, use));
    for (QCoro::Task<> &task : tasks)
        co_await task;
    use->takenAt = steadyMs();
    co_return SlotUsePtr(use);
}

} // namespace slotscope
