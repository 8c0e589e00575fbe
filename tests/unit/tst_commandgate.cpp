// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/base/errortext.h"
#include "core/session/commandgate.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestCommandGate final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sharedLink_data();
    void sharedLink();
    void readOnly_data();
    void readOnly();
    void readOnlyWithoutCommandData();
    void saysAWayOn();
};

void TestCommandGate::sharedLink_data()
{
    QTest::addColumn<bool>("allowed");
    const auto rows = [](bool allowed, std::initializer_list<const char *> lines) {
        for (const char *line : lines)
            QTest::newRow(line) << allowed;
    };
    rows(true,
         {"GET a", "BLPOP a 0", "CLIENT LIST", "CLIENT SETNAME reply", "SCRIPT EXISTS x", "PUBLISH c m",
          "XREAD BLOCK 0 STREAMS s $", "PING", "UNWATCH"});
    rows(false,
         {"SUBSCRIBE c", "psubscribe c*", "SSUBSCRIBE c", "UNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC ? -1",
          "client reply off", "MULTI", "EXEC", "DISCARD", "WATCH a", "SELECT 1", "RESET", "HELLO 3", "QUIT", "AUTH pw",
          "REPLCONF ACK 0", "SCRIPT DEBUG YES"});
}

void TestCommandGate::sharedLink()
{
    QFETCH(const bool, allowed);
    QCOMPARE(!sharedLinkRefusal(*parseCommandLine(QTest::currentDataTag())), allowed);
}

void TestCommandGate::readOnly_data()
{
    QTest::addColumn<bool>("allowed");
    const auto rows = [](bool allowed, std::initializer_list<const char *> lines) {
        for (const char *line : lines)
            QTest::newRow(line) << allowed;
    };
    rows(true,
         {"GET a", "hgetall h", "XRANGE s - +", "CLUSTER NODES", "cluster countkeysinslot 1", "INFO", "ROLE",
          "CONFIG GET *", "CLIENT LIST", "SLOWLOG GET 5", "MEMORY USAGE a", "OBJECT ENCODING a", "DBSIZE", "ACL WHOAMI",
          "EVAL_RO return 0", "PFCOUNT a"});
    rows(false,
         {"SET a b",
          "del a",
          "GETDEL a",
          "EVAL return 0",
          "FCALL f 0",
          "CONFIG SET a b",
          "FLUSHALL",
          "CLUSTER FAILOVER",
          "CLUSTER SETSLOT 1 STABLE",
          "CLUSTER FORGET a",
          "SHUTDOWN",
          "DEBUG SLEEP 1",
          "CLIENT KILL 1",
          "MIGRATE h 1 a 0 10",
          "SCRIPT FLUSH",
          "FUNCTION LOAD x",
          "KEYS *",
          "PUBLISH c m",
          "ACL SETUSER a",
          "SLOWLOG RESET",
          "CONFIG RESETSTAT",
          "REPLICAOF h 1",
          "NOSUCHCOMMAND",
          "SORT l",
          "LATENCY RESET",
          "CLIENT PAUSE 1",
          "MODULE LOAD x"});
}

void TestCommandGate::readOnly()
{
    QFETCH(const bool, allowed);
    for (const char *server : test::servers) {
        const auto table = CommandTable::parse(test::valueOf(test::captured(QByteArray(server) + "/command-2.resp")));
        QVERIFY2(table, server);
        const auto refused = readOnlyRefusal(*parseCommandLine(QTest::currentDataTag()), &*table);
        QVERIFY2(!refused == allowed, qPrintable(refused ? describe(*refused) : QString::fromLatin1(server)));
    }
}

void TestCommandGate::readOnlyWithoutCommandData()
{
    for (const char *line : {"GET a", "INFO", "CLUSTER NODES", "cluster slots", "PING"})
        QVERIFY2(!readOnlyRefusal(*parseCommandLine(line), nullptr), line);
    for (const char *line : {"SET a b", "HGETALL h", "CLUSTER FAILOVER", "CLUSTER", "EVAL x 0"})
        QVERIFY2(readOnlyRefusal(*parseCommandLine(line), nullptr), line);
    QVERIFY(readOnlyRefusal({"HGETALL", "h"}, nullptr)->detail.contains(u"COMMAND"_s));
    QVERIFY(readOnlyRefusal({}, nullptr));
}

void TestCommandGate::saysAWayOn()
{
    const auto shared = sharedLinkRefusal({"client", "reply", "secret"});
    QCOMPARE(shared->command, u"CLIENT REPLY"_s);
    QVERIFY(advice(*shared).contains(u"redis-cli"_s));
    const auto readOnly = readOnlyRefusal({"AUTH", "secret"}, nullptr);
    QVERIFY(!describe(*readOnly).contains(u"secret"_s));
    QVERIFY(advice(*readOnly).contains(u"readonly=1"_s));
}

SLOTSCOPE_TEST(TestCommandGate)
#include "tst_commandgate.moc"
