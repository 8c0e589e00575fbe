// SPDX-License-Identifier: GPL-3.0-or-later
// slotscope-cli's commands that change a cluster: what they ask before, what they print, how they end.
#include "support/operating.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_ChangeCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_operator = std::make_unique<Operator>(m_cluster->target({0, 1, 2}));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    }
    void cleanupTestCase()
    {
        m_operator.reset();
        m_cluster.reset();
    }

    void withoutAnAnswerNothingIsChanged_data()
    {
        QTest::addColumn<QStringList>("further");
        QTest::addColumn<int>("code");
        QTest::newRow("no terminal, no --yes") << QStringList() << 2;
        QTest::newRow("--dry-run") << QStringList{u"--dry-run"_s} << 0;
        QTest::newRow("--dry-run and --yes") << QStringList{u"--dry-run"_s, u"--yes"_s} << 0;
    }
    void withoutAnAnswerNothingIsChanged()
    {
        QFETCH(const QStringList, further);
        QFETCH(const int, code);
        const QStringList words =
            QStringList{u"reshard"_s, u"--from"_s, m_cluster->address(0), u"--to"_s, m_cluster->address(1),
                        u"--slots"_s, u"10"_s}
            + further;
        const auto [exitCode, said] = run(words);
        QCOMPARE(exitCode, code);
        QVERIFY2(said.contains("SETSLOT"), said.constData()); // the printed plan contains the exact commands
        QCOMPARE(m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->slots.count(), 5461);
    }

    void tellsOfEachStepAsJson()
    {
        const auto [exitCode, said] = run({u"--json"_s, u"reshard"_s, u"--from"_s, m_cluster->address(0), u"--to"_s,
                                           m_cluster->address(1), u"--range"_s, u"0-9,20"_s, u"--yes"_s});
        QCOMPARE(exitCode, 0);
        QStringList events;
        for (const QByteArray &line : said.trimmed().split('\n')) {
            const QJsonDocument event = QJsonDocument::fromJson(line);
            QVERIFY2(event.isObject(), line.constData());
            events.append(event[u"event"].toString());
        }
        QCOMPARE(events.first(), u"plan"_s);
        QCOMPARE(events.last(), u"end"_s);
        QVERIFY(events.contains(u"step"_s));
        const ClusterViewPtr view = m_operator->look();
        QVERIFY(view->node(m_operator->idAt(m_cluster->address(1)))->slots.contains(20));
    }

    void lossNeedsAConsentOfItsOwn()
    {
        const QStringList words{u"failover"_s, m_cluster->address(3), u"--takeover"_s, u"--yes"_s};
        const auto [exitCode, said] = run(words);
        QVERIFY2(exitCode != 0, said.constData());
        QVERIFY2(!m_operator->look()->node(m_operator->idAt(m_cluster->address(3)))->primary, said.constData());
    }

    void refusesWrongWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("no target") << QStringList{u"reshard"_s, u"--from"_s, u"all"_s};
        QTest::newRow("no such node") << QStringList{u"failover"_s, u"127.0.0.1:1"_s};
        QTest::newRow("two ways") << QStringList{u"reshard"_s, u"--from"_s,           u"all"_s,
                                                 u"--to"_s,    m_cluster->address(0), u"--slots"_s,
                                                 u"1"_s,       u"--range"_s,          u"5"_s};
        QTest::newRow("no number") << QStringList{u"reshard"_s,          u"--from"_s,  u"all"_s, u"--to"_s,
                                                  m_cluster->address(0), u"--slots"_s, u"many"_s};
        QTest::newRow("unknown option") << QStringList{u"rebalance"_s, u"--quickly"_s};
        QTest::newRow("weight without node") << QStringList{u"rebalance"_s, u"--weight"_s, u"3"_s};
    }
    void refusesWrongWords()
    {
        QFETCH(const QStringList, words);
        const auto [exitCode, said] = run(words);
        QCOMPARE(exitCode, 2);
        QVERIFY(!said.isEmpty());
    }

    void readOnlyChangesNothing()
    {
        const auto [exitCode, said] = run({u"--read-only"_s, u"reshard"_s, u"--from"_s, m_cluster->address(0),
                                           u"--to"_s, m_cluster->address(1), u"--slots"_s, u"10"_s, u"--yes"_s});
        QVERIFY(exitCode != 0);
        QVERIFY2(said.contains("read-only"), said.constData());
        QVERIFY2(!said.contains("(run "), said.constData()); // the run did not begin
    }

    void showsASettingOfEachNode()
    {
        const auto [exitCode, said] = run({u"config"_s, u"maxmemory-samples"_s});
        QCOMPARE(exitCode, 0);
        for (int node = 0; node < 6; ++node)
            QVERIFY2(said.contains(m_cluster->address(node).toUtf8()), said.constData());
        const auto [unknownCode, words] = run({u"config"_s, u"no-such-parameter"_s});
        QCOMPARE(unknownCode, 2);
        QVERIFY2(words.contains("no-such-parameter"), words.constData());
    }

    void fixTellsWhatItFound()
    {
        const QByteArray target = m_operator->idAt(m_cluster->address(1));
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "40", "MIGRATING", target}));
        const auto [exitCode, said] = run({u"fix"_s, u"--dry-run"_s});
        QCOMPARE(exitCode, 0);
        const QByteArray found = said.mid(said.indexOf("Found"), said.indexOf("Steps") - said.indexOf("Found"));
        QVERIFY2(found.contains("40") && found.count(m_cluster->address(0).toUtf8()) >= 2, said.constData());
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "40", "STABLE"}));
    }

    void withoutAJournalNothingIsChanged()
    {
        QFile file(m_folder.filePath(u"no folder"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto [exitCode, said] = run({u"reshard"_s, u"--from"_s, m_cluster->address(0), u"--to"_s,
                                           m_cluster->address(1), u"--range"_s, u"50"_s, u"--yes"_s},
                                          file.fileName());
        QCOMPARE(exitCode, 1);
        QVERIFY2(said.contains("journal"), said.constData());
        QVERIFY(m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->slots.contains(50));
    }

    void historyTellsWhatWasDone()
    {
        const auto [exitCode, said] = run({u"history"_s, u"--json"_s});
        QCOMPARE(exitCode, 0);
        const QByteArray id = QJsonDocument::fromJson(said)[u"runs"][0][u"run"].toString().toUtf8();
        QVERIFY2(!id.isEmpty(), said.constData());
        const auto [code, report] = run({u"history"_s, QString::fromUtf8(id)});
        QCOMPARE(code, 0);
        QVERIFY2(report.contains("Checks") && report.contains("Steps"), report.constData());
        const auto [resumeCode, words] = run({u"resume"_s, QString::fromUtf8(id), u"--yes"_s});
        QVERIFY(resumeCode != 0 || words.contains("done"));
    }

private:
    std::pair<int, QByteArray> run(const QStringList &words, const QString &journal = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SLOTSCOPE_JOURNAL"_s, journal.isEmpty() ? m_folder.path() : journal);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, (*m_cluster)->uri()} + words);
        if (!process.waitForFinished(60000))
            return {-1, "did not end: " + process.readAll()};
        return {process.exitCode(), process.readAll()};
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_ChangeCli)
#include "tst_changecli.moc"
