// SPDX-License-Identifier: GPL-3.0-or-later
// The console's pure parts: lines and their places, answers line by line, completion, history, help with errors.
#include "core/console/answerlines.h"
#include "core/console/broadcasttable.h"
#include "core/console/completion.h"
#include "core/console/consolehistory.h"
#include "core/console/consoletypes.h"
#include "core/console/errorhelp.h"
#include "core/protocol/print.h"
#include "core/protocol/replyjson.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

#ifdef __SANITIZE_ADDRESS__
constexpr int randomRounds = 100; // fewer, because AddressSanitizer makes each step much slower
#else
constexpr int randomRounds = 1000;
#endif

class TestConsoleText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesAreWhatIsPrinted();
    void jsonLinesAreTheReply();
    void tablesHaveColumns();
    void anOpenQuoteTellsItsColumn();
    void completes_data();
    void completes();
    void hints();
    void historyKeepsNoSecret_data();
    void historyKeepsNoSecret();
    void historyIsKept();
    void placeholders();
    void errorsAreExplained();
    void dividesBySlot();
    void broadcastsCompare();

private:
    static Value random(QRandomGenerator &dice, int depth)
    {
        using Type = Value::Type;
        const auto text = [&dice] {
            static const char *const texts[] = {"", "plain", "two words", "a\nb", "q\"\\", "\xff\x01", "한글"};
            return QByteArray(texts[dice.bounded(7)]);
        };
        switch (dice.bounded(depth > 0 ? 13 : 8)) {
        case 0: return {};
        case 1: return Value::simple(text());
        case 2: return Value::bulk(text());
        case 3: return Value::verbatim(text(), "txt");
        case 4: return Value::integer(qint64(dice.generate()) - 1'000'000'000);
        case 5: return Value::real(0, "1.5");
        case 6: return Value::boolean(dice.bounded(2) == 1);
        case 7: return Value::error("ERR " + text());
        default: break;
        }
        static const Type types[] = {Type::Array, Type::Map, Type::Set, Type::Push, Type::Attribute};
        const Type type = types[dice.bounded(5)];
        const bool pairs = type == Type::Map || type == Type::Attribute;
        Value::List items;
        const int count = dice.bounded(14) * (pairs ? 2 : 1);
        for (int i = 0; i < count; ++i)
            items.push_back(random(dice, depth - 1));
        return Value::aggregate(type, std::move(items));
    }
    static QStringList all(const Value &value, AnswerView view)
    {
        AnswerLines lines(std::make_shared<const Value>(value), view);
        while (lines.findMore()) { }
        return lines.read(0, int(lines.count()));
    }
};

void TestConsoleText::linesAreWhatIsPrinted()
{
    QRandomGenerator dice(7);
    for (int i = 0; i < randomRounds; ++i) {
        const Value value = random(dice, 4);
        const QString printed = QString::fromUtf8(printForTerminal(value));
        const QStringList lines = all(value, AnswerView::Cli);
        QVERIFY2(lines.join(u'\n') == printed, qPrintable(printed + u"\n---\n"_s + lines.join(u'\n')));
        AnswerLines windowed(std::make_shared<const Value>(value), AnswerView::Cli);
        for (int at = 0; at < lines.size(); at += 3) // any part of the lines can be read separately
            QCOMPARE(windowed.read(at, 3), lines.mid(at, 3));
    }
}

void TestConsoleText::jsonLinesAreTheReply()
{
    QRandomGenerator dice(8);
    for (int i = 0; i < randomRounds; ++i) {
        const Value value = random(dice, 3);
        const QByteArray text = '[' + all(value, AnswerView::Json).join(u'\n').toUtf8() + ']';
        const QJsonDocument read = QJsonDocument::fromJson(text);
        QVERIFY2(read.isArray(), text.constData());
        // JSON objects cannot have equal keys: for a map with equal keys, replyToJson() returns pairs, while the
        // printed lines repeat the key.
        const QJsonValue whole = replyToJson(value);
        if (!text.contains("\"plain\": ") && !text.contains("\"\": "))
            QVERIFY2(read.array().at(0) == whole || text.contains("\": "), text.constData());
    }
}

