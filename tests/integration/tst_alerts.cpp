// SPDX-License-Identifier: GPL-3.0-or-later
// Limits held against the figures of real servers: they fire once and end, stand on the time axis, and the command line
// tells of them.
#include "core/metrics/metricsrecorder.h"
#include "core/metrics/thresholdwatcher.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestAlerts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_cluster.reset(); }
    void aLimitIsPassedAndKeptAgain();
    void theCommandLineTells();
    void theCommandLineKnowsWhatItDoesNotKnow();
    void wordsThatAreWrong();
    void commandsAreTold();

private:
    struct Run
    {
        int code = -1;
        QByteArray out, error;
    };
    QStringList wordsOf(const QStringList &options, const QStringList &words) const
    {
        return QStringList{u"--uri"_s, (*m_cluster)->uri()} + options + QStringList{u"stat"_s} + words;
    }
    Run run(const QStringList &options, const QStringList &words) const
    {
        QProcess process;
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), wordsOf(options, words));
        const bool ended = process.waitForFinished(60'000);
        return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    /// Writes a value of 8 MB to the first node, or deletes it.
    void fill(bool full) const
    {
        const Command command = full
            ? Command{"EVAL"_ba, "redis.call('SET',KEYS[1],string.rep('x',8388608))"_ba, "1"_ba, m_key}
            : Command{"DEL"_ba, m_key};
        QVERIFY(m_cluster->run(0, command));
    }

    std::unique_ptr<TestCluster> m_cluster;
    QByteArray m_key; ///< a key that the first node owns
};

void TestAlerts::initTestCase()
{
    LocalClusterOptions options;
    options.serverPath = serversFound().front().second;
    options.replicasPerPrimary = 0;
    m_cluster = std::make_unique<TestCluster>(options);
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    for (int i = 0; i < 100 && m_key.isEmpty(); ++i)
        if (const QByteArray key = "k" + QByteArray::number(i); m_cluster->run(0, {"GET"_ba, key}))
            m_key = key;
    QVERIFY(!m_key.isEmpty());
}

void TestAlerts::aLimitIsPassedAndKeptAgain()
{
    ClusterSession session(m_cluster->target({0}));
    session.start();
    QVERIFY(QCoro::waitFor(session.connected(8000)));
    const auto book = std::make_shared<MetricsBook>();
    MetricsRecorder recorder(&session);
    recorder.recordInto(book);
    ThresholdWatcher watcher;
    watcher.watch(book);
    watcher.setRules({readThreshold("used_memory>6mb for 1s").value(), readThreshold("memory>9mb on sum").value(),
                      readThreshold("memory>1gb").value()});
    std::vector<ThresholdChange> changes;
    const auto look = [&](size_t wanted) {
        const ThresholdReport report = watcher.takeReport();
        changes.insert(changes.end(), report.changes.begin(), report.changes.end());
        return changes.size() >= wanted;
    };
    QTRY_VERIFY(!look(1) && watcher.takeReport().rules.front().known == 3);
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    fill(true);
    QTRY_VERIFY(look(2));
    for (const ThresholdChange &change : changes) {
        QVERIFY(change.fired);
        QVERIFY2(change.value > 8e6, qPrintable(QString::number(change.value)));
    }
    QCOMPARE(watcher.takeReport().rules.front().fired.front().name, m_cluster->address(0));
    fill(false);
    QTRY_VERIFY(look(4));
    QCOMPARE(changes.size(), 4u); // each change is reported once
    QVERIFY(!changes[2].fired && !changes[3].fired && !changes[2].gone);
    MetricsQuery query;
    query.from = before - 1000;
    query.to = QDateTime::currentMSecsSinceEpoch() + 1000;
    query.group = MetricGroup::Sum;
    query.metrics = {Metric::Memory};
    int bands = 0;
    for (const MetricEvent &event : book->window(query).events)
        if (event.kind == MetricEvent::Kind::Threshold) {
            QVERIFY2(event.until >= event.at && event.at >= before, qPrintable(event.words));
            ++bands;
        }
    QCOMPARE(bands, 2);
}

