// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/cluster/clusterinfo.h"
#include "core/cluster/shardstable.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestShardsTable final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsCaptured_data();
    void readsCaptured();
    void readsOldRows();
    void refuses_data();
    void refuses();
};

void TestShardsTable::readsCaptured_data()
{
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<QByteArray>("protocol");
    for (const char *server : test::servers) {
        for (const char *protocol : {"2", "3"})
            QTest::newRow((QByteArray(server) + " RESP" + protocol).constData())
                << QByteArray(server) << QByteArray(protocol);
    }
}

void TestShardsTable::readsCaptured()
{
    QFETCH(const QByteArray, server);
    QFETCH(const QByteArray, protocol);
    const auto rows = parseClusterSlots(test::valueOf(test::captured(server + "/slots-" + protocol + ".resp")));
    QVERIFY(rows);
    SlotSet covered;
    for (const SlotsRow &row : *rows) {
        covered.add(row.range);
        QVERIFY(!row.nodes.isEmpty() && row.nodes.constFirst().endpoint == u"127.0.0.1"_s
                && row.nodes.constFirst().id.size() == 40);
    }
    QCOMPARE(covered, SlotSet::all());
    const auto shards = parseClusterShards(test::valueOf(test::captured(server + "/shards-" + protocol + ".resp")));
    QVERIFY2(shards, shards ? "" : qPrintable(shards.error().detail));
    QCOMPARE(shards->size(), 3);
    SlotSet all;
    for (const ShardEntry &shard : *shards) {
        all = all.united(shard.slots);
        QCOMPARE(shard.nodes.size(), 2);
        QVERIFY(shard.nodes[0].primary != shard.nodes[1].primary && shard.nodes[0].port > 0);
    }
    QCOMPARE(all, SlotSet::all());
}

void TestShardsTable::readsOldRows()
{
    const auto rows = parseClusterSlots(
        test::valueOf("*2\r\n*3\r\n:0\r\n:5\r\n*2\r\n$0\r\n\r\n:7000\r\n*3\r\n:6\r\n:7\r\n*3\r\n_\r\n:1\r\n+id\r\n"));
    QVERIFY(rows);
    QCOMPARE(rows->at(0).nodes.at(0).endpoint, u""_s);
    QCOMPARE(rows->at(0).nodes.at(0).id, ""_ba);
    QCOMPARE(rows->at(1).nodes.at(0).id, "id"_ba);
}

void TestShardsTable::refuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("no list") << "+OK\r\n"_ba;
    QTest::newRow("no row") << "*1\r\n:1\r\n"_ba;
    QTest::newRow("slot too great") << "*1\r\n*2\r\n:0\r\n:16384\r\n"_ba;
    QTest::newRow("turned round") << "*1\r\n*3\r\n:5\r\n:4\r\n*2\r\n+a\r\n:1\r\n"_ba;
    QTest::newRow("port too great") << "*1\r\n*3\r\n:4\r\n:5\r\n*2\r\n+a\r\n:65536\r\n"_ba;
}

void TestShardsTable::refuses()
{
    QFETCH(const QByteArray, wire);
    QVERIFY(!parseClusterSlots(test::valueOf(wire)));
    QVERIFY(!parseClusterShards(test::valueOf(wire)));
    QVERIFY(!parseClusterLinks(test::valueOf(wire)));
}

SLOTSCOPE_TEST(TestShardsTable)
#include "tst_shardstable.moc"
