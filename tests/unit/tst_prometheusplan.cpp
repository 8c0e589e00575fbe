// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, answers, which series is which node, what is asked for in which steps, and history joined with the record.
#include "core/metrics/metricsbook.h"
#include "core/metrics/prometheusplan.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestPrometheusPlan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addresses_data();
    void addresses();
    void answersAreRead();
    void garbageIsRefused_data();
    void garbageIsRefused();
    void anExportersPageIsKnown();
    void seriesAreNodes();
    void aNodeScrapedTwiceCountsOnce();
    void stepsAndPieces();
    void theIntervalIsLearned();
    void queries();
    void historyStandsBeforeTheRecord();
    void missingTimeIsAGap();
    void coarseHistoryFillsFineBuckets();

private:
    static constexpr qint64 t0 = 1'790'000'040'000; // the beginning of a minute
    static PrometheusSeries info(const QByteArray &job, const QByteArray &instance, const QByteArray &run,
                                 const QByteArray &role = "master"_ba)
    {
        PrometheusSeries series;
        series.labels = {{"job", job}, {"instance", instance}, {"role", role}};
        if (!run.isEmpty())
            series.labels.insert("run_id", run);
        return series;
    }
    static PrometheusNode node(const QByteArray &id, const QByteArray &run, const QString &address)
    {
        return {.id = id, .runId = run, .name = address, .addresses = {address}};
    }
    /// Returns a series of one target with the same value at each `step` from `from` to `to`.
    static PrometheusSeries points(const PrometheusTarget &target, qint64 from, qint64 to, qint64 step, double value)
    {
        PrometheusSeries series;
        series.labels = {{"job", target.job}, {"instance", target.instance}, {"role", "master"}};
        for (qint64 at = from; at <= to; at += step)
            series.points.emplace_back(at, value);
        return series;
    }
    static std::shared_ptr<MetricsHistory> history(qint64 from, qint64 to, qint64 interval, int pixels, double value,
                                                   qint64 gapFrom = 0, qint64 gapTo = 0)
    {
        const PrometheusTarget target{"a", "x:1", {}};
        PrometheusMatch match;
        match.targets["n1"] = {target};
        const PrometheusPlan plan = planPrometheus(from, to, pixels, interval);
        PrometheusSeries series = points(target, plan.first(), plan.last(), plan.step, value);
        std::erase_if(series.points, [&](const auto &each) { return each.first > gapFrom && each.first <= gapTo; });
        HistoryBuilder builder(plan, match);
        builder.addRoles({series});
        builder.add(Metric::Memory, {series});
        auto made = std::make_shared<MetricsHistory>();
        made->from = from;
        made->to = to;
        made->step = plan.step;
        made->words = u"Prometheus, every 15 s"_s;
        made->nodes = builder.take();
        return made;
    }
    static MetricsQuery query(qint64 from, qint64 to, int points)
    {
        MetricsQuery made;
        made.from = from;
        made.to = to;
        made.points = points;
        made.group = MetricGroup::Sum;
        made.metrics = {Metric::Memory};
        return made;
    }
};

void TestPrometheusPlan::addresses_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("base"); // the accepted base address (empty: refused)
    QTest::newRow("plain") << u"http://h:9090"_s << u"http://h:9090"_s;
    QTest::newRow("slash") << u"http://h:9090/"_s << u"http://h:9090"_s;
    QTest::newRow("api") << u"http://h:9090/api/v1/"_s << u"http://h:9090"_s;
    QTest::newRow("api of a query") << u"http://h:9090/api/v1/query?query=up"_s << u"http://h:9090"_s;
    QTest::newRow("prefix") << u"http://h:9090/prom"_s << u"http://h:9090/prom"_s;
    QTest::newRow("prefix, slash") << u"http://h:9090/prom/"_s << u"http://h:9090/prom"_s;
    QTest::newRow("prefix, api") << u"http://h:9090/prom/api/v1"_s << u"http://h:9090/prom"_s;
    QTest::newRow("from the browser") << u"https://h/graph?g0.expr=up#x"_s << u"https://h"_s;
    QTest::newRow("prefix that ends as a page") << u"http://h/paragraph"_s << u"http://h/paragraph"_s;
    QTest::newRow("no scheme") << u" h:9090 "_s << u"http://h:9090"_s;
    QTest::newRow("IPv6") << u"[::1]:9090"_s << u"http://[::1]:9090"_s;
    // only the first query shows that this is an exporter
    QTest::newRow("exporter") << u"http://h:9121/metrics"_s << u"http://h:9121/metrics"_s;
    QTest::newRow("nothing") << u"  "_s << QString();
    QTest::newRow("other scheme") << u"ftp://h/"_s << QString();
    QTest::newRow("password") << u"http://me:secret@h:9090"_s << QString();
    QTest::newRow("no host") << u"http://"_s << QString();
}

