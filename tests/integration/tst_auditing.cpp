// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log on real servers: each way by which a server is changed leaves its line, with what became of it, and
// without a password anywhere.
#include "core/audit/auditlog.h"
#include "core/audit/auditreader.h"
#include "core/console/consoletab.h"
#include "core/keys/bulkjob.h"
#include "core/values/valueeditor.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int writtenMs = 20'000;

QByteArray namesWithSecrets(const QString &folder, const QByteArray &planted)
{
    QByteArray found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(planted))
            found += file.fileName().toUtf8() + '\n';
    }
    return found;
}

} // namespace

class TestAuditing : public QObject
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
    void init();
    void cleanup();

    void theConsole();
    void aValue();
    void aJobOfManyKeys();
    void readingLeavesNothing();
    void aLostConnectionIsNotKnown();
    void refusedByTheGate();
    void everyCommandLine();
    void anOperation();
    void programsSideBySide();
    void passwordsNowhere();
    void logOfEveryCommand();
    void strictSendsNothing();

private:
    struct Ran
    {
        int code = -1;
        QByteArray out, err;
    };
    Ran run(const QStringList &words, const QString &more = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_AUDIT"_s, folder());
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, m_folder->filePath(u"operations"_s));
        environment.insert(u"XDG_DATA_HOME"_s, m_folder->filePath(u"data"_s));
        environment.insert(u"XDG_CONFIG_HOME"_s, m_folder->filePath(u"config"_s));
        process.setProcessEnvironment(environment);
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                      QStringList{u"--uri"_s, (*m_cluster)->uri() + more} + words);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    void begin(const ConnectionTarget &target)
    {
        m_log = std::make_shared<AuditLog>(AuditLog::Options{.folder = folder(), .program = u"slotscope"_s});
        setCommandWatch(m_log);
        m_session = connectTo(target);
        QVERIFY(m_session);
    }
    [[nodiscard]] ConnectionTarget target() const
    {
        ConnectionTarget target = m_cluster->target({0, 1, 2});
        target.name = u"shop"_s;
        return target;
    }
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"audit"_s); }
    [[nodiscard]] QList<AuditEntry> entries(const AuditFilter &filter = {}) const
    {
        if (m_log)
            std::ignore = m_log->flush(writtenMs);
        QList<AuditEntry> all;
        std::ignore = walkAudit(folder(), filter, [&all](const AuditEntry &entry, const QByteArray &) {
            all.append(entry);
            return true;
        });
        return all;
    }

    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<AuditLog> m_log;
    std::unique_ptr<ClusterSession> m_session;
};

void TestAuditing::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestAuditing::cleanup()
{
    m_session.reset();
    setCommandWatch({});
    m_log.reset();
}

void TestAuditing::theConsole()
{
    begin(target());
    ConsoleTab tab(m_session.get());
    bool isDone = false;
    tab.listen(std::make_shared<BatchSink<ConsoleEvent>>(this,
                                                         [&isDone](Batch<ConsoleEvent> batch) {
                                                             for (const ConsoleEvent &event : batch.items)
                                                                 isDone =
                                                                     isDone || event.kind == ConsoleEvent::Kind::Done;
                                                         }),
               std::make_shared<BatchSink<ConsoleMessage>>(this, [](Batch<ConsoleMessage>) {}));
    ConsoleOrder order;
    order.entry = 1;
    order.command = {"SET", "from:console", "\xff\x00binary"_ba};
    const auto task = tab.run(order);
    QTRY_VERIFY(isDone);
    const QList<AuditEntry> all = entries();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all[0].from, u"console"_s);
    QCOMPARE(all[0].cluster, u"shop"_s);
    QCOMPARE(all[0].words[2].bytes, "\xff\x00binary"_ba);
    QCOMPARE(all[0].result, AuditEntry::Result::Done);
    QCOMPARE(all[0].nodeId.size(), 40);
    QVERIFY(m_session->view()->node(all[0].nodeId));
    QCOMPARE(all[0].address, m_session->view()->node(all[0].nodeId)->name);
}

void TestAuditing::aValue()
{
    // `set` writes a value with the same commands as the value editor
    QCOMPARE(run({u"set"_s, u"an:editor"_s, u"v1"_s}).code, 0);
    const QList<AuditEntry> all = entries();
    QVERIFY(all.size() >= 2);
    QCOMPARE(all.constLast().name(), u"EXEC"_s);
    QCOMPARE(all.constLast().result, AuditEntry::Result::Done);
    QCOMPARE(all[all.size() - 2].result, AuditEntry::Result::Queued);
    QCOMPARE(all.constLast().from, u"set"_s);
    QCOMPARE(all.constLast().program, u"slotscope-cli"_s);
}

