// SPDX-License-Identifier: GPL-3.0-or-later
// stat --commands: what the servers run, by INFO commandstats.
#include "statcommands.h"

#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/metrics/commandsreader.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QJsonArray>

#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int commandsStepMs = 50, commandsPatienceMs = 30'000;

QJsonValue commandNumber(double value)
{
    return std::isnan(value) ? QJsonValue() : QJsonValue(std::round(value * 1000) / 1000);
}

QString commandText(double value)
{
    if (std::isnan(value))
        return u"–"_s;
    return value == 0 || value >= 1000 ? groupedNumber(qint64(std::llround(value))) : QString::number(value, 'f', 1);
}

void printWindow(const CommandsWindow &window, const CommandsRead &read, bool json)
{
    if (json) {
        QJsonArray rows;
        for (const CommandRow &row : window.rows)
            rows.append(QJsonObject{{u"command"_s, toDisplay(row.name)},
                                    {u"calls"_s, commandNumber(row.calls)},
                                    {u"us_per_call"_s, commandNumber(row.usecPerCall)},
                                    {u"busy_percent"_s, commandNumber(row.busy)},
                                    {u"failed"_s, commandNumber(row.failed)},
                                    {u"rejected"_s, commandNumber(row.rejected)}});
        printJsonLine({{u"at"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                       {u"nodes"_s, window.nodesTold},
                       {u"commands"_s, rows},
                       {u"silent"_s, QJsonArray::fromStringList(read.refused)}});
        return;
    }
    QList<QStringList> table{{u"COMMAND"_s, u"CALLS/S"_s, u"US/CALL"_s, u"TIME %"_s, u"FAILED/S"_s, u"REJECTED/S"_s}};
    for (const CommandRow &row : window.rows)
        table.append({toDisplay(row.name), commandText(row.calls), commandText(row.usecPerCall),
                      QString::number(row.busy, 'f', 2), commandText(row.failed), commandText(row.rejected)});
    printOut(tableText(table, {1, 2, 3, 4, 5}));
}

} // namespace

QCoro::Task<int> printCommands(std::shared_ptr<ClusterSession> session, CommandsOptions options, bool json)
{
    CommandsQuery query;
    if (!options.node.isEmpty()) {
        for (const NodeState &node : session->view()->nodes)
            if (node.name == options.node || node.id == options.node.toUtf8())
                query.node = node.id;
        if (query.node.isEmpty()) {
            printError(u"stat: there is no node %1"_s.arg(options.node));
            co_return exitFailed;
        }
    }
    const auto book = std::make_shared<CommandBook>();
    CommandsReader reader(session.get());
    bool stopping = false;
    const Signals signalsSeen([&stopping] { stopping = true; });
    reader.readInto(book);
    CommandsRead read;
    int rounds = 1; // a rate needs two samples
    for (int printed = 0; !stopping && (options.count == 0 || printed < options.count); ++printed) {
        for (int waited = 0; !stopping && (waited < options.intervalMs || reader.rounds() <= rounds);
             waited += commandsStepMs) {
            if (waited >= options.intervalMs + commandsPatienceMs) {
                printError(u"stat: the nodes do not answer"_s);
                co_return exitFailed;
            }
            co_await QCoro::sleepFor(std::chrono::milliseconds(commandsStepMs));
        }
        if (stopping)
            break;
        rounds = reader.rounds();
        read = reader.last();
        query.to = QDateTime::currentMSecsSinceEpoch();
        if (query.from == 0)
            query.from = query.to - options.intervalMs - commandsPatienceMs;
        if (printed > 0 && !json)
            printOut(QString());
        printWindow(book->window(query), read, json);
        query.from = query.to + 1;
    }
    if (!read.refused.isEmpty())
        printError(u"%1: %2"_s.arg(read.refused.join(u", "_s), read.why));
    co_return read.refused.isEmpty() ? exitDone : exitFailed;
}

} // namespace slotscope::cli