void TestPrometheusPlan::addresses()
{
    QFETCH(QString, typed);
    QFETCH(QString, base);
    const auto url = prometheusBase(typed);
    QCOMPARE(url.has_value(), !base.isEmpty());
    if (url)
        QCOMPARE(url->toString(), base);
    else
        QVERIFY(!url.error().detail.contains(u"secret"_s));
}

void TestPrometheusPlan::answersAreRead()
{
    const auto matrix =
        readPrometheus(R"({"status":"success","warnings":["a store is away"],"data":{"resultType":"matrix",
        "result":[{"metric":{"job":"a","instance":"x:1"},"values":[[1790000000.5,"1.5"],[1790000001,"NaN"],[1790000002,"+Inf"]]}]}})");
    QVERIFY(matrix);
    QCOMPARE(matrix->series.size(), 1u);
    QCOMPARE(matrix->series[0].points.size(), 1u);
    QCOMPARE(matrix->series[0].points[0].first, 1'790'000'000'500);
    QCOMPARE(matrix->series[0].points[0].second, 1.5);
    QCOMPARE(matrix->warnings, QStringList{u"a store is away"_s});
    const auto vector = readPrometheus(
        R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"3"]}]}})");
    QCOMPARE(vector->series[0].points[0].second, 3.0);
    const auto labels = readPrometheus(R"({"status":"success","data":[{"job":"a","run_id":"r"}]})");
    QCOMPARE(labels->series[0].labels.value("run_id"), "r"_ba);
    const auto refused =
        readPrometheus(R"({"status":"error","errorType":"bad_data","error":"exceeded maximum resolution"})");
    QCOMPARE(refused.error().code, Error::Code::ServerError);
    QVERIFY(refused.error().detail.contains(u"exceeded maximum resolution"_s));
    QCOMPARE(prometheusVersion(R"({"status":"success","data":{"version":"2.42.0"}})"), u"2.42.0"_s);
}

