// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/formats.h"
#include "core/formats/tree.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestFormats final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chains_data();
    void chains();
    void wrongChains_data();
    void wrongChains();
    void detects_data();
    void detects();
    void packs_data();
    void packs();
    void keepsLayout_data();
    void keepsLayout();
    void locates_data();
    void locates();
    void bounds_data();
    void bounds();
    void stops();
    void jsonStaysExact();
    void editsWithinMsgpack();
    void refusesWhatCannotBeWritten();
    void treeOfJson();
};

namespace {

FormatChain chainOf(const QString &text)
{
    return FormatChain::parse(text).value();
}

QByteArray bytesOf(const char *hex)
{
    return QByteArray::fromHex(hex);
}

} // namespace

void TestFormats::chains_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"gzip > msgpack", "lz4-block:php > igbinary", "text:euc-kr", "prefix:5 > zlib > json", "hex"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestFormats::chains()
{
    QFETCH(const QString, text);
    QCOMPARE(chainOf(text).toString(), text);
    for (const FormatInfo &info : allFormats()) // entries of the table are in the order of their ids
        QCOMPARE(infoOf(info.id).word, info.word);
}

void TestFormats::wrongChains_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "gzip >", "zip", "json > gzip", "text:klingon", "prefix:0", "prefix:x", "gzip:9", "lz4-block:le64"})
        QTest::newRow(text) << QString::fromLatin1(text);
    QTest::newRow("too long") << QStringList(20, u"gzip"_s).join(u" > "_s);
}

void TestFormats::wrongChains()
{
    QFETCH(const QString, text);
    const auto chain = FormatChain::parse(text);
    QVERIFY(!chain);
    QVERIFY(!chain.error().detail.isEmpty());
}

void TestFormats::detects_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("chain");
    const auto row = [](const char *name, const QByteArray &bytes, const char *chain) {
        QTest::newRow(name) << bytes << QString::fromLatin1(chain);
    };
    row("nothing", "", "text");
    row("a word", "hello", "text");
    row("a number", "1555010199", "text");
    row("hex digits", "deadbeefcafe", "text");
    row("a word that is base64", "username", "text");
    row("a long word that is base64", "usernameusernameusernameusername", "text");
    row("a template", "{city} is hot, {{name}} [not json]", "text");
    row("a sentence with a colon", "note: this is prose.\nIt has lines.\n", "text");
    row("NULs within text", QByteArray("first\0second\0\0third", 19), "text");
    row("bytes", bytesOf("fffe80017f00ff"), "hex");
    row("JSON", "{\"a\":1}", "json");
    row("JSON that breaks off", "{\"a\":1,\"b\":2,\"c\":3,\"d\":", "json");
    row("JSON lines", "{\"a\":1}\n{\"a\":2}\n", "ndjson");
    row("a JSON text in a JSON text", R"("{\"a\":1}")", "json-string > json");
    row("a string of JSON", R"("only a word")", "json");
    row("gzip of JSON", *encode(u"{\"a\":1}"_s, chainOf(u"gzip > text"_s), {}), "gzip > json");
    row("msgpack of Python: {'a': [1, -1, 'x']}", bytesOf("81a1619301ffa178"), "msgpack");
    row("a MessagePack integer alone", bytesOf("cd0100"), "hex");
    row("XML", "<?xml version=\"1.0\"?><a/>", "xml");
    row("HTML", "<!DOCTYPE html><p>x", "html");
    row("base64 of JSON", QByteArray("{\"some\":\"members\",\"n\":1}").toBase64(), "base64 > json");
    row("UTF-16 with a mark", bytesOf("fffe6100fc00"), "text:utf-16-le");
    row("UTF-16 JSON with a mark", bytesOf("feff007b002200610022003a0031007d"), "charset:utf-16-be > json");
    row("GIF", bytesOf("474946383961200020008000ff"), "image");
}

