// SPDX-License-Identifier: GPL-3.0-or-later
#include "operate.h"

#include "core/base/signals.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/drill/drillwords.h"
#include "core/models/runwords.h"
#include "core/operations/journal/journal.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/migration/slotmover.h"
#include "core/operations/plan/planvalidity.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonArray>

#include <cstdio>
#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

// commands shown of a step in text output; --json shows all that the plan itself contains
constexpr int commandsShown = 14;
constexpr int heartbeatMs = 1000; // longest time without a line of progress
constexpr int terminalReportMs = 100;
constexpr int sameWordsMs = 10000;

QString progressText(const RunSnapshot &run)
{
    const RunProgress &progress = run.progress;
    QString text;
    if (progress.slotsTotal > 0) {
        text = u"%1 of %2 slots, %3%4 keys"_s.arg(
            groupedNumber(progress.slotsDone), groupedNumber(progress.slotsTotal), groupedNumber(progress.keysDone),
            progress.keysTotal > 0 ? u" of "_s + groupedNumber(progress.keysTotal) : QString());
        if (progress.keysPerSecond > 0)
            text += u", %1 keys/s"_s.arg(groupedNumber(qint64(progress.keysPerSecond)));
        if (progress.leftMs > 0)
            text += u", %1 left"_s.arg(duration(progress.leftMs));
    } else if (run.step >= 0 && run.step < run.steps.size()) {
        text = run.steps[run.step].note;
    }
    if (!run.waitingFor.isEmpty())
        text += (text.isEmpty() ? QString() : u"; "_s) + u"waiting: "_s + run.waitingFor;
    return text;
}

/// Prints the progress of an operation on the terminal, in a log file, or as JSON.
class Teller
{
public:
    /// `told`: number of log lines from an earlier part of the operation, which are not printed again.
    Teller(bool json, qsizetype told) : m_json(json), m_terminal(outIsTerminal()), m_logged(told) { m_since.start(); }

    void tell(const RunSnapshot &run)
    {
        for (; m_logged < run.log.size(); ++m_logged)
            tellLine(run.log[m_logged]);
        if (run.step != m_step && run.step >= 0 && !run.isOver()) {
            m_step = run.step;
            tellStep(run);
        } else if (m_since.elapsed() >= (m_terminal && !m_json ? terminalReportMs : heartbeatMs)) {
            tellProgress(run);
        }
    }
    /// Prints the result.
    void end(const RunSnapshot &run)
    {
        if (m_json) {
            printEvent(u"end"_s, toJson(run));
            return;
        }
        if (run.drill)
            printOut(u'\n' + drillText(*run.drill));
        for (const QString &text : run.verified)
            printOut((verifiedLine(text).kind == VerifiedLine::Kind::Verified ? u"  verified: "_s : u"  "_s) + text);
        if (run.error)
            printError(*run.error);
        if (!run.leftOpen.isEmpty())
            printError(
                run.error && run.error->command == u"MIGRATE" && !isTransient(*run.error)
                    ? u"slots left in migration: %1. resume would end in the same error; slotscope-cli roll-back %2 moves them back"_s
                          .arg(run.leftOpen.toString(8), run.id)
                    : u"slots left in migration: %1. slotscope-cli resume %2 continues; fix finishes them"_s.arg(
                        run.leftOpen.toString(8), run.id));
        const bool inJournal = run.step >= 0 || run.state == RunState::Done; // otherwise it ended before its start
        printOut(u"%1 after %2%3"_s.arg(run.rolledBack ? u"rolled back"_s : stateName(run.state),
                                        duration(run.endedAt - run.lastBegunAt()),
                                        inJournal ? u" (run %1)"_s.arg(run.id) : QString()));
    }

private:
    void tellLine(const RunLine &line)
    {
        if (m_json) {
            printEvent(line.warning ? u"warning"_s : u"log"_s, {{u"at"_s, line.at}, {u"text"_s, line.text}});
            return;
        }
        printOut(u"     "_s + (line.warning ? u"! "_s : QString()) + line.text);
    }
    void tellStep(const RunSnapshot &run)
    {
        m_since.start();
        if (m_json) {
            printEvent(u"step"_s, toJson(run));
            return;
        }
        printOut(u"%1/%2  %3"_s.arg(run.step + 1).arg(run.plan->steps.size()).arg(run.plan->steps[run.step].title));
    }
    void tellProgress(const RunSnapshot &run)
    {
        m_since.start();
        if (m_json) {
            printEvent(u"progress"_s, toJson(run));
            return;
        }
        const QString text = progressText(run);
        if (text.isEmpty())
            return;
        if (!m_terminal) { // for a log file, do not repeat the same text every second
            if (std::exchange(m_said, text) != text || m_sinceSaid.elapsed() > sameWordsMs) {
                printOut(u"     "_s + text);
                m_sinceSaid.start();
            }
            return;
        }
        showProgress(u"     "_s + text.left(110));
    }

