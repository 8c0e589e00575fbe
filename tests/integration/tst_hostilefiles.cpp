// SPDX-License-Identifier: GPL-3.0-or-later
// Files that somebody else has made or changed, and streams that bring damaged ones.
#include "core/base/errortext.h"
#include "core/base/crc64.h"
#include "core/operations/journal/journal.h"
#include "core/operations/run/rdbstream.h"
#include "support/fakeserver.h"
#include "support/operating.h"
#include "support/testmain.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QtEndian>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray anyMark(40, 'm');

/// Returns a minimal RDB file. `crc` replaces the correct checksum.
QByteArray rdbFile(std::optional<quint64> crc = {})
{
    QByteArray file = "REDIS0010\xfa\x05hello\x05world\xff"_ba;
    const quint64 checksum = qToLittleEndian(crc.value_or(crc64(0, file)));
    return file.append(reinterpret_cast<const char *>(&checksum), sizeof checksum);
}

int modeBitsOf(const QString &path)
{
    struct stat status
    { };
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? int(status.st_mode & 07777) : -1;
}

} // namespace

class tst_HostileFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        ClusterSession session(m_cluster->target({0}));
        session.start();
        QVERIFY(waitForView(session, [](const ClusterView &view) { return view.covered.count() == slotCount; }));
        for (int i = 0; i < 300; ++i) { // about 100 KB of incompressible values on each primary
            QByteArray value;
            for (int part = 0; part < 16; ++part)
                value += QCryptographicHash::hash(QByteArray::number(16 * i + part), QCryptographicHash::Sha512);
            QVERIFY(QCoro::waitFor(session.execute(commandOf("SET", "key:" + QByteArray::number(i), value))));
        }
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void checksumOfAKnownText() { QCOMPARE(crc64(0, "123456789"), 0xe9c6d914c4b8d9caULL); }
    void checksumGoesOn()
    {
        const QByteArray text = "This is a test of the emergency broadcast system."_ba;
        for (qsizetype cut = 0; cut <= text.size(); ++cut)
            QCOMPARE(crc64(crc64(0, text.left(cut)), text.mid(cut)), crc64(0, text));
    }

    void damagedFilesAreNotKept_data()
    {
        QTest::addColumn<QByteArray>("answer"); // the server's answer to SYNC
        QTest::addColumn<QByteArray>("said"); // the expected error message (empty: the file is accepted)
        QTest::addColumn<bool>("checksum");
        const auto sized = [](const QByteArray &file) { return '$' + QByteArray::number(file.size()) + "\r\n" + file; };
        const auto marked = [](const QByteArray &file) { return "$EOF:" + anyMark + "\r\n" + file + anyMark; };
        QByteArray flipped = rdbFile();
        flipped[12] = 'H';
        QTest::newRow("right") << sized(rdbFile()) << ""_ba << true;
        QTest::newRow("right, of unknown length") << marked(rdbFile()) << ""_ba << true;
        QTest::newRow("without a checksum") << sized(rdbFile(0)) << ""_ba << false;
        QTest::newRow("wrong checksum") << sized(rdbFile(1)) << "checksum"_ba << false;
        QTest::newRow("wrong checksum, of unknown length") << marked(rdbFile(1)) << "checksum"_ba << false;
        QTest::newRow("a byte is another") << sized(flipped) << "checksum"_ba << false;
        QTest::newRow("no end mark") << sized(rdbFile().replace('\xff', '\xfe')) << "not a complete RDB"_ba << false;
        QTest::newRow("something else") << sized("<html>hello world</html>") << "not a complete RDB"_ba << false;
        QTest::newRow("closed in its midst") << sized(rdbFile()).chopped(5) << "closed the connection"_ba << false;
        QTest::newRow("closed before") << "$EOF:"_ba
                                       << "closed the connection"_ba << false;
        QTest::newRow("refused, with colours") << "-ERR \x1b[31mno\r\n"_ba
                                               << "\\x1b[31mno"_ba << false;
        QTest::newRow("refused, with our password") << "-ERR 'hunter2x'\r\n"_ba
                                                    << "'***'"_ba << false;
    }
    void damagedFilesAreNotKept()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const QByteArray, said);
        FakeServer *self = nullptr;
        FakeServer server([&](const QByteArrayList &command) {
            if (command.front() != "SYNC")
                return "+OK\r\n"_ba;
            self->closeAfterCommand = true;
            return answer;
        });
        self = &server;
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"copy.rdb"_s);
        ConnectionOptions options;
        options.endpoint = server.endpoint();
        options.credentials.password = u"hunter2x"_s;
        RdbStream stream(options, path);
        const auto outcome = QCoro::waitFor(fetched(&stream));
        if (said.isEmpty()) {
            QVERIFY2(outcome, qPrintable(outcome ? QString() : describe(outcome.error())));
            QTEST(outcome->checksum, "checksum");
            QCOMPARE(modeBitsOf(path), 0600);
            return;
        }
        QVERIFY(!outcome);
        QVERIFY2(describe(outcome.error()).contains(QString::fromUtf8(said)), qPrintable(describe(outcome.error())));
        QVERIFY(outcome.error().code != Error::Code::Timeout);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void aFullDiskIsNamed()
    {
        const QTemporaryDir folder;
        const QString backup = folder.filePath(u"backup"_s);
        // Limits the file size to 24 KB as if the disk were full. The journal stays smaller than that.
        const auto outcome = run({u"backup"_s, backup, u"--yes"_s}, folder.filePath(u"journals"_s), 24);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.said.contains("File too large") && outcome.said.contains(backup.toUtf8()),
                 outcome.said.constData());
        QVERIFY(QDir(backup).isEmpty());
    }

    void backupsAreOurs()
    {
        const QTemporaryDir folder;
        const QString backup = folder.filePath(u"new/backup"_s);
        const auto outcome = run({u"backup"_s, backup, u"--yes"_s}, folder.filePath(u"journals"_s));
        QVERIFY2(outcome.code == 0, outcome.said.constData());
        QVERIFY2(outcome.said.contains("its checksum is correct"), outcome.said.constData());
        QCOMPARE(modeBitsOf(backup), 0700);
        const auto files = QDir(backup).entryInfoList(QDir::Files);
        QCOMPARE(files.size(), 4); // the files of three primaries and the manifest
        for (const QFileInfo &file : files)
            QCOMPARE(modeBitsOf(file.filePath()), 0600);
        const auto again = run({u"backup"_s, u"/proc/backup"_s, u"--yes"_s}, folder.filePath(u"journals"_s));
        QVERIFY(again.code != 0);
        QVERIFY2(again.said.contains("/proc"), again.said.constData());
    }

    void aChangedJournalIsNotCarriedOut()
    {
        const QTemporaryDir folder;
        QVERIFY(m_cluster->run(0, {"CONFIG", "SET", "maxmemory-samples", "5"}));
        const QString id = interrupted(folder, {u"config"_s, u"maxmemory-samples"_s, u"7"_s});
        const QString path = folder.filePath(id + u".jsonl"_s);
        const QByteArray before = contentOf(path);
        QByteArray text = before;
        QVERIFY(text.contains(R"(["CONFIG","SET","maxmemory-samples","7"])"));
        put(path, text.replace(R"(["CONFIG","SET","maxmemory-samples","7"])", R"(["FLUSHALL"])"));
        QVERIFY(m_cluster->run(0, {"SET", "{06S}kept", "1"})); // this key is in slot 0
        const auto changed = run({u"resume"_s, id, u"--yes"_s, u"--accept-data-loss"_s}, folder.path());
        QVERIFY2(changed.code != 0, changed.said.constData());
        const auto history = run({u"history"_s}, folder.path());
        QVERIFY2(history.said.contains("FLUSHALL") && history.said.contains(path.toUtf8()), history.said.constData());
        put(path, before);
        const auto resumed = run({u"resume"_s, id, u"--yes"_s}, folder.path());
        QVERIFY2(resumed.code == 0, resumed.said.constData());
        // printed once in the plan and once when sent, for each of six nodes
        QCOMPARE(resumed.said.count("CONFIG SET maxmemory-samples 7"), 12);
    }

    void whatDestroysIsConsentedToAnew()
    {
        const QTemporaryDir folder;
        const QString id = interrupted(folder, {u"remove-node"_s, m_cluster->address(5)});
        const auto refused = run({u"resume"_s, id, u"--yes"_s}, folder.path());
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.said.contains("CLUSTER RESET") && refused.said.contains("--accept-data-loss"),
                 refused.said.constData());
        QVERIFY(m_cluster->run(0, {"CLUSTER", "NODES"})->bytes().contains(m_cluster->address(5).toUtf8()));
    }

    void aFifoDoesNotHoldUpHistory()
    {
        const QTemporaryDir folder;
        const QByteArray pipe = QFile::encodeName(folder.filePath(u"pipe"_s));
        const QString name = folder.filePath(u"20261121-161755-123-config.jsonl"_s);
        QVERIFY(::mkfifo(pipe.constData(), 0600) == 0);
        QVERIFY(QFile::link(QFile::decodeName(pipe), name));
        QVERIFY(::mkfifo(QFile::encodeName(folder.filePath(u"20261121-161755-124-config.jsonl"_s)).constData(), 0600)
                == 0);
        for (const QStringList &words :
             {QStringList{u"history"_s}, QStringList{u"resume"_s},
              QStringList{u"resume"_s, u"20261121-161755-123-config"_s}, QStringList{u"resume"_s, u"../x"_s},
              QStringList{u"forget"_s, m_cluster->address(5), u"--dry-run"_s}})
            QVERIFY2(run(words, folder.path()).code >= 0, "did not end");
    }

    void anOpenFolderIsRefusedWithTheCure()
    {
        const QTemporaryDir folder;
        QVERIFY(::chmod(QFile::encodeName(folder.path()).constData(), 01777) == 0);
        const auto outcome = run({u"config"_s, u"maxmemory-samples"_s, u"6"_s, u"--yes"_s}, folder.path());
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.said.contains("chmod go-w") && outcome.said.contains(folder.path().toUtf8()),
                 outcome.said.constData());
        QCOMPARE(modeBitsOf(folder.path()), 01777);
        const auto samples = m_cluster->run(0, {"CONFIG", "GET", "maxmemory-samples"});
        QVERIFY(samples && samples->find("maxmemory-samples")->bytes() != "6");
    }

