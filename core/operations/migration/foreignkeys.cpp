// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of slots that their node does not own: brought to the owner, or deleted.
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotgroup.h"
#include "core/operations/migration/slotledger.h"
#include "core/operations/migration/slotmover.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Whether keys of the slot on `holder` belong to `to`: `to` owns the slot or is importing it, and `holder` does not
/// own it.
bool isForeign(const ClusterView &view, quint16 slot, const NodeRef &holder, const NodeRef &to)
{
    const int owner = view.owner[slot], target = view.indexOf(to.id);
    const auto imports = [&] {
        const QList<OpenSlot> &open = view.nodes[size_t(target)].openSlots;
        return std::any_of(open.begin(), open.end(),
                           [slot](const OpenSlot &one) { return one.slot == slot && !one.migrating; });
    };
    return target >= 0 && owner != view.indexOf(holder.id) && (owner == target || imports());
}

/// Marks slots as importing on the node that holds their keys, so that MIGRATE works there although it does not own
/// them.
QCoro::Task<Result<std::shared_ptr<KeyMoves>>> openForeign(std::shared_ptr<RunContext> context, PlanStep step)
{
    const auto route = co_await openRoute(context, step.nodes[0], step.nodes[1], step.migration.callTimeoutMs);
    if (!route)
        co_return failure(route.error());
    auto moves = std::make_shared<KeyMoves>();
    moves->slots = step.slots.toList();
    moves->route = *route;
    moves->route->foreign = true;
    moves->options = step.migration;
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return failure(looked.error());
    for (const quint16 slot : std::as_const(moves->slots))
        if (!isForeign(**looked, slot, step.nodes[0], step.nodes[1]))
            co_return failure(
                Error{.code = Error::Code::Outdated,
                      .detail = tr("%2 no longer holds slot %1 for %3")
                                    .arg(QString::number(slot), step.nodes[0].address, step.nodes[1].address),
                      .serverPrefix = {},
                      .node = step.nodes[0].address,
                      .command = {}});
    const auto told = co_await tellOwner((*route)->sourceLink, *looked, step.nodes[0], step.nodes[1], step.slots);
    if (!told)
        co_return failure(told.error());
    const auto opened = co_await setSlots((*route)->sourceLink, moves->slots, "IMPORTING", (*route)->target.id, false);
    if (!opened)
        co_return failure(opened.error());
    co_return Result<std::shared_ptr<KeyMoves>>(moves);
}

} // namespace

QCoro::Task<Result<>> gatherKeys(std::shared_ptr<RunContext> context, PlanStep step)
{
    SlotLedger(*context).begin(u"classic"_s, step.slots.count());
    const auto opened = co_await openForeign(context, step);
    if (!opened)
        co_return failure(opened.error());
    const auto moved = co_await moveKeys(context, *opened);
    if (!moved)
        co_return failure(moved.error());
    context->state.progress.slotsDone = context->state.progress.slotsTotal;
    context->note(tr("%1; no such key is left").arg(keysText(context->state.progress.keysDone)));
    co_return Result<>();
}

namespace {

/// Deletes all keys of one slot in one database. A run that is being stopped ends between two queries.
QCoro::Task<Result<>> deleteSlot(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                 KeyRoute::Database database, quint16 slot)
{
    for (;;) {
        if (!co_await RunContext::proceed(context))
            co_return failure(Error::Code::Cancelled);
        const auto keys =
            checked(co_await database.link->send(commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(slot),
                                                           QByteArray::number(keysPerQuestion))),
                    route->source.address, u"CLUSTER GETKEYSINSLOT"_s);
        if (!keys)
            co_return failure(keys.error());
        if (keys->items().empty())
            co_return Result<>();
        std::vector<Command> commands;
        for (const Value &key : keys->items()) {
            // the node does not own the slot, so it allows access to its keys only after ASKING
            commands.push_back(commandOf("ASKING"));
            commands.push_back(commandOf("UNLINK", key.bytes()));
        }
        const auto replies = co_await database.link->sendAll(commands);
        if (!replies)
            co_return failure(replies.error());
        if (const auto error = errorOf(replies->back(), route->source.address, u"UNLINK"_s))
            co_return failure(*error);
        context->state.progress.keysDone += qint64(keys->items().size());
        context->changed();
    }
}

} // namespace

QCoro::Task<Result<>> deleteKeys(std::shared_ptr<RunContext> context, PlanStep step)
{
    SlotLedger(*context).begin({}, step.slots.count());
    const auto opened = co_await openForeign(context, step);
    if (!opened)
        co_return failure(opened.error());
    const std::shared_ptr<KeyRoute> route = (*opened)->route;
    for (const KeyRoute::Database &database : route->databases) {
        for (const quint16 slot : (*opened)->slots) {
            const auto deleted = co_await deleteSlot(context, route, database, slot);
            if (!deleted && deleted.error().code == Error::Code::Cancelled) {
                const auto closed =
                    co_await setSlots(route->sourceLink, (*opened)->slots, "STABLE", QByteArray(), false);
                if (!closed)
                    context->log(describe(closed.error()), true);
            }
            if (!deleted)
                co_return failure(deleted.error());
            ++context->state.progress.slotsDone;
        }
    }
    context->note(tr("%1 deleted; no such key is left").arg(keysText(context->state.progress.keysDone)));
    co_return Result<>();
}

} // namespace slotscope
