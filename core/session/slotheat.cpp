// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/slotheat.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QCoro/QCoroTimer>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int slotsPerQuestion = 1024; // about 100 KB of reply and a millisecond of server time
constexpr qint64 highestFigure = 1LL << 48; // upper limit, so that sums and rates over all slots do not overflow
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

} // namespace

void SlotUse::take(const NodeSlotUse &told)
{
    const size_t teller = qHash(told.nodeId);
    for (const NodeSlotUse::Slot &slot : told.slots)
        slots[slot.number] = {.slot = slot, .teller = teller};
    const auto put = [&told](QStringList &names, bool is) {
        names.removeAll(told.nodeName);
        if (is)
            names.append(told.nodeName);
        names.sort();
    };
    put(unsupported, told.isUnsupported);
    put(withoutCpu, told.isWithoutCpu);
    put(withoutNetwork, told.isWithoutNetwork);
    m_errors.remove(told.nodeName);
    if (told.error)
        m_errors.insert(told.nodeName, describe(*told.error));
    errors = m_errors.values();
}

QString slotHeatText(SlotMetric metric, qint64 value)
{
    switch (metric) {
    case SlotMetric::Memory: return byteSize(value);
    case SlotMetric::Cpu: return tr("%1 ms/s").arg(double(value) / 1000, 0, 'f', value < 10'000 ? 2 : 1);
    case SlotMetric::Network: break;
    }
    return tr("%1/s").arg(byteSize(value));
}

bool takeSlotStats(const Value &reply, qint64 at, NodeSlotUse &use)
{
    if (!reply.isAggregate())
        return false;
    for (const Value &entry : reply.items()) {
        const Value::List &pair = entry.items();
        if (pair.size() != 2 || pair[0].type() != Value::Type::Integer)
            return false;
        const qint64 number = pair[0].toInteger();
        if (number < 0 || number >= slotCount)
            return false;
        NodeSlotUse::Slot slot;
        slot.number = quint16(number);
        slot.toldAt = at;
        slot.memory = fieldOf(pair[1], "memory-bytes");
        slot.cpuMicroseconds = fieldOf(pair[1], "cpu-usec");
        const qint64 in = fieldOf(pair[1], "network-bytes-in"), out = fieldOf(pair[1], "network-bytes-out");
        slot.networkBytes = in < 0 || out < 0 ? -1 : in + out;
        use.isWithoutCpu = use.isWithoutCpu || slot.cpuMicroseconds < 0;
        use.isWithoutNetwork = use.isWithoutNetwork || slot.networkBytes < 0;
        use.slots.push_back(slot);
    }
    return true;
}

SlotHeat slotHeat(const SlotUse *before, const SlotUse &now, SlotMetric metric)
{
    SlotHeat heat;
    heat.metric = metric;
    heat.values.fill(-1);
    const auto figureOf = [metric](const SlotUse::Told &told) {
        return metric == SlotMetric::Memory ? told.slot.memory
            : metric == SlotMetric::Cpu     ? told.slot.cpuMicroseconds
                                            : told.slot.networkBytes;
    };
    qint64 newest = 0;
    for (const SlotUse::Told &told : now.slots)
        newest = std::max(newest, told.slot.toldAt);
    for (size_t slot = 0; slot < slotCount; ++slot) {
        const SlotUse::Told &told = now.slots[slot];
        const qint64 figure = figureOf(told);
        if (figure < 0 || newest - told.slot.toldAt > slotUseOldMs)
            continue;
        if (metric == SlotMetric::Memory) {
            heat.values[slot] = figure;
            continue;
        }
        const SlotUse::Told former = before ? before->slots[slot] : SlotUse::Told();
        const qint64 passed = former.slot.toldAt > 0 ? told.slot.toldAt - former.slot.toldAt : 0;
        if (passed <= 0 || former.teller != told.teller || figureOf(former) < 0 || figure < figureOf(former))
            continue;
        heat.overMs = std::max(heat.overMs, passed);
        heat.values[slot] = (figure - figureOf(former)) * 1000 / passed;
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

QCoro::Task<Result<NodeSlotUse>> SlotUseReader::read(QByteArray nodeId) const
{
    const QPointer<ClusterSession> session(m_session);
    const ClusterViewPtr view = session ? session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    NodeSlotUse use;
    use.nodeId = nodeId;
    if (!node || !node->primary || node->slots.isEmpty())
        co_return use;
    use.nodeName = node->name;
    const QList<SlotRange> parts = partsOf(node->slots);
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        use.error = link.error();
        co_return use;
    }
    const QPointer<NodeLink> alive(*link);
    for (const SlotRange &part : parts) {
        if (!session || !alive)
            co_return failure(Error::Code::Cancelled);
        const Command command{"CLUSTER"_ba, "SLOT-STATS"_ba, "SLOTSRANGE"_ba, QByteArray::number(part.first),
                              QByteArray::number(part.last)};
        const Result<Value> reply = checked(co_await alive->send(command), use.nodeName, u"CLUSTER SLOT-STATS"_s);
        use.isUnsupported = !reply && reply.error().detail.contains(u"unknown subcommand"_s, Qt::CaseInsensitive);
        if (!reply && !use.isUnsupported)
            use.error = reply.error();
        if (!reply)
            co_return use;
        if (!takeSlotStats(*reply, steadyMs(), use)) {
            use.error = Error{.code = Error::Code::Parse,
                              .detail = tr("the reply is not a list of slots"),
                              .serverPrefix = {},
                              .node = use.nodeName,
                              .command = commandName(command)};
            co_return use;
        }
        co_await QCoro::sleepFor(betweenQuestions);
    }
    co_return use;
}

QCoro::Task<Result<SlotUse>> SlotUseReader::readAll() const
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    std::vector<QCoro::Task<Result<NodeSlotUse>>> tasks;
    for (const NodeState &node : view->nodes)
        if (node.primary && !node.slots.isEmpty())
            tasks.push_back(read(node.id));
    SlotUse use;
    for (QCoro::Task<Result<NodeSlotUse>> &task : tasks) {
        const Result<NodeSlotUse> told = co_await task;
        if (!told)
            co_return failure(told.error());
        use.take(*told);
    }
    co_return use;
}

} // namespace slotscope