void TestFormats::detects()
{
    QFETCH(const QByteArray, bytes);
    QTEST(detect(bytes).toString(), "chain");
}

void TestFormats::packs_data()
{
    QTest::addColumn<QString>("chain");
    for (const char *step : {"gzip",         "zlib",           "deflate",       "zstd",          "lz4",
                             "lz4-block",    "lz4-block:be32", "lz4-block:raw", "lz4-block:php", "lz4-block:msgpack",
                             "snappy",       "snappy:framed",  "snappy:java",   "brotli",        "lzf",
                             "base64",       "base64:url",     "json-string",   "php-string",    "charset:utf-16-be",
                             "gzip > base64"})
        QTest::newRow(step) << QString::fromLatin1(step) + u" > text"_s;
}

/// Each compression returns what was put in, also after an edit, for texts that compress well and for others.
void TestFormats::packs()
{
    QFETCH(const QString, chain);
    const FormatChain steps = chainOf(chain);
    const QString inner = u"{\"a\": \"żółw\"} "_s.repeated(6000);
    const auto made = encode(inner, steps, {});
    QVERIFY2(made, qPrintable(made ? QString() : made.error().detail));
    const Decoded decoded = decode(*made, steps);
    QVERIFY(!decoded.problem);
    QCOMPARE(decoded.text, inner);
    QVERIFY(proveRoundTrip(*made, steps).proof != RoundTrip::Proof::None);
    const auto edited = encode(inner + u"Ω"_s, steps, *made);
    QVERIFY(edited);
    QCOMPARE(decode(*edited, steps).text, inner + u"Ω"_s);
    // Data cut near its end either causes an error or decodes to a different text.
    const Decoded cut = decode(QByteArrayView(*made).chopped(9), steps);
    QVERIFY(cut.problem || cut.text != inner);
}

void TestFormats::keepsLayout_data()
{
    QTest::addColumn<QByteArray>("original");
    QTest::newRow("compact") << R"({"a":[1,2,{"b":"N"}],"a":{}})"_ba;
    QTest::newRow("Python's default") << R"({"a": [1, 2, {"b": "N"}], "a": {}})"_ba;
    QTest::newRow("two blanks") << "{\n  \"a\": [\n    1,\n    \"N\"\n  ],\n  \"e\": []\n}\n"_ba;
    QTest::newRow("four, CRLF") << "{\r\n    \"a\": {\r\n        \"b\": \"N\"\r\n    }\r\n}\r\n"_ba;
    QTest::newRow("tabs") << "[\n\t1,\n\t\"N\"\n]"_ba;
    QTest::newRow("byte order mark") << "\xef\xbb\xbf{\"a\":\"N\"}"_ba;
    QTest::newRow("exact numbers") << R"({"a":9007199254740993,"b":1e400,"c":-0.0,"d":"N","e":1.10,"f":-0})"_ba;
    QTest::newRow("escapes as they were") << R"({"a":"\u00e9\ud800\/","b":"N"})"_ba;
}

/// An edit of one member in the formatted text changes only this member's bytes.
void TestFormats::keepsLayout()
{
    QFETCH(const QByteArray, original);
    const FormatChain json = chainOf(u"json"_s);
    Decoded decoded = decode(original, json);
    QVERIFY(decoded.writable);
    const auto same = encode(decoded.text, json, original, {}, {.keepLayout = true, .reuseOriginal = false});
    QVERIFY(same);
    QCOMPARE(*same, original);
    QVERIFY(proveRoundTrip(original, json).proof == RoundTrip::Proof::SameBytes);
    const auto edited = encode(decoded.text.replace(u"\"N\""_s, u"\"new\""_s), json, original);
    QVERIFY(edited);
    QCOMPARE(*edited, QByteArray(original).replace("\"N\"", "\"new\""));
}

