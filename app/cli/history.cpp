// SPDX-License-Identifier: GPL-3.0-or-later
#include "changerequests.h"
#include "operate.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/runwords.h"
#include "core/operations/journal/journal.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planning.h"
#include "core/operations/planners/staleness.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<RunSnapshot> refused(const QString &text, Error::Code code = Error::Code::InvalidArgument)
{
    return failure(code, text);
}

/// Returns the operation with this id, or the last one of this cluster, never one that is still running or was rolled
/// back. Older operations are only used if named explicitly.
Result<RunSnapshot> runOf(const QString &id, const ClusterView &view)
{
    const QList<RunSnapshot> runs = Journal::readAll(Journal::defaultFolder());
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const RunSnapshot &run) {
        return id.isEmpty() ? touchesNodesOf(run, view) : run.id == id;
    });
    if (found == runs.end())
        return refused(id.isEmpty() ? u"no operation was run on this cluster yet"_s
                                    : u"there is no operation %1 (see history)"_s.arg(id));
    if (!touchesNodesOf(*found, view))
        return refused(u"operation %1 is about another cluster, %2"_s.arg(found->id, found->cluster));
    if (found->state == RunState::Running)
        return refused(u"operation %1 is still running"_s.arg(found->id));
    if (found->rolledBack)
        return refused(u"operation %1 was rolled back"_s.arg(found->id));
    return *found;
}

Result<RunSnapshot> runToResume(const QString &id, const ClusterView &view)
{
    auto run = runOf(id, view);
    if (run && run->state == RunState::Done)
        return refused(
            id.isEmpty()
                ? u"the last operation (%1) is finished; to resume an older one, give its id (see history)"_s.arg(
                    run->id)
                : u"operation %1 is finished"_s.arg(run->id));
    if (run && !canWait(*run))
        return refused(
            u"the remaining steps of operation %1 were planned for the cluster as it was then"_s.arg(run->id),
            Error::Code::Outdated);
    return run;
}

/// Reads the options with which a roll-back moves slots differently from the operation.
Result<> takeMigration(const Words &words, MigrationOptions &options)
{
    if (words.has("busy-keys")) {
        const auto policy = busyKeyPolicy(words.value("busy-keys"));
        if (!policy)
            return Words::wrong(u"--busy-keys takes stop, keep-source or keep-target"_s);
        options.busyKeys = *policy;
    }
    const auto limit = words.number("call-timeout", options.callTimeoutMs, 1, MigrationOptions::mostCallTimeoutMs);
    const auto throttle = words.number("throttle", options.keysPerSecond, 1, 100'000'000);
    for (const auto *number : {&limit, &throttle})
        if (!*number)
            return failure(number->error());
    options.callTimeoutMs = int(*limit);
    options.keysPerSecond = int(*throttle);
    return {};
}

QCommandLineOption helpOption()
{
    return {QStringList{u"help"_s, u"h"_s}, u"Show this."_s};
}

const QCommandLineOption &busyKeysOption()
{
    static const QCommandLineOption option(
        u"busy-keys"_s, u"For keys with different values on both nodes: stop, keep-source or keep-target."_s,
        u"POLICY"_s);
    return option;
}

/// Parses what resume and roll-back have in common: their options, and arguments other than the run id. An exit code
/// ends the command.
std::optional<int> parseRunWords(QCommandLineParser &parser, const Context &context, const QString &summary,
                                 QList<QCommandLineOption> options = {})
{
    addConsentOptions(parser);
    options << busyKeysOption() << callTimeoutOption() << helpOption();
    parser.addOptions(options);
    parser.setApplicationDescription(summary);
    const bool understood = parser.parse(QStringList{context.command} + context.arguments);
    if (parser.isSet(u"help"_s)) {
        tellHelp(parser, context.command + u" [RUN] [OPTION]…"_s);
        return exitDone;
    }
    if (!understood || parser.positionalArguments().size() > 1)
        return usageError(context.command + u": "_s
                          + (understood ? u"only one RUN can be given"_s : parser.errorText()));
    if (const QString name = givenTwice(parser, options); !name.isEmpty())
        return usageError(u"%1: --%2 is given twice; it takes one value"_s.arg(context.command, name));
    if (context.target)
        return {};
    printError(context.target.error());
    return exitFailed;
}

