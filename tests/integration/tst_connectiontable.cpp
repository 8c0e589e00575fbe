// SPDX-License-Identifier: GPL-3.0-or-later
// Who is let in and who is refused, cell by cell: certificates before each kind of server, ways of SSH, operations over
// TLS and SSH. scripts/try-connections.sh makes a table of the lines “CELL …” that this prints.
#include "core/base/errortext.h"
#include "core/net/sshaskpass.h"
#include "core/session/connectiontest.h"
#include "core/session/corethread.h"
#include "support/certificates.h"
#include "support/operating.h"
#include "support/sentinels.h"
#include "support/sshserver.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QSslCertificate>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int busAbove = 10000; // distance of the bus port from the port, the default of servers without TLS

/// Prints one cell of the connection table for the calling script. `text` is the message that the user sees, or the
/// time taken.
void printCell(const QString &group, const QString &row, const QString &column, const QString &verdict,
               const QString &text)
{
    const QString line =
        QStringList{u"CELL"_s, group, row, column, verdict, QString(text).replace(u'\n', u' ')}.join(u'\t');
    std::fprintf(stdout, "%s\n", qUtf8Printable(line));
    std::fflush(stdout);
}

void printCell(const QString &group, const QString &row, const QString &column, bool right, const QString &text)
{
    printCell(group, row, column, right ? u"ok"_s : u"wrong"_s, text);
}

/// A test certificate, how the client decides to trust it, and the expected error message (empty: the client accepts
/// it).
struct Shown
{
    int issuer = 0; ///< 0: our test authority, 1: another authority, 2: self-signed
    CertificateWish wish;
    QByteArray trust = "ca"; ///< how the server is verified: "ca", "pin", "name" or "crl"
    QString complaint;
};

} // namespace