void TestFormats::locates_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const auto row = [](const char *name, const char *chain, const QByteArray &bytes, int step, int offset,
                        int line = 0, int column = 0) {
        QTest::newRow(name) << QString::fromLatin1(chain) << bytes << step << offset << line << column;
    };
    row("JSON: no value", "json", "{\n \"ł\": ,}", 0, 9, 2, 7);
    row("JSON: a leading zero", "json", "[00014]", 0, 1, 1, 2);
    row("JSON: rest", "json", "{} x", 0, 3, 1, 4);
    row("JSON: a bracket of the other kind", "json", "[1}", 0, 2, 1, 3);
    row("JSON: a bad escape", "json", R"(["\q"])", 0, 2, 1, 3);
    row("JSON: open string", "json", R"(["abc)", 0, 1, 1, 2);
    row("text: no UTF-8", "text",
        "ab\xff"
        "cd",
        0, 2);
    row("text: no EUC-KR", "text:euc-kr", "ab\xff", 0, 2);
    row("lz4: a lie about the size", "lz4-block", bytesOf("ffffff7f0000000000"), 0, 4);
    row("lz4: another size", "lz4-block", bytesOf("050000001061"), 0, 4);
    row("snappy: a lie about the size", "snappy", bytesOf("ffffffff0f00"), 0, 0);
    row("msgpack: cut", "msgpack", bytesOf("9301a561"), 0, 3);
    row("msgpack: a count that cannot be", "msgpack", bytesOf("ddffffffff"), 0, 5);
    row("the second step", "base64 > zlib", QByteArray("no zlib").toBase64(), 1, 2);
    row("no hex of a PHP string", "php-string", "s:9:\"short\";", 0, 5);
}

void TestFormats::locates()
{
    QFETCH(const QString, chain);
    QFETCH(const QByteArray, bytes);
    const Decoded decoded = decode(bytes, chainOf(chain));
    QVERIFY(decoded.problem);
    QVERIFY(!decoded.problem->words.isEmpty());
    QVERIFY(!decoded.writable);
    QVERIFY(!decoded.whyNotWritable.isEmpty());
    QTEST(decoded.problem->step, "step");
    QTEST(int(decoded.problem->offset), "offset");
    QTEST(decoded.problem->line, "line");
    QTEST(decoded.problem->column, "column");
}

void TestFormats::bounds_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const char *chain, const QByteArray &bytes) {
        QTest::newRow(name) << QString::fromLatin1(chain) << bytes;
    };
    row("JSON of a million levels", "json", QByteArray(1'000'000, '['));
    row("MessagePack of a million levels", "msgpack", QByteArray(1'000'000, '\x91'));
    row("MessagePack of a million levels, maps", "msgpack", QByteArray("\x81\xc0").repeated(1'000'000));
    const QString zeros(20'000'000, u'\0');
    for (const char *step :
         {"gzip", "zlib", "deflate", "zstd", "lz4", "lz4-block", "snappy", "brotli", "lzf", "gzip > gzip"})
        row(step, step, *encode(zeros, chainOf(QString::fromLatin1(step) + u" > text:latin-1"_s), {}));
    row("a list of many", "msgpack", bytesOf("dd004c4b40") + QByteArray(5'000'000, '\xc0'));
    row("text", "text", QByteArray(5'000'000, 'x'));
    row("hex", "hex", QByteArray(5'000'000, 'x'));
    row("a vector", "float32", QByteArray(5'000'000, 'x'));
}

/// Decoding of oversized input stops at its limits and reports that. The result cannot be written then.
void TestFormats::bounds()
{
    QFETCH(const QString, chain);
    QFETCH(const QByteArray, bytes);
    const FormatLimits limits{.outputBytes = 4'000'000, .depth = 500, .nodes = 10'000, .milliseconds = 60'000};
    const Decoded decoded = decode(bytes, chainOf(chain), limits);
    QVERIFY(decoded.problem);
    QVERIFY(!decoded.problem->words.isEmpty());
    QVERIFY(decoded.text.size() < 3 * limits.outputBytes);
    QVERIFY(!decoded.tree || decoded.tree->nodes.size() <= size_t(limits.nodes));
    QVERIFY(!decoded.writable);
    (void)detect(bytes, limits);
}

