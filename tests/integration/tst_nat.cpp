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

/// A network namespace connected by a pair of virtual interfaces with the addresses 10.213.N.2 (inside) and 10.213.N.1
/// (outside). Both are removed at the end.
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
        // The outer interface stays down and has no address, so that the announced addresses cannot be reached, as from
        // a desktop outside a container network.
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

/// A child process that ends with the test, even if the test is killed.
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
        QTest::addColumn<int>("published"); // number of published ports that are given as seeds
        QTest::addColumn<bool>("samePorts"); // true: each port is published under the same number
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
            // Forwards a port of this host into the namespace, as "docker -p" does.
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
        // the session sends the password to a guessed address only after that has answered like a Redis server
        target.credentials.password = u"pw"_s;
        ClusterSession session(target);
        session.start();
        QVERIFY(waitForView(
            session, [](const ClusterView &view) { return view.nodes.size() == 6 && view.observers == 6; }, 20000));
        for (const NodeState &node : session.view()->nodes) {
            QCOMPARE(node.address.host, inner.address()); // the announced address of the node
            // the address at which the session reaches the node
            QVERIFY(node.reach.address.startsWith(u"127.0.0.1:"_s));
        }
        const auto written = QCoro::waitFor(session.execute(commandOf("SET", "through:the:wall", "1")));
        QVERIFY2(written, written ? "" : qPrintable(describe(written.error())));
    }

private:
    /// Forms the cluster with redis-cli inside the namespace, so the nodes only know each other's inner addresses.
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
