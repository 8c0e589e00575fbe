// SPDX-License-Identifier: GPL-3.0-or-later
// Keys to files and back, to other servers of every version here, and to other names: nothing lost, nothing replaced
// unasked, every failure named.
#include "core/protocol/command.h"
#include "support/testcluster.h"
#include "support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestTransfer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void everythingComesBack();
    void otherServersTakeIt_data();
    void otherServersTakeIt();
    void keysThatAreThereAreLeft();
    void brokenFilesAreNamedByLine();
    void missingRightsAreNamed();
    void commandFilesAreReadAsRedisCliDoes();
    void commandsThatWereWrittenRunAgain();
    void prefixesAreRenamed();
    void aFullDiskIsSaid();
    void readOnlyRefuses();

private:
    struct Ran
    {
        int code = -1;
        QByteArray out, err;
    };
    Ran runOn(TestCluster &cluster, const QStringList &words, const QByteArray &input = {},
              const QStringList &options = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_PASSWORD"_s, options.isEmpty() ? QString() : u"x"_s);
        process.setProcessEnvironment(environment);
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, cluster->uri()} + options + words);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Ran run(const QStringList &words, const QByteArray &input = {}) { return runOn(*m_source, words, input); }
    QByteArray call(const QStringList &words) { return run(QStringList{u"call"_s, u"--quoted-input"_s} + words).out; }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    /// Returns what `get` prints for each key, in the order of key names, and the pending entries of the streams.
    QByteArray picture(TestCluster &cluster, const QByteArray &begin);
    void fill();

    std::unique_ptr<TestCluster> m_source;
    QTemporaryDir m_folder;
};

void TestTransfer::initTestCase()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 0;
    m_source = std::make_unique<TestCluster>(options);
    QVERIFY2(m_source->start(), qPrintable(m_source->failure()));
    fill();
}

void TestTransfer::cleanupTestCase()
{
    m_source.reset();
}

/// Writes one key of each type and encoding, short and long ones, with names of arbitrary bytes.
void TestTransfer::fill()
{
    call({u"SET"_s, u"all:string"_s, u"\"a\\x00\\xff\""_s, u"EX"_s, u"90000"_s});
    call({u"SET"_s, u"all:empty"_s, u"\"\""_s});
    call({u"SETRANGE"_s, u"all:long"_s, u"3000000"_s, u"end"_s});
    call({u"SET"_s, u"\"all:\\xff\\x00 name{\""_s, u"v"_s});
    call({u"HSET"_s, u"all:hash"_s, u"f"_s, u"1"_s, u"\"\\xfe\""_s, u"\"\""_s});
    call({u"SADD"_s, u"all:set"_s, u"a"_s, u"b"_s, u"\"\""_s});
    call({u"ZADD"_s, u"all:zset"_s, u"9007199254740993"_s, u"m"_s, u"-inf"_s, u"n"_s, u"1.5"_s, u"o"_s});
    call({u"RPUSH"_s, u"all:list"_s, u"x"_s, u"x"_s, u"y"_s});
    call({u"XADD"_s, u"all:stream"_s, u"5-1"_s, u"f"_s, u"v"_s});
    call({u"XADD"_s, u"all:stream"_s, u"5-2"_s, u"f"_s, u"w"_s});
    call({u"XADD"_s, u"all:stream"_s, u"7-0"_s, u"f"_s, u"z"_s});
    call({u"XDEL"_s, u"all:stream"_s, u"7-0"_s});
    call({u"XGROUP"_s, u"CREATE"_s, u"all:stream"_s, u"workers"_s, u"0"_s});
    call({u"XREADGROUP"_s, u"GROUP"_s, u"workers"_s, u"ann"_s, u"COUNT"_s, u"1"_s, u"STREAMS"_s, u"all:stream"_s,
          u">"_s});
    call({u"XGROUP"_s, u"CREATE"_s, u"all:nothing"_s, u"g"_s, u"$"_s, u"MKSTREAM"_s});
    call({u"EVAL"_s,
          u"\"for i=1,3000 do redis.call('RPUSH',KEYS[1],i) redis.call('HSET',KEYS[2],i,i) "
          "redis.call('ZADD',KEYS[3],i,i) end\""_s,
          u"3"_s, u"all:{long}list"_s, u"all:{long}hash"_s, u"all:{long}zset"_s});
}