/// Used if no node could be reached: prints which nodes the operation with this id, or the last unfinished one,
/// concerns.
void tellWhere(const QString &id)
{
    const QList<RunSnapshot> runs = Journal::readAll(Journal::defaultFolder());
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const RunSnapshot &one) {
        return id.isEmpty() ? one.isOver() && one.state != RunState::Done && !one.rolledBack : one.id == id;
    });
    const QStringList nodes = run == runs.end() ? QStringList() : addressesOf(*run->plan);
    if (!nodes.isEmpty())
        printAside(u"  Operation %1 (%2) is about %3: give one of its nodes, --uri redis://%4\n"_s.arg(
            run->id, run->plan->title, nodes.mid(0, 3).join(u", "_s), nodes.front()));
}

} // namespace

QCoro::Task<int> runResume(Context context)
{
    QCommandLineParser parser;
    if (const auto code =
            parseRunWords(parser, context, u"Resumes an operation that was interrupted, stopped or failed."_s,
                          {{u"throttle"_s, u"At most this many keys per second; 0: no limit."_s, u"KEYS"_s}}))
        co_return *code;
    const Opened opened = co_await openSession(context);
    if (!opened.session) {
        tellWhere(parser.positionalArguments().value(0));
        co_return exitFailed;
    }
    context.target = opened.target;
    auto run = runToResume(parser.positionalArguments().value(0), *opened.view);
    if (!run) {
        printError(run.error());
        co_return exitFailed;
    }
    if (parser.isSet(u"busy-keys"_s)) {
        const auto policy = busyKeyPolicy(parser.value(u"busy-keys"_s));
        if (!policy)
            co_return usageError(u"resume: --busy-keys takes stop, keep-source or keep-target"_s);
        OperationPlan plan = withBusyKeys(*run->plan, *policy);
        if (const QString loss = PlanDraft::busyKeyLoss(*policy); !loss.isEmpty() && !plan.dataLoss.contains(loss))
            plan.dataLoss.append(loss);
        run->plan = std::make_shared<const OperationPlan>(plan);
    }
    if (parser.isSet(u"call-timeout"_s)) {
        const auto limit = Words{parser, nullptr}.number("call-timeout", 0, 1, MigrationOptions::mostCallTimeoutMs);
        if (!limit)
            co_return usageError(u"resume: "_s + limit.error().detail);
        run->plan = std::make_shared<const OperationPlan>(withCallTimeout(*run->plan, int(*limit)));
    }
    Consent consent = consentOf(parser);
    if (parser.isSet(u"throttle"_s)) {
        const auto throttle = Words{parser, nullptr}.number("throttle", 0, 0, 100'000'000);
        if (!throttle)
            co_return usageError(u"resume: "_s + throttle.error().detail);
        consent.keysPerSecond = int(*throttle);
    }
    co_return co_await carryOn(context, *run, opened.session, consent);
}

