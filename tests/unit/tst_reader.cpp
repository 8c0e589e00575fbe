// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/print.h"
#include "core/protocol/reader.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestReader final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void boundsTheWholeReply();
    void givesUpHalfway();
    void keepsDoubles();
};

void TestReader::reads_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("printed");
    QTest::newRow("simple") << "+OK\r\n"_ba
                            << "OK"_ba;
    QTest::newRow("error") << "-ERR no\r\n"_ba
                           << "(error) ERR no"_ba;
    QTest::newRow("integer") << ":-12\r\n"_ba
                             << "(integer) -12"_ba;
    QTest::newRow("bulk") << "$3\r\na\r\n\r\n"_ba
                          << "\"a\\r\\n\""_ba;
    QTest::newRow("empty bulk") << "$0\r\n\r\n"_ba
                                << "\"\""_ba;
    QTest::newRow("null bulk") << "$-1\r\n"_ba
                               << "(nil)"_ba;
    QTest::newRow("null array") << "*-1\r\n"_ba
                                << "(nil)"_ba;
    QTest::newRow("null") << "_\r\n"_ba
                          << "(nil)"_ba;
    QTest::newRow("nested") << "*2\r\n*2\r\n:1\r\n:2\r\n$1\r\nx\r\n"_ba
                            << "1) 1) (integer) 1\n   2) (integer) 2\n2) \"x\""_ba;
    QTest::newRow("map") << "%1\r\n+a\r\n:1\r\n"_ba
                         << "1# a => (integer) 1"_ba;
    QTest::newRow("set") << "~1\r\n+a\r\n"_ba
                         << "1~ a"_ba;
    QTest::newRow("double") << ",3.10\r\n"_ba
                            << "(double) 3.10"_ba;
    QTest::newRow("infinite") << ",-inf\r\n"_ba
                              << "(double) -inf"_ba;
    QTest::newRow("true") << "#t\r\n"_ba
                          << "(true)"_ba;
    QTest::newRow("big number") << "(12345678901234567890\r\n"_ba
                                << "12345678901234567890"_ba;
    QTest::newRow("verbatim") << "=7\r\ntxt:a\"b\r\n"_ba
                              << "a\"b"_ba;
    QTest::newRow("push") << ">1\r\n+a\r\n"_ba
                          << "1) a"_ba;
    QTest::newRow("attribute before a reply") << "|1\r\n+ttl\r\n:3\r\n"_ba
                                              << "1# ttl => (integer) 3"_ba;
    QTest::newRow("attribute inside is left out") << "*2\r\n|1\r\n+a\r\n|1\r\n+b\r\n:1\r\n+c\r\n:1\r\n:2\r\n"_ba
                                                  << "1) (integer) 1\n2) (integer) 2"_ba;
    QTest::newRow("attributes of siblings") << "*2\r\n|0\r\n*1\r\n|1\r\n+a\r\n+b\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n"_ba
                                            << "1) 1) (integer) 1\n2) (integer) 2"_ba;
}

void TestReader::reads()
{
    QFETCH(const QByteArray, wire);
    for (const qsizetype piece : {wire.size(), qsizetype(1), qsizetype(3)}) {
        Reader reader;
        for (qsizetype at = 0; at < wire.size(); at += piece) {
            reader.feed(QByteArrayView(wire).sliced(at, std::min(piece, wire.size() - at)));
            const auto value = reader.next();
            QVERIFY2(value, value ? "" : qPrintable(value.error().detail));
            QCOMPARE(value->has_value(), at + piece >= wire.size());
            if (*value)
                QTEST(printForTerminal(**value), "printed");
        }
    }
}

