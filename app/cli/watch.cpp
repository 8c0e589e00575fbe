// SPDX-License-Identifier: GPL-3.0-or-later
// What comes and goes in a cluster, a line each: for a terminal, a log, or a unit of systemd.
#include "command.h"
#include "output.h"
#include "statalerts.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/cluster/findingwatch.h"
#include "core/metrics/metricsrecorder.h"
#include "core/metrics/thresholdwatcher.h"
#include "core/metrics/viewevents.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

#include <chrono>
#include <cmath>
#include <set>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int watchPollMs = 500;
constexpr auto watchStep = std::chrono::milliseconds(200);

struct WatchOptions
{
    std::vector<Threshold> rules;
    qint64 forMs = 0; ///< 0: until stopped
    bool first = false, help = false;
};

QString watchHelp()
{
    return u"slotscope-cli [options] watch [--alert RULE]… [--for SECONDS] [--first]\n\n"
           "Prints a line for each warning and error that appears or ends, for each failover, node lost or back, slots "
           "that\n"
           "moved, and each rule that fires: the findings of `check`, from all nodes. Findings that last less\n"
           "than 1.5 s are not printed. It starts with the state of the cluster, and runs until Ctrl+C.\n\n"
           "  --alert RULE      a rule as for `stat --alert` (may be repeated)\n"
           "  --for SECONDS     ends after this time\n"
           "  --first           ends with the first error, or rule that fires\n\n"
           "Exit code 0: the cluster had no error when it ended; 1: it had one, or could not be read; 3: a rule "
           "fired.\n"
           "With --json each line is an object: at, what (state, came, changed, over, event, alert), and its subject.\n"
           "docs/systemd/slotscope-watch.service is a unit that writes to the journal."_s;
}

Result<WatchOptions> readWatchOptions(const QStringList &words)
{
    WatchOptions options;
    const auto wrong = [](const QString &text) { return failure(Error::Code::InvalidArgument, u"watch: "_s + text); };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if ((word == u"--alert" || word == u"--for") && ++i == words.size())
            return wrong(u"%1 needs a value"_s.arg(word));
        if (word == u"--alert") {
            const auto rule = readThreshold(words[i].toUtf8());
            if (!rule)
                return wrong(rule.error().detail);
            options.rules.push_back(*rule);
        } else if (word == u"--for") {
            bool isNumber = false;
            const double seconds = words[i].toDouble(&isNumber);
            if (!isNumber || !(seconds > 0 && seconds <= 1e9))
                return wrong(u"--for needs a number of seconds"_s);
            options.forMs = std::llround(seconds * 1000);
        } else if (word == u"--first") {
            options.first = true;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return wrong(u"unknown argument “%1”"_s.arg(word));
        }
    }
    if (options.rules.size() > ThresholdWatch::mostRules)
        return wrong(u"more than %1 rules"_s.arg(ThresholdWatch::mostRules));
    if (fieldsIn(options.rules).size() > mostInfoFields)
        return wrong(u"the rules check more than %1 fields of INFO"_s.arg(mostInfoFields));
    return options;
}

struct WatchRun
{
    bool json = false;
    FindingWatch findings;
    ClusterViewPtr last;
    qint64 begun = steadyMs();
    Severity told = Severity::Ok; ///< health state that was printed last
    bool hasFired = false, hasFailed = false;
    std::set<QString> toldProblems; ///< why rules have no values
};

void printWatched(const WatchRun &run, const QString &what, const QString &words, QJsonObject object)
{
    if (run.json) {
        object[u"at"_s] = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
        object[u"what"_s] = what;
        object[u"words"_s] = words;
        printJsonLine(object);
        return;
    }
    printOut(QDateTime::currentDateTime().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u"  "_s + what.leftJustified(8) + words);
}

QJsonArray namesOf(const ClusterView &view, const QByteArrayList &ids)
{
    QJsonArray names;
    for (const QByteArray &id : ids) {
        const NodeState *node = view.node(id);
        names.append(node ? node->name : QString::fromLatin1(id));
    }
    return names;
}

QString stateWords(const ClusterView &view, Severity severity)
{
    const auto up = std::count_if(view.nodes.begin(), view.nodes.end(),
                                  [](const NodeState &node) { return node.condition == NodeCondition::Ok; });
    return u"%1: %2 of %3 nodes ok, %4"_s.arg(severityName(severity))
        .arg(up)
        .arg(view.nodes.size())
        .arg(view.cluster ? coverText(view) : u"no cluster"_s);
}