class tst_ConnectionTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SKIP_WITHOUT_SERVER;
        m_authority = std::make_unique<TestAuthority>(m_folder.path(), "TestCA");
        m_other = std::make_unique<TestAuthority>(m_folder.path(), "OtherCA");
        qputenv("OPENSSL_CONF", laxOpenSsl()); // otherwise the servers themselves would refuse a short key
        QVERIFY(makeKey(path(u"id")));
    }
    void cleanup()
    {
        m_sentinels.reset();
        m_cluster.reset();
        setSshAsker({});
        qunsetenv("SLOTSCOPE_SSH_CONFIG");
    }

    void tls_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QByteArray>("kind");
        for (const char *row : {"good", "pinned", "server name", "wrong name", "expired", "not yet valid",
                                "unknown authority", "self-signed", "withdrawn", "for clients only", "short key"})
            for (const char *kind : {"standalone", "cluster", "sentinel"})
                QTest::addRow("%s, %s", row, kind) << QByteArray(row) << QByteArray(kind);
    }
    void tls()
    {
        QFETCH(const QByteArray, row);
        QFETCH(const QByteArray, kind);
        const Shown shown = shownFor(row);
        const QByteArray name = QByteArray(QTest::currentDataTag()).replace(' ', '-').replace(',', '-');
        const IssuedCertificate files = shown.issuer == 2
            ? m_authority->selfSigned(name, shown.wish)
            : (shown.issuer == 1 ? *m_other : *m_authority).issue(name, shown.wish);
        const ConnectionTarget target = serve(files, shown, kind);
        QVERIFY2(!target.seeds.isEmpty(),
                 qPrintable(m_cluster->failure() + (m_sentinels ? QString::fromUtf8(m_sentinels->log()) : QString())));
        QElapsedTimer clock;
        clock.start();
        CoreThread thread;
        const ConnectionReport report = testConnection(thread, target, 5000).result();
        const qint64 took = clock.elapsed();
        bool right = report.usable == shown.complaint.isEmpty() && !report.seeds.isEmpty();
        QString said = u"%1 ms"_s.arg(took);
        for (const ConnectionReport::Seed &seed : report.seeds) {
            if (seed.outcome)
                continue;
            said = seed.outcome.error().detail.section(u". The certificate is"_s, 0, 0);
            right = right && seed.outcome.error().code == Error::Code::Certificate && !shown.complaint.isEmpty()
                && said.startsWith(shown.complaint);
        }
        printCell(u"TLS"_s, QString::fromLatin1(row), QString::fromLatin1(kind), right, said);
        QVERIFY2(right, qPrintable(said));
    }

    void ssh_data()
    {
        QTest::addColumn<QByteArray>("way");
        for (const char *way : {"key", "password", "agent", "jump host", "changed host key"})
            QTest::newRow(way) << QByteArray(way);
    }
    void ssh()
    {
        QFETCH(const QByteArray, way);
        QVERIFY2(!sshd().isEmpty(), "openssh-server is not installed");
        m_cluster = std::make_unique<TestCluster>(LocalClusterOptions{.primaries = 3, .replicasPerPrimary = 0});
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        SshServer server(m_folder.path(), u"server"_s), jump(m_folder.path(), u"jump"_s);
        QProcess agent;
        const auto end = qScopeGuard([&agent] {
            agent.kill();
            agent.waitForFinished();
        });
        if (way == "password" && !prepareOwnShadow(server)) {
            printCell(u"SSH"_s, u"password"_s, u"cluster"_s, u"not tried"_s, u"needs root and unshare"_s);
            QSKIP("needs root, for a shadow file of sshd's own");
        }
        QVERIFY(server.start(way == "password" ? "PasswordAuthentication yes\nPubkeyAuthentication no\n" : ""));
        QFile::remove(path(u"known_hosts"));
        QByteArray settings = "IdentityAgent none\nIdentityFile " + path(u"id").toUtf8() + '\n';
        if (way == "agent") {
            QVERIFY(startAgent(agent));
            settings = "IdentityAgent " + path(u"agent").toUtf8() + "\nIdentityFile none\n";
        }
        writeSshConfig(settings);
        ConnectionTarget target = m_cluster->target({0});
        QString hops = server.place();
        if (way == "jump host") {
            QVERIFY(jump.start());
            hops.prepend(jump.place() + u',');
        }
        target.way = Way::ssh(hops).value();
        setSshAsker(
            [](const SshQuestion &question, const SshAnswer &reply) {
                reply(question.kind == SshQuestion::Kind::HostKey ? u"yes"_s : u"pass-Quitte-7"_s);
            },
            qEnvironmentVariable("SLOTSCOPE_CLI"));
        if (way == "changed host key") {
            QVERIFY(connectTo(target));
            server.stop();
            QFile::remove(server.hostKey());
            QFile::remove(server.hostKey() + u".pub"_s);
            QVERIFY(server.start());
        }
        QElapsedTimer clock;
        clock.start();
        ClusterSession session(target, {.pollMs = 0});
        session.start();
        const auto view = QCoro::waitFor(session.connected(20000));
        const qint64 took = clock.elapsed();
        const bool refuses = way == "changed host key";
        const bool right = refuses ? !view && view.error().code == Error::Code::TunnelRefused
                                   : view && (*view)->nodes.size() == 3 && (*view)->observers == 3;
        const QString said = view ? u"%1 ms"_s.arg(took) : describe(view.error());
        printCell(u"SSH"_s, QString::fromLatin1(way), u"cluster"_s, right, said);
        QVERIFY2(right, qPrintable(said));
    }

    void operations_data()
    {
        QTest::addColumn<bool>("throughSsh");
        QTest::newRow("TLS") << false;
        QTest::newRow("TLS through SSH") << true;
    }
    /// Operations on a cluster that uses only TLS, also between its nodes.
    void operations()
    {
        QFETCH(const bool, throughSsh);
        LocalClusterOptions options = serving(m_authority->issue("operations", {.names = "IP:127.0.0.1"}));
        options.replicasPerPrimary = 1;
        options.extraArguments << u"--tls-cluster"_s << u"yes"_s << u"--tls-replication"_s << u"yes"_s;
        options.tls.insecure = false;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(1)));
        ConnectionTarget target = m_cluster->target({0});
        target.tls = options.tls;
        SshServer server(m_folder.path(), u"server"_s);
        if (throughSsh) {
            QVERIFY(server.start());
            QFile::remove(path(u"known_hosts"));
            writeSshConfig("IdentityAgent none\nIdentityFile " + path(u"id").toUtf8() + '\n');
            target.way = Way::ssh(server.place()).value();
        }
        Operator user(target);
        QVERIFY2(user.connect(), qPrintable(user.failure()));
        QVERIFY(user.look());
        ReshardRequest reshard;
        reshard.sources = {user.idAt(m_cluster->address(0))};
        reshard.target = user.idAt(m_cluster->address(1));
        reshard.count = 200;
        QTemporaryDir backup;
        const QString column = throughSsh ? u"TLS through SSH"_s : u"TLS"_s;
        bool all = finished(u"reshard"_s, column, [&] { return user.run(reshard); });
        all = finished(u"failover"_s, column,
                       [&] { return user.run(FailoverRequest{.replicaId = user.idAt(m_cluster->address(4))}); })
            && all;
        all = finished(u"backup"_s, column, [&] { return user.run(BackupRequest{.folder = backup.path()}); }) && all;
        QVERIFY(all);
        QCOMPARE(QDir(backup.path()).entryList({u"*.rdb"_s}, QDir::Files).size(), 3);
    }

