// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/connectiontest.h"

#include "core/base/border.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/cluster/clusterinfo.h"
#include "core/cluster/nodestable.h"
#include "core/cluster/serverinfo.h"
#include "core/net/nodelink.h"
#include "core/session/corethread.h"
#include "core/session/sentinelwatch.h"

#include <QCoro/QCoroTimer>
#include <QDeadlineTimer>
#include <QPromise>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int sentinelPauseMs = 20;

/// Deletes the link from the event loop, because the coroutine is resumed from within the link.
using LinkPtr = std::unique_ptr<NodeLink, decltype([](NodeLink *link) { link->deleteLater(); })>;

struct SeedResult
{
    Result<QString> outcome;
    QString warning;
};

/// Returns such as "Redis 7.0.15", from HELLO or INFO, or "a server" if neither is permitted.
QString productOf(const Value &hello, const Result<ServerInfo> &info)
{
    QByteArray product, version;
    if (const Value *field = hello.find("server"))
        product = field->bytes();
    if (const Value *field = hello.find("version"))
        version = field->bytes();
    if (info && !info->version.isEmpty()) {
        product = info->product;
        version = info->version;
    }
    if (product.isEmpty())
        return tr("The server");
    return (product == "valkey" ? u"Valkey "_s : u"Redis "_s) + QString::fromUtf8(version);
}

SeedResult judge(const QString &node, const Value &hello, const std::vector<Value> &replies)
{
    const auto infoError = errorOf(replies[0], node, u"INFO"_s);
    const Result<ServerInfo> info = infoError ? failure(*infoError) : parseServerInfo(replies[0].bytes());
    const QString product = productOf(hello, info);
    if (const auto error = errorOf(replies[1], node, u"CLUSTER INFO"_s)) {
        if (error->code == Error::Code::ClusterDisabled)
            return {product + tr(", standalone"),
                    tr("%1 does not run in cluster mode: it is shown as one shard without slots.").arg(node)};
        if (error->code == Error::Code::NoPermission)
            return {product, tr("This user may not run CLUSTER INFO on %1: %2").arg(node, error->detail)};
        if (error->code == Error::Code::AuthRequired)
            return {failure(*error), {}};
        return {product, describe(*error)};
    }
    const auto cluster = parseClusterInfo(replies[1].bytes());
    if (!cluster)
        return {failure(cluster.error()), {}};
    const QString summary =
        tr("%1, cluster of %2 nodes, %3 primaries with slots").arg(product).arg(cluster->knownNodes).arg(cluster->size);
    return {summary,
            cluster->stateOk ? QString()
                             : tr("%1 reports that the cluster is down: %2 of 16,384 slots are covered.")
                                   .arg(node)
                                   .arg(cluster->slotsOk)};
}

QCoro::Task<SeedResult> testSeed(ConnectionOptions options)
{
    const LinkPtr link(new NodeLink(options));
    link->start();
    if (!co_await link->settled())
        co_return SeedResult{failure(link->error()), {}};
    const std::vector<Command> commands{{"INFO"_ba}, {"CLUSTER"_ba, "INFO"_ba}};
    const auto replies = co_await link->sendAll(commands);
    if (!replies)
        co_return SeedResult{failure(replies.error()), {}};
    SeedResult result =
        judge(options.endpoint.toString(), link->connection() ? link->connection()->hello() : Value(), *replies);
    link->stop();
    co_return result;
}

/// Returns the names of the primaries that a Sentinel monitors; empty if it does not report them.
QCoro::Task<QStringList> watchedBy(ConnectionOptions options)
{
    options.identify = false;
    const LinkPtr link(new NodeLink(options));
    link->start();
    QStringList names;
    if (!co_await link->settled())
        co_return names;
    const Command command{"SENTINEL"_ba, "MASTERS"_ba};
    const auto reply = co_await link->send(command);
    link->stop();
    if (!reply)
        co_return names;
    for (const Value &entry : reply->items())
        if (const Value *name = entry.find("name"))
            names << QString::fromUtf8(name->bytes());
    co_return names;
}

ConnectionOptions optionsOf(const ConnectionTarget &target, const Endpoint &endpoint, int timeoutMs)
{
    ConnectionOptions options;
    options.endpoint = endpoint;
    options.credentials = target.credentials;
    options.tls = target.tls;
    options.way = target.way;
    options.renamed = target.renamed;
    options.connectTimeoutMs = options.handshakeTimeoutMs = options.commandTimeoutMs = timeoutMs;
    return options;
}

