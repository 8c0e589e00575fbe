// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/uri.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestUri final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endpoints_data();
    void endpoints();
    void refusesEndpoints_data();
    void refusesEndpoints();
    void targets_data();
    void targets();
    void refusesTargets_data();
    void refusesTargets();
    void credentials();
    void options();
    void mapsByAnyName();
    void hidesThePassword();
    void sentinels();
};

void TestUri::endpoints_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("again");
    QTest::newRow("host alone") << u"a.example"_s << u"a.example"_s << 6379 << u"a.example:6379"_s;
    QTest::newRow("host and port") << u"a.example:7000"_s << u"a.example"_s << 7000 << u"a.example:7000"_s;
    QTest::newRow("IPv4") << u"10.0.0.1:1"_s << u"10.0.0.1"_s << 1 << u"10.0.0.1:1"_s;
    QTest::newRow("IPv6 in brackets") << u"[::1]:7000"_s << u"::1"_s << 7000 << u"[::1]:7000"_s;
    QTest::newRow("IPv6 in brackets, no port") << u"[fe80::1]"_s << u"fe80::1"_s << 6379 << u"[fe80::1]:6379"_s;
    QTest::newRow("IPv6 bare: the last colon splits")
        << u"fe80::1:7001"_s << u"fe80::1"_s << 7001 << u"[fe80::1]:7001"_s;
    QTest::newRow("with its bus port") << u"10.0.0.1:7000@17000"_s << u"10.0.0.1"_s << 7000 << u"10.0.0.1:7000"_s;
    QTest::newRow("IPv6 with its bus port") << u"fe80::1:7000@17000"_s << u"fe80::1"_s << 7000 << u"[fe80::1]:7000"_s;
    QTest::newRow("highest port") << u"a:65535"_s << u"a"_s << 65535 << u"a:65535"_s;
}

void TestUri::endpoints()
{
    QFETCH(const QString, text);
    const auto endpoint = Endpoint::parse(text);
    QVERIFY(endpoint);
    QTEST(endpoint->host, "host");
    QTEST(int(endpoint->port), "port");
    QTEST(endpoint->toString(), "again");
    QCOMPARE(*Endpoint::parse(endpoint->toString()), *endpoint);
}

void TestUri::refusesEndpoints_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",       ":",    ":7000",     "a:",        "a:0",     "a:65536",    "a:-1",  "a:+1",
                             "a:x",    "[::1", "[::1]7000", "[::1]:",    "[]:1",    "a b:1",      "u@a:1", "a\n:1",
                             "x]:y:1", "a:1@", "a:1@x",     "a:1@65536", "a@17000", "shard-id=1", "a#b:1"})
        QTest::newRow(*text ? text : "nothing") << QString::fromLatin1(text);
}

void TestUri::refusesEndpoints()
{
    QFETCH(const QString, text);
    const auto endpoint = Endpoint::parse(text);
    QVERIFY(!endpoint);
    QCOMPARE(endpoint.error().code, Error::Code::InvalidArgument);
    QVERIFY(!endpoint.error().detail.isEmpty());
}

void TestUri::targets_data()
{
    QTest::addColumn<QString>("uri");
    QTest::addColumn<QString>("seeds");
    QTest::addColumn<int>("database");
    QTest::newRow("bare") << u"127.0.0.1:7000"_s << u"127.0.0.1:7000"_s << 0;
    QTest::newRow("bare list") << u"a:1,b,[::1]:3"_s << u"a:1 b:6379 [::1]:3"_s << 0;
    QTest::newRow("blanks around") << u"  redis://a , b "_s << u"a:6379 b:6379"_s << 0;
    QTest::newRow("the same seed twice") << u"redis://a:1,a:1"_s << u"a:1"_s << 0;
    QTest::newRow("as CLUSTER NODES shows it") << u"127.0.0.1:7000@17000"_s << u"127.0.0.1:7000"_s << 0;
    QTest::newRow("several of them, with a host name") << u"redis://10.0.0.1:7000@17000,node-1,10.0.0.2:7001@17001/2"_s
                                                       << u"10.0.0.1:7000 node-1:7000 10.0.0.2:7001"_s << 2;
    QTest::newRow("with credentials and bus port") << u"redis://:pw@10.0.0.1:7000@17000"_s << u"10.0.0.1:7000"_s << 0;
    QTest::newRow("the same credentials at each") << u"redis://u:p@a:1,u:p@b:2"_s << u"a:1 b:2"_s << 0;
    QTest::newRow("a comma in the password") << u"redis://:p,w@a:1,b:2"_s << u"a:1 b:2"_s << 0;
    QTest::newRow("a comma and an @, encoded") << u"redis://:p%2Cw%40@a:1,b:2"_s << u"a:1 b:2"_s << 0;
    QTest::newRow("valkey, upper case") << u"VALKEY://a/"_s << u"a:6379"_s << 0;
    QTest::newRow("database") << u"redis://a:1/12"_s << u"a:1"_s << 12;
    QTest::newRow("a slash in the password") << u"redis://u:p/w@a:1/2"_s << u"a:1"_s << 2;
    QTest::newRow("Sentinels") << u"redis+sentinel://u:p@a,b:1/shop"_s << u"a:26379 b:1"_s << 0;
    QTest::newRow("Sentinels, with a database")
        << u"valkeys+sentinel://a/my%20shop/2?sentineluser=w&sentinelpassword=s%26t&sentineltls=0"_s << u"a:26379"_s
        << 2;
    QTest::newRow("Sentinels with TLS of their own")
        << u"redis+sentinel://a/shop?sentinelcacert=%2Fca.pem&sentinelsni=watch"_s << u"a:26379"_s << 0;
    QTest::newRow("Sentinels as Lettuce writes them")
        << u"redis-sentinel://:pw@a:1,b/3?name=x#shop"_s << u"a:1 b:26379"_s << 3;
    QTest::newRow("Unix socket") << u"unix:///run/redis.sock"_s << u"/run/redis.sock"_s << 0;
    QTest::newRow("Unix socket, encoded") << u"unix:///run/a%3Fb%25.sock"_s << u"/run/a?b%.sock"_s << 0;
}

