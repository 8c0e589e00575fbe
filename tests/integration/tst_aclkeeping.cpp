// SPDX-License-Identifier: GPL-3.0-or-later
// ACL users of real servers.
#include "core/config/aclkeeper.h"
#include "core/config/modulesreader.h"
#include "support/testcluster.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class TestAclKeeping : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onEveryServer_data();
    void onEveryServer();
    void guarded();
    void theCommandLine();

private:
    struct Running
    {
        std::unique_ptr<TestCluster> cluster;
        std::unique_ptr<ClusterSession> session;
        QByteArrayList ids; ///< node ids, in the order of the cluster's nodes
    };
    static std::optional<Running> start(const QString &path = serversFound().front().second)
    {
        LocalClusterOptions options;
        options.serverPath = path;
        options.replicasPerPrimary = 0;
        Running running{std::make_unique<TestCluster>(options), nullptr, {}};
        if (!running.cluster->start())
            return std::nullopt;
        running.session = connectTo(running.cluster->target({0}));
        if (!running.session
            || !waitForView(*running.session, [](const ClusterView &view) { return view.nodes.size() == 3; }))
            return std::nullopt;
        for (int node = 0; node < 3; ++node)
            running.ids.append(nodeAt(*running.session->view(), running.cluster->address(node))->id);
        return running;
    }
    static bool logsIn(TestCluster &cluster, int node, const QByteArray &user, const QByteArray &password)
    {
        return cluster.run(node, {"AUTH", user, password}).has_value();
    }
    static std::vector<NodeUsers> readAll(AclKeeper &keeper, const QByteArrayList &ids)
    {
        std::vector<NodeUsers> nodes;
        for (const QByteArray &id : ids)
            if (auto users = QCoro::waitFor(keeper.read(id)))
                nodes.push_back(*users);
        return nodes;
    }
    static bool isGood(const Result<QList<NodeReply>> &replies)
    {
        return replies && replies->size() > 0
            && std::all_of(replies->begin(), replies->end(),
                           [](const NodeReply &each) { return each.reply.has_value(); });
    }
};

void TestAclKeeping::onEveryServer_data()
{
    QTest::addColumn<QString>("path");
    for (const auto &[name, path] : serversFound())
        QTest::addRow("%s", name.constData()) << path;
}

