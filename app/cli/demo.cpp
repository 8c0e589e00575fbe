// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/local/localcluster.h"
#include "core/net/awaited.h"

#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

struct DemoWords
{
    LocalClusterOptions options;
    int thousands = 10;
};

Result<DemoWords> readDemoWords(const QStringList &arguments)
{
    DemoWords words;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments[i];
        const bool more = i + 1 < arguments.size();
        bool number = true;
        if (word == u"--server" && more)
            words.options.serverPath = arguments[++i];
        else if (word == u"--primaries" && more)
            words.options.primaries = arguments[++i].toInt(&number);
        else if (word == u"--replicas" && more)
            words.options.replicasPerPrimary = arguments[++i].toInt(&number);
        else if (word == u"--thousands" && more)
            words.thousands = arguments[++i].toInt(&number);
        else if (word == u"--hosts")
            words.options.distinctHosts = true;
        else
            return failure(Error::Code::InvalidArgument, u"demo: unknown argument “%1”"_s.arg(word));
        if (!number)
            return failure(Error::Code::InvalidArgument, u"demo: “%1” is not a number"_s.arg(arguments[i]));
    }
    const bool sane = words.options.primaries >= 1 && words.options.primaries <= 100
        && words.options.replicasPerPrimary >= 0 && words.options.replicasPerPrimary <= 5 && words.thousands >= 0
        && words.thousands <= 10000;
    if (!sane)
        return failure(Error::Code::InvalidArgument,
                       u"demo: 1 to 100 primaries, 0 to 5 replicas each, 0 to 10,000 thousand keys"_s);
    return words;
}

/// Prints why the demo did not start and returns the exit code.
int notStarted(const Error &error, const std::stop_source &stop)
{
    if (stop.stop_requested())
        printError(u"demo: stopped before it was ready; everything was removed"_s);
    else
        printError(error);
    return exitFailed;
}

} // namespace

QCoro::Task<int> runDemo(Context context)
{
    const auto words = readDemoWords(context.arguments);
    if (!words)
        co_return usageError(words.error().detail);
    const auto cluster = std::make_unique<LocalCluster>(words->options);
    std::stop_source stop;
    auto ended = std::make_shared<Awaited<bool>::Completer>();
    Awaited<bool> signalled = ended->awaited();
    // The first signal stops the demo orderly. A second one ends the program at once, and the watcher process cleans up
    // the servers.
    const Signals heard([stop, ended]() mutable {
        Signals::restore();
        stop.request_stop();
        ended->complete(true);
    });
    const auto started = co_await cluster->start(stop.get_token());
    if (!started)
        co_return notStarted(started.error(), stop);
    const auto loaded = co_await cluster->loadSampleData(words->thousands, stop.get_token());
    if (!loaded)
        co_return notStarted(loaded.error(), stop);
    if (context.json) {
        QJsonArray nodes;
        for (const LocalCluster::Node &node : cluster->nodes())
            nodes.append(QJsonObject{{u"address"_s, node.endpoint.toString()}, {u"pid"_s, node.processId}});
        printJson({{u"uri"_s, cluster->uri()}, {u"nodes"_s, nodes}, {u"folder"_s, cluster->folder()}});
    } else {
        printOut(cluster->uri());
        for (const LocalCluster::Node &node : cluster->nodes())
            printAside(u"  %1  pid %2\n"_s.arg(node.endpoint.toString()).arg(node.processId));
        printAside(u"%1 commands of sample data written. Ctrl+C ends the cluster and removes its data.\n"_s.arg(
            groupedNumber(*loaded)));
    }
    co_await signalled;
    co_return exitDone;
}

} // namespace slotscope::cli
