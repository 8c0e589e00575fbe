// SPDX-License-Identifier: GPL-3.0-or-later
// Clusters that are reached through a command of the user's own: one process a node, watched, and none left.
#include "core/net/commandtunnel.h"
#include "core/net/nodelink.h"
#include "core/net/ownuri.h"
#include "core/net/portlistener.h"
#include "tests/support/certificates.h"
#include "tests/support/sshserver.h"
#include "tests/support/testcluster.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QUrl>

#include <csignal>
#include <unistd.h>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

QString relay(const QString &options = {})
{
    return u"python3 \"%1\" %2{local} {host} {port}"_s.arg(QStringLiteral(SLOTSCOPE_RELAY), options);
}

/// Returns the ids of all running processes whose command line contains `mark`, no matter who started them.
QList<qint64> relays(const QByteArray &mark)
{
    QList<qint64> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        QFile file(u"/proc/%1/cmdline"_s.arg(name));
        if (name.toLongLong() == 0 || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray words = file.readAll();
        if (words.contains("relay.py") && words.contains(mark) && runs(name.toLongLong()))
            found.append(name.toLongLong());
    }
    return found;
}

} // namespace

class tst_CommandTunnel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }

    /// The main use case: each node is reached through one process, keys are read and written through it, and no
    /// process is left at the end.
    void aClusterThroughACommand()
    {
        {
            const auto session = connectTo(target(relay()));
            QVERIFY(session);
            QVERIFY(waitForView(*session, allAnswer));
            QCOMPARE(ours().size(), 6);
            for (int i = 0; i < 300; ++i) {
                const auto set = QCoro::waitFor(session->execute(commandOf("SET", "t:" + QByteArray::number(i), "x")));
                QVERIFY2(set, set ? "" : qPrintable(set.error().detail));
            }
        }
        QTRY_COMPARE(ours().size(), 0);
    }

    /// A killed tunnel process is noticed and started again. A command that was being executed at that moment is not
    /// sent twice.
    void aKilledProcessIsStartedAgain()
    {
        const auto session = connectTo(target(relay()));
        QVERIFY(session);
        QVERIFY(waitForView(*session, allAnswer));
        QVERIFY(QCoro::waitFor(session->execute(commandOf("DEL", "counter"))));
        int done = 0, unknown = 0;
        for (int i = 0; i < 40; ++i) {
            if (i == 10)
                for (const qint64 process : ours())
                    ::kill(pid_t(process), SIGKILL);
            const auto reply = QCoro::waitFor(session->execute(commandOf("INCR", "counter")));
            done += reply ? 1 : 0;
            unknown += !reply && reply.error().code == Error::Code::MaybeExecuted ? 1 : 0;
        }
        QElapsedTimer clock;
        clock.start();
        QVERIFY(waitForView(*session, allAnswer, 10000));
        qInfo("back after %lld ms", clock.elapsed());
        QTRY_COMPARE(ours().size(), 6);
        const auto value = QCoro::waitFor(session->execute(commandOf("GET", "counter")));
        QVERIFY(value);
        const int counted = value->bytes().toInt();
        QVERIFY2(counted >= done && counted <= done + unknown,
                 qPrintable(u"%1 counted, %2 done, %3 unknown"_s.arg(counted).arg(done).arg(unknown)));
    }

    /// A tunnel process runs but no longer forwards anything, as kubectl port-forward does after its pod was replaced.
    void oneThatLeadsNowhereIsStartedAnew()
    {
        QTemporaryDir folder;
        QFile deaf(folder.filePath(u"deaf"_s));
        const auto session = connectTo(target(relay(u"--deaf %1 "_s.arg(deaf.fileName()))));
        QVERIFY(session);
        QVERIFY(waitForView(*session, allAnswer));
        const QList<qint64> before = ours();
        QVERIFY(deaf.open(QIODevice::WriteOnly));
        for (const qint64 process : before)
            ::kill(pid_t(process), SIGSTOP);
        QElapsedTimer clock;
        clock.start();
        QVERIFY(waitForView(*session, noneAnswers, 20000));
        qInfo("noticed after %lld ms", clock.elapsed());
        QVERIFY(deaf.remove());
        clock.start();
        QVERIFY(waitForView(*session, allAnswer, 40000)); // the frozen processes are killed and replaced
        qInfo("replaced after %lld ms", clock.elapsed());
        for (const qint64 process : before)
            QVERIFY(!runs(process));
    }

    /// While a server runs a script it does not answer, but the tunnel to it works and must not be restarted.
    void aBusyServerKeepsItsCommand()
    {
        QTcpServer busy; // the operating system accepts connections to this port, but nobody answers
        QVERIFY(busy.listen(QHostAddress::LocalHost, 0));
        ConnectionOptions options;
        options.endpoint = {.host = u"127.0.0.1"_s, .port = busy.serverPort(), .socketPath = {}};
        options.way = *Way::byCommand(relay());
        options.handshakeTimeoutMs = 500;
        NodeLink link(options);
        const auto tunnel = CommandTunnel::of(options.way, options.endpoint);
        link.start();
        QTRY_COMPARE(tunnel->state(), CommandTunnel::State::Up);
        const qint64 process = tunnel->processId();
        QElapsedTimer clock;
        clock.start();
        QVERIFY(QTest::qWaitFor(
            [&] {
                link.retryNow();
                return link.failures() >= 6 && clock.elapsed() > 11000;
            },
            20000));
        QCOMPARE(tunnel->state(), CommandTunnel::State::Up);
        QCOMPARE(tunnel->processId(), process);
    }

    /// A tunnel process that carries another established connection is not ended when a server refuses a new connection
    /// or closes it at once.
    void whatStandsKeepsTheCommand()
    {
        const auto tunnel = CommandTunnel::of(*Way::byCommand(relay()), (*m_cluster)->nodes().front().endpoint);
        tunnel->use();
        QTRY_COMPARE(tunnel->state(), CommandTunnel::State::Up);
        const qint64 process = tunnel->processId();
        auto standing = tunnel->stand();
        QElapsedTimer clock;
        clock.start();
        QVERIFY(!QTest::qWaitFor(
            [&] {
                tunnel->noteOutcome(CommandTunnel::Outcome::Closed);
                return tunnel->state() != CommandTunnel::State::Up;
            },
            9000));
        QCOMPARE(tunnel->processId(), process);
        standing.reset();
        tunnel->noteOutcome(CommandTunnel::Outcome::Closed);
        QCOMPARE(tunnel->state(), CommandTunnel::State::Waiting);
    }

    /// Tunnel processes that ignore SIGTERM are ended nevertheless, and without blocking the thread.
    void stubbornOnesEndWithoutWaiting()
    {
        std::vector<std::shared_ptr<CommandTunnel>> tunnels;
        for (const LocalCluster::Node &node : (*m_cluster)->nodes())
            tunnels.push_back(CommandTunnel::of(*Way::byCommand(relay(u"--stubborn "_s)), node.endpoint));
        for (const auto &tunnel : tunnels)
            tunnel->use();
        for (const auto &tunnel : tunnels)
            QTRY_COMPARE(tunnel->state(), CommandTunnel::State::Up);
        QCOMPARE(ours().size(), 6);
        QElapsedTimer clock;
        clock.start();
        tunnels.clear();
        QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
        QTRY_COMPARE(ours().size(), 0);
        const QString uri = u"redis://"_s + m_cluster->address(0);
        const auto [code, said] = cli({u"--uri"_s, uri, u"--tunnel"_s, relay(u"--stubborn "_s), u"call"_s, u"PING"_s});
        QVERIFY2(code == 0, said.constData());
        QTRY_COMPARE(relays("--stubborn").size(), 0);
    }

    void aStrangersPortIsTold()
    {
        QTcpServer own;
        QVERIFY(own.listen(QHostAddress::LocalHost, 0));
        const QList<PortListener> found = listenersAt(own.serverPort());
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.front().user, ::getuid());
        QProcess other;
        other.setChildProcessModifier([] { ::setsid(); });
        other.start(u"sleep"_s, {u"60"_s});
        QVERIFY(other.waitForStarted());
        QCOMPARE(isHeldBySession(::getpid(), found.front().inode), std::optional<bool>(true));
        QCOMPARE(isHeldBySession(other.processId(), found.front().inode), std::optional<bool>(false));
        other.kill();
        QVERIFY(other.waitForFinished());
    }

    void whatFailsIsSaid_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("words");
        QTest::newRow("ends") << relay(u"--refuse "_s) << u"the cloud says no"_s;
        QTest::newRow("not there") << u"slotscope-no-such-program {local}"_s << u"cannot be started"_s;
    }
    void whatFailsIsSaid()
    {
        QFETCH(const QString, command);
        QFETCH(const QString, words);
        ClusterSession session(target(command));
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000, WaitFor::OneNode));
        QVERIFY(!view);
        QVERIFY2(view.error().detail.contains(words), qPrintable(view.error().detail));
    }

    /// The certificate's name is compared with the host that the user entered, not with the tunnel's local address
    /// 127.0.0.1.
    void tlsLooksForTheRealHost()
    {
        QTemporaryDir folder;
        TestAuthority authority(folder.path(), "Test CA");
        const IssuedCertificate shown = authority.issue("node", {.names = "DNS:localhost"});
        LocalClusterOptions options;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        options.tls = {.on = true, .caFile = authority.caFile(), .serverName = u"localhost"_s};
        options.extraArguments = {u"--tls-cert-file"_s,    shown.certFile,     u"--tls-key-file"_s,     shown.keyFile,
                                  u"--tls-ca-cert-file"_s, authority.caFile(), u"--tls-auth-clients"_s, u"no"_s};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        ConnectionTarget through = server.target({0});
        through.tls = {.on = true, .caFile = authority.caFile()};
        through.way = *Way::byCommand(relay());
        through.seeds.front().host = u"localhost"_s;
        QVERIFY(connectTo(through));
        // does not match the certificate, although the tunnel's local end is 127.0.0.1 too
        through.seeds.front().host = u"127.0.0.1"_s;
        ClusterSession session(through);
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000, WaitFor::OneNode));
        QVERIFY(!view);
        QCOMPARE(view.error().code, Error::Code::Certificate);
    }

    /// When the program is killed, neither the tunnel command nor any process that it started is left.
    void noProcessIsLeftWhereWeAreKilled()
    {
        const QString mark = u"--child "_s;
        QProcess cli;
        cli.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                  {u"--uri"_s, u"redis://"_s + m_cluster->address(0), u"--tunnel"_s, relay(mark), u"stat"_s,
                   u"--interval"_s, u"1000"_s, u"--count"_s, u"1000"_s});
        QVERIFY(cli.waitForStarted());
        // Two processes per node (the command and its child), and slotscope-cli itself, whose arguments contain the
        // name. A process that is being started may briefly count twice.
        QVERIFY(QTest::qWaitFor([] { return relays("relay.py").size() >= 13; }, 20000));
        cli.kill();
        QVERIFY(cli.waitForFinished());
        QTRY_COMPARE(relays("relay.py").size(), 0);
    }

    void theCommandLineTakesItAndALinkDoesNot()
    {
        const QString uri = u"redis://"_s + m_cluster->address(0);
        const auto [code, said] = cli({u"--uri"_s, uri, u"--tunnel"_s, relay(), u"call"_s, u"PING"_s});
        QVERIFY2(code == 0, said.constData());
        const auto [listed, table] = cli({u"--uri"_s, uri, u"--tunnel"_s, relay(), u"addresses"_s, u"--test"_s});
        QVERIFY2(listed == 0 && table.contains("All connections go through the command python3"), table.constData());
        const auto [both, saidBoth] = cli({u"--uri"_s, uri, u"--tunnel"_s, relay(), u"--ssh"_s, u"h"_s, u"check"_s});
        QVERIFY2(both == 2 || both == 1, saidBoth.constData());
        QVERIFY2(saidBoth.contains("cannot be combined"), saidBoth.constData());
        // The user may enter a URI that names a tunnel command, but the same URI is refused when it comes from a link.
        const QString worded = uri + u"?tunnel="_s + QString::fromLatin1(QUrl::toPercentEncoding(relay()));
        QVERIFY(parseOwnUri(worded)->way.isProgram());
        const auto link = ConnectionTarget::parse(worded);
        QVERIFY(!link);
        QVERIFY2(link.error().detail.contains(u"a link or a file may not"), qPrintable(link.error().detail));
        QTRY_COMPARE(relays("relay.py").size(), 0);
    }

