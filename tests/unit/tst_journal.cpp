// SPDX-License-Identifier: GPL-3.0-or-later
// The files of runs: whose they may be, who holds them, what they may say.
#include "core/base/errortext.h"
#include "core/operations/journal/journal.h"
#include "core/operations/plan/planvalidity.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray nodeA(40, 'a'), nodeB(40, 'b');
const QString runId = u"20261121-161755-123-config"_s;

RunSnapshot sampleRun()
{
    OperationPlan plan;
    plan.operation = Operation::Config;
    plan.title = u"Set maxmemory to 1mb on 2 nodes"_s;
    plan.results.setting.emplace().name = "maxmemory";
    PlanStep step;
    step.title = plan.title;
    for (const QByteArray &id : {nodeA, nodeB})
        step.commands.append(
            {{.id = id, .address = u"127.0.0.1:7000"_s}, commandOf("CONFIG", "SET", "maxmemory", "1mb")});
    plan.steps.append(step);
    RunSnapshot run;
    run.id = runId;
    run.who = u"ann@host"_s;
    run.startedAt = 1000;
    run.steps.resize(1);
    run.plan = std::make_shared<const OperationPlan>(plan);
    return run;
}

int modeOf(const QString &path)
{
    struct stat status
    { };
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? int(status.st_mode & 07777) : -1;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Lowers a resource limit of the process while this object exists.
class Limit
{
    Q_DISABLE_COPY_MOVE(Limit)
public:
    Limit(__rlimit_resource what, rlim_t most) : m_what(what)
    {
        ::getrlimit(what, &m_before);
        const rlimit limit{.rlim_cur = most, .rlim_max = m_before.rlim_max};
        ::setrlimit(what, &limit);
    }
    ~Limit() { ::setrlimit(m_what, &m_before); }

private:
    __rlimit_resource m_what;
    rlimit m_before{};
};

} // namespace

class TestJournal final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }
    void aNewFolderIsOurs();
    void theModeOfAFolderStays_data();
    void theModeOfAFolderStays();
    void oneProgramAtATime();
    void whoWasKilledHoldsNothing();
    void formerLockFilesAreNothing();
    void namesAreWritten();
    void theFormerFormIsRead();
    void otherVersionsAreRefused();
    void onlyOwnPlainFilesAreRead_data();
    void onlyOwnPlainFilesAreRead();
    void anIdIsNoPath_data();
    void anIdIsNoPath();
    void aNewRunTakesNoFileOver();
    void changedPlansAreRefused_data();
    void changedPlansAreRefused();
    void theSystemsReasonIsTold();
    void aCutLineIsMended();

private:
    [[nodiscard]] QString path(const QString &name = runId + u".jsonl"_s) const { return m_folder->filePath(name); }
    /// Writes a complete journal of the sample run and closes it.
    void write()
    {
        Journal journal;
        const auto opened = journal.open(m_folder->path(), sampleRun(), {nodeA, nodeB});
        QVERIFY2(opened, qPrintable(opened ? QString() : describe(opened.error())));
    }
    void put(const QString &name, const QByteArray &bytes,
             QFile::Permissions mode = QFile::ReadOwner | QFile::WriteOwner)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size());
        QVERIFY(file.setPermissions(mode));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestJournal::aNewFolderIsOurs()
{
    const QString folder = path(u"made/by us"_s);
    Journal journal;
    QVERIFY(journal.open(folder, sampleRun(), {nodeA}));
    QCOMPARE(modeOf(folder), 0700);
    QCOMPARE(modeOf(journal.path()), 0600);
}

void TestJournal::theModeOfAFolderStays_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("used");
    QTest::newRow("ours") << 0700 << true;
    QTest::newRow("others may look") << 0755 << true;
    QTest::newRow("the group may write") << 0770 << false;
    QTest::newRow("as /tmp") << 01777 << false;
}

void TestJournal::theModeOfAFolderStays()
{
    QFETCH(const int, mode);
    QVERIFY(::chmod(QFile::encodeName(m_folder->path()).constData(), mode_t(mode)) == 0);
    Journal journal;
    const auto opened = journal.open(m_folder->path(), sampleRun(), {nodeA});
    QTEST(opened.has_value(), "used");
    QCOMPARE(modeOf(m_folder->path()), mode);
    if (opened)
        return;
    const QString said = describe(opened.error());
    for (const QString &words : {m_folder->path(), QString::number(mode, 8), u"chmod go-w"_s})
        QVERIFY2(said.contains(words), qPrintable(said));
    QVERIFY(!QFile::exists(path()));
}

