// SPDX-License-Identifier: GPL-3.0-or-later
// slotscope-cli scan, get, set and bulk on a real cluster: names and bytes exact, nothing lost, failures told.
#include "core/protocol/command.h"
#include "support/testcluster.h"
#include "support/testmain.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QString keyCli()
{
    return qEnvironmentVariable("SLOTSCOPE_CLI");
}

} // namespace

class TestKeyCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void bytesGoInAndOut();
    void everyTypeIsPrinted();
    void copiesOnReplicasAreCompared();
    void setLeavesOtherTypesAlone();
    void namesGoBackAsTheyCame();
    void timesToLiveStay();
    void valuesAreShownInAFormat();
    void onlyWhereItIsStillTheSame();
    void jsonMayStandBehind();
    void bulkCountsAsksAndTells();
    void bulkExpiresWhatLivesForEver();
    void bulkTakesNamesFromAFile();
    void readOnlyRefuses();

private:
    struct Ran
    {
        int code = -1;
        QByteArray out, err;
    };
    Ran run(const QStringList &words, const QByteArray &input = {}, const QString &more = {})
    {
        return runOn((*m_cluster)->uri() + more, words, input);
    }
    static Ran runOn(const QString &uri, const QStringList &words, const QByteArray &input = {})
    {
        QProcess process;
        process.start(keyCli(), QStringList{u"--uri"_s, uri} + words);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    std::unique_ptr<TestCluster> m_cluster;
};

void TestKeyCli::bytesGoInAndOut()
{
    QByteArray all;
    for (int byte = 0; byte < 256; ++byte)
        all += char(byte);
    QCOMPARE(run({u"set"_s, u"bytes"_s}, all).code, 0);
    const Ran got = run({u"get"_s, u"bytes"_s});
    QCOMPARE(got.out, all);
    QVERIFY2(got.err.contains("string"), got.err.constData());
    const QByteArray large(3 * 1024 * 1024 + 7, 'z'); // larger than one chunk of input
    QCOMPARE(run({u"set"_s, u"large"_s}, large).code, 0);
    QCOMPARE(run({u"get"_s, u"large"_s}).out, large);
    QCOMPARE(run({u"get"_s, u"no such key"_s}).code, 1);
}

void TestKeyCli::everyTypeIsPrinted()
{
    run({u"call"_s, u"XADD"_s, u"t:stream"_s, u"1-1"_s, u"f"_s, u"v w"_s});
    QCOMPARE(run({u"get"_s, u"t:stream"_s}).out, "1-1\tf \"v w\"\n"_ba);
    run({u"call"_s, u"ZADD"_s, u"t:zset"_s, u"1.5"_s, u"m"_s, u"inf"_s, u"ü"_s});
    QCOMPARE(run({u"get"_s, u"t:zset"_s}).out, "m\t1.5\nü\tinf\n"_ba);
    run({u"call"_s, u"SADD"_s, u"t:set"_s, u"a\tb"_s});
    QCOMPARE(run({u"get"_s, u"t:set"_s}).out, "\"a\\tb\"\n"_ba);
    run({u"call"_s, u"RPUSH"_s, u"t:list"_s, u"x"_s, QString(9000, u'y')});
    QCOMPARE(run({u"get"_s, u"t:list"_s}).out, "x\n" + QByteArray(9000, 'y') + "\n");
}

