// SPDX-License-Identifier: GPL-3.0-or-later
// The audit log without a server: what is kept of a command, files, two writers, cut lines, a disk that is full.
#include "tests/support/testmain.h"

#include "core/audit/auditlog.h"
#include "core/audit/auditreader.h"
#include "core/audit/changing.h"
#include "core/base/secrets.h"
#include "core/net/connection.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int soonMs = 20'000;

ConnectionOptions someNode()
{
    ConnectionOptions options;
    options.endpoint = {.host = u"10.0.0.1"_s, .port = 6379};
    options.cluster = u"shop"_s;
    options.seeds = u"10.0.0.1:6379"_s;
    options.credentials.user = u"ops"_s;
    options.expectedId = QByteArray(40, 'a');
    return options;
}

QList<AuditEntry> allOf(const QString &folder, AuditFilter filter = {})
{
    QList<AuditEntry> entries;
    std::ignore = walkAudit(folder, filter, [&entries](const AuditEntry &entry, const QByteArray &) {
        entries.append(entry);
        return true;
    });
    return entries;
}

QByteArray bytesIn(const QString &folder)
{
    QByteArray all;
    for (const QString &path : AuditFiles::in(folder)) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

/// Records commands as if they were sent in one pipeline, together with their replies.
void sendVia(ConnectionWatch &watch, const std::vector<Command> &commands, const std::vector<Value> &replies)
{
    if (const quint64 number = watch.sent(commands, "core/console/consolesending.cpp"))
        watch.answered(number, replies);
}

} // namespace

class TestAuditLog final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void whatChanges_data();
    void whatChanges();
    void noSecretIsKept_data();
    void noSecretIsKept();
    void secretsInErrors();
    void bytesComeBack();
    void longWordsAreCut();
    void whatBecameOfIt();
    void aJobIsOneEntry();
    void aBurstIsOneEntry();
    void databaseAndUserFollow();
    void filesArePutAside();
    void aCutLineIsPassedOver();
    void twoWritersMix();
    void windowsFromTheEnd();
    void aFullDisk();
    void strictRefuses();
    void filters();
    void csvIsNoFormula();
    void timesAreRead();
    void sentCommandsAreBounded();
    void offCostsLittle();
    void oldLinesAndStrangeOnes();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"audit"_s); }
    [[nodiscard]] AuditLog::Options options() const { return {.folder = folder(), .program = u"slotscope"_s}; }
};

void TestAuditLog::whatChanges_data()
{
    QTest::addColumn<bool>("changes");
    const auto rows = [](bool changes, std::initializer_list<const char *> lines) {
        for (const char *line : lines)
            QTest::newRow(line) << changes;
    };
    rows(true,
         {"SET a 1",       "unlink k",      "EVAL x 0",      "CONFIG SET a b", "CLUSTER MEET a 1", "EXEC",
          "FLUSHALL",      "KEYS *",        "MONITOR",       "PUBLISH c m",    "ACL SETUSER u",    "CLIENT KILL x",
          "SLOWLOG RESET", "ACL LOG RESET", "ACL LOG reset", "JSON.SET k . 1", "AUHT pw",          "SORT a",
          "GETEX k EX 1",  "TOUCH k",       "DEBUG SLEEP 1", "SCRIPT FLUSH",   "config",           "FAILOVER",
          "LATENCY RESET", "MIGRATE a 1 k"});
    rows(false,
         {"GET a", "hgetall h", "AUTH pw", "SELECT 1", "MULTI", "SUBSCRIBE c", "CLUSTER NODES", "CONFIG GET *",
          "ACL LOG 5", "CLIENT SETNAME x", "INFO", "DUMP k", "EVAL_RO x 0", "WAIT 1 1", "XREAD COUNT 1 STREAMS s 0",
          "MEMORY USAGE k", "ACL DRYRUN u GET k", "CLUSTER COUNTKEYSINSLOT 1"});
}

void TestAuditLog::whatChanges()
{
    QFETCH(const bool, changes);
    QCOMPARE(changesServers(*parseCommandLine(QTest::currentDataTag())), changes);
}

