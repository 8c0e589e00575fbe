// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/cluster/clusterinfo.h"
#include "core/cluster/serverinfo.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestServerInfo final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsCaptured_data();
    void readsCaptured();
    void readsRows();
    void refuses();
    void readsClusterInfo();
    void refusesClusterInfo_data();
    void refusesClusterInfo();
};

void TestServerInfo::readsCaptured_data()
{
    QTest::addColumn<QByteArray>("server");
    for (const char *server : test::servers)
        QTest::newRow(server) << QByteArray(server);
}

void TestServerInfo::readsCaptured()
{
    QFETCH(const QByteArray, server);
    const auto info = parseServerInfo(test::captured(server + "/info.txt"));
    QVERIFY(info);
    QCOMPARE(info->product, server.left(server.indexOf('-')));
    QVERIFY2(info->version.startsWith(server.mid(server.indexOf('-') + 1)), info->version.constData());
    QCOMPARE(info->mode, "cluster"_ba);
    QCOMPARE(info->role, "master"_ba);
    QCOMPARE(info->replicas.size(), 1);
    QCOMPARE(info->keys, 0);
    QVERIFY(info->usedMemory > 100000 && info->primaryOffset && info->fragmentation && !info->primaryLinkUp);
    const auto replica = parseServerInfo(test::captured(server + "/info-replica.txt"));
    QVERIFY(replica);
    QCOMPARE(replica->role, "slave"_ba);
    QCOMPARE(replica->primaryHost, u"127.0.0.1"_s);
    QVERIFY(replica->primaryLinkUp == true && replica->replicaOffset);
    const auto cluster = parseClusterInfo(test::captured(server + "/info-cluster.txt"));
    QVERIFY(cluster);
    QVERIFY(cluster->stateOk);
    QCOMPARE(cluster->slotsAssigned, 16384);
    QCOMPARE(cluster->knownNodes, 6);
    for (const char *protocol : {"2", "3"}) {
        const auto links = parseClusterLinks(test::valueOf(test::captured(server + "/links-" + protocol + ".resp")));
        QVERIFY(links);
        QCOMPARE(links->size(), 10);
        QVERIFY(links->constFirst().createdAt > 0);
    }
}

void TestServerInfo::readsRows()
{
    const auto info = parseServerInfo("# "
                                      "Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=0\r\ndb5:keys=4,expires=0\r\nslave0:ip="
                                      "::1,port=7001,state=online,offset=14,lag=1\r\nused_memory:x\r\n");
    QVERIFY(info);
    QCOMPARE(info->keys, 7);
    QCOMPARE(info->expiringKeys, 1);
    QCOMPARE(info->replicas.constFirst().host, u"::1"_s);
    QCOMPARE(info->replicas.constFirst().offset, 14);
    QVERIFY(!info->usedMemory && info->role.isEmpty());
}

void TestServerInfo::refuses()
{
    QVERIFY(!parseServerInfo(""));
    QVERIFY(!parseServerInfo("# Server\r\n"));
    const auto info = parseServerInfo("rubbish");
    QVERIFY(!info && info.error().detail.contains(u"rubbish"_s));
}

void TestServerInfo::readsClusterInfo()
{
    const auto info = parseClusterInfo(
        "cluster_state:fail\ncluster_slots_pfail:3\ncluster_my_epoch:18446744073709551615\nnew_thing:x\n");
    QVERIFY(info);
    QVERIFY(!info->stateOk);
    QCOMPARE(info->slotsMaybeFailed, 3);
    QCOMPARE(info->myEpoch, ~quint64(0));
    QVERIFY(info->digest() != ClusterInfo().digest());
}

void TestServerInfo::refusesClusterInfo_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "cluster_size:3", "cluster_state:maybe", "cluster_state:ok\ncluster_size:-1",
                             "cluster_state:ok\ncluster_size:9999999999", "cluster_state:ok\nrubbish"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void TestServerInfo::refusesClusterInfo()
{
    QFETCH(const QByteArray, text);
    const auto info = parseClusterInfo(text);
    QVERIFY(!info && info.error().code == Error::Code::Parse);
}

SLOTSCOPE_TEST(TestServerInfo)
#include "tst_serverinfo.moc"