void TestUri::targets()
{
    QFETCH(const QString, uri);
    const auto target = ConnectionTarget::parse(uri);
    QVERIFY2(target, target ? "" : qPrintable(target.error().detail));
    QStringList seeds;
    for (const Endpoint &seed : target->seeds)
        seeds.append(seed.toString());
    QTEST(seeds.join(u' '), "seeds");
    QTEST(target->database, "database");
    QCOMPARE(*ConnectionTarget::parse(target->toUri(true)), *target);
}

void TestUri::refusesTargets_data()
{
    QTest::addColumn<QString>("uri");
    QTest::addColumn<QString>("why");
    QTest::newRow("nothing") << u""_s << u"no host"_s;
    QTest::newRow("scheme alone") << u"redis://"_s << u"no host"_s;
    QTest::newRow("credentials alone") << u"redis://u:p@"_s << u"no host"_s;
    QTest::newRow("TLS on a socket") << u"rediss:///run/r.sock"_s << u"socket"_s;
    QTest::newRow("database of a socket") << u"unix:///r?db=x"_s << u"db=x"_s;
    QTest::newRow("option for TLS") << u"redis://a?cacert=/x"_s << u"rediss://"_s;
    QTest::newRow("Sentinel without a name") << u"redis+sentinel://a"_s << u"name of the primary"_s;
    QTest::newRow("web address") << u"https://a"_s << u"https://"_s;
    QTest::newRow("database is no number") << u"redis://a/shop"_s << u"shop"_s;
    QTest::newRow("negative database") << u"redis://a/-1"_s << u"-1"_s;
    QTest::newRow("one of two hosts") << u"redis://a:1,b:x"_s << u"x"_s;
    QTest::newRow("socket without a slash") << u"unix://run"_s << u"unix:///"_s;
    QTest::newRow("unknown option") << u"redis://a?tls=1"_s << u"tls"_s;
    QTest::newRow("unknown environment") << u"redis://a?env=prod"_s << u"production, staging and development"_s;
    QTest::newRow("other credentials at the second") << u"redis://u:p@a:1,u:q@b:2"_s << u"credentials"_s;
    QTest::newRow("credentials at the second alone") << u"redis://a:1,u:q@b:2"_s << u"credentials"_s;
    QTest::newRow("credentials at all but the third are the first's, one differs")
        << u"redis://:p@a:1,:p@b:2,:x@c:3"_s << u"credentials"_s;
    QTest::newRow("read-only maybe") << u"redis://a?readonly=maybe"_s << u"readonly=maybe"_s;
    QTest::newRow("raw mark in a password") << u"redis://:pa?ss@host:1"_s << u"%3F, or use the Password field"_s;
    QTest::newRow("raw mark behind digits") << u"redis://u:12?ss@host:1"_s << u"%3F, or use the Password field"_s;
    QTest::newRow("an option with an address") << u"redis://a?tls=1&name=x@y"_s << u"tls"_s;
    QTest::newRow("twice") << u"redis://a?name=x&name=y"_s << u"name"_s;
    QTest::newRow("map of a host without its port") << u"redis://a?map=node-1=b:1"_s << u"map=node-1=b:1"_s;
    QTest::newRow("two ways to one node") << u"redis://a?map=n:1=b:1&map=n:1=b:2"_s << u"b:1"_s;
    QTest::newRow("map without a target") << u"redis://a?map=b:1"_s << u"map=b:1"_s;
}

