// SPDX-License-Identifier: GPL-3.0-or-later
// Two primaries between which slots go: who they are today, and what is still to be moved.
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotgroup.h"
#include "core/operations/migration/slotledger.h"
#include "core/operations/facts/waiting.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 keysInGroup = 2400;

/// Counts the keys of the pair's slots, for the progress and to choose the size of groups.
QCoro::Task<Result<>> countKeys(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair)
{
    std::vector<Command> commands;
    for (const quint16 slot : pair->queue)
        commands.push_back(commandOf("CLUSTER", "COUNTKEYSINSLOT", QByteArray::number(slot)));
    const auto replies = co_await pair->route->sourceLink->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    qint64 keys = 0;
    for (const Value &reply : *replies)
        keys += reply.toInteger();
    RunProgress &progress = context->state.progress;
    // waiting pairs are not counted yet, so assume the same density
    const qint64 counted = pair->queue.size(), elsewhere = progress.slotsTotal - progress.slotsDone - counted;
    if (counted > 0)
        progress.keysTotal = progress.keysDone + keys + std::max<qint64>(0, elsewhere) * keys / counted;
    const qint64 average = std::max<qint64>(1, keys / std::max<qsizetype>(1, pair->queue.size()));
    // stopping waits for the current group, so keep it below a second's keys
    const int throttle = context->keysPerSecond.value_or(pair->options.keysPerSecond);
    const qint64 most = throttle > 0 ? std::min<qint64>(keysInGroup, throttle) : keysInGroup;
    pair->groupSize = int(std::clamp<qint64>(most / average, 1, mostSlotsInGroup));
    co_return Result<>();
}

NodeRef refOf(const NodeState &node)
{
    return {.id = node.id, .address = node.name};
}

/// Slots that the target is moving back to the source, so that some keys are already there. Closing them would make
/// these keys read as missing.
SlotSet comingBack(const NodeState &source, const NodeState &target)
{
    SlotSet set;
    for (const OpenSlot &open : target.openSlots)
        if (open.migrating && open.peer == source.id)
            set.add(open.slot);
    for (const OpenSlot &open : source.openSlots)
        if (!open.migrating && open.peer == target.id)
            set.add(open.slot);
    return set;
}

const NodeLine *selfOf(const ClusterView &view, const QByteArray &id)
{
    const NodeObservation *observation = view.observationOf(id);
    return observation && observation->table ? observation->table->self() : nullptr;
}

bool imports(const NodeState &node, quint16 slot, const QByteArray &from)
{
    return std::any_of(node.openSlots.begin(), node.openSlots.end(),
                       [&](const OpenSlot &open) { return open.slot == slot && !open.migrating && open.peer == from; });
}

/// State of the slots of a pair.
struct PairProgress
{
    SlotSet ready; ///< still to be moved
    SlotSet inHand; ///< keys are moved, the target must still claim them
    SlotSet owned; ///< owned by the target according to its own table
};

Result<PairProgress> progressOf(const ClusterView &view, const SlotPair &pair)
{
    const int source = view.indexOf(pair.move.source.id), target = view.indexOf(pair.move.target.id);
    const NodeLine *self = selfOf(view, pair.move.target.id);
    PairProgress progress;
    for (const quint16 slot : pair.move.slots.toList()) {
        const int owner = view.owner[slot];
        const bool open = imports(view.nodes[size_t(target)], slot, pair.move.source.id);
        if (owner == target && self && self->slots.contains(slot) && !open)
            progress.owned.add(slot);
        else if (owner == target || isInHand(view, pair.move.source, pair.move.target, pair.fallen, slot))
            progress.inHand.add(slot);
        else if (owner == source)
            progress.ready.add(slot);
        else
            return failure(Error{.code = Error::Code::ServerError,
                                 .detail = tr("slot %1 is now owned by %2: another tool moved it")
                                               .arg(slot)
                                               .arg(owner < 0 ? tr("no node") : view.nodes[size_t(owner)].name),
                                 .serverPrefix = {},
                                 .node = pair.move.source.address,
                                 .command = {}});
    }
    return progress;
}

/// Closes slots on the source that the target owns, and hands over those in hand.
QCoro::Task<Result<>> finish(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair, PairProgress known)
{
    const SlotSet finished = known.owned.united(known.inHand);
    if (finished.isEmpty())
        co_return Result<>();
    if (!known.inHand.isEmpty()) {
        context->log(tr("slots %1 were being handed over to %2: that is finished first")
                         .arg(known.inHand.toString(4), pair->move.target.address));
        const auto handed = co_await handOver(context, pair, known.inHand.toList());
        if (!handed)
            co_return failure(handed.error());
    }
    if (!known.owned.isEmpty()) {
        const auto given = co_await giveSlots(context, pair, known.owned.toList());
        if (!given)
            co_return failure(given.error());
    }
    co_await tellOthers(context, pair, finished.toList());
    pair->move.slots = pair->move.slots.subtracted(finished);
    pair->open = pair->open.subtracted(finished);
    pair->done += finished.count();
    co_return SlotLedger(*context).close(finished);
}

} // namespace

