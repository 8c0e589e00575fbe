// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/migration/slotmover.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/base/underway.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotgroup.h"
#include "core/operations/migration/slotledger.h"
#include "core/operations/facts/waiting.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int lanes = 3; // groups of slots in progress per pair: while one moves keys, others are opened and closed
constexpr int starters = 5; // additional groups whose keys move until the target has heard the source's claims
constexpr int recoveries = 5; // tries without completing a slot in between
constexpr int recoveryDeadlineMs = 60000;
constexpr int mostRounds = 3; // for moving slots again after a failover gave them back

SlotSet setOf(const QList<quint16> &slotList)
{
    SlotSet slotSet;
    for (const quint16 slot : slotList)
        slotSet.add(slot);
    return slotSet;
}

struct Mover
{
    std::shared_ptr<RunContext> context;
    QList<SlotMove> waiting;
    QList<std::shared_ptr<SlotPair>> running;
    std::optional<Error> error;
    Awaited<bool>::Completer ended; ///< completed when a pair has ended
    MigrationOptions options;
    qint64 startedAt = 0;
    qint64 keysBefore = 0; ///< keys moved before the run was interrupted
    SlotSet all; ///< all slots of the step
    bool looked = false; ///< it was checked whether somebody else moves slots
};

void updateRates(Mover &mover)
{
    RunProgress &progress = mover.context->state.progress;
    const qint64 elapsed = steadyMs() - mover.startedAt;
    const qint64 keys = progress.keysDone - mover.keysBefore;
    if (elapsed < 200)
        return;
    progress.keysPerSecond = double(keys) * 1000 / double(elapsed);
    if (progress.keysTotal > 0 && keys > 0)
        progress.leftMs = std::max<qint64>(progress.keysTotal - progress.keysDone, 0) * elapsed / keys;
    else if (progress.slotsDone > 0)
        progress.leftMs = qint64(progress.slotsTotal - progress.slotsDone) * elapsed / progress.slotsDone;
}

/// Checks for other tools. Two tools that start at the same time do not see each other beforehand, but once the first
/// slots have moved, slots opened since the plan was made must be another tool's.
QCoro::Task<Result<>> checkNobodyElse(std::shared_ptr<Mover> mover)
{
    const ClusterViewPtr planned = mover->context->state.plan->basis.view;
    if (!planned)
        co_return Result<>();
    const auto looked = co_await RunContext::look(mover->context);
    if (!looked)
        co_return failure(looked.error());
    const SlotSet theirs = openIn(**looked).subtracted(mover->all).subtracted(openIn(*planned));
    if (theirs.isEmpty())
        co_return Result<>();
    co_return failure(
        Error::Code::Outdated,
        tr("another tool is moving slots of this cluster too: %1 are in migration").arg(theirs.toString(4)));
}

QCoro::Task<Result<>> moveGroup(std::shared_ptr<Mover> mover, std::shared_ptr<SlotPair> pair, QList<quint16> group)
{
    const std::shared_ptr<RunContext> context = mover->context;
    const SlotSet slotSet = setOf(group);
    pair->open = pair->open.united(slotSet);
    const auto written = SlotLedger(*context).open(slotSet);
    if (!written)
        co_return failure(written.error());
    const auto opened = co_await openGroup(context, pair, group);
    if (!opened)
        co_return failure(opened.error());
    const auto moved = co_await moveKeys(context, *opened);
    if (!moved)
        co_return failure(moved.error());
    co_await awaitClaims(context, pair);
    const auto copied = co_await awaitReplicas(context, pair);
    if (!copied)
        co_return failure(copied.error());
    const auto handed = co_await handOver(context, pair, group);
    if (!handed)
        co_return failure(handed.error());
    pair->open = pair->open.subtracted(slotSet);
    pair->move.slots = pair->move.slots.subtracted(slotSet);
    pair->done += int(group.size());
    const auto closed = SlotLedger(*context).close(slotSet);
    updateRates(*mover);
    if (!closed || std::exchange(mover->looked, true))
        co_return closed;
    co_return co_await checkNobodyElse(mover);
}

/// Moves group after group from the pair's queue, at most `most` groups.
QCoro::Task<> runLane(std::shared_ptr<Mover> mover, std::shared_ptr<SlotPair> pair, int most)
{
    for (; most > 0 && !pair->queue.isEmpty() && !pair->error && !mover->error; --most) {
        if (!co_await RunContext::proceed(mover->context))
            co_return;
        if (pair->queue.isEmpty() || pair->error)
            co_return;
        const QList<quint16> group = pair->queue.mid(0, pair->groupSize);
        pair->queue.remove(0, group.size());
        const auto moved = co_await moveGroup(mover, pair, group);
        if (!moved && !pair->error)
            pair->error = moved.error();
    }
}

QCoro::Task<Result<>> attempt(std::shared_ptr<Mover> mover, std::shared_ptr<SlotPair> pair)
{
    pair->error.reset();
    const auto prepared = co_await preparePair(mover->context, pair);
    if (!prepared)
        co_return failure(prepared.error());
    std::vector<QCoro::Task<>> tasks;
    for (int i = 0; i < lanes; ++i)
        tasks.push_back(runLane(mover, pair, std::numeric_limits<int>::max()));
    for (int i = 0; i < starters && pair->meetsBefore && pair->options.keysPerSecond == 0; ++i)
        tasks.push_back(runLane(mover, pair, 1));
    for (QCoro::Task<> &task : tasks)
        co_await task;
    if (pair->error)
        co_return failure(*pair->error);
    co_return Result<>();
}

