// SPDX-License-Identifier: GPL-3.0-or-later
// Connections that other tools have exported; the samples are made up in the forms of those tools.
#include "core/profile/importing.h"
#include "support/testmain.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestImporting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void redisInsight();
    void anotherRedisDesktopManager();
    void respApp();
    void linesOfAddresses();
    void nonsense_data();
    void nonsense();
    void addedOnce();
};

void TestImporting::redisInsight()
{
    const auto read = readConnections(R"([
        {"id": "1", "host": "10.0.0.1", "port": 6380, "name": "shop", "db": 3, "username": "app", "password": "planted",
         "connectionType": "CLUSTER", "tls": true, "verifyServerCert": false,
         "nodes": [{"host": "10.0.0.1", "port": 6380}, {"host": "10.0.0.2", "port": 6380}],
         "caCert": {"name": "ca", "certificate": "-----BEGIN"}, "ssh": true,
         "sshOptions": {"host": "bastion.test", "port": 2222, "username": "ops", "password": "planted"}},
        {"host": "", "port": 1, "name": "broken"},
        {"host": "::1", "port": "6379"},
        {"host": "10.0.0.9", "port": 26379, "name": "watched", "connectionType": "SENTINEL", "password": "planted-s",
         "sentinelMaster": {"name": "shop", "username": "app", "password": "planted-m"}}])");
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    QCOMPARE(read->source, u"RedisInsight"_s);
    QCOMPARE(read->list.size(), 3);
    const ConnectionTarget &watched = read->list[2].connection.target;
    QCOMPARE(watched.sentinel.primaryName, u"shop"_s);
    QCOMPARE(watched.sentinel.credentials.password, u"planted-s"_s);
    QCOMPARE(watched.credentials, (Credentials{u"app"_s, u"planted-m"_s}));
    const ImportedConnection &shop = read->list[0];
    const ConnectionTarget &target = shop.connection.target;
    QCOMPARE(target.name, u"shop"_s);
    QCOMPARE(target.seeds.size(), 2);
    QCOMPARE(target.database, 3);
    // certificates are verified here even if the other tool did not verify them
    QVERIFY(target.tls.on && !target.tls.insecure);
    QCOMPARE(target.credentials.user, u"app"_s);
    QCOMPARE(target.credentials.password, u"planted"_s);
    QVERIFY(shop.connection.hadPassword);
    QCOMPARE(shop.notes.size(), 3);
    QCOMPARE(target.way.toString(), u"ops@bastion.test:2222"_s);
    QCOMPARE(read->problems.size(), 1);
    QVERIFY(read->problems[0].contains(u"broken"_s));
    QCOMPARE(read->list[1].connection.target.seeds[0].port, quint16(6379));
}

void TestImporting::anotherRedisDesktopManager()
{
    const QByteArray plain = R"([{"host": "127.0.0.1", "port": "6379", "auth": "pw", "username": "", "name": "local",
        "separator": ":", "cluster": false, "connectionReadOnly": true,
        "sslOptions": {"key": "/k.pem", "cert": "/c.pem", "ca": "/ca.pem", "servername": "redis.test"}}])";
    for (const QByteArray &bytes : {plain.toBase64(), plain}) {
        const auto read = readConnections(bytes);
        QVERIFY(read);
        QCOMPARE(read->source, u"Another Redis Desktop Manager"_s);
        const ConnectionTarget &target = read->list[0].connection.target;
        QCOMPARE(target.credentials.password, u"pw"_s);
        QVERIFY(target.readOnly && target.tls.on);
        QCOMPARE(target.tls.caFile, u"/ca.pem"_s);
        QCOMPARE(target.tls.serverName, u"redis.test"_s);
    }
}