private:
    [[nodiscard]] QString path(QStringView name) const { return m_folder.filePath(name.toString()); }
    static Shown shownFor(const QByteArray &row)
    {
        Shown shown{.wish = {.names = "IP:127.0.0.1"}};
        if (row == "pinned")
            shown = {.issuer = 2, .wish = {.names = "DNS:elsewhere"}, .trust = "pin"};
        else if (row == "server name")
            shown = {.wish = {.names = "DNS:redis.example"}, .trust = "name"};
        else if (row == "wrong name")
            shown = {.wish = {.names = "DNS:redis.example"}, .complaint = u"it was not issued for “127.0.0.1”"_s};
        else if (row == "expired")
            shown = {.wish = {.names = "IP:127.0.0.1", .fromDays = -30, .untilDays = -2}, .complaint = u"it expired"_s};
        else if (row == "not yet valid")
            shown = {.wish = {.names = "IP:127.0.0.1", .fromDays = 2}, .complaint = u"it is not valid before"_s};
        else if (row == "unknown authority")
            shown = {.issuer = 1, .wish = {.names = "IP:127.0.0.1"}, .complaint = u"its issuer is not trusted"_s};
        else if (row == "self-signed")
            shown = {.issuer = 2, .wish = {.names = "IP:127.0.0.1"}, .complaint = u"it is self-signed"_s};
        else if (row == "withdrawn")
            shown = {.wish = {.names = "IP:127.0.0.1"}, .trust = "crl", .complaint = u"its issuer revoked it"_s};
        else if (row == "for clients only")
            shown = {.wish = {.names = "IP:127.0.0.1", .usage = "clientAuth"},
                     .complaint = u"it is not meant for servers"_s};
        else if (row == "short key")
            shown = {.wish = {.names = "IP:127.0.0.1", .rsaBits = 1024}, .complaint = u"its key is too short"_s};
        return shown;
    }
    [[nodiscard]] LocalClusterOptions serving(const IssuedCertificate &files) const
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().constFirst().second;
        options.tls = {.on = true, .caFile = m_authority->caFile(), .insecure = true};
        options.extraArguments = {
            u"--tls-cert-file"_s,    files.certFile,        u"--tls-key-file"_s,     files.keyFile,
            u"--tls-ca-cert-file"_s, m_authority->caFile(), u"--tls-auth-clients"_s, u"no"_s};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        return options;
    }
    /// Starts servers with this certificate and returns the target to connect to them. If they do not start, the target
    /// has no seeds.
    [[nodiscard]] ConnectionTarget serve(const IssuedCertificate &files, const Shown &shown, const QByteArray &kind)
    {
        LocalClusterOptions options = serving(files);
        options.primaries = kind == "cluster" ? 3 : 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = kind == "cluster";
        if (kind == "cluster") // the cluster bus uses no TLS here, so the nodes do not verify each other's certificates
            options.argumentsAt = [tlsAlone = options.argumentsAt](quint16 port) {
                return tlsAlone(port) + QStringList{u"--cluster-port"_s, QString::number(port + busAbove)};
            };
        m_cluster = std::make_unique<TestCluster>(options);
        if (!m_cluster->start())
            return {};
        ConnectionTarget target = m_cluster->target(kind == "cluster" ? QList<int>{0, 1, 2} : QList<int>{0});
        if (kind == "sentinel") {
            m_sentinels = std::make_unique<Sentinels>(options.serverPath, *Endpoint::parse(m_cluster->address(0)));
            // This `port 0` overrides the port that start() writes before, so the Sentinel accepts TLS only.
            if (!m_sentinels->start(1,
                                    "tls-cert-file " + files.certFile.toUtf8() + "\ntls-key-file "
                                        + files.keyFile.toUtf8() + "\ntls-ca-cert-file "
                                        + m_authority->caFile().toUtf8()
                                        + "\ntls-auth-clients no\ntls-replication yes\n",
                                    "port 0\ntls-port {port}"))
                return {};
            target = m_sentinels->target({0});
        }
        target.tls = {.on = true, .caFile = m_authority->caFile()};
        if (shown.trust == "pin")
            target.tls.pin = certificateFacts(QSslCertificate::fromPath(files.certFile).constFirst().toDer()).sha256;
        if (shown.trust == "name")
            target.tls.serverName = u"redis.example"_s;
        if (shown.trust == "crl")
            target.tls.crlFile = m_authority->revoke({files.certFile});
        return target;
    }
    static bool finished(const QString &row, const QString &column, const std::function<RunSnapshotPtr()> &run)
    {
        QElapsedTimer clock;
        clock.start();
        const RunSnapshotPtr done = run();
        const bool right = done && done->state == RunState::Done;
        printCell(u"Operations"_s, row, column, right,
                  right                     ? u"%1 ms"_s.arg(clock.elapsed())
                      : done && done->error ? describe(*done->error)
                                            : u"no plan"_s);
        return right;
    }
    /// Writes an OpenSSL configuration that accepts weak keys and returns its path.
    [[nodiscard]] QByteArray laxOpenSsl() const
    {
        QFile file(m_folder.filePath(u"openssl.cnf"_s));
        if (file.open(QIODevice::WriteOnly))
            file.write("openssl_conf = d\n[d]\nssl_conf = s\n[s]\nsystem_default = x\n[x]\nCipherString = "
                       "DEFAULT:@SECLEVEL=0\n");
        return QFile::encodeName(file.fileName());
    }
    void writeSshConfig(const QByteArray &settings) const
    {
        QFile file(path(u"ssh_config"));
        if (file.open(QIODevice::WriteOnly))
            file.write("Host *\nStrictHostKeyChecking accept-new\nUserKnownHostsFile " + path(u"known_hosts").toUtf8()
                       + "\nGlobalKnownHostsFile none\n" + settings);
        qputenv("SLOTSCOPE_SSH_CONFIG", path(u"ssh_config").toLocal8Bit());
    }
    /// Runs sshd with a private copy of the shadow file that contains a known password. The system's file is not
    /// changed.
    [[nodiscard]] bool prepareOwnShadow(SshServer &server) const
    {
        if (::getuid() != 0)
            return false;
        QProcess hashed;
        hashed.start(u"openssl"_s, {u"passwd"_s, u"-6"_s, u"pass-Quitte-7"_s});
        QFile file(path(u"shadow"));
        if (!hashed.waitForFinished() || !file.open(QIODevice::WriteOnly))
            return false;
        file.write(SshServer::user().toUtf8() + ':' + hashed.readAll().trimmed() + ":19000:0:99999:7:::\n");
        file.close();
        const QString bind = u"mount --bind '%1' /etc/shadow"_s.arg(path(u"shadow"));
        if (QProcess::execute(u"unshare"_s, {u"-m"_s, u"sh"_s, u"-c"_s, bind}) != 0)
            return false;
        server.setWrapper({u"unshare"_s, u"-m"_s, u"sh"_s, u"-c"_s, bind + u" && exec \"$0\" \"$@\""_s});
        return true;
    }
    [[nodiscard]] bool startAgent(QProcess &agent) const
    {
        QFile::remove(path(u"agent"));
        agent.start(u"ssh-agent"_s, {u"-D"_s, u"-a"_s, path(u"agent")});
        const auto isThere = [this] { return QFile::exists(path(u"agent")); };
        if (!agent.waitForStarted() || !QTest::qWaitFor(isThere, 10000))
            return false;
        QProcess add;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SSH_AUTH_SOCK"_s, path(u"agent"));
        add.setProcessEnvironment(environment);
        add.start(u"ssh-add"_s, {u"-q"_s, path(u"id")});
        return add.waitForFinished() && add.exitCode() == 0;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestAuthority> m_authority, m_other;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Sentinels> m_sentinels;
};

SLOTSCOPE_TEST(tst_ConnectionTable)
#include "tst_connectiontable.moc"
