// SPDX-License-Identifier: GPL-3.0-or-later
// What an edit sends, how replies become rows, and the model that holds them with what is not saved yet.
#include "core/cluster/keyspace.h"
#include "core/formats/jsonpath.h"
#include "core/formats/treetext.h"
#include "core/models/collectionmodel.h"
#include "core/values/valuereader.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestValueEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheKeyspace();
    void hostileKeyspaces();
    void scoresAsTheyAreStored_data();
    void scoresAsTheyAreStored();
    void rowsOfBothProtocols();
    void entriesOfAStream();
    void editsKeepWhatTheyDoNotName();
    void wordsOfAnEdit();
    void pathsOfADocument();
    void changesAreHeldByName();
    void pagesAreLetGo();
    void aSavedChangeStands();
};

void TestValueEdits::readsTheKeyspace()
{
    const auto databases =
        keyspaceOf("# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=5,subexpiry=0\r\ndb15:keys=1,expires=0\r\n"
                   "dbx:keys=9\r\ndb-1:keys=9\r\nnonsense\r\n"_ba);
    QCOMPARE(databases.keys(), (QList<int>{0, 15}));
    QCOMPARE(databases[0].keys, 12);
    QCOMPARE(databases[0].expiring, 3);
    QVERIFY(keyspaceOf({}).isEmpty());
}

