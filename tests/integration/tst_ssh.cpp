// SPDX-License-Identifier: GPL-3.0-or-later
// Clusters behind a real sshd: everything goes through one tunnel, and what goes wrong there is said in its own words.
#include "core/net/sshaskpass.h"
#include "core/net/sshtunnel.h"
#include "support/certificates.h"
#include "support/operating.h"
#include "support/sshserver.h"
#include "tests/support/testmain.h"

#include "core/base/errortext.h"

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Ssh : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SKIP_WITHOUT_SERVER;
        QVERIFY2(!sshd().isEmpty(), "openssh-server is not installed");
        QVERIFY(makeKey(path(u"id")));
        m_cluster = std::make_unique<TestCluster>(LocalClusterOptions{.primaries = 3, .replicasPerPrimary = 1});
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        QVERIFY(QCoro::waitFor((*m_cluster)->loadSampleData(1)));
        qputenv("SLOTSCOPE_SSH_CONFIG", path(u"ssh_config").toLocal8Bit());
    }
    void init()
    {
        m_server = std::make_unique<SshServer>(m_folder.path(), u"server"_s);
        QVERIFY(m_server->start());
        QFile::remove(path(u"known_hosts"));
        writeConfig("StrictHostKeyChecking accept-new\nBatchMode yes\n");
    }
    void cleanup()
    {
        m_session.reset();
        m_server.reset();
        QTRY_VERIFY(sshProcesses(::getpid()).isEmpty()); // every ssh process ends with its tunnel
    }

    void aClusterBehindIt()
    {
        Operator user(target());
        QVERIFY2(user.connect(), qPrintable(user.failure()));
        const ClusterViewPtr view = user.look();
        QCOMPARE(view->nodes.size(), size_t(6));
        for (const NodeState &node : view->nodes)
            QVERIFY2(node.info, node.id.constData());
        QCOMPARE(answer(user.session(), commandOf("SET", "ssh:a", "1")), "OK");
        QCOMPARE(answer(user.session(), commandOf("GET", "ssh:a")), "1");
        ReshardRequest reshard;
        reshard.sources = {user.idAt(m_cluster->address(0))};
        reshard.target = user.idAt(m_cluster->address(1));
        reshard.count = 200;
        VERIFY_DONE(user.run(reshard));
        QTemporaryDir backup;
        VERIFY_DONE(user.run(BackupRequest{.folder = backup.path()}));
        QCOMPARE(QDir(backup.path()).entryList({u"*.rdb"_s}, QDir::Files).size(), 3);
        QCOMPARE(sshProcesses(::getpid()).size(), 1); // one ssh process serves all connections
        // All connections to the nodes come from sshd, this process only connects to the tunnel's local port.
        const quint16 own = SshTunnel::of(target().way.hops)->port();
        const QList<quint16> peers = peersOfThisProcess();
        QVERIFY(peers.contains(own));
        for (const auto &node : (*m_cluster)->nodes())
            QVERIFY2(!peers.contains(node.endpoint.port), qPrintable(node.endpoint.toString()));
    }

    /// With TLS through the tunnel, the certificate is verified for the announced address, as without a tunnel.
    void tlsInsideIt()
    {
        const TestAuthority authority(m_folder.path(), "Test CA"), other(m_folder.path(), "Other CA");
        const IssuedCertificate shown = authority.issue("good", {.names = "IP:127.0.0.1"});
        LocalClusterOptions options{.primaries = 3, .replicasPerPrimary = 0};
        options.tls = {.on = true, .caFile = authority.caFile()};
        options.extraArguments = {u"--tls-cert-file"_s,    shown.certFile,
                                  u"--tls-key-file"_s,     shown.keyFile,
                                  u"--tls-ca-cert-file"_s, authority.caFile(),
                                  u"--tls-auth-clients"_s, u"no"_s,
                                  u"--tls-cluster"_s,      u"yes"_s};
        options.argumentsAt = [](quint16 port) {
            return QStringList{u"--port"_s, u"0"_s, u"--tls-port"_s, QString::number(port)};
        };
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ConnectionTarget behind = cluster.target({0});
        behind.tls = options.tls;
        behind.way = target().way;
        m_session = connectTo(behind);
        QVERIFY(m_session);
        QCOMPARE(answer(*m_session, commandOf("SET", "ssh:tls", QByteArray(1 << 20, 'x'))), "OK");
        QCOMPARE(QCoro::waitFor(m_session->execute(commandOf("GET", "ssh:tls")))->bytes().size(), 1 << 20);
        behind.tls.caFile = other.caFile();
        ClusterSession wrong(behind, {.pollMs = 0});
        wrong.start();
        const auto refused = QCoro::waitFor(wrong.connected(5000));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::Code::Certificate);
    }

    void onTheCommandLine()
    {
        const auto [code, said] =
            cli({u"--ssh"_s, m_server->place(), u"--uri"_s, m_cluster->target({0}).toUri(), u"topology"_s});
        QVERIFY2(code == 0 && said.contains(m_cluster->address(5).toUtf8()), said.constData());
        const auto [wrong, words] = cli({u"--ssh"_s, u"-oProxyCommand=x"_s, u"topology"_s});
        QCOMPARE(wrong, 1);
        QVERIFY2(words.contains("is not an SSH server"), words.constData());
    }

    void throughAJumpHost()
    {
        SshServer jump(m_folder.path(), u"jump"_s);
        QVERIFY(jump.start());
        ConnectionTarget far = target();
        far.way.hops.prepend(jump.place());
        m_session = connectTo(far);
        QVERIFY(m_session);
        QCOMPARE(answer(*m_session, commandOf("SET", "ssh:jump", "2")), "OK");
        QCOMPARE(lines(u"known_hosts").size(), 2); // one line for each of the two SSH servers, with its port
    }

    void aChangedHostKeyIsRefused()
    {
        m_session = connectTo(target());
        QVERIFY(m_session);
        m_session.reset();
        const QString before = fingerprint();
        m_server->stop();
        QFile::remove(m_server->hostKey());
        QFile::remove(m_server->hostKey() + u".pub"_s);
        QVERIFY(m_server->start());
        const QString now = fingerprint();
        QVERIFY(before != now);
        const Error error = refusal();
        QCOMPARE(int(error.code), int(Error::Code::TunnelRefused));
        const QString known =
            u"ssh-keygen -f '%1' -R '[127.0.0.1]:%2'"_s.arg(path(u"known_hosts")).arg(m_server->port());
        for (const QString &part : {before, now, path(u"known_hosts") + u", line 1"_s, known})
            QVERIFY2(error.detail.contains(part), qPrintable(part + u" in "_s + error.detail));
        const auto [code, said] =
            cli({u"--ssh"_s, m_server->place(), u"--uri"_s, m_cluster->target({0}).toUri(), u"topology"_s});
        QCOMPARE(code, 1);
        QVERIFY2(said.contains(known.toUtf8()), said.constData());
    }

    void whatIsRefusedIsSaid_data()
    {
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QByteArray>("client");
        QTest::addColumn<QString>("hop");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("forwarding") << "AllowTcpForwarding no\n"_ba
                                    << ""_ba << QString() << int(Error::Code::Proxy) << u"AllowTcpForwarding"_s;
        QTest::newRow("login") << "PubkeyAuthentication no\nPasswordAuthentication yes\n"_ba
                               << ""_ba << QString() << int(Error::Code::TunnelRefused)
                               << u"Permission denied (password)"_s;
        QTest::newRow("other key") << "AuthorizedKeysFile none\n"_ba
                                   << ""_ba << QString() << int(Error::Code::TunnelRefused)
                                   << u"Permission denied (publickey)"_s;
        QTest::newRow("unknown host") << ""_ba
                                      << "StrictHostKeyChecking yes\n"_ba << QString()
                                      << int(Error::Code::TunnelRefused) << u"is not known"_s;
        QTest::newRow("no such name") << ""_ba
                                      << ""_ba << u"nowhere.invalid"_s << int(Error::Code::Tunnel)
                                      << u"Could not resolve hostname nowhere.invalid"_s;
        QTest::newRow("nobody listens") << ""_ba
                                        << ""_ba << u"127.0.0.1:1"_s << int(Error::Code::Tunnel)
                                        << u"Connection refused"_s;
    }
    void whatIsRefusedIsSaid()
    {
        QFETCH(const QByteArray, server);
        QFETCH(const QByteArray, client);
        QFETCH(const QString, hop);
        QFETCH(const int, code);
        QFETCH(const QString, words);
        m_server->stop();
        QVERIFY(m_server->start(server)); // sshd uses a setting's first value, so these have priority
        writeConfig(client + "StrictHostKeyChecking accept-new\nBatchMode yes\n");
        const Error error = refusal(hop.isEmpty() ? m_server->place() : hop);
        QVERIFY2(error.detail.contains(words), qPrintable(describe(error)));
        QCOMPARE(error.code, Error::Code(code));
    }

    void whereNobodyListensBehindItThatIsSaid()
    {
        ConnectionTarget nobody = target();
        nobody.seeds = {Endpoint{.host = u"127.0.0.1"_s, .port = 1}, Endpoint{.host = u"::1"_s, .port = 1}};
        ClusterSession session(nobody, {.pollMs = 0});
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000));
        QVERIFY(!view);
        QCOMPARE(view.error().code, Error::Code::ConnectionRefused);
    }

    void withoutSshThatIsSaid()
    {
        const QByteArray before = qgetenv("PATH");
        qputenv("PATH", m_folder.path().toLocal8Bit());
        const Error error = refusal();
        qputenv("PATH", before);
        QVERIFY2(error.detail.contains(u"openssh-client"_s), qPrintable(describe(error)));
        QCOMPARE(error.code, Error::Code::TunnelRefused);
    }

    void theUsersOwnForwardsDoNoHarm()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost, 0));
        writeConfig("ControlMaster auto\nControlPath " + path(u"cm-%C").toUtf8()
                    + "\nControlPersist 30s\nRemoteCommand tmux\nRequestTTY yes\nLocalForward 127.0.0.1:"
                    + QByteArray::number(taken.serverPort())
                    + " 127.0.0.1:22\nStrictHostKeyChecking accept-new\nBatchMode yes\n");
        m_session = connectTo(target());
        QVERIFY(m_session);
        const qint64 ssh = SshTunnel::of(target().way.hops)->processId();
        const quint16 port = SshTunnel::of(target().way.hops)->port();
        QVERIFY(ssh > 0);
        m_session.reset();
        QTRY_VERIFY(!runs(ssh));
        QVERIFY(!SshServer::answers(port));
        QVERIFY(QDir(m_folder.path()).entryList({u"cm-*"_s}, QDir::AllEntries | QDir::System).isEmpty());
    }

    void aKilledSshIsStartedAgainAndNothingIsSentTwice()
    {
        m_session = connectTo(target());
        QVERIFY(m_session);
        QCOMPARE(answer(*m_session, commandOf("SET", "ssh:n", "0")), "OK");
        for (int i = 1; i <= 3; ++i) {
            const auto tunnel = SshTunnel::of(target().way.hops);
            QTRY_COMPARE(tunnel->state(), SshTunnel::State::Up);
            QTRY_COMPARE(answer(*m_session, commandOf("GET", "ssh:n")), QByteArray::number(i - 1));
            // A command that has been sent reaches the server, but its reply does not come back.
            m_server->signalSessions(SIGSTOP);
            Result<Value> outcome;
            bool over = false;
            QCoro::connect(m_session->execute(commandOf("INCR", "ssh:n")), this, [&](Result<Value> value) {
                outcome = std::move(value);
                over = true;
            });
            (void)QTest::qWaitFor([&] { return over; }, 200);
            QVERIFY(!over);
            const qint64 pid = tunnel->processId();
            ::kill(pid_t(pid), SIGKILL);
            QTRY_VERIFY(over);
            QVERIFY(!outcome);
            QVERIFY2(outcome.error().code == Error::Code::MaybeExecuted, qPrintable(describe(outcome.error())));
            m_server->signalSessions(SIGCONT); // only now is the command executed
            QTRY_COMPARE(QCoro::waitFor(direct(commandOf("GET", "ssh:n"))), QByteArray::number(i));
            QElapsedTimer back;
            back.start();
            QTRY_COMPARE(m_session->state(), SessionState::Ready);
            QTRY_COMPARE(answer(*m_session, commandOf("GET", "ssh:n")), QByteArray::number(i)); // executed once
            QVERIFY2(back.elapsed() < 10000, qPrintable(QString::number(back.elapsed())));
            QVERIFY(tunnel->processId() != pid);
        }
    }

    /// A tunnel that forwards nothing is noticed within 20 s. The session reconnects within 10 s after it works again.
    void aDeadWayIsNoticed()
    {
        m_session = connectTo(target());
        QVERIFY(m_session);
        const auto tunnel = SshTunnel::of(target().way.hops);
        m_server->signalSessions(SIGSTOP);
        ::kill(pid_t(m_server->processId()), SIGSTOP);
        QElapsedTimer since;
        since.start();
        QTRY_VERIFY_WITH_TIMEOUT(tunnel->state() != SshTunnel::State::Up, 30000);
        QVERIFY2(since.elapsed() < 20000, qPrintable(QString::number(since.elapsed())));
        QVERIFY2(tunnel->error().detail.contains(u"not responding"_s), qPrintable(tunnel->error().detail));
        QTRY_COMPARE(m_session->state(), SessionState::Lost);
        ::kill(pid_t(m_server->processId()), SIGCONT);
        since.restart();
        QTRY_COMPARE(m_session->state(), SessionState::Ready);
        QVERIFY2(since.elapsed() < 10000, qPrintable(QString::number(since.elapsed())));
    }

    void aKilledProgramLeavesNoSsh()
    {
        QProcess program;
        program.start(qEnvironmentVariable("SLOTSCOPE_CLI"),
                      {u"--ssh"_s,
                       QString(m_server->place()).replace(u"127.0.0.1"_s, u"localhost"_s) + u',' + m_server->place(),
                       u"--uri"_s, m_cluster->target({0}).toUri(), u"stat"_s, u"--count"_s, u"1000"_s});
        QTRY_VERIFY(program.waitForReadyRead(100) || program.bytesAvailable() > 0);
        QList<qint64> children = sshProcesses(program.processId());
        QVERIFY2(children.size() == 1, (program.readAllStandardError() + program.readAllStandardOutput()).constData());
        children += sshProcesses(children.constFirst()); // and the ssh process for the jump host
        QCOMPARE(children.size(), 2);
        ::kill(pid_t(program.processId()), SIGKILL);
        program.waitForFinished();
        QTRY_VERIFY(std::none_of(children.cbegin(), children.cend(), runs));
    }

    /// A SOCKS5 proxy: the port that ssh opens. Host names are resolved by the proxy, not locally.
    void throughAProxy()
    {
        m_session = connectTo(target());
        QVERIFY(m_session);
        const QString place = u"socks5://127.0.0.1:%1"_s.arg(SshTunnel::of(target().way.hops)->port());
        ConnectionTarget proxied = m_cluster->target({0});
        proxied.way = *Way::proxy(place);
        const auto session = connectTo(proxied);
        QVERIFY(session);
        QCOMPARE(answer(*session, commandOf("SET", "ssh:proxy", "3")), "OK");
        const auto [code, said] =
            cli({u"--proxy"_s, u"socks5://127.0.0.1:1"_s, u"--uri"_s, m_cluster->target({0}).toUri(), u"topology"_s});
        QCOMPARE(code, 1);
        QVERIFY2(said.contains("the proxy socks5://127.0.0.1:1"), said.constData());
    }

    /// ssh asks for key passphrases and unknown host keys through this program, which passes the questions to the user.
    void whatSshAsksComesToTheUser()
    {
        QVERIFY(QFile::exists(path(u"locked")) || makeKey(path(u"locked"), u"open sesame"_s));
        m_server->stop();
        QVERIFY(m_server->start("AuthorizedKeysFile " + path(u"locked.pub").toUtf8() + '\n'));
        writeConfig("StrictHostKeyChecking ask\n", u"locked"_s);
        QList<SshQuestion> questions;
        std::optional<QString> passphrase = u"open sesame"_s;
        setSshAsker(
            [&](const SshQuestion &question, const SshAnswer &reply) {
                questions << question;
                reply(question.kind == SshQuestion::Kind::HostKey ? std::optional(u"yes"_s) : passphrase);
            },
            qEnvironmentVariable("SLOTSCOPE_CLI"));
        m_session = connectTo(target());
        QVERIFY(m_session);
        QCOMPARE(questions.size(), 2);
        QCOMPARE(questions.at(0).kind, SshQuestion::Kind::HostKey);
        QVERIFY2(questions.at(0).text.contains(fingerprint()), qPrintable(questions.at(0).text));
        QCOMPARE(questions.at(1).kind, SshQuestion::Kind::Passphrase);
        m_session.reset();
        QTRY_VERIFY(sshProcesses(::getpid()).isEmpty());
        passphrase.reset(); // the user cancels the question
        m_session = std::make_unique<ClusterSession>(target());
        m_session->start();
        QVERIFY(!QCoro::waitFor(m_session->connected(5000)));
        const Error error = m_session->error();
        const qsizetype asked = questions.size();
        m_session->refresh(false); // the session itself does not ask the user again
        passphrase = u"open sesame"_s;
        m_session->refresh(true); // as when the user clicks “Try now”
        QTRY_COMPARE(m_session->state(), SessionState::Ready);
        setSshAsker({});
        QCOMPARE(questions.size(), asked + 1);
        QVERIFY2(error.detail.contains(u"was not answered"_s), qPrintable(describe(error)));
        QCOMPARE(error.code, Error::Code::TunnelRefused);
        QCOMPARE(lines(u"known_hosts").size(), 1);
    }

