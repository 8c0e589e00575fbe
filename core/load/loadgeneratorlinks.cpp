// SPDX-License-Identifier: GPL-3.0-or-later
// The connections of a load test, where they lead while the cluster changes, and what comes in from the workers.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/load/loadrun.h"
#include "core/net/commandwatch.h"

#include <algorithm>
#include <cmath>

#include <fcntl.h>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 perSecond = 1'000'000'000;
constexpr int refreshEveryMs = 300, retryEveryMs = 500, tellEveryMs = 10'000;
constexpr size_t openedAtOnce = 64;
constexpr qsizetype longestTimeline = 600;
constexpr int cleaningPipeline = 64, fillingPipeline = 16;
constexpr qsizetype bytesInAPipeline = 256 * 1024;

/// Two neighbours in one: counts stand for both, the percentile is the worse one.
QList<LoadSecond> halved(const QList<LoadSecond> &timeline)
{
    QList<LoadSecond> shorter;
    for (qsizetype i = 0; i < timeline.size(); i += 2) {
        LoadSecond one = timeline[i];
        if (i + 1 < timeline.size() && timeline[i + 1].isWarmUp == one.isWarmUp) {
            const LoadSecond &other = timeline[i + 1];
            one.length += other.length;
            one.ok += other.ok;
            one.errors += other.errors;
            one.p50 = std::max(one.p50, other.p50);
            one.p99 = std::max(one.p99, other.p99);
            one.longest = std::max(one.longest, other.longest);
        } else if (i + 1 < timeline.size()) {
            shorter.append(one);
            one = timeline[i + 1];
        }
        shorter.append(one);
    }
    return shorter;
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

/// Who serves what now, and how many connections each node should have.
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
    for (size_t at = 0; at < wanted.size() && !run->stopped; at += openedAtOnce) {
        std::vector<QCoro::Task<>> opening;
        for (size_t i = at; i < std::min(wanted.size(), at + openedAtOnce); ++i) {
            ++run->nodes[size_t(wanted[i])].opening;
            opening.push_back(openOne(session, run, wanted[i]));
        }
        for (QCoro::Task<> &each : opening)
            co_await each;
    }
    if (run->links.empty() && !run->stopped) {
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
        state.problem = tr("no file can be opened");
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
            for (const QByteArray &kind : std::as_const(run.record.kinds))
                plan.commands.push_back(LoadCommand::ofWords(commandOf("UNLINK", "{key}"), kind));
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
        own.seed = spec.seed + quint64(i) * 0x9E3779B97F4A7C15U;
        own.firstKey = i;
        own.keyStep = threads;
        own.schedule.perSecond = spec.rate / threads;
        if (phase == Phase::WarmingUp && spec.count > 0)
            own.count = spec.count / threads + (i < spec.count % threads ? 1 : 0);
        run.workers.push_back(std::make_unique<LoadWorker>(std::move(own), run.routes));
    }
}

/// Twenty times a second: figures come in, connections that ended are made again, the cluster is followed.
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

/// The figures of the time since the last cut become a point of the plots.
void LoadGenerator::cutSlice(Run &run)
{
    const qint64 now = run.doneAt > 0 && run.workers.size() == 1 ? run.doneAt : loadClock();
    LoadSecond second;
    second.at = double(run.sliceStart - run.phaseStart) / double(perSecond);
    second.isWarmUp = run.sliceStart < run.countFrom;
    second.length = std::max(0.001, double(now - run.sliceStart) / double(perSecond));
    second.ok = second.isWarmUp ? run.slice.sent : run.slice.ok;
    second.errors = run.slice.errorSum();
    const LoadTimes times = LoadTimes::of(run.slice);
    second.p50 = times.p50;
    second.p99 = times.p99;
    second.longest = times.longest;
    run.slice = {};
    run.sliceStart = now;
    run.report.timeline.append(second);
    if (run.report.timeline.size() >= longestTimeline) {
        run.report.timeline = halved(run.report.timeline);
        run.sliceLength *= 2;
    }
    makeReport(run);
}

