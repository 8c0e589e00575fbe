// SPDX-License-Identifier: GPL-3.0-or-later
// INFO commandstats as it is read, and the rates that come of it.
#include "core/metrics/commandbook.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestCommandBook : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesAreRead();
    void ratesOfEachCommand();
    void aResetIsNoRate();
    void aSumIsOfPrimaries();
    void bucketsWithoutReadingsAreNotKnown();
    void itIsBounded();

private:
    static constexpr qint64 t0 = 1'790'000'000'000;
    static QHash<QByteArray, MetricNode> places()
    {
        return {{"a", {u"a"_s, 1, 0, true}}, {"b", {u"b"_s, 2, 1, true}}, {"r", {u"r"_s, 1, 0, false}}};
    }
    static CommandCounts gets(double calls, double usec, double failed = 0)
    {
        return {{"get"_ba, {calls, usec, 0, failed}}};
    }
    static CommandsQuery query(qint64 to)
    {
        CommandsQuery made;
        made.from = t0;
        made.to = t0 + to;
        made.points = 1000;
        return made;
    }
};

void TestCommandBook::linesAreRead()
{
    const CommandCounts counts =
        readCommandStats("# Commandstats\r\n"
                         "cmdstat_get:calls=21,usec=175,usec_per_call=8.33,rejected_calls=2,failed_calls=3\r\n"
                         "cmdstat_config|get:calls=5,usec=900,usec_per_call=180.00,rejected_calls=0,failed_calls=0\r\n"
                         "cmdstat_set:calls=4,usec=9,usec_per_call=2.25\r\n"
                         "cmdstat_odd:calls=many,usec=-1\r\n"
                         "redis_version:7.0.15\r\n");
    QCOMPARE(counts.size(), 4);
    QCOMPARE(counts["get"].calls, 21.0);
    QCOMPARE(counts["get"].usec, 175.0);
    QCOMPARE(counts["get"].rejected, 2.0);
    QCOMPARE(counts["get"].failed, 3.0);
    QCOMPARE(counts["config|get"].calls, 5.0);
    QCOMPARE(counts["set"].failed, -1.0); // -1: old servers do not report failed calls
    QCOMPARE(counts["odd"].calls, 0.0);
}

void TestCommandBook::ratesOfEachCommand()
{
    CommandBook book;
    book.setNodes(places());
    book.add("a", t0, 1000, gets(100, 1000));
    QVERIFY(book.window(query(10'000)).rows.empty()); // a rate needs two readings
    book.add("a", t0 + 2000, 3000, gets(140, 1800, 4));
    const CommandsWindow window = book.window(query(10'000));
    QCOMPARE(window.rows.size(), 1u);
    const CommandRow &row = window.rows.front();
    QCOMPARE(row.name, "get"_ba);
    QCOMPARE(row.calls, 20.0);
    QCOMPARE(row.usecPerCall, 20.0);
    QCOMPARE(row.failed, 2.0);
    QCOMPARE(row.busy, 0.04); // busy for 800 µs within 2 s
    book.add("a", t0 + 3000, 4000, {{"get"_ba, {140, 1800, 0, 4}}, {"set"_ba, {500, 500, 0, 0}}});
    QCOMPARE(book.window(query(10'000)).rows.front().name, "set"_ba); // the command with most calls is first
}

void TestCommandBook::aResetIsNoRate()
{
    CommandBook book;
    book.setNodes(places());
    book.add("a", t0, 1000, gets(100, 1000));
    book.add("a", t0 + 1000, 2000, gets(3, 30));
    QVERIFY(book.window(query(10'000)).rows.empty());
    book.add("a", t0 + 2000, 3000, gets(13, 60));
    QCOMPARE(book.window(query(10'000)).rows.front().calls, 10.0);
}

void TestCommandBook::aSumIsOfPrimaries()
{
    CommandBook book;
    book.setNodes(places());
    for (int turn = 0; turn < 2; ++turn)
        for (const char *node : {"a", "b", "r"})
            book.add(node, t0 + turn * 1000, 1000 + turn * 1000, gets(turn * 100, turn * 200));
    CommandsQuery asked = query(5000);
    CommandsWindow window = book.window(asked);
    QCOMPARE(window.rows.front().calls, 200.0);
    QCOMPARE(window.nodes, 2);
    asked.shard = 2;
    QCOMPARE(book.window(asked).rows.front().calls, 100.0);
    asked.shard = 0;
    asked.node = "r";
    QCOMPARE(book.window(asked).rows.front().calls, 100.0);
    book.setNodes({{"a", {u"a"_s, 1, 0, true}}}); // the other nodes have left
    window = book.window(query(5000));
    QCOMPARE(window.rows.front().calls, 100.0);
    QCOMPARE(window.nodesTold, 1);
}

void TestCommandBook::bucketsWithoutReadingsAreNotKnown()
{
    CommandBook book;
    book.setNodes(places());
    book.add("a", t0, 1000, gets(0, 0));
    book.add("a", t0 + 1000, 2000, gets(10, 10));
    book.add("a", t0 + 2000, 3000, gets(10, 10)); // no command ran in this second
    const CommandRow row = book.window(query(4000)).rows.front();
    QCOMPARE(row.values.size(), 5u);
    QVERIFY(std::isnan(row.values[0]));
    QCOMPARE(row.values[1], 10.0);
    QCOMPARE(row.values[2], 0.0);
    QVERIFY(std::isnan(row.values[3]));
}

void TestCommandBook::itIsBounded()
{
    CommandBook book;
    book.setNodes(places());
    for (int i = 0; i < 1200; ++i)
        book.add("a", t0 + i * 1000, 1000 + i * 1000, gets(i, i));
    QCOMPARE(book.rates(), CommandBook::mostSamples);
    const CommandsWindow window = book.window(query(1'300'000));
    QCOMPARE(window.recordedFrom, t0 + 300'000);
}

SLOTSCOPE_TEST(TestCommandBook)
#include "tst_commandbook.moc"