void TestPrometheusPlan::garbageIsRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char *body : {"", "<html>", "{", "[]", "null", R"({"status":1})", R"({"status":"success"})",
                             R"({"status":"success","data":{"result":3}})", "\xff\xfe"})
        QTest::addRow("%s", body) << QByteArray(body);
    QTest::newRow("deep") << QByteArray(100'000, '[');
}

void TestPrometheusPlan::garbageIsRefused()
{
    QFETCH(QByteArray, body);
    QVERIFY(!readPrometheus(body));
    (void)prometheusVersion(body);
}

void TestPrometheusPlan::anExportersPageIsKnown()
{
    QVERIFY(isExporterPage("# HELP redis_up Information\n# TYPE redis_up gauge\n"));
    QVERIFY(isExporterPage("\n<html>\n<head><title>Redis Exporter v1</title></head><a href='/metrics'>Metrics</a>"));
    QVERIFY(!isExporterPage("<html><title>Prometheus Time Series Collection</title>"));
    QVERIFY(!isExporterPage("404 page not found\n"));
}

void TestPrometheusPlan::seriesAreNodes()
{
    const std::vector<PrometheusNode> nodes{node("n1", "r1", u"127.0.0.1:7001"_s),
                                            node("n2", "r2", u"127.0.0.1:7002"_s), node("n3", "", u"10.0.0.3:6379"_s)};
    const PrometheusMatch match = matchTargets({info("a", "exporter:9121", "old"), info("a", "exporter:9121", "r1"),
                                                info("a", "redis://u:p@127.0.0.1:7002", ""),
                                                // the address of a node, but with the run_id of another server
                                                info("a", "127.0.0.1:7001", "another"),
                                                info("b", "10.0.0.3:6379", "r3"), info("b", "10.0.0.4:6379", "r4")},
                                               nodes);
    QCOMPARE(match.targets.size(), 3);
    QCOMPARE(match.targets["n1"].size(), 1u);
    QCOMPARE(match.targets["n1"][0].instance, "exporter:9121"_ba);
    QCOMPARE(match.targets["n2"].size(), 1u);
    QCOMPARE(match.targets["n3"].size(), 1u);
}

void TestPrometheusPlan::aNodeScrapedTwiceCountsOnce()
{
    const std::vector<PrometheusNode> nodes{node("n1", "r1", u"127.0.0.1:7001"_s)};
    PrometheusMatch match = matchTargets({info("b", "e:2", "r1"), info("a", "e:1", "r1")}, nodes);
    QCOMPARE(match.targets["n1"].size(), 2u);
    QStringList notes;
    PrometheusMatch equal = match;
    chooseTargets(
        equal, {points({"b", "e:2", {}}, t0, t0 + 10'000, 1000, 1), points({"a", "e:1", {}}, t0, t0 + 10'000, 1000, 1)},
        nodes, notes);
    QCOMPARE(notes, QStringList{u"two series match 127.0.0.1:7001; the one with job a is used"_s});
    QCOMPARE(equal.targets["n1"], std::vector<PrometheusTarget>{(PrometheusTarget{"a", "e:1", {}})});
    notes.clear();
    chooseTargets(
        match, {points({"b", "e:2", {}}, t0, t0 + 10'000, 1000, 1), points({"a", "e:1", {}}, t0, t0 + 2000, 1000, 1)},
        nodes, notes);
    QCOMPARE(
        notes,
        QStringList{u"two series match 127.0.0.1:7001; the one with job b is used"_s}); // the longer series is used
}

void TestPrometheusPlan::stepsAndPieces()
{
    const qint64 day = 86'400'000;
    const PrometheusPlan plan = planPrometheus(t0, t0 + 2 * day, 17'280, 10'000);
    QCOMPARE(plan.step, 10'000);
    QCOMPARE(plan.pieces.size(), 2u);
    qint64 before = t0;
    size_t all = 0;
    for (const auto &[first, last] : plan.pieces) {
        const qint64 points = (last - first) / plan.step + 1;
        QVERIFY(points > 0 && points <= 11'000);
        QCOMPARE(first, before + plan.step); // no point is requested twice or left out
        before = last;
        all += size_t(points);
    }
    QCOMPARE(all, plan.points());
    QVERIFY(before >= t0 + 2 * day);
    const PrometheusPlan zoomed = planPrometheus(t0, t0 + 300'000, 360, 15'000);
    QCOMPARE(zoomed.step, 15'000);
    QCOMPARE(zoomed.rateWindow, 60'000);
    // so that each counted command appears in some rate
    QCOMPARE(planPrometheus(t0, t0 + day, 360, 15'000).rateWindow, 300'000);
}

void TestPrometheusPlan::theIntervalIsLearned()
{
    PrometheusSeries series;
    for (const qint64 at : {0, 14'998, 30'003, 45'000, 105'001, 120'000}) // one scrape is missing in between
        series.points.emplace_back(t0 + at, 1);
    QCOMPARE(scrapeInterval({series}), std::optional<qint64>(15'000));
    series.points.resize(1);
    QVERIFY(!scrapeInterval({series}));
    QVERIFY(!scrapeInterval({}));
}

void TestPrometheusPlan::queries()
{
    const QByteArray selector = prometheusSelector({{"a", "10.0.0.1:9121", {}}, {"a", "x\"y:1", {}}});
    QCOMPARE(selector, R"({job=~"a",instance=~"10\\.0\\.0\\.1:9121|x\"y:1"})"_ba);
    const PrometheusPlan plan = planPrometheus(t0, t0 + 300'000, 360, 15'000);
    QCOMPARE(prometheusQuery(Metric::Commands, "{x=\"1\"}", plan),
             R"(max by (job, instance, addr) (rate(redis_commands_processed_total{x="1"}[60s])))"_ba);
    QVERIFY(prometheusQuery(Metric::ErrorsMoved, "{x=\"1\"}", plan).contains(R"({x="1",err=~"MOVED|ASK"})"));
    for (size_t i = 0; i < metricCount; ++i)
        QVERIFY2(!prometheusQuery(Metric(i), "{}", plan).isEmpty(), metricName(Metric(i)));
}

void TestPrometheusPlan::historyStandsBeforeTheRecord()
{
    MetricsBook book;
    book.setNodes({{"n1", {.name = u"x:1"_s, .shard = 1}}});
    for (int i = 0; i < 60; ++i) {
        MetricReading reading;
        reading.at = reading.steadyAt = t0 + i * 1000;
        reading.values[size_t(Metric::Memory)] = 200;
        book.add("n1", reading);
    }
    const MetricsQuery wanted = query(t0 - 600'000, t0 + 59'000, 60);
    QCOMPARE(book.window(wanted).historyFrom, 0);
    book.setHistory(history(t0 - 600'000, t0 + 60'000, 15'000, 60, 100));
    const MetricsWindow window = book.window(wanted);
    QCOMPARE(window.recordedFrom, t0);
    QCOMPARE(window.historyFrom, t0 - 600'000);
    QCOMPARE(window.historyWords, u"Prometheus, every 15 s"_s);
    QCOMPARE(window.lines.size(), 1u);
    for (int i = 0; i < window.buckets; ++i) {
        const double value = window.lines[0].values[0][size_t(i)];
        if (window.timeOf(i) + window.step <= t0)
            QCOMPARE(value, 100.0);
        else if (window.timeOf(i) > t0)
            QCOMPARE(value, 200.0); // live values replace the history, both are never added
    }
    book.setHistory(nullptr);
    QCOMPARE(book.window(wanted).historyFrom, 0);
}

void TestPrometheusPlan::missingTimeIsAGap()
{
    MetricsBook book;
    book.setNodes({{"n1", {.name = u"x:1"_s, .shard = 1}}});
    book.setHistory(history(t0 - 600'000, t0, 15'000, 40, 100, t0 - 300'000, t0 - 240'000));
    const MetricsWindow window = book.window(query(t0 - 600'000, t0 - 15'000, 40));
    QCOMPARE(window.step, 15'000);
    int missing = 0;
    for (int i = 0; i < window.buckets; ++i)
        missing += std::isnan(window.lines[0].values[0][size_t(i)]) ? 1 : 0;
    QCOMPARE(missing, 4);
}

void TestPrometheusPlan::coarseHistoryFillsFineBuckets()
{
    MetricsBook book;
    book.setNodes({{"n1", {.name = u"x:1"_s, .shard = 1}}});
    book.setHistory(history(t0 - 600'000, t0, 15'000, 40, 100, t0 - 45'000, t0 - 30'000));
    // the window begins between two points of the history
    const MetricsWindow window = book.window(query(t0 - 59'000, t0 - 1000, 1000));
    QCOMPARE(window.step, 1000);
    int missing = 0;
    for (int i = 0; i < window.buckets; ++i)
        missing += std::isnan(window.lines[0].values[0][size_t(i)]) ? 1 : 0;
    QCOMPARE(missing, 15);
}

SLOTSCOPE_TEST(TestPrometheusPlan)
#include "tst_prometheusplan.moc"
