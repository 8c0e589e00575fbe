// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/keymover.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <numeric>
#include <span>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int transientTries = 6;
constexpr int transientPauseMs = 150;
constexpr int downDeadlineMs = 60000; // a primary that comes back is cut off for up to 2 node timeouts + 5 s
constexpr int downPauseMs = 250;
constexpr int shownOfReply = 200;
constexpr int mostPauses = 50; // for a latency ceiling that is never met
constexpr int limitOfCallMs = 150; // for each I/O step of a MIGRATE among many; one that goes alone has more
constexpr int targetPatienceMs = 3000; // then the cluster is looked at: it may have been failed over
constexpr int targetPollMs = 100;
constexpr int targetAnswerMs = 1000;
constexpr int lanesAtOnce = 3; // each has a share of the stall budget
constexpr double callAimMs = 20; // a MIGRATE call holds up both nodes: as short as is still quick
constexpr int mostKeysInCall = 1000;
constexpr double pipelineAimMs = 40; // of calls sent and not yet answered
// MEMORY USAGE of every key costs a fifth of the whole. So all are asked until so many in a row were small, then those
// of one round in thirty-two; a big key, or a call that takes longer than its keys explain, begins it anew.
constexpr int smallEnough = 3000;
constexpr int roundsBetweenProbes = 32;
constexpr qint64 bigBytes = 256 * 1024;
constexpr double slowCallMs = 60;
constexpr qint64 announcedBytes = 8 * 1024 * 1024; // a key of that size is told of

/// One MIGRATE to be sent.
struct Call
{
    quint16 slot = 0;
    int database = 0;
    QByteArrayList keys;
    qint64 bytes = 0; ///< as far as they were asked
    int limitMs = 0; ///< for each I/O step
};

enum class Answer : quint8 { Done, Busy, Transient, Down, Stop };

Answer answerOf(const Value &reply)
{
    if (!reply.isError())
        return Answer::Done; // OK and NOKEY
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

/// With a throttle a call is a fifth of a second's keys at most: else a thousand would go at once, and then a long
/// pause.
qsizetype keysInCall(const KeyRoute &route, const MigrationOptions &options)
{
    return options.keysPerSecond > 0 ? std::min(route.keyLimit, std::max(1, options.keysPerSecond / 5))
                                     : route.keyLimit;
}

/// Cuts the keys of one slot into calls: by count, by bytes; a big key alone.
void appendCalls(std::vector<Call> &calls, const KeyRoute &route, const MigrationOptions &options, quint16 slot,
                 int database, const QByteArrayList &keys, std::span<const qint64> sizes)
{
    Call call{.slot = slot, .database = database, .keys = {}, .bytes = 0};
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const qint64 size = sizes.empty() ? 0 : sizes[size_t(i)];
        const bool full = call.keys.size() >= keysInCall(route, options) || call.bytes + size > options.batchBytes;
        if (full && !call.keys.isEmpty())
            calls.push_back(std::exchange(call, {.slot = slot, .database = database, .keys = {}, .bytes = 0}));
        call.keys.append(keys[i]);
        call.bytes += size;
    }
    if (!call.keys.isEmpty())
        calls.push_back(std::move(call));
}

/// What MEMORY USAGE says of the keys; 0 for one that is gone. Empty where it is not permitted: not asked again.
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
                context->log(tr("%1 does not permit MEMORY USAGE: a big key goes with others, and may take long")
                                 .arg(route->source.address),
                             true);
            co_return Result<std::vector<qint64>>(std::vector<qint64>());
        }
        sizes.push_back(reply.type() == Value::Type::Integer ? reply.toInteger() : 0);
    }
    co_return sizes;
}

