// SPDX-License-Identifier: GPL-3.0-or-later
// The record of real servers: rates as they are, no figure below 0, and what happens is seen.
#include "core/metrics/metricsrecorder.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestMetricsRecord : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void figuresOfEachServer_data();
    void figuresOfEachServer();
    void aResetIsSeenAndNoRateIsBelowZero();
    void whatHappensIsSeen();
    void settingsThatOthersChange();
    void aStandaloneServerIsRecorded();
    void fieldsOfAllSections_data() { figuresOfEachServer_data(); }
    void fieldsOfAllSections();
    void theCommandLine();

private:
    static std::unique_ptr<TestCluster> start(const QString &path, int replicas, bool clusterMode = true)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.primaries = clusterMode ? 3 : 1;
        options.replicasPerPrimary = replicas;
        options.clusterMode = clusterMode;
        auto cluster = std::make_unique<TestCluster>(options);
        return cluster->start() ? std::move(cluster) : nullptr;
    }
    static MetricsWindow windowOf(const MetricsBook &book, MetricGroup group, std::vector<Metric> metrics)
    {
        MetricsQuery query;
        query.to = QDateTime::currentMSecsSinceEpoch();
        query.from = query.to - 120'000;
        query.points = 1000;
        query.group = group;
        query.metrics = std::move(metrics);
        return book.window(query);
    }
    static bool hasEvent(const MetricsBook &book, MetricEvent::Kind kind)
    {
        const MetricsWindow window = windowOf(book, MetricGroup::Sum, {Metric::Keys});
        return std::any_of(window.events.begin(), window.events.end(),
                           [kind](const MetricEvent &event) { return event.kind == kind; });
    }
    static QString eventWords(const MetricsBook &book)
    {
        QStringList words;
        const MetricsWindow window = windowOf(book, MetricGroup::Sum, {Metric::Keys});
        for (const MetricEvent &event : window.events)
            words.append(event.words);
        return words.join(u" | "_s);
    }
    static bool allHaveFigures(const ClusterSession &session, const MetricsBook &book)
    {
        return std::all_of(session.view()->nodes.begin(), session.view()->nodes.end(),
                           [&book](const NodeState &node) { return book.latest(node.id).has_value(); });
    }
};

void TestMetricsRecord::figuresOfEachServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::newRow(name.constData()) << path;
}

void TestMetricsRecord::figuresOfEachServer()
{
    QFETCH(QString, path);
    const auto cluster = start(path, 1);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    QTRY_VERIFY(allHaveFigures(*session, *book));
    for (int i = 0; i < 600; ++i) // commands sent by this program's own session are not counted in the metrics
        QVERIFY(QCoro::waitFor(session->execute({"SET"_ba, "k" + QByteArray::number(i), QByteArray(100, 'x')})));
    QVERIFY(cluster->run(1, {"EVAL"_ba, "for i=1,1000 do redis.call('ECHO','x') end"_ba, "0"_ba}));
    (void)cluster->run(0, {"GET"_ba, "nothing"_ba, "more"_ba}); // causes an error reply
    const auto keysOf = [&] {
        const auto sum = windowOf(*book, MetricGroup::Sum, {Metric::Keys}).lines;
        if (sum.empty())
            return -1.0;
        const auto &values = sum.front().values[0];
        for (auto value = values.rbegin(); value != values.rend(); ++value)
            if (!std::isnan(*value))
                return *value;
        return -1.0;
    };
    QTRY_COMPARE(keysOf(), 600.0);
    const MetricsWindow window =
        windowOf(*book, MetricGroup::Shards, {Metric::Commands, Metric::Memory, Metric::Lag, Metric::ErrorsOther});
    QCOMPARE(window.lines.size(), 3u);
    QCOMPARE(window.nodes, 6);
    QCOMPARE(window.nodesTold, 6);
    double commands = 0;
    for (const MetricLine &line : window.lines) {
        for (const auto &values : line.values)
            for (const double value : values)
                QVERIFY(std::isnan(value) || value >= 0);
        for (const double value : line.values[0])
            commands += std::isnan(value) ? 0 : value; // each value covers one second
        QVERIFY(std::any_of(line.values[2].begin(), line.values[2].end(), [](double lag) { return !std::isnan(lag); }));
    }
    QVERIFY2(commands > 200 && commands < 5000, // wide limits, because a reading may cover more than one second
             qPrintable(QString::number(commands)));
    const auto &errors = window.lines.front().values[3];
    QVERIFY(std::any_of(errors.begin(), errors.end(), [](double each) { return each >= 0; }));
}

