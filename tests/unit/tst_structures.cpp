// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/formats.h"
#include "core/formats/tree.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

enum Kept { Writable, Readable };

/// Removes the whitespace of the layout. In the samples no text contains whitespace except after a word in brackets.
QString inOneLine(const QString &text)
{
    QString out;
    bool quoted = false;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == u'"' && (at == 0 || text[at - 1] != u'\\'))
            quoted = !quoted;
        if (quoted || !text[at].isSpace())
            out += text[at];
    }
    return out;
}

} // namespace

/// Decoding of samples that were made by the formats' own libraries, or by hand according to their specifications.
class TestStructures final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void cutAnywhere_data() { reads_data(); }
    void cutAnywhere();
    void edits_data();
    void edits();
    void refuses_data();
    void refuses();
    void hostile_data();
    void hostile();
};

void TestStructures::reads_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kept");
    const auto row = [](const char *name, const char *chain, const char *hex, const QString &text,
                        Kept kept = Writable) {
        QTest::newRow(name) << QString::fromLatin1(chain) << QByteArray::fromHex(hex) << text << int(kept);
    };
    row("Java: a map, a list, a big number", "java",
        "aced0005737200176a6176612e7574696c2e4c696e6b6564486173684d617034c04e5c106cc0fb0200015a000b6163636573734f726465"
        "72787200116a6176612e7574696c2e486173684d61700507dac1c31660d103000246000a6c6f6164466163746f72490009746872657368"
        "6f6c6478703f4000000000000c770800000010000000037400016e737200116a6176612e6c616e672e496e746567657212e2a0a4f78187"
        "3802000149000576616c7565787200106a6176612e6c616e672e4e756d62657286ac951d0b94e08b0200007870000000057400016c7372"
        "00136a6176612e7574696c2e41727261794c6973747881d21d99c7619d03000149000473697a6578700000000277040000000274000178"
        "740008c080eda0bdedb8807874000162737200146a6176612e6d6174682e426967496e74656765728cfc9f1fa93bfb1d03000649000862"
        "6974436f756e744900096269744c656e67746849001366697273744e6f6e7a65726f427974654e756d49000c6c6f776573745365744269"
        "744900067369676e756d5b00096d61676e69747564657400025b427871007e0005fffffffffffffffffffffffefffffffeffffffff7572"
        "00025b42acf317f8060854e00200007870000000020100787800",
        uR"({"$object":"java.util.LinkedHashMap","items":{"n":5,"l":{"$object":"java.util.ArrayList","items":["x","\u0000😀"]},"b":{"$object":"java.math.BigInteger","text":"-256"}}})"_s,
        Readable);
    row("V8", "v8",
        "ff0f6f220161490222016261044900490249042201e949066302226f40030422016d3b49026f7b003a0222016e5a110500000000000000"
        "2201735e007b05",
        uR"({"a":1,"b":[1,{"$hole":true},"é","漢"],"m":{"$map":[[1,{}]]},"n":{"$bigint":-5},"s":{"$ref":"root"}})"_s,
        Readable);
    row("pickle 2: a list that holds itself", "pickle", "80025d7100284b016800652e", uR"([1,{"$ref":"root"}])"_s,
        Readable);
    row("pickle 0", "pickle",
        "286470300a56610a70310a286c70320a49310a614930310a614e6146322e350a617356620a70330a565c75303137630a70340a732e",
        uR"({"a":[1,true,null,2.5],"b":"ż"})"_s, Readable);
    row("pickle 4: set, bytes, tuple, big", "pickle",
        "80049519000000000000008f94284b0790430200ff948a0900000000000000004087942e",
        uR"({"$tuple":[{"$set":[7]},{"$bytes":"00ff"},1180591620717411303424]})"_s, Readable);
    row("pickle 5: dates and a decimal", "pickle",
        "80059594000000000000005d94288c086461746574696d65948c086461746574696d65949394430a07ea0101091e0f03d0909468018c08"
        "74696d657a6f6e6594939468018c0974696d6564656c74619493944b004d907e4b0087945294859452948694529468018c046461746594"
        "9394430407ea021c94859452948c07646563696d616c948c07446563696d616c9493948c0531392e39309485945294652e",
        uR"([{"$time":"2026-01-01T09:30:15.250000+09:00"},{"$date":"2026-02-28"},{"$decimal":"19.90"}])"_s, Readable);
    row("pickle: a call, only shown", "pickle",
        "8002635f5f6275696c74696e5f5f0a6576616c0a71005803000000312f3071018571025271032e",
        uR"({"$call":"__builtin__.eval","args":["1/0"]})"_s, Readable);
    row("pickle: OrderedDict", "pickle",
        "800263636f6c6c656374696f6e730a4f726465726564446963740a71002952710158010000006171024b01732e",
        uR"({"$object":"collections.OrderedDict","args":[],"items":{"a":1}})"_s, Readable);
    row("Marshal: symbols, a text in Latin-1, a link", "ruby-marshal",
        "04085b083a06613b00492206e9063a0d656e636f64696e67220f49534f2d383835392d31",
        uR"([{"$symbol":"a"},{"$symbol":"a"},"é"])"_s, Readable);
    row("pickle: an array of NumPy", "pickle",
        "8003636e756d70792e636f72652e6d756c746961727261790a5f7265636f6e7374727563740a636e756d70790a6e6461727261790a4b00"
        "854301628752284b014b014b0286636e756d70790a64747970650a5802000000663489888752284b0358010000003c4e4e4e4affffffff"
        "4affffffff4b0074628943080000803fcdcccc3d74622e",
        uR"({"$ndarray":{"dtype":"<f4","shape":[1,2],"data":[[1.0,0.1]]}})"_s, Readable);
    row("igbinary: a text met again", "igbinary", "000000021402060011016106010e00", uR"(["a","a"])"_s, Readable);
    row("PHP: lists, keys, floats", "php-serialize",
        "613a333a7b693a303b643a313b733a313a226b223b643a312e30452b32353b693a353b613a323a7b693a303b623a313b693a313b4e3b7d"
        "7d",
        uR"({"$map":[[0,1.0],["k",1e+25],[5,[true,null]]]})"_s);
    row("PHP: bytes, not characters", "php-serialize", "733a333a22c5bc21223b", uR"("ż!")"_s);
    row("PHP: an object with private names", "php-serialize",
        "4f3a313a2241223a323a7b733a343a2200410078223b693a313b733a343a22002a0079223b723a313b7d",
        uR"({"$object":"A","props":{"private(A) x":1,"protected y":{"$ref":1}}})"_s);
    row("PHP: an old float's digits", "php-serialize", "643a302e31303030303030303030303030303030313b",
        uR"({"$float":"0.10000000000000001"})"_s);
    row("PHP session", "php-session", "617c693a313b627c733a303a22223b", uR"({"a":1,"b":""})"_s);
    row("CBOR: widths and floats", "cbor", "85180119000af93e00fb3ff199999999999a3bffffffffffffffff",
        uR"([{"$int8":1},{"$int16":10},{"$float16":1.5},1.1,-18446744073709551616])"_s);
    row("CBOR: without lengths", "cbor", "bf61619f0102ff61625f41014102ffff",
        uR"({"$indefinite_map":{"a":{"$indefinite_array":[1,2]},"b":{"$chunks":[{"$bytes":"01"},{"$bytes":"02"}]}}})"_s);
    row("CBOR: tags, a big number, odd keys", "cbor", "a301c249010000000000000000f5f76174c11a514b67b0",
        uR"({"$map":[[1,18446744073709551616],[true,{"$undefined":true}],["t",{"$tag":[1,1363896240]}]]})"_s);
    row("CBOR: a NaN with a payload", "cbor", "81fb7ff8000000000001", uR"([{"$float_bits":"7ff8000000000001"}])"_s);
    row("BSON: types", "bson",
        "3c00000010690005000000126c0005000000000000000164000000000000001440097400538889799b010000076f000001020304050607"
        "08090a0b00",
        uR"({"i":5,"l":{"$long":5},"d":5.0,"t":{"$time":"2026-01-01T12:30:15.123Z"},"o":{"$oid":"000102030405060708090a0b"}})"_s);
    row("BSON: a decimal, an array", "bson",
        "27000000136e0039300000000000000000000000003c300461000c0000000a3000083100010000",
        uR"({"n":{"$decimal":"123.45"},"a":[null,true]})"_s);
    row("BSON: repeated names", "bson", "0b0000000a61000a610000", uR"({"a":null,"a":null})"_s);
    row("protobuf: guesses", "protobuf", "08ffffffffffffffffff011206c3a5c3a5c3a51a0208012100000000000011402a02fffe",
        uR"({"1":18446744073709551615,"2":"ååå","3":{"1":1},"4":{"$double":4.25},"5":{"$bytes":"fffe"}})"_s);
    row("MessagePack: a number wider than needed", "msgpack", "92cd0005d3ffffffffffffffff",
        uR"([{"$uint16":5},{"$int64":-1}])"_s);
    row("MessagePack: several values", "msgpack", "9101c0", uR"({"$stream":[[1],null]})"_s);
    row("MessagePack: times", "msgpack", "91d6ff6955b900",
        uR"([{"$time":"2026-01-01T00:00:00.000000000Z","seconds":1767225600,"nanoseconds":0}])"_s);
    row("MessagePack: a text that is none", "msgpack", "91a2ff41", uR"([{"$string":"ff41"}])"_s);
    row("MessagePack: a key like a tag", "msgpack", "81a424696e7401", uR"({"$map":[["$int",1]]})"_s);
    row("vector", "float32", "cdcccc3d000000800000807f", uR"([0.1,-0.0,{"$float":"Infinity"}])"_s);
    row("HyperLogLog, sparse, never counted", "hyperloglog", "48594c4c0100000000000000000000807fff",
        uR"({"encoding":"sparse","approximate_count":0})"_s, Readable);
}

