// SPDX-License-Identifier: GPL-3.0-or-later
// Atomic slot migration: the servers copy and hand over by themselves; here it is asked for, watched and, when it does
// not come to an end, cancelled. Valkey 9 is asked on the source, Redis 8.4 on the target.
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotledger.h"
#include "core/operations/migration/slotmover.h"
#include "core/operations/facts/waiting.h"

#include "core/base/text.h"

#include <QDateTime>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int jobPollMs = 100;
constexpr int answerMs = 2000; // timeout for queries about the job, and for cancelling it
constexpr int retryBudget = 5; // Redis retries a failed import forever. Valkey never does, so we retry this often
constexpr int retryPauseMs = 500;
constexpr int jobSilenceMs = 120000; // the job is given up if its state does not change for this long
constexpr int unknownTries = 20; // number of queries that a server may answer without listing the job (yet)
// time limit for a server that does not answer: its job may still be running, or may have failed
constexpr int unheardMs = 30000;
constexpr int slotsInJob = 4096; // limit per job, so that stopping the run need not wait for all slots

/// What the servers report about one migration job.
struct JobState
{
    bool known = false, done = false, failed = false;
    QString state, message;
    qint64 retries = 0;
};

void appendRanges(Command &command, const SlotSet &slotSet)
{
    for (const SlotRange &range : slotSet.ranges())
        command << QByteArray::number(range.first) << QByteArray::number(range.last);
}

QByteArray field(const Value &job, QByteArrayView name)
{
    const Value *value = job.find(name);
    return !value                               ? QByteArray()
        : value->type() == Value::Type::Integer ? QByteArray::number(value->toInteger())
                                                : value->bytes();
}

/// One migration job, in the terms of either product.
struct Job
{
    bool import = false; ///< Redis: the job is queried on the target
    SlotMove move;
    QByteArray id; ///< Redis: id of the task; Valkey: name of the job, found by its slot ranges
    [[nodiscard]] const NodeRef &asked() const { return import ? move.target : move.source; }
};

Command startCommand(const Job &job)
{
    Command command =
        job.import ? commandOf("CLUSTER", "MIGRATION", "IMPORT") : commandOf("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE");
    appendRanges(command, job.move.slots);
    if (!job.import)
        command << "NODE"_ba << job.move.target.id;
    return command;
}

Command statusCommand(const Job &job)
{
    return !job.import     ? commandOf("CLUSTER", "GETSLOTMIGRATIONS")
        : job.id.isEmpty() ? commandOf("CLUSTER", "MIGRATION", "STATUS", "ALL")
                           : commandOf("CLUSTER", "MIGRATION", "STATUS", "ID", job.id);
}

Command cancelCommand(const Job &job)
{
    return job.import ? commandOf("CLUSTER", "MIGRATION", "CANCEL", "ID", job.id)
                      : commandOf("CLUSTER", "CANCELSLOTMIGRATIONS");
}

JobState stateOf(Job &job, const Value &reply)
{
    JobState state;
    for (const Value &item : reply.items()) {
        const bool import = job.import;
        const bool same = field(item, "operation").toLower() == (import ? "import" : "export")
            && field(item, import ? "dest" : "target_node") == job.move.target.id
            && SlotSet::parse(field(item, import ? "slots" : "slot_ranges")) == Result<SlotSet>(job.move.slots);
        const QByteArray id = field(item, import ? "id" : "name");
        if (job.id.isEmpty() ? !same : id != job.id)
            continue;
        job.id = id;
        state.known = true;
        state.state = QString::fromUtf8(field(item, "state"));
        state.message = toDisplay(field(item, job.import ? "last_error" : "message").simplified());
        state.retries = toInteger(field(item, "retries")).value_or(0);
        state.done = state.state == u"completed" || state.state == u"success";
        state.failed = state.state == u"canceled" || state.state == u"cancelled"
            || (state.state == u"failed" && !job.import); // Redis continues after "failed"
        break; // jobs are listed newest first
    }
    return state;
}

