// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/migration/keycalls.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <numeric>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int transientTries = 6;
constexpr int transientPauseMs = 150;
constexpr int downDeadlineMs = 60000; // a primary that comes back refuses commands for up to 2 node timeouts + 5 s
constexpr int downPauseMs = 250;
constexpr int shownOfReply = 200;
constexpr int mostPauses = 50; // gives up if the latency never falls below the ceiling
// after this time the cluster is checked, because the target may have failed over
constexpr int targetPatienceMs = 3000;
constexpr int targetPollMs = 100;
constexpr int targetAnswerMs = 1000;
constexpr qint64 announcedBytes = 8 * 1024 * 1024; // keys of this size are reported in the log

enum class Answer : quint8 { Done, Busy, Transient, Down, Stop };

Answer answerOf(const Value &reply)
{
    if (!reply.isError())
        return Answer::Done; // OK or NOKEY
    const QByteArray &text = reply.bytes();
    if (text.contains("BUSYKEY"))
        return Answer::Busy;
    for (const QByteArrayView down : {"CLUSTERDOWN", "LOADING", "MASTERDOWN"})
        if (text.contains(down))
            return Answer::Down;
    for (const QByteArrayView transient : {"IOERR", "TRYAGAIN"})
        if (text.contains(transient))
            return Answer::Transient;
    return Answer::Stop;
}

/// Returns MEMORY USAGE of the keys; 0 for a missing key. Empty if the command is not permitted; it is then not tried
/// again.
QCoro::Task<Result<std::vector<qint64>>> sizesOf(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route,
                                                 std::shared_ptr<NodeLink> link, QByteArrayList keys)
{
    std::vector<Command> questions;
    const size_t each = route->foreign ? 2 : 1;
    questions.reserve(each * size_t(keys.size()));
    for (const QByteArray &key : keys) {
        if (route->foreign)
            questions.push_back(commandOf("ASKING"));
        questions.push_back(commandOf("MEMORY", "USAGE", key));
    }
    const auto replies = co_await link->sendAll(questions);
    if (!replies)
        co_return failure(replies.error());
    std::vector<qint64> sizes;
    for (size_t i = each - 1; i < replies->size(); i += each) {
        const Value &reply = (*replies)[i];
        if (reply.isError() && reply.bytes().startsWith("NOPERM")) {
            if (!std::exchange(route->sizesDenied, true))
                context->log(
                    tr("%1 does not permit MEMORY USAGE: big keys are moved together with others, which may take long")
                        .arg(route->source.address),
                    true);
            co_return Result<std::vector<qint64>>(std::vector<qint64>());
        }
        sizes.push_back(reply.type() == Value::Type::Integer ? reply.toInteger() : 0);
    }
    co_return sizes;
}

/// Waits before the next `keys` keys are moved, as long as the throttle and the latency ceiling require. Returns false
/// if the run was abandoned meanwhile.
QCoro::Task<bool> throttle(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves, qsizetype keys)
{
    MigrationOptions &options = moves->options;
    // the user may change the throttle at any time
    options.keysPerSecond = context->keysPerSecond.value_or(options.keysPerSecond);
    if (options.keysPerSecond > 0) {
        const qint64 now = steadyMs();
        const qint64 due = std::max(now, context->throttledUntil);
        context->throttledUntil = due + keys * 1000 / options.keysPerSecond;
        if (due > now && !co_await RunContext::sleep(context, int(due - now)))
            co_return false;
    }
    // measured over a connection that the migration does not use, to see what clients experience
    for (int tries = 0; options.latencyCeilingMs > 0 && tries < mostPauses; ++tries) {
        QElapsedTimer clock;
        clock.start();
        const auto source = co_await RunContext::send(context, moves->route->source, commandOf("PING"));
        const auto target = co_await RunContext::send(context, moves->route->target, commandOf("PING"));
        if (!source || !target || clock.elapsed() <= 2 * options.latencyCeilingMs)
            break;
        moves->route->keyLimit = std::max(1, moves->route->keyLimit / 2);
        moves->route->keysPerMs /= 2;
        if (!co_await RunContext::sleep(context, options.latencyCeilingMs))
            co_return false;
    }
    co_return !context->abandoned;
}

