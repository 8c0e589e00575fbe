// SPDX-License-Identifier: GPL-3.0-or-later
// Readings of INFO, the rates that come of them, windows of the record, and what is seen to have happened.
#include "core/metrics/metricsbook.h"
#include "core/metrics/viewevents.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestMetrics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void infoIsRead_data();
    void infoIsRead();
    void absentIsNotZero();
    void errorsByKind();
    void ratesAreOfTheTimeBetween();
    void aResetIsNoRate();
    void aRestartIsNoRate();
    void savesAreSeen();
    void aShardIsItsPrimaryOfThen();
    void aSumOfPartsIsNotTold();
    void aRemovedShardAddsNothing();
    void aSlowNodeHasNoGaps();
    void minutesOutliveSeconds();
    void theWallClockMayJump();
    void ourCommandsAreLeftOut();
    void stepsAreRound();
    void eventsOfViews();
    void movedSlotsAreOneEvent();

private:
    static constexpr qint64 t0 = 1'790'000'000'000;
    static MetricReading reading(qint64 at, double commands, bool primary = true, const QByteArray &run = "r1"_ba)
    {
        MetricReading made;
        made.at = made.steadyAt = t0 + at;
        made.runId = run;
        made.uptimeSeconds = at / 1000 + 100;
        made.isPrimary = primary;
        made.values[size_t(Metric::Commands)] = commands;
        made.values[size_t(Metric::Memory)] = 1000 + double(at);
        return made;
    }
    static MetricsQuery query(qint64 from, qint64 to, MetricGroup group)
    {
        MetricsQuery made;
        made.from = t0 + from;
        made.to = t0 + to;
        made.points = 1000;
        made.group = group;
        made.metrics = {Metric::Commands, Metric::Memory};
        return made;
    }
};

void TestMetrics::infoIsRead_data()
{
    QTest::addColumn<QString>("server");
    for (const char *server : {"redis-7.0", "redis-8.0", "valkey-8.1", "valkey-9.1"})
        QTest::newRow(server) << QString::fromLatin1(server);
}

void TestMetrics::infoIsRead()
{
    QFETCH(QString, server);
    QFile file(QStringLiteral(SLOTSCOPE_TEST_DATA "/%1/info.txt").arg(server));
    QVERIFY(file.open(QFile::ReadOnly));
    const MetricReading read = readMetrics(file.readAll(), 5);
    QCOMPARE(read.at, 5);
    QCOMPARE(read.runId.size(), 40);
    QVERIFY(read.isPrimary);
    QVERIFY(read.lastSave > 0);
    for (size_t i = 0; i < metricCount; ++i)
        QVERIFY2(read.values[i].has_value(), metricName(Metric(i)));
    QVERIFY(*read.values[size_t(Metric::Memory)] > 1'000'000);
    QVERIFY(*read.values[size_t(Metric::Cpu)] > 0);
}

void TestMetrics::absentIsNotZero()
{
    const MetricReading read = readMetrics("# Clients\r\nconnected_clients:3\r\nblocked_clients:x\r\n", 1);
    QCOMPARE(read.values[size_t(Metric::Clients)], std::optional(3.0));
    QVERIFY(!read.values[size_t(Metric::BlockedClients)]);
    QVERIFY(!read.values[size_t(Metric::Keys)]);
    QVERIFY(!read.values[size_t(Metric::ErrorsOther)]);
    QVERIFY(!read.values[size_t(Metric::Lag)]);
    const MetricReading empty = readMetrics("# Keyspace\r\n", 1);
    QCOMPARE(empty.values[size_t(Metric::Keys)], std::optional(0.0));
}

void TestMetrics::errorsByKind()
{
    const MetricReading read =
        readMetrics("errorstat_MOVED:count=5\r\nerrorstat_ASK:count=2\r\n"
                    "errorstat_CLUSTERDOWN:count=1\r\nerrorstat_ERR:count=7\r\n"
                    "errorstat_NOPERM:count=3\r\nslave0:ip=1,port=2,state=online,offset=40,lag=0\r\n"
                    "slave1:ip=1,port=3,state=online,offset=90,lag=0\r\nmaster_repl_offset:100\r\n"
                    "role:master\r\n",
                    1);
    QCOMPARE(read.values[size_t(Metric::ErrorsMoved)], std::optional(7.0));
    QCOMPARE(read.values[size_t(Metric::ErrorsDown)], std::optional(1.0));
    QCOMPARE(read.values[size_t(Metric::ErrorsOther)], std::optional(10.0));
    QCOMPARE(read.values[size_t(Metric::Lag)], std::optional(60.0)); // the lag of the replica that is furthest behind
}

