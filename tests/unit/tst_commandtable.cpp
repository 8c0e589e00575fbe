// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"
#include "tests/unit/captured.h"

#include "core/cluster/commandtable.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestCommandTable final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsKeys_data();
    void findsKeys();
    void readsOldTables();
    void refuses();
};

void TestCommandTable::findsKeys_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("keys");
    const auto row = [](const char *line, const char *keys) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(keys);
    };
    row("GET a", "a");
    row("mset a 1 b 2", "a b");
    row("DEL a b c", "a b c");
    row("PING", "");
    row("EVAL script 2 a b c", "a b");
    row("EVAL script 0 a", "");
    row("EVAL script 99 a", "");
    row("EVAL script x a", "");
    row("XREAD COUNT 2 STREAMS s t 0 0", "s t");
    row("XREADGROUP GROUP g c STREAMS s >", "s");
    row("MIGRATE h 1 a 0 10", "a");
    row("MIGRATE h 1 \"\" 0 10 KEYS a b", "a b");
    row("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "d a b");
    row("ZUNION 2 a b", "a b");
    row("SORT l BY w STORE d", "l d");
    row("SORT l", "l");
    row("GEORADIUS g 1 2 3 km STORE d", "g d");
    row("OBJECT ENCODING a", "a");
    row("MEMORY USAGE a", "a");
    row("CLUSTER COUNTKEYSINSLOT 5", "");
    row("CLUSTER KEYSLOT a", "");
    row("XGROUP CREATE s g 0", "s");
    row("BLPOP a b 0", "a b");
    row("GET", "");
}

void TestCommandTable::findsKeys()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, keys);
    for (const char *server : test::servers) {
        const auto table = CommandTable::parse(test::valueOf(test::captured(QByteArray(server) + "/command-2.resp")));
        QVERIFY2(table, server);
        const auto found = table->keysOf(*parseCommandLine(line));
        QVERIFY2(found, server);
        QCOMPARE(found->join(' '), keys);
    }
}

void TestCommandTable::readsOldTables()
{
    const auto table = CommandTable::parse(
        test::valueOf("*3\r\n*6\r\n+EVAL\r\n:-3\r\n*1\r\n+movablekeys\r\n:0\r\n:0\r\n:0\r\n*6\r\n+get\r\n:2\r\n*1\r\n+"
                      "readonly\r\n:1\r\n:1\r\n:1\r\n*6\r\n+memory\r\n:-2\r\n*0\r\n:0\r\n:0\r\n:0\r\n"));
    QVERIFY(table);
    QCOMPARE(*table->keysOf({"eval", "s", "1", "a"}), QByteArrayList{"a"});
    QCOMPARE(*table->keysOf({"GET", "a"}), QByteArrayList{"a"});
    QCOMPARE(*table->keysOf({"MEMORY", "USAGE", "a"}), QByteArrayList{"a"});
    QCOMPARE(*table->keysOf({"MEMORY", "DOCTOR"}), QByteArrayList{});
    QVERIFY(table->find({"get"})->hasFlag("readonly"));
    QCOMPARE(table->keysOf({"nothing"}).error().code, Error::Code::InvalidArgument);
    QVERIFY(!table->keysOf({}));
}

void TestCommandTable::refuses()
{
    for (const char *wire : {"+OK\r\n", "*0\r\n", "*1\r\n:1\r\n", "*1\r\n*6\r\n+get\r\n+x\r\n*0\r\n:1\r\n:1\r\n:1\r\n"})
        QVERIFY2(!CommandTable::parse(test::valueOf(wire)), wire);
}

SLOTSCOPE_TEST(TestCommandTable)
#include "tst_commandtable.moc"
