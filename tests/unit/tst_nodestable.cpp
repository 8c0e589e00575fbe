// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/cluster/nodestable.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestNodesTable final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addresses_data();
    void addresses();
    void flags_data();
    void flags();
    void refuses_data();
    void refuses();
    void readsAroundOddLines();
    void readsOpenSlots();
    void readsCaptured_data();
    void readsCaptured();
    void digests();
    void thousandNodes();
};

void TestNodesTable::addresses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<int>("busPort");
    QTest::addColumn<QString>("hostname");
    QTest::newRow("usual") << "10.0.0.1:7000@17000"_ba << u"10.0.0.1:7000"_s << 17000 << u""_s;
    QTest::newRow("before 4.0") << "10.0.0.1:7000"_ba << u"10.0.0.1:7000"_s << 0 << u""_s;
    QTest::newRow("ipv6") << "fe80::1:7000@17000"_ba << u"[fe80::1]:7000"_s << 17000 << u""_s;
    QTest::newRow("host name") << "10.0.0.1:7000@17000,a.example"_ba << u"10.0.0.1:7000"_s << 17000 << u"a.example"_s;
    QTest::newRow("parts of nodes.conf") << "10.0.0.1:7000@17000,,tls-port=0,shard-id=ff"_ba << u"10.0.0.1:7000"_s
                                         << 17000 << u""_s;
    QTest::newRow("shard id first") << "10.0.0.1:7000@17000,shard-id=ff"_ba << u"10.0.0.1:7000"_s << 17000 << u""_s;
    QTest::newRow("fresh: no ip") << ":7807@17807"_ba << u":7807"_s << 17807 << u""_s;
    QTest::newRow("no address was given") << ":0@0"_ba << u":0"_s << 0 << u""_s;
}

void TestNodesTable::addresses()
{
    QFETCH(const QByteArray, text);
    const auto table = parseClusterNodes("ab " + text + " master - 0 0 1 connected 0-5");
    QVERIFY2(table, table ? "" : qPrintable(table.error().detail));
    const AnnouncedAddress &address = table->lines.front().address;
    QTEST(address.toString(), "shown");
    QTEST(int(address.busPort), "busPort");
    QTEST(address.hostname, "hostname");
}

void TestNodesTable::flags_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("flags");
    const auto row = [](const char *text, NodeFlags flags) {
        QTest::newRow(text) << QByteArray(text) << int(flags.toInt());
    };
    row("myself,master", NodeFlag::Myself | NodeFlag::Primary);
    row("slave,fail?", NodeFlag::Replica | NodeFlag::MaybeFailed);
    row("slave,fail", NodeFlag::Replica | NodeFlag::Failed);
    row("master,fail?,nofailover", NodeFlag::Primary | NodeFlag::MaybeFailed | NodeFlag::NoFailover);
    row("primary", NodeFlag::Primary);
    row("replica", NodeFlag::Replica);
    row("handshake", NodeFlag::Handshake);
    row("master,noaddr", NodeFlag::Primary | NodeFlag::NoAddress);
    row("noflags", {});
    row("master,somethingnew", NodeFlag::Primary);
}

void TestNodesTable::flags()
{
    QFETCH(const QByteArray, text);
    const auto table = parseClusterNodes("ab h:1@2 " + text + " - 0 0 1 disconnected\r\n");
    QVERIFY(table);
    QTEST(int(table->lines.front().flags.toInt()), "flags");
}

void TestNodesTable::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "\n",
                             "x",
                             "ab",
                             "ab h:1@2",
                             "a! h:1 master - 0 0 1 connected",
                             "ab h master - 0 0 1 connected",
                             "ab h:70000 master - 0 0 1 connected",
                             "ab h:1@x master - 0 0 1 connected",
                             "ab h:1 master,slave - 0 0 1 connected",
                             "ab h:1 master ! 0 0 1 connected",
                             "ab h:1 master - x 0 1 connected",
                             "ab h:1 master - 0 0 -1 connected",
                             "ab h:1 master - 0 0 99999999999999999999 connected",
                             "ab h:1 master - 0 0 1 maybe",
                             "ab h:1 master - 0 0 1 connected 16384",
                             "ab h:1 master - 0 0 1 connected 5-3",
                             "ab h:1 master - 0 0 1 connected [5->-]",
                             "ab h:1 master - 0 0 1 connected [5-x-ab]",
                             "ab h:1 myself,master - 0 0 1 connected\ncd h:2 myself,master - 0 0 1 connected",
                             "ERR unknown command"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void TestNodesTable::refuses()
{
    QFETCH(const QByteArray, text);
    const auto table = parseClusterNodes(text);
    QVERIFY(!table);
    QCOMPARE(table.error().code, Error::Code::Parse);
    const QString last = QString::fromLatin1(text).section(u'\n', -1);
    QVERIFY2(table.error().detail.contains(last), qPrintable(table.error().detail));
}

