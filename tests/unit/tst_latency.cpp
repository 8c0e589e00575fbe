// SPDX-License-Identifier: GPL-3.0-or-later
// What latency is made of: histograms, windows of pings, and what the servers tell of theirs.
#include "captured.h"
#include "core/latency/commandlatency.h"
#include "core/latency/latencyparsers.h"
#include "core/latency/pingbook.h"
#include "tests/support/testmain.h"

#include <QRandomGenerator>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestLatency : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bucketsCoverEveryTime();
    void percentilesAreNear();
    void aWindowSlides();
    void lateAnswersBelongToTheirMoment();
    void aBookKeepsNodesApart();
    void rowsOfTheSpectrum();
    void latestAndHistory_data();
    void latestAndHistory();
    void latestRefuses_data();
    void latestRefuses();
    void histogramsOfCommands_data();
    void histogramsOfCommands();
    void histogramRefuses_data();
    void histogramRefuses();
    void differences();
    void latencyStats_data();
    void latencyStats();
};

void TestLatency::bucketsCoverEveryTime()
{
    for (qint64 time = 0; time < 5'000'000; time += 1 + time / 700) {
        const quint16 bucket = LatencyHistogram::bucketOf(time);
        const qint64 lowest = LatencyHistogram::lowestOf(bucket), next = LatencyHistogram::lowestOf(bucket + 1);
        QVERIFY2(lowest <= time && time < next, qPrintable(QString::number(time)));
        QVERIFY(next - lowest <= std::max<qint64>(1, lowest / 32 + 1));
    }
    QCOMPARE(LatencyHistogram::bucketOf(-5), quint16(0));
    QCOMPARE(LatencyHistogram::bucketOf(LatencyHistogram::longestCounted * 4),
             LatencyHistogram::bucketOf(LatencyHistogram::longestCounted));
}

