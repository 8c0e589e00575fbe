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
    void aReadingWay();
    void unlocked();
    void readOnlyWithoutCommandData();
    void asksInProduction_data();
    void asksInProduction();
    void saysAWayOn();
    void asksBeforeDataIsLost();
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
          "EVAL_RO return 0", "SORT_RO l", "FCALL_RO f 0"});
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
          "PFCOUNT a",
          "TOUCH a",
          "SPUBLISH c m",
          "SCRIPT LOAD x",
          "SCRIPT KILL",
          "MEMORY PURGE",
          "GETEX a",
          "BITFIELD a GET u8 0",
          "GEORADIUS a 0 0 1 m",
          "XREADGROUP GROUP g c STREAMS a >",
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

void TestCommandGate::aReadingWay()
{
    const auto table =
        CommandTable::parse(test::valueOf(test::captured(QByteArray(test::servers[0]) + "/command-2.resp")));
    QVERIFY(readOnlyRefusal({"SORT", "l"}, &*table)->detail.contains(u"SORT_RO"_s));
    QVERIFY(readOnlyRefusal({"EVAL", "x", "0"}, &*table)->detail.contains(u"EVAL_RO"_s));
    QVERIFY(!readOnlyRefusal({"SET", "a", "b"}, &*table)->detail.contains(u"_RO"_s));
}

void TestCommandGate::unlocked()
{
    const auto table =
        CommandTable::parse(test::valueOf(test::captured(QByteArray(test::servers[0]) + "/command-2.resp")));
    using Kind = GateVerdict::Kind;
    const auto verdict = [&table](const CommandGate &gate, const Command &command, bool unlocked) {
        return gate.judge(command, &*table, GateLink::Shared, unlocked).kind;
    };
    const CommandGate readOnly(true, EnvironmentKind::None), production(false, EnvironmentKind::Production),
        both(true, EnvironmentKind::Production);
    QCOMPARE(verdict(readOnly, {"SET", "a", "b"}, false), Kind::Refuse);
    QCOMPARE(verdict(readOnly, {"SET", "a", "b"}, true), Kind::Allow);
    // refused because it would change the state of a shared connection
    QCOMPARE(verdict(readOnly, {"MULTI"}, true), Kind::Refuse);
    QCOMPARE(verdict(production, {"SET", "a", "b"}, false), Kind::Ask);
    QCOMPARE(verdict(production, {"SET", "a", "b"}, true), Kind::Allow);
    QCOMPARE(verdict(production, {"FLUSHALL"}, true), Kind::AskForName); // the name is always asked for
    QCOMPARE(verdict(both, {"FLUSHALL"}, false), Kind::Refuse);
    QCOMPARE(verdict(both, {"FLUSHALL"}, true), Kind::AskForName);
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

/// Commands that destroy data ask for confirmation in every environment except development.
void TestCommandGate::asksBeforeDataIsLost()
{
    const CommandGate unmarked(false, EnvironmentKind::None), staging(false, EnvironmentKind::Staging),
        development(false, EnvironmentKind::Development);
    for (const char *line :
         {"flushall", "FLUSHDB ASYNC", "SHUTDOWN NOSAVE", "SWAPDB 0 1", "CLUSTER RESET HARD", "cluster flushslots",
          "REPLICAOF a 1", "FUNCTION FLUSH", "CLUSTER DELSLOTS 0", "CLUSTER DELSLOTSRANGE 0 9", "CLUSTER FORGET a",
          "CLUSTER SETSLOT 1 NODE a", "CLIENT PAUSE 1000"}) {
        const Command command = *parseCommandLine(line);
        QCOMPARE(int(unmarked.judge(command, nullptr, GateLink::Own).kind), int(GateVerdict::Kind::Ask));
        QCOMPARE(int(staging.judge(command, nullptr).kind), int(GateVerdict::Kind::Ask));
        QCOMPARE(int(development.judge(command, nullptr).kind), int(GateVerdict::Kind::Allow));
    }
    for (const char *line : {"DEL a", "KEYS *", "CLUSTER FAILOVER TAKEOVER", "CONFIG SET a b", "FUNCTION LIST",
                             "CLIENT LIST", "CLUSTER SLOTS"})
        QCOMPARE(int(unmarked.judge(*parseCommandLine(line), nullptr).kind), int(GateVerdict::Kind::Allow));
}

void TestCommandGate::asksInProduction_data()
{
    QTest::addColumn<int>("kind");
    const auto rows = [](GateVerdict::Kind kind, std::initializer_list<const char *> lines) {
        for (const char *line : lines)
            QTest::newRow(line) << int(kind);
    };
    rows(GateVerdict::Kind::Allow, {"GET a", "INFO", "CLUSTER NODES", "CONFIG GET *", "SCAN 0"});
    rows(GateVerdict::Kind::Ask,
         {"SET a b", "EVAL x 0", "CONFIG SET a b", "CLUSTER FAILOVER", "NOSUCHCOMMAND", "CLIENT KILL 1", "DEL a"});
    rows(GateVerdict::Kind::AskForName,
         {"FLUSHALL", "flushdb async", "KEYS *", "DEBUG SLEEP 1", "SHUTDOWN", "CLUSTER RESET HARD",
          "CLUSTER FAILOVER TAKEOVER", "SCRIPT FLUSH", "REPLICAOF NO ONE"});
    rows(GateVerdict::Kind::Refuse, {"MULTI", "SUBSCRIBE c"});
}

void TestCommandGate::asksInProduction()
{
    QFETCH(const int, kind);
    const Command command = *parseCommandLine(QTest::currentDataTag());
    const CommandGate production(false, EnvironmentKind::Production);
    for (const char *server : test::servers) {
        const auto table = CommandTable::parse(test::valueOf(test::captured(QByteArray(server) + "/command-2.resp")));
        QVERIFY2(table, server);
        const GateVerdict verdict = production.judge(command, &*table);
        QCOMPARE(int(verdict.kind), kind);
        QCOMPARE(verdict.isAllowedWith(UserConsent::None), verdict.kind == GateVerdict::Kind::Allow);
        QCOMPARE(verdict.isAllowedWith(UserConsent::NameTyped), verdict.kind != GateVerdict::Kind::Refuse);
        QVERIFY(verdict.isAllowedWith(UserConsent::Given) == (kind <= int(GateVerdict::Kind::Ask)));
        // Without an environment the gate refuses only commands that do not fit a shared connection. A read-only gate
        // is never less strict than that of production.
        const CommandGate unmarked(false, EnvironmentKind::None), readOnly(true, EnvironmentKind::Production);
        QCOMPARE(unmarked.judge(command, &*table).kind == GateVerdict::Kind::Refuse,
                 verdict.kind == GateVerdict::Kind::Refuse);
        QVERIFY(readOnly.judge(command, &*table).kind >= verdict.kind);
    }
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
