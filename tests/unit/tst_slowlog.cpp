// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of slow logs: reading them, each once, by shape.
#include "core/models/shapesmodel.h"
#include "core/models/slowlogmodel.h"
#include "core/models/thresholdmodel.h"
#include "core/slowlog/commandshape.h"
#include "core/slowlog/slowlogbook.h"
#include "core/slowlog/slowlogcursor.h"
#include "core/slowlog/slowlogreader.h"
#include "tests/support/sampleview.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

Value logged(qint64 id, qint64 seconds, qint64 cost, const Command &command, bool withClient = true)
{
    Value::List words;
    for (const QByteArray &word : command)
        words.push_back(Value::bulk(word));
    Value::List fields{Value::integer(id), Value::integer(seconds), Value::integer(cost),
                       Value::aggregate(Value::Type::Array, std::move(words))};
    if (withClient) {
        fields.push_back(Value::bulk("10.0.0.9:5000"_ba));
        fields.push_back(Value::bulk("app"_ba));
    }
    return Value::aggregate(Value::Type::Array, std::move(fields));
}

SlowlogEntry entry(const QByteArray &run, qint64 id, qint64 at, qint64 cost = 1000,
                   const Command &command = {"GET", "k"})
{
    SlowlogEntry made;
    made.runId = run;
    made.nodeId = "node-" + run;
    made.nodeName = QString::fromLatin1(made.nodeId);
    made.id = id;
    made.serverSeconds = at / 1000;
    made.at = at;
    made.cost = cost;
    made.command = command;
    made.shape = shapeOf(command);
    return made;
}

/// Returns entries with these ids, the newest first as servers return them.
std::vector<SlowlogEntry> ids(std::initializer_list<qint64> numbers)
{
    std::vector<SlowlogEntry> entries;
    for (const qint64 id : numbers)
        entries.push_back(entry("r", id, id * 1000));
    return entries;
}

QList<qint64> idsOf(const std::vector<SlowlogEntry> &entries)
{
    QList<qint64> numbers;
    for (const SlowlogEntry &each : entries)
        numbers.append(each.id);
    return numbers;
}

} // namespace

class TestSlowlog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsEntriesOfEveryServer();
    void keepsEveryByte();
    void blotsOutSecrets();
    void refusesWhatIsNoLog_data();
    void refusesWhatIsNoLog();
    void aCursorGivesEachEntryOnce();
    void aCursorAsksForMoreWhereSomeAreMissing();
    void aCursorBeginsAnewAfterARestart();
    void aClockIsCorrectedFromASecondOn();
    void aBookMergesByTimeThenNode();
    void aBookIsBounded();
    void shapes_data();
    void shapes();
    void figuresOfAShape();
    void costs();
    void aModelFilters();
    void shapesStayInTheirRows();
    void thresholdsThatDiffer();
    void rightsThatAreMissing();
};

void TestSlowlog::readsEntriesOfEveryServer()
{
    Value::List newer{Value::integer(9), Value::integer(50), Value::integer(7)};
    newer.push_back(Value::aggregate(Value::Type::Array, {Value::bulk("PING"_ba)}));
    newer.push_back(Value::bulk("a:1"_ba));
    newer.push_back(Value::bulk(""_ba));
    newer.push_back(Value::integer(1)); // Redis 8.10 also reports the number of arguments
    const auto entries =
        parseSlowlog(Value::aggregate(Value::Type::Array,
                                      {Value::aggregate(Value::Type::Array, std::move(newer)),
                                       logged(8, 49, 12345, {"GET", "k"}), logged(7, 48, 1, {"GET", "k"}, false)}));
    QVERIFY(entries);
    QCOMPARE(idsOf(*entries), (QList<qint64>{9, 8, 7}));
    QCOMPARE((*entries)[1].cost, 12345);
    QCOMPARE((*entries)[1].serverSeconds, 49);
    QCOMPARE((*entries)[1].clientAddress, "10.0.0.9:5000"_ba);
    QCOMPARE((*entries)[1].clientName, "app"_ba);
    QCOMPARE((*entries)[2].clientAddress, QByteArray());
}