Error jobError(const Job &job, const QString &text)
{
    return {.code = Error::Code::ServerError,
            .detail = tr("slots %1 to %2: %3").arg(job.move.slots.toString(4), job.move.target.address, text),
            .serverPrefix = {},
            .node = job.asked().address,
            .command = job.import ? u"CLUSTER MIGRATION"_s : u"CLUSTER MIGRATESLOTS"_s};
}

QCoro::Task<bool> isOwner(std::shared_ptr<RunContext> context, SlotMove move)
{
    const auto looked = co_await RunContext::look(context);
    const NodeState *target = looked ? (*looked)->node(move.target.id) : nullptr;
    co_return target &&move.slots.subtracted(target->slots).isEmpty();
}

QCoro::Task<Result<>> cancel(std::shared_ptr<RunContext> context, Job job, QString why)
{
    const auto cancelled = co_await RunContext::send(context, job.asked(), cancelCommand(job), answerMs);
    const QString what = job.move.slots.toString(4);
    context->log(cancelled
                     ? tr("cancelled the slot migration of %1 to %2: %3").arg(what, job.move.target.address, why)
                     : tr("the slot migration of %1 to %2 could not be cancelled (%3): the servers may continue it")
                           .arg(what, job.move.target.address, cancelled.error().detail),
                 true);
    co_return Result<>();
}

/// Starts one job and waits until it has ended. `failed` receives the server's reason if the job ended without success.
QCoro::Task<Result<>> runJob(std::shared_ptr<RunContext> context, Job job, std::shared_ptr<QString> failed)
{
    const auto begun = co_await RunContext::send(context, job.asked(), startCommand(job));
    if (!begun) {
        if (co_await isOwner(context, job.move)) // the run was resumed and the job had finished meanwhile
            co_return Result<>();
        const auto status = co_await RunContext::send(context, job.asked(), statusCommand(job), answerMs);
        const JobState running = status ? stateOf(job, *status) : JobState{};
        if (!running.known || running.failed)
            co_return failure(begun.error());
        // the run was resumed while the same job still runs
        context->log(tr("the servers are already migrating these slots: %1").arg(running.state));
    } else if (job.import) {
        job.id = begun->bytes();
    }
    QDeadlineTimer silence(jobSilenceMs);
    QDeadlineTimer unheard(unheardMs);
    QString last;
    int unknown = 0;
    for (;;) {
        if (!co_await RunContext::sleep(context, jobPollMs)) {
            co_await cancel(context, job, tr("stopped"));
            co_return failure(Error::Code::Cancelled);
        }
        const auto status = co_await RunContext::send(context, job.asked(), statusCommand(job), answerMs);
        const JobState state = status ? stateOf(job, *status) : JobState{};
        if (state.done)
            co_return Result<>();
        if (status)
            unheard = QDeadlineTimer(unheardMs);
        context->waitFor(status ? QString() : tr("%1 to answer again").arg(job.asked().address));
        if (status ? !state.known && ++unknown > unknownTries : unheard.hasExpired()) {
            context->waitFor({});
            if (co_await isOwner(context, job.move))
                co_return Result<>();
            co_return failure(
                jobError(job,
                         status ? tr("the server no longer lists the migration")
                                : tr("%1. The servers may continue the migration: resuming checks that first")
                                      .arg(status.error().detail)));
        }
        if (!status)
            continue;
        if (state.known)
            unknown = 0;
        const QString words = state.message.isEmpty() ? state.state : state.state + u": "_s + state.message;
        if (state.failed) {
            *failed = words;
            co_return failure(jobError(job, words));
        }
        if (words != last) {
            last = words;
            silence = QDeadlineTimer(jobSilenceMs);
            context->note(words);
        }
        if (state.retries >= retryBudget) {
            co_await cancel(context, job, tr("%1 retries").arg(state.retries));
            co_return failure(jobError(job, words));
        }
        if (silence.hasExpired()) {
            co_await cancel(context, job, tr("no progress for %1").arg(duration(jobSilenceMs)));
            co_return failure(jobError(job, tr("its state was “%1” for %2").arg(words, duration(jobSilenceMs))));
        }
        context->changed();
    }
}