void TestAuditLog::noSecretIsKept_data()
{
    QTest::addColumn<QByteArray>("shown"); // an argument of the same command that must stay readable
    const auto row = [](const char *line, const char *shown) { QTest::newRow(line) << QByteArray(shown); };
    row("CONFIG SET requirepass planted-1 maxmemory 100", "maxmemory");
    row("config set MASTERAUTH planted-1", "MASTERAUTH");
    row("CONFIG SET tls-key-file-pass planted-1", "tls-key-file-pass");
    row("ACL SETUSER bob on >planted-1 ~*", "bob");
    row("ACL SETUSER bob <planted-1", "SETUSER");
    row("MIGRATE h 1 k 0 100 AUTH planted-1", "MIGRATE");
    row("MIGRATE h 1 k 0 100 AUTH2 user planted-1 KEYS k", "user");
    row("SENTINEL SET main auth-pass planted-1", "auth-pass");
    row("SENTINEL CONFIG SET sentinel-pass planted-1", "sentinel-pass");
    row("SET key planted-known", "key"); // a password that the program uses for its connection
    row("SET key \"a planted-known b\"", "key");
    row("AUHT planted-1", "AUHT"); // a command that no server knows
}

void TestAuditLog::noSecretIsKept()
{
    QFETCH(const QByteArray, shown);
    rememberSecret("planted-known");
    const Command command = *parseCommandLine(QTest::currentDataTag());
    const bool known = isKnownCommand(command);
    {
        AuditLog log(options());
        const auto watch = log.watch(someNode());
        const Value reply =
            known ? Value::simple("OK") : Value::error("ERR unknown command 'AUHT', with args 'planted-1'");
        sendVia(*watch, {command}, {reply});
        log.refused(u"shop"_s, {}, command, Error{.code = Error::Code::ReadOnly}, "core/console/x.cpp");
        log.sentCommands().setOn(true);
        sendVia(*watch, {command}, {reply});
        for (const AuditEntry &entry : log.sentCommands().since(0).entries)
            QVERIFY2(!QJsonDocument(jsonOf(entry)).toJson().contains("planted"), qPrintable(entry.line()));
        QVERIFY(log.flush(soonMs));
    }
    const QByteArray kept = bytesIn(folder());
    QCOMPARE(allOf(folder()).size(), 3);
    QVERIFY2(!kept.contains("planted"), kept.constData());
    QVERIFY2(kept.contains(shown), kept.constData());
}

void TestAuditLog::secretsInErrors()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    sendVia(*watch, {{"ACL", "SETUSER", "eve", ">planted-2", "bad"}},
            {Value::error("ERR Error in ACL SETUSER modifier '>planted-2': no")});
    QVERIFY(log.flush(soonMs));
    QCOMPARE(allOf(folder()).size(), 1);
    QVERIFY2(!bytesIn(folder()).contains("planted"), bytesIn(folder()).constData());
    QVERIFY(allOf(folder()).front().error.contains(u"modifier"_s));
}

void TestAuditLog::bytesComeBack()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    const QByteArray key = "a\0\xff\n\"\xc3\xa4"_ba;
    sendVia(*watch, {{"SET", key, ""}}, {Value::simple("OK")});
    QVERIFY(log.flush(soonMs));
    const AuditEntry entry = allOf(folder()).value(0);
    QCOMPARE(entry.words.size(), 3);
    QCOMPARE(entry.words[1].bytes, key);
    QCOMPARE(entry.cluster, u"shop"_s);
    QCOMPARE(entry.address, u"10.0.0.1:6379"_s);
    QCOMPARE(entry.nodeId, QByteArray(40, 'a'));
    QCOMPARE(entry.user, u"ops"_s);
    QCOMPARE(entry.from, u"console"_s);
    QCOMPARE(entry.program, u"slotscope"_s);
    QVERIFY(!entry.osUser.isEmpty() && !entry.host.isEmpty());
    QVERIFY(std::abs(entry.at - QDateTime::currentMSecsSinceEpoch()) < 60'000);
    QVERIFY(entry.microseconds >= 0);
    const auto read = parseCommandLine(entry.line().toUtf8());
    QVERIFY(read);
    QCOMPARE(*read, (Command{"SET", key, ""}));
}

void TestAuditLog::longWordsAreCut()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    Command many{"SADD", "s"};
    for (int i = 0; i < 1000; ++i)
        many.append(QByteArray::number(i));
    sendVia(*watch, {{"SET", "k", QByteArray(5'000'000, 'x')}, many}, {Value::simple("OK"), Value::integer(1000)});
    QVERIFY(log.flush(soonMs));
    const QList<AuditEntry> entries = allOf(folder());
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[0].words[2].size, 5'000'000);
    QVERIFY(entries[0].words[2].bytes.size() <= 200);
    QCOMPARE(entries[0].bytes, 5'000'004);
    QCOMPARE(entries[1].wordCount, 1002);
    QVERIFY(bytesIn(folder()).size() < 4000);
}

