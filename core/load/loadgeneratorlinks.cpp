// SPDX-License-Identifier: GPL-3.0-or-later
// The connections of a load test, and where they lead while the cluster changes.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/load/loadrun.h"
#include "core/protocol/commandnames.h"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 perSecond = 1'000'000'000;
constexpr int refreshEveryMs = 300, retryEveryMs = 500, tellEveryMs = 10'000;
constexpr size_t openedAtOnce = 64;
constexpr int cleaningPipeline = 64, fillingPipeline = 16;
constexpr qsizetype bytesInAPipeline = 256 * 1024;

void appendBulkOf(const QByteArray &word, QByteArray &to)
{
    to += '$' + QByteArray::number(word.size()) + "\r\n" + word + "\r\n";
}

} // namespace

int LoadGenerator::Run::Link::socket() const
{
    const int own = pump ? pump->socket() : int(link->descriptor());
    return own < 0 ? -1 : ::fcntl(own, F_DUPFD_CLOEXEC, 0);
}

size_t LoadGenerator::Run::workerFor(qint16 node) const
{
    std::vector<int> lanes(workers.size());
    for (const Link &link : links)
        if (link.node == node && link.worker >= 0 && size_t(link.worker) < lanes.size())
            ++lanes[size_t(link.worker)];
    return size_t(std::min_element(lanes.begin(), lanes.end()) - lanes.begin());
}

/// Updates slot owners, and how many connections each node should have.
void LoadGenerator::follow(ClusterSession &session, Run &run)
{
    const ClusterViewPtr view = session.view();
    if (!view || (view->revision == run.viewRevision && run.routes))
        return;
    run.viewRevision = view->revision;
    auto routes = std::make_shared<LoadRoutes>();
    routes->owner.fill(LoadRoutes::nobody);
    routes->slotsMatter = view->cluster;
    std::vector<qint16> numberOf(view->nodes.size(), LoadRoutes::nobody);
    const auto number = [&](int index) {
        const NodeState &node = view->nodes[size_t(index)];
        auto found = std::find_if(run.nodes.begin(), run.nodes.end(),
                                  [&node](const Run::Node &each) { return each.id == node.id; });
        if (found == run.nodes.end())
            found = run.nodes.emplace(run.nodes.end());
        found->id = node.id;
        found->name = node.name;
        found->isReplica = node.isReplica();
        const auto at = qint16(found - run.nodes.begin());
        numberOf[size_t(index)] = at;
        routes->byAddress.insert(node.address.toString().toUtf8(), at);
        routes->byAddress.insert(node.name.toUtf8(), at);
        const QByteArray port = ':' + QByteArray::number(node.address.port);
        routes->byAddress.insert(node.address.host.toUtf8() + port, at);
        if (!node.address.hostname.isEmpty())
            routes->byAddress.insert(node.address.hostname.toUtf8() + port, at);
        return at;
    };
    for (Run::Node &each : run.nodes)
        each.wanted = 0;
    std::vector<qint16> taking;
    for (const ShardState &shard : view->shards) {
        if (shard.primary < 0 || (view->cluster && shard.slots.isEmpty()))
            continue;
        const qint16 primary = number(shard.primary);
        routes->primaries.push_back(primary);
        taking.push_back(primary);
        if (routes->replicas.size() <= size_t(primary))
            routes->replicas.resize(size_t(primary) + 1);
        for (const int replica : shard.replicas) {
            if (!run.spec.replicas || view->nodes[size_t(replica)].id.isEmpty())
                continue;
            const qint16 at = number(replica);
            routes->replicas[size_t(primary)].push_back(at);
            taking.push_back(at);
        }
    }
    for (size_t slot = 0; slot < routes->owner.size(); ++slot)
        if (const int owner = view->owner[slot]; owner >= 0)
            routes->owner[slot] = numberOf[size_t(owner)];
    for (size_t i = 0; i < taking.size(); ++i) {
        const int all = run.spec.clients, nodes = int(taking.size());
        run.nodes[size_t(taking[i])].wanted = std::max(1, all / nodes + (int(i) < all % nodes ? 1 : 0));
    }
    run.routes = routes;
    for (const auto &worker : run.workers)
        worker->setRoutes(run.routes);
}