void TestConsoleText::tablesHaveColumns()
{
    Value::List row{Value::bulk("a"), Value::integer(1)};
    Value::List rows{Value::aggregate(Value::Type::Array, row), Value::aggregate(Value::Type::Array, row)};
    const QStringList lines = all(Value::aggregate(Value::Type::Array, rows), AnswerView::Table);
    QCOMPARE(lines, QStringList({u"#\u001f1\u001f2"_s, u"1\u001fa\u001f1"_s, u"2\u001fa\u001f1"_s}));
    const QStringList bytes = all(Value::bulk("0123456789abcdefXY"), AnswerView::Bytes);
    QCOMPARE(bytes.size(), 3);
    QVERIFY(bytes[2].startsWith(u"00000010  58 59 "_s) && bytes[2].endsWith(u" XY"_s));
}

/// A line with an unclosed quote is refused, and the message gives the quote's position without the text, which may be
/// a password.
void TestConsoleText::anOpenQuoteTellsItsColumn()
{
    const QByteArray raw = R"(AUTH q^7>{w|"55\@_;(R]'%x)";
    const LineReading refused = readCommandLine(raw);
    QCOMPARE(refused.faultAt, raw.indexOf('"'));
    QVERIFY(!refused.fault.contains(u"55"_s));
    QVERIFY(!withoutSecrets(raw));
    const auto good = parseCommandLine(R"(AUTH "q^7>{w|\"55\\@_;(R]'%x")");
    QVERIFY(good);
    QCOMPARE(good->value(1), QByteArray(R"(q^7>{w|"55\@_;(R]'%x)"));
    QCOMPARE(readCommandLine("SET \"a\"b").faultAt, 4);
    const LineReading places = readCommandLine("  GET  'k 1' x");
    QCOMPARE(places.words.size(), 3);
    QCOMPARE(places.words[1].begin, 7);
    QCOMPARE(places.words[1].end, 12);
    QCOMPARE(places.words[1].bytes, "k 1"_ba);
    const QList<TypedCommand> typed = commandsIn("# note\nGET a\n\nSET b \"c\n");
    QCOMPARE(typed.size(), 2);
    QCOMPARE(typed[1].line, 3);
    QCOMPARE(typed[1].faultAt, 6);
}

void TestConsoleText::completes_data()
{
    QTest::addColumn<QByteArray>("line"); // the command line, where | marks the cursor
    QTest::addColumn<QByteArrayList>("words");
    QTest::addColumn<bool>("keys");
    QTest::newRow("command") << "zuni|"_ba << QByteArrayList{"ZUNIONSTORE"} << false;
    QTest::newRow("subcommand") << "cluster no|"_ba << QByteArrayList{"NODES"} << false;
    QTest::newRow("key") << "get ca|"_ba << QByteArrayList{} << true;
    QTest::newRow("second key") << "zunionstore d 2 a b|"_ba << QByteArrayList{} << true;
    QTest::newRow("option") << "zunionstore d 2 a b w|"_ba << QByteArrayList{"WEIGHTS"} << false;
    QTest::newRow("oneof") << "zunionstore d 1 a aggregate m|"_ba << QByteArrayList{"MIN", "MAX"} << false;
    QTest::newRow("in between") << "get |k"_ba << QByteArrayList{} << true;
    QTest::newRow("set options") << "set k v |"_ba << QByteArrayList{"NX", "XX", "GET", "EX", "PX", "KEEPTTL"} << false;
    QTest::newRow("used options go") << "set k v EX 5 |"_ba << QByteArrayList{"NX", "XX", "GET", "PX", "KEEPTTL"}
                                     << false;
    QTest::newRow("eval's keys") << "eval \"return 1\" 2 a |"_ba << QByteArrayList{} << true;
    QTest::newRow("eval's arguments") << "eval \"return 1\" 1 a |"_ba << QByteArrayList{} << false;
    QTest::newRow("comment") << "# get |"_ba << QByteArrayList{} << false;
    QTest::newRow("open quote") << "get \"a b|"_ba << QByteArrayList{} << true;
}

void TestConsoleText::completes()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArrayList, words);
    QFETCH(bool, keys);
    const qsizetype cursor = line.indexOf('|');
    line.remove(cursor, 1);
    const CompletionPoint point = completionAt(CommandDocs::builtIn(), line, cursor);
    QCOMPARE(point.words, words);
    QCOMPARE(point.wantsKeys, keys);
}

void TestConsoleText::hints()
{
    const CommandDocs &docs = CommandDocs::builtIn();
    const ArgumentPlace place = docs.placeOf({"zunionstore", "d", "3", "a", "b"}, 5);
    QVERIFY(place.doc);
    QCOMPARE(place.argument, 2);
    QCOMPARE(place.repetition, 2);
    QCOMPARE(place.expected, 3);
    QCOMPARE(syntaxParts(*place.doc).value(3), u"[WEIGHTS weight […]]"_s);
    const QString line = syntaxLine(*place.doc);
    QVERIFY2(line.startsWith(u"ZUNIONSTORE destination numkeys key"_s)
                 && line.contains(u"key [key …] [WEIGHTS weight [weight …]]"_s),
             qPrintable(line));
    QCOMPARE(syntaxLine(*docs.named("mget")), u"MGET key [key …]"_s);
    CommandDoc container;
    container.name = "config"_ba;
    container.subcommands = {"set"_ba, "get"_ba};
    QCOMPARE(syntaxLine(container), u"CONFIG GET | SET"_s);
    container = {};
    container.name = "config|get"_ba;
    QCOMPARE(syntaxLine(container), u"CONFIG GET"_s);
    QCOMPARE(docs.placeOf({"get", "a"}, 2).argument, -1); // -1: the command takes no further argument
    QVERIFY(completionAt(docs, "cluster forget ", 15).wantsNodes);
    QCOMPARE(completionAt(docs, "mget {a}1 {a}2 ", 15).keysBefore, QByteArrayList({"{a}1", "{a}2"}));
}

void TestConsoleText::historyKeepsNoSecret_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("secret");
    for (const char *line :
         {"AUTH s3cret", "auth user s3cret", "HELLO 3 AUTH user s3cret", "ACL SETUSER u on >s3cret",
          "CONFIG SET requirepass s3cret", "CONFIG SET maxmemory 1 masterauth s3cret", "MIGRATE h 1 k 0 5 AUTH s3cret",
          "MIGRATE h 1 k 0 5 AUTH2 u s3cret", "AUTH \"s3cret\"", "AUTH 's3cret", "ACL SETUSER u <s3cret"})
        QTest::newRow(line) << QByteArray(line) << "s3cret"_ba;
}