void TestMetricsRecord::aResetIsSeenAndNoRateIsBelowZero()
{
    const auto cluster = start(serversFound().front().second, 0);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    for (int i = 0; i < 300; ++i)
        QVERIFY(cluster->run(0, {"PING"_ba}));
    QTRY_VERIFY(allHaveFigures(*session, *book));
    QVERIFY(cluster->run(0, {"CONFIG"_ba, "RESETSTAT"_ba}));
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::StatsReset), qPrintable(eventWords(*book)));
    QVERIFY(!hasEvent(*book, MetricEvent::Kind::Restart));
    const auto lines = windowOf(*book, MetricGroup::Shards, {Metric::Commands, Metric::NetIn}).lines;
    for (const MetricLine &line : lines)
        for (const auto &values : line.values)
            for (const double value : values)
                QVERIFY2(std::isnan(value) || (value >= 0 && value < 1e7), qPrintable(QString::number(value)));
}

void TestMetricsRecord::whatHappensIsSeen()
{
    const auto cluster = start(serversFound().back().second, 1);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0, 1, 2, 3, 4, 5}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    QTRY_VERIFY(allHaveFigures(*session, *book));
    QVERIFY(cluster->run(1, {"BGSAVE"_ba}));
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::Save), qPrintable(eventWords(*book)));
    (*cluster)->killNode(0);
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::NodeLost), qPrintable(eventWords(*book)));
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::Failover), qPrintable(eventWords(*book)));
    QVERIFY(QCoro::waitFor((*cluster)->restartNode(0)));
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::NodeBack), qPrintable(eventWords(*book)));
    QTRY_VERIFY2(hasEvent(*book, MetricEvent::Kind::Restart), qPrintable(eventWords(*book)));
    QVERIFY(!hasEvent(*book, MetricEvent::Kind::SlotsMoved)); // the failover left all slots in their shard
}

void TestMetricsRecord::settingsThatOthersChange()
{
    const auto cluster = start(serversFound().front().second, 0);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    recorder.watchSettings(200);
    QTRY_VERIFY(allHaveFigures(*session, *book)); // by then the settings have been read several times
    for (int node = 0; node < 3; ++node)
        QVERIFY(cluster->run(node, {"CONFIG"_ba, "SET"_ba, "maxmemory-policy"_ba, "allkeys-lru"_ba}));
    QVERIFY(cluster->run(1, {"CONFIG"_ba, "SET"_ba, "masterauth"_ba, "geheim"_ba}));
    QTRY_VERIFY2(eventWords(*book).contains(u"masterauth"_s), qPrintable(eventWords(*book)));
    const QString words = eventWords(*book);
    QVERIFY2(words.contains(u"maxmemory-policy is allkeys-lru"_s), qPrintable(words));
    QVERIFY2(!words.contains(u"geheim"_s), qPrintable(words));
}

void TestMetricsRecord::aStandaloneServerIsRecorded()
{
    const auto cluster = start(serversFound().back().second, 0, false);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    QTRY_COMPARE(windowOf(*book, MetricGroup::Shards, {Metric::Clients}).lines.size(), 1u);
    QTRY_VERIFY(allHaveFigures(*session, *book));
}