/// A writable value is encoded from the text alone to exactly the same bytes.
void TestStructures::reads()
{
    QFETCH(const QString, chain);
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, kept);
    const FormatChain steps = FormatChain::parse(chain).value();
    const Decoded decoded = decode(bytes, steps);
    QVERIFY2(!decoded.problem, qPrintable(decoded.problem ? decoded.problem->words : QString()));
    QTEST(inOneLine(decoded.text), "text");
    QCOMPARE(decoded.writable, kept == Writable);
    QCOMPARE(decoded.whyNotWritable.isEmpty(), decoded.writable);
    if (kept == Writable) {
        const RoundTrip trip = proveRoundTrip(bytes, steps);
        QVERIFY2(trip.proof == RoundTrip::Proof::SameBytes, qPrintable(trip.words));
    }
}

/// A value cut at any byte causes an error, or decodes to something shorter (for example in a stream or a message), but
/// never to the whole.
void TestStructures::cutAnywhere()
{
    QFETCH(const QString, chain);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, text);
    const FormatChain steps = FormatChain::parse(chain).value();
    for (qsizetype length = 1; length < bytes.size(); ++length) {
        const Decoded decoded = decode(bytes.first(length), steps);
        QVERIFY(decoded.problem || inOneLine(decoded.text) != text);
        if (decoded.problem)
            QVERIFY(decoded.problem->offset <= length);
    }
}

