// SPDX-License-Identifier: GPL-3.0-or-later
// Files of Docker Compose as connections.
#include "core/profile/composeservices.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

class TestCompose : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsServices_data();
    void readsServices();
    void aClusterIsOneConnection();
    void expandsVariables_data();
    void expandsVariables();
    void readsTheFileOfVariables();
    void takesNothingOfOurEnvironment();
    void refuses_data();
    void refuses();
    void aliasesDoNotMultiply();

private:
    static ComposeVariables variables()
    {
        return {{u"PASS"_s, u"of-env"_s}, {u"EMPTY"_s, QString()}, {u"PORT"_s, u"7001"_s}};
    }
};

void TestCompose::readsServices_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<QString>("uri");
    QTest::newRow("bare") << "image: redis:7\n    ports: ['6380:6379']"_ba
                          << u"redis://:@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("requirepass in a line")
        << "image: redis\n    ports: [\"6380:6379\"]\n    command: redis-server --requirepass 'a b'"_ba
        << u"redis://:a%20b@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("requirepass in words")
        << "image: valkey/valkey:8\n    ports: ['6380:6379']\n    command: [valkey-server, --requirepass, pw, --appendonly, 'yes']"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("variable")
        << "image: eqalpha/keydb\n    ports: ['6380:6379']\n    command: keydb-server --requirepass ${PASS:-x}"_ba
        << u"redis://:of-env@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("default")
        << "image: redis\n    ports: ['${PORT:-1}:6379']\n    command: redis-server --requirepass ${NONE:-fall}"_ba
        << u"redis://:fall@127.0.0.1:7001?name=shop%20db"_s;
    QTest::newRow("bitnami")
        << "image: docker.io/bitnami/valkey:8.0\n    ports: ['6380:6379']\n    environment:\n      - VALKEY_PASSWORD=pw"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("environment as a map")
        << "image: bitnami/redis\n    ports: ['6380:6390']\n    environment: {REDIS_PASSWORD: pw, REDIS_PORT_NUMBER: 6390}"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("by the container's shell")
        << "image: redis\n    ports: ['6380:6379']\n    environment: [REDIS_PASSWORD=pw]\n    command: sh -c 'redis-server --requirepass $$REDIS_PASSWORD'"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("a dollar that no shell reads")
        << "image: redis\n    ports: ['6380:6379']\n    environment: [x=y]\n    command: [redis-server, --requirepass, 'a$$x']"_ba
        << u"redis://:a%24x@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("by a shell in words")
        << "image: redis\n    ports: ['6380:6379']\n    environment: [P=pw]\n    entrypoint: [/bin/sh, -ec]\n    command: ['exec redis-server --requirepass $$P']"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("the password is a command's")
        << "image: redis\n    ports: ['6380:6379']\n    command: sh -c 'redis-server --requirepass \"$$(cat /run/secrets/pw)\"'"_ba
        << u"redis://:@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("stack")
        << "image: redis/redis-stack-server\n    ports: ['6380:6379']\n    environment: {REDIS_ARGS: '--requirepass pw'}"_ba
        << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("long form") << "image: redis\n    ports: [{target: 6379, published: '6380', host_ip: 192.0.2.1}]"_ba
                               << u"redis://:@192.0.2.1:6380?name=shop%20db"_s;
    QTest::newRow("address and protocol")
        << "image: redis\n    ports: ['[::1]:6380:6379/tcp', '9:9/udp']"_ba << u"redis://:@[::1]:6380?name=shop%20db"_s;
    QTest::newRow("range")
        << "image: redis\n    command: redis-server --port 6381\n    ports: ['7000-7005:6379-6384']"_ba
        << u"redis://:@127.0.0.1:7002?name=shop%20db"_s;
    QTest::newRow("host network") << "image: redis\n    network_mode: host\n    command: redis-server --port 7777"_ba
                                  << u"redis://:@127.0.0.1:7777?name=shop%20db"_s;
    QTest::newRow("TLS alone")
        << "image: redis\n    command: redis-server --port 0 --tls-port 6379 --tls-auth-clients no\n    ports: ['6380:6379']"_ba
        << u"rediss://:@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("TLS beside")
        << "image: redis\n    command: redis-server --tls-port 6443\n    ports: ['6380:6379', '6443:6443']"_ba
        << u"redis://:@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("built") << "build: .\n    command: redis-server --requirepass pw\n    ports: ['6380:6379']"_ba
                           << u"redis://:pw@127.0.0.1:6380?name=shop%20db"_s;
    QTest::newRow("merged") << "<<: *base\n    command: redis-server --requirepass pw"_ba
                            << u"redis://:pw@127.0.0.1:6390?name=shop%20db"_s;
}