/// Queries all Sentinels as a session does, then tests the primary that they name.
QCoro::Task<ConnectionReport> testSentinels(ConnectionTarget target, int timeoutMs)
{
    SessionOptions options;
    options.pollMs = 0;
    options.connectTimeoutMs = options.pollTimeoutMs = options.searchAfterMs = timeoutMs; // wait for every Sentinel
    SentinelWatch watch(target, options, nullptr);
    watch.start();
    QDeadlineTimer deadline(2 * timeoutMs);
    while (!watch.state()->isSettled && !deadline.hasExpired())
        co_await QCoro::sleepFor(std::chrono::milliseconds(sentinelPauseMs));
    const SentinelStatePtr state = watch.state();
    ConnectionReport report;
    for (const SentinelWord &word : state->sentinels) {
        const auto endpoint = Endpoint::parse(word.address, defaultSentinelPort);
        if (!endpoint)
            continue;
        Result<QString> outcome = tr("Sentinel: %1 is the primary; replicas: %2, quorum: %3 of %4")
                                      .arg(word.primary.address)
                                      .arg(word.replicas.size())
                                      .arg(word.primary.quorum)
                                      .arg(word.primary.otherSentinels + 1);
        const bool fails = word.reach.state == Reach::State::Waiting || word.reach.state == Reach::State::Refused;
        if (!word.tellsPrimary())
            outcome = fails        ? failure(word.reach.error)
                : word.hasAnswered ? failure(word.error)
                                   : failure(Error::Code::Timeout, tr("no answer within %1 ms").arg(timeoutMs));
        if (word.needsNoPassword)
            report.warning =
                tr("%1 needs no password: it refuses the Sentinels' password, which is therefore not used.")
                    .arg(word.address);
        report.seeds.append({.endpoint = *endpoint, .outcome = std::move(outcome)});
    }
    const auto primary = Endpoint::parse(state->primaryAddress());
    if (state->primaryAddress().isEmpty() || !primary)
        co_return report;
    if (!target.permits(*primary)) { // like a session, send nothing to a host that is not permitted
        report.seeds.append({.endpoint = *primary, .outcome = failure(Error::Code::Outside)});
        co_return report;
    }
    SeedResult result = co_await testSeed(optionsOf(target, *primary, timeoutMs));
    report.usable = result.outcome.has_value();
    if (!result.outcome && result.outcome.error().code == Error::Code::WrongPassword)
        report.warning = tr("The servers refuse their password. The password of the Sentinels is a separate one.");
    report.seeds.append({.endpoint = *primary, .outcome = std::move(result.outcome)});
    co_return report;
}

QCoro::Task<> testAll(ConnectionTarget target, int timeoutMs, std::shared_ptr<QPromise<ConnectionReport>> promise)
{
    if (target.sentinel.isOn()) {
        ConnectionReport told = co_await testSentinels(target, timeoutMs);
        crossBorder();
        promise->addResult(std::move(told));
        promise->finish();
        co_return;
    }
    std::vector<QCoro::Task<SeedResult>> tasks;
    for (const Endpoint &seed : std::as_const(target.seeds)) {
        ConnectionOptions options = optionsOf(target, seed, timeoutMs);
        options.identify = true; // needed to notice that the seed is a Sentinel
        tasks.push_back(testSeed(options));
    }
    ConnectionReport report;
    for (size_t i = 0; i < tasks.size(); ++i) {
        SeedResult result = co_await tasks[i];
        report.usable = report.usable || result.outcome;
        if (!result.outcome && result.outcome.error().code == Error::Code::IsSentinel && report.watched.isEmpty())
            report.watched = co_await watchedBy(optionsOf(target, target.seeds[qsizetype(i)], timeoutMs));
        if (report.warning.isEmpty())
            report.warning = result.warning;
        report.seeds.append({.endpoint = target.seeds[qsizetype(i)], .outcome = std::move(result.outcome)});
    }
    crossBorder();
    promise->addResult(std::move(report));
    promise->finish();
}

} // namespace

QFuture<ConnectionReport> testConnection(CoreThread &thread, const ConnectionTarget &target, int timeoutMs)
{
    auto promise = std::make_shared<QPromise<ConnectionReport>>();
    promise->start();
    QFuture<ConnectionReport> future = promise->future();
    crossBorder();
    QMetaObject::invokeMethod(
        thread.context(),
        [target, timeoutMs, promise = std::move(promise)] {
            crossBorder();
            testAll(target, timeoutMs, promise);
        },
        Qt::QueuedConnection);
    return future;
}

} // namespace slotscope