void TestAclKeeping::onEveryServer()
{
    QFETCH(const QString, path);
    auto running = start(path);
    QVERIFY(running);
    AclKeeper keeper(running->session.get());
    const QByteArrayList rules{"on", "~app:*", "-@all", "+get", "+set"};
    QVERIFY(isGood(QCoro::waitFor(keeper.set(running->ids, "app", rules, "first", false, UserConsent::None))));
    for (int node = 0; node < 3; ++node)
        QVERIFY(logsIn(*running->cluster, node, "app", "first") && !logsIn(*running->cluster, node, "app", "wrong"));
    auto rows = compareUsers(readAll(keeper, running->ids));
    QCOMPARE(int(rows.size()), 2);
    QCOMPARE(rows[1].differing, 0);
    // On all nodes the user gets a second password in addition, on node 1 a third one then replaces both.
    QVERIFY(isGood(QCoro::waitFor(keeper.set(running->ids, "app", {}, "second", true, UserConsent::None))));
    QVERIFY(logsIn(*running->cluster, 1, "app", "first") && logsIn(*running->cluster, 1, "app", "second"));
    QVERIFY(isGood(QCoro::waitFor(keeper.set({running->ids[1]}, "app", {}, "third", false, UserConsent::None))));
    QVERIFY(!logsIn(*running->cluster, 1, "app", "first") && logsIn(*running->cluster, 1, "app", "third"));
    std::ignore = running->cluster->run(2, {"ACL", "DELUSER", "app"});
    rows = compareUsers(readAll(keeper, running->ids));
    QCOMPARE(rows[1].differing, 2);
    QCOMPARE(rows[1].cells,
             (QList<UserRow::Cell>{UserRow::Cell::AsMost, UserRow::Cell::Differs, UserRow::Cell::Missing}));
    // Copying the user from node 0, with its password hashes, makes all nodes alike again.
    QVERIFY(isGood(QCoro::waitFor(keeper.copy(running->ids[0], running->ids.mid(1), "app", UserConsent::None))));
    QCOMPARE(compareUsers(readAll(keeper, running->ids))[1].differing, 0);
    for (int node = 0; node < 3; ++node)
        QVERIFY(logsIn(*running->cluster, node, "app", "second") && !logsIn(*running->cluster, node, "app", "third"));
    const auto may = QCoro::waitFor(keeper.dryRun(running->ids, "app", {"GET", "app:1"}));
    const auto mayNot = QCoro::waitFor(keeper.dryRun(running->ids, "app", {"GET", "other"}));
    QVERIFY(may && mayNot && may->front().reply && mayNot->front().reply);
    QCOMPARE(may->front().reply->bytes(), "OK"_ba);
    QVERIFY2(mayNot->front().reply->bytes().contains("permission"), mayNot->front().reply->bytes().constData());
    const auto log = QCoro::waitFor(keeper.log(running->ids));
    QVERIFY(log && log->problems.isEmpty() && !log->entries.empty());
    QCOMPARE(log->entries.front().reason, "auth"_ba);
    QCOMPARE(log->entries.front().user, "app"_ba);
    QVERIFY(qAbs(log->entries.front().at - QDateTime::currentMSecsSinceEpoch()) < 60'000);
    QVERIFY(isGood(QCoro::waitFor(keeper.resetLog(running->ids, UserConsent::None))));
    QVERIFY(QCoro::waitFor(keeper.log(running->ids))->entries.empty());
    QVERIFY(isGood(QCoro::waitFor(keeper.remove(running->ids, "app", UserConsent::None))));
    QCOMPARE(int(compareUsers(readAll(keeper, running->ids)).size()), 1);
    // fails on every node because no ACL file is configured
    const auto saved = QCoro::waitFor(keeper.save(running->ids, UserConsent::None));
    QVERIFY(saved && saved->size() == 3 && !saved->front().reply);
    ModulesReader modules(running->session.get());
    const auto loaded = QCoro::waitFor(modules.read(running->ids[0]));
    QVERIFY(loaded && !loaded->problem && loaded->readAt > 0);
}

void TestAclKeeping::guarded()
{
    auto running = start();
    QVERIFY(running);
    ConnectionTarget target = running->cluster->target({0});
    target.readOnly = true;
    const auto looking = connectTo(target);
    QVERIFY(looking && waitForView(*looking, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    AclKeeper keeper(looking.get());
    const auto refused =
        QCoro::waitFor(keeper.set(running->ids, "app", {"on"}, QByteArray(), false, UserConsent::NameTyped));
    QVERIFY(!refused && refused.error().code == Error::Code::ReadOnly);
    for (int node = 0; node < 3; ++node)
        QCOMPARE(int(running->cluster->run(node, {"ACL", "USERS"})->items().size()), 1);
    ConnectionTarget production = running->cluster->target({0});
    production.environment = EnvironmentKind::Production;
    const auto asking = connectTo(production);
    QVERIFY(asking && waitForView(*asking, [](const ClusterView &view) { return view.nodes.size() == 3; }));
    AclKeeper careful(asking.get());
    const auto asks = QCoro::waitFor(careful.remove(running->ids, "default", UserConsent::None));
    QVERIFY(!asks && asks.error().code == Error::Code::NeedsConsent);
    // A missing permission is reported for each node.
    for (int node = 0; node < 3; ++node)
        std::ignore = running->cluster->run(node, {"ACL", "SETUSER", "few", "on", ">x", "~*", "+@all", "-acl|list"});
    ConnectionTarget few = running->cluster->target({0});
    few.credentials.user = u"few"_s;
    few.credentials.password = u"x"_s;
    const auto lesser = connectTo(few);
    QVERIFY(lesser);
    AclKeeper lesserKeeper(lesser.get());
    const auto told = QCoro::waitFor(lesserKeeper.read(running->ids[0]));
    QVERIFY(told && told->problem && told->problem->serverPrefix == "NOPERM");
}

void TestAclKeeping::theCommandLine()
{
    auto running = start();
    QVERIFY(running);
    const auto run = [&](const QStringList &words, const QByteArray &input = {}) {
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../../app/cli/slotscope-cli"_s,
                      QStringList{u"--uri"_s, (*running->cluster)->uri()} + words);
        process.write(input);
        process.closeWriteChannel();
        process.waitForFinished(30000);
        return std::pair(process.exitCode(), process.readAllStandardOutput());
    };
    QCOMPARE(
        run({u"acl"_s, u"set"_s, u"app"_s, u"on"_s, u"~app:*"_s, u"+get"_s, u"--ask-password"_s}, "planted\n").first,
        0);
    QVERIFY(logsIn(*running->cluster, 2, "app", "planted"));
    const auto [code, text] = run({u"acl"_s});
    QVERIFY2(code == 0 && text.contains("app") && text.contains("1 password") && !text.contains("planted"),
             text.constData());
    std::ignore = running->cluster->run(1, {"ACL", "SETUSER", "app", "off"});
    const auto [jsonCode, json] = run({u"--json"_s, u"acl"_s, u"list"_s, u"--differ"_s});
    QCOMPARE(jsonCode, 0);
    const QJsonArray users = QJsonDocument::fromJson(json).object().value(u"users"_s).toArray();
    QCOMPARE(users.size(), 1);
    QCOMPARE(users[0].toObject().value(u"differing"_s).toArray().size(), 1);
    QCOMPARE(run({u"acl"_s, u"copy"_s, u"app"_s, u"--from"_s, running->cluster->address(0)}).first, 0);
    QVERIFY(logsIn(*running->cluster, 1, "app", "planted"));
    QCOMPARE(run({u"acl"_s, u"dryrun"_s, u"app"_s, u"GET"_s, u"app:1"_s}).first, 0);
    QCOMPARE(run({u"acl"_s, u"dryrun"_s, u"app"_s, u"GET"_s, u"other"_s}).first, 1);
    const auto [logCode, log] = run({u"acl"_s, u"log"_s});
    QCOMPARE(logCode, 0);
    QCOMPARE(run({u"acl"_s, u"set"_s, u"app"_s, u">visible"_s}).first, 2);
    QCOMPARE(run({u"acl"_s, u"copy"_s, u"app"_s}).first, 2);
    QCOMPARE(run({u"acl"_s, u"list"_s, u"--ask-password"_s}).first, 2);
    QCOMPARE(run({u"acl"_s, u"delete"_s, u"app"_s}).first, 0);
    QCOMPARE(run({u"acl"_s, u"delete"_s, u"app"_s}).first, 1); // the user no longer exists
    QCOMPARE(int(running->cluster->run(0, {"ACL", "USERS"})->items().size()), 1);
}

SLOTSCOPE_TEST(TestAclKeeping)
#include "tst_aclkeeping.moc"
