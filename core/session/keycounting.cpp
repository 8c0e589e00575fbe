// SPDX-License-Identifier: GPL-3.0-or-later
// How many keys lie in which slot, as the primaries count them.
#include "core/session/keycounting.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"

#include <QCoro/QCoroTimer>
#include <QPointer>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int slotsPerBatch = 512; // takes about a millisecond of server time
constexpr int slotsPerSecond = 16384; // limit per node: uses some 3 % of its capacity; a third of all slots takes 0.3 s

QCoro::Task<> countNode(QPointer<ClusterSession> self, QByteArray nodeId, SlotSet slotSet,
                        std::shared_ptr<SlotKeyCounts> counts)
{
    if (!self)
        co_return;
    const Result<NodeLink *> link = co_await self->linkTo(nodeId);
    if (!link) {
        counts->errors.append(describe(link.error()));
        co_return;
    }
    const QPointer<NodeLink> alive(*link);
    const QList<quint16> wanted = slotSet.toList();
    for (qsizetype first = 0; first < wanted.size(); first += slotsPerBatch) {
        const QList<quint16> part = wanted.mid(first, slotsPerBatch);
        std::vector<Command> batch;
        for (const quint16 slot : part)
            batch.push_back({"CLUSTER"_ba, "COUNTKEYSINSLOT"_ba, QByteArray::number(slot)});
        if (!self || !alive)
            co_return;
        const auto replies = co_await alive->sendAll(batch);
        if (!replies) {
            counts->errors.append(describe(replies.error()));
            co_return;
        }
        if (const auto error = errorOf(replies->front(), alive ? alive->endpoint().toString() : QString(),
                                       u"CLUSTER COUNTKEYSINSLOT"_s)) {
            counts->errors.append(describe(*error));
            co_return;
        }
        for (qsizetype i = 0; i < part.size(); ++i)
            if ((*replies)[size_t(i)].type() == Value::Type::Integer)
                counts->keys[part[i]] = (*replies)[size_t(i)].toInteger();
        if (first + slotsPerBatch < wanted.size())
            co_await QCoro::sleepFor(std::chrono::milliseconds(1000 * slotsPerBatch / slotsPerSecond));
    }
}

} // namespace

QCoro::Task<Result<SlotKeyCountsPtr>> countKeys(QPointer<ClusterSession> session)
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    auto counts = std::make_shared<SlotKeyCounts>();
    counts->keys.fill(-1);
    std::vector<QCoro::Task<>> tasks;
    for (const NodeState &node : view->nodes)
        if (node.primary && !node.slots.isEmpty())
            tasks.push_back(countNode(session, node.id, node.slots, counts));
    for (QCoro::Task<> &task : tasks)
        co_await task;
    counts->takenAt = steadyMs();
    co_return SlotKeyCountsPtr(counts);
}

} // namespace slotscope
