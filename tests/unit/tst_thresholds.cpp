// SPDX-License-Identifier: GPL-3.0-or-later
// Rules as they are typed, and when they fire and end.
#include "core/metrics/threshold.h"
#include "core/metrics/thresholdwatch.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestThresholds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rulesAreRead_data();
    void rulesAreRead();
    void whatIsNoRule_data();
    void whatIsNoRule();
    void figuresOfTwo();
    void itFiresOnceAfterItsTime();
    void aShortPeakDoesNotFire();
    void silenceBreaksATimeThatHasBegun();
    void silenceEndsNothing();
    void oneReadingIsNoTime();
    void aSumNeedsAllItsParts();
    void aServerWithoutAClusterHasASum();
    void shardsAreTheirPrimaries();
    void aNodeByNameOrId();
    void rulesThatStayKeepHowTheyStand();
    void aNodeThatGoesEndsIt();
    void nearestIsTold();

private:
    static Threshold rule(const QByteArray &text) { return readThreshold(text).value_or(Threshold()); }
    static NewestFigures node(const QByteArray &id, qint64 at, double memory, bool primary = true, int shard = 1)
    {
        NewestFigures made;
        made.id = id;
        made.place = {.name = QString::fromLatin1(id) + u":7000"_s, .shard = shard, .colour = 0, .isPrimary = primary};
        made.isKnown = true;
        made.readAt = at;
        made.values.fill(std::nan(""));
        made.values[size_t(Metric::Memory)] = memory;
        return made;
    }
    /// Passes one reading of one node to the watch.
    static std::vector<ThresholdChange> take(ThresholdWatch &watch, qint64 at, double memory)
    {
        return watch.take({node("a", at, memory)}, at);
    }
};

void TestThresholds::rulesAreRead_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("limit");
    QTest::addColumn<qint64>("forMs");
    QTest::addColumn<int>("on");
    using On = Threshold::On;
    QTest::newRow("as in INFO") << "used_memory>100mb for 5s"_ba
                                << "memory>100mb for 5s on nodes"_ba << 104857600.0 << qint64(5000) << int(On::Nodes);
    QTest::newRow("blanks") << "  Memory > 1.5 GB  for 2 min on sum "_ba
                            << "memory>1.5gb for 2min on sum"_ba << 1.5 * 1024 * 1024 * 1024 << qint64(120'000)
                            << int(On::Sum);
    QTest::newRow("below") << "hit_ratio<90% for 1h on shards"_ba
                           << "hit_ratio<90 for 1h on shards"_ba << 90.0 << qint64(3'600'000) << int(On::Shards);
    QTest::newRow("rate") << "ops>20k"_ba
                          << "commands>20000 on nodes"_ba << 20000.0 << qint64(0) << int(On::Nodes);
    QTest::newRow("per second") << "net_out>1mb/s for 500ms"_ba
                                << "net_out>1mb for 500ms on nodes"_ba << 1048576.0 << qint64(500) << int(On::Nodes);
    QTest::newRow("a node") << "clients>10 on [::1]:7001"_ba
                            << "clients>10 on [::1]:7001"_ba << 10.0 << qint64(0) << int(On::Node);
    QTest::newRow("zero") << "blocked_clients>0"_ba
                          << "blocked_clients>0 on nodes"_ba << 0.0 << qint64(0) << int(On::Nodes);
    QTest::newRow("odd size") << "lag>1000001"_ba
                              << "lag>1000001 on nodes"_ba << 1000001.0 << qint64(0) << int(On::Nodes);
}

void TestThresholds::rulesAreRead()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, text);
    QFETCH(double, limit);
    QFETCH(qint64, forMs);
    QFETCH(int, on);
    const auto read = readThreshold(typed);
    QVERIFY(read);
    QCOMPARE(read->limit, limit);
    QCOMPARE(read->forMs, forMs);
    QCOMPARE(int(read->on), on);
    QCOMPARE(read->text(), text);
    const auto again = readThreshold(read->text()); // the rule's text can be read back
    QVERIFY(again);
    QVERIFY(*again == *read);
}