QCoro::Task<int> runRollBack(Context context)
{
    QCommandLineParser parser;
    if (const auto code = parseRunWords(parser, context, u"Undoes the changes of an operation."_s,
                                        {{u"throttle"_s, u"Keys per second."_s, u"K"_s}}))
        co_return *code;
    const Opened opened = co_await openSession(context);
    if (!opened.session) {
        tellWhere(parser.positionalArguments().value(0));
        co_return exitFailed;
    }
    context.target = opened.target;
    const auto run = runOf(parser.positionalArguments().value(0), *opened.view);
    if (!run) {
        printError(run.error());
        co_return exitFailed;
    }
    Consent consent = consentOf(parser);
    const auto refuseMoving = [&parser](const QString &what) {
        for (const QString &name : {u"busy-keys"_s, u"call-timeout"_s, u"throttle"_s})
            if (parser.isSet(name))
                return usageError(u"roll-back: --%1 is only for slot moves; %2"_s.arg(name, what));
        return exitDone;
    };
    if (run->plan->operation == Operation::Create && run->state != RunState::Done) {
        if (const int code = refuseMoving(u"a create is rolled back by resetting its nodes"_s))
            co_return code;
        consent.rollBack = true;
        co_return co_await carryOn(context, *run, opened.session, consent);
    }
    auto request = rollBackOf(*run, *opened.view);
    if (!request) {
        const QString undone = run->plan->results.rollsBack;
        printError(
            undone.isEmpty()
                ? u"operation %1 (%2) has no changes that can be rolled back"_s.arg(run->id, run->plan->title)
                : u"operation %1 itself rolled back operation %2%3; give the id of another operation (see history)"_s
                      .arg(run->id, undone,
                           run->state == RunState::Done ? QString() : u" and did not finish: resume continues it"_s));
        co_return exitFailed;
    }
    if (auto *back = std::get_if<RollBackRequest>(&*request)) {
        const auto taken = takeMigration(Words{parser, nullptr}, back->migration);
        if (!taken)
            co_return usageError(u"roll-back: "_s + taken.error().detail);
    } else if (const int code = refuseMoving(u"this operation is rolled back in another way"_s)) {
        co_return code;
    }
    auto plan = co_await planFor(opened.session, context.target->access(), *request, Journal::defaultFolder());
    if (plan)
        plan->results.rollsBack = run->id;
    if (!plan) {
        printError(plan.error());
        co_return exitFailed;
    }
    co_return co_await carryOut(context, *plan, opened.session, consent);
}

QCoro::Task<int> runHistory(Context context)
{
    QStringList unread;
    const QList<RunSnapshot> runs = Journal::readAll(Journal::defaultFolder(), &unread);
    for (const QString &text : unread)
        printError(text);
    if (context.arguments.size() > 1 || context.arguments.value(0).startsWith(u'-'))
        co_return usageError(u"history needs the id of one operation, or none"_s);
    if (!context.arguments.isEmpty()) {
        const auto run = std::find_if(runs.begin(), runs.end(), [&](const RunSnapshot &candidate) {
            return candidate.id == context.arguments.front();
        });
        if (run == runs.end()) {
            printError(u"history: there is no operation %1"_s.arg(context.arguments.front()));
            co_return exitFailed;
        }
        if (context.json) {
            QJsonObject json = toJson(*run);
            json[u"plan"_s] = toJson(*run->plan);
            printJson(json);
        } else {
            printOut(Journal::report(*run));
        }
        co_return exitDone;
    }
    QJsonArray list;
    QList<QStringList> rows{{u"RUN"_s, u"BEGUN"_s, u"STATE"_s, u"CLUSTER"_s, u"WHO"_s, u"WHAT"_s}};
    for (const RunSnapshot &run : runs) {
        QJsonObject json = toJson(run);
        json[u"operationTitle"_s] = run.plan->title;
        json[u"cluster"_s] = run.cluster;
        json[u"who"_s] = run.who;
        list.append(json);
        rows.append({run.id, QDateTime::fromMSecsSinceEpoch(run.startedAt).toString(u"yyyy-MM-dd hh:mm:ss"_s),
                     run.rolledBack ? u"rolled back"_s : stateName(run.state), run.cluster, run.who, run.plan->title});
    }
    if (context.json)
        printJson({{u"runs"_s, list}});
    else if (runs.isEmpty())
        printOut(u"No operation was run on this computer yet."_s);
    else
        printOut(tableText(rows));
    co_return exitDone;
}

} // namespace slotscope::cli
