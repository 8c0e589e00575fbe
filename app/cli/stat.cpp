// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of all nodes, again and again.
#include "command.h"
#include "statalerts.h"
#include "statcommands.h"
#include "statfields.h"

#include "core/base/ratetext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/metrics/metricsrecorder.h"
#include "core/metrics/thresholdwatch.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QJsonArray>

#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int statStepMs = 50, statPollMs = 200;
constexpr int fieldsWaitMs = 5000; ///< how long the first values of fields are waited for, as some nodes lack some

struct StatOptions
{
    int intervalMs = 1000;
    int count = 0; ///< number of tables; 0: until stopped
    bool primariesOnly = false;
    bool help = false;
    bool isTable = false; ///< an option was given that only tables support
    InfoFields fields;
    AlertOptions alerts;
    CommandsOptions commands;
};

QString statHelp()
{
    return u"slotscope-cli [options] stat [--interval MS] [--count N] [--primaries] [--fields LIST]\n"
           "slotscope-cli [options] stat --alert RULE [--alert RULE]... [--for SECONDS] [--first]\n"
           "slotscope-cli [options] stat --commands [--node NODE] [--interval MS] [--count N]\n\n"
           "Metrics of all nodes side by side, repeatedly: commands, hit ratio, CPU, memory, clients, network,\n"
           "keys, expired and evicted, lag, errors. Rates cover the time between two samples; Slotscope's own commands "
           "are\n"
           "not counted. Without a terminal it ends after the first table. With --json one object per line: the nodes "
           "with all\n"
           "metrics, rates per second, bytes and ms.\n\n"
           "  --interval MS     between two tables; default and minimum 1000: nodes are polled once per second\n"
           "  --count N         number of tables\n"
           "  --primaries       without replicas\n"
           "  --fields LIST     instead these fields of INFO and CLUSTER INFO, at most 24, with commas in between: "
           "used_cpu_sys,\n"
           "                    cmdstat_get.calls, cluster_known_nodes. A counter is shown per second; NAME/raw shows "
           "its "
           "value,\n"
           "                    NAME/s any field's increase per second. With --json in \"fields\"\n"
           "  --alert RULE      instead of tables a line when a rule fires (each reading over its whole time was past "
           "the\n"
           "                    limit) and when it is over. METRIC>LIMIT or METRIC<LIMIT [for TIME]\n"
           "                    [on sum|shards|nodes|HOST:PORT]: 'used_memory>100mb for 5s', 'hit_ratio<90 on sum'.\n"
           "                    Metrics: those of --json, hit_ratio, memory_percent, info:FIELD (as in --fields). Exit "
           "code "
           "3: a rule fired\n"
           "  --commands        instead the commands that the servers run, from INFO commandstats: calls per second, "
           "microseconds per\n"
           "                    call, share of time, failed and rejected ones; of all primaries\n"
           "  --node NODE       with --commands: only this node, by HOST:PORT or id\n"
           "  --for SECONDS     with --alert: duration; default: until Ctrl+C\n"
           "  --first           with --alert: end with the first rule that fires"_s;
}

auto wrongStat(const QString &words)
{
    return failure(Error::Code::InvalidArgument, u"stat: "_s + words);
}

/// Reads an option with a value.
Result<> takeStatValue(const QString &option, const QString &value, StatOptions &options)
{
    if (option == u"--alert") {
        const auto rule = readThreshold(value.toUtf8());
        if (!rule)
            return wrongStat(rule.error().detail);
        options.alerts.rules.push_back(*rule);
        return {};
    }
    if (option == u"--for") {
        const auto ms = readTime(value.toUtf8());
        if (!ms || *ms < 1)
            return wrongStat(u"--for needs a time in seconds, at most a day"_s);
        options.alerts.forMs = *ms;
        return {};
    }
    if (option == u"--fields") {
        const auto fields = readStatFields(value);
        if (!fields)
            return failure(fields.error());
        options.fields = *fields;
        options.isTable = true;
        return {};
    }
    if (option == u"--node") {
        options.commands.node = value;
        return {};
    }
    bool isNumber = false;
    const int number = value.toInt(&isNumber),
              least = option == u"--interval" ? 1000 : 1; // nodes are polled once per second
    if (!isNumber || number < least)
        return wrongStat(u"%1 needs a number, at least %2"_s.arg(option).arg(least));
    (option == u"--interval" ? options.intervalMs : options.count) = number;
    options.isTable = true;
    return {};
}