void TestAuditing::aJobOfManyKeys()
{
    constexpr int many = 20'000;
    for (int node = 0; node < 3; ++node)
        QVERIFY(m_cluster->run(
            node,
            {"EVAL", "for i=1,tonumber(ARGV[1]) do redis.pcall('SET','job:'..i..ARGV[2],'v') end", "0", "1", "x"}));
    begin(target());
    BulkRequest request;
    for (int i = 0; i < many; ++i)
        request.keys.append("job:" + QByteArray::number(i));
    BulkJob job(m_session.get());
    QElapsedTimer time;
    time.start();
    const auto done = QCoro::waitFor(job.run(
        request, std::make_shared<BatchSink<BulkProgress>>(this, [](Batch<BulkProgress>) {}), UserConsent::Given));
    QVERIFY(done);
    const double seconds = double(time.elapsed()) / 1000;
    qint64 keys = 0;
    const QList<AuditEntry> all = entries();
    for (const AuditEntry &entry : all) {
        QCOMPARE(entry.name(), u"UNLINK"_s);
        QCOMPARE(entry.from, u"browser"_s);
        keys += entry.count;
    }
    QCOMPARE(keys, many); // every key is counted, but not every key has its own log line
    QVERIFY2(all.size() <= 3 * (many / 500 / 3 + 2), QByteArray::number(all.size()).constData());
    qInfo("%d keys in %.2f s are %d lines", many, seconds, int(all.size()));
}

void TestAuditing::readingLeavesNothing()
{
    begin(target());
    QVERIFY(QCoro::waitFor(m_session->execute({"GET", "k"})));
    QVERIFY(QCoro::waitFor(m_session->execute({"HGETALL", "h"})));
    QVERIFY(QCoro::waitFor(m_session->call({"CONFIG", "GET", "*"}, {.kind = NodeSelection::Kind::All})));
    QVERIFY(QCoro::waitFor(m_session->fullCheck()));
    QCOMPARE(entries().size(), 0);
}

void TestAuditing::aLostConnectionIsNotKnown()
{
    LocalClusterOptions options;
    options.primaries = 1;
    options.replicasPerPrimary = 0;
    options.clusterMode = false;
    TestCluster server(options);
    QVERIFY2(server.start(), qPrintable(server.failure()));
    begin(server.target({0}));
    const QByteArray id = m_session->view()->nodes.front().id;
    const auto link = QCoro::waitFor(m_session->linkTo(id));
    QVERIFY(link);
    const auto waiting = (*link)->send({"BLPOP", "no:such:list", "0"}, -1);
    const auto isBlocked = [&server] {
        const auto clients = server.run(0, {"INFO", "clients"});
        return clients && clients->bytes().contains("blocked_clients:1");
    };
    QTRY_VERIFY(isBlocked());
    server->killNode(0);
    QTRY_VERIFY(!entries({.command = u"BLPOP"_s}).isEmpty());
    const AuditEntry entry = entries({.command = u"BLPOP"_s}).constFirst();
    QCOMPARE(entry.result, AuditEntry::Result::Unknown);
}

void TestAuditing::refusedByTheGate()
{
    ConnectionTarget readOnly = target();
    readOnly.readOnly = true;
    begin(readOnly);
    QVERIFY(!QCoro::waitFor(m_session->execute({"SET", "k", "v"})));
    QList<AuditEntry> all = entries();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all[0].result, AuditEntry::Result::Refused);
    QCOMPARE(all[0].line(), u"SET k v"_s);
    QVERIFY(!all[0].error.isEmpty());
    const Ran refused = run({u"call"_s, u"DEL"_s, u"k"_s}, u"?readonly=1"_s);
    QCOMPARE(refused.code, 1);
    all = entries({.result = AuditEntry::Result::Refused});
    QCOMPARE(all.size(), 2); // the command is checked once before and once when it is sent, but logged only once
    QCOMPARE(all[1].program, u"slotscope-cli"_s);
    const Ran shown = run({u"audit"_s, u"--result"_s, u"refused"_s, u"--csv"_s});
    QCOMPARE(shown.code, 0);
    QCOMPARE(shown.out.count('\n'), 3);
}

