// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of the pure code, a name and a number each line:  bench_pure
#include "core/cluster/clusterview.h"
#include "core/operations/planners/planners.h"
#include "core/protocol/reader.h"
#include "tests/bench/bignodes.h"
#include "tests/bench/metrics.h"

#include <QElapsedTimer>

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cstdio>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int nodes = 1000;
constexpr int repeats = 15;

/// Returns the median duration of a call of `work` in ms.
template <typename Work>
double medianMs(Work work, int runs = repeats)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        QElapsedTimer clock;
        clock.start();
        work();
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void fail(const char *what)
{
    std::fprintf(stderr, "bench_pure: %s\n", what);
    std::exit(1);
}

double parseMs(const QByteArray &text)
{
    return medianMs([&text] {
        const auto table = parseClusterNodes(text);
        if (!table || table->lines.size() != nodes)
            fail("CLUSTER NODES was not read");
    });
}

/// Returns the observations of all nodes, whose CLUSTER NODES tables come in `spread` variants that report 0, 1, …
/// replicas as possibly failed (0: all tables are alike). With many variants a view costs as much as while news of
/// failures still spreads through the cluster.
std::vector<NodeObservation> observe(int spread)
{
    std::vector<NodeObservation> observations;
    for (int i = 0; i < nodes; ++i) {
        NodeObservation observation;
        QByteArray text = bench::nodesText(nodes, i, 1);
        // a different number of failed replicas in each variant, so that the tables have `spread` different digests
        for (int other = 0; other < (spread > 0 ? i % spread : 0); ++other)
            text.replace(bench::nodeId(other * 2 + 1) + ' ' + bench::nodeAddress(other * 2 + 1) + " slave",
                         bench::nodeId(other * 2 + 1) + ' ' + bench::nodeAddress(other * 2 + 1) + " slave,fail?");
        auto table = parseClusterNodes(text);
        if (!table)
            fail("CLUSTER NODES was not read");
        observation.id = bench::nodeId(i);
        observation.table = std::make_shared<const NodesTable>(std::move(*table));
        observation.reach.state = Reach::State::Ready;
        observations.push_back(std::move(observation));
    }
    return observations;
}

double viewMs(int spread)
{
    const std::vector<NodeObservation> observations = observe(spread);
    ShardNames names;
    return medianMs([&] {
        if (buildView(observations, names, 1).nodes.size() != nodes)
            fail("the view lacks nodes");
    });
}

/// Measures planning of a rebalance, in ms, in which the first primary has twice the weight of the others, so that
/// slots move between many nodes.
double rebalanceMs()
{
    ShardNames names;
    OperationFacts facts;
    facts.view = std::make_shared<const ClusterView>(buildView(observe(0), names, 1));
    for (int i = 0; i < nodes; ++i) {
        NodeFacts node;
        node.answered = true;
        facts.nodes.insert(bench::nodeId(i), node);
    }
    RebalanceRequest request;
    request.weights.insert(bench::nodeId(0), 2);
    return medianMs([&] {
        const auto plan = makePlan(request, facts);
        if (!plan || plan->isRefused() || plan->moves.isEmpty())
            fail("there is no plan");
    });
}

QByteArray getReplies(int count)
{
    return ("$100\r\n"_ba + QByteArray(100, 'v') + "\r\n").repeated(count);
}

QByteArray scanReplies(int count)
{
    QByteArray one = "*2\r\n$6\r\n123456\r\n*1000\r\n"_ba;
    for (int i = 0; i < 1000; ++i)
        one += "$12\r\nkey:" + QByteArray::number(10'000'000 + i) + "\r\n";
    return one.repeated(count);
}

double oursMs(const QByteArray &wire)
{
    return medianMs([&wire] {
        Reader reader;
        std::vector<Value> values;
        values.reserve(200'000);
        for (qsizetype at = 0; at < wire.size(); at += Reader::feedSize) {
            reader.feed(QByteArrayView(wire).sliced(at, std::min(Reader::feedSize, wire.size() - at)));
            while (reader.advance() == Reader::Step::Value)
                values.push_back(std::move(reader.value()));
        }
    });
}

double peerMs(const QByteArray &wire)
{
    return medianMs([&wire] {
        constexpr qsizetype chunk = 16 * 1024; // the size that redisBufferRead() reads at once
        redisReader *reader = redisReaderCreate();
        std::vector<void *> values;
        values.reserve(200'000);
        for (qsizetype at = 0; at < wire.size(); at += chunk) {
            redisReaderFeed(reader, wire.constData() + at, size_t(std::min(chunk, wire.size() - at)));
            void *reply = nullptr;
            while (redisReaderGetReply(reader, &reply) == REDIS_OK && reply)
                values.push_back(reply);
        }
        for (void *value : values)
            freeReplyObject(value);
        redisReaderFree(reader);
    });
}

void printSpeeds(const char *name, const QByteArray &wire)
{
    const double ours = double(wire.size()) / 1e6 / oursMs(wire) * 1e3;
    const double peer = double(wire.size()) / 1e6 / peerMs(wire) * 1e3;
    std::printf("%s\t%.0f\t%.0f\t%.2f\n", name, ours, peer, ours / peer);
}

/// Measures the time in µs that the core thread needs to parse one INFO reply and to store its values.
double infoMicroseconds()
{
    QByteArray text = "# Stats\r\n";
    for (int i = 0; i < 200; ++i)
        text += "some_field_" + QByteArray::number(i) + ":123456\r\n";
    text += "total_commands_processed:5\r\nused_memory:77\r\nrole:master\r\n";
    MetricsBook book;
    qint64 at = 0;
    return medianMs([&] {
        for (int i = 0; i < 1000; ++i)
            book.add("a"_ba, readMetrics(text, at += 1000));
    });
}

void printMetrics()
{
    const auto book = bench::fullRecord(100);
    const double nodesMs = medianMs([&] { (void)book->window(bench::wholeHour(MetricGroup::Nodes)); });
    const double sumMs = medianMs([&] { (void)book->window(bench::wholeHour(MetricGroup::Sum)); });
    std::printf("metrics: keeping one INFO (us)\t%.1f\t-\t-\n", infoMicroseconds());
    std::printf("metrics: window of an hour, 100 nodes x 23, a line each (ms)\t%.1f\t-\t-\n", nodesMs);
    std::printf("metrics: the same as one sum (ms)\t%.1f\t-\t-\n", sumMs);
}

} // namespace

int main()
{
    printMetrics();
    printSpeeds("reading replies of GET, in memory (MB/s)", getReplies(200'000));
    printSpeeds("reading replies of SCAN, in memory (MB/s)", scanReplies(500));
    std::printf("parsing CLUSTER NODES, 1000 nodes (ms)\t%.2f\t-\t-\n", parseMs(bench::nodesText(nodes, 0, 1)));
    std::printf("building a view, 1000 nodes agree (ms)\t%.2f\t-\t-\n", viewMs(0));
    std::printf("building a view, 1000 nodes, 40 opinions (ms)\t%.2f\t-\t-\n", viewMs(40));
    std::printf("planning to rebalance 1000 nodes (ms)\t%.2f\t-\t-\n", rebalanceMs());
    return 0;
}
