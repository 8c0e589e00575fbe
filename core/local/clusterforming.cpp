// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/local/clusterforming.h"

#include "core/base/tr.h"
#include "core/cluster/clusterinfo.h"
#include "core/cluster/nodestable.h"
#include "core/cluster/serverinfo.h"
#include "core/cluster/slot.h"
#include "core/net/nodelink.h"

#include <QCoro/QCoroTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int formingTimeoutMs = 60000;
constexpr int formingPollMs = 40;

using Links = std::vector<std::unique_ptr<NodeLink>>;

QCoro::Task<Result<Value>> run(NodeLink *link, Command command)
{
    const QString name = commandName(command);
    co_return checked(co_await link->send(std::move(command)), link->endpoint().toString(), name);
}

QCoro::Task<Result<std::shared_ptr<Links>>> connectAll(QList<Endpoint> nodes, Access access)
{
    auto links = std::make_shared<Links>();
    for (const Endpoint &node : nodes) {
        ConnectionOptions options;
        options.endpoint = node;
        options.credentials = access.credentials;
        options.tls = access.tls;
        options.way = access.way;
        options.renamed = access.renamed;
        links->push_back(std::make_unique<NodeLink>(options));
        links->back()->start();
    }
    for (const auto &link : *links)
        if (!co_await link->settled())
            co_return failure(link->error());
    co_return links;
}

/// Whether all tables agree: every node is known and has its role.
bool agree(const std::vector<NodesTable> &tables, size_t primaries)
{
    const auto settled = [&](const NodesTable &table) {
        return table.lines.size() == tables.size() && table.digest == tables.front().digest
            && size_t(std::count_if(table.lines.begin(), table.lines.end(),
                                    [](const NodeLine &line) { return line.flags.testFlag(NodeFlag::Primary); }))
            == primaries
            && std::none_of(table.lines.begin(), table.lines.end(),
                            [](const NodeLine &line) { return line.flags.testFlag(NodeFlag::Handshake); });
    };
    return std::all_of(tables.begin(), tables.end(), settled);
}

QCoro::Task<Result<bool>> allAgree(std::shared_ptr<Links> links, size_t primaries)
{
    std::vector<NodesTable> tables;
    for (const auto &link : *links) {
        const auto reply = co_await run(link.get(), commandOf("CLUSTER", "NODES"));
        auto table = reply ? parseClusterNodes(reply->bytes()) : Result<NodesTable>(failure(reply.error()));
        if (!table)
            co_return failure(table.error());
        tables.push_back(std::move(*table));
    }
    co_return agree(tables, primaries);
}

QCoro::Task<Result<bool>> allLinked(std::shared_ptr<Links> links, bool cluster)
{
    for (const auto &link : *links) {
        const auto reply = co_await run(link.get(), commandOf("INFO", "replication"));
        const auto info = reply ? parseServerInfo(reply->bytes()) : Result<ServerInfo>(failure(reply.error()));
        if (!info)
            co_return failure(info.error());
        if (info->role == "slave" && !info->primaryLinkUp.value_or(false))
            co_return false;
        if (!cluster)
            continue;
        const auto clusterInfo = co_await run(link.get(), commandOf("CLUSTER", "INFO"));
        const auto state =
            clusterInfo ? parseClusterInfo(clusterInfo->bytes()) : Result<ClusterInfo>(failure(clusterInfo.error()));
        if (!state)
            co_return failure(state.error());
        if (!state->stateOk)
            co_return false;
    }
    co_return true;
}

