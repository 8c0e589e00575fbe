// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/command.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestCommand final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void quotesBack();
    void encodes();
    void names_data();
    void names();
    void findsSecrets_data();
    void findsSecrets();
};

void TestCommand::findsSecrets_data()
{
    QTest::addColumn<QByteArrayList>("command");
    QTest::addColumn<QByteArrayList>("secrets");
    const auto row = [](const QByteArrayList &command, const QByteArrayList &secrets) {
        QTest::addRow("%s", command.join(' ').constData()) << command << secrets;
    };
    row({"AUTH", "pw"}, {"pw"});
    row({"auth", "user", "pw"}, {"pw"});
    row({"AUTH"}, {});
    row({"HELLO", "3", "AUTH", "user", "pw", "SETNAME", "x"}, {"pw"});
    row({"HELLO", "3", "AUTH"}, {});
    row({"MIGRATE", "h", "1", "", "0", "9", "AUTH", "pw", "KEYS", "AUTH", "key"}, {"pw"});
    row({"MIGRATE", "h", "1", "k", "0", "9", "AUTH2", "user", "pw"}, {"pw"});
    row({"CONFIG", "SET", "maxmemory", "1", "RequirePass", "pw", "tls-key-file-pass", "pw2"}, {"pw", "pw2"});
    row({"CONFIG", "GET", "requirepass"}, {});
    row({"ACL", "SETUSER", "user", "on", ">pw", "<old", "~*"}, {"pw", "old"});
    row({"AUTH", "my", "pass", "word"}, {"my", "pass", "word"});
    row({"CONFIG", "STE", "requirepass", "pw"}, {"pw"}); // a mistyped subcommand
    // a missing value makes names and values change places
    row({"CONFIG", "SET", "maxmemory", "requirepass", "pw"}, {"pw"});
    row({"CONFIG", "SET", "requirepass", "pw", "maxmemory", "100mb"}, {"pw"});
    row({"CONFIG", "SET", "requirepass", "p", "w"}, {"p", "w"});
    row({"SENTINEL", "SET", "m", "rename-command", "CONFIG", "x", "auth-pass", "pw"}, {"pw"});
    row({"SENTINEL", "CONFIG", "SET", "sentinel-pass", "pw"}, {"pw"});
    row({"SENTINEL", "CONFIG", "GET", "sentinel-pass"}, {});
    row({"ACL", "SETUSR", "user", ">pw"}, {"pw"});
    row({"ACL", "SETUSER", "user", "on >pw"}, {"pw", "on >pw"});
    row({"ACL", "SETUSER", "user", "#0badc0de"}, {"0badc0de"});
    row({"ACL", "DRYRUN", "user", "CONFIG", "SET", "requirepass", "pw"}, {"pw"});
    row({"ACL", "DELUSER", "user"}, {});
    row({"COMMAND", "GETKEYS", "MIGRATE", "h", "1", "k", "0", "9", "AUTH", "pw"}, {"pw"});
    row({"MIGRATE", "h", "1", "keys", "0", "9", "AUTH", "pw"}, {"pw"});
    row({"MIGRATE", "h", "1", "AUTH", "0", "9", "COPY"}, {});
    row({"MODULE", "LOADEX", "m.so", "CONFIG", "m.password", "pw"}, {"pw"});
    row({"SET", "AUTH", "pw"}, {});
    row({}, {});
}

void TestCommand::findsSecrets()
{
    QFETCH(const QByteArrayList, command);
    QTEST(secretsIn(command), "secrets");
}

void TestCommand::parses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArrayList>("arguments");
    QTest::newRow("empty") << "  \t "_ba << QByteArrayList{};
    QTest::newRow("words") << " GET  a "_ba << QByteArrayList{"GET", "a"};
    QTest::newRow("escapes") << R"("\x00\xfF\n\r\t\b\a\\\"\q")"_ba << QByteArrayList{"\0\xff\n\r\t\b\a\\\"q"_ba};
    QTest::newRow("half an escape") << R"("\x0g")"_ba << QByteArrayList{"x0g"};
    QTest::newRow("single quotes") << R"('it\'s \n')"_ba << QByteArrayList{"it's \\n"};
    QTest::newRow("quote inside a word") << R"(a"b c")"_ba << QByteArrayList{"ab c"};
    QTest::newRow("empty argument") << R"(SET "" '')"_ba << QByteArrayList{"SET", "", ""};
    QTest::newRow("bytes") << "a\xff\x01"_ba << QByteArrayList{"a\xff\x01"};
}

void TestCommand::parses()
{
    QFETCH(const QByteArray, line);
    const auto command = parseCommandLine(line);
    QVERIFY2(command, "refused");
    QTEST(QByteArrayList(*command), "arguments");
}

void TestCommand::refuses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("open") << R"(GET "a)"_ba;
    QTest::newRow("open single") << "GET 'a"_ba;
    QTest::newRow("text after") << R"("a"b)"_ba;
    QTest::newRow("backslash at the end") << R"("a\)"_ba;
}

void TestCommand::refuses()
{
    QFETCH(const QByteArray, line);
    const auto command = parseCommandLine(line);
    QVERIFY(!command);
    QCOMPARE(command.error().code, Error::Code::Parse);
    QVERIFY(command.error().detail.contains(u'a'));
}

void TestCommand::quotesBack()
{
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all.append(char(i));
    for (const QByteArray &bytes : {all, ""_ba, "plain"_ba, "it's"_ba, "a\\"_ba}) {
        const auto back = parseCommandLine(quoted(bytes));
        QVERIFY(back);
        QCOMPARE(QByteArrayList(*back), QByteArrayList{bytes});
    }
    QCOMPARE(quoted("plain"), "plain"_ba);
}

void TestCommand::encodes()
{
    QByteArray out = "x"_ba;
    appendEncoded({"SET", "a\0b"_ba, ""}, out);
    QCOMPARE(out, "x*3\r\n$3\r\nSET\r\n$3\r\na\0b\r\n$0\r\n\r\n"_ba);
}

void TestCommand::names_data()
{
    QTest::addColumn<QByteArrayList>("command");
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << QByteArrayList{"get", "secret"} << u"GET"_s;
    QTest::newRow("container") << QByteArrayList{"cluster", "nodes", "x"} << u"CLUSTER NODES"_s;
    QTest::newRow("no subcommand's name") << QByteArrayList{"config", "s3cret"} << u"CONFIG"_s;
    QTest::newRow("empty") << QByteArrayList{} << u""_s;
}

void TestCommand::names()
{
    QFETCH(const QByteArrayList, command);
    QTEST(commandName(command), "name");
}

SLOTSCOPE_TEST(TestCommand)
#include "tst_command.moc"
