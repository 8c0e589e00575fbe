// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of MONITOR, and what they add up to.
#include "core/profiler/profilebook.h"
#include "core/profiler/profilewords.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestProfile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lines_data();
    void lines();
    void oddLines_data();
    void oddLines();
    void quotesThatAreNotEscaped();
    void longArgumentsAreCut();
    void secretsAreBlotted_data();
    void secretsAreBlotted();
    void groupsAddUp();
    void everythingIsBounded();
    void tooManyAreCountedAndDropped();
    void filters();
    void written();

private:
    static MonitorLine lineOf(const Command &command, const QByteArray &client = "127.0.0.1:5"_ba)
    {
        MonitorLine line;
        line.microseconds = 1'700'000'000'000'001;
        line.client = client;
        if (client == "lua")
            line.source = MonitorLine::Source::Script;
        line.command = command;
        return line;
    }
    static std::shared_ptr<const CommandTable> commands()
    {
        Value::List list;
        const auto add = [&](const QByteArray &name, int first) {
            list.push_back(Value::aggregate(Value::Type::Array,
                                            {Value::bulk(name), Value::integer(-2),
                                             Value::aggregate(Value::Type::Array, {Value::simple("readonly"_ba)}),
                                             Value::integer(first), Value::integer(first), Value::integer(1)}));
        };
        add("get"_ba, 1);
        add("set"_ba, 1);
        add("ping"_ba, 0);
        const auto table = CommandTable::parse(Value::aggregate(Value::Type::Array, std::move(list)));
        return table ? std::make_shared<const CommandTable>(*table) : nullptr;
    }
    static void feed(ProfileBook &book, int node, const Command &command, const QByteArray &client = "127.0.0.1:5"_ba,
                     qint64 now = 0)
    {
        if (book.count(node, 10, now))
            book.take(node, lineOf(command, client));
    }
};

void TestProfile::lines_data()
{
    using Source = MonitorLine::Source;
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("source");
    QTest::addColumn<QByteArray>("client");
    QTest::addColumn<Command>("command");
    QTest::addRow("IPv6, and what looks like the end of it")
        << R"(1339518083.107412 [0 [::1]:53144] "set" "a" "] ")"_ba << int(Source::Client) << "[::1]:53144"_ba
        << Command{"set", "a", "] "};
    QTest::addRow("socket") << R"(1339518083.107412 [0 unix:/run/r.sock] "set" "b" "x\"y\\z")"_ba << int(Source::Socket)
                            << "unix:/run/r.sock"_ba << Command{"set", "b", "x\"y\\z"};
    QTest::addRow("socket with an odd path")
        << R"(1339518083.107412 [0 unix:/run/a] "b/r.sock] "set" "b" "x")"_ba << int(Source::Socket)
        << R"(unix:/run/a] "b/r.sock)"_ba << Command{"set", "b", "x"};
    QTest::addRow("script") << R"(1339518083.107412 [0 lua] "set" "c" "1")"_ba << int(Source::Script) << "lua"_ba
                            << Command{"set", "c", "1"};
    QTest::addRow("blotted") << R"x(1339518083.107412 [0 127.0.0.1:6] "auth" "(redacted)" "(redacted)")x"_ba
                             << int(Source::Client) << "127.0.0.1:6"_ba << Command{"auth", "(redacted)", "(redacted)"};
    QTest::addRow("bytes") << R"(1339518083.107412 [0 127.0.0.1:6] "set" "\x00\xff\n" "" "\t\a\b\r")"_ba
                           << int(Source::Client) << "127.0.0.1:6"_ba
                           << Command{"set", QByteArray("\0\xff\n", 3), QByteArray(""), "\t\a\b\r"};
    QTest::addRow("one word") << R"(1339518083.107412 [0 127.0.0.1:6] "ping")"_ba << int(Source::Client)
                              << "127.0.0.1:6"_ba << Command{"ping"};
}

void TestProfile::lines()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, client);
    QFETCH(const Command, command);
    const auto line = parseMonitorLine(text);
    QVERIFY2(line, line ? "" : qPrintable(line.error().detail));
    QCOMPARE(line->microseconds, 1'339'518'083'107'412);
    QCOMPARE(line->database, 0);
    QTEST(int(line->source), "source");
    QCOMPARE(line->client, client);
    QCOMPARE(line->command, command);
    QVERIFY(!line->isCut);
    // A line of the exported file is a MONITOR line with the node added.
    const QByteArray written = textLineOf(*line, u"n:1"_s).trimmed().replace(" n:1 [", " [");
    QCOMPARE(parseMonitorLine(written)->command, command);
    QCOMPARE(parseMonitorLine(written)->client, client);
}

void TestProfile::oddLines_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const QByteArray &text :
         {""_ba, "OK"_ba, R"(1339518083.107412)"_ba, R"(1339518083 [0 127.0.0.1:6] "ping")"_ba,
          R"(1339518083.1 [0 127.0.0.1:6] "ping")"_ba, R"(1339518083.107412 [x 127.0.0.1:6] "ping")"_ba,
          R"(1339518083.107412 [0 127.0.0.1:6] )"_ba, R"(1339518083.107412 [0 127.0.0.1:6] "ping)"_ba,
          R"(1339518083.107412 [0 127.0.0.1:6] ping)"_ba, R"(1339518083.107412 [0 127.0.0.1:6] "a" )"_ba,
          R"(1339518083.107412 [-1 127.0.0.1:6] "a")"_ba, R"(99999999999999999.107412 [0 127.0.0.1:6] "a")"_ba})
        QTest::addRow("%s", text.constData()) << text;
}