/// Waits until the target answers. Uses a direct connection, because each query through the source would block the
/// source.
QCoro::Task<Result<>> awaitTarget(std::shared_ptr<RunContext> context, std::shared_ptr<KeyRoute> route)
{
    for (const QDeadlineTimer deadline(targetPatienceMs);;) {
        const auto answer = co_await route->targetLink->send(commandOf("PING"), targetAnswerMs);
        if (answer)
            break;
        context->waitFor(tr("%1 to answer again").arg(route->target.address));
        if (deadline.hasExpired())
            co_return failure(answer.error());
        route->targetLink->retryNow();
        if (!co_await RunContext::sleep(context, targetPollMs))
            co_return failure(Error::Code::Cancelled);
    }
    context->waitFor({});
    co_return Result<>();
}

/// These keys have arrived, so copies found later on both nodes are no longer from a timed-out call.
void forgetTimedOut(RunContext &context, const KeyRoute &route, int database, const QByteArrayList &keys)
{
    const auto timedOut = context.timedOut.find(timedOutIn(route, database));
    if (timedOut == context.timedOut.end())
        return;
    for (const QByteArray &key : keys)
        timedOut->remove(key);
}

/// The transfer of the keys of one database.
struct Lane
{
    std::shared_ptr<RunContext> context;
    std::shared_ptr<KeyMoves> moves;
    KeyRoute::Database database;
    QHash<quint16, QByteArrayList> waiting; ///< keys read and not sent yet, by slot
    int troubles = 0; ///< number of consecutive chunks with a retryable failure
};
using LanePtr = std::shared_ptr<Lane>;

/// The combined result of the replies to a chunk.
struct ChunkOutcome
{
    QByteArrayList busy; ///< keys that already exist on the target
    bool transient = false, down = false;
    [[nodiscard]] bool isClean() const { return busy.isEmpty() && !transient && !down; }
};

Command keysIn(quint16 slot)
{
    return commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(slot), QByteArray::number(keysPerQuestion));
}

Result<QByteArrayList> keysFrom(const KeyRoute &route, const Value &reply)
{
    if (const auto error = errorOf(reply, route.source.address, u"CLUSTER GETKEYSINSLOT"_s))
        return failure(*error);
    QByteArrayList keys;
    for (const Value &key : reply.items())
        keys.append(key.bytes());
    return keys;
}

/// Returns the commands of a chunk. The query for a slot's next keys follows the last call of that slot.
std::vector<Command> streamOf(const Lane &lane, const std::vector<Call> &chunk)
{
    const KeyRoute &route = *lane.moves->route;
    std::vector<Command> stream;
    for (size_t i = 0; i < chunk.size(); ++i) {
        const Call &call = chunk[i];
        if (call.bytes >= announcedBytes)
            lane.context->log(
                tr("a big key is moved alone: “%1”, %2, from %3; until it has moved, neither node serves other "
                   "commands")
                    .arg(toDisplay(call.keys.front().left(80)), byteSize(call.bytes), route.source.address));
        stream.push_back(migrateCommand(route, lane.database.number, call.keys, false, call.limitMs));
        if (isLastOfSlot(chunk, i))
            stream.push_back(keysIn(call.slot));
    }
    return stream;
}

/// Handles the reply to one call. Returns an error if a retry is pointless or there were too many.
Result<> takeAnswer(Lane &lane, const Call &call, const Value &reply, ChunkOutcome &outcome)
{
    RunContext &context = *lane.context;
    const KeyRoute &route = *lane.moves->route;
    const QString said = toDisplay(reply.bytes().left(shownOfReply));
    switch (answerOf(reply)) {
    case Answer::Stop: return failure(migrateError(route, call.keys, reply));
    case Answer::Done:
        context.state.progress.keysDone += call.keys.size();
        forgetTimedOut(context, route, lane.database.number, call.keys);
        return {};
    case Answer::Busy: outcome.busy += call.keys; return {};
    case Answer::Down:
        outcome.down = true;
        if (lane.moves->downUntil.value_or(QDeadlineTimer(QDeadlineTimer::Forever)).hasExpired())
            return failure(migrateError(route, call.keys, reply));
        context.waitFor(tr("%1 to move keys again: %2").arg(route.source.address, said));
        return {};
    case Answer::Transient: break;
    }
    outcome.transient = true;
    if (!route.sourceRun.isEmpty() && !route.foreign)
        for (const QByteArray &key : call.keys)
            context.timedOut[timedOutIn(route, lane.database.number)].insert(key);
    context.log(tr("%1 replied “%2” to MIGRATE; trying again").arg(route.source.address, said), true);
    if (call.keys.size() == 1 && lane.troubles + 1 >= transientTries)
        return failure(migrateError(route, call.keys, reply));
    return {};
}