void TestConsoleText::historyKeepsNoSecret()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, secret);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"history.txt"_s);
    ConsoleHistory history(path);
    QVERIFY(history.add("GET a", 1));
    QVERIFY(history.add(line, 2));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains(secret));
    for (const ConsoleHistory::Item &item : history.items())
        QVERIFY(!item.line.contains(QString::fromLatin1(secret)));
}

void TestConsoleText::historyIsKept()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"deep/history.txt"_s);
    {
        ConsoleHistory history(path);
        QVERIFY(history.add("SET a \"b\\xff\"", 5));
        QVERIFY(history.add("GET a", 6));
        QVERIFY(history.add("GET a", 7));
    }
    const ConsoleHistory again(path);
    QCOMPARE(again.items().size(), 2);
    QCOMPARE(again.items()[0].line, u"SET a \"b\\xff\""_s);
    QCOMPARE(again.found(u"a get"_s), QStringList{u"GET a"_s});
    ConsoleHistory many;
    for (int i = 0; i < ConsoleHistory::most + 10; ++i)
        QVERIFY(many.add("GET " + QByteArray::number(i), i));
    QCOMPARE(many.items().size(), ConsoleHistory::most);
}

void TestConsoleText::placeholders()
{
    const QString text = u"SET $(key) $(value)\nEXPIRE $(key) $(seconds=60)\nGET {$(key)}x"_s;
    const QList<Placeholder> places = placeholdersIn(text);
    QCOMPARE(places.size(), 3);
    QCOMPARE(places[2].proposal, u"60"_s);
    QCOMPARE(filledIn(text, {{u"key"_s, u"k"_s}, {u"value"_s, u"a b"_s}}), u"SET k \"a b\"\nEXPIRE k 60\nGET {k}x"_s);
    const QList<SavedCommand> saved{{u"one"_s, u"PING\nPING"_s, true}, {u"two"_s, u"GET a"_s, false}};
    const QList<SavedCommand> read = readLibrary(libraryText(saved, true), true);
    QCOMPARE(read.size(), 1);
    QCOMPARE(read[0].name, u"one"_s);
    QCOMPARE(read[0].text, u"PING\nPING"_s);
}

