// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of several nodes side by side.
#include "core/config/configreader.h"
#include "core/models/configmodel.h"
#include "tests/support/testmain.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestConfigComparison : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void mostAndDifferent();
    void asManyDecidesTheDefault();
    void ownIsNoDifference();
    void unknownAndNotRead();
    void olderNames();
    void defaultsOfTwoProducts();
    void secretsAreMarks();
    void brokenReplies();
    void units_data();
    void units();
    void typed_data();
    void typed();
    void theTable();

private:
    using Values = QMap<QByteArray, QByteArray>;
    static NodeConfig node(const char *id, const Values &values, bool isValkey = true)
    {
        NodeConfig config;
        config.nodeId = id;
        config.nodeName = QString::fromLatin1(id);
        config.isValkey = isValkey;
        config.major = 8;
        config.values = values;
        config.readAt = 1;
        return config;
    }
    using Cell = SettingRow::Cell;
};

void TestConfigComparison::mostAndDifferent()
{
    const ConfigComparison all =
        compareConfig({node("a", {{"maxmemory", "100"}, {"hz", "10"}}), node("b", {{"maxmemory", "200"}, {"hz", "10"}}),
                       node("c", {{"maxmemory", "200"}, {"hz", "10"}})});
    QCOMPARE(int(all.rows.size()), 2);
    const SettingRow *memory = all.find("maxmemory");
    QVERIFY(memory);
    QCOMPARE(memory->most, "200"_ba);
    QCOMPARE(memory->cells, (QList<Cell>{Cell::Differs, Cell::AsMost, Cell::AsMost}));
    QCOMPARE(memory->differing, 1);
    QVERIFY(memory->isChanged);
    QCOMPARE(memory->usual.value_or("?"), "0"_ba);
    const SettingRow *hz = all.find("hz");
    QVERIFY(hz && hz->differing == 0 && !hz->isChanged);
    QCOMPARE(all.different, 1);
    QCOMPARE(all.changed, 1);
    QVERIFY(memory->group < hz->group && all.rows.front().name == "maxmemory");
}

void TestConfigComparison::asManyDecidesTheDefault()
{
    const ConfigComparison all = compareConfig(
        {node("a", {{"maxmemory-policy", "allkeys-lru"}}), node("b", {{"maxmemory-policy", "noeviction"}})});
    QCOMPARE(all.rows.front().most, "noeviction"_ba);
    QCOMPARE(all.rows.front().cells.front(), Cell::Differs);
}

void TestConfigComparison::ownIsNoDifference()
{
    const ConfigComparison all = compareConfig({node("a", {{"port", "1"}}), node("b", {{"port", "2"}})});
    QCOMPARE(all.different, 0);
    QCOMPARE(all.changed, 0);
    QVERIFY(!all.rows.front().usual);
}

void TestConfigComparison::unknownAndNotRead()
{
    NodeConfig silent = node("c", {});
    silent.problem = Error{};
    const ConfigComparison all = compareConfig({node("a", {{"io-threads", "4"}}), node("b", {{"hz", "10"}}), silent});
    const SettingRow *row = all.find("io-threads");
    QVERIFY(row);
    QCOMPARE(row->cells, (QList<Cell>{Cell::AsMost, Cell::Unknown, Cell::NotRead}));
    QCOMPARE(row->most, "4"_ba);
    QCOMPARE(row->differing, 0);
    QVERIFY(row->isChanged);
}

void TestConfigComparison::olderNames()
{
    const ConfigComparison both = compareConfig({node("a", {{"slave-priority", "100"}, {"replica-priority", "100"}})});
    QCOMPARE(int(both.rows.size()), 1);
    QCOMPARE(both.rows.front().name, "replica-priority"_ba);
    // the old name, as on servers before 5.0
    const ConfigComparison old = compareConfig({node("a", {{"slave-priority", "50"}})});
    QCOMPARE(old.rows.front().name, "slave-priority"_ba);
    QVERIFY(old.rows.front().isChanged);
}

void TestConfigComparison::defaultsOfTwoProducts()
{
    const ConfigComparison mixed = compareConfig(
        {node("a", {{"lazyfree-lazy-expire", "yes"}}), node("b", {{"lazyfree-lazy-expire", "no"}}, false)});
    QVERIFY(!mixed.rows.front().usual); // the two products have different defaults
    QVERIFY(!mixed.rows.front().isChanged); // each node has its product's default
    QCOMPARE(mixed.rows.front().differing, 1);
}