void TestCompose::readsServices()
{
    QFETCH(QByteArray, service);
    QFETCH(QString, uri);
    const QByteArray yaml = "x-base: &base\n  image: redis:7\n  ports: ['6390:6379']\nservices:\n  web:\n    image: "
                            "nginx\n    ports: ['80:80']\n"
                            "  exporter:\n    image: oliver006/redis_exporter\n    ports: ['9121:9121']\n  db:\n    "
        + service + "\n";
    const auto read = readCompose(yaml, variables(), u"shop"_s);
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    QCOMPARE(read->list.size(), 1);
    QCOMPARE(read->list[0].connection.target.toUri(true), ConnectionTarget::parse(uri)->toUri(true));
}

void TestCompose::aClusterIsOneConnection()
{
    QByteArray yaml = "name: games\nservices:\n";
    for (int i = 0; i < 6; ++i)
        yaml += "  node" + QByteArray::number(i) + ":\n    image: redis:7\n    command: redis-server --port 700"
            + QByteArray::number(i) + " --cluster-enabled yes --requirepass pw\n    ports: ['700"
            + QByteArray::number(i) + ":700" + QByteArray::number(i) + "']\n";
    yaml += "  cache:\n    image: redis\n    ports: ['6379:6379']\n  hidden:\n    image: redis\n";
    const auto read = readCompose(yaml, {}, u"folder"_s);
    QVERIFY(read);
    QCOMPARE(read->list.size(), 2);
    QCOMPARE(read->list[0].connection.target.name, u"games cluster"_s);
    QCOMPARE(read->list[0].connection.target.seeds.size(), 6);
    QCOMPARE(read->list[0].connection.target.credentials.password, u"pw"_s);
    QCOMPARE(read->list[1].connection.target.name, u"games cache"_s);
    QCOMPARE(read->problems.size(), 1); // this service publishes no port
    QVERIFY(read->problems[0].contains(u"hidden"_s));
}

void TestCompose::expandsVariables_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expanded");
    QTest::newRow("none") << u"a b"_s << u"a b"_s;
    QTest::newRow("bare") << u"x$PASS-y"_s << u"xof-env-y"_s;
    QTest::newRow("braces") << u"${PASS}x"_s << u"of-envx"_s;
    QTest::newRow("dollar") << u"$$PASS"_s << u"$PASS"_s;
    QTest::newRow("empty counts") << u"${EMPTY-x}"_s << QString();
    QTest::newRow("empty does not") << u"${EMPTY:-x}"_s << u"x"_s;
    QTest::newRow("nested") << u"${A:-${B:-${PASS}}}"_s << u"of-env"_s;
    QTest::newRow("other") << u"${PASS:+set}${A:+set}"_s << u"set"_s;
    QTest::newRow("must") << u"${A:?why}z"_s << u"z"_s;
    QTest::newRow("unfinished") << u"${A:-x"_s << QString();
    QTest::newRow("alone") << u"5$ and $"_s << u"5$ and $"_s;
}

void TestCompose::expandsVariables()
{
    QFETCH(QString, text);
    QFETCH(QString, expanded);
    QStringList missing;
    if (QTest::currentDataTag() == "unfinished"_ba) // must return, with any result
        std::ignore = expandVariables(text, variables(), &missing);
    else
        QCOMPARE(expandVariables(text, variables(), &missing), expanded);
}

void TestCompose::readsTheFileOfVariables()
{
    const ComposeVariables read =
        readEnvFile("# x\nA=1\nexport B = \"two words\" # c\nC='x#y'\nD=z # c\nE=\n=no\nF\n"_ba);
    QCOMPARE(
        read,
        (ComposeVariables{
            {u"A"_s, u"1"_s}, {u"B"_s, u"two words"_s}, {u"C"_s, u"x#y"_s}, {u"D"_s, u"z"_s}, {u"E"_s, QString()}}));
}

