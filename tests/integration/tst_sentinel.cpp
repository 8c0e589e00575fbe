// SPDX-License-Identifier: GPL-3.0-or-later
// Connections that go through real Sentinels: who the primary is, a switch of it, and what is refused.
#include "core/session/connectiontest.h"
#include "core/session/corethread.h"
#include "core/session/sentinelfailover.h"
#include "support/certificates.h"
#include "support/operating.h"
#include "support/sentinels.h"
#include "tests/support/testmain.h"

#include "core/base/errortext.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Returns the view's only primary, or null if the view has none or several.
const NodeState *primaryOf(const ClusterView &view)
{
    const NodeState *found = nullptr;
    for (const NodeState &node : view.nodes)
        if (node.primary && std::exchange(found, &node))
            return nullptr;
    return found;
}

QByteArray answerOf(ClusterSession &session, const Command &command)
{
    const auto reply = QCoro::waitFor(session.execute(command, UserConsent::Given));
    return reply ? reply->bytes() : describe(reply.error()).toUtf8();
}

struct Said
{
    int code = -1;
    QByteArray out, err;
};

Said runCli(const ConnectionTarget &target, const QStringList &words)
{
    QProcess process;
    process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), QStringList{u"--uri"_s, target.toUri(true)} + words);
    if (!process.waitForFinished(60000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class tst_Sentinel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { SKIP_WITHOUT_SERVER; }
    void init() { begin({}, {}); }
    void cleanup()
    {
        m_session.reset();
        m_sentinels.reset();
        m_servers.reset();
    }

    void oneNamedFindsAll()
    {
        open(m_sentinels->target({0}));
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) {
            return view.sentinels && view.sentinels->sentinels.size() == 3 && view.nodes.size() == 3;
        }));
        const ClusterViewPtr view = m_session->view();
        QVERIFY(!view->cluster);
        const NodeState *primary = primaryOf(*view);
        QVERIFY(primary);
        QCOMPARE(primary->name, m_servers->address(0));
        QCOMPARE(view->shards.size(), size_t(1));
        QCOMPARE(view->shards[0].replicas.size(), 2);
        QCOMPARE(answerOf(*m_session, {"SET"_ba, "k"_ba, "1"_ba}), "OK"_ba);
        const Said list = runCli(m_sentinels->target({1}), {u"sentinel"_s, u"--json"_s});
        QVERIFY2(list.out.contains("\"sentinels\""), list.err.constData());
        QCOMPARE(list.code, 0);
    }

    /// After the primary dies, writes go to the server that the Sentinels promote, and never to the old primary when
    /// that returns.
    void aSwitchIsFollowed()
    {
        open(m_sentinels->target({0, 1, 2}));
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
        QCOMPARE(answerOf(*m_session, {"SET"_ba, "before"_ba, "1"_ba}), "OK"_ba);
        const QString old = m_servers->address(0);
        (*m_servers)->killNode(0);
        QVERIFY(waitForView(
            *m_session,
            [&old](const ClusterView &view) {
                const NodeState *now = primaryOf(view);
                return now && now->name != old && now->currentInfo() && now->currentInfo()->role == "master";
            },
            30000));
        QCOMPARE(answerOf(*m_session, {"SET"_ba, "after"_ba, "2"_ba}), "OK"_ba);
        // The old server returns as a primary for a while. The view only ever calls the server primary that the
        // Sentinels name.
        bool isAlwaysTheirs = true;
        connect(m_session.get(), &ClusterSession::viewChanged, this, [&](const ClusterViewPtr &view) {
            const NodeState *now = primaryOf(*view);
            isAlwaysTheirs = isAlwaysTheirs && (!now || now->name == view->sentinels->primaryAddress());
        });
        QVERIFY(QCoro::waitFor((*m_servers)->restartNode(0)));
        QVERIFY(waitForView(
            *m_session,
            [&old](const ClusterView &view) {
                const NodeState *back = nodeNamed(view, old);
                const QString named = view.sentinels->primaryAddress();
                return primaryOf(view) && back && back->currentInfo() && view.nodes.size() == 3
                    && back->currentInfo()->role == (named == old ? "master" : "slave");
            },
            60000));
        m_session->disconnect(this);
        QVERIFY(isAlwaysTheirs);
        const QByteArray after = answerOf(*m_session, {"GET"_ba, "after"_ba});
        QVERIFY2(after == "2", after.constData());
    }

    /// A server that calls itself a primary, but is not named by the Sentinels, is shown and gets no writes.
    void aSecondPrimaryIsNotBelieved()
    {
        open(m_sentinels->target({0, 1, 2}));
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
        for (int i = 0; i < 3; ++i)
            m_sentinels->kill(i); // without Sentinels nobody turns the server into a replica again
        QVERIFY(m_servers->run(2, {"REPLICAOF"_ba, "NO"_ba, "ONE"_ba}));
        QVERIFY(waitForView(*m_session, [this](const ClusterView &view) {
            const NodeState *second = nodeNamed(view, m_servers->address(2));
            return second && second->currentInfo() && second->currentInfo()->role == "master" && !second->primary
                && hasFinding(view, Finding::Kind::NoSentinelsPrimary);
        }));
        QVERIFY(primaryOf(*m_session->view()));
        // the primary that the Sentinels named last
        QCOMPARE(primaryOf(*m_session->view())->name, m_servers->address(0));
        for (int i = 0; i < 20; ++i)
            QCOMPARE(answerOf(*m_session, {"SET"_ba, "n:" + QByteArray::number(i), "1"_ba}), "OK"_ba);
        const auto keys = m_servers->run(2, {"DBSIZE"_ba});
        QVERIFY(keys);
        QCOMPARE(keys->toInteger(), qint64(0));
    }

    void anOrderedFailover()
    {
        open(m_sentinels->target({0}));
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) {
            return view.nodes.size() == 3 && view.sentinels->sentinels.size() == 3
                && std::all_of(view.nodes.begin(), view.nodes.end(), [](const NodeState &node) {
                       return node.primary || (node.info && node.info->primaryLinkUp.value_or(false));
                   });
        }));
        const auto refused = QCoro::waitFor(failOverBySentinels(*m_session, UserConsent::None));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::Code::NeedsConsent);
        const auto done = QCoro::waitFor(failOverBySentinels(*m_session, UserConsent::Given));
        QVERIFY2(done, done ? "" : qPrintable(describe(done.error())));
        QCOMPARE(done->before, m_servers->address(0));
        QVERIFY(done->after != done->before);
        QCOMPARE(answerOf(*m_session, {"SET"_ba, "k"_ba, "1"_ba}), "OK"_ba);
        ConnectionTarget looking = m_sentinels->target({0});
        looking.readOnly = true;
        const Said said = runCli(looking, {u"sentinel"_s, u"failover"_s, u"--yes"_s});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains("another server the primary"), said.err.constData());
    }

    void whatASentinelDoesNotKnow()
    {
        ConnectionTarget target = m_sentinels->target({0});
        target.sentinel.primaryName = u"other"_s;
        Said said = runCli(target, {u"topology"_s});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains("No such master"), said.err.constData());
        ConnectionTarget server = target;
        server.seeds = {*Endpoint::parse(m_servers->address(0))};
        said = runCli(server, {u"topology"_s});
        QVERIFY2(said.err.contains("a server answers at this address, not a Sentinel"), said.err.constData());
        // The opposite mistake: a Sentinel's address is entered as a server's.
        ConnectionTarget plain = target;
        plain.sentinel = {};
        said = runCli(plain, {u"topology"_s});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains("A Sentinel answers at this address")
                     && said.err.contains("the Sentinel watches shop"),
                 said.err.constData());
        plain.seeds.append(*Endpoint::parse(m_servers->address(0)));
        said = runCli(plain, {u"call"_s, u"PING"_s});
        QCOMPARE(said.out.trimmed(), "PONG"_ba);
    }

    /// Sentinels and servers have different passwords. The error says which of the two is wrong.
    void passwordsAreNotMixedUp()
    {
        cleanup();
        begin("requirepass of-sentinels", "sentinel auth-pass shop of-servers",
              {u"--requirepass"_s, u"of-servers"_s, u"--masterauth"_s, u"of-servers"_s});
        ConnectionTarget target = m_sentinels->target({0});
        target.credentials.password = u"of-servers"_s;
        target.sentinel.credentials.password = u"of-sentinels"_s;
        Said said = runCli(target, {u"call"_s, u"PING"_s});
        QCOMPARE(said.out.trimmed(), "PONG"_ba);
        std::swap(target.credentials, target.sentinel.credentials);
        said = runCli(target, {u"call"_s, u"PING"_s});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains("password of the Sentinels is wrong"), said.err.constData());
        QVERIFY2(said.err.contains(m_sentinels->address(0).toUtf8()), said.err.constData());
        target.sentinel.credentials.password = u"of-sentinels"_s;
        said = runCli(target, {u"call"_s, u"PING"_s});
        QCOMPARE(said.code, 1);
        // the error names the server that refused the password
        QVERIFY2(said.err.contains(m_servers->address(0).toUtf8()), said.err.constData());
        QVERIFY2(!said.err.contains("of-servers") && !said.err.contains("of-sentinels"), said.err.constData());
    }

    /// If a password is given for Sentinels that need none, the session connects to them without it.
    void aNeedlessPassword_data()
    {
        QTest::addColumn<QString>("user");
        QTest::newRow("password alone") << QString();
        QTest::newRow("with a user that they do not know") << u"watcher"_s;
    }
    void aNeedlessPassword()
    {
        QFETCH(QString, user);
        ConnectionTarget target = m_sentinels->target({0, 1});
        target.sentinel.credentials = {.user = user, .password = u"needless"_s};
        open(target);
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) {
            return view.nodes.size() == 3 && view.sentinels->leading()
                && !hasFinding(view, Finding::Kind::SentinelUnreachable);
        }));
        if (!user.isEmpty())
            QVERIFY(m_session->view()->sentinels->leading()->needsNoPassword);
        QCOMPARE(answerOf(*m_session, {"PING"_ba}), "PONG"_ba);
    }

    void deadSentinelsAreNamed()
    {
        open(m_sentinels->target({0, 1, 2}));
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
        m_sentinels->kill(1);
        m_sentinels->kill(2);
        QVERIFY(waitForView(
            *m_session,
            [this](const ClusterView &view) {
                QStringList dead;
                for (const Finding &finding : view.findings)
                    if (finding.kind == Finding::Kind::SentinelUnreachable)
                        dead << finding.title;
                return dead.size() == 2 && dead.join(u' ').contains(m_sentinels->address(1))
                    && hasFinding(view, Finding::Kind::SentinelQuorum);
            },
            30000));
        QVERIFY(m_sentinels->run(1));
        QVERIFY(waitForView(
            *m_session, [](const ClusterView &view) { return !hasFinding(view, Finding::Kind::SentinelQuorum); },
            60000));
    }

    void theTestOfAConnection()
    {
        CoreThread thread;
        QFuture<ConnectionReport> future = testConnection(thread, m_sentinels->target({0}), 3000);
        QTRY_VERIFY(future.isFinished());
        const ConnectionReport report = future.result();
        QVERIFY(report.usable);
        QVERIFY(report.seeds.size() >= 2);
        QVERIFY(report.seeds.constFirst().outcome);
        QVERIFY(report.seeds.constFirst().outcome->contains(m_servers->address(0)));
        QCOMPARE(report.seeds.constLast().endpoint.toString(), m_servers->address(0));
        ConnectionTarget plain = m_sentinels->target({0});
        plain.sentinel = {};
        future = testConnection(thread, plain, 3000);
        QTRY_VERIFY(future.isFinished());
        const ConnectionReport strange = future.result();
        QVERIFY(!strange.usable);
        QCOMPARE(strange.seeds.constFirst().outcome.error().code, Error::Code::IsSentinel);
    }

    /// TLS to Sentinels and servers, all of whose certificates are verified. A Sentinel with a certificate of another
    /// authority is refused.
    void withTls()
    {
        cleanup();
        TestAuthority authority(m_home.path(), "SentinelCA"), stranger(m_home.path(), "OtherCA");
        const IssuedCertificate shown = authority.issue("node", {.names = "IP:127.0.0.1"});
        const QByteArray files = "tls-cert-file " + shown.certFile.toUtf8() + "\ntls-key-file " + shown.keyFile.toUtf8()
            + "\ntls-ca-cert-file " + authority.caFile().toUtf8() + "\ntls-auth-clients no\n";
        LocalClusterOptions options = tree();
        options.tls = {.on = true, .caFile = authority.caFile()};
        options.extraArguments = {u"--tls-cert-file"_s,    shown.certFile,
                                  u"--tls-key-file"_s,     shown.keyFile,
                                  u"--tls-ca-cert-file"_s, authority.caFile(),
                                  u"--tls-auth-clients"_s, u"no"_s,
                                  u"--tls-replication"_s,  u"yes"_s};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        m_servers = std::make_unique<TestCluster>(options);
        QVERIFY2(m_servers->start(), qPrintable(m_servers->failure()));
        m_sentinels = std::make_unique<Sentinels>(server(), *Endpoint::parse(m_servers->address(0)));
        QVERIFY2(m_sentinels->start(1, files + "tls-replication yes\n"), m_sentinels->log().constData());
        ConnectionTarget target = m_sentinels->target({0}); // without TLS to the Sentinel, with TLS to the servers
        target.tls = options.tls;
        target.sentinel.tls.emplace();
        open(target);
        QVERIFY(waitForView(*m_session, [](const ClusterView &view) { return view.nodes.size() == 3; }));
        QCOMPARE(answerOf(*m_session, {"PING"_ba}), "PONG"_ba);
        m_session.reset();
        target.tls.caFile = stranger.caFile();
        const Said said = runCli(target, {u"call"_s, u"PING"_s});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains(m_servers->address(0).toUtf8()), said.err.constData());
    }