QByteArray TestTransfer::picture(TestCluster &cluster, const QByteArray &begin)
{
    QByteArrayList names =
        runOn(cluster, {u"scan"_s, u"--match"_s, QString::fromUtf8(begin) + u'*'}).out.trimmed().split('\n');
    std::sort(names.begin(), names.end());
    QByteArray picture;
    for (const QByteArray &name : names) {
        const QString key = QString::fromUtf8(name);
        Ran got = runOn(cluster, {u"get"_s, u"--quoted-input"_s, key});
        // sorted, because hash tables list their elements in an order of their own
        QByteArrayList lines = got.out.split('\n');
        std::sort(lines.begin(), lines.end());
        picture += name + ' ' + got.err.left(got.err.indexOf(' ')) + '\n';
        picture += QByteArray::number(qHash(lines.join('\n'))) + ' ' + QByteArray::number(got.out.size()) + '\n';
        const int ttl =
            runOn(cluster, {u"call"_s, u"--quoted-input"_s, u"TTL"_s, key}).out.trimmed().split(' ').last().toInt();
        picture += ttl < 0 ? "for ever\n"_ba : ttl > 80000 ? "expires\n"_ba : "wrong\n"_ba;
    }
    for (const QStringList &words : {QStringList{u"XPENDING"_s, u"all:stream"_s, u"workers"_s},
                                     {u"XINFO"_s, u"CONSUMERS"_s, u"all:nothing"_s, u"g"_s}})
        picture += runOn(cluster, QStringList{u"call"_s} + words).out;
    const QByteArray stream = runOn(cluster, {u"call"_s, u"XINFO"_s, u"STREAM"_s, u"all:stream"_s}).out;
    for (const QByteArray &line : stream.split('\n'))
        if (line.contains("last-generated") || line.contains("7-0"))
            picture += line.mid(line.indexOf('"')) + '\n';
    return picture;
}

void TestTransfer::everythingComesBack()
{
    const QByteArray before = picture(*m_source, "all:"_ba);
    const Ran exported = run({u"export"_s, path(u"all.ndjson"_s), u"--match"_s, u"all:*"_s});
    QVERIFY2(exported.code == 0 && exported.out.startsWith("13 of 13 keys written"),
             (exported.out + exported.err).constData());
    QCOMPARE(QFile(path(u"all.ndjson"_s)).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const Ran removed = run({u"bulk"_s, u"delete"_s, u"--match"_s, u"all:*"_s, u"--yes"_s});
    QVERIFY(removed.out.startsWith("13 of 13"));
    const Ran tried = run({u"import"_s, path(u"all.ndjson"_s), u"--dry-run"_s});
    QVERIFY2(tried.out.startsWith("13 of 13 would be written"), tried.out.constData());
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"all:*"_s, u"--count-only"_s}).out, "0\n"_ba);
    const Ran imported = run({u"import"_s, path(u"all.ndjson"_s), u"--yes"_s});
    QVERIFY2(imported.code == 0 && imported.out.startsWith("13 of 13 written"),
             (imported.out + imported.err).constData());
    QCOMPARE(picture(*m_source, "all:"_ba), before);
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"*slotscope-part*"_s, u"--count-only"_s}).out, "0\n"_ba);
}

void TestTransfer::otherServersTakeIt_data()
{
    QTest::addColumn<QString>("server");
    for (const auto &[name, path] : serversFound())
        QTest::newRow(name.constData()) << path;
}