void TestProfile::oddLines()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!parseMonitorLine(text));
}

/// Valkey 8.1 does not escape quotes in these lines.
void TestProfile::quotesThatAreNotEscaped()
{
    const auto line = parseMonitorLine(R"(1795940966.675848 [0 127.0.0.1:59670] "SET" "b\x00" "x"y\z")");
    QVERIFY(line && line->isGuessed);
    QCOMPARE(line->command, (Command{"SET", QByteArray("b\0", 2), R"(x"y\z)"}));
    QCOMPARE(line->client, "127.0.0.1:59670"_ba);
    QCOMPARE(parseMonitorLine(R"(1795940966.675848 [0 lua] "a""b")")->command, Command{R"(a""b)"});
}

void TestProfile::longArgumentsAreCut()
{
    QByteArray text = R"(1339518083.107412 [0 lua] "set" ")"_ba;
    for (int i = 0; i < 1000; ++i)
        text += R"(\x00a\")";
    text += R"(" "b")";
    const auto line = parseMonitorLine(text, 4);
    QVERIFY(line && line->isCut);
    QCOMPARE(line->command, (Command{"set", QByteArray("\0a\"\0", 4), "b"}));
    QCOMPARE(parseMonitorLine(text)->command[1].size(), 3000);
    QCOMPARE(parseMonitorLine(R"(1339518083.107412 [0 lua] "four")", 4)->isCut, false);
}

void TestProfile::secretsAreBlotted_data()
{
    QTest::addColumn<Command>("command");
    QTest::addColumn<Command>("expected");
    const QByteArray r = "(redacted)"_ba;
    QTest::addRow("AUTH") << Command{"auth", "bob", "s3cret"} << Command{"auth", "bob", r};
    QTest::addRow("HELLO") << Command{"Hello", "3", "AUTH", "bob", "s3cret"} << Command{"Hello", "3", "AUTH", "bob", r};
    QTest::addRow("CONFIG") << Command{"config", "set", "requirepass", "s3cret"}
                            << Command{"config", "set", "requirepass", r};
    QTest::addRow("ACL") << Command{"acl", "setuser", "bob", ">s3cret", "on"}
                         << Command{"acl", "setuser", "bob", r, "on"};
    QTest::addRow("MIGRATE") << Command{"migrate", "h", "1", "k", "0", "9", "AUTH", "s3cret"}
                             << Command{"migrate", "h", "1", "k", "0", "9", "AUTH", r};
    QTest::addRow("GET") << Command{"get", "auth"} << Command{"get", "auth"};
}

void TestProfile::secretsAreBlotted()
{
    QFETCH(const Command, command);
    MonitorLine line = lineOf(command);
    redact(line);
    QTEST(line.command, "expected");
    ProfileBook book(1, {});
    QVERIFY(book.count(0, 1, 0));
    book.take(0, lineOf(command));
    const std::vector<ProfileLine> newest = book.newest({}, 1);
    for (const QByteArray &word : newest.front().line.command)
        QVERIFY(!word.contains("s3cret"));
}

void TestProfile::groupsAddUp()
{
    ProfileBook book(2, {});
    book.setCommands(commands());
    book.begin(0);
    for (int i = 0; i < 5; ++i)
        feed(book, 0, {"GET", "user:" + QByteArray::number(i)}, "10.0.0.1:1"_ba, 100);
    feed(book, 1, {"get", "user:1"}, "10.0.0.2:1"_ba, 200);
    feed(book, 1, {"set", "plain", "x"}, "lua"_ba, 300);
    feed(book, 1, {"PING"}, "10.0.0.2:1"_ba, 1100);
    feed(book, 1, {"client", "list"}, "10.0.0.2:1"_ba, 1200);
    ProfileLook look;
    auto groups = book.look(look, 2100).groups.groups;
    QCOMPARE(groups.size(), 4U);
    QCOMPARE(groups[0].name, "GET user:*"_ba);
    QCOMPARE(groups[0].lines, 6U);
    QCOMPARE(groups[0].byNode, (std::vector<quint64>{5, 1}));
    const auto has = [&](ProfileBy by, const QByteArray &name, quint64 lines) {
        look.by = by;
        for (const ProfileGroup &each : book.look(look, 2100).groups.groups)
            if (each.name == name)
                return each.lines == lines;
        return false;
    };
    QVERIFY(has(ProfileBy::CommandAndPrefix, "PING (no key)"_ba, 1));
    QVERIFY(has(ProfileBy::CommandName, "CLIENT LIST"_ba, 1));
    QVERIFY(has(ProfileBy::KeyPrefix, "(no prefix)"_ba, 1));
    QVERIFY(has(ProfileBy::Client, "10.0.0.2:1"_ba, 3));
    QVERIFY(has(ProfileBy::Client, "(scripts)"_ba, 1));
    QVERIFY(!has(ProfileBy::Client, "lua"_ba, 1));
    QVERIFY(has(ProfileBy::Node, "1"_ba, 4));
    const ProfileSnapshot snapshot = book.look(look, 2100);
    QCOMPARE(snapshot.lines, 9U);
    QCOMPARE(snapshot.linesOfLastSecond, 2U);
    QCOMPARE(snapshot.seconds.size(), 2U);
    QCOMPARE(snapshot.newest.front().line.command.front(), "client"_ba);
}