QList<SlotMove> pieces(const QList<SlotMove> &moves)
{
    QList<SlotMove> list;
    for (const SlotMove &move : moves) {
        SlotMove piece{.source = move.source, .target = move.target, .slots = {}};
        for (SlotRange range : move.slots.ranges()) {
            while (range.first <= range.last) {
                const int room = slotsInJob - piece.slots.count();
                const auto end = quint16(std::min<int>(range.last, range.first + room - 1));
                piece.slots.add(SlotRange{range.first, end});
                if (piece.slots.count() >= slotsInJob)
                    list.append(std::exchange(piece, {.source = move.source, .target = move.target, .slots = {}}));
                if (end == range.last)
                    break;
                range.first = quint16(end + 1);
            }
        }
        if (!piece.slots.isEmpty())
            list.append(piece);
    }
    return list;
}

/// Whether Valkey reports that its time ran out while client writes were paused: these writes were confirmed with OK,
/// and Valkey does not know whether the target has received them.
bool tellsOfLostWrites(const Error &error)
{
    return error.detail.contains(u"lost writes");
}

QCoro::Task<Result<>> movePiece(std::shared_ptr<RunContext> context, SlotMove piece, bool import,
                                std::shared_ptr<std::optional<Error>> loss)
{
    const auto written = SlotLedger(*context).open(piece.slots);
    if (!written)
        co_return failure(written.error());
    if (!co_await isOwner(context, piece)) {
        for (int tries = 1;; ++tries) {
            const auto failed = std::make_shared<QString>();
            const Job job{.import = import, .move = piece, .id = {}};
            const auto done = co_await runJob(context, job, failed);
            if (done)
                break;
            if (tellsOfLostWrites(done.error()))
                *loss = done.error();
            if (failed->isEmpty() || tries >= retryBudget)
                co_return failure(done.error());
            context->log(done.error().detail + u"; "_s + tr("trying again"), true);
            if (!co_await RunContext::sleep(context, retryPauseMs))
                co_return failure(Error::Code::Cancelled);
        }
    }
    co_return SlotLedger(*context).close(piece.slots);
}

/// Waits until all nodes agree on the new owner. After "success" the source still deletes its keys in the background,
/// and the slot map has to reach every node.
QCoro::Task<Result<>> awaitOwned(std::shared_ptr<RunContext> context, SlotMove move, int deadlineMs)
{
    PlanStep owned;
    owned.condition = PlanStep::Condition::Owned;
    owned.nodes = {move.target};
    owned.slots = move.slots;
    const QDeadlineTimer deadline(deadlineMs);
    for (;;) {
        const auto looked = co_await RunContext::look(context);
        const QString missing = looked ? missingFor(owned, **looked) : looked.error().detail;
        if (missing.isEmpty())
            co_return Result<>();
        context->waitFor(missing);
        if (deadline.hasExpired() || !co_await RunContext::sleep(context, jobPollMs))
            co_return failure(Error::Code::Timeout, missing);
    }
}

} // namespace

QCoro::Task<Result<>> moveSlotsAtomically(std::shared_ptr<RunContext> context, PlanStep step)
{
    int total = 0;
    for (const SlotMove &move : step.moves)
        total += move.slots.count();
    SlotLedger(*context).begin(u"atomic"_s, total);
    const QList<SlotMove> list = pieces(step.moves);
    const auto loss = std::make_shared<std::optional<Error>>();
    for (const SlotMove &piece : list) {
        if (!co_await RunContext::proceed(context))
            co_return failure(Error::Code::Cancelled);
        const auto moved = co_await movePiece(context, piece, step.mode == u"import", loss);
        if (!moved)
            co_return failure(moved.error());
    }
    const QList<SlotMove> moves = step.moves;
    for (const SlotMove &move : moves) {
        const auto owned = co_await awaitOwned(context, move, step.deadlineMs);
        if (!owned)
            co_return failure(owned.error());
    }
    context->waitFor({});
    context->note(slotsText(context->state.progress.slotsDone));
    if (*loss) { // the slots have been moved, but writes of clients at that moment may be lost
        Error error = **loss;
        error.detail = tr("the slots have moved, but the server reports that some accepted writes may be lost: %1")
                           .arg(error.detail);
        co_return failure(std::move(error));
    }
    co_return Result<>();
}

} // namespace slotscope