void TestThresholds::whatIsNoRule_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << ""_ba << u"is not a rule"_s;
    QTest::newRow("no limit") << "memory>"_ba << u"is not a rule"_s;
    QTest::newRow("equal") << "memory=5"_ba << u"is not a rule"_s;
    QTest::newRow("no metric") << "heat>5"_ba << u"no metric “heat”; the metrics are commands, hits"_s;
    QTest::newRow("no number") << "memory>much"_ba << u"is not a limit"_s;
    QTest::newRow("unit") << "memory>5 apples"_ba << u"is not a limit"_s;
    QTest::newRow("time") << "memory>5 for ever"_ba << u"is not a time"_s;
    QTest::newRow("too long") << "memory>5 for 3d"_ba << u"at most one day"_s;
    QTest::newRow("no UTF-8") << "memory\xff>5"_ba << u"is not a rule"_s;
}

void TestThresholds::whatIsNoRule()
{
    QFETCH(QByteArray, typed);
    QFETCH(QString, says);
    const auto read = readThreshold(typed);
    QVERIFY(!read);
    QVERIFY2(read.error().detail.contains(says), qPrintable(read.error().detail));
}

void TestThresholds::figuresOfTwo()
{
    MetricFigures figures;
    figures.fill(std::nan(""));
    figures[size_t(Metric::Hits)] = 90;
    figures[size_t(Metric::Misses)] = 10;
    figures[size_t(Metric::Memory)] = 50;
    figures[size_t(Metric::MaxMemory)] = 0;
    QCOMPARE(rule("hit_ratio<95").watched().of(figures), 90.0);
    QVERIFY(std::isnan(rule("memory_percent>90").watched().of(figures))); // without maxmemory there is no percentage
    figures[size_t(Metric::MaxMemory)] = 200;
    QCOMPARE(rule("memory_percent>90").watched().of(figures), 25.0);
    figures[size_t(Metric::Hits)] = figures[size_t(Metric::Misses)] = 0;
    QVERIFY(std::isnan(rule("hit_ratio<95").watched().of(figures))); // no key was looked up
}

void TestThresholds::itFiresOnceAfterItsTime()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 for 3s")});
    QVERIFY(take(watch, 1000, 150).empty());
    QVERIFY(take(watch, 2000, 300).empty());
    QCOMPARE(watch.summary().front().passing, 1);
    QVERIFY(take(watch, 3000, 120).empty());
    const auto fired = take(watch, 4000, 130);
    QCOMPARE(fired.size(), 1u);
    QVERIFY(fired.front().fired);
    QCOMPARE(fired.front().worst, 300.0);
    QCOMPARE(fired.front().lasted, 3000);
    QCOMPARE(fired.front().words(), u"Memory above 100 B for 3 s: a:7000"_s);
    QVERIFY(take(watch, 5000, 999).empty()); // reported only once
    QCOMPARE(watch.summary().front().firing, 1);
    const auto over = take(watch, 6000, 100); // a value equal to the limit does not exceed it
    QCOMPARE(over.size(), 1u);
    QVERIFY(!over.front().fired && !over.front().gone);
    QCOMPARE(over.front().worst, 999.0);
    QCOMPARE(over.front().lasted, 5000);
    QVERIFY(take(watch, 7000, 101).empty()); // the required time starts again
}

void TestThresholds::aShortPeakDoesNotFire()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 for 2s")});
    for (int i = 1; i < 50; ++i)
        QVERIFY(take(watch, i * 1000, i % 2 ? 150 : 90).empty());
}