void TestCompose::takesNothingOfOurEnvironment()
{
    QTemporaryDir home;
    const auto write = [&home](const QString &name, const QByteArray &text) {
        QFile file(home.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write(u".env"_s, "PASS=beside\n");
    write(
        u"compose.yml"_s,
        "services:\n  a:\n    image: redis\n    ports: ['6379:6379']\n    command: redis-server --requirepass ${PASS}\n"
        "  b:\n    image: redis\n    ports: ['6380:6379']\n    command: redis-server --requirepass "
        "${SLOTSCOPE_PLANTED}\n");
    qputenv("SLOTSCOPE_PLANTED", "ours");
    const auto read = readComposeFile(home.filePath(u"compose.yml"_s));
    QVERIFY(read);
    QCOMPARE(read->list[0].connection.target.credentials.password, u"beside"_s);
    QCOMPARE(read->list[1].connection.target.credentials.password, QString());
    QVERIFY(read->list[1].notes.join(u' ').contains(u"SLOTSCOPE_PLANTED"_s));
}

void TestCompose::refuses_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("said");
    QTest::newRow("empty") << ""_ba << u"no services"_s;
    QTest::newRow("list") << "- a\n- b\n"_ba << u"no services"_s;
    QTest::newRow("none of ours") << "services:\n  web:\n    image: nginx\n"_ba << u"no redis, valkey or keydb"_s;
    QTest::newRow("a client")
        << "services:\n  init:\n    image: redis\n    ports: ['1:6379']\n    command: redis-cli --cluster create a:1\n"_ba
        << u"no redis, valkey or keydb"_s;
    QTest::newRow("a client behind the entry point")
        << "services:\n  init:\n    image: valkey/valkey\n    entrypoint: /usr/bin/docker-entrypoint.sh\n    command: [valkey-cli, ping]\n"_ba
        << u"no redis, valkey or keydb"_s;
    QTest::newRow("a client in a shell")
        << "services:\n  init:\n    image: redis\n    command: sh -c 'sleep 5 && redis-cli --cluster create a:1'\n"_ba
        << u"no redis, valkey or keydb"_s;
    QTest::newRow("not published") << "services:\n  db:\n    image: redis\n    command: redis-server --port 6390\n"_ba
                                   << u"6390 is not published"_s;
    QTest::newRow("broken") << "services:\n  db: {image: 'redis\n    pass: geheim"_ba << u"not valid YAML"_s;
    QTest::newRow("services is a text") << "services: redis\n"_ba << u"no services"_s;
    QTest::newRow("odd kinds") << "services:\n  db: [redis]\n  x: 5\n  redis:\n"_ba << u"no redis, valkey or keydb"_s;
    QTest::newRow("unknown alias") << "services:\n  db: *nobody\n"_ba << u"not valid YAML"_s;
    QTest::newRow("deep") << "services:\n  db: " + QByteArray(100'000, '[') << u"not valid YAML"_s;
    QTest::newRow("large") << "services:\n" + QByteArray(2 << 20, '#') << u"larger than 1 MB"_s;
    QTest::newRow("merges itself") << "services:\n  db: &a\n    <<: *a\n    x: 1\n"_ba << QString();
}

void TestCompose::refuses()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, said);
    const auto read = readCompose(yaml, {}, u"shop"_s);
    QVERIFY(!read);
    QVERIFY2(read.error().detail.contains(said), qPrintable(read.error().detail));
    QVERIFY(!read.error().detail.contains(u"geheim"_s));
}

/// The “billion laughs” attack: ten aliases to lists of ten aliases, nine levels deep, in lists and in merge keys.
void TestCompose::aliasesDoNotMultiply()
{
    QByteArray lists = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n", maps = "m0: &m0 {a: 1}\n";
    for (int i = 1; i < 10; ++i) {
        const QByteArray before = QByteArray::number(i - 1), now = QByteArray::number(i);
        lists += "a" + now + ": &a" + now + " [" + ("*a" + before + ",").repeated(9) + "*a" + before + "]\n";
        maps += "m" + now + ": &m" + now + "\n  <<: [" + ("*m" + before + ",").repeated(9) + "*m" + before + "]\n";
    }
    QElapsedTimer taken;
    taken.start();
    const QByteArray tail = "services:\n  db:\n    image: redis\n    ports: ['6379:6379']\n";
    std::ignore = readCompose(lists + tail + "    command: *a9\n    environment: *a9\n", {}, u"x"_s);
    std::ignore = readCompose(maps + tail + "    environment: *m9\n", {}, u"x"_s);
    std::ignore = readCompose(maps + "services:\n  db:\n    <<: *m9\n", {}, u"x"_s);
    QVERIFY2(taken.elapsed() < 3000, qPrintable(QString::number(taken.elapsed())));
}

SLOTSCOPE_TEST(TestCompose)
#include "tst_compose.moc"