/// Keys are copied as DUMP payloads if the target server accepts these, and element by element otherwise. Exporting
/// there and importing here gives the same keys.
void TestTransfer::otherServersTakeIt()
{
    QFETCH(const QString, server);
    LocalClusterOptions options;
    options.serverPath = server;
    options.replicasPerPrimary = 0;
    TestCluster target(options);
    QVERIFY2(target.start(), qPrintable(target.failure()));
    const bool knowsFieldExpiry = target.run(0, {"HPEXPIRETIME"_ba}).error().detail.contains(u"arguments"_s);
    const Ran copied = run({u"bulk"_s, u"copy"_s, u"--to"_s, target->uri(), u"--match"_s, u"all:*"_s, u"--yes"_s});
    QVERIFY2(copied.code == 0 && copied.out.startsWith("13 of 13 keys copied"), (copied.out + copied.err).constData());
    QCOMPARE(picture(target, "all:"_ba), picture(*m_source, "all:"_ba));
    const Ran again = run({u"bulk"_s, u"copy"_s, u"--to"_s, target->uri(), u"--match"_s, u"all:*"_s, u"--yes"_s});
    QVERIFY2(again.code == 0 && again.out.startsWith("0 of 13 keys copied and compared, 13 skipped"),
             again.out.constData());
    if (knowsFieldExpiry)
        runOn(target, {u"call"_s, u"HPEXPIRE"_s, u"all:hash"_s, u"9000000"_s, u"FIELDS"_s, u"1"_s, u"f"_s});
    const Ran exported = runOn(target, {u"export"_s, path(u"there.ndjson"_s), u"--match"_s, u"all:hash"_s});
    QCOMPARE(exported.code, 0);
    const Ran replaced =
        runOn(target, {u"import"_s, path(u"there.ndjson"_s), u"--on-conflict"_s, u"replace"_s, u"--yes"_s});
    QVERIFY2(replaced.code == 0, replaced.err.constData());
    if (knowsFieldExpiry)
        QVERIFY(runOn(target, {u"call"_s, u"HPTTL"_s, u"all:hash"_s, u"FIELDS"_s, u"1"_s, u"f"_s})
                    .out.trimmed()
                    .split(' ')
                    .last()
                    .toInt()
                > 8'000'000);
    else
        QCOMPARE(picture(target, "all:"_ba), picture(*m_source, "all:"_ba));
    const Ran back = runOn(
        target,
        {u"bulk"_s, u"copy"_s, u"--to"_s, (*m_source)->uri(), u"--match"_s, u"all:z*"_s, u"--replace"_s, u"--yes"_s});
    QVERIFY2(back.code == 0 && back.out.startsWith("1 of 1"), (back.out + back.err).constData());
}

void TestTransfer::keysThatAreThereAreLeft()
{
    call({u"SET"_s, u"there:a"_s, u"old"_s});
    call({u"RPUSH"_s, u"there:b"_s, u"old"_s});
    QCOMPARE(run({u"export"_s, path(u"there"_s), u"--match"_s, u"there:*"_s}).code, 0);
    call({u"SET"_s, u"there:a"_s, u"new"_s});
    call({u"RPUSH"_s, u"there:b"_s, u"new"_s});
    const Ran skipped = run({u"import"_s, path(u"there"_s), u"--yes"_s, u"--json"_s});
    const QJsonObject told = QJsonDocument::fromJson(skipped.out).object();
    QCOMPARE(told.value(u"untouched"_s).toInt(), 2);
    QCOMPARE(told.value(u"conflicts"_s).toArray().size(), 2);
    QCOMPARE(call({u"GET"_s, u"there:a"_s}).trimmed(), "new"_ba);
    QCOMPARE(call({u"LLEN"_s, u"there:b"_s}).trimmed(), "2"_ba);
    QCOMPARE(run({u"import"_s, path(u"there"_s), u"--on-conflict"_s, u"replace"_s, u"--yes"_s}).code, 0);
    QCOMPARE(call({u"GET"_s, u"there:a"_s}).trimmed(), "old"_ba);
    QCOMPARE(call({u"LLEN"_s, u"there:b"_s}).trimmed(), "1"_ba);
    // refused, because there is no terminal to ask
    QCOMPARE(run({u"import"_s, path(u"there"_s), u"--on-conflict"_s, u"ask"_s}).code, 2);
}

