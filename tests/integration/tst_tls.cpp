// SPDX-License-Identifier: GPL-3.0-or-later
// TLS against real servers: what is let in and what is refused, and operations on a cluster that speaks nothing else.
#include "core/net/nodelink.h"
#include "core/session/connectiontest.h"
#include "core/session/corethread.h"
#include "support/certificates.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

#include "core/base/errortext.h"

#include <QProcess>
#include <QScopeGuard>
#include <QSslCertificate>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Tls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SKIP_WITHOUT_SERVER;
        m_authority = std::make_unique<TestAuthority>(m_folder.path(), "Test CA");
        m_other = std::make_unique<TestAuthority>(m_folder.path(), "Other CA");
        m_good = m_authority->issue("good", {.names = "IP:127.0.0.1,DNS:redis.example"});
    }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
    }

    void certificates_data()
    {
        QTest::addColumn<int>("issuer"); // 0: our test authority, 1: another authority, 2: self-signed
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QByteArray>("trust"); // how the server is verified: "ca", "pin" or "name"
        QTest::addColumn<QString>("complaint");
        const CertificateWish good{.names = "IP:127.0.0.1"};
        CertificateWish wish = good;
        QTest::newRow("good") << 0 << good << "ca"_ba << QString();
        QTest::newRow("pinned") << 2 << CertificateWish{.names = "DNS:elsewhere"} << "pin"_ba << QString();
        wish.names = "DNS:redis.example";
        QTest::newRow("server name") << 0 << wish << "name"_ba << QString();
        QTest::newRow("wrong name") << 0 << wish << "ca"_ba << u"it was not issued for “127.0.0.1”"_s;
        wish = good;
        wish.fromDays = -30;
        wish.untilDays = -2;
        QTest::newRow("expired") << 0 << wish << "ca"_ba << u"it expired on"_s;
        wish = good;
        wish.fromDays = 2;
        QTest::newRow("not yet valid") << 0 << wish << "ca"_ba << u"it is not valid before"_s;
        QTest::newRow("unknown authority") << 1 << good << "ca"_ba << u"its issuer is not trusted"_s;
        QTest::newRow("self-signed") << 2 << good << "ca"_ba << u"it is self-signed"_s;
        QTest::newRow("withdrawn") << 0 << good << "crl"_ba << u"its issuer revoked it"_s;
        wish = good;
        wish.usage = "clientAuth";
        QTest::newRow("for clients only") << 0 << wish << "ca"_ba << u"it is not meant for servers"_s;
        wish = good;
        wish.rsaBits = 1024;
        QTest::newRow("short key") << 0 << wish << "ca"_ba << u"its key is too short"_s;
    }
    /// Each row starts a single server. If its certificate is wrong, the connection is refused with a message that says
    /// why, before the password is sent.
    void certificates()
    {
        QFETCH(const int, issuer);
        QFETCH(const CertificateWish, wish);
        QFETCH(const QByteArray, trust);
        QFETCH(const QString, complaint);
        const QByteArray name = QByteArray(QTest::currentDataTag()).replace(' ', '-');
        const IssuedCertificate shown = issuer == 2 ? m_authority->selfSigned(name, wish)
                                                    : (issuer == 1 ? *m_other : *m_authority).issue(name, wish);
        LocalClusterOptions options = serving(shown);
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        const QByteArray before = qgetenv("OPENSSL_CONF");
        qputenv("OPENSSL_CONF", laxOpenSsl()); // otherwise the server itself would refuse a short key
        const auto restore = qScopeGuard([&before] { qputenv("OPENSSL_CONF", before); });
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));

        TlsSettings tls{.on = true, .caFile = m_authority->caFile()};
        if (trust == "pin")
            tls.pin = certificateFacts(QSslCertificate::fromPath(shown.certFile).constFirst().toDer()).sha256;
        if (trust == "name")
            tls.serverName = u"redis.example"_s;
        if (trust == "crl")
            tls.crlFile = m_authority->revoke({shown.certFile});
        ConnectionTarget target = m_cluster->target({0});
        target.tls = tls;
        const ConnectionReport report = tested(target);
        QCOMPARE(report.usable, complaint.isEmpty());
        if (complaint.isEmpty())
            return;
        const Error error = report.seeds.constFirst().outcome.error();
        QVERIFY2(error.detail.startsWith(complaint), qPrintable(describe(error)));
        QCOMPARE(int(error.code), int(Error::Code::Certificate));
        // slotscope-cli prints the same message in one line that names the node
        const auto [code, said] = cli({u"--uri"_s, target.toUri(), u"topology"_s});
        QCOMPARE(code, 1);
        QVERIFY2(said.contains(complaint.toUtf8()) && said.contains(m_cluster->address(0).toUtf8()), said.constData());
    }

    void whatIsNoTlsIsSaid()
    {
        m_cluster = std::make_unique<TestCluster>(
            LocalClusterOptions{.primaries = 1, .replicasPerPrimary = 0, .clusterMode = false});
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        ConnectionTarget target = m_cluster->target({0});
        target.tls = {.on = true, .caFile = m_authority->caFile()};
        const Error error = tested(target, 1000).seeds.constFirst().outcome.error();
        // a timeout, because a frozen server cannot be told apart from one without TLS
        QCOMPARE(int(error.code), int(Error::Code::Timeout));
        QVERIFY2(error.detail.contains(u"the TLS handshake was not answered"_s), qPrintable(error.detail));
    }

    void aClientCertificateIsShownWhereOneIsAsked()
    {
        LocalClusterOptions options = serving(m_good);
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        const IssuedCertificate mine = m_authority->issue("client", {.names = {}, .passphrase = "open sesame"});
        // the cluster helper needs this certificate to see that the server is ready
        options.tls.certFile = m_good.certFile;
        options.tls.keyFile = m_good.keyFile;
        options.extraArguments << u"--tls-auth-clients"_s << u"yes"_s;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        ConnectionTarget target = m_cluster->target({0});
        target.tls = {.on = true, .caFile = m_authority->caFile()};
        const ConnectionReport without = tested(target);
        QVERIFY(!without.usable);
        const Error refused = without.seeds.constFirst().outcome.error();
        QVERIFY2(describe(refused).contains(u"client certificate"_s), qPrintable(describe(refused)));
        target.tls.certFile = mine.certFile;
        target.tls.keyFile = mine.keyFile;
        const Error locked = tested(target).seeds.constFirst().outcome.error();
        QVERIFY2(locked.detail.contains(u"no passphrase was given"_s), qPrintable(locked.detail));
        target.tls.keyPassphrase = u"open sesame"_s;
        const ConnectionReport with = tested(target);
        QVERIFY2(with.usable, with.usable ? "" : qPrintable(describe(with.seeds.constFirst().outcome.error())));
    }

    /// Reshard, failover and backup in a cluster that uses only TLS, also between its nodes.
    void operationsOnATlsCluster()
    {
        LocalClusterOptions options = serving(m_good);
        options.primaries = 3;
        options.replicasPerPrimary = 1;
        options.extraArguments << u"--tls-cluster"_s << u"yes"_s << u"--tls-replication"_s << u"yes"_s;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(1)));
        ConnectionTarget target = m_cluster->target({0});
        target.tls = options.tls;
        m_operator = std::make_unique<Operator>(target);
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
        const ClusterViewPtr view = m_operator->look();
        QCOMPARE(view->nodes.size(), size_t(6));
        for (const NodeState &node : view->nodes)
            QVERIFY2(node.info, node.id.constData()); // each node answered over TLS

        ReshardRequest reshard;
        reshard.sources = {m_operator->idAt(m_cluster->address(0))};
        reshard.target = m_operator->idAt(m_cluster->address(1));
        reshard.count = 200;
        VERIFY_DONE(m_operator->run(reshard));
        VERIFY_DONE(m_operator->run(FailoverRequest{.replicaId = m_operator->idAt(m_cluster->address(4))}));
        QTemporaryDir backup;
        VERIFY_DONE(m_operator->run(BackupRequest{.folder = backup.path()}));
        QCOMPARE(QDir(backup.path()).entryList({u"*.rdb"_s}, QDir::Files).size(), 3);
    }

private:
    /// Options of a server that accepts TLS only. The test connects to it without verifying the certificate.
    [[nodiscard]] LocalClusterOptions serving(const IssuedCertificate &shown) const
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().constFirst().second;
        options.tls = {.on = true, .caFile = m_authority->caFile(), .insecure = true};
        options.extraArguments = {
            u"--tls-cert-file"_s,    shown.certFile,        u"--tls-key-file"_s,     shown.keyFile,
            u"--tls-ca-cert-file"_s, m_authority->caFile(), u"--tls-auth-clients"_s, u"no"_s};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        return options;
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
    [[nodiscard]] ConnectionReport tested(const ConnectionTarget &target, int timeoutMs = 5000)
    {
        CoreThread thread;
        return testConnection(thread, target, timeoutMs).result();
    }
    [[nodiscard]] static std::pair<int, QByteArray> cli(const QStringList &words)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(qEnvironmentVariable("SLOTSCOPE_CLI"), words);
        if (!process.waitForFinished(30000))
            return {-1, process.errorString().toUtf8()};
        return {process.exitCode(), process.readAll()};
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestAuthority> m_authority, m_other;
    IssuedCertificate m_good;
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_Tls)
#include "tst_tls.moc"
