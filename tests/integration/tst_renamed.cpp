// SPDX-License-Identifier: GPL-3.0-or-later
// Servers with rename-command: what is renamed works through the connection's map, what is disabled is said by name.
#include "core/config/configreader.h"
#include "core/console/linkeffect.h"
#include "core/protocol/commandnames.h"
#include "tests/support/operating.h"
#include "tests/support/testcluster.h"
#include "tests/support/testmain.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Renamed : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyServer_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto &[name, path] : serversFound())
            QTest::newRow(name.constData()) << path;
    }
    /// The main use case: CONFIG is read and set under its new name, and FLUSHALL is reported as disabled.
    void everyServer()
    {
        QFETCH(const QString, path);
        LocalClusterOptions options = oneServer(path);
        options.extraArguments = {u"--rename-command"_s, u"CONFIG"_s,   u"conf-7f3a"_s,
                                  u"--rename-command"_s, u"FLUSHALL"_s, QString()};
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));

        ConnectionTarget target = server.target({0});
        const auto blind = connectTo(target);
        QVERIFY(blind);
        const QByteArray id = blind->view()->nodes.front().id;
        const NodeConfig missing = configOf(*blind, id);
        QVERIFY(missing.problem && missing.values.isEmpty());
        for (const auto &word : {u"CONFIG"_s, u"renamed or disabled"_s, u"rename-command"_s})
            QVERIFY2(missing.problem->detail.contains(word), qPrintable(missing.problem->detail));

        QVERIFY(target.addRename(u"CONFIG=conf-7f3a"_s));
        const auto session = connectTo(target);
        QVERIFY(session);
        const NodeConfig found = configOf(*session, id);
        QVERIFY2(!found.problem, qPrintable(found.problem ? found.problem->detail : QString()));
        QVERIFY(found.values.size() > 50);
        const auto set = QCoro::waitFor(session->execute(commandOf("CONFIG", "SET", "hz", "37")));
        QVERIFY2(set, set ? "" : qPrintable(set.error().detail));
        const auto flushed = QCoro::waitFor(session->execute(commandOf("FLUSHALL"), UserConsent::NameTyped));
        QVERIFY(!flushed);
        QVERIFY2(flushed.error().detail.contains(u"FLUSHALL is renamed or disabled"),
                 qPrintable(flushed.error().detail));
        const auto other = QCoro::waitFor(session->execute(commandOf("NOSUCHTHING")));
        QVERIFY(!other && !other.error().detail.contains(u"rename-command"));
    }

    /// A server without cluster mode, on which CLUSTER, COMMAND and CLIENT are disabled, is shown as one shard.
    void aServerWithoutClusterAndCommand()
    {
        LocalClusterOptions options = oneServer(u"redis-server"_s);
        options.extraArguments = {u"--rename-command"_s, u"CLUSTER"_s, QString(),
                                  u"--rename-command"_s, u"COMMAND"_s, QString(),
                                  u"--rename-command"_s, u"CLIENT"_s,  QString()};
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        const auto session = connectTo(server.target({0}));
        QVERIFY(session);
        QVERIFY(waitForView(*session, [](const ClusterView &view) {
            return !view.cluster && view.nodes.size() == 1 && view.nodes.front().info
                && view.health() < Severity::Error;
        }));
        QVERIFY(QCoro::waitFor(session->execute(commandOf("SET", "a", "1"))));
        QCOMPARE(QCoro::waitFor(session->execute(commandOf("GET", "a")))->bytes(), "1"_ba);
    }

    /// In a cluster with renamed CONFIG and KEYS, the new names are used on every node.
    void aClusterWithRenamedCommands()
    {
        LocalClusterOptions options;
        options.replicasPerPrimary = 0;
        options.extraArguments = {u"--rename-command"_s, u"CONFIG"_s, u"abc"_s,
                                  u"--rename-command"_s, u"KEYS"_s,   u"kays"_s,
                                  u"--rename-command"_s, u"SYNC"_s,   u"synk"_s};
        TestCluster cluster(options);
        QVERIFY2(cluster.start(), qPrintable(cluster.failure()));
        ConnectionTarget target = cluster.target({0});
        QVERIFY(target.addRename(u"CONFIG=abc"_s) && target.addRename(u"keys:kays"_s));
        const auto session = connectTo(target);
        QVERIFY(session);
        for (const NodeState &node : session->view()->nodes) {
            const NodeConfig found = configOf(*session, node.id);
            QVERIFY2(!found.problem, qPrintable(found.problem ? found.problem->detail : QString()));
        }
        const auto all = QCoro::waitFor(session->call(
            commandOf("KEYS", "*"), {.kind = NodeSelection::Kind::All, .nodeId = {}}, UserConsent::Given));
        QVERIFY(all);
        QCOMPARE(all->size(), 3);
        for (const NodeReply &reply : *all)
            QVERIFY2(reply.reply, reply.reply ? "" : qPrintable(reply.reply.error().detail));
        // A backup uses separate connections, which must use the new names too.
        QVERIFY(target.addRename(u"SYNC=synk"_s));
        Operator user(target);
        QVERIFY2(user.connect(), qPrintable(user.failure()));
        QVERIFY(user.look());
        QTemporaryDir backup;
        VERIFY_DONE(user.run(BackupRequest{.folder = backup.path()}));
        QCOMPARE(QDir(backup.path()).entryList({u"*.rdb"_s}, QDir::Files).size(), 3);
    }

    /// A read-only connection decides by a command's original name, whichever name the user typed.
    void theGateKnowsTheOwnName()
    {
        LocalClusterOptions options = oneServer(u"redis-server"_s);
        options.extraArguments = {u"--rename-command"_s, u"CONFIG"_s, u"abc"_s,
                                  u"--rename-command"_s, u"KEYS"_s,   u"kays"_s};
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        ConnectionTarget target = server.target({0});
        target.readOnly = true;
        QVERIFY(target.addRename(u"CONFIG=abc"_s) && target.addRename(u"KEYS=kays"_s));
        const auto session = connectTo(target);
        QVERIFY(session);
        QVERIFY(QCoro::waitFor(session->execute(commandOf("abc", "GET", "maxmemory"))));
        QVERIFY(QCoro::waitFor(session->execute(commandOf("CONFIG", "GET", "maxmemory"))));
        for (const Command &writes : {commandOf("abc", "SET", "hz", "20"), commandOf("CONFIG", "SET", "hz", "20")}) {
            const auto refused = QCoro::waitFor(session->execute(writes));
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Error::Code::ReadOnly);
        }
        QCOMPARE(server.run(0, {"abc"_ba, "GET"_ba, "hz"_ba})->items().back().bytes(), "10"_ba);
    }

    /// The console knows how a command changes its connection, whichever name the user typed.
    void theConsoleKnowsWhatItDoes()
    {
        QCOMPARE(linkEffectOf(commandOf("cliRenamed", "REPLY", "OFF")), LinkEffect::None);
        rememberNames({{"CLIENT"_ba, "cliRenamed"_ba}, {"MULTI"_ba, "mltRenamed"_ba}});
        QCOMPARE(linkEffectOf(commandOf("cliRenamed", "REPLY", "OFF")), LinkEffect::RepliesOff);
        QCOMPARE(linkEffectOf(commandOf("MLTrenamed")), LinkEffect::Multi);
    }

    /// The audit log records CONFIG SET under its original name and without the password, whichever name was sent.
    void theAuditLogKnowsTheOwnName()
    {
        LocalClusterOptions options = oneServer(u"redis-server"_s);
        options.extraArguments = {u"--rename-command"_s, u"CONFIG"_s, u"abc"_s};
        TestCluster server(options);
        QVERIFY2(server.start(), qPrintable(server.failure()));
        QTemporaryDir folder;
        const auto cli = [&](const QStringList &words) {
            QProcess process;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(u"SLOTSCOPE_AUDIT"_s, folder.path());
            process.setProcessEnvironment(environment);
            process.start(
                qEnvironmentVariable("SLOTSCOPE_CLI"),
                QStringList{u"--uri"_s, u"redis://"_s + server.address(0), u"--rename-command"_s, u"CONFIG=abc"_s}
                    + words);
            process.waitForFinished(60000);
            return std::pair(process.exitCode(), process.readAllStandardOutput() + process.readAllStandardError());
        };
        for (const QString &name : {u"CONFIG"_s, u"abc"_s}) {
            const auto [code, said] =
                cli({u"call"_s, u"--yes"_s, name, u"SET"_s, u"masterauth"_s, u"planted-secret-4411"_s});
            QVERIFY2(code == 0, said.constData());
        }
        const auto [code, said] = cli({u"audit"_s, u"--json"_s});
        QVERIFY2(code == 0, said.constData());
        QVERIFY2(said.count(R"("CONFIG","SET")") == 2 && !said.contains("planted-secret") && !said.contains("abc"),
                 said.constData());
    }

private:
    static LocalClusterOptions oneServer(const QString &path)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.primaries = 1;
        options.replicasPerPrimary = 0;
        options.clusterMode = false;
        return options;
    }
    static NodeConfig configOf(ClusterSession &session, const QByteArray &id)
    {
        ConfigReader reader{QPointer<ClusterSession>(&session)};
        return QCoro::waitFor(reader.read(id)).value();
    }
};

SLOTSCOPE_TEST(tst_Renamed)
#include "tst_renamed.moc"
