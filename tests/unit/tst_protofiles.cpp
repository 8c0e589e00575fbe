// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/formats.h"
#include "core/formats/protofolders.h"
#include "core/formats/tree.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray typesProto = R"(
syntax = "proto3";
package t;
import "google/protobuf/timestamp.proto";
enum Colour { NONE = 0; RED = 1; BLUE = -2; }
message All {
  double d = 1; float f = 2; int64 i64 = 3; uint64 u64 = 4; int32 i32 = 5; fixed64 x64 = 6; fixed32 x32 = 7; bool b = 8;
  string s = 9; bytes raw = 12; uint32 u32 = 13; Colour colour = 14; sfixed32 sx32 = 15; sfixed64 sx64 = 16;
  sint32 s32 = 17; sint64 s64 = 18; All inner = 11;
  repeated int32 packed = 20; repeated int32 loose = 21 [packed = false]; repeated string words = 22;
  map<string, int32> counts = 23; map<int64, All> byId = 24; map<bool, Colour> flags = 27;
  oneof choice { string left = 25; int32 right = 26; }
  google.protobuf.Timestamp time = 28; optional int32 maybe = 29; repeated Colour colours = 30;
}
)";
const QByteArray oldProto = R"(
syntax = "proto2";
package old;
message Old {
  required string name = 1;
  optional int32 size = 2 [default = 7];
  repeated group Part = 3 { optional int32 n = 1; }
  optional group Whole = 4 { optional Old again = 1; }
  extensions 100 to 200;
  repeated int32 list = 5;
}
extend Old { optional string note = 100; }
)";

ProtoSchemaPtr sample()
{
    static const ProtoSchemaPtr schema = parseProtoFiles({{u"t/all.proto"_s, typesProto}, {u"old.proto"_s, oldProto}});
    return schema;
}

FormatChain chainOf(const QString &type, const ProtoSchemaPtr &schema = sample())
{
    FormatChain chain = FormatChain::parse(u"protobuf:"_s + type).value();
    chain.schema = schema;
    return chain;
}

QString withoutSpace(const QString &text)
{
    QString out;
    for (const QChar c : text)
        if (!c.isSpace())
            out += c;
    return out;
}

QStringList wordsOf(const ProtoSchemaPtr &schema)
{
    QStringList words;
    for (const ProtoProblem &problem : schema->problems)
        words += problem.toString();
    return words;
}

void write(const QString &path, const QByteArray &text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

} // namespace

/// Values of protobuf read with .proto files.
class TestProtoFiles final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names();
    void reads_data();
    void reads();
    void cutAnywhere_data() { reads_data(); }
    void cutAnywhere();
    void edits_data();
    void edits();
    void refuses_data();
    void refuses();
    void shownOnly_data();
    void shownOnly();
    void notes();
    void wireOrderStays();
    void aTypeThatIsNotThere();
    void aMapOfAnUnknownType();
    void deepValuesEnd();
    void hostileValues();
    void foldersAndImports();
    void errorsHaveAPlace();
    void badFilesLeaveTheOthers();
    void optionsOfOthersAreLeftOut();
    void hostileFiles();
    void problemsAreBounded();
    void limitsOfFolders();
    void threadsShareASchema();
};

void TestProtoFiles::names()
{
    QVERIFY(FormatChain::parse(u"gzip > protobuf:acme.v1.User_2"_s));
    QCOMPARE(FormatChain::parse(u"protobuf:a.B"_s)->toString(), u"protobuf:a.B"_s);
    for (const QString &bad : {u"protobuf:.a"_s, u"protobuf:a."_s, u"protobuf:a..b"_s, u"protobuf:1a"_s,
                               u"protobuf:a b"_s, u"protobuf:a.1"_s, u"protobuf:"_s + QString(501, u'a')})
        QVERIFY2(!FormatChain::parse(bad), qPrintable(bad));
    QCOMPARE(sample()->types(), QStringList({u"old.Old"_s, u"old.Old.Part"_s, u"old.Old.Whole"_s, u"t.All"_s}));
    QVERIFY2(sample()->problems.isEmpty(), qPrintable(wordsOf(sample()).join(u'\n')));
}