void TestLatency::percentilesAreNear()
{
    LatencyHistogram histogram;
    QCOMPARE(histogram.percentile(0.99), qint64(-1));
    std::vector<qint64> times;
    QRandomGenerator random(7);
    for (int i = 0; i < 20'000; ++i)
        times.push_back(qint64(100 * std::exp(random.bounded(8.0))));
    for (const qint64 time : times)
        histogram.add(time);
    std::sort(times.begin(), times.end());
    for (const double share : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const double exact = double(times[size_t(nearestRank(share, qint64(times.size()))) - 1]);
        const double told = double(histogram.percentile(share));
        QVERIFY2(std::abs(told - exact) <= exact * 0.02 + 1,
                 qPrintable(u"%1: %2 %3"_s.arg(share).arg(told).arg(exact)));
    }
    LatencyHistogram twice = histogram;
    twice.merge(histogram);
    QCOMPARE(twice.count(), qint64(40'000));
    QCOMPARE(twice.percentile(0.99), histogram.percentile(0.99));
    QCOMPARE(nearestRank(0.999, 1000), qint64(999));
    QCOMPARE(nearestRank(0.99, 1), qint64(1));
}

void TestLatency::aWindowSlides()
{
    constexpr qint64 begin = 1'700'000'000'000;
    PingSeries series;
    series.setWindow(60'000);
    series.add(begin, 500'000); // the slow ping
    for (int i = 1; i <= 500; ++i)
        series.add(begin + i * 100, 300);
    series.addLost(begin + 30'000);
    series.slideTo(begin + 58'000);
    PingFigures figures = series.figures();
    QCOMPARE(figures.answered, qint64(501));
    QCOMPARE(figures.lost, qint64(1));
    QCOMPARE(figures.longest, qint64(500'000));
    QCOMPARE(figures.p999, qint64(500'000));
    QVERIFY(std::abs(figures.p50 - 300) <= 6);
    QCOMPARE(figures.shortest, qint64(300));
    QCOMPARE(figures.average, qint64((500'000 + 500 * 300) / 501));
    series.slideTo(begin + 65'000); // the slow ping is outside the time window, the lost one is not
    figures = series.figures();
    QVERIFY(figures.answered < 501 && figures.answered > 400);
    QCOMPARE(figures.longest, qint64(300));
    QCOMPARE(figures.p999, qint64(300));
    QCOMPARE(figures.lost, qint64(1));
    series.setWindow(5 * 60'000); // a longer window includes older pings again
    QCOMPARE(series.figures().longest, qint64(500'000));
    QCOMPARE(series.figures().p999, qint64(500'000));
    series.slideTo(begin + 4 * PingSeries::kept);
    QCOMPARE(series.figures().answered, qint64(0));
    QVERIFY(series.slices().empty());
    QCOMPARE(series.figures().longest, qint64(-1));
}

/// A node that was frozen answers all pings at once. Each latency counts at the time when its ping was sent.
void TestLatency::lateAnswersBelongToTheirMoment()
{
    constexpr qint64 begin = 1'700'000'000'000;
    PingSeries series;
    series.slideTo(begin + 12'000);
    for (int i = 119; i >= 0; --i)
        series.add(begin + i * 100, 12'000'000 - i * 100'000);
    QCOMPARE(series.slices().size(), size_t(6));
    QVERIFY(std::is_sorted(series.slices().begin(), series.slices().end(),
                           [](const PingSlice &left, const PingSlice &right) { return left.start < right.start; }));
    QCOMPARE(series.slices().front().longest, qint64(12'000'000));
    QCOMPARE(series.slices().back().shortest, qint64(100'000));
    QCOMPARE(series.figures().answered, qint64(120));
    series.add(begin - 2 * PingSeries::kept, 5); // older than all kept pings, so it is ignored
    QCOMPARE(series.figures().answered, qint64(120));
}

void TestLatency::aBookKeepsNodesApart()
{
    PingBook book;
    PingEvent event;
    event.nodeId = "a";
    event.at = 1'700'000'000'000;
    event.microseconds = 400;
    book.take(event);
    event.kind = PingEvent::Kind::Waiting;
    event.microseconds = 12'000'000;
    book.take(event);
    QCOMPARE(book.node("a")->waiting, qint64(12'000'000));
    event.kind = PingEvent::Kind::Answered;
    book.take(event);
    QCOMPARE(book.node("a")->waiting, qint64(0));
    event.kind = PingEvent::Kind::Down;
    event.why = std::make_shared<const Error>(Error{.code = Error::Code::ConnectionLost});
    book.take(event);
    QVERIFY(book.node("a")->problem && !book.node("a")->isLinked);
    event.kind = PingEvent::Kind::Linked;
    book.take(event);
    QVERIFY(!book.node("a")->problem && book.node("a")->isLinked);
    QCOMPARE(book.node("a")->series.figures().answered, qint64(2)); // earlier values are kept
    event.kind = PingEvent::Kind::Jitter;
    event.nodeId.clear();
    event.microseconds = 60;
    book.take(event);
    QCOMPARE(book.jitter().figures().longest, qint64(60));
    QVERIFY(!book.node("b"));
    QVERIFY(!book.node(""));
}

void TestLatency::rowsOfTheSpectrum()
{
    QCOMPARE(spectrumRow(0), 0);
    QCOMPARE(spectrumRow(10), 0);
    QCOMPARE(spectrumRow(100), 10);
    QCOMPARE(spectrumRow(99), 9);
    QCOMPARE(spectrumRow(1000), 20);
    QCOMPARE(spectrumRow(10'000'000), spectrumRows - 1);
    QVERIFY(std::abs(spectrumLow(20) - 1000) < 0.001);
    for (int row = 1; row < spectrumRows; ++row)
        QCOMPARE(spectrumRow(qint64(std::ceil(spectrumLow(row) + 0.01))), row);
}

namespace {

void eachLatencyServer()
{
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<QByteArray>("protocol");
    for (const char *server : servers)
        for (const char *protocol : {"2", "3"})
            QTest::addRow("%s-%s", server, protocol) << QByteArray(server) << QByteArray(protocol);
}

} // namespace

void TestLatency::latestAndHistory_data()
{
    eachLatencyServer();
}

void TestLatency::latestAndHistory()
{
    QFETCH(const QByteArray, server);
    QFETCH(const QByteArray, protocol);
    const auto latest = parseLatencyLatest(valueOf(captured(server + "/latency-latest-" + protocol + ".resp")));
    QVERIFY2(latest, latest ? "" : qPrintable(latest.error().detail));
    QCOMPARE(latest->size(), size_t(1));
    const LatencyEvent &event = latest->front();
    QCOMPARE(event.name, "command"_ba);
    QVERIFY(event.longest >= 50 && event.latest <= event.longest);
    QVERIFY(event.serverSeconds > 1'700'000'000);
    QCOMPARE(event.sum.has_value(), server.startsWith("valkey"));
    QVERIFY(!event.count || *event.count >= 2);
    QVERIFY(!eventMeaning(event.name).isEmpty());
    QVERIFY(eventMeaning("of-tomorrow").isEmpty());
    const auto history = parseLatencyHistory(valueOf(captured(server + "/latency-history-" + protocol + ".resp")));
    QVERIFY(history && !history->empty());
    QCOMPARE(history->back().serverSeconds, event.serverSeconds);
}

void TestLatency::latestRefuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addRow("no list") << "+OK\r\n"_ba;
    QTest::addRow("row of a word") << "*1\r\n$1\r\na\r\n"_ba;
    QTest::addRow("too short") << "*1\r\n*3\r\n$1\r\na\r\n:1\r\n:1\r\n"_ba;
    QTest::addRow("no number") << "*1\r\n*4\r\n$1\r\na\r\n:1\r\n$1\r\n5\r\n:1\r\n"_ba;
}

void TestLatency::latestRefuses()
{
    QFETCH(const QByteArray, wire);
    QVERIFY(!parseLatencyLatest(valueOf(wire)));
    QVERIFY(!parseLatencyHistory(valueOf("*1\r\n*1\r\n:1\r\n")));
    QVERIFY(parseLatencyLatest(valueOf("*0\r\n"))->empty());
    QVERIFY(parseLatencyHistory(valueOf("*0\r\n"))->empty());
}

void TestLatency::histogramsOfCommands_data()
{
    eachLatencyServer();
}

void TestLatency::histogramsOfCommands()
{
    QFETCH(const QByteArray, server);
    QFETCH(const QByteArray, protocol);
    const auto all = parseLatencyHistogram(valueOf(captured(server + "/latency-histogram-" + protocol + ".resp")));
    QVERIFY2(all, all ? "" : qPrintable(all.error().detail));
    QVERIFY(all->size() > 5);
    QVERIFY(all->contains("get") && all->contains("config|get"));
    for (const CommandLatency &each : *all) {
        QVERIFY(each.calls > 0);
        QCOMPARE(each.counted(), each.calls);
        QVERIFY(each.percentile(0.5) <= each.percentile(0.99) && each.percentile(0.99) <= each.longest());
    }
    QCOMPARE(all->value("debug").calls, qint64(2));
    QVERIFY(all->value("debug").longest() >= 50'000);
}

void TestLatency::histogramRefuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addRow("no list") << ":1\r\n"_ba;
    QTest::addRow("odd") << "*1\r\n$3\r\nget\r\n"_ba;
    QTest::addRow("no calls") << "*2\r\n$3\r\nget\r\n*2\r\n$14\r\nhistogram_usec\r\n*0\r\n"_ba;
    QTest::addRow("falling") << "*2\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n"
                                "*4\r\n:1\r\n:3\r\n:2\r\n:2\r\n"_ba;
    QTest::addRow("odd buckets")
        << "*2\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n*1\r\n:1\r\n"_ba;
}

void TestLatency::histogramRefuses()
{
    QFETCH(const QByteArray, wire);
    QVERIFY(!parseLatencyHistogram(valueOf(wire)));
}

void TestLatency::differences()
{
    const auto latency = [](qint64 calls, QMap<qint64, qint64> buckets) {
        return CommandLatency{.calls = calls, .buckets = std::move(buckets)};
    };
    const CommandLatencies before{{"get", latency(10, {{8, 9}, {16, 1}})}, {"set", latency(5, {{8, 5}})}};
    CommandLatencies after{{"get", latency(110, {{8, 9}, {16, 100}, {33, 1}})},
                           {"set", latency(5, {{8, 5}})},
                           {"del", latency(1, {{64, 1}})}};
    CommandLatencies news = difference(after, before);
    QCOMPARE(news.keys(), QByteArrayList({"del", "get"}));
    QCOMPARE(news["get"].calls, qint64(100));
    QCOMPARE(news["get"].percentile(0.5), qint64(16));
    QCOMPARE(news["get"].percentile(0.999), qint64(33));
    QCOMPARE(news["get"].longest(), qint64(33));
    after["get"] = latency(3, {{8, 3}}); // after CONFIG RESETSTAT or a restart
    news = difference(after, before);
    QCOMPARE(news["get"].calls, qint64(3));
    CommandLatencies sum = before;
    mergeInto(sum, before);
    QCOMPARE(sum["get"].calls, qint64(20));
    QCOMPARE(sum["get"].buckets.value(8), qint64(18));
}

void TestLatency::latencyStats_data()
{
    QTest::addColumn<QByteArray>("server");
    for (const char *server : servers)
        QTest::addRow("%s", server) << QByteArray(server);
}

void TestLatency::latencyStats()
{
    QFETCH(const QByteArray, server);
    const CommandPercentiles all = parseLatencyStats(captured(server + "/info-latencystats.txt"));
    QVERIFY(all.size() > 5);
    QCOMPARE(all.value("get").keys(), QByteArrayList({"p50", "p99", "p99.9"}));
    QVERIFY(all.value("debug").value("p99") > 45'000);
    QVERIFY(all.contains("latency|latest"));
    QVERIFY(parseLatencyStats("latency_percentiles_usec_get:p50=x,=3,p99\r\nother:1").value("get").isEmpty());
}

SLOTSCOPE_TEST(TestLatency)
#include "tst_latency.moc"