void TestStructures::edits_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char *chain, const QString &before, const QString &after) {
        QTest::newRow(chain) << QString::fromLatin1(chain) << before << after;
    };
    row("msgpack", u"{\"a\":[1,2.5]}"_s, u"{\"a\":[70000,{\"$float32\":0.5},{\"$ext\":[5,\"00\"]},-3000000000]}"_s);
    row("gzip > cbor", u"[1]"_s, u"{\"k\":[{\"$tag\":[37,{\"$bytes\":\"00\"}]},-5,1e300]}"_s);
    row("bson", u"{\"a\":1}"_s, u"{\"a\":{\"$long\":9007199254740993},\"r\":{\"$regex\":[\"^a\",\"i\"]}}"_s);
    row("php-serialize", u"[1]"_s, u"{\"a\":{\"$object\":\"B\",\"props\":{\"protected x\":[]}}}"_s);
    row("zstd > protobuf", u"{\"1\":5}"_s, u"{\"1\":5,\"2\":{\"1\":\"é\",\"3\":{\"$fixed32\":7}}}"_s);
    row("php-session", u"{\"a\":1}"_s, u"{\"a\":{\"b\":\"ü\"}}"_s);
    row("uuid", u"3f2b8c1e-9d4a-4e6f-8a1b-2c3d4e5f6071"_s, u"00000000-0000-4000-8000-000000000001"_s);
    row("ip", u"2001:db8::ff00:42:8329"_s, u"192.0.2.55"_s);
}

/// A value is encoded from one text, then edited into another text, and decodes to the latter.
void TestStructures::edits()
{
    QFETCH(const QString, chain);
    QFETCH(const QString, before);
    QFETCH(const QString, after);
    const FormatChain steps = FormatChain::parse(chain).value();
    const auto made = encode(before, steps, {});
    QVERIFY2(made, qPrintable(made ? QString() : made.error().detail));
    QCOMPARE(inOneLine(decode(*made, steps).text), before);
    const auto edited = encode(after, steps, *made);
    QVERIFY2(edited, qPrintable(edited ? QString() : edited.error().detail));
    QCOMPARE(inOneLine(decode(*edited, steps).text), inOneLine(after).replace(u"1e300"_s, u"1e+300"_s));
}