void TestJournal::oneProgramAtATime()
{
    Journal first;
    QVERIFY(first.open(m_folder->path(), sampleRun(), {nodeA}));
    RunSnapshot again = sampleRun();
    again.resumedAt = 2000;
    Journal second;
    auto opened = second.open(m_folder->path(), again, {QByteArray(40, 'c')});
    QVERIFY(!opened);
    QVERIFY2(describe(opened.error()).contains(path()), qPrintable(describe(opened.error())));
    RunSnapshot other = sampleRun();
    other.id = u"20261121-161755-124-config"_s;
    opened = second.open(m_folder->path(), other, {nodeB, nodeA}); // another run that involves one of the same nodes
    QVERIFY(!opened);
    QVERIFY2(describe(opened.error()).contains(path()), qPrintable(describe(opened.error())));
    QCOMPARE(Journal::read(path())->state, RunState::Running);
    QVERIFY(Journal::workingOn(m_folder->path(), {nodeA}));
    first.close();
    QCOMPARE(Journal::read(path())->state, RunState::Interrupted);
    QVERIFY(!Journal::workingOn(m_folder->path(), {nodeA}));
    QVERIFY(second.open(m_folder->path(), again, {nodeA}));
}

void TestJournal::whoWasKilledHoldsNothing()
{
    int told[2];
    QVERIFY(::pipe(told) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        Journal journal;
        const char opened = journal.open(m_folder->path(), sampleRun(), {nodeA}) ? 1 : 0;
        [[maybe_unused]] const auto written = ::write(told[1], &opened, 1);
        ::pause();
        ::_exit(0);
    }
    char opened = 0;
    QVERIFY(::read(told[0], &opened, 1) == 1 && opened == 1);
    QCOMPARE(Journal::read(path())->state, RunState::Running);
    ::kill(child, SIGKILL);
    QCOMPARE(::waitpid(child, nullptr, 0), child);
    QCOMPARE(Journal::read(path())->state, RunState::Interrupted);
    RunSnapshot again = sampleRun();
    again.resumedAt = 2000;
    Journal journal;
    QVERIFY(journal.open(m_folder->path(), again, {nodeA}));
}

void TestJournal::formerLockFilesAreNothing()
{
    write();
    put(runId + u".lock"_s, {});
    put(u"door.lock"_s, "4711\nslotscope\nanother-host\n");
    QCOMPARE(Journal::read(path())->state, RunState::Interrupted);
    Journal journal;
    RunSnapshot again = sampleRun();
    again.resumedAt = 2000;
    QVERIFY(journal.open(m_folder->path(), again, {nodeA}));
}

void TestJournal::namesAreWritten()
{
    RunSnapshot run = sampleRun();
    {
        Journal journal;
        QVERIFY(journal.open(m_folder->path(), run, {nodeA}));
        run.endedAt = 3000;
        run.state = RunState::Failed;
        run.error = Error{.code = Error::Code::NoPermission,
                          .detail = u"NOPERM no"_s,
                          .serverPrefix = "NOPERM",
                          .node = u"127.0.0.1:7000"_s,
                          .command = u"CONFIG SET"_s};
        QVERIFY(journal.append(journal::slotsOpened(*SlotSet::parse("1-3")), false));
        QVERIFY(journal.append(journal::ended(run), true));
    }
    const QByteArray text = contentOf(path());
    QVERIFY2(text.contains(R"("state":"failed")") && text.contains(R"("code":"no-permission")"), text.constData());
    const auto read = Journal::read(path());
    QVERIFY(read);
    QCOMPARE(read->state, RunState::Failed);
    QCOMPARE(*read->error, *run.error);
    QCOMPARE(read->leftOpen.count(), 3);
    QCOMPARE(*read->plan, *run.plan);
    for (int code = 0; code <= int(Error::Code::NotWhole); ++code)
        QCOMPARE(codeNamed(codeName(Error::Code(code))), Error::Code(code));
    QVERIFY(!codeNamed(u"no-such-code"_s));
}

void TestJournal::theFormerFormIsRead()
{
    write();
    QByteArray text = contentOf(path());
    text.replace(R"("version":2)", R"("version":1)");
    text += R"({"event":"step-begun","at":1,"step":0})"
            "\n"
            R"({"event":"step-failed","at":2,"step":0,"note":"it said no"})"
            "\n"
            R"({"event":"end","at":9,"state":4,"verified":[],"error":{"code":12,"detail":"NOPERM","prefix":"NOPERM"}})"
            "\n";
    put(runId + u".jsonl"_s, text);
    const auto read = Journal::read(path());
    QVERIFY2(read, qPrintable(read ? QString() : describe(read.error())));
    QCOMPARE(read->state, RunState::Failed);
    QCOMPARE(read->error->code, Error::Code::NoPermission);
    QCOMPARE(read->steps.front().state, StepState::State::Failed);
}