void TestUri::refusesTargets()
{
    QFETCH(const QString, uri);
    QFETCH(const QString, why);
    const auto target = ConnectionTarget::parse(uri);
    QVERIFY(!target);
    QVERIFY2(target.error().detail.contains(why), qPrintable(target.error().detail));
}

void TestUri::credentials()
{
    const auto target = ConnectionTarget::parse(u"redis://us%40er:p%3Aw%2Fd@a:1"_s);
    QVERIFY(target);
    QCOMPARE(target->credentials.user, u"us@er"_s);
    QCOMPARE(target->credentials.password, u"p:w/d"_s);
    QCOMPARE(*ConnectionTarget::parse(target->toUri(true)), *target);
    const auto onlyPassword = ConnectionTarget::parse(u"redis://:secret@a"_s);
    QVERIFY(onlyPassword);
    QCOMPARE(onlyPassword->credentials.user, u""_s);
    QCOMPARE(onlyPassword->credentials.password, u"secret"_s);
}

void TestUri::options()
{
    const auto target = ConnectionTarget::parse(
        u"redis://a?name=The%20shop&readonly=1&env=production&refresh=60&map=10.0.0.1:6379=127.0.0.1:7001"_s);
    QVERIFY(target);
    QCOMPARE(target->refreshSeconds, 60);
    for (const QString &wrong : {u"0"_s, u"61"_s, u"-1"_s, u"1.5"_s, u""_s})
        QVERIFY(!ConnectionTarget::parse(u"redis://a?refresh="_s + wrong));
    QCOMPARE(target->environment, EnvironmentKind::Production);
    QCOMPARE(target->title(), u"The shop"_s);
    QVERIFY(target->readOnly);
    QCOMPARE(target->addressMap.value(u"10.0.0.1:6379"_s).toString(), u"127.0.0.1:7001"_s);
    QCOMPARE(*ConnectionTarget::parse(target->toUri()), *target);
    QCOMPARE(ConnectionTarget::parse(u"a:1,b:2"_s)->title(), u"a:1"_s);
}

void TestUri::mapsByAnyName()
{
    const QString id(40, u'a');
    auto target = ConnectionTarget::parse(u"redis://a?map=node-1:7000=localhost:7001"_s);
    QVERIFY(target && target->addMapping(id + u"=[::1]:7002"_s));
    QCOMPARE(target->addressMap.value(u"node-1:7000"_s).toString(), u"localhost:7001"_s);
    QCOMPARE(target->addressMap.value(id).toString(), u"[::1]:7002"_s);
    QCOMPARE(*ConnectionTarget::parse(target->toUri()), *target);
}

void TestUri::hidesThePassword()
{
    const auto target = ConnectionTarget::parse(u"redis://user:secret@a"_s);
    QVERIFY(target);
    QVERIFY(!target->toUri().contains(u"secret"_s));
    QVERIFY(target->toUri().contains(u"user"_s));
}

void TestUri::sentinels()
{
    const auto target = ConnectionTarget::parse(
        u"rediss+sentinel://app:planted-a@h:1/shop/2?cacert=/ca&sentineluser=w&sentinelpassword=planted-b&sentineltls=0"_s);
    QVERIFY(target);
    QCOMPARE(target->sentinel.primaryName, u"shop"_s);
    QCOMPARE(target->credentials.password, u"planted-a"_s);
    QCOMPARE(target->sentinel.credentials, (Credentials{u"w"_s, u"planted-b"_s}));
    QVERIFY(target->tls.on && target->sentinel.tls && !target->sentinel.tls->on);
    QCOMPARE(target->title(), u"shop"_s);
    QVERIFY(!target->toUri().contains(u"planted"_s));
    const auto other = ConnectionTarget::parse(u"rediss+sentinel://h:1/other"_s);
    QVERIFY(other);
    QVERIFY(!other->isSamePlace(*target)); // the same Sentinels but another primary, which has another password
    const auto hash = ConnectionTarget::parse(u"redis+sentinel://:pa#ss@h/shop?sentinelpassword=of#them"_s);
    QVERIFY(hash);
    QCOMPARE(hash->sentinel.primaryName, u"shop"_s);
    QCOMPARE(hash->credentials.password, u"pa#ss"_s);
    QCOMPARE(hash->sentinel.credentials.password, u"of#them"_s);
    for (const auto &uri : {u"redis+sentinel:///run/x#shop"_s, u"redis://h?sentineluser=a"_s,
                            u"redis+sentinel://h/shop?sentineltls=2"_s, u"redis+sentinel://h/shop?sentinelwhat=1"_s,
                            u"unix+sentinel:///run/x/shop"_s, u"redis+sentinel://h/shop/x"_s})
        QVERIFY2(!ConnectionTarget::parse(uri), qPrintable(uri));
}

SLOTSCOPE_TEST(TestUri)
#include "tst_uri.moc"