void TestStructures::refuses_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *chain, const char *text) {
        QTest::addRow("%s: %s", chain, text) << QString::fromLatin1(chain) << QString::fromLatin1(text);
    };
    row("cbor", "1e400");
    row("cbor", "{\"$simple\":24}");
    row("cbor", "{\"$tag\":[-1,0]}");
    row("cbor", "{\"$chunks\":[1]}");
    row("cbor", "{\"$float16\":0.1}");
    row("bson", "[1]");
    row("bson", "{\"a\":3000000000}");
    row("bson", "{\"$oid\":\"00\"}");
    row("bson", "{\"a\":{\"$oid\":\"00\"}}");
    row("php-serialize", "9223372036854775808");
    row("php-serialize", "{\"$object\":\"A\"}");
    row("php-serialize", "{\"$map\":[[1.5,1]]}");
    row("php-session", "{\"a|b\":1}");
    row("protobuf", "{\"name\":1}");
    row("protobuf", "{\"1\":1.5}");
    row("protobuf", "{\"0\":1}");
    row("pickle", "[1]");
    row("java", "[1]");
    row("float32", "[\"x\"]");
    row("uuid", "123");
    row("ip", "1.2.3");
    row("time", "soon");
}

void TestStructures::refuses()
{
    QFETCH(const QString, chain);
    QFETCH(const QString, text);
    const auto bytes = encode(text, FormatChain::parse(chain).value(), {});
    QVERIFY(!bytes);
    QVERIFY(!bytes.error().detail.isEmpty());
}

void TestStructures::hostile_data()
{
    QTest::addColumn<QString>("chain");
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const char *chain, const QByteArray &bytes) {
        QTest::newRow(name) << QString::fromLatin1(chain) << bytes;
    };
    const auto hex = [](const char *text) { return QByteArray::fromHex(text); };
    constexpr int deep = 300'000;
    row("CBOR: deep", "cbor", QByteArray(deep, '\x81'));
    row("CBOR: deep tags", "cbor", QByteArray(deep, '\xc1'));
    row("CBOR: a count that cannot be", "cbor", hex("9bffffffffffffffff"));
    row("CBOR: a length that cannot be", "cbor", hex("5bffffffffffffffff"));
    row("BSON: a length below zero", "bson", hex("ffffffff00"));
    row("PHP: deep", "php-serialize", QByteArray("a:1:{i:0;").repeated(deep));
    row("PHP: a count that cannot be", "php-serialize", "a:9223372036854775807:{");
    row("PHP: a length that cannot be", "php-serialize", "s:9223372036854775807:\"\";");
    row("igbinary: deep", "igbinary", hex("00000002") + hex("14010600").repeated(deep));
    row("igbinary: a text that was not", "igbinary", hex("000000020e05"));
    row("pickle: deep", "pickle", hex("8002") + QByteArray(deep, ']') + QByteArray(deep - 1, 'a') + '.');
    row("pickle: nothing on the stack", "pickle", hex("80022e"));
    row("pickle: a slot that was not filled", "pickle", hex("800268052e"));
    row("pickle: a mark that is not there", "pickle", hex("8002752e"));
    row("Marshal: deep", "ruby-marshal", hex("0408") + hex("5b06").repeated(deep));
    row("Marshal: deep symbols", "ruby-marshal", hex("0408") + hex("493a066106").repeated(deep));
    row("Marshal: a link to nothing", "ruby-marshal", hex("04084007"));
    row("Java: deep classes", "java", hex("aced0005") + hex("7372000141000000000000000002000078").repeated(deep));
    row("Java: a class that derives from itself", "java",
        hex("aced000573720001410000000000000000020000"
            "7871007e0000"));
    row("Java: a handle that is none", "java", hex("aced0005717fffffff"));
    row("V8: deep", "v8", hex("ff0f") + hex("4101").repeated(deep));
    row("V8: an array that cannot be", "v8", hex("ff0f41ffffffff0f"));
    row("Avro: no schema", "avro", hex("4f626a0100") + QByteArray(16, 'x'));
    row("protobuf: deep", "protobuf", QByteArray(deep, '\x0b'));
}

void TestStructures::hostile()
{
    QFETCH(const QString, chain);
    QFETCH(const QByteArray, bytes);
    const Decoded decoded = decode(bytes, FormatChain::parse(chain).value(), {.milliseconds = 60'000});
    QVERIFY(decoded.problem);
    QVERIFY(!decoded.problem->words.isEmpty());
    QVERIFY(!decoded.writable);
    QVERIFY(!decoded.text.isEmpty()); // the raw bytes are shown nevertheless
}

SLOTSCOPE_TEST(TestStructures)
#include "tst_structures.moc"
