// SPDX-License-Identifier: GPL-3.0-or-later
// slotscope-cli watch: what comes and goes, a line each.
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QScopeGuard>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Watching : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatComesAndGoes();
    void endsWithTheFirstError();
    void refusesWhatItDoesNotKnow();

private:
    static std::unique_ptr<TestCluster> cluster()
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().constFirst().second;
        options.replicasPerPrimary = 0;
        auto made = std::make_unique<TestCluster>(options);
        return made->start() ? std::move(made) : nullptr;
    }
    static void start(QProcess &process, TestCluster &cluster, const QStringList &words)
    {
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                      QStringList{u"--json"_s, u"--uri"_s, cluster.target({1}).toUri(), u"watch"_s} + words);
    }
    /// Reads the program's JSON lines until one of this kind arrives, and returns it, or an empty object if none does.
    static QJsonObject awaited(QProcess &process, const QString &what)
    {
        const QDeadlineTimer deadline(30'000);
        while (!deadline.hasExpired()) {
            while (process.canReadLine()) {
                const QJsonObject line = QJsonDocument::fromJson(process.readLine()).object();
                if (line.value(u"what"_s).toString() == what)
                    return line;
            }
            if (process.state() == QProcess::NotRunning && !process.canReadLine())
                return {};
            process.waitForReadyRead(100);
        }
        return {};
    }
};

void tst_Watching::tellsWhatComesAndGoes()
{
    SKIP_WITHOUT_SERVER;
    const auto there = cluster();
    QVERIFY(there);
    QProcess process;
    start(process, *there, {});
    QVERIFY(!awaited(process, u"state"_s).isEmpty());
    const auto pid = pid_t((*there)->nodes()[0].processId);
    QCOMPARE(::kill(pid, SIGSTOP), 0);
    const auto thaw = qScopeGuard([pid] { ::kill(pid, SIGCONT); });
    const QJsonObject came = awaited(process, u"came"_s);
    QVERIFY(!came.isEmpty());
    QVERIFY2(!came.value(u"finding"_s).toString().isEmpty(), QJsonDocument(came).toJson().constData());
    QCOMPARE(awaited(process, u"state"_s).value(u"severity"_s).toString(), u"error"_s);
    QCOMPARE(::kill(pid, SIGCONT), 0);
    QVERIFY(awaited(process, u"over"_s).value(u"lastedMs"_s).toInteger() > 0);
    process.terminate();
    QVERIFY(process.waitForFinished(10'000));
    QVERIFY2(process.exitStatus() == QProcess::NormalExit, process.readAllStandardError().constData());
}

void tst_Watching::endsWithTheFirstError()
{
    SKIP_WITHOUT_SERVER;
    const auto there = cluster();
    QVERIFY(there);
    QProcess process;
    start(process, *there, {u"--first"_s});
    QVERIFY(!awaited(process, u"state"_s).isEmpty());
    (*there)->killNode(2);
    QVERIFY(process.waitForFinished(30'000));
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardOutput().contains("\"severity\":\"error\""));
}

void tst_Watching::refusesWhatItDoesNotKnow()
{
    QProcess process;
    process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), {u"watch"_s, u"--alert"_s, u"nonsense"_s});
    QVERIFY(process.waitForFinished(10'000));
    QCOMPARE(process.exitCode(), 2);
}

SLOTSCOPE_TEST(tst_Watching)
#include "tst_watching.moc"