    bool m_json, m_terminal;
    qsizetype m_logged;
    int m_step = -1;
    QElapsedTimer m_since, m_sinceSaid;
    QString m_said;
};

bool askedToGoOn()
{
    printAside(u"Type yes to continue: "_s);
    char line[64] = {};
    return std::fgets(line, sizeof line, stdin) && QByteArray(line).trimmed() == "yes";
}

/// Returns nothing to continue, else the exit code; the reason is then printed.
std::optional<int> consented(const Context &context, const OperationPlan &plan, const Consent &consent)
{
    if (plan.isRefused()) {
        if (!context.json)
            printError(u"refused: see the checks above; nothing was changed"_s);
        return exitFailed;
    }
    if (plan.isEmpty()) {
        if (!context.json)
            printOut(u"Nothing to do."_s);
        return exitDone;
    }
    if (context.target->environment == EnvironmentKind::Production && !context.json)
        printOut(u"This is PRODUCTION: %1\n"_s.arg(context.target->title()));
    if (consent.dryRun)
        return exitDone;
    if (context.target->readOnly) {
        printError(u"this connection is read-only; nothing was changed"_s);
        return exitUsage;
    }
    if (!plan.dataLoss.isEmpty() && !consent.dataLoss) {
        printError(u"data may be lost: %1 Nothing was changed; use --accept-data-loss to agree"_s.arg(
            plan.dataLoss.join(u' ')));
        return exitUsage;
    }
    if (consent.yes)
        return {};
    if (!::isatty(STDIN_FILENO)) {
        printError(u"nothing was changed: there is no terminal to ask on, and --yes is not given"_s);
        return exitUsage;
    }
    if (askedToGoOn())
        return {};
    printError(u"nothing was changed"_s);
    return exitUsage;
}

/// `rollsBack`: the operation rolls another one back, so its success means that the other one is rolled back.
QCoro::Task<int> runIt(Context context, std::shared_ptr<OperationRun> run, bool rollsBack = false)
{
    auto teller = std::make_shared<Teller>(context.json, run->snapshot()->log.size());
    QObject::connect(run.get(), &OperationRun::changed, run.get(),
                     [teller](const RunSnapshotPtr &snapshot) { teller->tell(*snapshot); });
    QTimer heartbeat; // with --json, print something at regular intervals whatever the operation waits for
    QObject::connect(&heartbeat, &QTimer::timeout, run.get(),
                     [teller, weak = run.get()] { teller->tell(*weak->snapshot()); });
    heartbeat.start(heartbeatMs / 2);
    const Signals signalsSeen([weak = run.get()] { weak->stop(); });
    const RunSnapshotPtr last = co_await run->run();
    heartbeat.stop();
    teller->tell(*last);
    teller->end(*last);
    co_return last->state == RunState::Done || (rollsBack && last->rolledBack) ? exitDone : exitFailed;
}

QString checkLine(const PlanCheck &check)
{
    const QString mark = check.verdict == PlanCheck::Verdict::Pass ? u"ok    "_s
        : check.verdict == PlanCheck::Verdict::Warn                ? u"WARN  "_s
                                                                   : u"REFUSE"_s;
    return u"  "_s + mark + u"  "_s + check.title
        + (check.detail.isEmpty() ? QString() : u"\n          "_s + check.detail) + u'\n';
}

} // namespace

void printEvent(const QString &event, QJsonObject fields)
{
    fields[u"event"_s] = event;
    printJsonLine(fields);
}