void TestImporting::respApp()
{
    const auto read = readConnections(R"([
        {"type": "group", "name": "EU", "connections": [
            {"name": "one", "host": "h1", "port": 6379, "auth": "a", "ssl": true, "ssl_ca_cert_path": "/ca.pem"}]},
        {"name": "two", "host": "h2", "port": 7000, "auth": "", "ssh_host": "bastion"}])");
    QVERIFY(read);
    QCOMPARE(read->source, u"RESP.app"_s);
    QCOMPARE(read->list.size(), 2);
    QCOMPARE(read->list[0].connection.folder, u"EU"_s);
    QCOMPARE(read->list[0].connection.target.tls.caFile, u"/ca.pem"_s);
    QVERIFY(!read->list[1].connection.hadPassword);
    QCOMPARE(read->list[1].notes.size(), 1);
    QVERIFY(read->list[1].connection.target.way.isSsh());
}

void TestImporting::linesOfAddresses()
{
    const auto read =
        readConnections("# mine\n\nredis://user:planted@h1:7000,h2:7001?name=first\n"
                        "redis-cli -h h3 -p 7002 -a planted --tls\nredis-cli -h h4 --whatever\nh5:6379\n");
    QVERIFY(read);
    QCOMPARE(read->list.size(), 3);
    QCOMPARE(read->list[0].connection.target.name, u"first"_s);
    QCOMPARE(read->list[0].connection.target.seeds.size(), 2);
    QVERIFY(read->list[1].connection.target.tls.on);
    QCOMPARE(read->problems.size(), 1);
    QVERIFY(read->problems[0].startsWith(u"line 5"_s));
    const auto leaky = readConnections("h1:1\n \"password\": \"planted\",\nhost:planted:word\n");
    QVERIFY(leaky && !leaky->problems.join(u' ').contains(u"planted"_s));
    const auto cut = readConnections(R"([{"host": "a", "password": "planted",)");
    QVERIFY(!cut && !cut.error().detail.contains(u"planted"_s));
}

void TestImporting::nonsense_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << ""_ba;
    QTest::newRow("an empty list") << "[]"_ba;
    QTest::newRow("a number") << "17"_ba;
    QTest::newRow("bytes") << QByteArray("\0\xff\x80\n\x01", 5);
    QTest::newRow("cut off") << R"([{"host": "a", "po)"_ba;
    QTest::newRow("deep") << QByteArray(5000, '[');
    QTest::newRow("no address was given") << R"([{"name": "x"}])"_ba;
    QTest::newRow("a port that is none") << R"([{"host": "a", "port": 70000}])"_ba;
}

void TestImporting::nonsense()
{
    QFETCH(const QByteArray, bytes);
    const auto read = readConnections(bytes);
    QVERIFY(!read || !read->list.isEmpty()); // "17" alone is a valid address, as in any line of an address list
    if (!read)
        QVERIFY(!read.error().detail.isEmpty());
}

void TestImporting::addedOnce()
{
    const QTemporaryDir folder;
    SavedConnections saved(folder.filePath(u"connections.json"_s));
    const auto read = readConnections("redis://:planted@h1:7000?name=first\nh2:7001\n");
    QVERIFY(read);
    const auto names = addConnections(saved, *read, u"Old tool"_s);
    QVERIFY(names);
    QCOMPARE(names->names, (QStringList{u"first"_s, u"h2:7001"_s}));
    QCOMPARE(saved.list().size(), 2);
    QCOMPARE(saved.list()[0].folder, u"Old tool"_s);
    QVERIFY(saved.list()[0].hadPassword);
    const auto again = addConnections(saved, *read, u"Old tool"_s);
    QVERIFY(again && again->names.isEmpty() && again->known.size() == 2 && saved.list().size() == 2);
    // The same address behind another SSH host is another server.
    const auto other = readConnections("redis://h2:7001?ssh=bastion.test&name=h2:7001\n");
    const auto third = addConnections(saved, *other, {});
    QVERIFY(third && third->names == QStringList{u"h2:7001 (2)"_s});
    QFile file(saved.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("planted"));
}

SLOTSCOPE_TEST(TestImporting)
#include "tst_importing.moc"