void TestProtoFiles::reads_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *hex, const QString &text, const QString &type = u"t.All"_s) {
        QTest::newRow(name) << type << QByteArray::fromHex(hex) << text;
    };
    row("nothing", "", u"{}"_s);
    row("double", "09000000000000f83f", uR"({"d":1.5})"_s);
    row("double: a whole number", "090000000000001040", uR"({"d":4.0})"_s);
    row("double: minus zero", "090000000000000080", uR"({"d":-0.0})"_s);
    row("double: not a number", "09000000000000f87f", uR"({"d":{"$float":"NaN"}})"_s);
    row("double: a NaN with a payload", "09010000000000f87f", uR"({"d":{"$float_bits":"7ff8000000000001"}})"_s);
    row("double: infinity", "09000000000000f0ff", uR"({"d":{"$float":"-Infinity"}})"_s);
    row("float", "15cdcccc3d", uR"({"f":0.1})"_s);
    row("float: infinity", "150000807f", uR"({"f":{"$float":"Infinity"}})"_s);
    row("float: a NaN with a payload", "150100c07f", uR"({"f":{"$float_bits":"7fc00001"}})"_s);
    row("int64: least", "1880808080808080808001", uR"({"i64":-9223372036854775808})"_s);
    row("int64: beyond double",
        "1881808080808080"
        "10",
        uR"({"i64":9007199254740993})"_s);
    row("uint64: most", "20ffffffffffffffffff01", uR"({"u64":18446744073709551615})"_s);
    row("int32: below zero", "28ffffffffffffffffff01", uR"({"i32":-1})"_s);
    row("fixed64", "31ffffffffffffffff", uR"({"x64":18446744073709551615})"_s);
    row("fixed32", "3dffffffff", uR"({"x32":4294967295})"_s);
    row("bool", "4001", uR"({"b":true})"_s);
    row("string", "4a06c3a5c3a5c3a5", uR"({"s":"ååå"})"_s);
    row("string: not UTF-8", "4a02ff41", uR"({"s":{"$string":"ff41"}})"_s);
    row("bytes", "620200ff", uR"({"raw":{"$bytes":"00ff"}})"_s);
    row("uint32", "68ffffffff0f", uR"({"u32":4294967295})"_s);
    row("enum", "7001", uR"({"colour":"RED"})"_s);
    row("enum: below zero", "70feffffffffffffffff01", uR"({"colour":"BLUE"})"_s);
    row("enum: an unknown number", "7005", uR"({"colour":5})"_s);
    row("sfixed32", "7dffffffff", uR"({"sx32":-1})"_s);
    row("sfixed64", "81010000000000000080", uR"({"sx64":-9223372036854775808})"_s);
    row("sint32", "8801ffffffff0f", uR"({"s32":-2147483648})"_s);
    row("sint64", "9001ffffffffffffffffff01", uR"({"s64":-9223372036854775808})"_s);
    row("nested", "5a045a022801", uR"({"inner":{"inner":{"i32":1}}})"_s);
    row("packed", "a2010401ac0203", uR"({"packed":[1,300,3]})"_s);
    row("packed: written loose", "a0010aa0010b", uR"({"packed":{"$unpacked":[10,11]}})"_s);
    row("loose", "a8010aa8010b", uR"({"loose":[10,11]})"_s);
    row("loose: written packed", "aa01020a0b", uR"({"loose":{"$packed":[10,11]}})"_s);
    row("words", "b2010161b20100", uR"({"words":["a",""]})"_s);
    row("map", "ba01050a01611001ba01050a01621002", uR"({"counts":{"a":1,"b":2}})"_s);
    row("map: a key like a tag", "ba01060a0224611001", uR"({"counts":{"$map":[["$a",1]]}})"_s);
    row("map: an entry without a value", "ba01030a0161", uR"({"counts":[{"key":"a"}]})"_s);
    row("map: a good entry before another", "ba01050a01611001ba01030a0162",
        uR"({"counts":[{"key":"a","value":1},{"key":"b"}]})"_s);
    row("map: value before key", "ba010510010a0161", uR"({"counts":[{"value":1,"key":"a"}]})"_s);
    row("map: messages by number",
        "c2010608011202"
        "2805",
        uR"({"byId":{"$map":[[1,{"i32":5}]]}})"_s);
    row("map: flags", "da010408011001", uR"({"flags":{"$map":[[true,"RED"]]}})"_s);
    row("oneof", "d00105", uR"({"right":5})"_s);
    row("optional: zero", "e80100", uR"({"maybe":0})"_s);
    row("a type that comes with protobuf",
        "e20107080110"
        "feffff07",
        uR"({"time":{"seconds":1,"nanos":16777214}})"_s);
    row("enums, packed", "f201020105", uR"({"colours":["RED",5]})"_s);
    row("unknown fields",
        "2801f83f"
        "07fa3f026869"
        "fd3f00000040",
        uR"({"i32":1,"1023":7,"1023":"hi","1023":{"$float32":2.0}})"_s);
    row("unknown: another wire type",
        "4a0161"
        "4807",
        uR"({"s":"a","9":7})"_s);
    row("unknown: a group", "f33f0801f43f", uR"({"1022":{"$group":[{"1":1}]}})"_s);
    row("groups",
        "0a01611b08051c1b1c23"
        "0a030a0162"
        "24",
        uR"({"name":"a","part":[{"n":5},{}],"whole":{"again":{"name":"b"}}})"_s, u"old.Old"_s);
    row("an extension",
        "0a0161a20601"
        "78",
        uR"({"name":"a","[old.note]":"x"})"_s, u"old.Old"_s);
    row("proto2: loose", "0a016128012802", uR"({"name":"a","list":[1,2]})"_s, u"old.Old"_s);
}

