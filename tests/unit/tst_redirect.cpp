// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/redirect.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestRedirect final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
};

void TestRedirect::parses_data()
{
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<bool>("ask");
    QTest::addColumn<int>("slot");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("ipv4") << "MOVED 3999 10.0.0.1:6381"_ba << false << 3999 << u"10.0.0.1"_s << 6381;
    QTest::newRow("ipv6: the last colon splits") << "MOVED 7 fe80::1:7000"_ba << false << 7 << u"fe80::1"_s << 7000;
    QTest::newRow("no host: the one that answered") << "ASK 1 :7001"_ba << true << 1 << u""_s << 7001;
    QTest::newRow("unknown") << "MOVED 1 ?:7001"_ba << false << 1 << u"?"_s << 7001;
    QTest::newRow("host name") << "ASK 16383 node.example:1"_ba << true << 16383 << u"node.example"_s << 1;
}

void TestRedirect::parses()
{
    QFETCH(const QByteArray, error);
    const auto redirect = parseRedirect(error);
    QVERIFY2(redirect, "not parsed");
    QTEST(redirect->kind == Redirect::Kind::Ask, "ask");
    QTEST(int(redirect->slot), "slot");
    QTEST(redirect->host, "host");
    QTEST(int(redirect->port), "port");
}

void TestRedirect::refuses_data()
{
    QTest::addColumn<QByteArray>("error");
    for (const char *text : {"", "ERR x", "MOVED", "MOVED 1", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED 1 a:0",
                             "MOVED 1 a:65536", "MOVED 1 a", "MOVED x a:1", "moved 1 a:1", "MOVED 1 a b:1"})
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
}

void TestRedirect::refuses()
{
    QFETCH(const QByteArray, error);
    QVERIFY(!parseRedirect(error));
}

SLOTSCOPE_TEST(TestRedirect)
#include "tst_redirect.moc"