void TestKeyCli::copiesOnReplicasAreCompared()
{
    QByteArrayList fields; // so many that they are in a hash table, whose order differs on each server
    for (int i = 0; i < 600; ++i)
        fields << "f" + QByteArray::number(i) << "v";
    LocalClusterOptions options;
    options.primaries = 2;
    options.replicasPerPrimary = 0;
    options.clusterMode = false;
    TestCluster servers(options);
    QVERIFY2(servers.start(), qPrintable(servers.failure()));
    QVERIFY(servers.run(0, QByteArrayList{"HSET"_ba, "h"_ba} + fields));
    QVERIFY(servers.run(0, {"SET"_ba, "s"_ba, "one"_ba}));
    const Endpoint primary = *Endpoint::parse(servers.address(0));
    QVERIFY(servers.run(1, {"REPLICAOF"_ba, primary.host.toUtf8(), QByteArray::number(primary.port)}));
    QTRY_VERIFY_WITH_TIMEOUT(servers.run(1, {"INFO"_ba, "replication"_ba})->bytes().contains("master_link_status:up"),
                             20'000);
    const auto copiesOf = [&](const QString &key) {
        return runOn(u"redis://"_s + servers.address(0), {u"get"_s, key, u"--copies"_s});
    };
    QTRY_VERIFY_WITH_TIMEOUT(copiesOf(u"h"_s).out.contains("replica"), 20'000);
    const Ran same = copiesOf(u"h"_s);
    QVERIFY2(same.code == 0 && same.out.contains("same value as the primary"), (same.out + same.err).constData());
    QVERIFY2(same.out.contains("600"), same.out.constData());
    QVERIFY(servers.run(1, {"CONFIG"_ba, "SET"_ba, "replica-read-only"_ba, "no"_ba}));
    QVERIFY(servers.run(1, {"SET"_ba, "s"_ba, "two"_ba}));
    const Ran other = copiesOf(u"s"_s);
    QCOMPARE(other.code, 1);
    QVERIFY2(other.out.contains("another value than the primary"), other.out.constData());
    const Ran none = copiesOf(u"no such key"_s);
    QVERIFY2(none.code == 0 && none.out.contains("none"), none.out.constData());
}

void TestKeyCli::setLeavesOtherTypesAlone()
{
    run({u"call"_s, u"RPUSH"_s, u"other"_s, u"a"_s});
    const Ran refused = run({u"set"_s, u"other"_s, u"oops"_s});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("list"), refused.err.constData());
    QCOMPARE(run({u"get"_s, u"other"_s}).out, "a\n"_ba);
    QCOMPARE(run({u"set"_s, u"other"_s, u"new"_s, u"--replace"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"other"_s}).out, "new"_ba);
}

void TestKeyCli::namesGoBackAsTheyCame()
{
    for (const QByteArray &name : {"odd:\0nul"_ba, "odd:grüße"_ba, "odd: blank"_ba, "odd:\"q\""_ba}) {
        const QString typed = QString::fromLatin1(quoted(name));
        QCOMPARE(run({u"set"_s, u"--quoted-input"_s, typed, u"v"_s}).code, 0);
    }
    const Ran names = run({u"scan"_s, u"--match"_s, u"odd:*"_s});
    QCOMPARE(names.out.count('\n'), 4);
    QVERIFY2(names.out.contains("odd:grüße\n"), names.out.constData()); // UTF-8 names are printed unescaped
    for (const QByteArray &line : names.out.trimmed().split('\n'))
        QCOMPARE(run({u"get"_s, u"--quoted-input"_s, QString::fromUtf8(line)}).out, "v"_ba);
    const Ran zero = run({u"scan"_s, u"--match"_s, u"odd:g*"_s, u"-0"_s});
    // fails, because the input is separated by NUL bytes and not by lines
    QCOMPARE(run({u"bulk"_s, u"delete"_s, u"--from"_s, u"-"_s, u"--yes"_s}, zero.out).code, 1);
    QVERIFY(run({u"bulk"_s, u"delete"_s, u"--from"_s, u"-"_s, u"-0"_s, u"--yes"_s}, zero.out).out.startsWith("1 of 1"));
    const Ran json = run({u"--json"_s, u"scan"_s, u"--match"_s, u"odd:*"_s});
    QVERIFY(run({u"bulk"_s, u"delete"_s, u"--from"_s, u"-"_s, u"--yes"_s}, json.out).out.startsWith("3 of 3"));
    for (const QByteArray &bad : {"a\r\n"_ba, "string  -1  a\n"_ba})
        QCOMPARE(run({u"bulk"_s, u"delete"_s, u"--from"_s, u"-"_s, u"--yes"_s}, bad).code, 1);
}

void TestKeyCli::timesToLiveStay()
{
    run({u"call"_s, u"SET"_s, u"ttl"_s, u"a"_s, u"EX"_s, u"1000"_s});
    QCOMPARE(run({u"set"_s, u"ttl"_s, u"b"_s}).code, 0);
    QVERIFY(run({u"call"_s, u"TTL"_s, u"ttl"_s}).out.trimmed().toInt() > 900);
    run({u"call"_s, u"HSET"_s, u"hash"_s, u"f"_s, u"1"_s, u"g"_s, u"2"_s});
    QCOMPARE(run({u"set"_s, u"hash"_s, u"--field"_s, u"f"_s, u"3"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"hash"_s, u"--field"_s, u"f"_s}).out, "3"_ba);
    QCOMPARE(run({u"get"_s, u"hash"_s}).out, "f\t3\ng\t2\n"_ba);
}

void TestKeyCli::valuesAreShownInAFormat()
{
    QTemporaryDir folder;
    const auto write = [&](const QString &name, const QByteArray &text) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QVERIFY(write(u"user.proto"_s, "syntax=\"proto3\"; package acme; message User { int64 id = 1; string name = 2; }"));
    const QByteArray value = QByteArray::fromHex("0881808080808080101203416461");
    const QString proto = folder.path(), typed = u"protobuf:acme.User"_s;
    QCOMPARE(run({u"set"_s, u"user"_s}, value).code, 0);
    const QStringList get{u"get"_s, u"user"_s, u"--format"_s};
    const Ran shown = run(get + QStringList{typed, u"--proto"_s, proto});
    QVERIFY2(shown.code == 0, shown.err.constData());
    QCOMPARE(shown.out, "{\n  \"id\": 9007199254740993,\n  \"name\": \"Ada\"\n}\n"_ba);
    QVERIFY2(shown.err.contains("format: protobuf:acme.User (14 bytes)"), shown.err.constData());
    run({u"call"_s, u"HSET"_s, u"users"_s, u"a"_s, QString::fromLatin1("\n\x01z")});
    const Ran field = run({u"get"_s, u"users"_s, u"--field"_s, u"a"_s, u"--format"_s, u"protobuf"_s});
    QCOMPARE(field.out, "{\n  \"1\": \"z\"\n}\n"_ba);
    QVERIFY(run(get + QStringList{u"auto"_s}).out.contains("9007199254740993"));
    const Ran json = run(QStringList{u"--json"_s} + get + QStringList{typed, u"--proto"_s, proto});
    const QJsonObject last = QJsonDocument::fromJson(json.out.trimmed().split('\n').last()).object();
    QCOMPARE(last[u"chain"_s].toString(), typed);
    QCOMPARE(last[u"round_trip"_s].toString(), u"same-bytes"_s);
    const auto refused = [&](const QStringList &words, const QByteArray &why) {
        const Ran ran = run(words);
        return ran.code == 2 && ran.err.contains(why);
    };
    QVERIFY(refused(get + QStringList{typed}, "needs --proto DIR"));
    QVERIFY(refused(get + QStringList{u"json"_s, u"--proto"_s, proto}, "belongs to the format protobuf:TYPE"));
    QVERIFY(refused({u"get"_s, u"user"_s, u"--proto"_s, proto}, "needs --format"));
    QVERIFY(refused(get + QStringList{u"nothing"_s}, "no format is named"));
    QVERIFY(refused(get + QStringList{typed, u"--proto"_s, proto, u"--head"_s}, "not with --head"));
    QVERIFY(write(u"bad.proto"_s, "syntax=\"proto3\";\nmessage User { oops }"));
    const Ran bad = run(get + QStringList{u"protobuf:user"_s, u"--proto"_s, proto});
    QVERIFY2(bad.code == 2 && bad.err.contains("bad.proto:2:21: ") && bad.err.contains("they define acme.User"),
             bad.err.constData());
    QCOMPARE(run(get + QStringList{typed, u"--proto"_s, proto}).code, 0); // the other file is still used
    QCOMPARE(run({u"get"_s, u"users"_s, u"--format"_s, u"json"_s}).code, 1);
}

void TestKeyCli::onlyWhereItIsStillTheSame()
{
    run({u"set"_s, u"same"_s, u"1"_s});
    const Ran refused = run({u"set"_s, u"same"_s, u"2"_s, u"--only-if"_s, u"0"_s});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("the value is not OLD"), refused.err.constData());
    QCOMPARE(run({u"get"_s, u"same"_s}).out, "1"_ba);
    QCOMPARE(run({u"set"_s, u"same"_s, u"2"_s, u"--only-if"_s, u"1"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"same"_s}).out, "2"_ba);
}