/// The text alone gives exactly the same bytes.
void TestProtoFiles::reads()
{
    QFETCH(const QString, type);
    QFETCH(const QByteArray, bytes);
    const Decoded decoded = decode(bytes, chainOf(type));
    QVERIFY2(!decoded.problem, qPrintable(decoded.problem ? decoded.problem->words : QString()));
    QTEST(withoutSpace(decoded.text), "text");
    QVERIFY2(decoded.writable, qPrintable(decoded.whyNotWritable));
    QVERIFY(decoded.tree && !decoded.tree->isEmpty());
    const RoundTrip trip = proveRoundTrip(bytes, chainOf(type));
    QVERIFY2(trip.proof == RoundTrip::Proof::SameBytes, qPrintable(trip.words));
}

void TestProtoFiles::cutAnywhere()
{
    QFETCH(const QString, type);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, text);
    for (qsizetype length = 1; length < bytes.size(); ++length) {
        const Decoded decoded = decode(bytes.first(length), chainOf(type));
        QVERIFY(decoded.problem || withoutSpace(decoded.text) != text);
        if (decoded.problem)
            QVERIFY(decoded.problem->offset <= length);
    }
}

void TestProtoFiles::edits_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("written");
    const auto row = [](const char *name, const char *hex, const QString &text, const char *written) {
        QTest::newRow(name) << QByteArray::fromHex(hex) << text << QByteArray::fromHex(written);
    };
    row("a number", "2801", uR"({"i32":-2})"_s, "28feffffffffffffffff01");
    row("a name of an enum", "7001", uR"({"colour":"BLUE"})"_s, "70feffffffffffffffff01");
    row("a number of an enum", "7001", uR"({"colour":9})"_s, "7009");
    row("a field more", "2801", uR"({"i32":1,"s":"x"})"_s, "28014a0178");
    row("unknown fields survive", "2801f83f07", uR"({"i32":2,"1023":7})"_s, "2802f83f07");
    row("a list grows", "a2010101", uR"({"packed":[1,2]})"_s, "a201020102");
    row("a key of a map", "ba01050a01611001", uR"({"counts":{"b":1}})"_s, "ba01050a01621001");
    row("numbers as names of a map", "", uR"({"byId":{"7":{}}})"_s,
        "c201040807"
        "1200");
    row("a float as an integer", "15cdcccc3d", uR"({"f":3})"_s, "1500004040");
}

void TestProtoFiles::edits()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, text);
    QFETCH(const QByteArray, written);
    const Result<QByteArray> made = encode(text, chainOf(u"t.All"_s), bytes);
    QVERIFY2(made, qPrintable(made ? QString() : made.error().detail));
    QCOMPARE(made->toHex(), written.toHex());
    FormatChain packed = FormatChain::parse(u"gzip > protobuf:t.All"_s).value();
    packed.schema = sample();
    const auto outer = encode(text, packed, {});
    QVERIFY2(outer, qPrintable(outer ? QString() : outer.error().detail));
    QCOMPARE(decode(*outer, packed).inner, written);
}