void TestThresholds::silenceBreaksATimeThatHasBegun()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 for 30s")});
    QVERIFY(take(watch, 1000, 150).empty());
    QVERIFY(watch.take({node("a", 1000, 150)}, 9000).empty()); // the last reading is too old by then
    QCOMPARE(watch.summary().front().known, 0);
    QVERIFY(take(watch, 31'500, 150).empty()); // 30 s later, but with a time without readings in between
    QVERIFY(take(watch, 61'000, 150).empty());
    QCOMPARE(take(watch, 61'500, 150).size(), 1u);
}

void TestThresholds::silenceEndsNothing()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100")});
    QCOMPARE(take(watch, 1000, 150).size(), 1u);
    QVERIFY(watch.take({node("a", 1000, 150)}, 60'000).empty());
    QCOMPARE(watch.summary().front().firing, 1);
    QVERIFY(take(watch, 61'000, 150).empty());
    QCOMPARE(take(watch, 62'000, 50).size(), 1u);
}

void TestThresholds::oneReadingIsNoTime()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 for 2s")});
    for (qint64 now = 1000; now < 5000; now += 500) // the same reading is checked again and again
        QVERIFY(watch.take({node("a", 1000, 150)}, now).empty());
}

void TestThresholds::aSumNeedsAllItsParts()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 on sum")});
    NewestFigures silent = node("b", 0, 60, true, 2);
    silent.isKnown = false;
    QVERIFY(watch.take({node("a", 1000, 60), silent}, 1000).empty());
    const auto fired =
        watch.take({node("a", 2000, 60), node("b", 2000, 60, true, 2), node("c", 2000, 60, false, 2)}, 2000);
    QCOMPARE(fired.size(), 1u);
    QCOMPARE(fired.front().value, 120.0); // the sum leaves out the replica
    QCOMPARE(fired.front().words(), u"Memory above 100 B: sum"_s);
}

void TestThresholds::aServerWithoutAClusterHasASum()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 on sum"), rule("memory>100 on shards")});
    QCOMPARE(watch.take({node("a", 1000, 150, true, 0)}, 1000).size(), 2u);
}

void TestThresholds::shardsAreTheirPrimaries()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 on shards")});
    QVERIFY(watch.take({node("a", 1000, 10), node("b", 1000, 150, false)}, 1000).empty());
    QCOMPARE(watch.summary().front().subjects, 1);
    // b has taken over as primary
    const auto fired = watch.take({node("a", 2000, 10, false), node("b", 2000, 150)}, 2000);
    QCOMPARE(fired.size(), 1u);
    QCOMPARE(fired.front().node, "b"_ba);
}

void TestThresholds::aNodeByNameOrId()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100 on b:7000"), rule("memory>200 on b"), rule("memory>1 on nowhere:1")});
    QCOMPARE(watch.take({node("a", 1000, 500), node("b", 1000, 500)}, 1000).size(), 2u);
    QCOMPARE(watch.summary().back().subjects, 0);
}

void TestThresholds::rulesThatStayKeepHowTheyStand()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100"), rule("memory>50")});
    QCOMPARE(take(watch, 1000, 150).size(), 2u);
    const auto over = watch.setRules({rule("memory>20"), rule("memory>100"), rule("memory>100")});
    QCOMPARE(over.size(), 1u);
    QVERIFY(over.front().gone && !over.front().fired);
    QCOMPARE(over.front().rule, rule("memory>50"));
    QCOMPARE(watch.summary().size(), 2u); // equal rules are kept once
    const auto fired = take(watch, 2000, 150);
    QCOMPARE(fired.size(), 1u);
    QCOMPARE(fired.front().rule, rule("memory>20"));
    std::vector<Threshold> many;
    for (int i = 0; i < 70; ++i)
        many.push_back(rule("memory>" + QByteArray::number(1000 + i)));
    QCOMPARE(watch.setRules(many).size(), 2u);
    QCOMPARE(watch.summary().size(), ThresholdWatch::mostRules);
}

void TestThresholds::aNodeThatGoesEndsIt()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100")});
    QCOMPARE(watch.take({node("a", 1000, 150), node("b", 1000, 50)}, 1000).size(), 1u);
    const auto over = watch.take({node("b", 2000, 50)}, 2000);
    QCOMPARE(over.size(), 1u);
    QVERIFY(over.front().gone && !over.front().fired);
}

void TestThresholds::nearestIsTold()
{
    ThresholdWatch watch;
    (void)watch.setRules({rule("memory>100"), rule("memory<10")});
    (void)watch.take({node("a", 1000, 30), node("b", 1000, 70)}, 1000);
    const auto summary = watch.summary();
    QCOMPARE(summary.front().nearest, 70.0);
    QCOMPARE(summary.front().nearestName, u"b:7000"_s);
    QCOMPARE(summary.back().nearest, 30.0);
}

SLOTSCOPE_TEST(TestThresholds)
#include "tst_thresholds.moc"