/// Holds the keys back as far as the throttle asks.
QCoro::Task<bool> throttle(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves, qsizetype keys)
{
    const MigrationOptions &options = moves->options;
    if (options.keysPerSecond > 0) {
        const qint64 now = steadyMs();
        const qint64 due = std::max(now, context->throttledUntil);
        context->throttledUntil = due + keys * 1000 / options.keysPerSecond;
        if (due > now && !co_await RunContext::sleep(context, int(due - now)))
            co_return false;
    }
    // measured over another link than the migration's own, as a client would feel it
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

/// Grows or shrinks how much goes into one call, by what the last ones took.
void learn(KeyRoute &route, qsizetype keys, double milliseconds)
{
    if (milliseconds > slowCallMs && milliseconds > 3 * double(keys) / route.keysPerMs)
        route.smallInARow = 0;
    if (keys < 10 || milliseconds <= 0)
        return;
    route.keysPerMs = route.keysPerMs * 0.7 + 0.3 * double(keys) / milliseconds;
    route.keyLimit = std::clamp(int(route.keysPerMs * callAimMs), 10, mostKeysInCall);
}

bool isProbing(KeyRoute &route)
{
    return !route.sizesDenied && (route.smallInARow < smallEnough || ++route.rounds % roundsBetweenProbes == 0);
}

int limitOf(const KeyRoute &route, const Call &call)
{
    const bool alone = route.careful || call.bytes >= bigBytes;
    return alone ? route.migrateTimeoutMs : std::min(limitOfCallMs, route.migrateTimeoutMs);
}

/// What a lane sends at once: by keys, by bytes, and by how long the source may be held up.
std::vector<Call> takeChunk(const KeyRoute &route, const MigrationOptions &options, std::vector<Call> &calls,
                            size_t &position)
{
    std::vector<Call> chunk;
    qsizetype keys = 0;
    qint64 bytes = 0;
    int limits = 0;
    auto most = qsizetype(route.keysPerMs * pipelineAimMs);
    if (options.keysPerSecond > 0)
        most = std::min(most, keysInCall(route, options));
    for (; position < calls.size(); ++position) {
        Call &call = calls[position];
        call.limitMs = limitOf(route, call);
        const bool fits = keys + call.keys.size() <= most && bytes + call.bytes <= options.batchBytes
            && limits + call.limitMs <= route.stallBudgetMs / lanesAtOnce;
        if (!chunk.empty() && !fits)
            break;
        keys += call.keys.size();
        bytes += call.bytes;
        limits += call.limitMs;
        chunk.push_back(std::move(call));
    }
    return chunk;
}

/// Asked over a link of our own: through the source each question would hold that up.
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

bool isLastOfSlot(const std::vector<Call> &chunk, size_t index)
{
    return index + 1 == chunk.size() || chunk[index + 1].slot != chunk[index].slot;
}

/// They have arrived: what is found on both ends from now on is another matter.
void forgetTimedOut(RunContext &context, const KeyRoute &route, int database, const QByteArrayList &keys)
{
    const auto timedOut = context.timedOut.find(timedOutIn(route, database));
    if (timedOut == context.timedOut.end())
        return;
    for (const QByteArray &key : keys)
        timedOut->remove(key);
}

/// Sends one chunk of calls and takes the answers. Slots whose answers were not all fine are asked again; false where
/// there are such.
QCoro::Task<Result<bool>> sendChunk(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves,
                                    KeyRoute::Database database, std::vector<Call> chunk,
                                    std::shared_ptr<QHash<quint16, QByteArrayList>> next, std::shared_ptr<int> troubles)
{
    KeyRoute &route = *moves->route;
    std::vector<Command> commands;
    qsizetype keys = 0;
    int limits = 0;
    for (const Call &call : chunk) {
        commands.push_back(migrateCommand(route, database.number, call.keys, false, call.limitMs));
        keys += call.keys.size();
        limits += call.limitMs;
        if (call.bytes >= announcedBytes)
            context->log(tr("a big key goes alone: “%1”, %2, from %3; both nodes serve nothing else meanwhile")
                             .arg(toDisplay(call.keys.front().left(80)), byteSize(call.bytes), route.source.address));
    }
    // the next question travels with the last call of its slot
    std::vector<Command> stream;
    for (size_t i = 0; i < chunk.size(); ++i) {
        stream.push_back(std::move(commands[i]));
        if (isLastOfSlot(chunk, i))
            stream.push_back(commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(chunk[i].slot),
                                       QByteArray::number(keysPerQuestion)));
    }
    co_await Room::enter(moves->route->room, limits);
    QElapsedTimer clock;
    clock.start();
    const auto replies = co_await database.link->sendAll(stream);
    moves->route->room->leave(limits);
    if (!replies)
        co_return failure(replies.error());
    learn(route, keys, double(clock.nsecsElapsed()) / 1e6);
    route.migrateCalls += qint64(chunk.size());
    size_t position = 0;
    QByteArrayList busy;
    bool transient = false, down = false;
    for (size_t i = 0; i < chunk.size(); ++i) {
        const Call &call = chunk[i];
        const Value &reply = (*replies)[position++];
        const Answer answer = answerOf(reply);
        if (answer == Answer::Stop)
            co_return failure(migrateError(route, call.keys, reply));
        if (answer == Answer::Done) {
            context->state.progress.keysDone += call.keys.size();
            forgetTimedOut(*context, route, database.number, call.keys);
        }
        if (answer == Answer::Busy)
            busy += call.keys;
        if (answer == Answer::Down) {
            down = true;
            if (moves->downUntil.value_or(QDeadlineTimer(QDeadlineTimer::Forever)).hasExpired())
                co_return failure(migrateError(route, call.keys, reply));
            context->waitFor(
                tr("%1 to move keys again: %2").arg(route.source.address, toDisplay(reply.bytes().left(shownOfReply))));
        }
        if (answer == Answer::Transient) {
            transient = true;
            if (!route.sourceRun.isEmpty() && !route.foreign)
                for (const QByteArray &key : call.keys)
                    context->timedOut[timedOutIn(route, database.number)].insert(key);
            context->log(tr("%1 said “%2” to MIGRATE; trying again")
                             .arg(route.source.address, toDisplay(reply.bytes().left(shownOfReply))),
                         true);
            if (call.keys.size() == 1 && *troubles + 1 >= transientTries)
                co_return failure(migrateError(route, call.keys, reply));
        }
        if (!isLastOfSlot(chunk, i))
            continue;
        const Value &left = (*replies)[position++];
        if (left.isError())
            co_return failure(*errorOf(left, route.source.address, u"CLUSTER GETKEYSINSLOT"_s));
        QByteArrayList found;
        for (const Value &key : left.items())
            found.append(key.bytes());
        (*next)[call.slot] = found;
    }
    if (!busy.isEmpty()) {
        const auto settled = co_await settleBusyKeys(context, moves->route, database.link, database.number, busy,
                                                     moves->options.busyKeys);
        if (!settled)
            co_return failure(settled.error());
    }
    if (down) { // nothing is wrong with the calls: a failover is under way, or a primary came back a moment ago
        if (!moves->downUntil)
            moves->downUntil = QDeadlineTimer(downDeadlineMs);
        if (!co_await RunContext::sleep(context, downPauseMs))
            co_return failure(Error::Code::Cancelled);
    } else if (moves->downUntil) {
        moves->downUntil.reset();
        context->waitFor({});
    }
    route.careful = transient;
    if (transient) {
        route.keyLimit = std::max(1, route.keyLimit / 4);
        route.keysPerMs /= 4;
        route.smallInARow = 0; // one of them may be big
        if (++*troubles >= transientTries)
            co_return failure(Error{.code = Error::Code::Timeout,
                                    .detail = tr("MIGRATE to %1 failed %2 times in a row; the slots can be resumed")
                                                  .arg(route.target.address)
                                                  .arg(*troubles),
                                    .serverPrefix = "IOERR",
                                    .node = route.source.address,
                                    .command = u"MIGRATE"_s});
        if (!co_await RunContext::sleep(context, transientPauseMs * *troubles))
            co_return failure(Error::Code::Cancelled);
        const auto answers = co_await awaitTarget(context, moves->route);
        if (!answers)
            co_return failure(answers.error());
    } else if (busy.isEmpty()) {
        *troubles = 0;
    }
    context->changed();
    co_return !transient && !down && busy.isEmpty();
}