void TestFormats::stops()
{
    std::stop_source stop;
    stop.request_stop();
    const QByteArray bytes = bytesOf("dd00000200") + QByteArray(512, '\xc0');
    const Decoded decoded = decode(bytes, chainOf(u"msgpack"_s), {}, stop.get_token());
    QVERIFY(decoded.truncated);
    QVERIFY(decoded.problem);
}

void TestFormats::jsonStaysExact()
{
    const QByteArray original = R"({"id":9007199254740993,"n":1e400,"z":-0.0,"r":1,"r":2})";
    const Decoded decoded = decode(original, chainOf(u"json"_s));
    QCOMPARE(decoded.text,
             u"{\n  \"id\": 9007199254740993,\n  \"n\": 1e400,\n  \"z\": -0.0,\n  \"r\": 1,\n  \"r\": 2\n}"_s);
    QCOMPARE(decoded.tree->childrenOf(0).size(), 5);
    QCOMPARE(decoded.tree->at(1).text, u"9007199254740993"_s);
}

void TestFormats::editsWithinMsgpack()
{
    // {"a": 1, 1: 1.5 as float32, "b": bytes 00ff, "t": 5 as uint16}
    const QByteArray original = bytesOf("84a1610101ca3fc00000a162c40200ffa174cd0005");
    const FormatChain chain = chainOf(u"msgpack"_s);
    Decoded decoded = decode(original, chain);
    QVERIFY2(!decoded.problem, "read");
    QVERIFY(proveRoundTrip(original, chain).proof == RoundTrip::Proof::SameBytes);
    const auto edited = encode(decoded.text.replace(u"\"a\", 1"_s, u"\"a\", 300"_s), chain, original);
    QVERIFY2(edited, qPrintable(edited ? QString() : edited.error().detail));
    QCOMPARE(edited->toHex(), "84a161cd012c01ca3fc00000a162c40200ffa174cd0005"_ba);
}

void TestFormats::refusesWhatCannotBeWritten()
{
    const FormatChain msgpack = chainOf(u"msgpack"_s);
    const QByteArray original = bytesOf("8101c0");
    for (const char *text :
         {"{\"a\": 1e400}", "123456789012345678901234567890", "{\"$ext\": [500, \"00\"]}", "{\"$bytes\": \"0\"}",
          "{\"$uint8\": 256}", "{\"$nothing\": 1}", "[1", "{\"$map\": [[1]]}"}) {
        const auto bytes = encode(QString::fromLatin1(text), msgpack, original);
        QVERIFY2(!bytes, text);
        QVERIFY(!bytes.error().detail.isEmpty());
    }
    QVERIFY(!encode(u"ж"_s, chainOf(u"text:latin-1"_s), "a"));
    QVERIFY(!encode(u"0g"_s, chainOf(u"hex"_s), "a"));
}

void TestFormats::treeOfJson()
{
    const Decoded decoded = decode(R"({"a":{"b":[1,"x"]},"c":null})", chainOf(u"json"_s));
    const FormatTree &tree = *decoded.tree;
    const auto top = tree.childrenOf(0);
    QCOMPARE(top.size(), 2);
    QCOMPARE(tree.at(top[0]).name, u"a"_s);
    QCOMPARE(tree.at(top[1]).name, u"c"_s);
    const auto list = tree.childrenOf(tree.childrenOf(top[0])[0]);
    QCOMPARE(list.size(), 2);
    QCOMPARE(tree.at(list[1]).text, u"x"_s);
    QCOMPARE(tree.typeWord(list[0]), u"number"_s);
}

SLOTSCOPE_TEST(TestFormats)
#include "tst_formats.moc"
