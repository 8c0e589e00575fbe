// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/slotheat.h"
#include "support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

Value entry(int slot, const QList<std::pair<QByteArray, qint64>> &fields)
{
    Value::List map;
    for (const auto &[name, number] : fields) {
        map.push_back(Value::bulk(name));
        map.push_back(Value::integer(number));
    }
    return Value::aggregate(Value::Type::Array,
                            {Value::integer(slot), Value::aggregate(Value::Type::Map, std::move(map))});
}

} // namespace

class TestSlotHeat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsReplies()
    {
        NodeSlotUse use;
        QVERIFY(takeSlotStats(Value::aggregate(Value::Type::Array,
                                               {entry(4,
                                                      {{"key-count", 1},
                                                       {"cpu-usec", 70},
                                                       {"network-bytes-in", 5},
                                                       {"network-bytes-out", 6},
                                                       {"memory-bytes", 900}})}),
                              5, use));
        QCOMPARE(use.slots.size(), size_t(1));
        QCOMPARE(use.slots[0].number, quint16(4));
        QCOMPARE(use.slots[0].cpuMicroseconds, 70);
        QCOMPARE(use.slots[0].networkBytes, 11);
        QCOMPARE(use.slots[0].memory, 900);
        QCOMPARE(use.slots[0].toldAt, 5);
        QVERIFY(!use.isWithoutCpu);
        QVERIFY(takeSlotStats(Value::aggregate(Value::Type::Array, {entry(3, {{"key-count", 2}})}), 6, use));
        QCOMPARE(use.slots[1].cpuMicroseconds, -1); // unknown, because this server does not count it
        QCOMPARE(use.slots[1].memory, -1);
        QVERIFY(use.isWithoutCpu);
        for (const Value &odd :
             {Value::error("ERR"), Value::integer(1), Value::aggregate(Value::Type::Array, {Value::integer(1)}),
              Value::aggregate(Value::Type::Array, {entry(16384, {})}),
              Value::aggregate(Value::Type::Array, {entry(-1, {})})})
            QVERIFY(!takeSlotStats(odd, 1, use));
    }

    void ratesAreBetweenReadings()
    {
        SlotUse before, now;
        const auto set = [&](int slot, qint64 former, qint64 later, size_t wasBy = 1, size_t isBy = 1) {
            before.slots[size_t(slot)] = {.slot = {.cpuMicroseconds = former, .toldAt = 1000}, .teller = wasBy};
            now.slots[size_t(slot)] = {.slot = {.cpuMicroseconds = later, .toldAt = 3000}, .teller = isBy};
        };
        set(0, 100, 300);
        set(1, 100, 1100);
        set(2, 100, 100);
        set(3, 500, 40); // after CONFIG RESETSTAT
        set(4, 0, 800, 1, 2); // a new owner starts at 0
        set(5, 0, 900); // a node that was read later: its rate covers its own time
        now.slots[5].slot.toldAt = 4000;
        const SlotHeat none = slotHeat(nullptr, now, SlotMetric::Cpu);
        QCOMPARE(none.known, 0);
        QVERIFY(none.hottest.isEmpty());
        const SlotHeat heat = slotHeat(&before, now, SlotMetric::Cpu);
        QCOMPARE(heat.overMs, 3000);
        QCOMPARE(heat.values[0], 100);
        QCOMPARE(heat.values[1], 500);
        QCOMPARE(heat.values[3], -1);
        QCOMPARE(heat.values[4], -1);
        QCOMPARE(heat.values[5], 300);
        QCOMPARE(heat.known, 4);
        QCOMPARE(heat.sum, 900);
        QCOMPARE(heat.hottest, (QList<int>{1, 5, 0}));
        now.slots[7].slot = {.memory = 12, .toldAt = 3000};
        now.slots[8].slot = {.memory = 99, .toldAt = 4000 - slotUseOldMs - 1}; // its node no longer answers
        const SlotHeat memory = slotHeat(nullptr, now, SlotMetric::Memory);
        QCOMPARE(memory.hottest, QList<int>{7});
        QCOMPARE(memory.overMs, 0);
    }

    /// A node's new values replace its previous ones.
    void nodesTellOneByOne()
    {
        SlotUse use;
        NodeSlotUse told;
        told.nodeId = "a";
        told.nodeName = u"a:1"_s;
        told.isWithoutCpu = true;
        use.take(told);
        NodeSlotUse other;
        other.nodeId = "b";
        other.nodeName = u"b:1"_s;
        other.error = Error{.code = Error::Code::Timeout};
        use.take(other);
        QCOMPARE(use.withoutCpu, QStringList{u"a:1"_s});
        QCOMPARE(use.errors.size(), 1);
        told.isWithoutCpu = false;
        told.slots = {{.number = 9, .cpuMicroseconds = 3, .toldAt = 1}};
        use.take(told);
        other.error.reset();
        use.take(other);
        QVERIFY(use.withoutCpu.isEmpty() && use.errors.isEmpty());
        QCOMPARE(use.slots[9].slot.cpuMicroseconds, 3);
        QCOMPARE(use.slots[9].teller, qHash(QByteArray("a")));
    }
};

SLOTSCOPE_TEST(TestSlotHeat)
#include "tst_slotheat.moc"
