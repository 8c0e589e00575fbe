// SPDX-License-Identifier: GPL-3.0-or-later
// Keys in files: what goes out comes in again, byte for byte; and names beside a key stay in its slot.
#include "core/base/bytesjson.h"
#include "core/cluster/slot.h"
#include "core/transfer/keylines.h"
#include "core/transfer/keypiecewriter.h"
#include "core/transfer/temporaryname.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

PieceItem item(const QByteArray &name, const QByteArray &value = {}, qint64 expireAt = -1)
{
    PieceItem made;
    made.name = name;
    made.value = value;
    made.expireAt = expireAt;
    return made;
}

KeyPiece pieceOf(const QByteArray &word, const QByteArray &key = "k\xff\0x"_ba)
{
    KeyPiece piece;
    piece.key = key;
    piece.typeWord = word;
    piece.type = valueTypeOf(word);
    return piece;
}

KeyPiece streamPiece()
{
    KeyPiece piece = pieceOf("stream"_ba);
    PieceItem entry = item("5-1"_ba);
    entry.fields = {{"f"_ba, "\xfe"_ba}, {"f"_ba, ""_ba}}; // a stream entry may contain the same field twice
    piece.items.push_back(entry);
    StreamState state;
    state.lastId = "9-0"_ba;
    state.maxDeletedId = "8-0"_ba;
    state.entriesAdded = 7;
    StreamState::Group group;
    group.name = "g\n"_ba;
    group.lastDelivered = "5-1"_ba;
    group.entriesRead = 1;
    group.consumers = {"c"_ba};
    group.pending = {{"5-1"_ba, "c"_ba, 1'700'000'000'000, 3}};
    state.groups.append(group);
    piece.stream = state;
    return piece;
}

} // namespace

class TestKeyLines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bytesComeBack();
    void piecesComeBack_data();
    void piecesComeBack();
    void wrongLinesAreNamed_data();
    void wrongLinesAreNamed();
    void commandsAreAsRedisCliReadsThem();
    void streamsAreRebuiltAsAnAofIs();
    void cellsAreQuoted();
    void temporaryNamesStayInTheSlot();
    void digestsDoNotKnowOrderOrCuts();
};

void TestKeyLines::bytesComeBack()
{
    for (const QByteArray &bytes : {""_ba, "plain"_ba, "\xef\xbb\xbfmark"_ba, "\0"_ba, "\xff\xfe"_ba, "grüße"_ba,
                                    "\xed\xa0\x80"_ba, "\xf0\x9f\x98\x80"_ba, "\xef\xbf\xbf"_ba})
        QCOMPARE(bytesOfJson(jsonOfBytes(bytes)), std::optional(bytes));
    QVERIFY(jsonOfBytes("\xef\xbb\xbfmark"_ba).isString());
    QVERIFY(!bytesOfJson(QJsonValue(7)));
}

void TestKeyLines::piecesComeBack_data()
{
    QTest::addColumn<KeyPiece>("piece");
    KeyPiece string = pieceOf("string"_ba);
    string.bytes = QByteArray(1000, '\xff');
    string.expireAt = 1'900'000'000'123;
    QTest::newRow("string") << string;
    KeyPiece part = string;
    part.part = 3;
    part.isLast = false;
    QTest::newRow("a part") << part;
    KeyPiece hash = pieceOf("hash"_ba);
    hash.items = {item("f"_ba, "\0\xff"_ba), item(""_ba, ""_ba, 1'900'000'000'000)};
    hash.changed = true;
    QTest::newRow("hash") << hash;
    KeyPiece zset = pieceOf("zset"_ba);
    zset.items = {item("m"_ba, "-inf"_ba), item("n"_ba, "9007199254740993"_ba), item("o"_ba, "1e-320"_ba)};
    QTest::newRow("zset") << zset;
    KeyPiece list = pieceOf("list"_ba);
    list.items = {item("a"_ba), item("a"_ba)};
    QTest::newRow("list") << list;
    KeyPiece set = pieceOf("set"_ba);
    set.items = {item("\x80"_ba)};
    QTest::newRow("set") << set;
    QTest::newRow("stream") << streamPiece();
    KeyPiece module = pieceOf("MBbloom--"_ba);
    module.isPayload = true;
    module.bytes = "\x07\x81\x00payload"_ba;
    QTest::newRow("module") << module;
}