void TestJournal::otherVersionsAreRefused()
{
    write();
    QByteArray text = contentOf(path());
    put(runId + u".jsonl"_s, text.replace(R"("version":2)", R"("version":3)"));
    const auto read = Journal::read(path());
    QVERIFY(!read);
    QVERIFY2(describe(read.error()).contains(u"version"_s), qPrintable(describe(read.error())));
}

void TestJournal::onlyOwnPlainFilesAreRead_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char *kind :
         {"link to a journal", "link to a FIFO", "FIFO", "folder", "other users can write", "another's"})
        QTest::newRow(kind) << QByteArray(kind);
}

void TestJournal::onlyOwnPlainFilesAreRead()
{
    QFETCH(const QByteArray, kind);
    write();
    const QString kept = path(u"kept"_s);
    QVERIFY(QFile::rename(path(), kept));
    const QByteArray name = QFile::encodeName(path()), pipe = QFile::encodeName(path(u"pipe"_s));
    if (kind == "link to a journal")
        QVERIFY(::symlink(QFile::encodeName(kept).constData(), name.constData()) == 0);
    else if (kind == "link to a FIFO")
        QVERIFY(::mkfifo(pipe.constData(), 0600) == 0 && ::symlink(pipe.constData(), name.constData()) == 0);
    else if (kind == "FIFO")
        QVERIFY(::mkfifo(name.constData(), 0600) == 0);
    else if (kind == "folder")
        QVERIFY(QDir().mkpath(path()));
    else
        QVERIFY(QFile::copy(kept, path()));
    if (kind == "other users can write")
        QVERIFY(::chmod(name.constData(), 0622) == 0);
    if (kind == "another's" && ::chown(name.constData(), 12345, gid_t(-1)) != 0)
        QSKIP("only root gives files away");
    const auto read = Journal::read(path()); // must not wait for a process that writes to a FIFO
    QVERIFY(!read);
    QVERIFY2(describe(read.error()).contains(path()), qPrintable(describe(read.error())));
    QVERIFY(Journal::readAll(m_folder->path()).isEmpty());
    RunSnapshot again = sampleRun();
    again.resumedAt = 2000;
    const QByteArray before = contentOf(kept);
    Journal journal;
    QVERIFY(!journal.open(m_folder->path(), again, {nodeA}));
    QCOMPARE(contentOf(kept), before);
}

void TestJournal::anIdIsNoPath_data()
{
    QTest::addColumn<QString>("id");
    for (const QString &id : {u"../20261121-161755-123-config"_s, u"20261121-161755-123-../x"_s, u""_s, u"x"_s,
                              u"20261121-161755-123-config\n"_s, u"/etc/passwd"_s, u"20261121-161755-123-config/.."_s})
        QTest::newRow(qPrintable(id)) << id;
}

void TestJournal::anIdIsNoPath()
{
    QFETCH(const QString, id);
    QVERIFY(!journal::isRunId(id));
    const QString folder = path(u"inner"_s);
    QVERIFY(QDir().mkpath(folder));
    RunSnapshot run = sampleRun();
    run.id = id;
    Journal journal;
    QVERIFY(!journal.open(folder, run, {nodeA}));
    QVERIFY(!Journal::tellRolledBack(folder, id));
    QVERIFY(!Journal::readRun(folder, id));
    write(); // writes a journal into the parent folder
    const QByteArray before = contentOf(path());
    QVERIFY(!Journal::tellRolledBack(folder, u"../"_s + runId));
    QCOMPARE(contentOf(path()), before);
    QByteArray text = before; // a journal that contains another run id than its file name
    put(runId + u".jsonl"_s, text.replace(runId.toUtf8(), QJsonValue(id).toString().toUtf8().replace('\n', "\\n")));
    QVERIFY(!Journal::read(path()));
}

void TestJournal::aNewRunTakesNoFileOver()
{
    put(runId + u".jsonl"_s, "something else\n");
    Journal journal;
    QVERIFY(!journal.open(m_folder->path(), sampleRun(), {nodeA}));
    QCOMPARE(contentOf(path()), "something else\n"_ba);
}