void tellHelp(const QCommandLineParser &parser, const QString &synopsis)
{
    const QString text = parser.helpText();
    printOut(u"slotscope-cli [options] "_s + synopsis + u"\n"_s + text.mid(text.indexOf(u'\n') + 1).trimmed());
}

void addConsentOptions(QCommandLineParser &parser)
{
    parser.addOptions({{u"dry-run"_s, u"Show the plan, change nothing."_s},
                       {u"yes"_s, u"Do not ask."_s},
                       {u"accept-data-loss"_s, u"Agree to the losses that the plan names."_s}});
}

Consent consentOf(const QCommandLineParser &parser)
{
    return {.dryRun = parser.isSet(u"dry-run"_s),
            .yes = parser.isSet(u"yes"_s),
            .dataLoss = parser.isSet(u"accept-data-loss"_s)};
}

/// Shortens a long line between two words and marks the cut.
QString shortened(const QString &line)
{
    constexpr qsizetype most = 160;
    return line.size() <= most ? line : line.left(line.lastIndexOf(u' ', most)) + u" …"_s;
}

/// Text of what fix found and what it does about it.
QString repairText(const OperationPlan &plan)
{
    const QList<RepairedSlots> &found = plan.results.repairs;
    if (found.isEmpty())
        return {};
    const auto names = [](const QStringList &list) { return list.isEmpty() ? u"-"_s : list.join(u", "_s); };
    QList<QStringList> rows{
        {u"SLOTS"_s, u"OWNER"_s, u"EPOCH"_s, u"CLAIMED BY"_s, u"OUT OF"_s, u"INTO"_s, u"KEYS"_s, u"DECISION"_s}};
    for (const RepairedSlots &row : found) {
        QStringList keys;
        for (auto it = row.keys.cbegin(); it != row.keys.cend(); ++it)
            keys.append(u"%1 on %2"_s.arg(groupedNumber(*it), it.key()));
        const QString slotsFound = row.slots.toString();
        rows.append({slotsFound.size() > 40 ? slotsFound.left(39) + u'…' : slotsFound,
                     row.owner.isEmpty() ? u"no node"_s : row.owner, QString::number(row.ownerEpoch),
                     names(row.claimants), names(row.migrating), names(row.importing), names(keys), row.decision});
    }
    return u"\nFound\n"_s + tableText(rows) + u'\n';
}

QString planText(const OperationPlan &plan, bool everyCommand)
{
    QString text = plan.title + u"\n\nChecks\n"_s;
    for (const PlanCheck &check : plan.checks)
        text += checkLine(check);
    text += repairText(plan);
    if (plan.isRefused())
        return text;
    if (!plan.steps.isEmpty())
        text += u"\nSteps\n"_s;
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        const PlanStep &step = plan.steps[i];
        text += u"  %1. %2\n"_s.arg(i + 1).arg(step.title);
        for (const SlotMove &move : step.moves)
            text +=
                u"       %1 to %2: %3 (%4)\n"_s.arg(move.source.address, move.target.address, move.slots.toString(8))
                    .arg(move.slots.count());
        const qsizetype shown = everyCommand ? std::max<qsizetype>(step.commands.size(), commandsShown) : commandsShown;
        const QList<StepCommand> commands = commandsOf(step, int(shown) + 1);
        for (const StepCommand &command : commands.mid(0, shown))
            text += u"       "_s + (everyCommand ? shellLine(command) : shortened(shellLine(command))) + u'\n';
        if (commands.size() > shown)
            text += commandCountOf(step) < 0
                ? u"       … (slot by slot)\n"_s
                : u"       … %1 more (all: --dry-run --json)\n"_s.arg(commandCountOf(step) - shown);
        if (!step.risk.isEmpty())
            text += u"       Risk: "_s + step.risk + u'\n';
    }
    if (!plan.verifies.isEmpty())
        text += u"\nVerified at the end: "_s + plan.verifies.join(u"; "_s) + u'\n';
    for (const QString &loss : plan.dataLoss)
        text += u"\nDATA MAY BE LOST: "_s + loss + u'\n';
    for (const QString &note : plan.notes)
        text += u"\nNote: "_s + note + u'\n';
    QStringList sums;
    if (plan.estimate.slots > 0)
        sums.append(slotsText(plan.estimate.slots));
    if (plan.estimate.keys >= 0 || !plan.moves.isEmpty())
        sums.append(plan.estimate.keys >= 0 ? keysText(plan.estimate.keys) : u"number of keys unknown"_s);
    if (plan.estimate.bytes > 0)
        sums.append(byteSize(plan.estimate.bytes));
    if (plan.estimate.milliseconds > 0)
        sums.append(u"about "_s + duration(plan.estimate.milliseconds));
    if (!sums.isEmpty())
        text += u"\nEstimate: "_s + sums.join(u", "_s) + u'\n';
    return text;
}