QCoro::Task<> runPair(std::shared_ptr<Mover> mover, std::shared_ptr<SlotPair> pair)
{
    const Underway underway;
    const std::shared_ptr<RunContext> context = mover->context;
    QDeadlineTimer deadline(recoveryDeadlineMs);
    int tries = 0;
    for (;;) {
        const int doneBefore = pair->done;
        const auto outcome = co_await attempt(mover, pair);
        if (outcome || context->abandoned || mover->error)
            break;
        if (pair->done > doneBefore) {
            tries = 0;
            deadline = QDeadlineTimer(recoveryDeadlineMs);
        }
        const bool again = isTransient(outcome.error()) && !deadline.hasExpired()
            && (outcome.error().code == Error::Code::NoRoute || ++tries <= recoveries);
        if (!again) {
            mover->error = outcome.error();
            break;
        }
        const QString why = describe(outcome.error());
        if (context->state.waitingFor != why)
            context->log(tr("%1; reading the cluster again").arg(why), true);
        context->waitFor(why);
        constexpr int lookAgainMs = 200;
        if (!co_await RunContext::sleep(context, lookAgainMs))
            break;
    }
    context->waitFor({});
    if (!pair->open.isEmpty())
        SlotLedger(*context).leave(pair->open);
    else if (!pair->move.slots.isEmpty() && !mover->error && context->stopping)
        mover->waiting.clear();
    mover->running.removeOne(pair);
    auto ended = std::exchange(mover->ended, {});
    ended.complete(true);
}

bool isBusy(const Mover &mover, const SlotMove &move)
{
    return std::any_of(mover.running.begin(), mover.running.end(), [&](const std::shared_ptr<SlotPair> &pair) {
        const SlotMove &other = pair->move;
        return other.source.id == move.source.id || other.source.id == move.target.id
            || other.target.id == move.source.id || other.target.id == move.target.id;
    });
}

void startPairs(std::shared_ptr<Mover> mover)
{
    for (qsizetype i = 0; i < mover->waiting.size() && !mover->error && !mover->context->stopping;) {
        if (isBusy(*mover, mover->waiting[i])) {
            ++i;
            continue;
        }
        auto pair = std::make_shared<SlotPair>();
        pair->move = mover->waiting.takeAt(i);
        pair->options = mover->options;
        mover->running.append(pair);
        runPair(mover, pair);
    }
}

Error takenBackError(const SlotMove &move)
{
    return {.code = Error::Code::ServerError,
            .detail = tr("the node gave slots %1 away again, several times").arg(move.slots.toString(4)),
            .serverPrefix = {},
            .node = move.target.address,
            .command = {}};
}

/// Returns handed-over slots that their target no longer owns, because a failover of either node may have used an older
/// slot map. Their keys are still on the target, and are found there when the slots are moved again.
QCoro::Task<Result<QList<SlotMove>>> takenBack(std::shared_ptr<Mover> mover, PlanStep step)
{
    const std::shared_ptr<RunContext> context = mover->context;
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return failure(looked.error());
    const ClusterView &view = **looked;
    QList<SlotMove> list;
    for (SlotMove move : step.moves) {
        const int target = view.indexOf(primaryNow(view, move.target, move.targetHeirs).id);
        // use the target's own table, because other nodes may still assign to it a slot that it has lost
        const NodeObservation *observation = target < 0 ? nullptr : view.observationOf(view.nodes[size_t(target)].id);
        const NodeLine *self = observation && observation->table ? observation->table->self() : nullptr;
        const SlotSet astray = self ? move.slots.subtracted(self->slots) : move.slots;
        if (astray.isEmpty())
            continue;
        context->log(tr("%1 no longer owns slots %2 that were handed over to it: they are moved again")
                         .arg(move.target.address, astray.toString(4)),
                     true);
        SlotLedger(*context).takeBack(astray);
        move.slots = astray;
        list.append(move);
    }
    co_return Result<QList<SlotMove>>(list);
}

} // namespace

QCoro::Task<Result<>> moveSlots(std::shared_ptr<RunContext> context, PlanStep step)
{
    auto mover = std::make_shared<Mover>();
    mover->context = context;
    mover->waiting = step.moves;
    mover->options = step.migration;
    mover->startedAt = steadyMs();
    mover->keysBefore = std::exchange(context->keysBefore, 0);
    int total = 0;
    for (const SlotMove &move : step.moves) {
        total += move.slots.count();
        mover->all = mover->all.united(move.slots);
    }
    SlotLedger(*context).begin(u"classic"_s, total, mover->keysBefore);
    for (int round = 0;; ++round) {
        for (;;) {
            startPairs(mover);
            if (mover->running.isEmpty())
                break;
            co_await mover->ended.awaited();
        }
        if (mover->error || context->stopping || context->abandoned)
            break;
        const auto back = co_await takenBack(mover, step);
        if (!back)
            co_return failure(back.error());
        if (back->isEmpty())
            break;
        if (round >= mostRounds)
            co_return failure(takenBackError(back->front()));
        mover->waiting = *back;
    }
    if (mover->error)
        co_return failure(*mover->error);
    if (context->abandoned
        || (context->stopping && context->state.progress.slotsDone < context->state.progress.slotsTotal))
        co_return failure(Error::Code::Cancelled);
    const RunProgress &progress = context->state.progress;
    context->note(u"%1, %2"_s.arg(slotsText(progress.slotsDone), keysText(progress.keysDone)));
    co_return Result<>();
}

} // namespace slotscope