void TestNodesTable::readsAroundOddLines()
{
    const auto table = parseClusterNodes("ab 10.0.0.1:1@2 myself,master - 0 0 1 connected 0-5\n"
                                         "<html>\n"
                                         "cd ho st:7000@17000 master - 0 0 2 connected 6-9\n"
                                         "ef h\xc3\xb6st:7001@17001 slave ab 0 0 1 connected\n"
                                         "12 10.0.0.4:7002@17002 master,fail - 0 0 x connected\n");
    QVERIFY(table);
    QCOMPARE(table->lines.size(), size_t(3));
    QVERIFY(!table->lines[0].address.isOdd);
    QVERIFY(table->lines[1].address.isOdd);
    QCOMPARE(table->lines[1].address.port, quint16(7000));
    QCOMPARE(table->lines[1].slots.toString(), u"6-9"_s);
    QVERIFY(table->lines[2].address.isOdd);
    QCOMPARE(table->lines[2].primaryId, "ab"_ba);
    QCOMPARE(table->unreadable.size(), 2);
    QVERIFY(table->unreadable[0].contains(u"<html>"_s) && table->unreadable[1].contains(u"10.0.0.4"_s));
}

void TestNodesTable::readsOpenSlots()
{
    const auto table = parseClusterNodes("ab h:1@2 myself,master - 0 0 1 connected 0-5 7 [5->-cd] [9-<-ef]");
    QVERIFY(table);
    const NodeLine &line = *table->self();
    QCOMPARE(line.slots.toString(), u"0-5 7"_s);
    QCOMPARE(line.openSlots, (QList<OpenSlot>{{5, true, "cd"}, {9, false, "ef"}}));
}

void TestNodesTable::readsCaptured_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("covered");
    for (const char *server : test::servers) {
        for (const char *file : {"nodes", "nodes-importing", "nodes-maybe-failed", "nodes-failed"}) {
            const QByteArray name = QByteArray(server) + '/' + file + ".txt";
            QTest::newRow(name.constData()) << name << slotCount;
        }
    }
}

void TestNodesTable::readsCaptured()
{
    QFETCH(const QByteArray, file);
    const auto table = parseClusterNodes(test::captured(file));
    QVERIFY2(table, table ? "" : qPrintable(table.error().detail));
    QCOMPARE(table->lines.size(), size_t(6));
    QVERIFY(table->self());
    SlotSet covered;
    for (const NodeLine &line : table->lines)
        covered = covered.united(line.slots);
    QTEST(covered.count(), "covered");
    if (file.contains("failed"))
        QVERIFY(!table->notable.isEmpty());
    QCOMPARE(table->self()->openSlots.size(), 1);
}

void TestNodesTable::digests()
{
    const auto digest = [](const QByteArray &text) { return parseClusterNodes(text)->digest; };
    const QByteArray a = "ab 10.0.0.1:1@2 myself,master - 0 0 1 connected 0-5 [5->-cd]\n";
    const QByteArray b = "cd 10.0.0.2:1@2 slave ab 0 0 1 connected\n";
    const size_t agreed = digest(a + b);
    QCOMPARE(digest("cd 10.0.0.2:1@9,X slave ab 7 8 3 disconnected\nab 10.0.0.1:1@2 master - 5 6 1 connected 0-5\n"),
             agreed);
    QCOMPARE(digest(a + b + "ffff 10.0.0.3:1@2 handshake - 0 0 0 connected\n"), agreed);
    QVERIFY(digest(a + "cd 10.0.0.2:1@2 slave,fail? ab 0 0 1 connected\n") != agreed);
    QVERIFY(digest(a + "cd 10.0.0.2:2@2 slave ab 0 0 1 connected\n") != agreed);
    QVERIFY(digest(a + "cd 10.0.0.2:1@2 master - 0 0 1 connected\n") != agreed);
    QVERIFY(digest("ab 10.0.0.1:1@2 master - 0 0 2 connected 0-5\n" + b) != agreed);
    QVERIFY(digest("ab 10.0.0.1:1@2 master - 0 0 1 connected 0-4\n" + b) != agreed);
}

void TestNodesTable::thousandNodes()
{
    QByteArray text;
    for (int i = 0; i < 1000; ++i) {
        text += QByteArray::number(i).rightJustified(40, 'a') + " 10.0." + QByteArray::number(i / 250) + '.'
            + QByteArray::number(i % 250) + ":6379@16379 " + (i ? "" : "myself,") + "master - 0 1700000000000 "
            + QByteArray::number(i) + " connected " + QByteArray::number(i * 16) + '-' + QByteArray::number(i * 16 + 15)
            + '\n';
    }
    QBENCHMARK
    {
        const auto table = parseClusterNodes(text);
        QVERIFY(table && table->lines.size() == 1000);
    }
}

SLOTSCOPE_TEST(TestNodesTable)
#include "tst_nodestable.moc"