QCoro::Task<int> carryOut(Context context, OperationPlan plan, std::shared_ptr<ClusterSession> session, Consent consent)
{
    if (context.json)
        printEvent(u"plan"_s,
                   {{u"plan"_s, toJson(plan)}, {u"environment"_s, environmentName(context.target->environment)}});
    else
        printOut(planText(plan));
    const QString undone = plan.results.rollsBack;
    // the operation to undo had changed nothing
    if (plan.isEmpty() && !plan.isRefused() && !undone.isEmpty() && !consent.dryRun) {
        if (const auto told = Journal::tellRolledBack({}, undone); !told)
            printError(told.error());
        else if (!context.json)
            printOut(u"Operation %1 is now marked as rolled back."_s.arg(undone));
    }
    if (const auto code = consented(context, plan, consent))
        co_return *code;
    RunOptions options;
    options.dataLossAccepted = consent.dataLoss;
    auto run = std::make_shared<OperationRun>(std::move(plan), *context.target, std::move(session), options);
    co_return co_await runIt(context, run);
}

/// Text of how far an unfinished operation is, and where it continues.
QString doneSoFar(const RunSnapshot &run)
{
    QString text;
    if (const int total = slotsToMove(*run.plan).count(); total > 0)
        text += u"%1 of %2 slots have moved\n"_s.arg(groupedNumber(std::min(run.progress.moved.count(), total)),
                                                     groupedNumber(total));
    const auto next = std::find_if(run.steps.begin(), run.steps.end(),
                                   [](const StepState &step) { return step.state != StepState::State::Done; });
    if (next != run.steps.end())
        text += u"It continues with step %1 of %2: %3\n"_s.arg(next - run.steps.begin() + 1)
                    .arg(run.steps.size())
                    .arg(run.plan->steps.value(next - run.steps.begin()).title);
    if (!run.leftOpen.isEmpty())
        text += u"Slots left in migration: %1\n"_s.arg(run.leftOpen.toString(8));
    return text;
}

QCoro::Task<int> carryOn(Context context, RunSnapshot interrupted, std::shared_ptr<ClusterSession> session,
                         Consent consent)
{
    if (!consent.rollBack)
        interrupted = asResumed(std::move(interrupted));
    if (context.json && consent.rollBack)
        printEvent(
            u"roll-back"_s,
            {{u"run"_s, interrupted.id}, {u"nodes"_s, toJson(interrupted.plan->results)[u"rollback"].toArray()}});
    else if (context.json)
        printEvent(u"plan"_s, {{u"plan"_s, toJson(*interrupted.plan)}});
    else if (consent.rollBack)
        printOut(
            u"Rolling back operation %1 on %2\nIts nodes are reset (CLUSTER RESET HARD) and become empty nodes without "
            u"a "
            u"cluster again. If one of them contains keys, does not answer, or now belongs to another cluster, nothing "
            u"is done.\n"_s.arg(interrupted.id, interrupted.cluster));
    else
        printOut(u"Resuming operation %1 on %2\n"_s.arg(interrupted.id, interrupted.cluster) + doneSoFar(interrupted)
                 + u"\nOriginal plan: "_s + planText(*interrupted.plan, true));
    if (const auto code = consented(context, *interrupted.plan, consent))
        co_return *code;
    RunOptions options;
    options.dataLossAccepted = consent.dataLoss;
    options.rollBack = consent.rollBack;
    options.keysPerSecond = consent.keysPerSecond;
    auto run = std::make_shared<OperationRun>(std::move(interrupted), *context.target, std::move(session), options);
    co_return co_await runIt(context, run, consent.rollBack);
}

} // namespace slotscope::cli
