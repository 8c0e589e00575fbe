// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/slotset.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestSlotSet final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hashes_data();
    void hashes();
    void hasATagForEachSlot();
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void calculates();
};

void TestSlotSet::hashes_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("slot");
    // the CRC16 is 12739, which is below 16384
    QTest::newRow("the specification's check value") << "123456789"_ba << 0x31c3;
    QTest::newRow("empty") << ""_ba << 0;
    QTest::newRow("foo") << "foo"_ba << 12182;
    QTest::newRow("tag") << "{foo}.bar"_ba << 12182;
    QTest::newRow("first closing brace") << "x{foo}}"_ba << 12182;
    QTest::newRow("only the first tag") << "{foo}{bar}"_ba << 12182;
    QTest::newRow("empty tag: the whole key") << "foo{}{bar}"_ba << 8363;
}

void TestSlotSet::hashes()
{
    QFETCH(const QByteArray, key);
    QTEST(int(slotOfKey(key)), "slot");
}

void TestSlotSet::hasATagForEachSlot()
{
    for (int slot = 0; slot < slotCount; ++slot)
        QCOMPARE(int(slotOfKey("0-{" + hashTagOf(quint16(slot)) + "}-0")), slot);
}

void TestSlotSet::parses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<int>("count");
    QTest::newRow("empty") << ""_ba << u""_s << 0;
    QTest::newRow("usual") << "0-5460 5462"_ba << u"0-5460 5462"_s << 5462;
    QTest::newRow("commas") << "1,3, 5"_ba << u"1 3 5"_s << 3;
    QTest::newRow("neighbours melt") << "5 3 4 10-12 6-9"_ba << u"3-12"_s << 10;
    QTest::newRow("overlaps melt") << "10-20 0-12 18-30"_ba << u"0-30"_s << 31;
    QTest::newRow("bounds") << "16383 0"_ba << u"0 16383"_s << 2;
}

void TestSlotSet::parses()
{
    QFETCH(const QByteArray, text);
    const auto set = SlotSet::parse(text);
    QVERIFY(set);
    QTEST(set->toString(), "shown");
    QTEST(set->count(), "count");
}

void TestSlotSet::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"16384", "5-3", "-1", "1-", "a", "1-2-3", "1;2", "99999999999999999999"})
        QTest::newRow(text) << QByteArray(text);
}

void TestSlotSet::refuses()
{
    QFETCH(const QByteArray, text);
    const auto set = SlotSet::parse(text);
    QVERIFY(!set);
    QVERIFY(set.error().detail.contains(QString::fromLatin1(text)));
}

void TestSlotSet::calculates()
{
    const SlotSet a{{0, 10}, {20, 30}, {100, 16383}};
    const SlotSet b{{5, 22}, {30, 30}};
    QCOMPARE(a.united(b), SlotSet({{0, 30}, {100, 16383}}));
    QCOMPARE(a.intersected(b), SlotSet({{5, 10}, {20, 22}, {30, 30}}));
    QCOMPARE(a.subtracted(b), SlotSet({{0, 4}, {23, 29}, {100, 16383}}));
    SlotSet c = SlotSet::all();
    c.remove({0, 0});
    c.remove({16383, 16383});
    c.remove({100, 200});
    QCOMPARE(c.toString(), u"1-99 201-16382"_s);
    QCOMPARE(c.toString(1), u"1-99 …"_s);
    QVERIFY(c.contains(99) && !c.contains(100) && !c.contains(200) && c.contains(201) && !c.contains(0));
    QCOMPARE(SlotSet::all().count(), slotCount);
}

SLOTSCOPE_TEST(TestSlotSet)
#include "tst_slotset.moc"
