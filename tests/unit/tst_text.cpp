// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ratetext.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <cmath>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestText final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void displays_data();
    void displays();
    void terminals_data();
    void terminals();
    void sizes_data();
    void sizes();
    void durations_data();
    void durations();
    void integers_data();
    void integers();
    void groups();
    void rates();
    void secretsAreScrubbed_data();
    void secretsAreScrubbed();
    void secretSettings_data();
    void secretSettings();
};

void TestText::secretsAreScrubbed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    for (const QByteArray &secret : {"hunter2-long"_ba, "hunter2"_ba, "a\r\nb c"_ba, "x'"_ba, "ab"_ba, ""_ba})
        rememberSecret(secret);
    const auto same = [](const QByteArray &text) { QTest::addRow("%s", text.constData()) << text << text; };
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &shown) {
        QTest::newRow(name) << text << shown;
    };
    same("ERR unknown command 'MIGRATE', with args beginning with: '127.0.0.1' '7001'");
    row("as an argument", "with args beginning with: 'AUTH' 'hunter2' 'KEYS'",
        "with args beginning with: 'AUTH' '***' 'KEYS'");
    row("the longer one first", "'hunter2-long'", "'***'");
    row("within a sentence, twice", "no hunter2, no hunter2.", "no ***, no ***.");
    row("cut by the server's limit", "'AUTH' 'hunter2-l' ", "'AUTH' '***' ");
    row("cut at the end of the text", "'AUTH' 'hunt", "'AUTH' '***");
    row("line breaks, which an error cannot hold", "'AUTH' 'a  b c'", "'AUTH' '***'");
    same("hunted, the 'hunters'"); // begins like a secret but is another word
    row("a short one, as a whole word", "'AUTH' 'ab'", "'AUTH' '***'");
    same("a short one elsewhere: abort 'about' ab");
}

void TestText::secretsAreScrubbed()
{
    QFETCH(const QByteArray, text);
    QTEST(scrubbed(text), "shown");
    QCOMPARE(scrubbed(scrubbed(text)), scrubbed(text));
}

void TestText::secretSettings_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("secret");
    for (const char *name : {"requirepass", "masterauth", "MasterAuth", "primaryauth", "tls-key-file-pass",
                             "tls-client-key-file-pass", "search.password"})
        QTest::newRow(name) << QByteArray(name) << true;
    for (const char *name : {"masteruser", "tls-auth-clients", "aclfile", "maxmemory", "acl-pubsub-default"})
        QTest::newRow(name) << QByteArray(name) << false;
}

void TestText::secretSettings()
{
    QFETCH(const QByteArray, name);
    QTEST(isSecretSetting(name), "secret");
}

void TestText::displays_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << "user:1"_ba << u"user:1"_s;
    QTest::newRow("letters of the world") << "größe 鍵"_ba << u"größe 鍵"_s;
    QTest::newRow("beyond the first plane") << "\xf0\x9f\x94\x91"_ba << u"🔑"_s;
    QTest::newRow("line ends, tab, backslash") << "a\r\n\t\\"_ba << u"a\\r\\n\\t\\\\"_s;
    QTest::newRow("zero and escape") << "\0\x1b"_ba << u"\\x00\\x1b"_s;
    QTest::newRow("no UTF-8") << "\xff\xc3"_ba << u"\\xff\\xc3"_s;
    QTest::newRow("overlong") << "\xc0\xaf"_ba << u"\\xc0\\xaf"_s;
    QTest::newRow("a surrogate in UTF-8") << "\xed\xa0\x80"_ba << u"\\xed\\xa0\\x80"_s;
    QTest::newRow("cut short") << "\xe9\x8d"_ba << u"\\xe9\\x8d"_s;
    QTest::newRow("bell and backspace") << "\a\b"_ba << u"\\a\\b"_s;
    QTest::newRow("byte order mark, anywhere") << "a\xef\xbb\xbf"
                                                  "b"_ba
                                               << u"a\\xef\\xbb\\xbf"
                                                  "b"_s;
    QTest::newRow("invisible tag") << "\xf3\xa0\x81\x81"_ba << u"\\xf3\\xa0\\x81\\x81"_s;
    QTest::newRow("direction override") << "\xe2\x80\xae"_ba << u"\\xe2\\x80\\xae"_s;
}

void TestText::displays()
{
    QFETCH(const QByteArray, bytes);
    QTEST(toDisplay(bytes), "text");
}