private:
    static QString server() { return serversFound().constFirst().second; }
    static LocalClusterOptions tree()
    {
        LocalClusterOptions options;
        options.serverPath = server();
        options.primaries = 1;
        options.replicasPerPrimary = 2;
        options.clusterMode = false;
        return options;
    }
    static const NodeState *nodeNamed(const ClusterView &view, const QString &name)
    {
        const auto found = std::find_if(view.nodes.begin(), view.nodes.end(),
                                        [&name](const NodeState &node) { return node.name == name; });
        return found == view.nodes.end() ? nullptr : &*found;
    }
    void begin(const QByteArray &ofSentinels, const QByteArray &ofPrimary, const QStringList &ofServers = {})
    {
        LocalClusterOptions options = tree();
        options.extraArguments = ofServers;
        if (!ofServers.isEmpty())
            options.credentials.password = ofServers[1];
        m_servers = std::make_unique<TestCluster>(options);
        QVERIFY2(m_servers->start(), qPrintable(m_servers->failure()));
        m_sentinels = std::make_unique<Sentinels>(server(), *Endpoint::parse(m_servers->address(0)));
        QVERIFY(m_sentinels->start(3, ofSentinels, ofPrimary));
    }
    void open(const ConnectionTarget &target)
    {
        m_session = std::make_unique<ClusterSession>(target);
        m_session->start();
        const auto view = QCoro::waitFor(m_session->connected(8000));
        QVERIFY2(view, view ? "" : qPrintable(describe(view.error())));
    }

    QTemporaryDir m_home;
    std::unique_ptr<TestCluster> m_servers;
    std::unique_ptr<Sentinels> m_sentinels;
    std::unique_ptr<ClusterSession> m_session;
};

SLOTSCOPE_TEST(tst_Sentinel)
#include "tst_sentinel.moc"