Result<ChunkOutcome> takeAnswers(Lane &lane, const std::vector<Call> &chunk, const std::vector<Value> &replies)
{
    ChunkOutcome outcome;
    size_t position = 0;
    for (size_t i = 0; i < chunk.size(); ++i) {
        if (const auto taken = takeAnswer(lane, chunk[i], replies[position++], outcome); !taken)
            return failure(taken.error());
        if (!isLastOfSlot(chunk, i))
            continue;
        const auto left = keysFrom(*lane.moves->route, replies[position++]);
        if (!left)
            return failure(left.error());
        lane.waiting[chunk[i].slot] = *left;
    }
    return outcome;
}

/// Waits after CLUSTERDOWN or LOADING. The calls are fine, but a failover is in progress, or a primary has just come
/// back.
QCoro::Task<Result<>> awaitUp(LanePtr lane, bool down)
{
    KeyMoves &moves = *lane->moves;
    if (!down && moves.downUntil) {
        moves.downUntil.reset();
        lane->context->waitFor({});
    }
    if (!down)
        co_return Result<>();
    if (!moves.downUntil)
        moves.downUntil = QDeadlineTimer(downDeadlineMs);
    if (!co_await RunContext::sleep(lane->context, downPauseMs))
        co_return failure(Error::Code::Cancelled);
    co_return Result<>();
}

/// Prepares the retry of failed calls: sends less at once, and first waits until the target answers.
QCoro::Task<Result<>> recover(LanePtr lane)
{
    KeyRoute &route = *lane->moves->route;
    route.keyLimit = std::max(1, route.keyLimit / 4);
    route.keysPerMs /= 4;
    route.smallInARow = 0; // a key among them may be big
    if (++lane->troubles >= transientTries)
        co_return failure(Error{.code = Error::Code::Timeout,
                                .detail = tr("MIGRATE to %1 failed %2 times in a row; the operation can be resumed")
                                              .arg(route.target.address)
                                              .arg(lane->troubles),
                                .serverPrefix = "IOERR",
                                .node = route.source.address,
                                .command = u"MIGRATE"_s});
    if (!co_await RunContext::sleep(lane->context, transientPauseMs * lane->troubles))
        co_return failure(Error::Code::Cancelled);
    co_return co_await awaitTarget(lane->context, lane->moves->route);
}

/// Sends one chunk of calls and handles the replies. Returns false if some slots had failures; these are queried again.
QCoro::Task<Result<bool>> sendChunk(LanePtr lane, std::vector<Call> chunk)
{
    const std::shared_ptr<KeyRoute> route = lane->moves->route;
    qsizetype keys = 0;
    int limits = 0;
    for (const Call &call : chunk) {
        keys += call.keys.size();
        limits += call.limitMs;
    }
    const std::vector<Command> stream = streamOf(*lane, chunk);
    co_await InFlightLimit::enter(route->room, limits);
    QElapsedTimer clock;
    clock.start();
    const auto replies = co_await lane->database.link->sendAll(stream);
    route->room->leave(limits);
    if (!replies)
        co_return failure(replies.error());
    learn(*route, keys, double(clock.nsecsElapsed()) / 1e6);
    route->migrateCalls += qint64(chunk.size());
    const auto outcome = takeAnswers(*lane, chunk, *replies);
    if (!outcome)
        co_return failure(outcome.error());
    if (!outcome->busy.isEmpty()) {
        const auto settled = co_await settleBusyKeys(lane->context, route, lane->database.link, lane->database.number,
                                                     outcome->busy, lane->moves->options.busyKeys);
        if (!settled)
            co_return failure(settled.error());
    }
    const auto up = co_await awaitUp(lane, outcome->down);
    if (!up)
        co_return failure(up.error());
    route->careful = outcome->transient;
    if (outcome->transient) {
        const auto recovered = co_await recover(lane);
        if (!recovered)
            co_return failure(recovered.error());
    } else if (outcome->busy.isEmpty()) {
        lane->troubles = 0;
    }
    lane->context->changed();
    co_return outcome->isClean();
}

