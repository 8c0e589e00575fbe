// SPDX-License-Identifier: GPL-3.0-or-later
// stat --alert: rules held against the figures, and what comes of them.
#include "statalerts.h"

#include "core/base/clock.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/metrics/thresholdwatcher.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>

#include <cmath>

#include <set>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int alertStepMs = 50;

QJsonValue alertNumber(double value)
{
    return std::isnan(value) ? QJsonValue() : QJsonValue(std::round(value * 1000) / 1000);
}

void printAlert(const ThresholdChange &change, bool json)
{
    const QString event = change.fired ? u"fired"_s : change.gone ? u"gone"_s : u"over"_s;
    const QString rule = QString::fromUtf8(change.rule.text());
    if (json) {
        printJsonLine({{u"at"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                       {u"event"_s, event},
                       {u"rule"_s, rule},
                       {u"node"_s, change.name.isEmpty() ? QJsonValue() : QJsonValue(change.name)},
                       {u"id"_s, change.node.isEmpty() ? QJsonValue() : QJsonValue(QString::fromLatin1(change.node))},
                       {u"value"_s, alertNumber(change.value)},
                       {u"worst"_s, alertNumber(change.worst)},
                       {u"passed_ms"_s, change.lasted}});
        return;
    }
    const WatchedFigure figure = change.rule.watched();
    QStringList words{QDateTime::currentDateTime().toString(u"yyyy-MM-dd HH:mm:ss"_s), event.leftJustified(5),
                      change.name.isEmpty() ? u"sum"_s : change.name, rule, figure.valueText(change.value)};
    if (!change.fired)
        words.append(u"(exceeded for %1, %2 at %3)"_s.arg(
            duration(change.lasted), change.rule.below ? u"lowest"_s : u"highest"_s, figure.valueText(change.worst)));
    printOut(words.join(u"  "_s));
}

/// Prints rules whose values are unknown, because silence would look as if everything were fine.
bool tellUnknown(const std::vector<ThresholdSummary> &rules)
{
    bool isKnown = true;
    for (const ThresholdSummary &each : rules) {
        const QString rule = QString::fromUtf8(each.rule.text());
        if (each.subjects > 0 && each.known < each.subjects)
            printError(each.subjects == 1 ? u"%1: the value is not known"_s.arg(rule)
                                          : u"%1: the value is not known for %2 of %3 nodes"_s.arg(rule)
                                                .arg(each.subjects - each.known)
                                                .arg(each.subjects));
        isKnown = isKnown && each.subjects > 0 && each.known == each.subjects;
    }
    return isKnown;
}

} // namespace

QCoro::Task<int> watchAlerts(std::shared_ptr<ClusterSession> session, std::shared_ptr<MetricsBook> book,
                             AlertOptions options, bool json)
{
    ThresholdWatcher watcher(session.get());
    watcher.watch(book);
    watcher.setRules(options.rules);
    bool stopping = false, hasFired = false;
    const Signals signalsSeen([&stopping] { stopping = true; });
    const qint64 begin = steadyMs();
    std::vector<ThresholdSummary> rules;
    std::set<QByteArray> toldMissing;
    std::set<QString> toldProblems;
    while (!stopping) {
        const ThresholdReport report = watcher.takeReport();
        rules = report.rules;
        if (report.dropped > 0)
            printError(u"%1 changes came too fast to be printed"_s.arg(report.dropped));
        for (const ThresholdSummary &each : rules) { // print it at once, because silence would look fine
            const QString rule = QString::fromUtf8(each.rule.text());
            if (!each.problem.isEmpty() && toldProblems.insert(rule + each.problem).second)
                printError(u"%1: %2"_s.arg(rule, each.problem));
            if (each.subjects == 0 && !book->newest().empty() && toldMissing.insert(each.rule.text()).second)
                printError(u"%1: there is no such node"_s.arg(rule));
        }
        for (const ThresholdChange &change : report.changes) {
            printAlert(change, json);
            hasFired = hasFired || change.fired;
        }
        if ((hasFired && options.first) || (options.forMs > 0 && steadyMs() - begin >= options.forMs))
            break;
        co_await QCoro::sleepFor(std::chrono::milliseconds(alertStepMs));
    }
    const bool isKnown = tellUnknown(rules);
    if (hasFired)
        co_return exitAlert;
    co_return isKnown ? exitDone : exitFailed;
}

} // namespace slotscope::cli