void TestAuditing::everyCommandLine()
{
    QCOMPARE(run({u"call"_s, u"HSET"_s, u"h"_s, u"f"_s, u"1"_s}).code, 0);
    QCOMPARE(run({u"call"_s, u"--to"_s, u"primaries"_s, u"CONFIG"_s, u"SET"_s, u"slowlog-max-len"_s, u"200"_s}).code,
             0);
    QCOMPARE(run({u"bulk"_s, u"expire"_s, u"--match"_s, u"h"_s, u"--for"_s, u"100000"_s, u"--yes"_s}).code, 0);
    QCOMPARE(run({u"pubsub"_s, u"--publish"_s, u"c"_s, u"m"_s}).code, 0);
    QCOMPARE(run({u"call"_s, u"LPUSH"_s, u"h"_s, u"1"_s}).code, 1); // fails with WRONGTYPE
    QHash<QString, int> count;
    QList<AuditEntry> all = entries();
    for (const AuditEntry &entry : std::as_const(all))
        ++count[entry.from + u' ' + entry.name() + u' ' + QString(nameOf(entry.result))];
    QCOMPARE(count.value(u"call HSET done"_s), 1);
    QCOMPARE(count.value(u"call CONFIG SET done"_s), 3);
    QCOMPARE(count.value(u"bulk PEXPIRE done"_s), 1);
    QCOMPARE(count.value(u"pubsub PUBLISH done"_s), 1);
    QCOMPARE(count.value(u"call LPUSH failed"_s), 1);
    const Ran found =
        run({u"audit"_s, u"--name"_s, u"config set"_s, u"--since"_s, u"1h"_s, u"--count"_s, u"2"_s, u"--json"_s});
    QCOMPARE(found.code, 0);
    const QByteArrayList lines = found.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(QJsonDocument::fromJson(lines[0])[u"command"][2].toString(), u"slowlog-max-len"_s);
    QCOMPARE(run({u"audit"_s, u"--until"_s, u"1h"_s}).code, 1); // no entry is older than one hour
    QCOMPARE(run({u"audit"_s, u"--since"_s, u"yesterday"_s}).code, 2);
    const Ran text = run({u"audit"_s, u"--find"_s, u"WRONGTYPE"_s});
    QVERIFY2(text.out.contains("LPUSH h 1") && text.out.contains("failed: WRONGTYPE"), text.out.constData());
}

void TestAuditing::anOperation()
{
    const Ran done = run({u"config"_s, u"latency-monitor-threshold"_s, u"25"_s, u"--yes"_s});
    QVERIFY2(done.code == 0, done.err.constData());
    const QList<AuditEntry> sets = entries({.command = u"CONFIG SET latency-monitor-threshold"_s});
    QCOMPARE(sets.size(), 3);
    QSet<QByteArray> nodes;
    for (const AuditEntry &entry : sets) {
        QCOMPARE(entry.from, u"config"_s);
        nodes.insert(entry.nodeId);
    }
    QCOMPARE(nodes.size(), 3);
}