void TestProtoFiles::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::newRow("no such field") << uR"({"nothing":1})"_s << u"has no field “nothing”"_s;
    QTest::newRow("int32") << uR"({"i32":2147483648})"_s << u"from -2147483648 to 2147483647"_s;
    QTest::newRow("uint32") << uR"({"u32":-1})"_s << u"from 0 to 4294967295"_s;
    QTest::newRow("uint64") << uR"({"u64":18446744073709551616})"_s << u"18446744073709551615"_s;
    QTest::newRow("int64") << uR"({"i64":9223372036854775808})"_s << u"9223372036854775807"_s;
    QTest::newRow("a fraction") << uR"({"i32":1.5})"_s << u"an integer"_s;
    QTest::newRow("a text for a number") << uR"({"i32":"1"})"_s << u"an integer"_s;
    QTest::newRow("a name that is none") << uR"({"colour":"GREEN"})"_s << u"a name of its enum"_s;
    QTest::newRow("a number for a text") << uR"({"s":1})"_s << u"a text"_s;
    QTest::newRow("a text for bytes") << uR"({"raw":"00"})"_s << u"$bytes"_s;
    QTest::newRow("a number for true") << uR"({"b":1})"_s << u"true or false"_s;
    QTest::newRow("null") << uR"({"s":null})"_s << u"a text"_s;
    QTest::newRow("no list") << uR"({"words":"a"})"_s << u"is a list"_s;
    QTest::newRow("no message") << uR"({"inner":5})"_s << u"is an object"_s;
    QTest::newRow("too large a float") << uR"({"f":1e39})"_s << u"fits into its type"_s;
    QTest::newRow("a key of a map") << uR"({"byId":{"x":{}}})"_s << u"an integer"_s;
    QTest::newRow("no object") << u"[1]"_s << u"is an object"_s;
    QTest::newRow("no number of a field") << uR"({"0":1})"_s << u"is not a field number"_s;
    QTest::newRow("no JSON") << u"{"_s << u"line 1"_s;
}

void TestProtoFiles::refuses()
{
    QFETCH(const QString, text);
    QFETCH(const QString, words);
    const auto bytes = encode(text, chainOf(u"t.All"_s), {});
    QVERIFY(!bytes);
    QVERIFY2(bytes.error().detail.contains(words), qPrintable(bytes.error().detail));
}

void TestProtoFiles::shownOnly_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("a number in more bytes than it needs") << QByteArray::fromHex("288100") << uR"({"i32":1})"_s;
    QTest::newRow("a key in more bytes than it needs") << QByteArray::fromHex("a88000"
                                                                              "01")
                                                       << uR"({"i32":1})"_s;
    QTest::newRow("more bits than an int32 has") << QByteArray::fromHex("2881808080"
                                                                        "10")
                                                 << uR"({"i32":1})"_s;
    QTest::newRow("true as two") << QByteArray::fromHex("4002") << uR"({"b":true})"_s;
    QTest::newRow("a length in two bytes") << QByteArray::fromHex("4a810061") << uR"({"s":"a"})"_s;
}

/// What cannot be written again as it was is shown, and not written.
void TestProtoFiles::shownOnly()
{
    QFETCH(const QByteArray, bytes);
    const Decoded decoded = decode(bytes, chainOf(u"t.All"_s));
    QVERIFY(!decoded.problem);
    QTEST(withoutSpace(decoded.text), "text");
    QVERIFY(!decoded.writable);
    QVERIFY(!decoded.whyNotWritable.isEmpty());
    QVERIFY(!encode(decoded.text + u' ', chainOf(u"t.All"_s), bytes));
}

void TestProtoFiles::notes()
{
    const auto noteOf = [](const char *hex, const QString &type) {
        const Decoded decoded = decode(QByteArray::fromHex(hex), chainOf(type));
        return decoded.notes.isEmpty() ? QString() : decoded.notes.first().text;
    };
    QVERIFY(noteOf("1005", u"old.Old"_s).contains(u"“name” of old.Old is missing"_s));
    QVERIFY(noteOf("28012802", u"t.All"_s).contains(u"“i32” of t.All is there more than once"_s));
    QVERIFY(noteOf("ca010161d00105", u"t.All"_s).contains(u"Several fields of “choice”"_s));
    QCOMPARE(noteOf("e80100", u"t.All"_s), QString());
    const Decoded many = decode(QByteArray::fromHex("5a0428012801").repeated(1000), chainOf(u"t.All"_s));
    QVERIFY(!many.notes.isEmpty() && many.notes.size() <= 20);
}