void TestProfile::everythingIsBounded()
{
    ProfileBook book(1, {.kept = 100, .groups = 50});
    book.setCommands(commands());
    const QByteArray large(1'000'000, 'x');
    for (int i = 0; i < 1000; ++i) {
        Command command{"SET", "p" + QByteArray::number(i) + ":a", large};
        for (int more = 0; more < 100; ++more)
            command.append("word");
        feed(book, 0, command, "10.0.0.1:" + QByteArray::number(i), i * 1000);
    }
    ProfileLook look;
    look.mostGroups = 10;
    const ProfileSnapshot snapshot = book.look(look, 1'000'000);
    QCOMPARE(snapshot.kept, 100U);
    QCOMPARE(snapshot.letGo, 900U);
    QCOMPARE(snapshot.lines, 1000U);
    QCOMPARE(snapshot.seconds.size(), ProfileBook::mostSeconds);
    QCOMPARE(snapshot.groups.groups.size(), 10U);
    QCOMPARE(snapshot.groups.others, 40U);
    QCOMPARE(snapshot.groups.otherLines, 40U);
    QCOMPARE(snapshot.groups.unnamedLines, 950U);
    for (const ProfileLine &line : snapshot.newest) {
        qsizetype bytes = 0;
        for (const QByteArray &word : line.line.command)
            bytes += word.size();
        QVERIFY(bytes <= ProfileBook::mostOfLine && line.line.command.size() <= ProfileBook::mostArguments);
        QVERIFY(line.line.isCut);
        QCOMPARE(line.arguments, 103);
    }
}

void TestProfile::tooManyAreCountedAndDropped()
{
    ProfileBook book(1, {.readPerSecond = 1000});
    for (int i = 0; i < 500; ++i)
        feed(book, 0, {"PING"}, "c"_ba, 50); // within a tenth of a second
    feed(book, 0, {"PING"}, "c"_ba, 150);
    const ProfileSnapshot snapshot = book.look({}, 200);
    QCOMPARE(snapshot.lines, 501U);
    QCOMPARE(snapshot.dropped, 400U);
    QCOMPARE(snapshot.kept, 101U);
}

void TestProfile::filters()
{
    ProfileBook book(2, {});
    book.setCommands(commands());
    feed(book, 0, {"GET", "user:1"}, "10.0.0.1:77"_ba);
    feed(book, 1, {"SET", "user:2", "Hello"}, "10.0.0.2:78"_ba);
    feed(book, 1, {"GET", "cart:2"}, "10.0.0.2:78"_ba);
    const auto count = [&](const ProfileFilter &filter) { return book.newest(filter, 100).size(); };
    QCOMPARE(count({}), 3U);
    QCOMPARE(count({.words = {"get"}}), 2U);
    QCOMPARE(count({.words = {"get", "user"}}), 1U);
    QCOMPARE(count({.words = {"hello"}}), 1U);
    QCOMPARE(count({.words = {"10.0.0.2"}}), 2U);
    QCOMPARE(count({.by = ProfileBy::KeyPrefix, .group = "user:*"}), 2U);
    QCOMPARE(count({.by = ProfileBy::Node, .group = "1"}), 2U);
    QCOMPARE(count({.by = ProfileBy::CommandAndPrefix, .group = "GET cart:*"}), 1U);
    QCOMPARE(count({.words = {"user"}, .by = ProfileBy::CommandName, .group = "GET"}), 1U);
    QCOMPARE(book.newest({}, 2).size(), 2U);
}

void TestProfile::written()
{
    MonitorLine line = lineOf({"set", "a", QByteArray("\xff", 1)}, "unix:/run/r"_ba);
    line.source = MonitorLine::Source::Socket;
    line.isCut = true;
    const QJsonObject row = QJsonDocument::fromJson(jsonLineOf(line, u"n:1"_s, 9)).object();
    QCOMPARE(row.value(u"time").toString(), u"1700000000.000001"_s);
    QCOMPARE(row.value(u"source").toString(), u"socket"_s);
    QCOMPARE(row.value(u"words").toInt(), 9);
    QCOMPARE(row.value(u"command").toArray().at(2).toObject().value(u"base64").toString(), u"/w=="_s);
    QCOMPARE(textLineOf(line, u"n:1"_s),
             "1700000000.000001 n:1 [0 unix:/run/r] \"set\" \"a\" \"\\xff\" \xe2\x80\xa6\n"_ba);
}

SLOTSCOPE_TEST(TestProfile)
#include "tst_profile.moc"