bool isInHand(const ClusterView &view, const NodeRef &source, const NodeRef &target, const QByteArrayList &fallen,
              quint16 slot)
{
    const NodeLine *given = selfOf(view, source.id), *self = selfOf(view, target.id);
    const NodeState *heir = view.node(target.id);
    if (!given || !self || !heir || given->slots.contains(slot) || self->slots.contains(slot))
        return false;
    const int owner = view.owner[slot];
    const NodeState *named = owner < 0 ? nullptr : &view.nodes[size_t(owner)];
    const bool ofTheDead = named && fallen.contains(named->id) && !PlanDraft::alive(*named);
    const bool ofThePair = named && (named->id == source.id || named->id == target.id);
    if (named && !ofTheDead && !ofThePair)
        return false;
    if (imports(*heir, slot, source.id) || ofTheDead)
        return true;
    const NodeState *last = named || fallen.isEmpty() ? nullptr : view.node(fallen.back());
    return last && !PlanDraft::alive(*last);
}

QCoro::Task<Result<>> preparePair(std::shared_ptr<RunContext> context, std::shared_ptr<SlotPair> pair)
{
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return failure(looked.error());
    const ClusterView &view = **looked;
    pair->move.source = primaryNow(view, pair->move.source, pair->move.sourceHeirs);
    const NodeRef before = pair->move.target;
    pair->move.target = primaryNow(view, before, pair->move.targetHeirs);
    if (pair->move.target.id != before.id)
        pair->fallen.append(before.id);
    const int source = view.indexOf(pair->move.source.id);
    const int target = view.indexOf(pair->move.target.id);
    const auto away = [&](int index, const NodeRef &node) {
        return index < 0 || view.nodes[size_t(index)].reach.state != Reach::State::Ready
            ? std::optional(Error{.code = Error::Code::NoRoute,
                                  .detail = tr("the node cannot be reached"),
                                  .serverPrefix = {},
                                  .node = node.address,
                                  .command = {}})
            : std::nullopt;
    };
    if (const auto error = away(target, pair->move.target))
        co_return failure(*error);
    if (const auto error = away(source, pair->move.source))
        co_return failure(*error);
    if (source == target)
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = tr("the node is now a replica of the node that its slots move to"),
                                .serverPrefix = {},
                                .node = pair->move.source.address,
                                .command = {}});
    const SlotSet returning = comingBack(view.nodes[size_t(source)], view.nodes[size_t(target)]);
    if (const SlotSet ours = returning.intersected(pair->move.slots); !ours.isEmpty())
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = tr("slots %1 are moving back to %2: end that operation first, or use fix")
                                              .arg(ours.toString(4), pair->move.source.address),
                                .serverPrefix = {},
                                .node = pair->move.target.address,
                                .command = {}});
    const auto progress = progressOf(view, *pair);
    if (!progress)
        co_return failure(progress.error());
    const SlotSet ready = progress->ready;
    const ServerInfo *info = view.nodes[size_t(target)].currentInfo();
    pair->tellsOnce = info && info->product == "redis";
    pair->others.clear();
    pair->replicas.clear();
    for (const NodeState &node : view.nodes) {
        const bool usable = node.reach.state == Reach::State::Ready && node.condition == NodeCondition::Ok;
        if (usable && node.primary && node.id != pair->move.source.id && node.id != pair->move.target.id)
            pair->others.append(refOf(node));
        if (usable && node.primaryId == pair->move.target.id)
            pair->replicas.append(refOf(node));
    }
    if (!ready.isEmpty()) // the MEET takes a tenth of a second, while links are opened and the first keys move
        co_await tellClaims(context, pair, view.nodes[size_t(target)].address);
    auto route = co_await openRoute(context, pair->move.source, pair->move.target, pair->options.callTimeoutMs);
    if (!route)
        co_return failure(route.error());
    pair->route = *route;
    const auto finished = co_await finish(context, pair, *progress);
    if (!finished)
        co_return failure(finished.error());
    const auto told = co_await tellOwner(pair->route->targetLink, *looked, pair->move.target, pair->move.source, ready);
    if (!told)
        co_return failure(told.error());
    pair->queue = ready.toList();
    co_return co_await countKeys(context, pair);
}

} // namespace slotscope
