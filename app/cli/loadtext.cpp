// SPDX-License-Identifier: GPL-3.0-or-later
// A load test in words and tables.
#include "loadtext.h"

#include "command.h"

#include "core/base/text.h"
#include "core/models/latencywords.h"

#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString loadRateText(double rate)
{
    return groupedNumber(std::llround(rate));
}

QString timeOrNone(qint64 microseconds)
{
    return microseconds < 0 ? u"–"_s : timeText(microseconds);
}

QStringList loadCells(const LoadRow &row, const QString &name, double seconds)
{
    const LoadTimes &times = row.times;
    return {name,
            loadRateText(seconds > 0 ? double(row.ok) / seconds : 0),
            groupedNumber(row.ok),
            groupedNumber(row.errorSum()),
            timeOrNone(times.p50),
            timeOrNone(times.p90),
            timeOrNone(times.p99),
            timeOrNone(times.p999),
            timeOrNone(times.longest)};
}

QString changeText(const LoadChange &change)
{
    const auto percent = change.percent();
    if (!percent)
        return u"–"_s;
    return (*percent >= 0 ? u"+"_s : QString()) + QString::number(*percent, 'f', 1) + u" %"_s;
}

QString errorLines(const LoadReport &report)
{
    QString text;
    for (const LoadRow &node : report.nodes) {
        for (auto each = node.errors.cbegin(); each != node.errors.cend(); ++each)
            text += u"%1 errors of %2: %3\n"_s.arg(groupedNumber(each.value()), node.name, loadErrorWords(each.key()));
        if (!node.problem.isEmpty())
            text += u"connections to %1 ended: %2\n"_s.arg(node.name, node.problem);
    }
    return text;
}

} // namespace

QString loadProgressText(const LoadState &state)
{
    using Phase = LoadState::Phase;
    const QString done = state.done >= 0 ? u" %1 %"_s.arg(int(state.done * 100)) : QString();
    switch (state.phase) {
    case Phase::Idle:
    case Phase::Preparing: return u"connecting"_s;
    case Phase::Filling: return u"writing the keys to be read"_s + done;
    case Phase::Removing: return u"deleting the keys"_s + done;
    case Phase::WarmingUp:
    case Phase::Running: break;
    }
    QString text = (state.phase == Phase::WarmingUp ? u"warm-up"_s : u"running"_s) + done;
    if (state.report && !state.report->timeline.isEmpty()) {
        const LoadSecond &last = state.report->timeline.last();
        text += u"  %1/s"_s.arg(loadRateText(double(last.ok) / last.length));
        if (last.p50 >= 0)
            text +=
                u"  p50 %1  p99 %2  longest %3"_s.arg(timeText(last.p50), timeText(last.p99), timeText(last.longest));
        if (last.errors > 0)
            text += u"  %1 errors"_s.arg(groupedNumber(last.errors));
    }
    return state.stopping ? text + u"  (ending)"_s : text;
}

QString loadReportText(const LoadReport &report)
{
    QString text = u"%1\n%2; %3 s measured, %4 requests per second\n"_s.arg(
        loadWords(report.spec), loadEndWords(report), QString::number(report.seconds, 'f', 1),
        loadRateText(report.rate()));
    if (const QString own = loadOwnDelayWords(report); !own.isEmpty())
        text += own + u'\n';
    QList<QStringList> rows{
        {u"NODE"_s, u"A SECOND"_s, u"ANSWERED"_s, u"ERRORS"_s, u"P50"_s, u"P90"_s, u"P99"_s, u"P99.9"_s, u"LONGEST"_s}};
    for (const LoadRow &node : report.nodes)
        rows.append(loadCells(node, node.name + (node.isReplica ? u" (replica)"_s : QString()), report.seconds));
    if (report.commands.size() > 1)
        for (const LoadRow &command : report.commands)
            rows.append(loadCells(command, command.name, report.seconds));
    rows.append(loadCells(report.all, u"all"_s, report.seconds));
    text += tableText(rows, {1, 2, 3, 4, 5, 6, 7, 8}) + u'\n' + errorLines(report);
    if (report.unfinished > 0)
        text += u"%1 were due but not answered by the end; they count with their waiting time\n"_s.arg(
            groupedNumber(report.unfinished));
    if (report.redirects > 0)
        text += u"%1 redirects were followed\n"_s.arg(groupedNumber(report.redirects));
    if (report.missed > 0)
        text += u"%1 reads found nothing\n"_s.arg(groupedNumber(report.missed));
    text += loadTimesWords(report) + u'\n';
    if (report.cleaned)
        text += u"its keys were deleted (%1)\n"_s.arg(groupedNumber(report.removed));
    else if (report.spec.keep)
        text += u"its keys were kept: %1…\n"_s.arg(QString::fromUtf8(nameText(report.spec.prefix)));
    text.chop(1);
    return text;
}

QString loadChangesText(const LoadReport &before, const LoadReport &after)
{
    QList<QStringList> rows{{u"COMPARED"_s, u"BEFORE"_s, u"NOW"_s, u"CHANGE"_s}};
    const auto figure = [](const LoadChange &change, double value) {
        return change.isTime ? timeOrNone(qint64(value)) : loadRateText(value);
    };
    const QList<LoadChange> changes = compared(before, after);
    for (const LoadChange &change : changes)
        rows.append({change.name, figure(change, change.before), figure(change, change.after), changeText(change)});
    QString text = tableText(rows, {1, 2, 3});
    const QStringList differences = differencesOf(before, after);
    for (const QString &difference : differences)
        text += u"\nnot the same test: "_s + difference;
    return text;
}

QJsonArray loadChangesJson(const LoadReport &before, const LoadReport &after)
{
    QJsonArray json;
    const QList<LoadChange> changes = compared(before, after);
    for (const LoadChange &change : changes) {
        QJsonObject each{{u"figure"_s, change.name}, {u"before"_s, change.before}, {u"after"_s, change.after}};
        if (const auto percent = change.percent())
            each[u"percent"_s] = *percent;
        json.append(each);
    }
    return json;
}

} // namespace slotscope::cli
