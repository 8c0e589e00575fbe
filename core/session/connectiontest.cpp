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

#include <QPromise>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct SeedResult
{
    Result<QString> outcome;
    QString warning;
};

/// "Redis 7.0.15", from HELLO or INFO, or "a server" where neither is permitted.
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
        return tr("A server");
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
    return {
        summary,
        cluster->stateOk
            ? QString()
            : tr("%1 says that the cluster is down: %2 of 16,384 slots are covered.").arg(node).arg(cluster->slotsOk)};
}

QCoro::Task<SeedResult> testSeed(ConnectionOptions options)
{
    const auto link = std::make_unique<NodeLink>(options);
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

QCoro::Task<> testAll(ConnectionTarget target, int timeoutMs, std::shared_ptr<QPromise<ConnectionReport>> promise)
{
    std::vector<QCoro::Task<SeedResult>> tasks;
    for (const Endpoint &seed : std::as_const(target.seeds)) {
        ConnectionOptions options;
        options.endpoint = seed;
        options.credentials = target.credentials;
        options.tls = target.tls;
        options.way = target.way;
        options.connectTimeoutMs = options.handshakeTimeoutMs = options.commandTimeoutMs = timeoutMs;
        tasks.push_back(testSeed(options));
    }
    ConnectionReport report;
    for (size_t i = 0; i < tasks.size(); ++i) {
        SeedResult result = co_await tasks[i];
        report.usable = report.usable || result.outcome;
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