QCoro::Task<Result<>> LoadGenerator::connectAll(Session session, RunPtr run)
{
    if (!session)
        co_return failure(Error::Code::Cancelled);
    follow(*session, *run);
    std::vector<qint16> wanted;
    for (size_t i = 0; i < run->nodes.size(); ++i)
        wanted.insert(wanted.end(), size_t(run->nodes[i].wanted), qint16(i));
    for (size_t at = 0; at < wanted.size() && session && !run->isOver(); at += openedAtOnce) {
        std::vector<QCoro::Task<>> opening;
        for (size_t i = at; i < std::min(wanted.size(), at + openedAtOnce); ++i) {
            ++run->nodes[size_t(wanted[i])].opening;
            opening.push_back(openOne(session, run, wanted[i]));
        }
        for (QCoro::Task<> &each : opening)
            co_await each;
    }
    if (!session)
        co_return failure(Error::Code::Cancelled);
    if (run->links.empty() && !run->isOver()) {
        QString why = tr("no primary is known");
        for (const Run::Node &node : run->nodes)
            if (!node.problem.isEmpty())
                why = node.name + u": "_s + node.problem;
        co_return failure(Error::Code::NoRoute, why);
    }
    co_return Result<>();
}

QCoro::Task<> LoadGenerator::openOne(Session session, RunPtr run, qint16 node)
{
    if (!session) {
        --run->nodes[size_t(node)].opening;
        co_return;
    }
    LinkPool::LeaseOptions options;
    options.resp3 = false;
    options.readonlyReplica = run->spec.replicas && run->nodes[size_t(node)].isReplica;
    const QByteArray id = run->nodes[size_t(node)].id;
    const Result<std::shared_ptr<DedicatedLink>> link = co_await session->lease(id, options);
    Run::Node &state = run->nodes[size_t(node)];
    --state.opening;
    if (!run->active)
        co_return;
    if (!link) {
        state.problem = describe(link.error());
        state.tryAt = steadyMs() + retryEveryMs;
        co_return;
    }
    Run::Link made{.link = *link, .pump = {}, .node = node, .id = ++run->lastLink, .worker = -1};
    if (made.link->descriptor() < 0) {
        made.pump = std::make_unique<LoadPump>(made.link);
    } else {
        made.link->giveOver([](QByteArrayView) {});
        made.link->setReading(false);
    }
    const int socket = made.socket();
    if (socket < 0) {
        state.problem = tr("no socket can be opened");
        state.tryAt = steadyMs() + retryEveryMs;
        co_return;
    }
    ++state.open;
    if (run->workers.empty()) {
        ::close(socket);
    } else {
        made.worker = qint64(run->workerFor(node));
        run->workers[size_t(made.worker)]->add({.socket = socket, .node = node, .id = made.id});
    }
    run->links.push_back(std::move(made));
}

void LoadGenerator::plan(Run &run, LoadState::Phase phase)
{
    using Phase = LoadState::Phase;
    const LoadSpec &spec = run.spec;
    LoadPlan plan;
    plan.keys = LoadKeys(spec.prefix, spec.tags);
    plan.keyCount = spec.keys;
    plan.values = run.values;
    plan.leastBytes = spec.leastBytes;
    plan.mostBytes = spec.mostBytesOfValue;
    plan.timeoutMs = spec.timeoutMs;
    if (!run.renamed.isEmpty()) {
        plan.asking = "*1\r\n";
        appendBulkOf(asSent(commandOf("ASKING"), run.renamed).front(), plan.asking);
    }
    plan.schedule.start = run.phaseStart;
    run.countFrom = run.phaseStart;
    run.end = 0;
    if (phase == Phase::WarmingUp) {
        plan.commands = run.commands;
        for (const LoadShare &share : spec.mix)
            plan.weights.push_back(share.weight);
        plan.distribution = spec.distribution;
        plan.zipf = spec.zipf;
        plan.pipeline = spec.pipeline;
        plan.replicas = spec.replicas;
        run.countFrom = run.phaseStart + spec.warmUpSeconds * perSecond;
        run.end = spec.seconds > 0 ? run.countFrom + spec.seconds * perSecond : 0;
    } else {
        plan.inTurn = plan.repeats = true;
        const qsizetype each = std::max(1, spec.mostBytesOfValue);
        plan.pipeline = phase == Phase::Removing
            ? cleaningPipeline
            : int(std::clamp<qsizetype>(bytesInAPipeline / each, 1, fillingPipeline));
        if (phase == Phase::Filling)
            plan.commands = run.fillers;
        else
            for (const QByteArray &kind : std::as_const(run.record.kinds)) {
                plan.commands.push_back(LoadCommand::ofWords(commandOf("UNLINK", "{key}"), kind));
                plan.commands.back().sendAs(run.renamed);
            }
        plan.weights.assign(plan.commands.size(), 1);
    }
    plan.countFrom = run.countFrom;
    plan.end = run.end;
    const int most = std::max(4, int(std::thread::hardware_concurrency()));
    const int primaries = run.routes ? int(run.routes->primaries.size()) : 1;
    int threads = std::max(1, spec.threads > 0 ? spec.threads : std::min(most, primaries));
    for (const Run::Node &node : run.nodes)
        if (node.wanted > 0)
            threads = std::min(threads, node.wanted);
    if (phase == Phase::WarmingUp && spec.count > 0)
        threads = int(std::min<qint64>(threads, spec.count));
    run.workers.clear();
    for (int i = 0; i < threads; ++i) {
        LoadPlan own = plan;
        own.seed = loadSeedOf(spec.seed, i);
        own.firstKey = i;
        own.keyStep = threads;
        if (phase == Phase::WarmingUp)
            own.schedule.perSecond = spec.rate / threads;
        // offset the workers' schedules, because otherwise several requests would be due at the same moment
        if (own.schedule.perSecond > 0)
            own.schedule.start += qint64(double(i) * double(perSecond) / spec.rate);
        else
            own.pace = {.start = run.phaseStart, .perSecond = loadPaceOf(spec.rate) / threads};
        if (phase == Phase::WarmingUp && spec.count > 0)
            own.count = spec.count / threads + (i < spec.count % threads ? 1 : 0);
        run.workers.push_back(std::make_unique<LoadWorker>(std::move(own), run.routes));
    }
}