void TestAuditLog::whatBecameOfIt()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    using Result = AuditEntry::Result;
    sendVia(*watch, {{"SET", "a", "1"}}, {Value::error("MOVED 1 10.0.0.2:6379")});
    sendVia(*watch, {{"MULTI"}, {"SET", "a", "1"}, {"EXEC"}},
            {Value::simple("OK"), Value::simple("QUEUED"), Value()}); // EXEC returned null, because a watched key had
                                                                      // changed
    const quint64 lost = watch->sent({{"DEL", "b"}, {"DEL", "c"}}, "core/values/x.cpp");
    watch->lost(lost, {Value::integer(1)}, true);
    const quint64 unsent = watch->sent({{"DEL", "d"}}, "ui/browser/x.cpp");
    watch->lost(unsent, {}, false);
    QCOMPARE(watch->sent({{"GET", "a"}}, "x"), 0); // commands that only read are not recorded
    QVERIFY(log.flush(soonMs));
    const QList<AuditEntry> entries = allOf(folder());
    QCOMPARE(entries.size(), 6);
    QCOMPARE(entries[0].result, Result::Failed);
    QVERIFY(entries[0].error.startsWith(u"MOVED"_s));
    QCOMPARE(entries[1].result, Result::Queued);
    QCOMPARE(entries[2].name(), u"EXEC"_s);
    QCOMPARE(entries[2].result, Result::Failed);
    QCOMPARE(entries[3].result, Result::Done);
    QCOMPARE(entries[4].result, Result::Unknown);
    QCOMPARE(entries[4].from, u"editor"_s);
    QCOMPARE(entries[4].microseconds, -1);
    QCOMPARE(entries[5].result, Result::NotSent);
    QCOMPARE(entries[5].from, u"browser"_s);
}

void TestAuditLog::aJobIsOneEntry()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    std::vector<Command> commands;
    std::vector<Value> replies;
    for (int i = 0; i < 500; ++i) {
        commands.push_back({"UNLINK", "key:" + QByteArray::number(i)});
        replies.push_back(i == 7 ? Value::error("ERR no") : Value::integer(1));
    }
    sendVia(*watch, commands, replies);
    const quint64 number = watch->sent(commands, "core/keys/bulkjob.cpp");
    watch->lost(number, std::vector<Value>(replies.begin(), replies.begin() + 100), true);
    QVERIFY(log.flush(soonMs));
    const QList<AuditEntry> entries = allOf(folder());
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[0].count, 500);
    QCOMPARE(entries[0].failed, 1);
    QCOMPARE(entries[0].result, AuditEntry::Result::Failed);
    QCOMPARE(entries[0].words[1].bytes, "key:0"_ba);
    QCOMPARE(entries[0].further.value(0).bytes, "key:1"_ba);
    QCOMPARE(entries[1].unknown, 400);
    QCOMPARE(entries[1].result, AuditEntry::Result::Unknown);
}

void TestAuditLog::aBurstIsOneEntry()
{
    constexpr int many = 5000;
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    for (int i = 0; i < many; ++i)
        sendVia(*watch, {{"RENAMENX", "a" + QByteArray::number(i), "b"}}, {Value::integer(1)});
    QVERIFY(log.flush(soonMs));
    const QList<AuditEntry> entries = allOf(folder());
    QVERIFY2(entries.size() < 200, QByteArray::number(entries.size()).constData());
    qint64 sum = 0;
    for (const AuditEntry &entry : entries)
        sum += entry.count;
    QCOMPARE(sum, many);
}

void TestAuditLog::databaseAndUserFollow()
{
    AuditLog log(options());
    const auto watch = log.watch(someNode());
    sendVia(*watch, {{"SELECT", "3"}}, {Value::simple("OK")});
    sendVia(*watch, {{"SET", "a", "1"}}, {Value::simple("OK")});
    sendVia(*watch, {{"SELECT", "99"}}, {Value::error("ERR DB index is out of range")});
    sendVia(*watch, {{"AUTH", "eve", "pw-of-eve"}}, {Value::simple("OK")});
    sendVia(*watch, {{"SET", "b", "1"}}, {Value::simple("OK")});
    QVERIFY(log.flush(soonMs));
    const QList<AuditEntry> entries = allOf(folder());
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[0].database, 3);
    QCOMPARE(entries[0].user, u"ops"_s);
    QCOMPARE(entries[1].database, 3);
    QCOMPARE(entries[1].user, u"eve"_s);
}