private:
    [[nodiscard]] ConnectionTarget target(const QString &command) const
    {
        ConnectionTarget target = m_cluster->target({0});
        target.way = Way::byCommand(command).value();
        return target;
    }
    static QList<qint64> ours()
    {
        QList<qint64> found;
        for (const qint64 process : childrenOf(::getpid()))
            if (relays("relay.py").contains(process))
                found.append(process);
        return found;
    }
    static bool allAnswer(const ClusterView &view)
    {
        return view.nodes.size() == 6 && std::all_of(view.nodes.cbegin(), view.nodes.cend(), [](const NodeState &node) {
                   return node.reach.state == Reach::State::Ready;
               });
    }
    static bool noneAnswers(const ClusterView &view)
    {
        return std::none_of(view.nodes.cbegin(), view.nodes.cend(),
                            [](const NodeState &node) { return node.reach.state == Reach::State::Ready; });
    }
    static std::pair<int, QByteArray> cli(const QStringList &words)
    {
        QProcess process;
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), words);
        process.waitForFinished(60000);
        return {process.exitCode(), process.readAllStandardOutput() + process.readAllStandardError()};
    }

    std::unique_ptr<TestCluster> m_cluster;
};

SLOTSCOPE_TEST(tst_CommandTunnel)
#include "tst_commandtunnel.moc"
