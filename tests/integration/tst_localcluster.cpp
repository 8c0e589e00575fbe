// SPDX-License-Identifier: GPL-3.0-or-later
// The demo from the outside: slotscope-cli as a user runs it.
#include "core/base/text.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFileInfo>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <csignal>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QString cli()
{
    return qEnvironmentVariable("SLOTSCOPE_CLI");
}

struct Outcome
{
    int code = -1;
    QString out, err;
};

Outcome runCli(const QStringList &arguments)
{
    QProcess process;
    process.start(cli(), arguments);
    process.waitForFinished(30000);
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

bool isAlive(qint64 pid)
{
    return ::kill(pid_t(pid), 0) == 0;
}

/// A running `slotscope-cli demo` whose cluster is ready.
struct RunningDemo
{
    QProcess process;
    QString uri, folder;
    QList<std::pair<QString, qint64>> nodes; ///< address and process id of each node

    ~RunningDemo()
    {
        if (process.state() == QProcess::NotRunning)
            return;
        process.terminate();
        process.waitForFinished(10000);
    }
    bool start(const QStringList &words = {})
    {
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(cli(), QStringList{u"--json"_s, u"demo"_s, u"--thousands"_s, u"1"_s} + words);
        QByteArray text;
        QJsonObject document;
        const bool ready = QTest::qWaitFor(
            [&] {
                text += process.readAllStandardOutput();
                document = QJsonDocument::fromJson(text).object();
                return !document.isEmpty();
            },
            60000);
        uri = document[u"uri"_s].toString();
        folder = document[u"folder"_s].toString();
        for (const QJsonValue &node : document[u"nodes"_s].toArray())
            nodes.append({node[u"address"_s].toString(), node[u"pid"_s].toInteger()});
        return ready;
    }
    [[nodiscard]] bool isGone() const
    {
        return !QFileInfo::exists(folder)
            && std::none_of(nodes.begin(), nodes.end(), [](const auto &node) { return isAlive(node.second); });
    }
};

} // namespace