/// --json may stand after the command. It is removed from the arguments, and an argument “--json” after “--” stays.
void TestKeyCli::jsonMayStandBehind()
{
    run({u"set"_s, u"behind"_s, u"v"_s});
    const Ran scanned = run({u"scan"_s, u"--match"_s, u"behin*"_s, u"--json"_s});
    QCOMPARE(QJsonDocument::fromJson(scanned.out).object().value(u"key"_s).toString(), u"behind"_s);
    QCOMPARE(run({u"set"_s, u"behind"_s, u"--"_s, u"--json"_s}).code, 0);
    QCOMPARE(run({u"get"_s, u"behind"_s}).out, "--json"_ba);
}

void TestKeyCli::bulkExpiresWhatLivesForEver()
{
    for (int i = 0; i < 10; ++i)
        run({u"call"_s, u"SET"_s, u"life:%1"_s.arg(i), u"v"_s});
    run({u"call"_s, u"EXPIRE"_s, u"life:3"_s, u"90000"_s});
    const QStringList expire{u"bulk"_s, u"expire"_s, u"--match"_s, u"life:*"_s, u"--for"_s, u"100000"_s, u"--yes"_s};
    const Ran some = run(QStringList{u"--json"_s} + expire + QStringList{u"--without-ttl"_s});
    QCOMPARE(some.code, 0);
    const QJsonObject told = QJsonDocument::fromJson(some.out).object();
    QCOMPARE(told.value(u"changed"_s).toInt(), 9);
    QCOMPARE(told.value(u"untouched"_s).toInt(), 1);
    QVERIFY(run({u"call"_s, u"TTL"_s, u"life:3"_s}).out.trimmed().toInt() > 80'000);
    QVERIFY(run({u"call"_s, u"TTL"_s, u"life:4"_s}).out.trimmed().toInt() <= 100);
    QCOMPARE(run(expire).code, 0);
    // without a condition, all keys get the new expiry
    QVERIFY(run({u"call"_s, u"TTL"_s, u"life:3"_s}).out.trimmed().toInt() <= 100);
    QCOMPARE(run({u"bulk"_s, u"delete"_s, u"--match"_s, u"life:*"_s, u"--without-ttl"_s}).code, 2);
    QCOMPARE(run({u"bulk"_s, u"delete"_s, u"--match"_s, u"life:*"_s, u"--yes"_s}).code, 0);
}

void TestKeyCli::bulkCountsAsksAndTells()
{
    for (int i = 0; i < 40; ++i)
        run({u"call"_s, u"SET"_s, u"many:%1"_s.arg(i), u"v"_s});
    QVERIFY(run({u"bulk"_s, u"delete"_s, u"--match"_s, u"many:*"_s, u"--dry-run"_s})
                .out.startsWith("it would delete 40 keys on "));
    const Ran unasked = run({u"bulk"_s, u"delete"_s, u"--match"_s, u"many:*"_s});
    QCOMPARE(unasked.code, 2); // refused, because there is no terminal to ask for confirmation
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"many:*"_s, u"--count-only"_s}).out, "40\n"_ba);
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(
            node, {"ACL"_ba, "SETUSER"_ba, "some"_ba, "on"_ba, ">x"_ba, "resetkeys"_ba, "~many:1*"_ba, "+@all"_ba}));
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SLOTSCOPE_PASSWORD"_s, u"x"_s);
    process.setProcessEnvironment(environment);
    process.start(keyCli(),
                  {u"--uri"_s, (*m_cluster)->uri(), u"--user"_s, u"some"_s, u"bulk"_s, u"delete"_s, u"--match"_s,
                   u"many:*"_s, u"--yes"_s, u"--json"_s});
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1); // because some deletions failed
    const QJsonObject told = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QCOMPARE(told.value(u"changed"_s).toInt(), 11); // many:1 and many:10 to many:19
    QCOMPARE(told.value(u"failed"_s).toInt(), 29);
    const Ran rest = run({u"bulk"_s, u"delete"_s, u"--match"_s, u"many:*"_s, u"--yes"_s});
    QCOMPARE(rest.code, 0);
    QVERIFY2(rest.out.startsWith("29 of 29 keys changed"), rest.out.constData());
}