QCoro::Task<Result<>> assignAndMeet(std::shared_ptr<Links> links, int primaries)
{
    for (size_t i = 0; i < links->size(); ++i) {
        NodeLink *link = (*links)[i].get();
        if (int(i) < primaries) {
            const auto [first, last] = equalRange(int(i), primaries);
            Command command{"CLUSTER"_ba, "ADDSLOTS"_ba};
            for (int slot = first; slot <= last; ++slot)
                command << QByteArray::number(slot);
            if (const auto done = co_await run(link, command); !done)
                co_return failure(done.error());
        }
        if (const auto done = co_await run(link, commandOf("CLUSTER", "SET-CONFIG-EPOCH", QByteArray::number(i + 1)));
            !done)
            co_return failure(done.error());
    }
    // introduce every pair, because gossip alone takes seconds
    for (size_t i = 0; i < links->size(); ++i) {
        for (size_t j = i + 1; j < links->size(); ++j) {
            const Endpoint &other = (*links)[j]->endpoint();
            const auto done = co_await run(
                (*links)[i].get(), commandOf("CLUSTER", "MEET", other.host.toUtf8(), QByteArray::number(other.port)));
            if (!done)
                co_return failure(done.error());
        }
    }
    co_return Result<>();
}

tl::unexpected<Error> stoppedOrLate(const std::stop_token &stop, const QString &what)
{
    if (stop.stop_requested())
        return failure(Error::Code::Cancelled);
    return failure(Error::Code::Timeout, tr("%1 within %2 s").arg(what).arg(formingTimeoutMs / 1000));
}

} // namespace

QCoro::Task<Result<>> formCluster(QList<Endpoint> nodes, int primaries, Access access, std::stop_token stop)
{
    const QDeadlineTimer deadline(formingTimeoutMs);
    const auto links = co_await connectAll(nodes, access);
    if (!links)
        co_return failure(links.error());
    if (const auto done = co_await assignAndMeet(*links, primaries); !done)
        co_return failure(done.error());
    Result<bool> ready = co_await allAgree(*links, (*links)->size());
    while (ready && !*ready) {
        if (stop.stop_requested() || deadline.hasExpired())
            co_return stoppedOrLate(stop, tr("not all nodes joined the cluster"));
        co_await QCoro::sleepFor(std::chrono::milliseconds(formingPollMs));
        ready = co_await allAgree(*links, (*links)->size());
    }
    if (!ready)
        co_return failure(ready.error());
    for (size_t i = size_t(primaries); i < (*links)->size(); ++i) {
        const auto primary =
            co_await run((**links)[(i - size_t(primaries)) % size_t(primaries)].get(), commandOf("CLUSTER", "MYID"));
        if (!primary)
            co_return failure(primary.error());
        if (const auto done = co_await run((**links)[i].get(), commandOf("CLUSTER", "REPLICATE", primary->bytes()));
            !done)
            co_return failure(done.error());
    }
    for (;;) {
        const Result<bool> agreed = co_await allAgree(*links, size_t(primaries));
        const Result<bool> linked = co_await allLinked(*links, true);
        if (!agreed || !linked)
            co_return failure(agreed ? linked.error() : agreed.error());
        if (*agreed && *linked)
            co_return Result<>();
        if (stop.stop_requested() || deadline.hasExpired())
            co_return stoppedOrLate(stop, tr("the nodes did not agree on the topology"));
        co_await QCoro::sleepFor(std::chrono::milliseconds(formingPollMs));
    }
}

QCoro::Task<Result<>> formReplicaSet(QList<Endpoint> nodes, Access access, std::stop_token stop)
{
    const QDeadlineTimer deadline(formingTimeoutMs);
    const auto links = co_await connectAll(nodes, access);
    if (!links)
        co_return failure(links.error());
    for (size_t i = 1; i < (*links)->size(); ++i) {
        const Command command{"REPLICAOF"_ba, nodes.front().host.toUtf8(), QByteArray::number(nodes.front().port)};
        if (const auto done = co_await run((**links)[i].get(), command); !done)
            co_return failure(done.error());
    }
    for (;;) {
        const Result<bool> linked = co_await allLinked(*links, false);
        if (!linked)
            co_return failure(linked.error());
        if (*linked)
            co_return Result<>();
        if (stop.stop_requested() || deadline.hasExpired())
            co_return stoppedOrLate(stop, tr("not all replicas connected to their primaries"));
        co_await QCoro::sleepFor(std::chrono::milliseconds(formingPollMs));
    }
}

} // namespace slotscope
