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
        SlotUse use;
        QVERIFY(takeSlotStats(Value::aggregate(Value::Type::Array,
                                               {entry(3, {{"key-count", 2}}),
                                                entry(4,
                                                      {{"key-count", 1},
                                                       {"cpu-usec", 70},
                                                       {"network-bytes-in", 5},
                                                       {"network-bytes-out", 6},
                                                       {"memory-bytes", 900}})}),
                              1, 5, use));
        QCOMPARE(use.cpuMicroseconds[3], -1); // not counted there
        QCOMPARE(use.cpuMicroseconds[4], 70);
        QCOMPARE(use.networkBytes[4], 11);
        QCOMPARE(use.memory[4], 900);
        QCOMPARE(use.memory[5], -1);
        for (const Value &odd :
             {Value::error("ERR"), Value::integer(1), Value::aggregate(Value::Type::Array, {Value::integer(1)}),
              Value::aggregate(Value::Type::Array, {entry(16384, {})}),
              Value::aggregate(Value::Type::Array, {entry(-1, {})})})
            QVERIFY(!takeSlotStats(odd, 1, 5, use));
    }

    void ratesAreBetweenReadings()
    {
        SlotUse before, now;
        before.takenAt = 1000;
        now.takenAt = 3000;
        const auto set = [&](int slot, qint64 former, qint64 later, size_t wasBy = 1, size_t isBy = 1) {
            before.cpuMicroseconds[size_t(slot)] = former;
            now.cpuMicroseconds[size_t(slot)] = later;
            before.teller[size_t(slot)] = wasBy;
            now.teller[size_t(slot)] = isBy;
            before.toldAt[size_t(slot)] = 1000;
            now.toldAt[size_t(slot)] = 3000;
        };
        set(0, 100, 300);
        set(1, 100, 1100);
        set(2, 100, 100);
        set(3, 500, 40); // CONFIG RESETSTAT
        set(4, 0, 800, 1, 2); // another owner counts from 0
        const SlotHeat none = slotHeat(nullptr, now, SlotMetric::Cpu);
        QCOMPARE(none.known, 0);
        QVERIFY(none.hottest.isEmpty());
        const SlotHeat heat = slotHeat(&before, now, SlotMetric::Cpu);
        QCOMPARE(heat.overMs, 2000);
        QCOMPARE(heat.values[0], 100);
        QCOMPARE(heat.values[1], 500);
        QCOMPARE(heat.values[3], -1);
        QCOMPARE(heat.values[4], -1);
        QCOMPARE(heat.known, 3);
        QCOMPARE(heat.sum, 600);
        QCOMPARE(heat.hottest, (QList<int>{1, 0}));
        now.memory[7] = 12;
        const SlotHeat memory = slotHeat(nullptr, now, SlotMetric::Memory);
        QCOMPARE(memory.hottest, QList<int>{7});
        QCOMPARE(memory.overMs, 0);
    }
};

SLOTSCOPE_TEST(TestSlotHeat)
#include "tst_slotheat.moc"