/// Reads the first keys of every slot, unless they were read when the slots were opened.
QCoro::Task<Result<>> readFirst(LanePtr lane)
{
    const QList<quint16> slotList = lane->moves->slots;
    if (lane->database.number == 0 && !lane->moves->first.isEmpty()) {
        lane->waiting = lane->moves->first;
        co_return Result<>();
    }
    std::vector<Command> questions;
    for (const quint16 slot : slotList)
        questions.push_back(keysIn(slot));
    const auto replies = co_await lane->database.link->sendAll(questions);
    if (!replies)
        co_return failure(replies.error());
    for (qsizetype i = 0; i < slotList.size(); ++i) {
        const auto keys = keysFrom(*lane->moves->route, (*replies)[size_t(i)]);
        if (!keys)
            co_return failure(keys.error());
        lane->waiting.insert(slotList[i], *keys);
    }
    co_return Result<>();
}

/// Returns the sizes of the waiting keys if this round queries them, else an empty list.
QCoro::Task<Result<std::vector<qint64>>> probe(LanePtr lane)
{
    const std::shared_ptr<KeyRoute> route = lane->moves->route;
    QByteArrayList all;
    for (const quint16 slot : std::as_const(lane->moves->slots))
        all += lane->waiting.value(slot);
    std::vector<qint64> sizes;
    if (all.isEmpty() || !isProbing(*route))
        co_return Result<std::vector<qint64>>(sizes);
    auto asked = co_await sizesOf(lane->context, route, lane->database.link, all);
    if (!asked)
        co_return failure(asked.error());
    sizes = std::move(*asked);
    const bool big = std::any_of(sizes.begin(), sizes.end(), [](qint64 size) { return size >= bigBytes; });
    route->smallInARow = big ? 0 : route->smallInARow + int(sizes.size());
    co_return Result<std::vector<qint64>>(sizes);
}

/// Splits all waiting keys into calls.
std::vector<Call> takeCalls(Lane &lane, const std::vector<qint64> &sizes)
{
    std::vector<Call> calls;
    qsizetype first = 0;
    for (const quint16 slot : std::as_const(lane.moves->slots)) {
        const QByteArrayList keys = lane.waiting.take(slot);
        appendCalls(calls, *lane.moves->route, lane.moves->options, slot, lane.database.number, keys,
                    std::span(sizes).subspan(sizes.empty() ? 0 : size_t(first)));
        first += keys.size();
    }
    return calls;
}

/// Sends all calls of a round; returns false if not all succeeded.
QCoro::Task<Result<bool>> sendRound(LanePtr lane, std::vector<Call> calls)
{
    bool clean = true;
    for (size_t position = 0; position < calls.size();) {
        std::vector<Call> chunk = takeChunk(*lane->moves->route, lane->moves->options, calls, position);
        const qsizetype keys = std::accumulate(chunk.begin(), chunk.end(), qsizetype(0),
                                               [](qsizetype sum, const Call &call) { return sum + call.keys.size(); });
        if (!co_await throttle(lane->context, lane->moves, keys))
            co_return failure(Error::Code::Cancelled);
        const auto sent = co_await sendChunk(lane, std::move(chunk));
        if (!sent)
            co_return failure(sent.error());
        clean = clean && *sent;
    }
    co_return Result<bool>(clean);
}

/// Moves all keys of the slots in one database.
QCoro::Task<Result<>> moveDatabase(LanePtr lane)
{
    const auto read = co_await readFirst(lane);
    if (!read)
        co_return failure(read.error());
    for (StuckKeys stuck;;) {
        const QHash<quint16, QByteArrayList> asked = lane->waiting;
        const auto sizes = co_await probe(lane);
        if (!sizes)
            co_return failure(sizes.error());
        std::vector<Call> calls = takeCalls(*lane, *sizes);
        if (calls.empty())
            co_return Result<>();
        const auto clean = co_await sendRound(lane, std::move(calls));
        if (!clean)
            co_return failure(clean.error());
        const auto key = *clean ? stuck.next(asked, lane->waiting) : std::nullopt;
        if (key)
            co_return failure(stuckError(*lane->moves->route, *key));
    }
}

} // namespace

QCoro::Task<Result<>> moveKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves)
{
    const std::vector<KeyRoute::Database> databases = moves->route->databases;
    for (const KeyRoute::Database &database : databases) {
        const auto lane = std::make_shared<Lane>();
        lane->context = context;
        lane->moves = moves;
        lane->database = database;
        const auto moved = co_await moveDatabase(lane);
        if (!moved)
            co_return failure(moved.error());
    }
    co_return Result<>();
}

} // namespace slotscope