void TestKeyLines::piecesComeBack()
{
    QFETCH(const KeyPiece, piece);
    const QByteArray line = jsonLineOf(piece);
    QVERIFY(!line.contains('\n'));
    const auto read = keyLineOf(line);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().detail));
    QVERIFY(read->piece == piece);
    QCOMPARE(jsonLineOf(read->piece), line);
}

void TestKeyLines::wrongLinesAreNamed_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("cut") << R"({"key":"a","type":"str)"_ba << u"not JSON"_s;
    QTest::newRow("array") << "[1]"_ba << u"not a JSON object"_s;
    QTest::newRow("no key") << R"({"type":"string","value":"x"})"_ba << u"key"_s;
    QTest::newRow("no value") << R"({"key":"a","type":"string"})"_ba << u"value"_s;
    QTest::newRow("bad base64") << R"({"key":"a","type":"string","value":{"base64":"!"}})"_ba << u"value"_s;
    QTest::newRow("no type") << R"({"key":"a","value":"x"})"_ba << u"type"_s;
    QTest::newRow("odd score") << R"({"key":"a","type":"zset","items":[["m",1]]})"_ba << u"items"_s;
    QTest::newRow("no state") << R"({"key":"a","type":"stream","items":[]})"_ba << u"stream"_s;
    QTest::newRow("negative expiry") << R"({"key":"a","type":"string","value":"x","expireAt":-5})"_ba << u"expireAt"_s;
    QTest::newRow("newer") << R"({"slotscope":"keys","version":2})"_ba << u"version 2"_s;
}

void TestKeyLines::wrongLinesAreNamed()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, says);
    const auto read = keyLineOf(line);
    QVERIFY(!read);
    QVERIFY2(read.error().detail.contains(says), qPrintable(read.error().detail));
}

void TestKeyLines::commandsAreAsRedisCliReadsThem()
{
    KeyPiece hash = pieceOf("hash"_ba, "a b"_ba);
    hash.items = {item("f\n"_ba, "\xff"_ba)};
    hash.expireAt = 1'900'000'000'000;
    QCOMPARE(commandLinesOf(hash),
             "DEL \"a b\"\nHSET \"a b\" \"f\\n\" \"\\xff\"\nPEXPIREAT \"a b\" 1900000000000\n"_ba);
    KeyPiece string = pieceOf("string"_ba, "s"_ba);
    string.bytes = ""_ba;
    QCOMPARE(commandLinesOf(string), "SET s \"\"\n"_ba);
    string.part = 1;
    string.bytes = "x"_ba;
    QCOMPARE(commandLinesOf(string), "APPEND s x\n"_ba);
}

void TestKeyLines::streamsAreRebuiltAsAnAofIs()
{
    const std::vector<Command> commands = commandsFor(streamPiece(), "s"_ba);
    QCOMPARE(commands.size(), 5);
    QCOMPARE(commands[0], (Command{"XADD"_ba, "s"_ba, "5-1"_ba, "f"_ba, "\xfe"_ba, "f"_ba, ""_ba}));
    QCOMPARE(commands[1],
             (Command{"XSETID"_ba, "s"_ba, "9-0"_ba, "ENTRIESADDED"_ba, "7"_ba, "MAXDELETEDID"_ba, "8-0"_ba}));
    QCOMPARE(commands[4].mid(0, 6), (Command{"XCLAIM"_ba, "s"_ba, "g\n"_ba, "c"_ba, "0"_ba, "5-1"_ba}));
    KeyPiece empty = streamPiece();
    empty.items.clear();
    QCOMPARE(commandsFor(empty, "s"_ba).front().mid(0, 5), (Command{"XADD"_ba, "s"_ba, "MAXLEN"_ba, "0"_ba, "9-0"_ba}));
}