void TestText::terminals_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("kept"); // the text with line breaks kept
    QTest::addColumn<QByteArray>("quoted"); // the text in one line
    const auto same = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text << text << text; };
    same("plain", "ERR unknown 'x' \\ \"y\"");
    same("letters of the world", "größe 鍵 🔑");
    same("tab", "a\tb");
    QTest::newRow("line breaks") << "a\nb\r\nc"_ba
                                 << "a\nb\nc"_ba
                                 << "a\\nb\\r\\nc"_ba;
    QTest::newRow("back to the line's begin") << "ok\rno"_ba
                                              << "ok\\rno"_ba
                                              << "ok\\rno"_ba;
    const auto quoted = [](const char *name, const QByteArray &text, const QByteArray &shown) {
        QTest::newRow(name) << text << shown << shown;
    };
    quoted("escape sequence", "\x1b[31mred\x1b]0;title\a", "\\x1b[31mred\\x1b]0;title\\a");
    quoted("byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf");
    quoted("backspaces", "a\b\x7f", "a\\b\\x7f");
    quoted("C1 as UTF-8",
           "\xc2\x9b"
           "31m",
           "\\xc2\\x9b31m");
    quoted("C1 as a byte",
           "\x9b"
           "31m",
           "\\x9b31m");
    quoted("direction override", "\xe2\x80\xae", "\\xe2\\x80\\xae");
    quoted("isolate", "\xe2\x81\xa6", "\\xe2\\x81\\xa6");
    quoted("line separator", "\xe2\x80\xa8", "\\xe2\\x80\\xa8");
    quoted("invisible tag beyond the first plane", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81");
    quoted("zero", QByteArray("\0", 1), "\\x00");
}

void TestText::terminals()
{
    QFETCH(const QByteArray, bytes);
    QTEST(terminalSafe(bytes, LineBreaks::Keep), "kept");
    QTEST(terminalSafe(bytes, LineBreaks::Quote), "quoted");
    const QByteArray once = terminalSafe(bytes, LineBreaks::Quote);
    QCOMPARE(terminalSafe(once, LineBreaks::Quote), once);
}

void TestText::sizes_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64(0) << u"0 B"_s;
    QTest::newRow("bytes") << qint64(1023) << u"1023 B"_s;
    QTest::newRow("kilobytes") << qint64(1536) << u"1.5 KB"_s;
    QTest::newRow("never 1024.0") << qint64(1024 * 1024 - 1) << u"1.0 MB"_s;
    QTest::newRow("no decimal from 100") << qint64(150) * 1024 * 1024 << u"150 MB"_s;
    QTest::newRow("gigabytes") << qint64(6.5 * 1024 * 1024 * 1024) << u"6.5 GB"_s;
    QTest::newRow("the most") << std::numeric_limits<qint64>::max() << u"8192 PB"_s;
}

void TestText::sizes()
{
    QFETCH(const qint64, bytes);
    QTEST(byteSize(bytes), "text");
}

void TestText::durations_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("ms") << qint64(40) << u"40 ms"_s;
    QTest::newRow("s") << qint64(12'999) << u"12 s"_s;
    QTest::newRow("min") << qint64(184'000) << u"3 min 4 s"_s;
    QTest::newRow("h") << qint64(7'500'000) << u"2 h 5 min"_s;
    QTest::newRow("d") << qint64(273'600'000) << u"3 d 4 h"_s;
}

void TestText::durations()
{
    QFETCH(const qint64, ms);
    QTEST(duration(ms), "text");
}

void TestText::integers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<bool>("isUnsigned");
    QTest::newRow("number") << "42"_ba << true << true;
    QTest::newRow("negative") << "-42"_ba << true << false;
    QTest::newRow("greatest signed") << "9223372036854775807"_ba << true << true;
    QTest::newRow("greatest unsigned") << "18446744073709551615"_ba << false << true;
    QTest::newRow("too great") << "18446744073709551616"_ba << false << false;
    for (const char *text : {"", "-", "+1", " 1", "1 ", "1x", "0x1", "1.0"})
        QTest::newRow(*text ? text : "nothing") << QByteArray(text) << false << false;
}

void TestText::integers()
{
    QFETCH(const QByteArray, text);
    QTEST(toInteger(text).has_value(), "isSigned");
    QTEST(toUnsigned(text).has_value(), "isUnsigned");
}

void TestText::groups()
{
    QCOMPARE(groupedNumber(0), u"0"_s);
    QCOMPARE(groupedNumber(1'234'567), u"1,234,567"_s);
    QCOMPARE(groupedNumber(-1000), u"-1,000"_s);
}

void TestText::rates()
{
    QCOMPARE(rateText(0), u"0"_s);
    QCOMPARE(rateText(0.04), u"0"_s);
    QCOMPARE(rateText(0.4), u"0.4"_s); // neither 0 nor 1
    QCOMPARE(rateText(0.97), u"1"_s);
    QCOMPARE(rateText(9.96), u"10"_s);
    QCOMPARE(rateText(12.6), u"13"_s);
    QCOMPARE(rateText(1204.4), u"1,204"_s);
    QCOMPARE(rateText(std::nan("")), u"–"_s);
}

SLOTSCOPE_TEST(TestText)
#include "tst_text.moc"