void TestConfigComparison::secretsAreMarks()
{
    const auto first = readConfig(Value::aggregate(
        Value::Type::Map,
        {Value::bulk("requirepass"), Value::bulk("open sesame"), Value::bulk("masterauth"), Value::bulk("")}));
    const auto second =
        readConfig(Value::aggregate(Value::Type::Array, {Value::bulk("REQUIREPASS"), Value::bulk("open sesame")}));
    const auto third = readConfig(Value::aggregate(Value::Type::Array, {Value::bulk("requirepass"), Value::bulk("x")}));
    QVERIFY(first && second && third);
    QVERIFY(!first->value("requirepass").contains("sesame") && !first->value("requirepass").isEmpty());
    QVERIFY(first->value("masterauth").isEmpty());
    QCOMPARE(first->value("requirepass"), second->value("requirepass"));
    QVERIFY(first->value("requirepass") != third->value("requirepass"));
    const ConfigComparison all = compareConfig({node("a", *first), node("b", *third)});
    const SettingRow *row = all.find("requirepass");
    QVERIFY(row && row->isSecret && row->differing == 1);
    QCOMPARE(settingCellText(*row, row->most), u"••••"_s);
    QCOMPARE(settingCellText(*row, {}), u"none"_s);
}

void TestConfigComparison::brokenReplies()
{
    QVERIFY(!readConfig(Value::simple("OK")));
    QVERIFY(!readConfig(Value::aggregate(Value::Type::Array, {Value::bulk("hz")})));
    QVERIFY(readConfig(Value::aggregate(Value::Type::Array, {}))); // allowed, because ACL rules may hide all settings
    QCOMPARE(int(compareConfig({}).rows.size()), 0);
}

void TestConfigComparison::units_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << "maxmemory"_ba
                           << "4294967296"_ba << u"4 GB"_s;
    QTest::newRow("odd") << "maxmemory"_ba
                         << "4294967297"_ba << u"4,294,967,297"_s;
    QTest::newRow("none") << "maxmemory"_ba
                          << "0"_ba << u"0"_s;
    QTest::newRow("time") << "slowlog-log-slower-than"_ba
                          << "10000"_ba << u"10,000 µs"_s;
    QTest::newRow("off") << "slowlog-log-slower-than"_ba
                         << "-1"_ba << u"-1"_s;
    QTest::newRow("percent") << "maxmemory-clients"_ba
                             << "10%"_ba << u"10%"_s;
    QTest::newRow("unknown") << "of-a-module"_ba
                             << "123456"_ba << u"123456"_s;
}

void TestConfigComparison::units()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QTEST(settingText(settingInfo(name), value), "text");
}

void TestConfigComparison::typed_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("bytes") << "1024"_ba
                           << "1024"_ba;
    QTest::newRow("mb") << "100MB"_ba
                        << "104857600"_ba;
    QTest::newRow("m") << "100m"_ba
                       << "100000000"_ba;
    QTest::newRow("gb") << "2 gb"_ba
                        << "2147483648"_ba;
    QTest::newRow("nonsense") << "much"_ba
                              << "much"_ba;
    QTest::newRow("overflow") << "99999999999gb"_ba
                              << "99999999999gb"_ba;
}

void TestConfigComparison::typed()
{
    QFETCH(const QByteArray, typed);
    QTEST(settingValue(settingInfo("maxmemory"), typed), "value");
}

/// In the settings table each name is unique, each alias refers to an entry, and each list of choices contains the
/// default.
void TestConfigComparison::theTable()
{
    QSet<QByteArray> names;
    for (const SettingInfo &info : settingTable()) {
        QVERIFY2(!names.contains(info.name), info.name);
        names.insert(info.name);
        QVERIFY2(!info.words().isEmpty() && info.words().endsWith(u'.'), info.name);
        if (info.kind == SettingInfo::Kind::Choice || info.kind == SettingInfo::Kind::Bool)
            for (const bool isValkey : {true, false})
                QVERIFY2(info.choiceList().contains(info.defaultFor(isValkey, 8)), info.name);
    }
    for (const auto &[other, main] : settingAliases())
        QVERIFY2(names.contains(main) && !names.contains(other), other);
}

SLOTSCOPE_TEST(TestConfigComparison)
#include "tst_configcomparison.moc"