class tst_LocalCluster : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leavesNothingBehind_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("ended") << SIGTERM;
        QTest::newRow("killed") << SIGKILL;
    }
    void leavesNothingBehind()
    {
        QFETCH(const int, signal);
        RunningDemo demo;
        QVERIFY(demo.start({u"--replicas"_s, u"0"_s}));
        QCOMPARE(demo.nodes.size(), 3);
        QVERIFY(QFileInfo::exists(demo.folder));
        ::kill(pid_t(demo.process.processId()), signal);
        QTRY_VERIFY_WITH_TIMEOUT(demo.isGone(), 10000);
        QTRY_COMPARE(demo.process.state(), QProcess::NotRunning);
    }

    void distinctHosts()
    {
        LocalClusterOptions options;
        options.distinctHosts = true;
        options.replicasPerPrimary = 0;
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        QVERIFY(cluster.address(0).startsWith(u"127.0.0.1:"_s));
        QVERIFY(cluster.address(2).startsWith(u"127.0.0.3:"_s));
    }

    /// No other process may get the port of a killed server, because its replicas would replicate from whatever server
    /// answers there.
    void aKilledServerKeepsItsPort()
    {
        const auto isTaken = [](quint16 port) {
            QUdpSocket mark;
            return !mark.bind(QHostAddress(u"127.0.0.1"_s), port, QUdpSocket::DontShareAddress);
        };
        LocalClusterOptions options;
        options.form = false;
        quint16 port = 0;
        {
            TestCluster cluster(options);
            QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
            port = cluster->nodes()[0].endpoint.port;
            cluster->killNode(0);
            QVERIFY(isTaken(port));
            QVERIFY(QCoro::waitFor(cluster->restartNode(0)));
        }
        QVERIFY(!isTaken(port));
    }

    void aMissingServerIsNamed()
    {
        LocalClusterOptions options;
        options.serverPath = u"no-such-server"_s;
        TestCluster cluster(options);
        QVERIFY(!cluster.start());
        QVERIFY2(cluster.failure().contains(u"no-such-server"_s), qPrintable(cluster.failure()));
    }

    void checkFollowsAFailover()
    {
        RunningDemo demo;
        QVERIFY(demo.start());
        const Outcome healthy = runCli({u"--uri"_s, demo.uri, u"check"_s});
        QCOMPARE(healthy.code, 0);
        QVERIFY2(healthy.out.contains(u"healthy"_s), qPrintable(healthy.out));

        const auto [address, pid] = demo.nodes.front();
        ::kill(pid_t(pid), SIGKILL);
        // immediately, before the other servers have noticed the failure
        const Outcome broken = runCli({u"--uri"_s, demo.uri, u"check"_s});
        QCOMPARE(broken.code, 1);
        QVERIFY2(broken.out.contains(address) && broken.out.contains(u"0-5460"_s), qPrintable(broken.out));
        QVERIFY2(broken.out.contains(u"not answer"_s) || broken.out.contains(u"cannot reach"_s),
                 qPrintable(broken.out));
        Outcome told;
        QVERIFY(QTest::qWaitFor(
            [&] {
                told = runCli({u"--uri"_s, demo.uri, u"check"_s});
                return told.code == 1 && (told.out.contains(u"report"_s) || told.out.contains(u"fail?"_s));
            },
            10000));

        Outcome after;
        QVERIFY(QTest::qWaitFor(
            [&] {
                after = runCli({u"--uri"_s, demo.uri, u"check"_s});
                return after.code == 0;
            },
            30000));
        // the dead node is still part of the cluster and is reported
        QVERIFY2(after.out.contains(address), qPrintable(after.out));
    }

    void checkNamesAFrozenPrimary()
    {
        RunningDemo demo;
        QVERIFY(demo.start({u"--replicas"_s, u"0"_s}));
        const auto [address, pid] = demo.nodes.front();
        ::kill(pid_t(pid), SIGSTOP);
        const Outcome frozen = runCli({u"--uri"_s, demo.uri, u"--timeout"_s, u"700"_s, u"check"_s});
        ::kill(pid_t(pid), SIGCONT);
        QCOMPARE(frozen.code, 1);
        QVERIFY2(frozen.out.contains(address) && frozen.out.contains(u"0-5460"_s), qPrintable(frozen.out));
    }

    void checkBelievesAnOwnerThatDeniesItsSlots()
    {
        RunningDemo demo;
        QVERIFY(demo.start({u"--replicas"_s, u"0"_s}));
        const QStringList at{u"--uri"_s, demo.uri};
        QCOMPARE(runCli(at
                        + QStringList{u"call"_s, u"--to"_s, demo.nodes[2].first, u"--yes"_s, u"CLUSTER"_s,
                                      u"DELSLOTS"_s, u"16000"_s})
                     .code,
                 0);
        const Outcome broken = runCli(at + QStringList{u"check"_s});
        QCOMPARE(broken.code, 1);
        QVERIFY2(broken.out.contains(u"16000"_s) && broken.out.contains(u"16,383 of 16,384"_s), qPrintable(broken.out));
    }

    void endsAtOnceWhileItStarts_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("ended") << SIGTERM;
    }
    void endsAtOnceWhileItStarts()
    {
        QFETCH(const int, signal);
        QTemporaryDir folder; // the demo creates its own temporary folder in this one
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"TMPDIR"_s, folder.path());
        process.setProcessEnvironment(environment);
        process.start(cli(), {u"demo"_s, u"--thousands"_s, u"50"_s});
        const auto entries = [&] { return QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot); };
        QTRY_VERIFY(!entries().isEmpty());
        ::kill(pid_t(process.processId()), signal);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(int(process.exitStatus()), int(QProcess::NormalExit));
        QCOMPARE(process.exitCode(), 1);
        // the demo prints nothing on standard output before it is ready
        QCOMPARE(process.readAllStandardOutput(), ""_ba);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("stopped before it was ready"), said.constData());
        QTRY_VERIFY(entries().isEmpty());
    }

    void commandsAndTheirExitCodes()
    {
        RunningDemo demo;
        QVERIFY(demo.start({u"--replicas"_s, u"0"_s}));
        const QStringList at{u"--uri"_s, demo.uri};
        QCOMPARE(runCli(at + QStringList{u"call"_s, u"SET"_s, u"k"_s, u"v"_s}).out, u"OK\n"_s);
        QCOMPARE(runCli(at + QStringList{u"call"_s, u"GET"_s, u"k"_s}).out, u"v\n"_s);
        QCOMPARE(
            runCli(at + QStringList{u"call"_s, u"--quoted-input"_s, u"SET"_s, uR"("a\x00b")"_s, uR"("\xff")"_s}).out,
            u"OK\n"_s);
        QCOMPARE(runCli(at + QStringList{u"call"_s, u"--quoted-input"_s, u"STRLEN"_s, uR"("a\x00b")"_s}).out, u"1\n"_s);
        QCOMPARE(
            runCli(at + QStringList{u"call"_s, u"--to"_s, u"primaries"_s, u"CONFIG"_s, u"GET"_s, u"-not-an-option"_s})
                .code,
            0);
        const Outcome refused = runCli(at + QStringList{u"call"_s, u"LPUSH"_s, u"k"_s, u"x"_s});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.out.contains(u"WRONGTYPE"_s), qPrintable(refused.out));
        const QStringList readOnly{u"--uri"_s, demo.uri + u"?readonly=1"_s};
        const Outcome notWritten = runCli(readOnly + QStringList{u"call"_s, u"SET"_s, u"k"_s, u"w"_s});
        QCOMPARE(notWritten.code, 1);
        QVERIFY2(notWritten.err.contains(u"read-only"_s), qPrintable(notWritten.err));
        QCOMPARE(runCli(QStringList{u"--read-only"_s} + at + QStringList{u"call"_s, u"DEL"_s, u"k"_s}).code, 1);
        QCOMPARE(runCli(readOnly + QStringList{u"call"_s, u"GET"_s, u"k"_s}).out, u"v\n"_s);
        const Outcome endless = runCli(at + QStringList{u"call"_s, u"MONITOR"_s});
        QCOMPARE(endless.code, 2);
        QVERIFY2(endless.err.contains(u"MONITOR"_s), qPrintable(endless.err));
        const Outcome one = runCli(at + QStringList{u"call"_s, u"--to"_s, demo.nodes[1].first, u"PING"_s});
        QCOMPARE(one.out, demo.nodes[1].first + u": PONG\n"_s);
        QCOMPARE(runCli(at + QStringList{u"call"_s, u"--to"_s, u"nobody"_s, u"PING"_s}).code, 1);
        QCOMPARE(runCli(at + QStringList{u"slots"_s, u"--key"_s, u"foo"_s}).out.simplified().section(u' ', 3, 3),
                 u"12182"_s);
        const QJsonObject topology =
            QJsonDocument::fromJson(runCli(QStringList{u"--json"_s} + at + QStringList{u"topology"_s}).out.toUtf8())
                .object();
        QCOMPARE(topology[u"nodes"_s].toArray().size(), 3);
        QCOMPARE(topology[u"slotsCovered"_s].toInt(), 16384);
        QCOMPARE(runCli({u"nonsense"_s}).code, 2);
        QCOMPARE(runCli({u"--uri"_s, u"http://x"_s, u"check"_s}).code, 1);
        QCOMPARE(runCli({}).code, 2);
        QCOMPARE(runCli({u"--help"_s}).code, 0);
        const Outcome nobody = runCli({u"--uri"_s, u"redis://127.0.0.1:1"_s, u"check"_s});
        QCOMPARE(nobody.code, 1);
        QVERIFY2(nobody.err.contains(u"127.0.0.1:1"_s) && nobody.err.contains(u"refused"_s), qPrintable(nobody.err));
    }
};

SLOTSCOPE_TEST(tst_LocalCluster)
#include "tst_localcluster.moc"