/// MIGRATE deletes what it has moved. Where it says OK and the key is still there (a proxy in between, a server that is
/// not well), asking again would never end.
class StuckKeys
{
public:
    /// `sent`: to be moved in this round; `left`: what the source has after it.
    [[nodiscard]] std::optional<QByteArray> next(const QHash<quint16, QByteArrayList> &sent,
                                                 const QHash<quint16, QByteArrayList> &left)
    {
        for (auto slot = left.cbegin(); slot != left.cend(); ++slot) {
            const QByteArrayList before = sent.value(slot.key());
            const QByteArrayList head = slot->mid(0, looked);
            const auto stuck = std::find_if(head.begin(), head.end(),
                                            [&before](const QByteArray &key) { return before.contains(key); });
            if (stuck == head.end())
                m_rounds.remove(slot.key());
            else if (++m_rounds[slot.key()] >= most)
                return *stuck;
        }
        return {};
    }

private:
    static constexpr qsizetype looked = 3;
    static constexpr int most = 3;
    QHash<quint16, int> m_rounds; ///< in a row, by slot
};

Error stuckError(const KeyRoute &route, const QByteArray &key)
{
    return {.code = Error::Code::ServerError,
            .detail = tr("it says OK to MIGRATE of “%1” (slot %2) to %3, again and again, and still has the key")
                          .arg(toDisplay(key.left(60)))
                          .arg(slotOfKey(key))
                          .arg(route.target.address),
            .serverPrefix = {},
            .node = route.source.address,
            .command = u"MIGRATE"_s};
}