/// Fields of INFO that the session reads anyway, of other sections and of CLUSTER INFO, on every server.
void TestMetricsRecord::fieldsOfAllSections()
{
    QFETCH(QString, path);
    const auto cluster = start(path, 0);
    QVERIFY(cluster);
    const auto session = connectTo(cluster->target({0}));
    QVERIFY(session);
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(session.get());
    recorder.recordInto(book);
    const auto figures = QCoro::waitFor(recorder.figures());
    QVERIFY(figures);
    const auto has = [&](const QByteArray &section, const QByteArray &name) {
        return std::count_if(figures->begin(), figures->end(),
                             [&](const InfoFigure &figure) {
                                 return figure.section.toLower() == section && figure.name == name && figure.nodes == 3;
                             })
            == 1;
    };
    QVERIFY(has("cpu", "used_cpu_user"));
    QVERIFY(has("cluster info", "cluster_known_nodes")); // Valkey 9.1 has it in INFO, too
    QVERIFY(has("commandstats", "cmdstat_cluster|info.calls"));
    const InfoFields fields =
        readInfoFields({"used_memory_lua", "cmdstat_ping.calls", "cluster_known_nodes", "cluster_size", "hz/s"});
    book->setFields(fields);
    recorder.takeFields();
    const auto told = [&](const char *field) {
        for (int i = 0; i < 3; ++i)
            (void)cluster->run(i, {"PING"});
        const auto nodes = book->newest();
        return nodes.size() == 3 && std::all_of(nodes.begin(), nodes.end(), [field](const NewestFigures &node) {
                   return node.fields.contains(field);
               });
    };
    for (const char *field : {"used_memory_lua", "cluster_known_nodes", "cluster_size", "cmdstat_ping.calls/s", "hz/s"})
        QVERIFY2(QTest::qWaitFor([&] { return told(field); }, 15'000), field);
    QCOMPARE(book->newest().front().fields.value("cluster_known_nodes"), 3.0);
    QCOMPARE(book->newest().front().fields.value("hz/s"), 0.0);
    QVERIFY(QTest::qWaitFor(
        [&] { return told("cmdstat_ping.calls/s") && book->newest().front().fields["cmdstat_ping.calls/s"] > 0; },
        15'000));
    book->setFields({});
    recorder.takeFields();
    QVERIFY(book->newest().front().fields.isEmpty());
}

void TestMetricsRecord::theCommandLine()
{
    const auto cluster = start(serversFound().front().second, 1);
    QVERIFY(cluster);
    const auto run = [&](const QStringList &options, const QStringList &words) {
        QProcess process;
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                      QStringList{u"--uri"_s, (*cluster)->uri()} + options + QStringList{u"stat"_s} + words);
        const bool ended = process.waitForFinished(30'000);
        return std::pair(ended ? process.exitCode() : -1, process.readAllStandardOutput());
    };
    const auto [code, table] = run({}, {});
    QCOMPARE(code, 0);
    QVERIFY2(table.startsWith("NODE"), table.constData());
    QCOMPARE(table.count("primary"), 3);
    QCOMPARE(table.count("replica"), 3);
    const auto [jsonCode, lines] =
        run({u"--json"_s}, {u"--count"_s, u"2"_s, u"--interval"_s, u"1000"_s, u"--primaries"_s});
    QCOMPARE(jsonCode, 0);
    const QByteArrayList each = lines.trimmed().split('\n');
    QCOMPARE(each.size(), 2);
    const QJsonArray nodes = QJsonDocument::fromJson(each.back()).object().value(u"nodes"_s).toArray();
    QCOMPARE(nodes.size(), 3);
    QVERIFY(nodes.at(0).toObject().value(u"memory"_s).toDouble() > 1'000'000);
    QCOMPARE(run({}, {u"--interval"_s, u"5"_s}).first, 2);
    const auto [fieldsCode, fields] = run({}, {u"--fields"_s, u"cluster_known_nodes,used_memory,total_forks/raw"_s});
    QCOMPARE(fieldsCode, 0);
    QVERIFY2(fields.split('\n').front().simplified() == "NODE ROLE cluster_known_nodes used_memory total_forks/raw",
             fields.constData());
    QVERIFY2(fields.contains("MB"), fields.constData());
    const QByteArray json = run({u"--json"_s}, {u"--fields"_s, u"cluster_known_nodes,used_cpu_sys"_s}).second;
    const QJsonObject node = QJsonDocument::fromJson(json)
                                 .object()
                                 .value(u"nodes"_s)
                                 .toArray()
                                 .at(0)
                                 .toObject()
                                 .value(u"fields"_s)
                                 .toObject();
    QCOMPARE(node.value(u"cluster_known_nodes"_s).toInt(), 6);
    QVERIFY(node.value(u"used_cpu_sys/s"_s).isDouble());
    QCOMPARE(run({}, {u"--fields"_s, u"no_such_field"_s}).first, 1);
    QCOMPARE(run({}, {u"--fields"_s, u"not a field"_s}).first, 2);
    QCOMPARE(run({}, {u"--fields"_s, u""_s}).first, 2);
    (*cluster)->killNode(1);
    QCOMPARE(run({}, {}).first, 1);
}

SLOTSCOPE_TEST(TestMetricsRecord)
#include "tst_metricsrecord.moc"
