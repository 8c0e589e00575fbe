// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster that announces addresses nobody here reaches: it runs in a network namespace of its own, and only forwarded
// loopback ports lead to it, as with containers.
#include "core/base/errortext.h"
#include "core/local/clusterforming.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QCoro/QCoroTask>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

bool canRun(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished(10000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

/// A namespace with a bridge-less pair of addresses: 10.213.N.2 inside, 10.213.N.1 outside; taken away at the end.
class NetworkNamespace
{
public:
    NetworkNamespace()
        : m_name(u"slotscope-%1"_s.arg(getpid()))
        , m_link(u"ss%1"_s.arg(getpid() % 100000))
        , m_net(u"10.213.%1"_s.arg(getpid() % 250))
    {
        m_made = canRun(u"ip"_s, {u"netns"_s, u"add"_s, m_name})
            && canRun(u"ip"_s,
                      {u"link"_s, u"add"_s, m_link, u"type"_s, u"veth"_s, u"peer"_s, u"name"_s, u"eth0"_s, u"netns"_s,
                       m_name})
            && inside({u"ip"_s, u"addr"_s, u"add"_s, m_net + u".2/24"_s, u"dev"_s, u"eth0"_s})
            && inside({u"ip"_s, u"link"_s, u"set"_s, u"eth0"_s, u"up"_s})
            && inside({u"ip"_s, u"link"_s, u"set"_s, u"lo"_s, u"up"_s});
        // the outer end stays down and without an address: what is announced cannot be reached, as from a desktop
    }
    ~NetworkNamespace()
    {
        canRun(u"ip"_s, {u"link"_s, u"del"_s, m_link});
        canRun(u"ip"_s, {u"netns"_s, u"del"_s, m_name});
    }
    [[nodiscard]] bool isMade() const { return m_made; }
    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] QString address() const { return m_net + u".2"_s; }
    [[nodiscard]] bool inside(const QStringList &command) const
    {
        return canRun(u"ip"_s, QStringList{u"netns"_s, u"exec"_s, m_name} + command);
    }

private:
    QString m_name, m_link, m_net;
    bool m_made = false;
};

/// Ends with the test, whatever happens to it.
class Child
{
public:
    Child(const QString &program, const QStringList &arguments)
    {
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.setStandardErrorFile(QProcess::nullDevice());
        m_process.start(program, arguments);
        m_process.waitForStarted();
    }
    ~Child()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

private:
    QProcess m_process;
};

} // namespace

class tst_Nat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsNodesBehindPublishedPorts_data()
    {
        QTest::addColumn<int>("published"); // how many of the ports are given as seeds
        QTest::addColumn<bool>("samePorts"); // published under their own numbers
        QTest::newRow("each published port is a seed") << 6 << false;
        QTest::newRow("one seed, ports as announced") << 1 << true;
    }
    void findsNodesBehindPublishedPorts()
    {
        QFETCH(const int, published);
        QFETCH(const bool, samePorts);
        if (getuid() != 0)
            QSKIP("making a network namespace needs root here");
        const NetworkNamespace inner;
        if (!inner.isMade())
            QSKIP("this machine does not allow network namespaces");
        QTemporaryDir folder;
        std::vector<std::unique_ptr<Child>> children;
        QList<Endpoint> outer;
        for (int i = 0; i < 6; ++i) {
            const int port = 7801 + i, outside = samePorts ? port : 27801 + i;
            const QString dir = folder.filePath(QString::number(port));
            QVERIFY(QDir().mkpath(dir));
            children.push_back(std::make_unique<Child>(u"ip"_s,
                                                       QStringList{u"netns"_s,
                                                                   u"exec"_s,
                                                                   inner.name(),
                                                                   u"redis-server"_s,
                                                                   u"--port"_s,
                                                                   QString::number(port),
                                                                   u"--bind"_s,
                                                                   inner.address(),
                                                                   u"127.0.0.1"_s,
                                                                   u"--protected-mode"_s,
                                                                   u"no"_s,
                                                                   u"--dir"_s,
                                                                   dir,
                                                                   u"--save"_s,
                                                                   u""_s,
                                                                   u"--cluster-enabled"_s,
                                                                   u"yes"_s,
                                                                   u"--cluster-node-timeout"_s,
                                                                   u"2000"_s,
                                                                   u"--cluster-announce-ip"_s,
                                                                   inner.address(),
                                                                   u"--requirepass"_s,
                                                                   u"pw"_s,
                                                                   u"--masterauth"_s,
                                                                   u"pw"_s,
                                                                   u"--repl-diskless-sync-delay"_s,
                                                                   u"0"_s}));
            // a port of this host, forwarded into the namespace: what "docker -p" does
            const QString unixPath = folder.filePath(u"%1.sock"_s.arg(port));
            children.push_back(std::make_unique<Child>(u"ip"_s,
                                                       QStringList{u"netns"_s, u"exec"_s, inner.name(), u"socat"_s,
                                                                   u"UNIX-LISTEN:%1,fork"_s.arg(unixPath),
                                                                   u"TCP:%1:%2"_s.arg(inner.address()).arg(port)}));
            children.push_back(
                std::make_unique<Child>(u"socat"_s,
                                        QStringList{u"TCP-LISTEN:%1,bind=127.0.0.1,fork,reuseaddr"_s.arg(outside),
                                                    u"UNIX-CONNECT:%1"_s.arg(unixPath)}));
            outer.append({.host = u"127.0.0.1"_s, .port = quint16(outside), .socketPath = {}});
        }
        const auto formed = formInside(inner, folder);
        QVERIFY2(formed, qPrintable(m_why));

        ConnectionTarget target;
        target.seeds = outer.mid(0, published);
        target.credentials.password = u"pw"_s; // sent to the guessed ports once these have answered like Redis
        ClusterSession session(target);
        session.start();
        QVERIFY(waitForView(
            session, [](const ClusterView &view) { return view.nodes.size() == 6 && view.observers == 6; }, 20000));
        for (const NodeState &node : session.view()->nodes) {
            QCOMPARE(node.address.host, inner.address()); // what they announce …
            QVERIFY(node.reach.address.startsWith(u"127.0.0.1:"_s)); // … and where we reach them
        }
        const auto written = QCoro::waitFor(session.execute(commandOf("SET", "through:the:wall", "1")));
        QVERIFY2(written, written ? "" : qPrintable(describe(written.error())));
    }

private:
    /// redis-cli inside the namespace forms the cluster: its own nodes know no other addresses.
    bool formInside(const NetworkNamespace &inner, const QTemporaryDir &)
    {
        QStringList create{u"redis-cli"_s, u"--no-auth-warning"_s, u"-a"_s, u"pw"_s, u"--cluster"_s, u"create"_s};
        for (int i = 0; i < 6; ++i)
            create << inner.address() + u':' + QString::number(7801 + i);
        create << u"--cluster-replicas"_s << u"1"_s << u"--cluster-yes"_s;
        for (int port = 7801; port < 7807; ++port) {
            const QStringList ping{
                u"redis-cli"_s, u"--no-auth-warning"_s, u"-a"_s,  u"pw"_s, u"-e"_s, u"-h"_s, inner.address(),
                u"-p"_s,        QString::number(port),  u"ping"_s};
            if (!QTest::qWaitFor([&] { return inner.inside(ping); }, 10000)) {
                m_why = u"the server for port %1 did not start"_s.arg(port);
                return false;
            }
        }
        m_why = u"redis-cli could not form the cluster"_s;
        return inner.inside(create);
    }
    QString m_why;
};

SLOTSCOPE_TEST(tst_Nat)
#include "tst_nat.moc"