/// What no ConnectionWatch hears of: how often each command went.
void LoadGenerator::tellWatch(Run &run)
{
    const auto watch = commandWatch();
    if (!watch)
        return;
    const LoadKeys keys(run.spec.prefix, run.spec.tags);
    const bool fills = run.phase == LoadState::Phase::Filling, cleans = run.phase == LoadState::Phase::Removing;
    for (size_t i = 0; i < run.tally.commands.size(); ++i) {
        const LoadCount &now = run.tally.commands[i];
        const LoadCount before = i < run.told.commands.size() ? run.told.commands[i] : LoadCount();
        if (now.sent == before.sent)
            continue;
        BulkSent sent;
        sent.cluster = run.title;
        sent.seeds = run.seeds;
        sent.address = run.nodes.size() == 1 ? run.nodes.front().name : QString();
        sent.nodeId = run.nodes.size() == 1 ? run.nodes.front().id : QByteArray();
        sent.database = run.database;
        sent.user = run.user;
        sent.count = now.sent - before.sent;
        sent.failed = now.failed - before.failed;
        sent.unknown = now.unknown - before.unknown;
        if (cleans)
            sent.example = commandOf("UNLINK", keys.name(run.record.kinds.value(qsizetype(i)), 0));
        else
            sent.example = (fills ? run.fillers : run.commands)[i].example(
                keys.name((fills ? run.fillers : run.commands)[i].kind(), 0));
        watch->sentInBulk(sent, __FILE__);
    }
    run.told.commands.resize(run.tally.commands.size());
    for (size_t i = 0; i < run.tally.commands.size(); ++i) {
        run.told.commands[i].sent = run.tally.commands[i].sent;
        run.told.commands[i].failed = run.tally.commands[i].failed;
        run.told.commands[i].unknown = run.tally.commands[i].unknown;
    }
}

/// What is shown: a copy that nobody changes. The figures are those of the measuring, also while keys are removed.
void LoadGenerator::makeReport(Run &run)
{
    LoadReport &report = run.report;
    if (run.phase == LoadState::Phase::WarmingUp) {
        const auto fill = [](LoadRow &row, const LoadCount &count) {
            row.ok = count.ok;
            row.errors = count.errors;
            row.times = LoadTimes::of(count);
        };
        LoadCount all;
        report.nodes.clear();
        for (size_t i = 0; i < run.nodes.size(); ++i) {
            const LoadCount count = i < run.tally.nodes.size() ? run.tally.nodes[i] : LoadCount();
            const Run::Node &node = run.nodes[i];
            LoadRow row;
            row.id = node.id;
            row.name = node.name;
            row.isReplica = node.isReplica;
            row.connections = node.open;
            row.problem = node.problem;
            fill(row, count);
            all.merge(count);
            report.nodes.append(row);
        }
        report.all.name = report.cluster;
        fill(report.all, all);
        report.commands.clear();
        for (size_t i = 0; i < run.commands.size() && i < run.tally.commands.size(); ++i) {
            LoadRow row;
            row.name = QString::fromUtf8(run.commands[i].name());
            fill(row, run.tally.commands[i]);
            report.commands.append(row);
        }
        report.warmUp = std::max<qint64>(0, all.sent - all.ok - all.errorSum());
        report.unfinished = run.tally.unfinished;
        report.redirects = run.tally.redirects;
        report.missed = run.tally.missed;
        report.longestLate = run.tally.longestLate;
        qint64 until = run.doneAt > 0 ? run.doneAt : loadClock();
        if (run.end > 0 && !report.isScheduled()) // what was on its way at the end makes it no longer
            until = std::min(until, run.end);
        report.seconds = std::max(0.0, double(until - run.countFrom) / double(perSecond));
    }
    ++run.revision;
    run.shown = std::make_shared<const LoadReport>(report);
}

} // namespace slotscope