void TestConsoleText::errorsAreExplained()
{
    const Command get{"GET", "a"};
    for (const char *error :
         {"MOVED 1 127.0.0.1:7000", "ASK 1 127.0.0.1:7000", "CROSSSLOT Keys", "CLUSTERDOWN Hash slot not served",
          "READONLY You can't", "NOAUTH Authentication", "NOPERM this user has no permissions to run the 'get' command",
          "OOM command", "MISCONF Redis", "BUSY Redis is busy", "LOADING Redis", "WRONGTYPE Operation"})
        QVERIFY2(!explainError(error, get, nullptr, nullptr).text.isEmpty(), error);
    QCOMPARE(explainError("NOPERM this user has no permissions to run the 'config|get' command", get, nullptr, nullptr)
                 .right,
             "+config|get"_ba);
    QCOMPARE(explainError("NOPERM User x has no permissions to access one of the keys used as arguments", get, nullptr,
                          nullptr)
                 .right,
             "~a"_ba);
    QVERIFY(explainError("ERR something", get, nullptr, nullptr).text.isEmpty());
}

void TestConsoleText::dividesBySlot()
{
    QCOMPARE(dividedBySlot({"MGET", "a", "b", "{a}2"}), QList<Command>({{"MGET", "a", "{a}2"}, {"MGET", "b"}}));
    QCOMPARE(dividedBySlot({"mset", "a", "1", "b", "2"}), QList<Command>({{"mset", "a", "1"}, {"mset", "b", "2"}}));
    QVERIFY(dividedBySlot({"SINTER", "a", "b"}).isEmpty());
    QVERIFY(dividedBySlot({"MSET", "a", "1", "b"}).isEmpty());
}

void TestConsoleText::broadcastsCompare()
{
    const auto map = [](const char *policy) {
        return std::make_shared<const Value>(
            Value::aggregate(Value::Type::Map,
                             {Value::bulk("maxmemory"), Value::bulk("0"), Value::bulk("policy"), Value::bulk(policy)}));
    };
    const BroadcastTable table({map("lru"), map("lfu"), map("lru"), nullptr});
    const BroadcastRows rows = table.rows(false, 0, 10);
    QCOMPARE(rows.count, 2);
    QCOMPARE(rows.differing, 1);
    QVERIFY(!rows.rows[0].differs && rows.rows[1].cells[1].differs && !rows.rows[1].cells[0].differs);
    QVERIFY(rows.rows[1].cells[3].isMissing && !rows.rows[1].cells[3].differs);
    const auto info = [](const char *text) { return std::make_shared<const Value>(Value::bulk(text)); };
    const BroadcastTable infos({info("# Server\r\na:1\r\nb:2\r\n"), info("# Server\r\na:1\r\nb:3\r\n")});
    QCOMPARE(infos.rows(true, 0, 10).rows.at(0).label, u"b"_s);
}

SLOTSCOPE_TEST(TestConsoleText)
#include "tst_consoletext.moc"
