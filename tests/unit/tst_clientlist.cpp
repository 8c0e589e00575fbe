// SPDX-License-Identifier: GPL-3.0-or-later
// CLIENT LIST in every form that servers write.
#include "captured.h"
#include "core/clients/clientlist.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestClientList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void realServers_data();
    void realServers();
    void addresses_data();
    void addresses();
    void everyLineIsARow();
    void refuses_data();
    void refuses();
};

void TestClientList::realServers_data()
{
    QTest::addColumn<QByteArray>("server");
    for (const char *server : servers)
        QTest::addRow("%s", server) << QByteArray(server);
}

void TestClientList::realServers()
{
    QFETCH(const QByteArray, server);
    const auto clients = parseClientList(captured(server + "/client-list.txt"));
    QVERIFY(clients);
    QCOMPARE(clients->size(), size_t(2));
    const ClientLine &subscriber = clients->front();
    QCOMPARE(clientHost(subscriber.address), "::1"_ba);
    QCOMPARE(subscriber.channels, qint64(2));
    QCOMPARE(subscriber.command, "subscribe"_ba);
    QVERIFY(subscriber.hasFlag('P') && !subscriber.isServer());
    QCOMPARE(subscriber.user, "default"_ba);
    QVERIFY(subscriber.memory && *subscriber.memory > 1000);
    QCOMPARE(subscriber.queued, qint64(-1));
    QVERIFY(libraryOf(subscriber).isEmpty()); // the field has no value, or is missing on older servers
    QVERIFY(subscriber.others.contains(std::pair("resp"_ba, "2"_ba)));
    const bool hasTotals = server.startsWith("valkey");
    QCOMPARE(std::any_of(subscriber.others.begin(), subscriber.others.end(),
                         [](const auto &field) { return field.first == "tot-net-in"; }),
             hasTotals);
    QCOMPARE(clients->back().command, "client|list"_ba);
    QCOMPARE(clientHost(clients->back().address), "127.0.0.1"_ba);
}

void TestClientList::addresses_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isSocket");
    QTest::addRow("IPv4") << "10.0.0.1:4711"_ba
                          << "10.0.0.1"_ba << false;
    QTest::addRow("IPv6") << "[::1]:53152"_ba
                          << "::1"_ba << false;
    QTest::addRow("IPv6 without brackets") << "fe80::2:4711"_ba
                                           << "fe80::2"_ba << false;
    QTest::addRow("socket") << "/run/r.sock:0"_ba
                            << "/run/r.sock"_ba << true;
    QTest::addRow("socket of Valkey 9.1") << "[/run/r.sock:0]:0"_ba
                                          << "/run/r.sock"_ba << true;
    QTest::addRow("socket with a blank") << "/run/my r.sock:0"_ba
                                         << "/run/my r.sock"_ba << true;
    QTest::addRow("no port") << "host"_ba
                             << "host"_ba << false;
    QTest::addRow("none") << ""_ba
                          << ""_ba << true;
}

void TestClientList::addresses()
{
    QFETCH(const QByteArray, address);
    QFETCH(const QByteArray, host);
    QFETCH(const bool, isSocket);
    QCOMPARE(clientHost(address), host);
    QCOMPARE(isSocketAddress(address), isSocket);
    const auto clients = parseClientList("id=7 addr=" + address + " fd=8 name= age=0\n");
    QVERIFY(clients && clients->size() == 1);
    QCOMPARE(clients->front().address, address);
    QVERIFY(clients->front().name.isEmpty());
}

/// Each line of CLIENT LIST becomes one row without losing a field.
void TestClientList::everyLineIsARow()
{
    const QByteArray text =
        "id=3 addr=127.0.0.1:5000 name=a b=c user=x flags=N cmd=get lib-name=redis-py lib-ver=5.2.1\r\n"
        "id=4 addr=[::1]:53152 name= flags=M cmd=NULL io-thread=3 capa=r\n"
        "\n"
        "id=5 addr=/run/r.sock:0 name=\xff\xfe flags=xb multi=2 sub=1 psub=2 ssub=3 omem=4096\n"
        "id=6 addr=[/run/r.sock:0]:0 name=slotscope tot-mem=99999999999 age=x\n"
        "id=9223372036854775807 addr=::1:6 name=z";
    const auto clients = parseClientList(text);
    QVERIFY(clients);
    QCOMPARE(clients->size(), size_t(5));
    const std::vector<ClientLine> &rows = *clients;
    QCOMPARE(libraryOf(rows[0]), "redis-py 5.2.1"_ba);
    QCOMPARE(rows[0].others, (QList<std::pair<QByteArray, QByteArray>>{{"b", "c"}}));
    QVERIFY(!rows[0].age && !rows[0].memory);
    QVERIFY(rows[1].isServer());
    QCOMPARE(rows[1].others, (QList<std::pair<QByteArray, QByteArray>>{{"io-thread", "3"}, {"capa", "r"}}));
    QCOMPARE(rows[2].channels, qint64(6));
    QCOMPARE(rows[2].queued, qint64(2));
    QCOMPARE(rows[2].replyBytes, qint64(4096));
    QVERIFY(rows[2].hasFlag('b'));
    QCOMPARE(rows[2].name, "\xff\xfe"_ba);
    QVERIFY(rows[3].isOurs());
    QCOMPARE(rows[3].memory, std::optional<qint64>(99'999'999'999));
    QVERIFY(!rows[3].age); // a value that is no number is kept as text and not taken for 0
    QVERIFY(rows[3].others.contains(std::pair("age"_ba, "x"_ba)));
    QCOMPARE(rows[4].id, std::numeric_limits<qint64>::max());
    QVERIFY(parseClientList("")->empty());
}

void TestClientList::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("no fields") << "OK"_ba;
    QTest::addRow("no id") << "addr=1.2.3.4:5 name=x"_ba;
    QTest::addRow("id is no number") << "id=x addr=1.2.3.4:5"_ba;
    QTest::addRow("second line") << "id=1 addr=1.2.3.4:5\nwhat"_ba;
}

void TestClientList::refuses()
{
    QFETCH(const QByteArray, text);
    const auto clients = parseClientList(text);
    QVERIFY(!clients);
    QCOMPARE(clients.error().code, Error::Code::Parse);
}

SLOTSCOPE_TEST(TestClientList)
#include "tst_clientlist.moc"