/// Fields that stand between others stay where they are.
void TestProtoFiles::wireOrderStays()
{
    const QByteArray bytes = QByteArray::fromHex("b20101612801b2010162a2010101a2010102");
    const Decoded decoded = decode(bytes, chainOf(u"t.All"_s));
    QCOMPARE(withoutSpace(decoded.text), uR"({"words":["a"],"i32":1,"words":["b"],"packed":[1],"packed":[2]})"_s);
    QVERIFY2(decoded.writable, qPrintable(decoded.whyNotWritable));
    const auto edited = encode(QString(decoded.text).replace(u"\"b\""_s, u"\"c\""_s), chainOf(u"t.All"_s), bytes);
    QVERIFY(edited);
    QCOMPARE(edited->toHex(), "b20101612801b2010163a2010101a2010102"_ba);
}

void TestProtoFiles::aTypeThatIsNotThere()
{
    const QByteArray bytes = QByteArray::fromHex("2801");
    for (const FormatChain &chain : {chainOf(u"no.Such"_s), chainOf(u"t.All"_s, nullptr)}) {
        const Decoded decoded = decode(bytes, chain);
        QCOMPARE(withoutSpace(decoded.text), uR"({"5":1})"_s);
        QVERIFY(!decoded.notes.isEmpty() && decoded.notes.first().text.contains(chain.steps.first().option));
        QCOMPARE(encode(uR"({"5":2})"_s, chain, bytes).value(), QByteArray::fromHex("2802"));
    }
}

/// The type of the values of a map is in no file: the entries are a list, read and written.
void TestProtoFiles::aMapOfAnUnknownType()
{
    const ProtoSchemaPtr schema = parseProtoFiles(
        {{u"a.proto"_s, "syntax = \"proto3\"; message A { map<string, Missing> m = 1; int32 n = 2; }"}});
    QCOMPARE(schema->problems.size(), 1);
    const FormatChain chain = chainOf(u"A"_s, schema);
    const QByteArray bytes = QByteArray::fromHex("0a060a01611201781005"); // the value is of an unknown type
    const Decoded decoded = decode(bytes, chain);
    QVERIFY2(decoded.writable, qPrintable(decoded.whyNotWritable));
    QCOMPARE(encode(decoded.text, chain, bytes).value_or("-"), bytes);
    const QString other = QString(decoded.text).replace(u"\"a\""_s, u"\"b\""_s);
    QCOMPARE(encode(other, chain, bytes).value_or("-"), QByteArray::fromHex("0a060a01621201781005"));
    for (const QString &text : {uR"({"m":{"a":{}}})"_s, uR"({"m":{"$map":[["a",{}]]}})"_s, uR"({"m":{}})"_s}) {
        const auto written = encode(text, chain, bytes);
        QVERIFY(!written && written.error().detail.contains(u"is a list"_s));
    }
}