void TestReader::refuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("quotes");
    const int protocol = int(Error::Code::Protocol);
    const int limit = int(Error::Code::LimitExceeded);
    QTest::newRow("not RESP") << "HTTP/1.1 400\r\n"_ba << protocol << u"HTTP/1.1"_s;
    QTest::newRow("not RESP inside") << "*2\r\n:1\r\nwhat\r\n"_ba << protocol << u"what"_s;
    QTest::newRow("bad integer") << ":1x\r\n"_ba << protocol << u"1x"_s;
    QTest::newRow("bad length") << "$abc\r\n"_ba << protocol << u"abc"_s;
    QTest::newRow("string without its end") << "$3\r\nabcXY+\r\n"_ba << protocol << u"abcXY"_s;
    QTest::newRow("endless length") << ("$"_ba + QByteArray(64, '1')) << protocol << u"1111"_s;
    QTest::newRow("huge string is refused by its header") << "$629145600\r\n"_ba << limit << u"629145600"_s;
    QTest::newRow("huge array is refused by its header") << "*2000000000\r\n"_ba << limit << u"2000000000"_s;
    QTest::newRow("elements of all levels count")
        << "*2\r\n*40000000\r\n"_ba + "*40000000\r\n"_ba << limit << u"elements"_s;
    QTest::newRow("deep") << QByteArray("*1\r\n").repeated(100) << limit << u"deep"_s;
    QTest::newRow("line without end") << "+"_ba + QByteArray(2 * 1024 * 1024, 'a') << limit << u"line"_s;
}

void TestReader::refuses()
{
    QFETCH(const QByteArray, wire);
    QFETCH(const QString, quotes);
    Reader reader(
        ReaderLimits{.depth = 64, .elements = 40'000'001, .bulkLength = 512LL << 20, .replyBytes = 1LL << 40});
    if (QByteArrayView(QTest::currentDataTag()) == "elements of all levels count") {
        reader.feed("*2\r\n*39999999\r\n*3\r\n");
    } else {
        reader.feed(wire);
    }
    auto value = reader.next();
    QVERIFY(!value);
    QTEST(int(value.error().code), "code");
    QVERIFY2(value.error().detail.contains(quotes), qPrintable(value.error().detail));
    reader.feed("+OK\r\n");
    QVERIFY(!reader.next()); // after an error the reader stays unusable
}

void TestReader::boundsTheWholeReply()
{
    const ReaderLimits limits{.replyBytes = 1'000'000};
    Reader strings(limits);
    QByteArray wire = "*1000\r\n"_ba;
    int accepted = 0;
    for (; accepted < 1000; ++accepted) {
        strings.feed(wire + "$100000\r\n" + QByteArray(100'000, 'x') + "\r\n");
        wire.clear();
        if (const auto value = strings.next(); !value) {
            QCOMPARE(value.error().code, Error::Code::LimitExceeded);
            break;
        }
    }
    QVERIFY2(accepted >= 8 && accepted < 11, qPrintable(QString::number(accepted)));
    Reader numbers(limits);
    numbers.feed("*1000000\r\n:1\r\n");
    QVERIFY(!numbers.next());
    Reader one(limits); // the limit applies to each reply, not to the sum of all
    for (int i = 0; i < 30; ++i) {
        one.feed("$100000\r\n" + QByteArray(100'000, 'x') + "\r\n");
        const auto value = one.next();
        QVERIFY(value && *value);
    }
}

void TestReader::givesUpHalfway()
{
    Reader reader;
    reader.feed("*3\r\n$1\r\na\r\n*2\r\n$1\r\nb\r\n|2\r\n+c\r\n");
    const auto value = reader.next();
    QVERIFY(value && !*value); // AddressSanitizer would report a leak when the reader is destroyed
}

void TestReader::keepsDoubles()
{
    Reader reader;
    reader.feed(",0.10\r\n");
    const auto value = reader.next();
    QVERIFY(value && *value);
    QCOMPARE((*value)->bytes(), "0.10"_ba);
    QCOMPARE((*value)->toDouble(), 0.1);
}

SLOTSCOPE_TEST(TestReader)
#include "tst_reader.moc"