Result<StatOptions> readStatOptions(const QStringList &words)
{
    StatOptions options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--help") {
            options.help = true;
        } else if (word == u"--primaries") {
            options.primariesOnly = options.isTable = true;
        } else if (word == u"--commands") {
            options.commands.wanted = true;
        } else if (word == u"--first") {
            options.alerts.first = true;
        } else if (word == u"--interval" || word == u"--count" || word == u"--alert" || word == u"--for"
                   || word == u"--node" || word == u"--fields") {
            if (const auto taken = takeStatValue(word, words.value(++i), options); !taken)
                return failure(taken.error());
        } else {
            return wrongStat(u"unknown argument “%1”"_s.arg(word));
        }
    }
    const AlertOptions &alerts = options.alerts;
    if (options.commands.wanted && (!alerts.rules.empty() || options.primariesOnly || !options.fields.empty()))
        return wrongStat(u"--commands cannot be combined with --alert, --fields and --primaries"_s);
    if (!options.commands.wanted && !options.commands.node.isEmpty())
        return wrongStat(u"--node is only for --commands"_s);
    if (!alerts.rules.empty() && options.isTable)
        return wrongStat(
            u"--alert prints no tables: it cannot be combined with --interval, --count, --fields, --primaries"_s);
    if (alerts.rules.empty() && (alerts.first || alerts.forMs > 0))
        return wrongStat(u"--for and --first are only for --alert"_s);
    if (alerts.rules.size() > ThresholdWatch::mostRules)
        return wrongStat(u"at most %1 rules"_s.arg(ThresholdWatch::mostRules));
    if (fieldsIn(alerts.rules).size() > mostInfoFields)
        return wrongStat(u"the rules check more than %1 fields of INFO"_s.arg(mostInfoFields));
    return options;
}

using Figures = MetricFigures;

QString bytesText(double value)
{
    return std::isnan(value) ? u"–"_s : byteSize(qint64(value));
}

QStringList rowOf(const NodeState &node, const Figures &figures)
{
    const auto at = [&figures](Metric metric) { return figures[size_t(metric)]; };
    const double asked = at(Metric::Hits) + at(Metric::Misses);
    const QString ratio = asked > 0 ? QString::number(100 * at(Metric::Hits) / asked, 'f', 1) : u"–"_s;
    const QString cpu = std::isnan(at(Metric::Cpu)) ? u"–"_s : QString::number(at(Metric::Cpu), 'f', 1);
    const double errors = at(Metric::ErrorsMoved) + at(Metric::ErrorsDown) + at(Metric::ErrorsOther);
    return {node.name,
            node.primary ? u"primary"_s : u"replica"_s,
            rateText(at(Metric::Commands)),
            ratio,
            cpu,
            bytesText(at(Metric::Memory)),
            rateText(at(Metric::Clients)),
            bytesText(at(Metric::NetIn)),
            bytesText(at(Metric::NetOut)),
            rateText(at(Metric::Keys)),
            rateText(at(Metric::Expired)),
            rateText(at(Metric::Evicted)),
            bytesText(at(Metric::Lag)),
            rateText(errors)};
}

QJsonObject jsonOf(const NodeState &node, const Figures &figures)
{
    QJsonObject object{{u"id"_s, QString::fromLatin1(node.id)},
                       {u"name"_s, node.name},
                       {u"role"_s, node.primary ? u"primary"_s : u"replica"_s}};
    for (size_t i = 0; i < metricCount; ++i)
        object[QLatin1String(metricName(Metric(i)))] =
            std::isnan(figures[i]) ? QJsonValue() : QJsonValue(std::round(figures[i] * 1000) / 1000);
    return object;
}