private:
    struct Outcome
    {
        int code = -1;
        QByteArray said;
    };
    static QCoro::Task<Result<RdbStream::Outcome>> fetched(RdbStream *stream) { co_return co_await stream->fetch(); }
    /// `mostKilobytes` limits the size of files that the program writes (0: no limit).
    Outcome run(const QStringList &words, const QString &journals, int mostKilobytes = 0) const
    {
        QProcess process;
        if (mostKilobytes)
            process.setChildProcessModifier([mostKilobytes] {
                std::signal(SIGXFSZ, SIG_IGN);
                const rlimit limit{.rlim_cur = rlim_t(mostKilobytes) * 1024, .rlim_max = RLIM_INFINITY};
                ::setrlimit(RLIMIT_FSIZE, &limit);
            });
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, journals);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, (*m_cluster)->uri()} + words);
        if (!process.waitForFinished(60000))
            return {.code = -1, .said = "did not end"};
        return {.code = process.exitCode(), .said = process.readAll()};
    }
    /// Writes a journal as it is left when the program is killed before a run's first step, and returns the run's id.
    QString interrupted(const QTemporaryDir &folder, const QStringList &words) const
    {
        const Outcome planned = run(QStringList{u"--json"_s} + words + QStringList{u"--dry-run"_s}, folder.path());
        const QJsonObject plan = QJsonDocument::fromJson(planned.said.split('\n').front()).object()[u"plan"].toObject();
        RunSnapshot left;
        left.id = u"20261121-161755-123-"_s + words.front();
        left.startedAt = 1;
        const auto read = planFromJson(plan);
        if (!read)
            return {};
        left.plan = std::make_shared<const OperationPlan>(*read);
        QList<QByteArray> ids;
        for (const PlanStep &step : read->steps)
            for (const StepCommand &command : step.commands)
                ids.append(command.node.id);
        put(folder.filePath(left.id + u".jsonl"_s),
            QJsonDocument(journal::begun(left, ids)).toJson(QJsonDocument::Compact) + '\n');
        return left.id;
    }
    static void put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    }
    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_HostileFiles)
#include "tst_hostilefiles.moc"