/// When several programs write the log at once and one of them is killed, every line is complete and no entry of the
/// other programs is lost.
void TestAuditing::programsSideBySide()
{
    constexpr int programs = 8;
    std::vector<std::unique_ptr<QProcess>> running;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SLOTSCOPE_AUDIT"_s, folder());
    for (int i = 0; i < programs; ++i) {
        auto &process = running.emplace_back(std::make_unique<QProcess>());
        process->setProcessEnvironment(environment);
        process->start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                       {u"--uri"_s, (*m_cluster)->uri(), u"call"_s, u"SET"_s, u"side:%1"_s.arg(i), u"v"_s});
    }
    QProcess killed;
    killed.setProcessEnvironment(environment);
    killed.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                 {u"--uri"_s, (*m_cluster)->uri(), u"call"_s, u"BLPOP"_s, u"nothing:there"_s, u"0"_s});
    for (const auto &process : running) {
        QVERIFY(process->waitForFinished(60'000));
        QCOMPARE(process->exitCode(), 0);
    }
    killed.kill();
    QVERIFY(killed.waitForFinished(60'000));
    QSet<QByteArray> keys;
    const AuditWalk walk =
        walkAudit(folder(), {.command = u"SET side:"_s}, [&keys](const AuditEntry &entry, const QByteArray &) {
            keys.insert(entry.words[1].bytes);
            return true;
        });
    QCOMPARE(walk.damaged, 0);
    QCOMPARE(keys.size(), programs);
}

void TestAuditing::passwordsNowhere()
{
    const QByteArray planted = "plan7ed-pa55word";
    const QString word = QString::fromLatin1(planted);
    const QString commands = m_folder->filePath(u"commands.jsonl"_s);
    const QStringList logs{u"--log-commands"_s, commands};
    run(logs
        + QStringList{u"call"_s, u"--to"_s, u"all"_s, u"ACL"_s, u"SETUSER"_s, u"eve"_s, u"on"_s, u'>' + word, u"~*"_s,
                      u"+@all"_s});
    run(logs
        + QStringList{u"call"_s, u"--to"_s, u"all"_s, u"ACL"_s, u"SETUSER"_s, u"eve"_s, u'>' + word, u"bad rule"_s});
    run(logs + QStringList{u"call"_s, u"--to"_s, u"all"_s, u"CONFIG"_s, u"SET"_s, u"masterauth"_s, word});
    run(logs + QStringList{u"call"_s, u"AUHT"_s, word});
    run(logs + QStringList{u"call"_s, u"CONFIG"_s, u"SET"_s, u"requirepasss"_s, word, u"maxmemory"_s});
    run(logs + QStringList{u"config"_s, u"masterauth"_s, word, u"--yes"_s});
    run(logs + QStringList{u"call"_s, u"AHTU"_s, word}, u"?readonly=1"_s);
    QString uri = (*m_cluster)->uri();
    uri.replace(u"redis://"_s, u"redis://eve:"_s + word + u'@');
    for (const QStringList &say : {QStringList{u"call"_s, u"SET"_s, u"k"_s, u"a "_s + word}, QStringList{u"topology"_s},
                                   QStringList{u"call"_s, u"ACL"_s, u"SETUSER"_s, u"eve"_s, u"nopass "_s + word}}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_AUDIT"_s, folder());
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, m_folder->filePath(u"operations"_s));
        environment.insert(u"XDG_DATA_HOME"_s, m_folder->filePath(u"data"_s));
        environment.insert(u"XDG_CONFIG_HOME"_s, m_folder->filePath(u"config"_s));
        environment.insert(u"QT_LOGGING_RULES"_s, u"slotscope.*=true"_s);
        process.setProcessEnvironment(environment);
        process.setStandardErrorFile(m_folder->filePath(u"log.txt"_s), QIODevice::Append);
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, uri} + logs + say);
        QVERIFY(process.waitForFinished(60'000));
    }
    std::ignore = m_cluster->run(0, {"CONFIG", "SET", "masterauth", ""});
    const QList<AuditEntry> all = entries();
    QVERIFY2(all.size() >= 9, QByteArray::number(all.size()).constData());
    QByteArray found = namesWithSecrets(m_folder->path(), planted);
    for (const AuditEntry &entry : all)
        if (entry.line().contains(word) || entry.error.contains(word))
            qInfo("%s", qPrintable(entry.line() + u" -> "_s + entry.error));
    QVERIFY2(found.isEmpty(), found.constData());
}

void TestAuditing::logOfEveryCommand()
{
    const QString path = m_folder->filePath(u"commands.jsonl"_s);
    QCOMPARE(run({u"--log-commands"_s, path, u"call"_s, u"GET"_s, u"k"_s}).code, 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArrayList names;
    for (const QByteArray &line : file.readAll().trimmed().split('\n')) {
        const auto entry = auditEntryOf(line);
        QVERIFY2(entry, line.constData());
        names.append(entry->name().toUtf8());
    }
    QVERIFY2(names.contains("GET") && names.contains("CLUSTER NODES") && names.contains("HELLO"),
             names.join(' ').constData());
    QCOMPARE(entries().size(), 0); // because no command changed data
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestAuditing::strictSendsNothing()
{
    QFile inTheWay(folder()); // a file where the log's folder should be
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const Ran goesOn = run({u"call"_s, u"SET"_s, u"unrecorded"_s, u"1"_s});
    QCOMPARE(goesOn.code, 0);
    QVERIFY2(goesOn.err.contains("could not be recorded"), goesOn.err.constData());
    QCOMPARE(goesOn.err.count("could not be recorded"), 1);
    QDir().mkpath(m_folder->filePath(u"config/slotscope"_s));
    QFile settings(m_folder->filePath(u"config/slotscope/slotscope.conf"_s));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[audit]\nstrict=true\n");
    settings.close();
    const Ran refused = run({u"call"_s, u"SET"_s, u"unrecorded"_s, u"2"_s});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("record") || refused.out.contains("record"), refused.err.constData());
    QCOMPARE(run({u"call"_s, u"GET"_s, u"unrecorded"_s}).out, "1\n"_ba);
}

SLOTSCOPE_TEST(TestAuditing)

#include "tst_auditing.moc"