void TestAuditLog::filesArePutAside()
{
    AuditFiles files(folder(), {.fileBytes = 1000, .files = 3});
    for (int i = 0; i < 100; ++i) {
        AuditEntry entry;
        entry.at = 1'700'000'000'000 + i;
        entry.words = keptWords({"SET", QByteArray::number(i), QByteArray(100, 'v')});
        QVERIFY(files.append(QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n'));
    }
    const QStringList names = AuditFiles::in(folder());
    QVERIFY2(names.size() <= 3, qPrintable(names.join(u'\n')));
    const QList<AuditEntry> entries = allOf(folder());
    QVERIFY(entries.size() >= 6);
    QCOMPARE(entries.constLast().words[1].bytes, "99"_ba);
    for (qsizetype i = 1; i < entries.size(); ++i) // no entry is missing or duplicated, and all are in order
        QCOMPARE(entries[i].at, entries[i - 1].at + 1);
    const QFileInfo info(names.constLast());
    QCOMPARE(info.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    QCOMPARE(QFileInfo(folder()).permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
             QFile::Permissions());
}

void TestAuditLog::aCutLineIsPassedOver()
{
    AuditFiles files(folder(), {});
    AuditEntry entry;
    entry.at = 1'700'000'000'000;
    entry.words = keptWords({"SET", "a", "1"});
    const QByteArray line = QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n';
    QVERIFY(files.append(line));
    QVERIFY(files.append(line.left(line.size() / 2))); // a half-written line, as a crash leaves it
    QVERIFY(files.append(line));
    QVERIFY(files.append(line.left(20)));
    const AuditWindow window = readAuditWindow(folder(), {}, {}, 100, {});
    QCOMPARE(window.entries.size(), 2);
    QCOMPARE(window.damaged, 2);
    QVERIFY(window.isWhole);
    AuditWalk walk = walkAudit(folder(), {}, [](const AuditEntry &, const QByteArray &) { return true; });
    QCOMPARE(walk.entries, 2);
    QCOMPARE(walk.damaged, 2);
}

void TestAuditLog::twoWritersMix()
{
    constexpr int each = 300;
    std::vector<std::thread> writers; // file locks belong to the open file, so threads can stand in for processes
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([this, writer] {
            AuditFiles files(folder(), {.fileBytes = 20'000, .files = 1000});
            for (int i = 0; i < each; ++i) {
                AuditEntry entry;
                entry.at = 1'700'000'000'000 + i;
                entry.words = keptWords({"SET", QByteArray::number(writer), QByteArray::number(i)});
                const auto written = files.append(QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n');
                if (!written)
                    qFatal("%s", qPrintable(written.error().detail));
            }
        });
    for (std::thread &writer : writers)
        writer.join();
    QSet<QByteArray> seen;
    const AuditWalk walk = walkAudit(folder(), {}, [&seen](const AuditEntry &entry, const QByteArray &) {
        seen.insert(entry.words[1].bytes + ' ' + entry.words[2].bytes);
        return true;
    });
    QCOMPARE(walk.damaged, 0);
    QCOMPARE(walk.entries, 4 * each);
    QCOMPARE(seen.size(), 4 * each);
}

void TestAuditLog::windowsFromTheEnd()
{
    constexpr int many = 20'000; // enough for several files, and for several steps of reading
    AuditFiles files(folder(), {.fileBytes = 2'000'000, .files = 100});
    QByteArray lines;
    for (int i = 0; i < many; ++i) {
        AuditEntry entry;
        entry.at = 1'700'000'000'000 + i;
        entry.words = keptWords({i % 10 == 0 ? "DEL"_ba : "SET"_ba, QByteArray::number(i)});
        lines += QJsonDocument(jsonOf(entry)).toJson(QJsonDocument::Compact) + '\n';
        if (i % 500 == 499) {
            QVERIFY(files.append(std::exchange(lines, {})));
        }
    }
    AuditFilter filter;
    filter.command = u"del"_s;
    AuditPlace place;
    QList<AuditEntry> all;
    for (bool whole = false; !whole;) {
        const AuditWindow window = readAuditWindow(folder(), filter, place, 37, {});
        QVERIFY(window.entries.size() == 37 || window.isWhole);
        QCOMPARE(window.damaged, 0);
        all += window.entries;
        place = window.next;
        whole = window.isWhole;
    }
    QCOMPARE(all.size(), many / 10);
    for (qsizetype i = 1; i < all.size(); ++i)
        QCOMPARE(all[i].at, all[i - 1].at - 10);
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!readAuditWindow(folder(), {}, {}, many, stop.get_token()).isWhole);
}

void TestAuditLog::aFullDisk()
{
    QDir().mkpath(m_folder->path());
    QFile inTheWay(folder()); // a file where the log's folder should be
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    AuditLog log(options());
    int told = 0;
    connect(
        &log, &AuditLog::problemChanged, this, [&told] { ++told; }, Qt::DirectConnection);
    const auto watch = log.watch(someNode());
    sendVia(*watch, {{"SET", "a", "1"}}, {Value::simple("OK")});
    QVERIFY(!log.flush(soonMs));
    QVERIFY(log.problem());
    QVERIFY2(log.problem()->detail.contains(folder()), qPrintable(log.problem()->detail));
    for (int i = 0; i < 2 * AuditLog::mostWaiting + 5; ++i) // the number of waiting entries is limited
        log.add({.at = 1'700'000'000'000 + i, .words = keptWords({"SET", QByteArray::number(i % 7), "x"})}, true);
    std::ignore = log.flush(soonMs);
    QVERIFY(log.lost() > 0);
    QCOMPARE(told, 1); // the problem is reported once, not for each entry
    QVERIFY(inTheWay.remove());
    QVERIFY(log.flush(soonMs));
    QTRY_VERIFY_WITH_TIMEOUT(!log.problem(), soonMs);
    QCOMPARE(told, 2);
    qint64 sum = 0, lost = 0;
    for (const AuditEntry &entry : allOf(folder()))
        (entry.result == AuditEntry::Result::Lost ? lost : sum) += entry.count;
    QCOMPARE(lost, log.lost());
    QCOMPARE(sum + lost, 2 * AuditLog::mostWaiting + 6); // each entry is either in the log or counted as lost
}

void TestAuditLog::strictRefuses()
{
    QFile inTheWay(folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    AuditLog::Options strict = options();
    strict.strict = true;
    AuditLog log(strict);
    const auto why = log.whyNot({{"GET", "a"}, {"SET", "a", "1"}});
    QVERIFY(why); // refused before anything is sent
    QCOMPARE(why->command, u"SET"_s);
    QCOMPARE(why->code, Error::Code::NotRecorded);
    QVERIFY2(why->detail.contains(folder()), qPrintable(why->detail));
    QVERIFY(!log.whyNot({{"GET", "a"}}));
    log.setStrict(false);
    QVERIFY(!log.whyNot({{"SET", "a", "1"}}));
}

void TestAuditLog::filters()
{
    AuditEntry entry;
    entry.at = 1000;
    entry.cluster = u"Shop"_s;
    entry.address = u"10.0.0.1:6379"_s;
    entry.nodeId = "abcdef";
    entry.user = u"ops"_s;
    entry.words = keptWords({"CONFIG", "SET", "maxmemory", "1gb"});
    const auto accepts = [&entry](AuditFilter filter) { return filter.accepts(entry); };
    QVERIFY(accepts({}));
    QVERIFY(accepts({.since = 1000,
                     .until = 1001,
                     .cluster = u"sho"_s,
                     .node = u"abc"_s,
                     .command = u"config set"_s,
                     .words = {u"OPS"_s, u"1GB"_s},
                     .result = AuditEntry::Result::Done}));
    QVERIFY(!accepts({.since = 1001}));
    QVERIFY(!accepts({.until = 1000}));
    QVERIFY(!accepts({.cluster = u"x"_s}));
    QVERIFY(!accepts({.node = u"bcd"_s}));
    QVERIFY(!accepts({.command = u"SET"_s}));
    QVERIFY(!accepts({.words = {u"ops"_s, u"nobody"_s}}));
    QVERIFY(!accepts({.result = AuditEntry::Result::Refused}));
}

void TestAuditLog::csvIsNoFormula()
{
    AuditEntry entry;
    entry.cluster = u"=HYPERLINK(\"x\")"_s;
    entry.words = keptWords({"SET", "a,b", "\"q\""});
    const QByteArray row = csvOf(entry);
    QVERIFY2(row.contains("\"'=HYPERLINK(\"\"x\"\")\""), row.constData());
    QCOMPARE(auditCsvTitles().count(','), 15);
}

void TestAuditLog::timesAreRead()
{
    constexpr qint64 now = 1'700'000'000'000;
    QCOMPARE(*timeOf(u"90s"_s, now), now - 90'000);
    QCOMPARE(*timeOf(u"15m"_s, now), now - 900'000);
    QCOMPARE(*timeOf(u" 2h "_s, now), now - 7'200'000);
    QCOMPARE(*timeOf(u"7d"_s, now), now - 7LL * 86'400'000);
    QCOMPARE(*timeOf(u"2026-11-29T18:00:00Z"_s, now), 1'795'975'200'000);
    QCOMPARE(*timeOf(u"2026-11-29T19:00+01:00"_s, now), 1'795'975'200'000);
    for (const char *wrong : {"", "d", "-1d", "tomorrow", "99999999999999d", "2026-13-01"})
        QVERIFY2(!timeOf(QString::fromLatin1(wrong), now), wrong);
}

void TestAuditLog::sentCommandsAreBounded()
{
    AuditLog log({.folder = folder(), .records = false});
    SentCommands &sent = log.sentCommands();
    const auto watch = log.watch(someNode());
    sendVia(*watch, {{"GET", "before"}}, {Value()}); // not recorded, because recording is off
    sent.setOn(true);
    for (size_t i = 0; i < SentCommands::most + 100; ++i)
        sendVia(*watch, {{"GET", QByteArray::number(i)}}, {Value()});
    SentCommands::News news = sent.since(0);
    QCOMPARE(news.entries.size(), qsizetype(SentCommands::most));
    QCOMPARE(news.entries.constLast().words[1].bytes, QByteArray::number(SentCommands::most + 99));
    const quint64 last = news.last;
    sendVia(*watch, {{"GET", "next"}}, {Value()});
    news = sent.since(last);
    QCOMPARE(news.entries.size(), 1);
    QCOMPARE(news.missed, 0);
    QCOMPARE(sent.since(last - SentCommands::most, 10).missed, SentCommands::most - 9);
    sent.setOn(false);
    QVERIFY(sent.since(0).entries.isEmpty());
    QVERIFY(!QDir(folder()).exists()); // nothing is written to disk
}

void TestAuditLog::offCostsLittle()
{
    AuditLog log({.folder = folder(), .records = false});
    const auto watch = log.watch(someNode());
    constexpr int many = 300'000;
    const std::vector<Command> one{{"HGETALL", "some:key:of:usual:length"}};
    const std::vector<Value> reply{Value()};
    const auto nanoseconds = [&] {
        QElapsedTimer time;
        time.start();
        for (int i = 0; i < many; ++i)
            sendVia(*watch, one, reply);
        return double(time.nsecsElapsed()) / many;
    };
    const double off = nanoseconds();
    log.sentCommands().setOn(true);
    const double on = nanoseconds();
    qInfo("a reading command costs %.0f ns while nobody looks, %.0f ns while somebody does", off, on);
    QVERIFY2(off < 5000 && on < 100'000, "far beyond what it should be");
}

void TestAuditLog::oldLinesAndStrangeOnes()
{
    QVERIFY(!auditEntryOf("{}"));
    QVERIFY(!auditEntryOf("[1]"));
    QVERIFY(!auditEntryOf("no json"));
    QVERIFY(!auditEntryOf(R"({"v":1,"at":"yesterday","result":"done"})"));
    QVERIFY(!auditEntryOf(R"({"v":1,"at":"2026-11-29T18:00:00.000Z","result":"perhaps"})"));
    const auto later =
        auditEntryOf(R"({"v":2,"at":"2026-11-29T18:00:00.000Z","result":"done","new":[1],"command":[7]})");
    QVERIFY(later); // entries of later versions are read as far as they are understood
    QCOMPARE(later->words.size(), 1);
    QVERIFY(later->line().size() < 10);
}

SLOTSCOPE_TEST(TestAuditLog)

#include "tst_auditlog.moc"