void TestJournal::changedPlansAreRefused_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    const QByteArray command = R"("command":["CONFIG","SET","maxmemory","1mb"])";
    QTest::newRow("another command") << command << R"("command":["FLUSHALL"])"_ba;
    QTest::newRow("a script") << command << R"("command":["EVAL","return 1","0"])"_ba;
    QTest::newRow("half a command") << command << R"("command":["CONFIG"])"_ba;
    QTest::newRow("no command") << command << R"("command":[])"_ba;
    QTest::newRow("words that do not read") << command << R"("command":["\"CONFIG"])"_ba;
    QTest::newRow("another setting") << command << R"("command":["CONFIG","SET","dir","/etc"])"_ba;
    QTest::newRow("two settings") << command << R"("command":["CONFIG","SET","maxmemory","1mb","dir","/etc"])"_ba;
    QTest::newRow("a secret") << command << R"("command":["CONFIG","SET","requirepass",""])"_ba;
    QTest::newRow("a kind that is not known") << R"("kind":"commands")"_ba
                                              << R"("kind":"scripts")"_ba;
    QTest::newRow("failover without nodes") << R"("kind":"commands")"_ba
                                            << R"("kind":"failover")"_ba;
    QTest::newRow("keys deleted without nodes") << R"("kind":"commands")"_ba
                                                << R"("kind":"delete-keys")"_ba;
    QTest::newRow("keys gathered without nodes") << R"("kind":"commands")"_ba
                                                 << R"("kind":"gather-keys")"_ba;
    QTest::newRow("functions copied without nodes") << R"("kind":"commands")"_ba
                                                    << R"("kind":"copy-functions")"_ba;
    QTest::newRow("moves without slots") << R"("kind":"commands")"_ba
                                         << R"("kind":"move-slots")"_ba;
    QTest::newRow("a backup without a folder") << R"("kind":"commands")"_ba
                                               << R"("kind":"backup")"_ba;
    QTest::newRow("a mode that is not known") << R"("kind":"commands")"_ba
                                              << R"("mode":"YES","nodes":[{"address":"a:1"}],"kind":"failover")"_ba;
    QTest::newRow("slots that do not read") << R"("kind":"commands")"_ba
                                            << R"("slots":"1-x","kind":"commands")"_ba;
    QTest::newRow("a word that is not known") << R"("kind":"commands")"_ba
                                              << R"("also":1,"kind":"commands")"_ba;
    QTest::newRow("no steps") << R"("steps":[)"_ba
                              << R"("stops":[)"_ba;
}

void TestJournal::changedPlansAreRefused()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    write();
    QVERIFY(Journal::read(path()));
    QByteArray text = contentOf(path());
    QVERIFY(text.contains(from));
    put(runId + u".jsonl"_s, text.replace(from, to));
    QVERIFY(QJsonDocument::fromJson(text.split('\n').front()).isObject());
    const auto read = Journal::read(path());
    QVERIFY(!read);
    QVERIFY2(describe(read.error()).contains(path()), qPrintable(describe(read.error())));
}

void TestJournal::theSystemsReasonIsTold()
{
    const auto said = [this](const QString &folder) {
        Journal journal;
        const auto opened = journal.open(folder, sampleRun(), {nodeA});
        return opened ? u"opened"_s : describe(opened.error());
    };
    put(u"file"_s, "x");
    QString text = said(path(u"file/below"_s));
    QVERIFY2(text.contains(u"Not a directory"_s) && text.contains(path(u"file"_s)), qPrintable(text));
    QVERIFY(said(path(u"full"_s)) == u"opened"_s && QFile::remove(path(u"full/"_s + runId + u".jsonl"_s)));
    {
        const int lowest = ::dup(0);
        ::close(lowest);
        const Limit none(RLIMIT_NOFILE, rlim_t(lowest));
        text = said(path(u"full"_s));
    }
    QVERIFY2(text.contains(u"Too many open files"_s) && text.contains(path(u"full"_s)), qPrintable(text));
    std::signal(SIGXFSZ, SIG_IGN);
    {
        const Limit small(RLIMIT_FSIZE, 100); // as on a full disk: only a part of the line is written
        text = said(path(u"full"_s));
    }
    std::signal(SIGXFSZ, SIG_DFL);
    QVERIFY2(text.contains(u"File too large"_s) && text.contains(runId), qPrintable(text));
    QVERIFY(!QFile::exists(path(u"full/"_s + runId + u".jsonl"_s))); // and the incomplete file is removed
}

void TestJournal::aCutLineIsMended()
{
    write();
    QFile file(path());
    QVERIFY(file.open(QIODevice::Append) && file.write(R"({"event":"log","at":1,"te)") > 0);
    file.close();
    QVERIFY(Journal::tellRolledBack(m_folder->path(), runId));
    const auto read = Journal::read(path());
    QVERIFY(read && read->rolledBack && read->log.isEmpty());
}

SLOTSCOPE_TEST(TestJournal)
#include "tst_journal.moc"