private:
    [[nodiscard]] QString path(QStringView name) const { return m_folder.filePath(name.toString()); }
    void writeConfig(const QByteArray &settings, const QString &key = u"id"_s) const
    {
        QFile file(path(u"ssh_config"));
        if (file.open(QIODevice::WriteOnly))
            file.write("Host *\n" + settings + "UserKnownHostsFile " + path(u"known_hosts").toUtf8()
                       + "\nGlobalKnownHostsFile none\nIdentitiesOnly yes\nIdentityAgent none\nIdentityFile "
                       + path(key).toUtf8() + '\n');
    }
    [[nodiscard]] QList<QByteArray> lines(QStringView name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QList<QByteArray>();
    }
    [[nodiscard]] ConnectionTarget target() const
    {
        ConnectionTarget found = m_cluster->target({0});
        found.way = *Way::ssh(m_server->place());
        return found;
    }
    [[nodiscard]] Error refusal(const QString &hop = {}) const
    {
        ConnectionTarget there = target();
        if (!hop.isEmpty())
            there.way = *Way::ssh(hop);
        ClusterSession session(there, {.pollMs = 0});
        session.start();
        const auto view = QCoro::waitFor(session.connected(5000));
        return view ? Error() : view.error();
    }
    /// Returns the fingerprint "SHA256:…" of the server's host key as printed by ssh-keygen.
    [[nodiscard]] QString fingerprint() const
    {
        QProcess process;
        process.start(u"ssh-keygen"_s, {u"-l"_s, u"-f"_s, m_server->hostKey() + u".pub"_s});
        process.waitForFinished();
        return QString::fromUtf8(process.readAll()).section(u' ', 1, 1);
    }
    [[nodiscard]] static QByteArray answer(ClusterSession &session, const Command &command)
    {
        const auto value = QCoro::waitFor(session.execute(command));
        return value ? value->bytes() : describe(value.error()).toUtf8();
    }
    QCoro::Task<QByteArray> direct(Command command)
    {
        const auto session = connectTo(m_cluster->target({0}));
        const auto value = co_await session->execute(command);
        co_return value ? value->bytes() : describe(value.error()).toUtf8();
    }
    [[nodiscard]] static QList<qint64> sshProcesses(qint64 parent)
    {
        QList<qint64> found;
        for (const qint64 pid : childrenOf(parent))
            if (QFile name(u"/proc/%1/comm"_s.arg(pid)); name.open(QIODevice::ReadOnly) && name.readAll() == "ssh\n")
                found << pid;
        return found;
    }
    /// Returns the remote ports of this process's TCP connections.
    [[nodiscard]] static QList<quint16> peersOfThisProcess()
    {
        QSet<QString> sockets;
        const QDir open(u"/proc/self/fd"_s);
        for (const QString &name : open.entryList(QDir::System | QDir::Files))
            if (const QString to = QFile::symLinkTarget(open.filePath(name)); to.contains(u"socket:["_s))
                sockets << to.section(u'[', 1).chopped(1);
        QList<quint16> ports;
        QFile table(u"/proc/self/net/tcp"_s);
        if (table.open(QIODevice::ReadOnly))
            for (const QByteArray &line : table.readAll().split('\n'))
                if (const QList<QByteArray> words = line.simplified().split(' ');
                    words.size() > 9 && words.at(3) == "01" && sockets.contains(QString::fromLatin1(words.at(9))))
                    ports << quint16(words.at(2).split(':').at(1).toUInt(nullptr, 16));
        return ports;
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
    std::unique_ptr<TestCluster> m_cluster;
    std::unique_ptr<SshServer> m_server;
    std::unique_ptr<ClusterSession> m_session;
};

SLOTSCOPE_TEST(tst_Ssh)
#include "tst_ssh.moc"
