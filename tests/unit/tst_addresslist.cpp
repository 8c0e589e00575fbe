// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/addresslist.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestAddressList final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addresses_data();
    void addresses();
    void tooMany();
};

void TestAddressList::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("addresses");
    QTest::newRow("nothing") << u" , ;"_s << u""_s;
    QTest::newRow("one") << u"a.example:7000"_s << u"a.example:7000"_s;
    QTest::newRow("a range of a host") << u"10.0.0.1:1-3"_s << u"10.0.0.1:1 10.0.0.1:2 10.0.0.1:3"_s;
    QTest::newRow("ports of the host before") << u"db:7000, 7001;:7002"_s << u"db:7000 db:7001 db:7002"_s;
    QTest::newRow("ports of this computer") << u"30204-30206"_s << u"127.0.0.1:30204 127.0.0.1:30205 127.0.0.1:30206"_s;
    QTest::newRow("IPv6") << u"[::1]:7000-7001"_s << u"[::1]:7000 [::1]:7001"_s;
    QTest::newRow("host alone stays") << u"db.example"_s << u"db.example"_s;
    QTest::newRow("backwards stays") << u"db:9-7"_s << u"db:9-7"_s;
    QTest::newRow("no port stays") << u"db:0-2 db:70000"_s << u"db:0-2 db:70000"_s;
    QTest::newRow("a name with digits and a dash stays") << u"node-1:7000 node-2"_s << u"node-1:7000 node-2"_s;
}

void TestAddressList::addresses()
{
    QFETCH(const QString, text);
    QTEST(addressesIn(text).join(u' '), "addresses");
}

void TestAddressList::tooMany()
{
    QCOMPARE(addressesIn(u"db:1-1000"_s).size(), 1000);
    QCOMPARE(addressesIn(u"db:1-1001"_s), (QStringList{u"db:1-1001"_s}));
}

SLOTSCOPE_TEST(TestAddressList)
#include "tst_addresslist.moc"