void TestKeyCli::bulkTakesNamesFromAFile()
{
    run({u"set"_s, u"file:a"_s, u"1"_s});
    run({u"set"_s, u"file:with blank"_s, u"1"_s});
    const Ran names = run({u"scan"_s, u"--match"_s, u"file:*"_s});
    const Ran expired =
        run({u"bulk"_s, u"expire"_s, u"--for"_s, u"500000"_s, u"--from"_s, u"-"_s, u"--yes"_s}, names.out + names.out);
    QVERIFY2(expired.out.startsWith("2 of 2 keys changed"), expired.out.constData());
    QVERIFY(run({u"call"_s, u"TTL"_s, u"file:with blank"_s}).out.trimmed().toInt() > 400);
    const Ran broken = run({u"bulk"_s, u"persist"_s, u"--from"_s, u"-"_s, u"--yes"_s}, "file:a\n\"open\n"_ba);
    QCOMPARE(broken.code, 1);
    QVERIFY2(broken.err.contains("line 2"), broken.err.constData());
    QVERIFY(run({u"call"_s, u"TTL"_s, u"file:a"_s}).out.trimmed().toInt() > 400); // no key was changed
}

void TestKeyCli::readOnlyRefuses()
{
    run({u"set"_s, u"ro"_s, u"1"_s});
    QCOMPARE(run({u"--read-only"_s, u"set"_s, u"ro"_s, u"2"_s, u"--yes"_s}).code, 1);
    QCOMPARE(run({u"--read-only"_s, u"bulk"_s, u"delete"_s, u"--match"_s, u"ro"_s, u"--yes"_s}).code, 1);
    QCOMPARE(run({u"get"_s, u"ro"_s}).out, "1"_ba);
}

SLOTSCOPE_TEST(TestKeyCli)
#include "tst_keycli.moc"