void TestSlowlog::keepsEveryByte()
{
    const QByteArray key("k\xff\x00 a\"b", 7);
    const auto entries = parseSlowlog(Value::aggregate(Value::Type::Array, {logged(1, 1, 1, {"SET", key, ""})}));
    QVERIFY(entries);
    const Command &command = entries->front().command;
    QCOMPARE(command[1], key);
    QCOMPARE(commandText(command), uR"(SET "k\xff\x00 a\"b" "")"_s);
    const auto again = parseCommandLine(wholeCommandLine(command));
    QVERIFY(again);
    QCOMPARE(*again, command);
}

void TestSlowlog::blotsOutSecrets()
{
    const auto entries = parseSlowlog(Value::aggregate(
        Value::Type::Array, {logged(1, 1, 1, {"AUTH", "app", "geheim"}), logged(2, 1, 1, {"GET", "geheim"})}));
    QVERIFY(entries);
    QVERIFY(!entries->front().command.contains("geheim"));
    QVERIFY((*entries)[1].command.contains("geheim")); // the same word as a key name stays readable
}

void TestSlowlog::refusesWhatIsNoLog_data()
{
    QTest::addColumn<Value>("reply");
    QTest::newRow("no list") << Value::simple("OK"_ba);
    QTest::newRow("an entry that is none") << Value::aggregate(Value::Type::Array, {Value::integer(1)});
    QTest::newRow("three fields") << Value::aggregate(
        Value::Type::Array,
        {Value::aggregate(Value::Type::Array, {Value::integer(1), Value::integer(1), Value::integer(1)})});
    QTest::newRow("a time that is text") << Value::aggregate(
        Value::Type::Array,
        {Value::aggregate(
            Value::Type::Array,
            {Value::integer(1), Value::bulk("x"_ba), Value::integer(1), Value::aggregate(Value::Type::Array, {})})});
}

void TestSlowlog::refusesWhatIsNoLog()
{
    QFETCH(const Value, reply);
    const auto entries = parseSlowlog(reply);
    QVERIFY(!entries);
    QCOMPARE(entries.error().code, Error::Code::Parse);
}

void TestSlowlog::aCursorGivesEachEntryOnce()
{
    SlowlogCursor cursor;
    QCOMPARE(cursor.nextCount(128), 128);
    QCOMPARE(idsOf(cursor.take("r", ids({5, 4, 3}), 128, 128).entries), (QList<qint64>{5, 4, 3}));
    QVERIFY(cursor.nextCount(128) < 128);
    QCOMPARE(idsOf(cursor.take("r", ids({6, 5, 4, 3}), 22, 128).entries), QList<qint64>{6});
    QVERIFY(cursor.take("r", {}, 18, 128).entries.empty()); // after SLOWLOG RESET
    const SlowlogCursor::News news = cursor.take("r", ids({8, 7}), 18, 128);
    QCOMPARE(idsOf(news.entries), (QList<qint64>{8, 7}));
    QCOMPARE(news.missed, 0);
}

void TestSlowlog::aCursorAsksForMoreWhereSomeAreMissing()
{
    SlowlogCursor cursor;
    std::ignore = cursor.take("r", ids({1}), 128, 128);
    QVERIFY(!cursor.take("r", ids({9, 8}), 2, 128).isWhole); // two were requested, but more are new
    const SlowlogCursor::News whole = cursor.take("r", ids({9, 8, 7, 6}), 128, 128);
    QVERIFY(whole.isWhole);
    QCOMPARE(whole.entries.size(), size_t(4));
    QCOMPARE(whole.missed, 4); // entries 2 to 5 were already gone
    SlowlogCursor emptied; // a log that was empty at first gives no last id
    std::ignore = emptied.take("r", {}, 128, 128);
    QVERIFY(!emptied.take("r", ids({101, 100}), 2, 128).isWhole);
    QCOMPARE(emptied.take("r", ids({101, 100}), 16, 128).missed, 0);
}

