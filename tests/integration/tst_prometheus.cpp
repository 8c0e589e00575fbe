// SPDX-License-Identifier: GPL-3.0-or-later
// A real Prometheus with a real exporter joined with live figures; and what stands in its place: exporters, web pages,
// redirects, servers that take no POST, doubled series, answers without end.
#include "core/metrics/metricsrecorder.h"
#include "core/metrics/prometheusreader.h"
#include "support/testcluster.h"
#include "tests/support/fakehttp.h"
#include "tests/support/realprometheus.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestPrometheus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void realProgramsJoinedWithLiveFigures();
    void allFormsOfAnAddress();
    void anExporterIsTold_data();
    void anExporterIsTold();
    void getWherePostIsRefused();
    void aTokenStaysWithItsHost();
    void logins();
    void longRangesComeInPieces();
    void oneRefusedQueryIsANote();
    void answersAreBounded();
    void garbage_data();
    void garbage();
    void aReaderMayGoMeanwhile();

private:
    static constexpr qint64 t0 = 1'790'000'040'000;
    static PrometheusSource sourceOf(const QString &address)
    {
        PrometheusSource source;
        source.base = prometheusBase(address).value();
        return source;
    }
    static std::vector<PrometheusNode> oneNode()
    {
        return {{.id = "n1", .runId = "r1", .name = u"127.0.0.1:7001"_s, .addresses = {u"127.0.0.1:7001"_s}}};
    }
    static PrometheusRequest requestOf(qint64 from, qint64 to, int pixels = 360)
    {
        PrometheusRequest request;
        request.from = from;
        request.to = to;
        request.pixels = pixels;
        request.metrics = {Metric::Commands, Metric::Memory};
        request.nodes = oneNode();
        return request;
    }
    static QByteArray success(const QByteArray &data) { return R"({"status":"success","data":)" + data + '}'; }
    /// Answers like a Prometheus server whose jobs `jobs` each scrape the node every 15 s.
    static HttpReply answer(const HttpRequest &request, const QByteArrayList &jobs = {"a"})
    {
        const QString call = request.path().section(u'/', -1);
        const QString query = request.parameter(u"query"_s);
        if (call == u"buildinfo"_s)
            return {.body = success(R"({"version":"2.42.0"})")};
        QJsonArray result;
        for (const QByteArray &job : jobs) {
            QJsonObject labels{{u"job"_s, QString::fromLatin1(job)}, {u"instance"_s, u"e:9121"_s}};
            if (call == u"series"_s) {
                labels[u"run_id"_s] = u"r1"_s;
                labels[u"role"_s] = u"master"_s;
                result.append(labels);
                continue;
            }
            if (query.contains(u"role"_s))
                labels[u"role"_s] = u"master"_s;
            else if (call == u"query_range"_s && !query.contains(u"job=~\"a"_s))
                continue;
            const bool isRange = call == u"query_range"_s;
            const qint64 to = qint64(request.parameter(isRange ? u"end"_s : u"time"_s).toDouble());
            const qint64 from = isRange ? qint64(request.parameter(u"start"_s).toDouble()) : to - 300;
            const qint64 step = isRange ? qint64(request.parameter(u"step"_s).toDouble()) : 15;
            if ((to - from) / step + 1 > 11'000)
                return {
                    .status = 400,
                    .body =
                        R"({"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries."})"};
            QJsonArray values;
            for (qint64 at = from; at <= to; at += step)
                values.append(QJsonArray{double(at), u"100"_s});
            result.append(QJsonObject{{u"metric"_s, labels}, {u"values"_s, values}});
        }
        if (call == u"series"_s)
            return {.body = success(QJsonDocument(result).toJson(QJsonDocument::Compact))};
        return {.body = success(QJsonDocument(QJsonObject{{u"resultType"_s, u"matrix"_s}, {u"result"_s, result}})
                                    .toJson(QJsonDocument::Compact))};
    }
    static QString problemOf(const QString &address)
    {
        PrometheusReader reader;
        const auto found = QCoro::waitFor(reader.test(sourceOf(address), oneNode()));
        return found ? QString() : found.error().detail;
    }
};