/// Prints one table or one line of JSON; returns false if a node reported nothing.
bool printStat(const ClusterView &view, const MetricsBook &book, const StatOptions &options, bool json)
{
    QList<QStringList> rows{{u"NODE"_s, u"ROLE"_s, u"OPS/S"_s, u"HIT %"_s, u"CPU %"_s, u"MEMORY"_s, u"CLIENTS"_s,
                             u"IN/S"_s, u"OUT/S"_s, u"KEYS"_s, u"EXPIRED/S"_s, u"EVICTED/S"_s, u"LAG"_s,
                             u"ERRORS/S"_s}};
    const StatFields fields(options.fields, book);
    if (!options.fields.empty())
        rows = {QStringList{u"NODE"_s, u"ROLE"_s} + fields.titles()};
    QJsonArray nodes;
    QJsonArray silent;
    for (const NodeState &node : view.nodes) {
        if (node.id.isEmpty() || node.flags.testFlag(NodeFlag::Handshake) || (options.primariesOnly && !node.primary))
            continue;
        const auto figures = book.latest(node.id);
        if (!figures || !node.currentInfo()) {
            silent.append(node.name);
            const QString role = node.primary ? u"primary"_s : node.primaryId.isEmpty() ? u"unknown"_s : u"replica"_s;
            rows.append({node.name, role, u"not reported"_s});
            continue;
        }
        QJsonObject object = jsonOf(node, *figures);
        if (!options.fields.empty())
            object[u"fields"_s] = fields.jsonOf(node.id);
        nodes.append(object);
        const QStringList row = rowOf(node, *figures);
        rows.append(options.fields.empty() ? row : row.mid(0, 2) + fields.cellsOf(node.id));
    }
    if (json) {
        printJsonLine({{u"at"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                       {u"nodes"_s, nodes},
                       {u"silent"_s, silent}});
    } else {
        for (QStringList &row : rows)
            while (row.size() < rows.front().size())
                row.append(QString());
        QList<int> numbers;
        for (int column = 2; column < int(rows.front().size()); ++column)
            numbers.append(column);
        printOut(tableText(rows, numbers));
    }
    return silent.isEmpty();
}

bool allTold(const ClusterView &view, const MetricsBook &book)
{
    return std::all_of(view.nodes.begin(), view.nodes.end(), [&book](const NodeState &node) {
        return node.id.isEmpty() || !node.currentInfo() || book.latest(node.id);
    });
}

} // namespace

QCoro::Task<int> runStat(Context context)
{
    const auto options = readStatOptions(context.arguments);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(statHelp());
        co_return exitDone;
    }
    const Opened opened = co_await openSession(context, WaitFor::EveryNode, statPollMs);
    if (!opened.session)
        co_return exitFailed;
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(opened.session.get());
    book->setFields(options->fields.empty() ? fieldsIn(options->alerts.rules) : options->fields);
    recorder.recordInto(book);
    if (options->commands.wanted) {
        CommandsOptions commands = options->commands;
        commands.intervalMs = std::max(1000, options->intervalMs);
        commands.count = options->count > 0 ? options->count : outIsTerminal() ? 0 : 1;
        const int code = co_await printCommands(opened.session, commands, context.json);
        co_return code;
    }
    if (!options->alerts.rules.empty()) {
        const int code = co_await watchAlerts(opened.session, book, options->alerts, context.json);
        co_return code;
    }
    bool stopping = false;
    const Signals signalsSeen([&stopping] { stopping = true; });
    const int count = options->count > 0 ? options->count : outIsTerminal() ? 0 : 1;
    // the first rates need two samples of each node
    for (int waited = 0; waited < context.timeoutMs && !stopping && !allTold(*opened.session->view(), *book);
         waited += statStepMs)
        co_await QCoro::sleepFor(std::chrono::milliseconds(statStepMs));
    for (int waited = 0; waited < std::min(fieldsWaitMs, context.timeoutMs) && !stopping
         && !fieldsNotTold(options->fields, *book).empty();
         waited += statStepMs)
        co_await QCoro::sleepFor(std::chrono::milliseconds(statStepMs));
    bool isWhole = true;
    for (int printed = 0; !stopping && (count == 0 || printed < count); ++printed) {
        for (int waited = 0; printed > 0 && waited < options->intervalMs && !stopping; waited += statStepMs)
            co_await QCoro::sleepFor(std::chrono::milliseconds(statStepMs));
        if (stopping)
            break;
        if (printed > 0 && !context.json)
            printOut(QString());
        isWhole = printStat(*opened.session->view(), *book, *options, context.json);
    }
    const InfoFields missing = fieldsNotTold(options->fields, *book);
    for (const InfoField &field : missing) {
        const QString reason = book->fieldProblem(field);
        printError(u"%1: no node reports this field"_s.arg(QString::fromLatin1(field.text()))
                   + (reason.isEmpty() ? QString() : u". "_s + reason));
        isWhole = false;
    }
    for (const InfoField &field : options->fields) // known of some nodes only
        if (const QString reason = book->fieldProblem(field);
            !reason.isEmpty() && std::find(missing.begin(), missing.end(), field) == missing.end()) {
            printError(u"%1: %2"_s.arg(QString::fromLatin1(field.text()), reason));
            isWhole = false;
        }
    co_return isWhole ? exitDone : exitFailed;
}

} // namespace slotscope::cli