/// Called twenty times a second: collects figures, replaces ended connections, follows changes of the cluster.
void LoadGenerator::tick(const Session &session, const RunPtr &run)
{
    bool done = true, asks = !session;
    LoadTally news;
    std::vector<quint64> spoilt;
    for (const auto &worker : run->workers) {
        LoadWorker::News told = worker->takeNews();
        news.merge(told.tally);
        for (const LoadWorker::Ended &ended : told.ended)
            takeEnded(*run, ended.id, ended.node, ended.why);
        asks = asks || told.wantsRoutes;
        spoilt.insert(spoilt.end(), told.spoilt.begin(), told.spoilt.end());
        done = done && told.done;
        run->doneAt = std::max(run->doneAt, told.doneAt);
    }
    for (const quint64 id : spoilt)
        takeEnded(*run, id, -1, {});
    run->tally.merge(news);
    for (const LoadCount &each : news.nodes)
        run->slice.merge(each);
    run->slice.merge(news.nobody);
    const qint64 now = loadClock();
    const bool isMeasuring = run->phase == LoadState::Phase::WarmingUp;
    const bool warmUpEnds = run->sliceStart < run->countFrom && now >= run->countFrom;
    if (isMeasuring && (done || warmUpEnds || double(now - run->sliceStart) >= run->sliceLength * double(perSecond)))
        cutSlice(*run);
    if (steadyMs() >= run->tellAt) {
        run->tellAt = steadyMs() + tellEveryMs;
        tellWatch(*run);
    }
    if (done) {
        run->phaseDone.complete(true);
        return;
    }
    if (!session)
        return;
    if (asks && steadyMs() >= run->refreshAt) {
        run->refreshAt = steadyMs() + refreshEveryMs;
        session->refresh();
    }
    follow(*session, *run);
    for (size_t i = 0; i < run->nodes.size(); ++i) {
        Run::Node &node = run->nodes[i];
        if (node.open + node.opening >= node.wanted || steadyMs() < node.tryAt || node.opening > 0)
            continue;
        const int missing = std::min(node.wanted - node.open, int(openedAtOnce));
        node.tryAt = steadyMs() + retryEveryMs;
        for (int each = 0; each < missing; ++each) {
            ++run->nodes[i].opening;
            openOne(session, run, qint16(i));
        }
    }
}

void LoadGenerator::takeEnded(Run &run, quint64 id, qint16 node, const QByteArray &why)
{
    const auto found =
        std::find_if(run.links.begin(), run.links.end(), [id](const Run::Link &each) { return each.id == id; });
    if (found == run.links.end())
        return;
    Run::Node &state = run.nodes[size_t(found->node)];
    --state.open;
    if (node >= 0) {
        ++run.report.lostConnections;
        state.problem = loadErrorWords(why);
    }
    run.links.erase(found);
}

} // namespace slotscope