void TestSlowlog::aCursorBeginsAnewAfterARestart()
{
    SlowlogCursor cursor;
    std::ignore = cursor.take("one", ids({7, 6}), 128, 128);
    const SlowlogCursor::News news = cursor.take("two", ids({1, 0}), 16, 128);
    QCOMPARE(idsOf(news.entries), (QList<qint64>{1, 0}));
    QCOMPARE(news.entries.front().runId, "two"_ba);
    QCOMPARE(news.missed, 0);
    SlowlogCursor untold; // without permission for INFO, lower ids indicate a restart
    const QByteArray before = untold.take({}, ids({7}), 128, 128).entries.front().runId;
    const SlowlogCursor::News after = untold.take({}, ids({0}), 16, 128);
    QCOMPARE(idsOf(after.entries), QList<qint64>{0});
    QVERIFY(after.entries.front().runId != before);
}

void TestSlowlog::aClockIsCorrectedFromASecondOn()
{
    ClockDifference clock;
    QCOMPARE(clock.ours(100), 100'000);
    clock.take(100'400, 100'000, 100'010);
    QVERIFY(clock.isKnown());
    QCOMPARE(clock.ahead(), 0);
    QCOMPARE(clock.ours(100), 100'000);
    clock.take(103'500, 100'000, 100'000);
    QCOMPARE(clock.ahead(), 3500);
    QCOMPARE(clock.ours(103), 99'500);
    clock.take(103'600, 100'000, 100'000); // network jitter does not move existing entries
    QCOMPARE(clock.ahead(), 3500);
    clock.take(90'000, 100'000, 105'000); // ignored, because this reply took too long to be accurate
    QCOMPARE(clock.ahead(), 3500);
    QCOMPARE(parseTime(Value::aggregate(Value::Type::Array, {Value::bulk("12"_ba), Value::bulk("345678"_ba)})), 12345);
    QVERIFY(!parseTime(Value::error("NOPERM"_ba)));
}

void TestSlowlog::aBookMergesByTimeThenNode()
{
    SlowlogBook book;
    book.add({entry("b", 1, 2000), entry("b", 0, 1000)});
    const SlowlogBook::Change change = book.add({entry("a", 1, 2000), entry("a", 0, 1500), entry("b", 1, 2000)});
    QCOMPARE(change.added.size(), size_t(2)); // entry 1 of b is already there
    QByteArrayList order;
    for (const SlowlogEntryPtr &each : book.entries())
        order.append(each->runId + QByteArray::number(each->id));
    QCOMPARE(order, (QByteArrayList{"b0", "a0", "a1", "b1"}));
}

void TestSlowlog::aBookIsBounded()
{
    SlowlogBook book(3);
    book.add({entry("a", 0, 1000), entry("a", 1, 2000), entry("a", 2, 3000)});
    const SlowlogBook::Change change = book.add({entry("a", 3, 4000), entry("b", 0, 500)});
    QCOMPARE(book.entries().size(), size_t(3));
    QCOMPARE(book.dropped(), quint64(2));
    QCOMPARE(change.removed.size(), size_t(1));
    QCOMPARE(change.removed.front()->id, 0);
    QCOMPARE(change.added.size(), size_t(1)); // entry 0 of b is older than the oldest that can be kept
    QCOMPARE(change.added.front()->id, 3);
}

void TestSlowlog::shapes_data()
{
    QTest::addColumn<Command>("command");
    QTest::addColumn<QString>("shape");
    QTest::newRow("no arguments") << Command{"ping"} << u"PING"_s;
    QTest::newRow("a key") << Command{"get", "user:1"} << u"GET ?"_s;
    QTest::newRow("three") << Command{"HSET", "h", "f", "v"} << u"HSET ? ? ?"_s;
    QTest::newRow("any number") << Command{"HSET", "h", "f", "v", "g", "w"} << u"HSET ?…"_s;
    QTest::newRow("many keys") << Command{"MGET", "a", "b"} << u"MGET ?…"_s;
    QTest::newRow("one of many") << Command{"MGET", "a"} << u"MGET ?"_s;
    QTest::newRow("subcommand") << Command{"config", "get", "maxmemory"} << u"CONFIG GET ?"_s;
    QTest::newRow("of the log") << Command{"commandlog", "get", "10", "slow"} << u"COMMANDLOG GET ? ?"_s;
    QTest::newRow("a key like a subcommand") << Command{"GET", "GET"} << u"GET ?"_s;
    QTest::newRow("script") << Command{"evalsha", "9F2C41AB77", "1", "k"} << u"EVALSHA 9f2c41ab… ? ?"_s;
    QTest::newRow("script text") << Command{"EVAL", "return 1", "0"} << u"EVAL e0e1f9fa… {return 1} ?"_s;
    QTest::newRow("its digest") << Command{"EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"}
                                << u"EVALSHA e0e1f9fa… ?"_s;
    QTest::newRow("script with a first line")
        << Command{"eval_ro", "#!lua flags=no-writes\n\n  local total  = redis.call('GET', KEYS[1])\nreturn total", "1",
                   "k"}
        << u"EVAL_RO c254b785… {local total = redis.call…} ? ?"_s;
    QTest::newRow("empty script") << Command{"EVAL", "", "0"} << u"EVAL da39a3ee… ?"_s;
    QTest::newRow("no script") << Command{"EVAL"} << u"EVAL"_s;
    QTest::newRow("truncated script") << Command{"EVAL", "return 1... (400 more bytes)", "0"}
                                      << u"EVAL ~7e1a4342… {return 1... (400 more by…} ?"_s;
    QTest::newRow("keys") << Command{"KEYS", "user:1:*"} << u"KEYS ?"_s;
    QTest::newRow("function") << Command{"FCALL", "pay", "0"} << u"FCALL pay ?"_s;
    QTest::newRow("bytes") << Command{"\xff\x00", "a"} << u"\\xff ?"_s;
}

void TestSlowlog::shapes()
{
    QFETCH(const Command, command);
    QFETCH(const QString, shape);
    QCOMPARE(QString::fromUtf8(shapeOf(command)), shape);
}

void TestSlowlog::figuresOfAShape()
{
    std::vector<SlowlogEntryPtr> entries;
    for (qint64 i = 1; i <= 200; ++i)
        entries.push_back(std::make_shared<const SlowlogEntry>(entry(i % 2 ? "a" : "b", i, i * 1000, i)));
    entries.push_back(std::make_shared<const SlowlogEntry>(entry("a", 500, 1000, 1'000'000, {"KEYS", "*"})));
    const std::vector<ShapeFigures> figures = figuresOf(entries);
    QCOMPARE(figures.size(), size_t(2));
    QCOMPARE(figures[0].shape, "KEYS ?"_ba); // the shape with the greatest total time is first
    QCOMPARE(figures[0].p50, 1'000'000);
    QCOMPARE(figures[1].count, 200);
    QCOMPARE(figures[1].total, 20'100);
    QCOMPARE(figures[1].p50, 100);
    QCOMPARE(figures[1].p99, 198);
    QCOMPARE(figures[1].longest, 200);
    QCOMPARE(figures[1].nodes, (QByteArrayList{"node-a", "node-b"}));
}

void TestSlowlog::costs()
{
    QCOMPARE(costText(SlowlogKind::Slow, 812), u"812 µs"_s);
    QCOMPARE(costText(SlowlogKind::Slow, 12'400), u"12.4 ms"_s);
    QCOMPARE(costText(SlowlogKind::Slow, 999'400), u"999 ms"_s);
    QCOMPARE(costText(SlowlogKind::Slow, 1'058'000), u"1.06 s"_s);
    QCOMPARE(costText(SlowlogKind::LargeReply, 1536), u"1.5 KB"_s);
    QCOMPARE(thresholdText(SlowlogKind::Slow, 10'000), u"10 ms"_s);
    QCOMPARE(thresholdText(SlowlogKind::Slow, -1), u"off"_s);
    QCOMPARE(thresholdText(SlowlogKind::Slow, 0), u"everything"_s);
}

void TestSlowlog::aModelFilters()
{
    SlowlogModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    SlowlogEntry ours = entry("a", 2, 3000, 5);
    ours.clientName = "slotscope";
    SlowlogEntry named = entry("b", 3, 4000, 700'000, {"KEYS", "cart:*"});
    named.clientName = "report-job";
    model.add(SlowlogKind::Slow, {entry("a", 1, 1000, 20'000), ours, named});
    QCOMPARE(model.rowCount(), 3);
    SlowlogFilter filter;
    filter.hidesOurs = true;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 2);
    filter.minimum = 100'000;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1);
    filter.minimum = 0;
    filter.text = u"REPORT cart"_s;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1);
    filter.text.clear();
    filter.nodeId = "node-a";
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 1);
    model.setFilter({});
    model.setShape("KEYS ?");
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.matching().size(), size_t(3)); // the plot shows all shapes
    model.add(SlowlogKind::Slow, {entry("b", 4, 5000, 350'000, {"KEYS", "*"}), entry("b", 5, 5000)});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(1, int(SlowlogModel::Column::Cost)).data(ShareRole).toDouble(), 0.5);
    model.add(SlowlogKind::LargeReply, {entry("b", 1, 5000)});
    QCOMPARE(model.matching().size(), size_t(5)); // unchanged, because this is the entry of another log
    std::vector<SlowlogEntry> many;
    for (qint64 i = 0; i < qint64(SlowlogBook::usualBound); ++i)
        many.push_back(entry("c", i, 10'000 + i));
    model.setShape({});
    model.add(SlowlogKind::Slow, std::move(many));
    QCOMPARE(model.rowCount(), int(SlowlogBook::usualBound)); // the five oldest entries were dropped
}

void TestSlowlog::shapesStayInTheirRows()
{
    ShapesModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const ClusterViewPtr view = samples::healthy();
    const auto figure = [&](const QByteArray &shape, qint64 total) {
        return ShapeFigures{.shape = shape, .count = 1, .total = total, .nodes = {view->nodes[0].id}};
    };
    model.setFigures(SlowlogKind::Slow, {figure("A", 10), figure("B", 5)}, view);
    const QPersistentModelIndex second = model.index(1, 0);
    model.setFigures(SlowlogKind::Slow, {figure("C", 40), figure("B", 20)}, view);
    QVERIFY(second.isValid());
    QCOMPARE(second.data().toString(), u"B"_s);
    QCOMPARE(QModelIndex(second).siblingAtColumn(int(ShapesModel::Column::Total)).data(ShareRole).toDouble(), 0.5);
    QCOMPARE(model.rowOf("A"), -1);
    const QVariantList colours =
        QModelIndex(second).siblingAtColumn(int(ShapesModel::Column::Shards)).data(ShardColoursRole).toList();
    QCOMPARE(colours.size(), qsizetype(view->shards.size()));
    QCOMPARE(colours.count(-1), qsizetype(view->shards.size()) - 1); // -1: the shard has no entry of this shape
}

void TestSlowlog::thresholdsThatDiffer()
{
    ThresholdModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const ClusterViewPtr view = samples::healthy();
    model.setView(view);
    for (int i = 0; i < model.rowCount(); ++i) {
        NodeSlowlog log;
        log.nodeId = model.nodeAt(i);
        log.threshold = i == 2 ? 50'000 : 10'000;
        log.capacity = 128;
        log.length = i == 1 ? 128 : 3;
        model.take(SlowlogKind::Slow, log);
    }
    QCOMPARE(model.usualThreshold(), 10'000);
    const auto at = [&](int row, ThresholdModel::Column column, int role = Qt::DisplayRole) {
        return model.index(row, int(column)).data(role);
    };
    QCOMPARE(at(2, ThresholdModel::Column::Over).toString(), u"≠ 50 ms"_s);
    QCOMPARE(at(2, ThresholdModel::Column::Over, ToneRole).toInt(), int(Tone::Warning));
    QCOMPARE(at(0, ThresholdModel::Column::Over).toString(), u"10 ms"_s);
    QCOMPARE(at(1, ThresholdModel::Column::Kept).toString(), u"full · 128 / 128"_s);
}

void TestSlowlog::rightsThatAreMissing()
{
    Error error{.code = Error::Code::NoPermission, .command = u"SLOWLOG GET"_s};
    QCOMPARE(missingRight(error), "+slowlog|get"_ba);
    error.code = Error::Code::Timeout;
    QCOMPARE(missingRight(error), QByteArray());
}

SLOTSCOPE_TEST(TestSlowlog)
#include "tst_slowlog.moc"
