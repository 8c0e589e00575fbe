// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/scanrequest.h"
#include "core/keys/slotcoverage.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

SlotWitness owns(SlotRange range, quint64 epoch = 1)
{
    SlotWitness witness;
    witness.owned = {range};
    witness.epoch = epoch;
    return witness;
}

QByteArrayList nodesOf(const QHash<QByteArray, SlotSet> &passes)
{
    QByteArrayList nodes = passes.keys();
    std::sort(nodes.begin(), nodes.end());
    return nodes;
}

} // namespace

/// In these tests node a owns slots 0-9 and node b slots 10-19.
class TestSlotCoverage final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingMoves();
    void aSlotMoves();
    void aSlotIsOpen();
    void aSlotLeavesAndComesBack();
    void aSlotWasSeenOpen();
    void anOpenSlotNobodyTakes();
    void theOwnerDiesWithASlotOpen();
    void nobodyOwnsIt();
    void countFollowsTheTime();
    void summaries();
};

void TestSlotCoverage::nothingMoves()
{
    SlotCoverage coverage({SlotRange{0, 19}});
    coverage.take("a", owns({0, 9}), owns({0, 9}));
    QCOMPARE(coverage.missing(), SlotSet({SlotRange{10, 19}}));
    coverage.take("b", owns({10, 19}, 2), owns({10, 19}, 2));
    QVERIFY(coverage.missing().isEmpty());
}

void TestSlotCoverage::aSlotMoves()
{
    SlotCoverage coverage({SlotRange{0, 19}});
    coverage.take("a", owns({0, 9}), owns({0, 8}));
    // b's epoch has changed, so any slot may have left and come back
    coverage.take("b", owns({10, 19}, 2), owns({9, 19}, 3));
    coverage.endRound();
    QCOMPARE(coverage.missing(), SlotSet({SlotRange{9, 19}}));
    const QHash<QByteArray, SlotWitness> now{{"a"_ba, owns({0, 8})}, {"b"_ba, owns({9, 19}, 3)}};
    QCOMPARE(nodesOf(coverage.next(now)), QByteArrayList({"b"_ba}));
    coverage.take("b", owns({9, 19}, 3), owns({9, 19}, 3));
    QVERIFY(coverage.missing().isEmpty());
}

void TestSlotCoverage::aSlotIsOpen()
{
    SlotWitness a = owns({0, 9}), b = owns({10, 19}, 2);
    a.leaving.add(9);
    b.coming.insert(9, "a");
    SlotCoverage coverage({SlotRange{0, 19}});
    coverage.take("a", a, a);
    coverage.take("b", b, b); // read at the same time as a, so a key may have moved to b after b was read
    coverage.endRound();
    QCOMPARE(coverage.missing(), SlotSet({SlotRange{9, 9}}));
    QCOMPARE(nodesOf(coverage.next({{"a"_ba, a}, {"b"_ba, b}})), QByteArrayList({"b"_ba}));
    coverage.take("b", b, owns({9, 19}, 2)); // the slot's move to b ends while b is read
    QVERIFY(coverage.missing().isEmpty());
}

void TestSlotCoverage::aSlotLeavesAndComesBack()
{
    SlotCoverage coverage({SlotRange{0, 9}});
    coverage.take("a", owns({0, 9}, 1), owns({0, 9}, 5));
    coverage.endRound();
    QCOMPARE(coverage.missing().count(), 10);
}

void TestSlotCoverage::aSlotWasSeenOpen()
{
    SlotCoverage coverage({SlotRange{0, 9}});
    coverage.take("a", owns({0, 9}), owns({0, 9}), {SlotRange{4, 4}});
    QCOMPARE(coverage.missing(), SlotSet({SlotRange{4, 4}}));
}

void TestSlotCoverage::anOpenSlotNobodyTakes()
{
    SlotWitness a = owns({0, 9});
    a.leaving.add(3);
    const QHash<QByteArray, SlotWitness> now{{"a"_ba, a}};
    SlotCoverage coverage({SlotRange{0, 9}});
    coverage.take("a", a, a);
    coverage.endRound();
    QCOMPARE(nodesOf(coverage.next(now)), QByteArrayList({"a"_ba}));
    coverage.take("a", a, a);
    coverage.endRound();
    QVERIFY(coverage.next(now).isEmpty());
    QVERIFY(coverage.missing().isEmpty());
}

/// a's promoted replica c has keys of the open slot that nobody has read: first c is read again, then b.
void TestSlotCoverage::theOwnerDiesWithASlotOpen()
{
    SlotWitness b = owns({10, 19}, 2), c = owns({0, 9}, 7);
    c.leaving.add(9);
    b.coming.insert(9, "c");
    SlotCoverage coverage({SlotRange{0, 19}});
    coverage.take("b", b, b);
    coverage.endRound();
    const QHash<QByteArray, SlotWitness> now{{"b"_ba, b}, {"c"_ba, c}};
    QCOMPARE(nodesOf(coverage.next(now)), QByteArrayList({"c"_ba}));
    coverage.take("c", c, c);
    coverage.endRound();
    QCOMPARE(coverage.missing(), SlotSet({SlotRange{9, 9}}));
    QCOMPARE(nodesOf(coverage.next(now)), QByteArrayList({"b"_ba}));
}

void TestSlotCoverage::nobodyOwnsIt()
{
    SlotCoverage coverage({SlotRange{0, 9}});
    QVERIFY(coverage.next({}).isEmpty());
    QCOMPARE(coverage.missing().count(), 10);
}

void TestSlotCoverage::countFollowsTheTime()
{
    QCOMPARE(nextCount(1000, 0.5, 0.1, 5), 1000); // without network latency, 1000 is the largest useful count
    QCOMPARE(nextCount(1000, 8, 0.1, 5), 500);
    QCOMPARE(nextCount(100, 80, 0.1, 5), 100);
    QCOMPARE(nextCount(200, 0.5, 0.1, 5), 300);
    QCOMPARE(nextCount(1000, 41, 40, 5), 1500); // grows, because most of the time is network latency
    QCOMPARE(nextCount(10'000, 41, 40, 5), 10'000);
    QCOMPARE(nextCount(4000, 46, 40, 5), 2000);
}

void TestSlotCoverage::summaries()
{
    ScanProgress progress;
    progress.seen = 1'204'331;
    progress.expected = 1'310'000;
    for (const char *id : {"a", "b", "c"})
        progress.nodes.push_back({.id = id, .address = {}, .done = true});
    QCOMPARE(summaryOf(progress, {}), u"1,204,331 of ≈ 1,310,000 keys · 3 of 3 primaries"_s);
    progress.nodes[0].done = false;
    progress.nodes[0].replacedBy = "d"; // a node that was replaced no longer counts
    progress.missing = {SlotRange{5, 7}};
    QCOMPARE(summaryOf(progress, {.from = ScanRequest::From::Primaries, .pattern = "user:*"}),
             u"1,204,331 keys found among ≈ 1,310,000 · 2 of 2 primaries · slots not read: 5-7"_s);
}

SLOTSCOPE_TEST(TestSlotCoverage)
#include "tst_slotcoverage.moc"