void TestTransfer::brokenFilesAreNamedByLine()
{
    QCOMPARE(run({u"export"_s, path(u"cut"_s), u"--match"_s, u"all:*"_s}).code, 0);
    QFile file(path(u"cut"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArrayList lines = file.readAll().split('\n');
    lines[2] = lines[2].left(lines[2].size() / 2);
    lines.resize(lines.size() - 2); // removes the file's last line and the empty one after it
    QVERIFY(file.resize(0) && file.seek(0));
    file.write(lines.join('\n'));
    file.close();
    const Ran imported = run({u"import"_s, path(u"cut"_s), u"--yes"_s, u"--on-conflict"_s, u"replace"_s});
    QCOMPARE(imported.code, 1);
    QVERIFY2(imported.err.contains("line 3: "), imported.err.constData());
    QVERIFY2(imported.err.contains("last line is missing"), imported.err.constData());
    const Ran missing = run({u"import"_s, path(u"no such"_s), u"--yes"_s});
    QVERIFY2(missing.code == 1 && missing.err.contains("no such"), missing.err.constData());
    // One part of a long key whose other parts are missing.
    const QByteArray part = R"({"key":"part","type":"list","items":["a"],"more":true})"_ba;
    const QByteArray end = R"({"slotscope":"end","keys":0})"_ba;
    const Ran parts = run({u"import"_s, u"-"_s, u"--yes"_s}, part + '\n' + end + '\n');
    QVERIFY2(parts.code == 1 && parts.err.contains("rest of the value is missing"), parts.err.constData());
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"part*"_s, u"--count-only"_s}).out, "0\n"_ba);
}

void TestTransfer::missingRightsAreNamed()
{
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_source->run(node,
                              {"ACL"_ba, "SETUSER"_ba, "few"_ba, "on"_ba, ">x"_ba, "~all:*"_ba, "~few:*"_ba, "+@all"_ba,
                               "-restore"_ba, "-hset"_ba}));
    QCOMPARE(run({u"export"_s, path(u"few"_s), u"--match"_s, u"all:*"_s}).code, 0);
    const QStringList few{u"--user"_s, u"few"_s};
    const Ran imported =
        runOn(*m_source, {u"import"_s, path(u"few"_s), u"--yes"_s, u"--on-conflict"_s, u"replace"_s}, {}, few);
    QCOMPARE(imported.code, 1);
    QVERIFY2(imported.out.contains("11 of 13 written") && imported.out.contains("2 failed"), imported.out.constData());
    QVERIFY2(imported.err.contains("NOPERM") && imported.err.contains("all:hash"), imported.err.constData());
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"*slotscope-part*"_s, u"--count-only"_s}).out, "0\n"_ba);
    // Without permission for RESTORE, keys are copied element by element.
    const Ran copied =
        runOn(*m_source,
              {u"bulk"_s, u"copy"_s, u"--to"_s, QString((*m_source)->uri()).replace(u"redis://"_s, u"redis://few:x@"_s),
               u"--match"_s, u"all:set"_s, u"--replace"_s, u"--yes"_s});
    QVERIFY2(copied.code == 0 && copied.err.contains("element by element"), (copied.out + copied.err).constData());
}