void TestKeyLines::cellsAreQuoted()
{
    KeyPiece hash = pieceOf("hash"_ba, "a,b"_ba);
    hash.items = {item("say \"hi\""_ba, "two\nlines"_ba), item("\xff"_ba, " blank "_ba)};
    QCOMPARE(csvLinesOf(hash, 0),
             "\"a,b\",hash,,\"say \"\"hi\"\"\",\"two\nlines\",\r\n"
             "\"a,b\",hash,,\"\"\"\\xff\"\"\",\" blank \",\r\n"_ba);
    KeyPiece list = pieceOf("list"_ba, "l"_ba);
    list.items = {item("x"_ba)};
    list.expireAt = 0;
    QCOMPARE(csvLinesOf(list, 7), "l,list,1970-01-01T00:00:00.000Z,7,x,\r\n"_ba);
}

void TestKeyLines::temporaryNamesStayInTheSlot()
{
    for (const QByteArray &key : {""_ba, "plain"_ba, "{tag}rest"_ba, "a{"_ba, "a{}b"_ba, "}{"_ba, "{x"_ba, "{{x}}"_ba,
                                  "x}"_ba, "\0{\xff}"_ba}) {
        const QByteArray name = temporaryNameFor(key, 12345);
        QCOMPARE(slotOfKey(name), slotOfKey(key));
        QVERIFY(name != key);
        QVERIFY(name != temporaryNameFor(key, 12346));
    }
    // keeps the prefix, on which the user's permissions may depend
    QVERIFY(temporaryNameFor("app:1"_ba, 1).startsWith("app:1"));
}

void TestKeyLines::digestsDoNotKnowOrderOrCuts()
{
    const auto digest = [](const std::vector<KeyPiece> &pieces) {
        ValueDigest made;
        for (const KeyPiece &piece : pieces)
            made.add(piece);
        return made;
    };
    KeyPiece hash = pieceOf("hash"_ba), turned = hash, other = hash;
    hash.items = {item("a"_ba, "1"_ba), item("b"_ba, "2"_ba)};
    turned.items = {item("b"_ba, "2"_ba), item("a"_ba, "1"_ba)};
    other.items = {item("a"_ba, "2"_ba), item("b"_ba, "1"_ba)};
    QVERIFY(digest({hash}).isEqual(digest({turned})));
    QVERIFY(!digest({hash}).isEqual(digest({other})));
    KeyPiece later = hash;
    later.expireAt = 5000;
    QVERIFY(!digest({hash}).isEqual(digest({later})));
    KeyPiece first = hash, second = hash;
    first.isLast = false;
    second.part = 1; // a scan returned b twice
    second.items = {item("b"_ba, "2"_ba)};
    QVERIFY(digest({first, second}).isEqual(digest({hash})));
    KeyPiece list = pieceOf("list"_ba), listTurned = list;
    list.items = {item("a"_ba), item("b"_ba)};
    listTurned.items = {item("b"_ba), item("a"_ba)};
    QVERIFY(!digest({list}).isEqual(digest({listTurned})));
    KeyPiece zset = pieceOf("zset"_ba), newer = zset;
    zset.items = {item("m"_ba, "1.1000000000000001"_ba)};
    newer.items = {item("m"_ba, "1.1"_ba)}; // the same number as newer servers format it
    QVERIFY(digest({zset}).isEqual(digest({newer})));
    KeyPiece whole = pieceOf("string"_ba), left = whole, right = whole, changed = whole;
    whole.bytes = QByteArray(200'000, 'x') + 'y';
    left.bytes = whole.bytes.left(70'001);
    right.bytes = whole.bytes.mid(70'001);
    changed.bytes = QByteArray(200'000, 'x') + 'z';
    QVERIFY(digest({whole}).isEqual(digest({left, right})));
    QVERIFY(!digest({whole}).isEqual(digest({changed})));
}

SLOTSCOPE_TEST(TestKeyLines)
#include "tst_keylines.moc"