void TestProtoFiles::deepValuesEnd()
{
    QByteArray deep;
    for (int i = 0; i < 2000; ++i) { // a type that holds itself
        QByteArray length;
        for (auto size = quint64(deep.size()); length.isEmpty() || size > 0; size >>= 7)
            length += char((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
        deep.prepend("\x5a" + length);
    }
    for (const QByteArray &bytes : {deep, QByteArray(300'000, '\x23') + QByteArray()}) {
        const Decoded decoded = decode(bytes, chainOf(bytes == deep ? u"t.All"_s : u"old.Old.Whole"_s));
        QVERIFY(decoded.problem);
        QVERIFY(!decoded.writable);
    }
    const Decoded groups = decode(QByteArray("\x23\x0a\x7f", 3).repeated(1000), chainOf(u"old.Old"_s));
    QVERIFY(groups.problem);
}

void TestProtoFiles::hostileValues()
{
    const auto hex = [](const char *text) { return QByteArray::fromHex(text); };
    for (const QByteArray &bytes :
         {hex("4affffffffffffffffff01"), hex("5affffffff0f"), hex("ba01ffffffff0f"), hex("a201ff01"), hex("a2010180"),
          hex("5a0209"), hex("5a010a"), hex("07"), hex("0600"), hex("00"), hex("ba01020a05"), hex("ba01060a01611001"),
          hex("ffffffffffffffffffff"), hex("5a03280150"), hex("5a0209000000000000f83f")}) {
        const Decoded decoded = decode(bytes, chainOf(u"t.All"_s));
        QVERIFY2(decoded.problem, bytes.toHex().constData());
        QVERIFY(!decoded.problem->words.isEmpty() && !decoded.writable && !decoded.text.isEmpty());
    }
    const FormatLimits small{.outputBytes = 1'000'000, .depth = 500, .nodes = 1000, .milliseconds = 60'000};
    const Decoded many = decode(hex("a20190") + hex("4e") + QByteArray(10'000, '\1'), chainOf(u"t.All"_s), small);
    QVERIFY(many.truncated && !many.writable);
    quint32 seed = 1; // bytes at random, and good ones with one changed
    const QByteArray good =
        hex("09000000000000f83f5a045a022801a2010401ac0203ba01050a01611001c20106080112022805f33f0801f43f");
    for (int round = 0; round < 4000; ++round) {
        QByteArray bytes = good;
        for (int i = 0; i <= round % 3; ++i) {
            seed = seed * 1664525 + 1013904223;
            bytes[qsizetype(seed >> 8) % bytes.size()] = char(seed >> 24);
        }
        const Decoded decoded = decode(bytes, chainOf(round % 2 ? u"t.All"_s : u"old.Old"_s), small);
        QVERIFY(!decoded.problem || !decoded.writable);
        if (decoded.writable)
            QCOMPARE(encode(decoded.text + u'\n', chainOf(round % 2 ? u"t.All"_s : u"old.Old"_s), bytes).value_or("-"),
                     bytes);
    }
}

void TestProtoFiles::foldersAndImports()
{
    QTemporaryDir folder, other;
    write(folder.filePath(u"acme/user.proto"_s),
          "syntax='proto3'; package acme; import 'acme/address.proto'; import 'google/protobuf/any.proto';"
          "message User { Address home = 1; google.protobuf.Any more = 2; }");
    write(folder.filePath(u"acme/address.proto"_s),
          "syntax='proto3'; package acme; message Address { string city = 1; }");
    write(folder.filePath(u"notes.txt"_s), "no .proto file");
    write(other.filePath(u"deep/shop/order.proto"_s),
          "syntax='proto3'; package shop; import 'shop/line.proto'; import 'acme/user.proto';"
          "message Order { repeated Line lines = 1; acme.User user = 2; }");
    write(other.filePath(u"deep/shop/line.proto"_s), "syntax='proto3'; package shop; message Line { int32 n = 1; }");
    const ProtoSchemaPtr schema = readProtoFolders({folder.path(), other.path()});
    QVERIFY2(schema->problems.isEmpty(), qPrintable(wordsOf(schema).join(u'\n')));
    QCOMPARE(schema->files, 4);
    QCOMPARE(schema->types(), QStringList({u"acme.Address"_s, u"acme.User"_s, u"shop.Line"_s, u"shop.Order"_s}));
    const Decoded decoded = decode(QByteArray::fromHex("0a02080512070a050a034e5943"), chainOf(u"shop.Order"_s, schema));
    QCOMPARE(withoutSpace(decoded.text), uR"({"lines":[{"n":5}],"user":{"home":{"city":"NYC"}}})"_s);
    // a single file, and a folder that is not there
    const ProtoSchemaPtr one = readProtoFolders({folder.filePath(u"acme/address.proto"_s), u"/no/such/folder"_s});
    QCOMPARE(one->types(), QStringList(u"acme.Address"_s));
    QVERIFY(wordsOf(one).first().startsWith(u"/no/such/folder: "_s));
    // copies of one file: the nearest one
    const QByteArray head = "syntax='proto3'; package ";
    const auto nearest =
        parseProtoFiles({{u"a/x/common.proto"_s, head + "a; message C { int32 a = 1; }"},
                         {u"b/x/common.proto"_s, head + "b; message C { int32 b = 1; }"},
                         {u"b/y/user.proto"_s, head + "b; import 'x/common.proto'; message U { C c = 1; }"}});
    QVERIFY2(nearest->problems.isEmpty(), qPrintable(wordsOf(nearest).join(u'\n')));
    QCOMPARE(withoutSpace(decode(QByteArray::fromHex("0a020801"), chainOf(u"b.U"_s, nearest)).text),
             uR"({"c":{"b":1}})"_s);
    // the user's own copy of a file that comes with protobuf
    const auto own = parseProtoFiles(
        {{u"any.proto"_s, head + "acme; message Any { int32 n = 1; }"},
         {u"lib/google/protobuf/duration.proto"_s, head + "google.protobuf; message Duration { int32 own = 1; }"},
         {u"use.proto"_s,
          head
              + "u; import 'google/protobuf/duration.proto'; import 'google/protobuf/any.proto';"
                "message U { google.protobuf.Duration d = 1; google.protobuf.Any a = 2; }"}});
    QVERIFY2(own->problems.isEmpty(), qPrintable(wordsOf(own).join(u'\n')));
    QCOMPARE(withoutSpace(decode(QByteArray::fromHex("0a02080112030a0161"), chainOf(u"u.U"_s, own)).text),
             uR"({"d":{"own":1},"a":{"type_url":"a"}})"_s);
    // the folder below that from which the imports count
    QCOMPARE(readProtoFolders({folder.filePath(u"acme"_s)})->problems.size(), 0);
}

void TestProtoFiles::errorsHaveAPlace()
{
    const auto wordsWith = [](const QByteArray &text) {
        return wordsOf(parseProtoFiles({{u"bad.proto"_s, text}})).join(u'\n');
    };
    const QString syntax = wordsWith("syntax = \"proto3\";\nmessage A {\n  int32 = 1;\n}\n");
    QVERIFY2(syntax.startsWith(u"bad.proto:3:9: Expected field name"_s), qPrintable(syntax));
    const QString twice = wordsWith("syntax = \"proto3\";\nmessage A {\n  int32 a = 1;\n  int32 b = 1;\n}\n");
    QVERIFY2(twice.startsWith(u"bad.proto:4:13: "_s) && twice.contains(u"already been used"_s), qPrintable(twice));
    const QString import = wordsWith("syntax = \"proto3\";\nimport \"missing.proto\";\nmessage A { int32 a = 1; }\n");
    QVERIFY2(import.startsWith(u"bad.proto:2:1: the import “missing.proto” was not found"_s), qPrintable(import));
    const QString type = wordsWith("syntax = \"proto3\";\nmessage A {\n  Strng s = 1;\n}\n");
    QVERIFY2(type.contains(u"bad.proto:3:3: "_s) && type.contains(u"Strng"_s), qPrintable(type));
    QVERIFY(wordsWith("\xff\xfe").contains(u"bad.proto:1:1: "_s));
}

void TestProtoFiles::badFilesLeaveTheOthers()
{
    const ProtoSchemaPtr schema = parseProtoFiles(
        {{u"bad.proto"_s, "syntax = \"proto3\"; message Bad { oops }"},
         {u"good.proto"_s, "syntax = \"proto3\"; import \"bad.proto\"; message Good { int32 n = 1; Bad bad = 2; }"},
         {u"circle1.proto"_s, "syntax = \"proto3\"; import \"circle2.proto\"; message One { }"},
         {u"circle2.proto"_s, "syntax = \"proto3\"; import \"circle1.proto\"; message Two { }"},
         {u"again.proto"_s, "syntax = \"proto3\"; message Good { }"}});
    QVERIFY(schema->message(u"Good"_s) != nullptr);
    QVERIFY(schema->message(u"Bad"_s) == nullptr);
    QCOMPARE(withoutSpace(decode(QByteArray::fromHex("080512020801"), chainOf(u"Good"_s, schema)).text),
             uR"({"n":5,"2":{"1":1}})"_s);
    const QString words = wordsOf(schema).join(u'\n');
    QVERIFY2(words.contains(u"bad.proto:1:"_s)
                 && words.contains(u"good.proto:1:20: the import “bad.proto” has errors"_s)
                 && words.contains(u"again.proto:1:"_s),
             qPrintable(words));
}

/// Options of other tools need files that are often not there, and are of no use here.
void TestProtoFiles::optionsOfOthersAreLeftOut()
{
    const ProtoSchemaPtr schema = parseProtoFiles(
        {{u"a.proto"_s,
          "syntax = \"proto3\"; import \"validate/validate.proto\";\n"
          "option (x.file) = { a: { b: 1 } };\n"
          "message A { option (x.m).y = true; repeated int32 n = 1 [(x.f) = {min: 1}, packed = false];\n"
          "  oneof o { option (x.o) = 1; string s = 2; } }\n"
          "enum E { option allow_alias = true; X = 0 [(x.v) = \"a\"]; Y = 0; }\n"
          "service S { rpc Do(A) returns (A) { option (http) = { get: \"/\" }; } }\n"}});
    QCOMPARE(schema->problems.size(), 1); // the import
    const ProtoMessage *type = schema->message(u"A"_s);
    QVERIFY(type != nullptr && !type->field(1)->packed && type->field(2)->oneof == 0);
}

void TestProtoFiles::hostileFiles()
{
    constexpr int deep = 100'000;
    const QByteArray head = "syntax = \"proto3\";\n";
    QList<ProtoText> texts; // each file imports the next one
    for (int i = 0; i < 3000; ++i)
        texts += {u"f%1.proto"_s.arg(i), head + "import \"f" + QByteArray::number(i + 1) + ".proto\";"};
    QCOMPARE(parseProtoFiles(texts)->problems.size(), 1);
    const QList<QByteArray> hostile{head + QByteArray("message A {").repeated(deep),
                                    head + "option (a) = " + QByteArray("{ a ").repeated(deep),
                                    head + "option (a) = " + QByteArray("{ a ").repeated(deep)
                                        + QByteArray("}").repeated(deep) + ";",
                                    head + "message A { option (a) = " + QByteArray("{ a <").repeated(deep) + "; }",
                                    head + QByteArray("import \"a.proto\";").repeated(deep),
                                    QByteArray(deep, '('),
                                    QByteArray(deep, '\0'),
                                    head + "message A { " + QByteArray("oneof a { group B = 1 {").repeated(deep),
                                    head + QByteArray("option (a) = 1;").repeated(deep),
                                    head + "message A { reserved 1 to 536870911; }",
                                    "syntax = \"proto9\"; message A {}",
                                    head + "message A { int32 a = 536870912; int32 b = 0; int32 c = 19000; }",
                                    head + "enum E {}",
                                    head + "message " + QByteArray(deep, 'A') + " {}"};
    for (const QByteArray &text : hostile) {
        const ProtoSchemaPtr schema = parseProtoFiles({{u"a.proto"_s, text}});
        QVERIFY(schema->files <= 1 && schema->problems.size() <= 3000);
    }
}

void TestProtoFiles::problemsAreBounded()
{
    QList<ProtoText> texts;
    for (int i = 0; i < 3000; ++i)
        texts += {u"f%1.proto"_s.arg(i), "syntax = \"proto3\"; import \"missing.proto\"; message M { oops }"};
    const ProtoSchemaPtr schema = parseProtoFiles(texts);
    QCOMPARE(schema->problems.size(), mostProtoProblems);
    QVERIFY(schema->problems.last().words.startsWith(u"there are more than 2,000 problems"_s));
    std::stop_source stop;
    stop.request_stop();
    const ProtoSchemaPtr none = parseProtoFiles(texts, {}, stop.get_token());
    QVERIFY(none->messages.isEmpty() && none->problems.isEmpty() && none->files == 0);
}

void TestProtoFiles::limitsOfFolders()
{
    QTemporaryDir folder;
    for (int i = 0; i < 20; ++i)
        write(folder.filePath(u"f%1.proto"_s.arg(i)), "syntax = \"proto3\";" + QByteArray(1000, ' '));
    ProtoLimits limits;
    limits.files = 5;
    QCOMPARE(readProtoFolders({folder.path()}, limits)->files, 5);
    limits = {};
    limits.bytes = 3500;
    QCOMPARE(readProtoFolders({folder.path()}, limits)->files, 3);
    limits = {};
    limits.bytesOfFile = 500;
    const ProtoSchemaPtr none = readProtoFolders({folder.path()}, limits);
    QCOMPARE(none->files, 0);
    QCOMPARE(none->problems.size(), 20);
    limits = {};
    limits.entries = 7;
    QCOMPARE(readProtoFolders({folder.path()}, limits)->files, 7);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(readProtoFolders({folder.path()}, {}, stop.get_token())->files, 0);
    QVERIFY(QFile::link(u"/etc"_s, folder.filePath(u"link"_s))); // folders elsewhere are not followed
    QCOMPARE(readProtoFolders({folder.path()})->files, 20);
}

void TestProtoFiles::threadsShareASchema()
{
    const QByteArray bytes = QByteArray::fromHex("5a045a022801ba01050a01611001");
    const QString wanted = decode(bytes, chainOf(u"t.All"_s)).text;
    std::atomic<int> same = 0;
    QList<QThread *> threads;
    for (int i = 0; i < 4; ++i)
        threads += QThread::create([&] {
            for (int round = 0; round < 200; ++round) {
                const bool fresh = round % 50 == 0; // parsing beside reading
                const ProtoSchemaPtr schema = fresh ? parseProtoFiles({{u"t/all.proto"_s, typesProto}}) : sample();
                same += decode(bytes, chainOf(u"t.All"_s, schema)).text == wanted ? 1 : 0;
            }
        });
    for (QThread *thread : threads)
        thread->start();
    for (QThread *thread : threads) {
        thread->wait();
        delete thread;
    }
    QCOMPARE(same.load(), 800);
}

SLOTSCOPE_TEST(TestProtoFiles)
#include "tst_protofiles.moc"