/// All keys of the slots in one database.
QCoro::Task<Result<>> moveDatabase(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves,
                                   KeyRoute::Database database)
{
    const auto waiting = std::make_shared<QHash<quint16, QByteArrayList>>();
    const auto troubles = std::make_shared<int>(0);
    if (database.number == 0 && !moves->first.isEmpty()) {
        *waiting = moves->first;
    } else {
        std::vector<Command> questions;
        for (const quint16 slot : moves->slots)
            questions.push_back(
                commandOf("CLUSTER", "GETKEYSINSLOT", QByteArray::number(slot), QByteArray::number(keysPerQuestion)));
        const auto replies = co_await database.link->sendAll(questions);
        if (!replies)
            co_return failure(replies.error());
        for (qsizetype i = 0; i < moves->slots.size(); ++i) {
            const Value &reply = (*replies)[size_t(i)];
            if (reply.isError())
                co_return failure(*errorOf(reply, moves->route->source.address, u"CLUSTER GETKEYSINSLOT"_s));
            QByteArrayList keys;
            for (const Value &key : reply.items())
                keys.append(key.bytes());
            waiting->insert(moves->slots[i], keys);
        }
    }
    const auto clean = std::make_shared<bool>(true); // in this round: all calls said OK
    StuckKeys stuck;
    for (;;) {
        const QHash<quint16, QByteArrayList> sentKeys = *waiting;
        *clean = true;
        QByteArrayList all;
        for (const quint16 slot : moves->slots)
            all += waiting->value(slot);
        std::vector<qint64> sizes;
        if (!all.isEmpty() && isProbing(*moves->route)) {
            auto asked = co_await sizesOf(context, moves->route, database.link, all);
            if (!asked)
                co_return failure(asked.error());
            sizes = std::move(*asked);
            const bool big = std::any_of(sizes.begin(), sizes.end(), [](qint64 size) { return size >= bigBytes; });
            moves->route->smallInARow = big ? 0 : moves->route->smallInARow + int(sizes.size());
        }
        std::vector<Call> calls;
        qsizetype first = 0;
        for (const quint16 slot : moves->slots) {
            const QByteArrayList keys = waiting->take(slot);
            appendCalls(calls, *moves->route, moves->options, slot, database.number, keys,
                        std::span(sizes).subspan(sizes.empty() ? 0 : size_t(first)));
            first += keys.size();
        }
        if (calls.empty())
            co_return Result<>();
        size_t position = 0;
        while (position < calls.size()) {
            std::vector<Call> chunk = takeChunk(*moves->route, moves->options, calls, position);
            const qsizetype keys =
                std::accumulate(chunk.begin(), chunk.end(), qsizetype(0),
                                [](qsizetype sum, const Call &call) { return sum + call.keys.size(); });
            if (!co_await throttle(context, moves, keys))
                co_return failure(Error::Code::Cancelled);
            const auto sent = co_await sendChunk(context, moves, database, std::move(chunk), waiting, troubles);
            if (!sent)
                co_return failure(sent.error());
            *clean = *clean && *sent;
        }
        const auto key = *clean ? stuck.next(sentKeys, *waiting) : std::nullopt;
        if (key)
            co_return failure(stuckError(*moves->route, *key));
    }
}

} // namespace

QCoro::Task<Result<>> moveKeys(std::shared_ptr<RunContext> context, std::shared_ptr<KeyMoves> moves)
{
    const std::vector<KeyRoute::Database> databases = moves->route->databases;
    for (const KeyRoute::Database &database : databases) {
        const auto moved = co_await moveDatabase(context, moves, database);
        if (!moved)
            co_return failure(moved.error());
    }
    co_return Result<>();
}

} // namespace slotscope