void TestPrometheus::realProgramsJoinedWithLiveFigures()
{
    if (const QString lacking = RealPrometheus::lacking(); !lacking.isEmpty())
        QSKIP(qPrintable(u"%1 is not installed (scripts/setup.sh --tests)"_s.arg(lacking)));
    LocalClusterOptions options;
    options.replicasPerPrimary = 1;
    TestCluster cluster(options);
    QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
    QStringList addresses;
    for (int i = 0; i < 6; ++i)
        addresses.append(cluster.address(i));
    RealPrometheus prometheus;
    QVERIFY2(prometheus.start(addresses, {addresses[0]}), qPrintable(prometheus.failure()));
    for (int i = 0; i < 300; ++i)
        (void)cluster.run(i % 3, {"SET"_ba, "k" + QByteArray::number(i), QByteArray(100, 'x')});

    ClusterSession session(cluster.target({0}));
    session.start();
    QVERIFY(QCoro::waitFor(session.connected(8000)));
    PrometheusReader reader;
    const PrometheusSource source = sourceOf(prometheus.address());
    std::vector<PrometheusNode> nodes;
    PrometheusFound found;
    const auto knowsAll = [&] {
        nodes = prometheusNodesOf(*session.view());
        const auto told = QCoro::waitFor(reader.test(source, nodes));
        if (told)
            found = *told;
        return told && found.nodesFound == 6 && found.interval == 1000;
    };
    QTRY_VERIFY_WITH_TIMEOUT(knowsAll(), 60'000);
    QVERIFY2(found.version.startsWith(u"2."_s), qPrintable(found.version));

    PrometheusRequest request;
    request.nodes = nodes;
    request.metrics = {Metric::Commands, Metric::Cpu,         Metric::Memory,      Metric::Resident, Metric::Keys,
                       Metric::Lag,      Metric::ErrorsMoved, Metric::ErrorsOther, Metric::ForkMs,   Metric::Clients};
    MetricsHistoryPtr history;
    const auto isWhole = [&] {
        request.to = QDateTime::currentMSecsSinceEpoch();
        request.from = request.to - 60'000;
        const auto read = QCoro::waitFor(reader.history(source, request));
        if (!read) {
            qWarning("%s", qPrintable(read.error().detail));
            return false;
        }
        history = *read;
        return history->nodes.size() == 6
            && std::all_of(history->nodes.begin(), history->nodes.end(), [](const auto &samples) {
                   const auto &values = samples.back().values;
                   return samples.size() > 6 && !std::isnan(values[size_t(Metric::Commands)])
                       && !std::isnan(values[size_t(Metric::ErrorsMoved)])
                       && !std::isnan(values[size_t(Metric::ForkMs)]);
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(), 60'000);
    const auto book = std::make_shared<MetricsBook>(); // the live recording begins here, as when Slotscope is started
    const qint64 began = QDateTime::currentMSecsSinceEpoch();
    MetricsRecorder recorder(&session);
    recorder.recordInto(book);
    const auto isLive = [&] {
        return std::all_of(nodes.begin(), nodes.end(), [&](const auto &node) { return book->latest(node.id); });
    };
    QTRY_VERIFY(isLive());
    const auto reachesTheRecord = [&] {
        return isWhole() && std::all_of(history->nodes.begin(), history->nodes.end(), [&](const auto &samples) {
                   return samples.back().at > began + 1000;
               });
    };
    QTRY_VERIFY(reachesTheRecord());
    QCOMPARE(history->step, 1000);
    QVERIFY2(history->words.startsWith(u"Prometheus, every 1 s"_s), qPrintable(history->words));
    const QString twice = history->notes.join(u" | "_s);
    QVERIFY2(twice.contains(u"two series match %1; the one with job "_s.arg(addresses[0])), qPrintable(twice));
    double keys = 0;
    int primaries = 0;
    for (auto node = history->nodes.constBegin(); node != history->nodes.constEnd(); ++node) {
        const auto &last = node->back();
        const NodeState *state = session.view()->node(node.key());
        QVERIFY(state);
        QCOMPARE(last.isPrimary, state->primary);
        const auto live = book->latest(node.key());
        QVERIFY(live);
        const double memory = (*live)[size_t(Metric::Memory)];
        QVERIFY(std::abs(double(last.values[size_t(Metric::Memory)]) - memory) < memory * 0.05);
        if (last.isPrimary) {
            ++primaries;
            keys += double(last.values[size_t(Metric::Keys)]);
            QVERIFY(!std::isnan(last.values[size_t(Metric::Lag)]));
        }
    }
    QCOMPARE(primaries, 3);
    QVERIFY2(keys > 0 && std::abs(keys - 100) <= 300, qPrintable(QString::number(keys)));

    // One time window of both sources has no gap where they meet, and their sums agree within 5 %.
    book->setHistory(history);
    MetricsQuery query;
    query.to = QDateTime::currentMSecsSinceEpoch();
    query.from = query.to - 60'000;
    query.points = 60;
    query.group = MetricGroup::Sum;
    query.metrics = {Metric::Memory};
    const MetricsWindow window = book->window(query);
    QVERIFY(window.historyFrom > 0 && window.historyFrom < window.recordedFrom);
    QVERIFY(window.recordedFrom >= began);
    QCOMPARE(window.nodesTold, 6);
    const auto &sum = window.lines.front().values[0];
    const int join = int((window.recordedFrom - window.first) / window.step);
    int before = 0;
    for (int i = join - 3; i < join + 2; ++i)
        before += i >= 0 && !std::isnan(sum[size_t(i)]) ? 1 : 0;
    QCOMPARE(before, 5);
    QVERIFY(std::abs(sum[size_t(join - 2)] - sum[size_t(join + 1)]) < sum[size_t(join + 1)] * 0.05);
}

void TestPrometheus::allFormsOfAnAddress()
{
    FakeHttp server([](const HttpRequest &request) {
        return request.path().startsWith(u"/prom/api/v1/"_s) || request.path().startsWith(u"/api/v1/"_s)
            ? answer(request)
            : HttpReply{.status = 404, .body = "404 page not found", .type = "text/plain"};
    });
    for (const char *form : {"", "/", "/prom", "/prom/", "/api/v1/"}) {
        PrometheusReader reader;
        const auto found = QCoro::waitFor(reader.test(sourceOf(server.address() + QLatin1String(form)), oneNode()));
        QVERIFY2(found, form);
        QCOMPARE(found->version, u"2.42.0"_s);
        QCOMPARE(found->interval, std::optional<qint64>(15'000));
        QCOMPARE(found->nodesFound, 1);
    }
    QVERIFY(problemOf(server.address() + u"/elsewhere"_s).contains(u"no Prometheus at this address (HTTP 404)"_s));
}

void TestPrometheus::anExporterIsTold_data()
{
    QTest::addColumn<int>("otherStatus");
    QTest::addColumn<QString>("typed");
    QTest::newRow("its page") << 404 << u"/metrics"_s;
    QTest::newRow("answers all with its first page") << 200 << u"/metrics"_s;
    QTest::newRow("its root") << 200 << u""_s;
}

void TestPrometheus::anExporterIsTold()
{
    QFETCH(int, otherStatus);
    QFETCH(QString, typed);
    FakeHttp exporter([otherStatus](const HttpRequest &request) {
        if (request.path() == u"/metrics"_s)
            return HttpReply{.body = "# HELP redis_up x\n# TYPE redis_up gauge\nredis_up 1\n", .type = "text/plain"};
        return HttpReply{.status = otherStatus,
                         .body = "<html>\n<head><title>Redis Exporter 1</title></head><a href='/metrics'>Metrics</a>",
                         .type = "text/html"};
    });
    QCOMPARE(problemOf(exporter.address() + typed),
             u"this is the page of an exporter; enter the address of the Prometheus server that scrapes it"_s);
}

void TestPrometheus::getWherePostIsRefused()
{
    FakeHttp server([](const HttpRequest &request) {
        return request.method == "POST" ? HttpReply{.status = 405, .body = "no", .type = "text/plain"}
                                        : answer(request);
    });
    PrometheusReader reader;
    const auto history = QCoro::waitFor(reader.history(sourceOf(server.address()), requestOf(t0 - 3'600'000, t0)));
    QVERIFY2(history, qPrintable(history ? QString() : history.error().detail));
    QVERIFY((*history)->nodes["n1"].size() > 200);
    int posts = 0;
    for (const HttpRequest &each : server.received)
        posts += each.method == "POST" ? 1 : 0;
    QCOMPARE(posts, 1); // only the first query uses POST, because its refusal is remembered
}

void TestPrometheus::aTokenStaysWithItsHost()
{
    FakeHttp stranger([](const HttpRequest &request) { return answer(request); });
    for (const int status : {301, 302, 307, 308}) {
        FakeHttp server([&](const HttpRequest &request) {
            return HttpReply{.status = status,
                             .more = "Location: " + stranger.address().toLatin1() + request.target + "\r\n"};
        });
        PrometheusSource source = sourceOf(server.address());
        source.login = PrometheusSource::Login::Token;
        source.secret = "very-secret-token";
        PrometheusReader reader;
        const auto found = QCoro::waitFor(reader.test(source, oneNode()));
        QVERIFY(!found);
        QVERIFY2(found.error().detail.contains(stranger.address()), qPrintable(found.error().detail));
        QVERIFY(server.received.front().head.contains("Authorization: Bearer very-secret-token"));
    }
    QCOMPARE(stranger.received.size(), 0);
}

void TestPrometheus::logins()
{
    FakeHttp server([](const HttpRequest &request) {
        if (request.head.contains("Authorization: Basic " + QByteArray("me:päss").toBase64()))
            return answer(request);
        return HttpReply{.status = 401, .body = "Unauthorized", .more = "WWW-Authenticate: Basic realm=\"x\"\r\n"};
    });
    PrometheusSource source = sourceOf(server.address());
    PrometheusReader reader;
    QCOMPARE(QCoro::waitFor(reader.test(source, oneNode())).error().code, Error::Code::AuthRequired);
    source.login = PrometheusSource::Login::Password;
    source.user = u"me"_s;
    source.secret = "wrong";
    QCOMPARE(QCoro::waitFor(reader.test(source, oneNode())).error().code, Error::Code::WrongPassword);
    source.secret = "päss";
    QVERIFY(QCoro::waitFor(reader.test(source, oneNode())));
    const auto asked = server.received.size();
    source.login = PrometheusSource::Login::Token;
    source.secret = "x\r\nX-Other: y";
    QCOMPARE(QCoro::waitFor(reader.test(source, oneNode())).error().code, Error::Code::InvalidArgument);
    QCOMPARE(server.received.size(), asked);
}

void TestPrometheus::longRangesComeInPieces()
{
    FakeHttp server([](const HttpRequest &request) { return answer(request, {"a", "b"}); });
    PrometheusReader reader;
    const qint64 range = 3 * 86'400'000LL;
    const auto history = QCoro::waitFor(reader.history(sourceOf(server.address()), requestOf(t0 - range, t0, 17'280)));
    QVERIFY2(history, qPrintable(history ? QString() : history.error().detail));
    const auto &samples = (*history)->nodes["n1"];
    QCOMPARE(samples.size(), size_t(range / 15'000));
    for (size_t i = 1; i < samples.size(); ++i)
        QCOMPARE(samples[i].at - samples[i - 1].at, 15'000);
    QCOMPARE((*history)->notes, QStringList{u"two series match 127.0.0.1:7001; the one with job a is used"_s});
    // the node is counted once, although two jobs scrape it
    QCOMPARE(samples.front().values[size_t(Metric::Memory)], 100.0F);
}

void TestPrometheus::oneRefusedQueryIsANote()
{
    FakeHttp server([](const HttpRequest &request) {
        if (request.parameter(u"query"_s).contains(u"commands_processed"_s))
            return HttpReply{.status = 422,
                             .body = R"({"status":"error","errorType":"execution","error":"too many samples"})"};
        return answer(request);
    });
    PrometheusReader reader;
    const auto history = QCoro::waitFor(reader.history(sourceOf(server.address()), requestOf(t0 - 3'600'000, t0)));
    QVERIFY(history);
    QVERIFY2((*history)->notes.join(u' ').contains(u"commands: Prometheus: too many samples"_s),
             qPrintable((*history)->notes.join(u' ')));
    QVERIFY(!(*history)->nodes["n1"].empty());
}

void TestPrometheus::answersAreBounded()
{
    FakeHttp server([](const HttpRequest &) { return HttpReply{.body = QByteArray(3'000'000, ' ')}; });
    PrometheusReader reader;
    reader.setLimits(1'000'000, 20'000);
    QCOMPARE(QCoro::waitFor(reader.test(sourceOf(server.address()), oneNode())).error().code,
             Error::Code::LimitExceeded);
    server.isSilent = true;
    reader.setLimits(1'000'000, 200);
    QCOMPARE(QCoro::waitFor(reader.test(sourceOf(server.address()), oneNode())).error().code, Error::Code::Timeout);
    server.close();
    QCOMPARE(QCoro::waitFor(reader.test(sourceOf(server.address()), oneNode())).error().code,
             Error::Code::ConnectionRefused);
}

void TestPrometheus::garbage_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char *body : {"", "{", "<html>hello", "[[[[", R"({"status":"success","data":7})", "\xff\xfe\x01"})
        QTest::addRow("%s", body) << QByteArray(body);
}

void TestPrometheus::garbage()
{
    QFETCH(QByteArray, body);
    FakeHttp server([&](const HttpRequest &) { return HttpReply{.body = body}; });
    QCOMPARE(problemOf(server.address()), u"the server at this address is not Prometheus"_s);
}

void TestPrometheus::aReaderMayGoMeanwhile()
{
    FakeHttp server([](const HttpRequest &request) { return answer(request); });
    server.isSilent = true;
    auto reader = std::make_unique<PrometheusReader>();
    std::optional<Error::Code> code;
    const auto wait = [](PrometheusReader *of, PrometheusSource source,
                         std::optional<Error::Code> *to) -> QCoro::Task<> {
        const auto found = co_await of->test(source, oneNode());
        *to = found ? Error::Code::Parse : found.error().code;
    };
    wait(reader.get(), sourceOf(server.address()), &code);
    QTRY_COMPARE(server.received.size(), 1);
    reader.reset();
    QTRY_VERIFY(code.has_value());
    QCOMPARE(*code, Error::Code::Cancelled);
}

SLOTSCOPE_TEST(TestPrometheus)
#include "tst_prometheus.moc"