void TestAlerts::theCommandLineTells()
{
    QProcess process;
    process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                  wordsOf({u"--json"_s}, {u"--alert"_s, u"used_memory>6mb for 1s"_s, u"--alert"_s, u"memory>1tb"_s}));
    QByteArray out;
    const auto lines = [&] {
        process.waitForReadyRead(50);
        out += process.readAllStandardOutput();
        return out.count('\n');
    };
    fill(true);
    QTRY_COMPARE(lines(), 1);
    fill(false);
    QTRY_COMPARE(lines(), 2);
    process.terminate(); // has the same effect as Ctrl+C
    QVERIFY(process.waitForFinished(10'000));
    QCOMPARE(process.exitCode(), 3);
    const QByteArrayList each = out.trimmed().split('\n');
    const QJsonObject fired = QJsonDocument::fromJson(each.front()).object();
    QCOMPARE(fired.value(u"event"_s).toString(), u"fired"_s);
    QCOMPARE(fired.value(u"rule"_s).toString(), u"memory>6mb for 1s on nodes"_s);
    QCOMPARE(fired.value(u"node"_s).toString(), m_cluster->address(0));
    QVERIFY(fired.value(u"value"_s).toDouble() > 8e6);
    QCOMPARE(QJsonDocument::fromJson(each.back()).object().value(u"event"_s).toString(), u"over"_s);

    const Run first = run({}, {u"--alert"_s, u"memory>1kb on sum"_s, u"--first"_s});
    QCOMPARE(first.code, 3);
    QVERIFY2(first.out.contains("fired  sum  memory>1kb on sum"), first.out.constData());
    const Run none = run({}, {u"--alert"_s, u"memory>1tb"_s, u"--for"_s, u"3"_s});
    QCOMPARE(none.code, 0);
    QVERIFY2(none.out.isEmpty() && none.error.isEmpty(), none.error.constData());
}

void TestAlerts::theCommandLineKnowsWhatItDoesNotKnow()
{
    const Run node = run({}, {u"--alert"_s, u"memory>1kb on 127.0.0.1:1"_s, u"--for"_s, u"2"_s});
    QCOMPARE(node.code, 1);
    QVERIFY2(node.error.contains("there is no such node"), node.error.constData());
    // fails because the nodes have no maxmemory
    const Run ratio = run({}, {u"--alert"_s, u"memory_percent>90"_s, u"--for"_s, u"3"_s});
    QCOMPARE(ratio.code, 1);
    QVERIFY2(ratio.error.contains("not known for 3 of 3 nodes"), ratio.error.constData());
}

void TestAlerts::wordsThatAreWrong()
{
    for (const QStringList &words : {QStringList{u"--alert"_s},
                                     {u"--alert"_s, u"heat>5"_s},
                                     {u"--first"_s},
                                     {u"--for"_s, u"5"_s},
                                     {u"--alert"_s, u"memory>5"_s, u"--count"_s, u"2"_s},
                                     {u"--alert"_s, u"memory>5"_s, u"--for"_s, u"ever"_s}}) {
        const Run refused = run({}, words);
        QVERIFY2(refused.code == 2, qPrintable(words.join(u' ')));
        QVERIFY(refused.out.isEmpty() && !refused.error.isEmpty());
    }
}

void TestAlerts::commandsAreTold()
{
    QProcess process;
    process.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                  wordsOf({u"--json"_s}, {u"--commands"_s, u"--count"_s, u"1"_s, u"--interval"_s, u"3000"_s}));
    QVERIFY(process.waitForStarted());
    // The commands below process events. If they also handle the end of the process, waitForFinished() returns false
    // for ever, therefore the state is checked too.
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(20)) {
        QVERIFY(m_cluster->run(0, {"EVAL"_ba, "for i=1,100 do redis.call('ECHO','x') end"_ba, "0"_ba}));
        (void)m_cluster->run(0, {"GET"_ba, "nothing"_ba, "more"_ba}); // the server rejects this command
        (void)m_cluster->run(0, {"EVAL"_ba, "return redis.call('LPUSH',KEYS[1],'x')"_ba, "1"_ba, m_key});
    }
    QCOMPARE(process.exitCode(), 0);
    const QJsonObject told = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    QCOMPARE(told.value(u"nodes"_s).toInt(), 3);
    QHash<QString, QJsonObject> commands;
    for (const QJsonValue &each : told.value(u"commands"_s).toArray())
        commands.insert(each.toObject().value(u"command"_s).toString(), each.toObject());
    QVERIFY(commands[u"echo"_s].value(u"calls"_s).toDouble() > 20);
    QVERIFY(commands[u"echo"_s].value(u"us_per_call"_s).toDouble() >= 0);
    QVERIFY(commands[u"get"_s].value(u"rejected"_s).toDouble() > 0);
    const Run table = run({}, {u"--commands"_s, u"--node"_s, m_cluster->address(1)});
    QCOMPARE(table.code, 0);
    QVERIFY2(table.out.startsWith("COMMAND") && table.out.contains("info"), table.out.constData());
    QCOMPARE(run({}, {u"--commands"_s, u"--node"_s, u"127.0.0.1:1"_s}).code, 1);
    QCOMPARE(run({}, {u"--node"_s, m_cluster->address(1)}).code, 2);
}

SLOTSCOPE_TEST(TestAlerts)
#include "tst_alerts.moc"