void printFindings(WatchRun &run, const ClusterView &view)
{
    for (const FindingChange &change : run.findings.take(view.findings, steadyMs())) {
        const Finding &finding = change.finding;
        const bool isOver = change.what == FindingChange::What::Over;
        const QString what = isOver ? u"over"_s : change.what == FindingChange::What::Came ? u"came"_s : u"changed"_s;
        run.hasFailed = run.hasFailed || (!isOver && finding.severity == Severity::Error);
        QString words = severityName(finding.severity) + u": "_s + finding.title;
        if (isOver)
            words += u" (for %1)"_s.arg(duration(change.lastedMs));
        printWatched(run, what, words,
                     {{u"severity"_s, severityName(finding.severity)},
                      {u"finding"_s, finding.kindName()},
                      {u"title"_s, finding.title},
                      {u"nodes"_s, namesOf(view, finding.nodes)},
                      {u"lastedMs"_s, isOver ? QJsonValue(change.lastedMs) : QJsonValue()}});
    }
    const Severity now = run.findings.worst();
    const bool isSettled =
        // findings that existed at the start have been printed by then
        steadyMs() - run.begun > FindingWatch::usualSettleMs + 1000;
    if (now == run.told || !isSettled)
        return;
    run.told = now;
    printWatched(run, u"state"_s, stateWords(view, now), {{u"severity"_s, severityName(now)}});
}

void printEvents(WatchRun &run, const ClusterViewPtr &view)
{
    if (run.last && run.last != view)
        for (const MetricEvent &event : eventsBetween(*run.last, *view))
            printWatched(run, u"event"_s, event.words, {{u"nodes"_s, namesOf(*view, {event.node})}});
    run.last = view;
}

void printAlerts(WatchRun &run, const ThresholdReport &report)
{
    for (const ThresholdSummary &each : report.rules)
        if (const QString words = u"%1: %2"_s.arg(QString::fromUtf8(each.rule.text()), each.problem);
            !each.problem.isEmpty() && run.toldProblems.insert(words).second)
            printError(words);
    for (const ThresholdChange &change : report.changes) {
        const QString rule = QString::fromUtf8(change.rule.text());
        const QString name = change.name.isEmpty() ? u"sum"_s : change.name;
        const QString value = change.rule.watched().valueText(change.value);
        run.hasFired = run.hasFired || change.fired;
        printWatched(run, u"alert"_s,
                     change.fired ? u"%1: %2, %3"_s.arg(name, rule, value)
                                  : u"%1: %2 is over, after %3"_s.arg(name, rule, duration(change.lasted)),
                     {{u"fired"_s, change.fired}, {u"rule"_s, rule}, {u"node"_s, name}});
    }
}

QCoro::Task<int> watchCluster(Opened opened, WatchOptions options, bool json)
{
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(opened.session.get());
    book->setFields(fieldsIn(options.rules));
    recorder.recordInto(book);
    ThresholdWatcher watcher(opened.session.get());
    watcher.watch(book);
    watcher.setRules(options.rules);
    WatchRun run;
    run.json = json;
    bool stopping = false;
    const Signals signalsSeen([&stopping] { stopping = true; });
    printWatched(run, u"state"_s, stateWords(*opened.view, opened.view->health()),
                 {{u"severity"_s, severityName(opened.view->health())}});
    run.told = opened.view->health() < Severity::Warning ? Severity::Ok : opened.view->health();
    while (!stopping) {
        const ClusterViewPtr view = opened.session->view();
        if (view) {
            printEvents(run, view);
            printFindings(run, *view);
        }
        printAlerts(run, watcher.takeReport());
        const bool isOver = options.forMs > 0 && steadyMs() - run.begun >= options.forMs;
        if (isOver || (options.first && (run.hasFired || run.hasFailed)))
            break;
        co_await QCoro::sleepFor(watchStep);
    }
    const bool isBroken = run.findings.worst() == Severity::Error || run.told == Severity::Error;
    co_return run.hasFired ? exitAlert : isBroken ? exitFailed : exitDone;
}

} // namespace

QCoro::Task<int> runWatch(Context context)
{
    const auto options = readWatchOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(watchHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context, WaitFor::EveryNode, watchPollMs);
    if (!opened.session)
        co_return exitFailed;
    co_return co_await watchCluster(opened, *options, context.json);
}

} // namespace slotscope::cli