void TestValueEdits::hostileKeyspaces()
{
    QByteArray info = "db2000000000:keys=1\r\n";
    for (int i = 0; i < 3000; ++i)
        info += "db" + QByteArray::number(5000 + i) + ":keys=1\r\n";
    info += "db5000:keys=7\r\ndb0:keys=3\r\n"; // a known one is still read
    const auto databases = keyspaceOf(info);
    QCOMPARE(databases.size(), mostListedDatabases);
    QCOMPARE(databases[5000].keys, 7);
    const auto list = [](int count, int chosen, const QList<int> &filled) {
        return databasesToList(count, chosen, filled);
    };
    QCOMPARE(list(1, 0, {}), QList<int>{0});
    QCOMPARE(list(0, 0, {}), QList<int>{0});
    QCOMPARE(list(3, 1, {0}), (QList<int>{0, 1, 2}));
    QCOMPARE(list(1, 4, {2}), (QList<int>{0, 1, 2, 3, 4}));
    const QList<int> far = list(16, 0, {0, 15, 2'000'000'000});
    QCOMPARE(far.size(), 17);
    QCOMPARE(far.last(), 2'000'000'000);
    QCOMPARE(list(INT_MAX, INT_MAX, {}).size(), mostListedDatabases + 1);
    QList<int> many(3000);
    std::iota(many.begin(), many.end(), 5000);
    const QList<int> bounded = list(16, 9000, many);
    QCOMPARE(bounded.size(), 16 + mostListedDatabases + 1);
    QCOMPARE(bounded.last(), 9000); // the chosen one is always there
}

void TestValueEdits::scoresAsTheyAreStored_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("stored"); // the score as it is stored (empty: refused)
    QTest::newRow("beyond 2^53") << "9007199254740993"_ba
                                 << "9007199254740992"_ba;
    QTest::newRow("a date and time") << "20190509102112650"_ba
                                     << "20190509102112648"_ba;
    QTest::newRow("decimal") << "1.1"_ba
                             << "1.1"_ba;
    QTest::newRow("large") << "1e20"_ba
                           << "1e+20"_ba;
    QTest::newRow("with a sign") << "+5"_ba
                                 << "5"_ba;
    QTest::newRow("negative zero") << "-0.0"_ba
                                   << "-0"_ba;
    QTest::newRow("infinite") << "-INF"_ba
                              << "-inf"_ba;
    QTest::newRow("not a number") << "nan"_ba << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("with rest") << "1 "_ba << QByteArray();
    QTest::newRow("comma") << "1,5"_ba << QByteArray();
}

void TestValueEdits::scoresAsTheyAreStored()
{
    QFETCH(const QByteArray, typed);
    QFETCH(const QByteArray, stored);
    QCOMPARE(storedScore(typed).value_or(QByteArray()), stored);
}

void TestValueEdits::rowsOfBothProtocols()
{
    const auto list = [](Value::List items) { return Value::aggregate(Value::Type::Array, std::move(items)); };
    const Value flat = list({Value::bulk("a"), Value::bulk("1.5"), Value::bulk("b"), Value::bulk("inf")});
    const Value nested =
        list({list({Value::bulk("a"), Value::real(1.5, "1.5")}), list({Value::bulk("b"), Value::real(0, "inf")})});
    for (const Value &reply : {flat, nested}) {
        const std::vector<ValueRow> rows = rowsOf(ValueType::SortedSet, reply);
        QCOMPARE(rows.size(), size_t(2));
        QCOMPARE(rows[0].score, "1.5"_ba);
        QCOMPARE(rows[1].name + rows[1].score, "binf"_ba);
    }
    const std::vector<ValueRow> fields =
        rowsOf(ValueType::Hash, list({Value::bulk("f"), Value::bulk(QByteArray(9000, 'x'))}));
    QCOMPARE(fields[0].value.size(), ValueRow::keptBytes);
    QCOMPARE(fields[0].valueSize, 9000);
    QVERIFY(!fields[0].isWhole());
    QCOMPARE(rowsOf(ValueType::Hash, list({Value::bulk("odd")})).size(), size_t(0)); // an invalid reply gives no rows
    QCOMPARE(rowsOf(ValueType::List, list({Value::bulk("x"), Value()})).size(), size_t(2));
}

void TestValueEdits::entriesOfAStream()
{
    const auto list = [](Value::List items) { return Value::aggregate(Value::Type::Array, std::move(items)); };
    const Value reply = list({list({Value::bulk("1-0"), list({Value::bulk("f"), Value::bulk("v")})}),
                              list({Value::bulk("2-0"), Value()}), list({Value::bulk("short")})});
    const std::vector<ValueRow> rows = entriesOf(reply);
    QCOMPARE(rows.size(), size_t(2));
    QCOMPARE(rows[0].fields.front(), (QPair<QByteArray, QByteArray>("f", "v")));
    QVERIFY(rows[1].fields.isEmpty());
}

void TestValueEdits::editsKeepWhatTheyDoNotName()
{
    const Edit text = edits::setString("k"_ba, "a"_ba, "b"_ba);
    QCOMPARE(text.commands.front(), (Command{"SET"_ba, "k"_ba, "b"_ba, "KEEPTTL"_ba}));
    const Edit field = edits::setField("h"_ba, "f"_ba, "a"_ba, "b"_ba, 600'000);
    QCOMPARE(field.commands.size(), 2);
    QCOMPARE(field.commands[1], (Command{"HPEXPIRE"_ba, "h"_ba, "600000"_ba, "FIELDS"_ba, "1"_ba, "f"_ba}));
    QCOMPARE(edits::setField("h"_ba, "f"_ba, "a"_ba, "b"_ba).commands.size(), 1);
    const Edit fresh = edits::setField("h"_ba, "f"_ba, std::nullopt, "b"_ba);
    QCOMPARE(fresh.checks.back().read.front(), "HEXISTS"_ba);
    const Edit rename = edits::renameField("h"_ba, "f"_ba, "g"_ba, "v"_ba);
    QCOMPARE(rename.checks.size(), 2);
    QCOMPARE(rename.commands.back(), (Command{"HDEL"_ba, "h"_ba, "f"_ba}));
    QCOMPARE(edits::expire("k"_ba, -1).commands.front().front(), "PERSIST"_ba);
    QCOMPARE(edits::create("z"_ba, ValueType::SortedSet, {{"m"_ba, "2"_ba}}, -1).commands.front(),
             (Command{"ZADD"_ba, "z"_ba, "2"_ba, "m"_ba}));
}

void TestValueEdits::wordsOfAnEdit()
{
    QCOMPARE(edits::remove("k"_ba).words(), u"UNLINK"_s);
    QCOMPARE(edits::setString("k"_ba, "a"_ba, "b"_ba).words(), u"SET, unless someone changes it in between"_s);
    QCOMPARE(edits::setField("h"_ba, "f"_ba, "a"_ba, "b"_ba, 5).words(),
             u"HSET and HPEXPIRE in one MULTI, unless someone changes it in between"_s);
}

void TestValueEdits::changesAreHeldByName()
{
    CollectionModel model;
    const QAbstractItemModelTester tester(&model);
    model.setType(ValueType::Hash, true);
    ValueRow a, b;
    a.name = "a";
    b.name = "b";
    a.value = b.value = "1";
    a.valueSize = b.valueSize = 1;
    model.takeMore({a, b, a}, true); // a scan may return a field twice
    QCOMPARE(model.rowCount(), 2);
    const QSignalSpy changed(&model, &CollectionModel::changesChanged);
    QVERIFY(model.setData(model.index(1, model.sectionOf(CollectionModel::Column::Value)), u"2"_s));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.changeCount(), 1);
    model.restart();
    ValueRow c = a;
    c.name = "c";
    model.takeMore({c, b}, true); // the rows have moved, and the change stays with its field
    const Edit edit = model.edit("k"_ba);
    QCOMPARE(edit.commands.front(), (Command{"HSET"_ba, "k"_ba, "b"_ba, "2"_ba}));
    QCOMPARE(edit.checks.back().expected, std::optional<QByteArray>("1"_ba));
    QVERIFY(model.setData(model.index(1, model.sectionOf(CollectionModel::Column::Value)), u"1"_s));
    QCOMPARE(model.changeCount(), 0); // the value equals the original again
}

void TestValueEdits::pagesAreLetGo()
{
    CollectionModel model; // without a model tester, which would check each of ten million rows
    model.setType(ValueType::List, false);
    model.setTotal(10'000'000);
    QCOMPARE(model.rowCount(), 10'000'000);
    const std::vector<ValueRow> page(CollectionModel::pageRows);
    for (int i = 0; i < 100; ++i)
        model.takePage(i * CollectionModel::pageRows, page);
    QVERIFY(!model.row(0)); // the oldest page was dropped
    QVERIFY(model.row(99 * CollectionModel::pageRows));
    QCOMPARE(model.missingPages(0, 10), QList<int>{0});
    model.setTotal(5);
    QCOMPARE(model.rowCount(), 5);
}

void TestValueEdits::aSavedChangeStands()
{
    CollectionModel model;
    model.setType(ValueType::SortedSet, false);
    model.setTotal(1);
    ValueRow row;
    row.name = "m";
    row.score = "1";
    model.takePage(0, {row});
    const QModelIndex score = model.index(0, model.sectionOf(CollectionModel::Column::Score));
    QVERIFY(!model.setData(score, u"much"_s));
    QVERIFY(model.setData(score, u" 2 "_s));
    QCOMPARE(score.data(CollectionModel::WasRole).toString(), u"1"_s);
    model.markSent();
    model.takeSaved();
    QCOMPARE(score.data().toString(), u"2"_s);
    QVERIFY(!score.data(CollectionModel::WasRole).isValid());
    // A change made while a save is running remains a change, relative to the value being saved.
    QVERIFY(model.setData(score, u"3"_s));
    model.markSent();
    QVERIFY(model.setData(score, u"4"_s));
    model.takeSaved();
    QCOMPARE(score.data(CollectionModel::WasRole).toString(), u"3"_s);
    QCOMPARE(model.edit("k"_ba).commands.front(), (Command{"ZADD"_ba, "k"_ba, "4"_ba, "m"_ba}));
    model.dropChanges();
    // An editor that was opened for a member writes to this member, even if another one has its rank by then.
    ValueRow other;
    other.name = "other";
    other.score = "3";
    const ValueRow opened = *model.row(0);
    model.takePage(0, {other});
    QVERIFY(model.stageText(opened.name, opened, CollectionModel::Column::Score, u"9"_s));
    QCOMPARE(model.edit("k"_ba).commands.front(), (Command{"ZADD"_ba, "k"_ba, "9"_ba, "m"_ba}));
    QVERIFY(!score.data(CollectionModel::WasRole).isValid());
    model.setReadOnly(true);
    QVERIFY(!model.setData(score, u"3"_s));
}

void TestValueEdits::pathsOfADocument()
{
    FormatBudget budget(FormatLimits{});
    const auto tree = textToTree(uR"({"a":[1,{"q\"uo\\te":null}],"":2})"_s, budget);
    QVERIFY(tree);
    QByteArrayList paths;
    for (quint32 node = 0; node < tree->nodes.size(); ++node)
        paths.append(jsonPathOf(*tree, node));
    QCOMPARE(
        paths,
        (QByteArrayList{"$", R"($["a"])", R"($["a"][0])", R"($["a"][1])", R"($["a"][1]["q\"uo\\te"])", R"($[""])"}));
    QCOMPARE(onlyMatch("[ {\"a\":[1,2]} ]"), R"({"a":[1,2]})"_ba);
    QCOMPARE(onlyMatch("[[1,2]]"), "[1,2]"_ba);
    QCOMPARE(onlyMatch("[null]"), "null"_ba);
    for (const char *other : {"[]", "[1,2]", "{}", "1", "", "[1", "[[],[]]", "[1]]"})
        QVERIFY2(!onlyMatch(other), other);
    for (const char *valid : {"1", " \"text\" ", "[1,{\"a\":null}]", "1e400"})
        QCOMPARE(whyNotJson(valid), QString());
    for (const char *wrong : {"", "text", "{", "1 2", "NaN", "'a'"})
        QVERIFY2(!whyNotJson(wrong).isEmpty(), wrong);
}

SLOTSCOPE_TEST(TestValueEdits)
#include "tst_valueedits.moc"