void TestMetrics::ratesAreOfTheTimeBetween()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    book.add("a"_ba, reading(0, 100));
    QVERIFY(!book.latest("a"_ba)); // a rate needs two readings
    book.add("a"_ba, reading(2000, 300));
    const auto latest = book.latest("a"_ba);
    QVERIFY(latest);
    QCOMPARE((*latest)[size_t(Metric::Commands)], 100.0);
    QCOMPARE((*latest)[size_t(Metric::Memory)], 3000.0);
    QVERIFY(std::isnan((*latest)[size_t(Metric::Hits)]));
    book.add("a"_ba, reading(2000, 900)); // a second reading at the same time, which must not divide by zero
    QCOMPARE((*book.latest("a"_ba))[size_t(Metric::Commands)], 100.0);
}

void TestMetrics::aResetIsNoRate()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    book.add("a"_ba, reading(0, 1'000'000));
    book.add("a"_ba, reading(1000, 1'001'000));
    const auto events = book.add("a"_ba, reading(2000, 50)); // after CONFIG RESETSTAT
    QCOMPARE(events.size(), 1u);
    QCOMPARE(events[0].kind, MetricEvent::Kind::StatsReset);
    QVERIFY2(events[0].words.contains(u"a:1"_s), qPrintable(events[0].words));
    QVERIFY(std::isnan((*book.latest("a"_ba))[size_t(Metric::Commands)]));
    QCOMPARE((*book.latest("a"_ba))[size_t(Metric::Memory)], 3000.0); // metrics that are no rates continue
    QVERIFY(book.add("a"_ba, reading(3000, 1050)).empty());
    QCOMPARE((*book.latest("a"_ba))[size_t(Metric::Commands)], 1000.0); // only one sample is missing
}

void TestMetrics::aRestartIsNoRate()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    book.add("a"_ba, reading(0, 10));
    MetricReading next = reading(1000, 5000, true, "r2"_ba); // higher counters, but from another run of the server
    next.uptimeSeconds = 0;
    const auto events = book.add("a"_ba, next);
    QCOMPARE(events.size(), 1u);
    QCOMPARE(events[0].kind, MetricEvent::Kind::Restart);
    QVERIFY(std::isnan((*book.latest("a"_ba))[size_t(Metric::Commands)]));
}

void TestMetrics::savesAreSeen()
{
    MetricsBook book;
    MetricReading first = reading(0, 1), second = reading(1000, 2), third = reading(2000, 3);
    first.lastSave = 100;
    second.lastSave = 105;
    third.lastSave = 105;
    third.lastSaveOk = false;
    book.add("a"_ba, first);
    QCOMPARE(book.add("a"_ba, second).at(0).kind, MetricEvent::Kind::Save);
    QCOMPARE(book.add("a"_ba, third).at(0).kind, MetricEvent::Kind::SaveFailed);
    QCOMPARE(book.window(query(0, 3000, MetricGroup::Sum)).events.size(), 2u);
    QCOMPARE(book.window(query(1500, 3000, MetricGroup::Sum)).events.size(), 1u);
}