void TestTransfer::commandFilesAreReadAsRedisCliDoes()
{
    const QByteArray file = "\xef\xbb\xbfSET cf:a 'lorem ipsum'\r\nSET cf:b \"x\\ty\"\r\n\"SET\" \"cf:c\" \"1\"\r\n"
                            "# note\r\n\r\nSET cf:d \"open\r\nset cf:e 값\r\n"_ba;
    const Ran imported = run({u"import"_s, u"-"_s, u"--yes"_s}, file);
    QCOMPARE(imported.code, 1);
    QVERIFY2(imported.out.startsWith("4 of 5 written, 1 failed"), imported.out.constData());
    QVERIFY2(imported.err.contains("line 6"), imported.err.constData());
    QCOMPARE(run({u"get"_s, u"cf:a"_s}).out, "lorem ipsum"_ba);
    QCOMPARE(run({u"get"_s, u"cf:b"_s}).out, "x\ty"_ba);
    QCOMPARE(run({u"get"_s, u"cf:e"_s}).out, "값"_ba);
    QCOMPARE(run({u"get"_s, u"cf:d"_s}).code, 1);
    const Ran unshared = run({u"import"_s, u"-"_s, u"--yes"_s}, "SELECT 1\nSUBSCRIBE x\n"_ba);
    QVERIFY2(unshared.code == 1 && unshared.out.startsWith("0 of 2"), unshared.out.constData());
}

void TestTransfer::commandsThatWereWrittenRunAgain()
{
    const QByteArray before = picture(*m_source, "all:"_ba);
    QCOMPARE(run({u"export"_s, path(u"all.txt"_s), u"--match"_s, u"all:*"_s, u"--format"_s, u"commands"_s}).code, 0);
    const Ran twice = run({u"import"_s, path(u"all.txt"_s), u"--yes"_s}); // imports over the existing keys
    QVERIFY2(twice.code == 0, twice.err.constData());
    QCOMPARE(picture(*m_source, "all:"_ba), before);
}

void TestTransfer::prefixesAreRenamed()
{
    for (int i = 0; i < 20; ++i)
        call({u"SET"_s, u"from*:%1"_s.arg(i), u"v"_s, u"EX"_s, u"1000"_s});
    call({u"SET"_s, u"from:other"_s, u"v"_s});
    call({u"SET"_s, u"into:3"_s, u"taken"_s});
    const Ran renamed = run({u"bulk"_s, u"rename"_s, u"--prefix"_s, u"from*:"_s, u"--to"_s, u"into:"_s, u"--yes"_s});
    QVERIFY2(renamed.out.startsWith("19 of 20 keys renamed, 1 skipped"), (renamed.out + renamed.err).constData());
    QCOMPARE(run({u"scan"_s, u"--match"_s, u"into:*"_s, u"--count-only"_s}).out, "20\n"_ba);
    QCOMPARE(run({u"get"_s, u"into:3"_s}).out, "taken"_ba);
    QCOMPARE(run({u"get"_s, u"from*:3"_s}).out, "v"_ba);
    QCOMPARE(run({u"get"_s, u"from:other"_s}).out, "v"_ba);
    QVERIFY(call({u"TTL"_s, u"into:4"_s}).trimmed().split(' ').last().toInt() > 900);
}

void TestTransfer::aFullDiskIsSaid()
{
    const Ran exported = run({u"export"_s, u"/dev/full"_s, u"--match"_s, u"all:*"_s});
    QVERIFY2(exported.code == 1 && exported.err.contains("/dev/full"), exported.err.constData());
    QVERIFY(!QFileInfo(u"/dev/full"_s).isFile()); // the export target is not a regular file, so it cannot be replaced
    QCOMPARE(run({u"export"_s, path(u"no/such/folder"_s), u"--match"_s, u"all:*"_s}).code, 1);
}

void TestTransfer::readOnlyRefuses()
{
    QCOMPARE(run({u"export"_s, path(u"ro"_s), u"--match"_s, u"all:empty"_s}).code, 0);
    const Ran refused = runOn(*m_source, {u"import"_s, path(u"ro"_s), u"--yes"_s}, {}, {u"--read-only"_s});
    QVERIFY2(refused.code == 1 && refused.err.contains("read-only"), refused.err.constData());
}

SLOTSCOPE_TEST(TestTransfer)
#include "tst_transfer.moc"