void TestMetrics::aShardIsItsPrimaryOfThen()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}},
                   {"b"_ba, {.name = u"b:1"_s, .shard = 1, .colour = 0, .isPrimary = false}}});
    for (int i = 0; i <= 10; ++i) { // after five seconds the shard fails over from a to b
        if (i <= 5)
            book.add("a"_ba, reading(i * 1000, i * 100, true));
        book.add("b"_ba, reading(i * 1000, i * 7, i > 5));
    }
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0, .isPrimary = false}},
                   {"b"_ba, {.name = u"b:1"_s, .shard = 1, .colour = 0}}});
    const MetricsWindow window = book.window(query(0, 10'000, MetricGroup::Shards));
    QCOMPARE(window.lines.size(), 1u);
    const MetricLine &line = window.lines.front();
    QCOMPARE(line.node, "b"_ba);
    const auto &rates = line.values[0];
    QCOMPARE(rates[3], 100.0);
    QCOMPARE(rates[5], 100.0);
    QCOMPARE(rates[8], 7.0);
    QCOMPARE(book.window(query(0, 10'000, MetricGroup::Sum)).lines.front().values[0][3], 100.0);
    const MetricsWindow nodes = book.window(query(0, 10'000, MetricGroup::Nodes));
    QCOMPARE(nodes.lines.size(), 1u); // replicas are hidden by default
    MetricsQuery both = query(0, 10'000, MetricGroup::Nodes);
    both.replicas = true;
    QCOMPARE(book.window(both).lines.size(), 2u);
    QVERIFY(book.window(both).lines[1].isReplica);
}

void TestMetrics::aSumOfPartsIsNotTold()
{
    MetricsBook book;
    book.setNodes(
        {{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}, {"b"_ba, {.name = u"b:1"_s, .shard = 2, .colour = 1}}});
    for (int i = 0; i <= 20; ++i) {
        book.add("a"_ba, reading(i * 1000, i * 10));
        if (i < 5 || i > 15) // between these times b does not answer
            book.add("b"_ba, reading(i * 1000, i * 10));
    }
    const MetricsWindow window = book.window(query(0, 20'000, MetricGroup::Sum));
    const auto &rates = window.lines.front().values[0];
    QCOMPARE(rates[3], 20.0);
    QVERIFY(std::isnan(rates[12])); // unknown, and not 10 as if b had executed nothing
    QCOMPARE(rates[18], 20.0);
    QCOMPARE(window.nodesTold, 2);
}

void TestMetrics::aRemovedShardAddsNothing()
{
    MetricsBook book;
    book.setNodes(
        {{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}, {"b"_ba, {.name = u"b:1"_s, .shard = 2, .colour = 1}}});
    for (int i = 0; i <= 20; ++i) {
        book.add("a"_ba, reading(i * 1000, i * 10));
        if (i < 5)
            book.add("b"_ba, reading(i * 1000, i * 10));
    }
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    QCOMPARE(book.window(query(0, 20'000, MetricGroup::Sum)).lines.front().values[0][12], 10.0);
}

void TestMetrics::aSlowNodeHasNoGaps()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    for (int i = 0; i <= 10; ++i)
        book.add("a"_ba, reading(i * 4300, i * 430)); // large cluster, read less often
    const auto rates = book.window(query(5000, 40'000, MetricGroup::Shards)).lines.front().values[0];
    for (size_t i = 5; i < 34; ++i)
        QCOMPARE(rates[i], 100.0);
}

void TestMetrics::minutesOutliveSeconds()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    const int seconds = 3 * 3600;
    for (int i = 0; i <= seconds; ++i)
        book.add("a"_ba, reading(qint64(i) * 1000, i * 50.0));
    MetricsQuery whole = query(0, qint64(seconds) * 1000, MetricGroup::Shards);
    whole.points = 180;
    const MetricsWindow window = book.window(whole);
    QCOMPARE(window.step, 60'000);
    const auto &rates = window.lines.front().values[0];
    for (size_t i = 2; i + 2 < rates.size(); ++i)
        QVERIFY2(std::abs(rates[i] - 50) < 0.5, qPrintable(u"%1: %2"_s.arg(i).arg(rates[i])));
    QVERIFY(window.recordedFrom <= t0 + 60'000);
    // The last hour is kept second by second.
    const auto fine = book.window(query(qint64(seconds - 100) * 1000, qint64(seconds) * 1000, MetricGroup::Shards));
    QCOMPARE(fine.step, 1000);
}

void TestMetrics::theWallClockMayJump()
{
    MetricsBook book;
    book.setNodes({{"a"_ba, {.name = u"a:1"_s, .shard = 1, .colour = 0}}});
    const auto add = [&book](int second, qint64 wall) {
        MetricReading each = reading(second * 1000, second * 10);
        each.at = t0 + wall;
        book.add("a"_ba, each);
    };
    for (int i = 0; i <= 10; ++i)
        add(i, i * 1000);
    // The machine slept for an hour: the next reading counts at its time, with the rate of one second.
    add(11, 3'611'000);
    QCOMPARE((*book.latest("a"_ba))[size_t(Metric::Commands)], 10.0);
    const auto after = book.window(query(3'600'000, 3'620'000, MetricGroup::Shards));
    QCOMPARE(after.lines.size(), 1u);
    QCOMPARE(after.lines.front().values[0][11], 10.0);
    // The clock was set back by more than an hour: readings that are now in the future are dropped, and recording
    // continues.
    for (int i = 12; i <= 20; ++i)
        add(i, 5000 + (i - 12) * 1000);
    QCOMPARE((*book.latest("a"_ba))[size_t(Metric::Commands)], 10.0);
    const auto back = book.window(query(0, 20'000, MetricGroup::Shards)).lines.front().values[0];
    for (size_t i = 1; i <= 13; ++i)
        QCOMPARE(back[i], 10.0);
    QVERIFY(book.window(query(3'600'000, 3'620'000, MetricGroup::Shards)).lines.empty());
}

void TestMetrics::ourCommandsAreLeftOut()
{
    OwnCommands own;
    QCOMPARE(own.without(100, -1), 100.0);
    QCOMPARE(own.without(110, 4), 106.0);
    // Three more commands were sent but not executed yet. The count must not fall, as that would look like a reset.
    QCOMPARE(own.without(110, 3), 106.0);
    QCOMPARE(own.without(113, 0), 106.0);
    QCOMPARE(own.without(120, 2), 111.0);
    QCOMPARE(own.without(5, 2), 5.0); // the server's counter started again
    QCOMPARE(own.without(8, 1), 7.0);
}

void TestMetrics::stepsAreRound()
{
    QCOMPARE(metricStep(300'000, 400), 1000);
    QCOMPARE(metricStep(900'000, 360), 5000);
    QCOMPARE(metricStep(86'400'000, 360), 300'000);
    const MetricsWindow window = MetricsBook().window(query(0, 10'500, MetricGroup::Sum));
    QVERIFY(window.lines.empty());
    QCOMPARE(window.first % window.step, 0);
}

void TestMetrics::eventsOfViews()
{
    ClusterView before;
    const auto node = [](const QByteArray &id, const QString &name, bool primary, int shard) {
        NodeState made;
        made.id = id;
        made.name = name;
        made.primary = primary;
        made.roleKnown = true;
        made.shard = shard;
        made.reach.state = Reach::State::Ready;
        made.info = std::make_shared<ServerInfo>();
        return made;
    };
    before.takenAt = t0;
    before.slotsKnown = true;
    before.owner.fill(0);
    before.nodes = {node("a"_ba, u"a:1"_s, true, 0), node("b"_ba, u"b:1"_s, false, 0), node("c"_ba, u"c:1"_s, true, 1)};
    before.shards = {{.number = 1, .primary = 0, .replicas = {1}}, {.number = 2, .primary = 2}};
    const auto index = [](ClusterView &view) {
        view.indexById.clear();
        for (size_t i = 0; i < view.nodes.size(); ++i)
            view.indexById.insert(view.nodes[i].id, int(i));
    };
    index(before);
    QVERIFY(eventsBetween(before, before).empty());

    ClusterView now = before;
    now.takenAt = t0 + 1000;
    now.nodes[0].reach.state = Reach::State::Waiting;
    now.nodes[0].primary = false;
    now.nodes[1].primary = true;
    now.shards[0].primary = 1;
    now.shards[0].replicas = {0};
    now.owner.fill(1); // b has taken over all slots of a except slot 5, so these have not left the shard
    now.owner[5] = 2;
    now.nodes.push_back(node("d"_ba, u"d:1"_s, false, 1));
    index(now);
    const auto events = eventsBetween(before, now);
    QStringList words;
    for (const MetricEvent &event : events)
        words.append(u"%1 %2 %3"_s.arg(int(event.kind)).arg(event.words).arg(event.count));
    using Kind = MetricEvent::Kind;
    const QStringList expected{
        u"%1 a:1 does not answer 0"_s.arg(int(Kind::NodeLost)), u"%1 d:1 joined 0"_s.arg(int(Kind::Topology)),
        u"%1 Failover, shard 1: b:1 0"_s.arg(int(Kind::Failover)), u"%1  1"_s.arg(int(Kind::SlotsMoved))};
    QCOMPARE(words, expected);
    const auto back = eventsBetween(now, before);
    QCOMPARE(back.front().kind, Kind::NodeBack);
    QVERIFY(std::any_of(back.begin(), back.end(), [](const MetricEvent &event) { return event.words == u"d:1 left"; }));
}

void TestMetrics::movedSlotsAreOneEvent()
{
    MetricsBook book;
    for (int i = 0; i < 5; ++i)
        book.addEvent({.kind = MetricEvent::Kind::SlotsMoved, .at = t0 + i * 2000, .count = 10});
    book.addEvent({.kind = MetricEvent::Kind::SlotsMoved, .at = t0 + 60'000, .count = 1});
    const auto events = book.window(query(0, 100'000, MetricGroup::Sum)).events;
    QCOMPARE(events.size(), 2u);
    QCOMPARE(events[0].count, 50);
    QCOMPARE(events[0].until, t0 + 8000);
    QCOMPARE(events[1].count, 1);
}

SLOTSCOPE_TEST(TestMetrics)
#include "tst_metrics.moc"
