// SPDX-License-Identifier: GPL-3.0-or-later
// Creating, growing, shrinking, failing over, repairing and backing up real clusters.
#include "core/base/errortext.h"
#include "core/operations/journal/journal.h"
#include "support/operating.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::Literals::StringLiterals;

class tst_Operations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("server");
        for (const auto &[name, path] : serversFound())
            QTest::newRow(name.constData()) << path;
    }
    void initTestCase() { SKIP_WITHOUT_SERVER; }
    void cleanup()
    {
        m_operator.reset();
        m_cluster.reset();
        m_spare.reset();
    }

    void createsOnHosts_data()
    {
        QTest::addColumn<int>("hosts");
        QTest::newRow("two hosts") << 2;
        QTest::newRow("three hosts") << 3;
    }
    void createsOnHosts()
    {
        QFETCH(const int, hosts);
        startNodes(6, {});
        CreateRequest request = createOf(6);
        request.replicas = 1;
        for (int i = 0; i < 6; ++i)
            request.nodes[i].label = u"host %1"_s.arg(i % hosts);
        const RunSnapshotPtr run = create(request);
        VERIFY_DONE(run);
        connectTo({0});
        const ClusterViewPtr view = m_operator->look();
        QVERIFY(view && view->agreed && view->uncovered.isEmpty());
        QCOMPARE(view->shards.size(), size_t(3));
        for (const ShardState &shard : view->shards) {
            QCOMPARE(shard.replicas.size(), 1);
            QVERIFY(labelOf(*view, shard.primary, hosts) != labelOf(*view, shard.replicas.front(), hosts));
            const ServerInfo *replica = view->nodes[size_t(shard.replicas.front())].currentInfo();
            // the run is only done once each replica's link to its primary is up
            QVERIFY(replica && replica->primaryLinkUp.value_or(false));
        }
        QSet<quint64> epochs;
        for (const NodeState &node : view->nodes)
            if (node.primary)
                epochs.insert(node.configEpoch);
        QCOMPARE(epochs.size(), 3);
    }

    void refusesToCreateBeforeAnythingIsChanged_data()
    {
        QTest::addColumn<QByteArray>("spoil");
        QTest::addColumn<QString>("word");
        QTest::newRow("a key") << "key"_ba << u"key"_s;
        QTest::newRow("knows another node") << "peer"_ba << u"another cluster"_s;
        QTest::newRow("named twice") << "twice"_ba << u"same node"_s;
        QTest::newRow("two primaries only") << "few"_ba << u"primar"_s;
        QTest::newRow("no answer") << "dead"_ba << u"answer"_s;
    }
    void refusesToCreateBeforeAnythingIsChanged()
    {
        QFETCH(const QByteArray, spoil);
        QFETCH(const QString, word);
        startNodes(4, {});
        CreateRequest request = createOf(spoil == "few" ? 2 : 3);
        if (spoil == "key") { // a server accepts a key only while it owns slots, which are removed again below
            QVERIFY(m_cluster->run(0, {"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}));
            QTRY_VERIFY(m_cluster->run(0, {"SET", "k", "v"}));
        }
        if (spoil == "peer") {
            const Endpoint other = (*m_cluster)->nodes()[3].endpoint;
            QVERIFY(m_cluster->run(0, {"CLUSTER", "MEET", other.host.toLatin1(), QByteArray::number(other.port)}));
            QTRY_VERIFY(m_cluster->run(0, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:2"));
        }
        if (spoil == "twice")
            request.nodes.append(request.nodes.front());
        if (spoil == "dead")
            (**m_cluster).killNode(2);
        const RunSnapshotPtr run = create(request);
        QVERIFY(run);
        QCOMPARE(int(run->state), int(RunState::Failed));
        const QStringList reasons = refusals(*run->plan);
        QVERIFY2(reasons.join(u'\n').contains(word, Qt::CaseInsensitive), qPrintable(reasons.join(u'\n')));
        // the other nodes are unchanged
        QVERIFY(m_cluster->run(1, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:1"));
        QVERIFY(m_cluster->run(1, {"CLUSTER", "INFO"})->bytes().contains("cluster_slots_assigned:0"));
    }

    void rollsBackWhenABusPortIsClosed()
    {
        startNodes(3, {});
        CreateRequest request = createOf(3);
        request.joinTimeoutMs = 4000;
        const auto facts = QCoro::waitFor(gatherOutside(m_cluster->target({0, 1, 2}).seeds, {}));
        QVERIFY(facts);
        for (OutsideNode &node : (*facts)->outside)
            node.busPort = 1; // nobody listens at this bus port
        const auto plan = makePlan(request, **facts);
        QVERIFY(plan);
        const RunSnapshotPtr run = runCreate(*plan);
        QCOMPARE(int(run->state), int(RunState::Failed));
        QVERIFY2(refusals(*run->plan).isEmpty(), qPrintable(refusals(*run->plan).join(u'\n')));
        const QString text = describe(*run->error);
        int named = 0;
        for (int i = 0; i < 3; ++i)
            named += text.contains(m_cluster->address(i)) ? 1 : 0;
        QVERIFY2(named >= 2, qPrintable(text)); // the error names the two nodes that could not connect
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY(m_cluster->run(i, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:1"));
            QVERIFY(m_cluster->run(i, {"CLUSTER", "INFO"})->bytes().contains("cluster_slots_assigned:0"));
        }
    }

    void anAbandonedCreateIsTakenBack_data()
    {
        QTest::addColumn<bool>("used");
        QTest::newRow("nobody uses it") << false;
        QTest::newRow("somebody has written to it") << true;
    }
    void anAbandonedCreateIsTakenBack()
    {
        QFETCH(const bool, used);
        startNodes(3, {});
        const CreateRequest request = createOf(3);
        const auto facts = QCoro::waitFor(gatherOutside(m_cluster->target({0, 1, 2}).seeds, {}));
        QVERIFY(facts);
        const auto plan = makePlan(request, **facts);
        QVERIFY(plan);
        QTemporaryDir folder;
        {
            OperationRun operation(*plan, m_cluster->target({0}), nullptr, {.journalFolder = folder.path()});
            const auto running = operation.run();
            bool met = false; // remembered, because a node is listed twice for a moment during the handshake
            QTRY_VERIFY(met = met || m_cluster->run(0, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:3"));
        }
        QTRY_COMPARE(int(Journal::readAll(folder.path()).front().state), int(RunState::Interrupted));
        if (used) {
            QVERIFY(m_cluster->run(0, {"CONFIG", "SET", "cluster-require-full-coverage", "no"}));
            // this key is in slot 0
            const auto has = [this] { return m_cluster->run(0, {"SET", "{06S}", "v"}).has_value(); };
            QTRY_VERIFY(has() || (m_cluster->run(0, {"CLUSTER", "ADDSLOTS", "0"}) && has()));
        }
        OperationRun back(Journal::readAll(folder.path()).front(), m_cluster->target({0}), nullptr,
                          {.journalFolder = folder.path(), .rollBack = true});
        const RunSnapshotPtr run = QCoro::waitFor(back.run());
        QVERIFY2(run->rolledBack == !used, complaint(run).constData());
        QCOMPARE(int(run->state), int(RunState::Stopped));
        if (used) {
            QVERIFY2(describe(*run->error).contains(u"contains keys"_s), qPrintable(describe(*run->error)));
            QVERIFY(m_cluster->run(0, {"GET", "{06S}"}));
            return;
        }
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY(m_cluster->run(i, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:1"));
            QVERIFY(m_cluster->run(i, {"CLUSTER", "INFO"})->bytes().contains("cluster_slots_assigned:0"));
        }
        QVERIFY(Journal::readAll(folder.path()).front().rolledBack);
    }

    void growsAndShrinks()
    {
        startCluster();
        startSpare(2);
        LiveWriters writers(m_operator->target(), 3, 300);
        writers.start();
        QVERIFY(m_cluster->run(
            0, {"FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)"}));
        const QString primary = m_spare->address(0), replica = m_spare->address(1);
        VERIFY_DONE(m_operator->run(AddNodeRequest{.endpoint = (*m_spare)->nodes()[0].endpoint}));
        QCOMPARE(m_spare->run(0, {"FUNCTION", "LIST"})->items().size(), size_t(1));
        // adds a replica of the primary that was just added
        VERIFY_DONE(m_operator->run(AddNodeRequest{
            .endpoint = (*m_spare)->nodes()[1].endpoint, .asReplica = true, .replicaOf = m_operator->idAt(primary)}));
        RebalanceRequest rebalance;
        rebalance.useEmpty = true;
        VERIFY_DONE(m_operator->run(rebalance));
        for (const NodeState &node : m_operator->look()->nodes)
            if (node.primary)
                QCOMPARE(node.slots.count(), 4096);
        QVERIFY(m_operator->plan(rebalance)->isEmpty());
        // Removes the node together with its slots, which move to other nodes first. Its replica becomes a replica of
        // another primary.
        VERIFY_DONE(m_operator->run(RemoveNodeRequest{.nodeId = m_operator->idAt(primary)}));
        QTRY_VERIFY(m_operator->look() && m_operator->idAt(primary).isEmpty());
        const ClusterViewPtr view = m_operator->look();
        QVERIFY(view->node(m_operator->idAt(replica)));
        QVERIFY(!view->node(m_operator->idAt(replica))->primary);
        VERIFY_DONE(m_operator->run(RemoveNodeRequest{.nodeId = m_operator->idAt(replica)}));
        QVERIFY(m_spare->run(0, {"CLUSTER", "INFO"})->bytes().contains("cluster_known_nodes:1"));
        QVERIFY(writers.stop());
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
        QVERIFY2(writers.errors().isEmpty(), qPrintable(writers.errors().join(u'\n')));
    }

    void removesDeadNodesAndWarnsOnDegradedClusters()
    {
        startCluster();
        startSpare(1);
        (**m_cluster).killNode(3); // this node is the replica of the first primary
        const QByteArray dead = m_operator->idAt(m_cluster->address(3));
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->node(dead)->condition == NodeCondition::Failed, 20000);
        const auto plan =
            m_operator->plan(AddNodeRequest{.endpoint = (*m_spare)->nodes()[0].endpoint, .asReplica = true});
        QVERIFY(plan);
        QCOMPARE(refusals(*plan), QStringList());
        QVERIFY(warnings(*plan).join(u'\n').contains(m_cluster->address(3)));
        VERIFY_DONE(m_operator->run(*plan)); // the new replica is given to the primary with the fewest replicas
        const NodeState *added = m_operator->look()->node(m_operator->idAt(m_spare->address(0)));
        QVERIFY(added && added->primaryId == m_operator->idAt(m_cluster->address(0)));
        VERIFY_DONE(m_operator->run(ForgetRequest{.nodeId = dead}));
        QTRY_VERIFY(!m_operator->look()->node(dead));
    }

    void failsOverWithoutLoss_data()
    {
        QTest::addColumn<bool>("rolling");
        QTest::newRow("one shard") << false;
        QTest::newRow("rolling, all shards") << true;
    }
    void failsOverWithoutLoss()
    {
        QFETCH(const bool, rolling);
        startCluster();
        LiveWriters writers(m_operator->target(), 3, 300);
        writers.start();
        QTRY_VERIFY_WITH_TIMEOUT(writers.acknowledged() > 300, 60000);
        if (rolling) {
            RollingFailoverRequest request;
            for (int i = 3; i < 6; ++i)
                request.preferred.append(m_operator->idAt(m_cluster->address(i)));
            VERIFY_DONE(m_operator->run(request));
        } else {
            VERIFY_DONE(m_operator->run(FailoverRequest{.replicaId = m_operator->idAt(m_cluster->address(3))}));
        }
        const qint64 before = writers.acknowledged();
        QTRY_VERIFY_WITH_TIMEOUT(writers.acknowledged() > before + 100, 60000);
        QVERIFY(writers.stop());
        const ClusterViewPtr view = m_operator->look();
        for (int i = 0; i < (rolling ? 3 : 1); ++i) {
            QVERIFY(view->node(m_operator->idAt(m_cluster->address(i + 3)))->primary);
            QVERIFY(!view->node(m_operator->idAt(m_cluster->address(i)))->primary);
        }
        QCOMPARE(writers.verify(m_operator->session()), QStringList());
    }

    void aFrozenPrimaryNeedsForce()
    {
        startCluster(60000); // node timeout long enough that the frozen node is not failed over
        const QByteArray replica = m_operator->idAt(m_cluster->address(3));
        const auto graceful = m_operator->plan(FailoverRequest{.replicaId = replica});
        QVERIFY(graceful);
        (**m_cluster).pauseNode(0, true);
        const RunSnapshotPtr late = m_operator->run(*graceful); // this plan was made before the node was frozen
        QCOMPARE(int(late->state), int(RunState::Failed));
        QVERIFY2(describe(*late->error).contains(m_cluster->address(3)), qPrintable(describe(*late->error)));
        const RunSnapshotPtr forced =
            m_operator->run(FailoverRequest{.replicaId = replica, .mode = FailoverRequest::Mode::Force}, true);
        (**m_cluster).pauseNode(0, false);
        VERIFY_DONE(forced);
        QVERIFY(m_operator->look()->node(replica)->primary);
    }

    void aLostMajorityNeedsTakeover()
    {
        startCluster();
        (**m_cluster).killNode(0);
        (**m_cluster).killNode(1);
        const QByteArray replica = m_operator->idAt(m_cluster->address(3));
        QTRY_VERIFY_WITH_TIMEOUT(!m_operator->look()->unserved.isEmpty(), 20000);
        const auto forced =
            m_operator->plan(FailoverRequest{.replicaId = replica, .mode = FailoverRequest::Mode::Force});
        QVERIFY(forced && !refusals(*forced).isEmpty()); // refused because no majority of primaries could vote
        for (int i = 3; i < 5; ++i)
            VERIFY_DONE(m_operator->run(FailoverRequest{.replicaId = m_operator->idAt(m_cluster->address(i)),
                                                        .mode = FailoverRequest::Mode::Takeover},
                                        true));
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->unserved.isEmpty(), 20000);
        QVERIFY(QCoro::waitFor((**m_cluster).restartNode(0)));
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))
                                     && !m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->primary,
                                 20000); // the old primary returns as a replica
    }

    void guardsWhatTheServerDoesNot()
    {
        startCluster();
        const QByteArray owner = m_operator->idAt(m_cluster->address(0));
        for (const OperationRequest &request :
             {OperationRequest(ForgetRequest{.nodeId = owner}), OperationRequest(ResetRequest{.nodeId = owner}),
              OperationRequest(
                  ReplicateRequest{.nodeId = owner, .primaryId = m_operator->idAt(m_cluster->address(1))})}) {
            const auto plan = m_operator->plan(request);
            QVERIFY(plan);
            QVERIFY2(!refusals(*plan).isEmpty(), qPrintable(plan->title));
            QCOMPARE(int(m_operator->run(*plan)->state), int(RunState::Failed));
        }
        QVERIFY(m_operator->look()->uncovered.isEmpty());
        // Meeting a node of another cluster would merge both clusters.
        startSpare(1);
        QVERIFY(m_spare->run(0, {"CLUSTER", "ADDSLOTSRANGE", "0", "10"}));
        const auto meet = m_operator->plan(MeetRequest{.endpoint = (*m_spare)->nodes()[0].endpoint});
        QVERIFY(meet && !refusals(*meet).isEmpty());
    }

    /// The cluster may change while the user decides whether to run a plan, so the plan is checked again before its
    /// run.
    void aPlanThatIsTooOldIsNotRun()
    {
        startCluster();
        const auto plan = m_operator->plan(FailoverRequest{.replicaId = m_operator->idAt(m_cluster->address(3))});
        QVERIFY(plan && !plan->isRefused());
        const QByteArray other = m_operator->idAt(m_cluster->address(1));
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "7", "MIGRATING", other}));
        const RunSnapshotPtr run = m_operator->run(*plan);
        QCOMPARE(run->state, RunState::Failed);
        QVERIFY2(describe(*run->error).contains(m_cluster->address(0)), complaint(run).constData());
        QVERIFY(m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->primary);
        QVERIFY(m_cluster->run(0, {"CLUSTER", "SETSLOT", "7", "STABLE"}));
        VERIFY_DONE(m_operator->run(*plan)); // the cluster is again as it was when the plan was made
    }

    /// A node whose removal failed when it was empty may own slots by the time the removal is resumed.
    void aRemovalIsNotResumedOnceTheNodeOwnsSlots()
    {
        startCluster();
        const QByteArray leaving = m_operator->idAt(m_cluster->address(0));
        for (int i = 0; i < 6; ++i)
            QVERIFY(m_cluster->run(i, {"CONFIG", "SET", "cluster-allow-replica-migration", "no"}));
        const auto plan = m_operator->plan(RemoveNodeRequest{.nodeId = leaving});
        QVERIFY(plan && !plan->isRefused());
        for (int i = 0; i < 6; ++i)
            QVERIFY(m_cluster->run(i, {"ACL", "SETUSER", "default", "-cluster|forget"}));
        const RunSnapshotPtr failed = m_operator->run(*plan);
        QCOMPARE(int(failed->state), int(RunState::Failed));
        for (int i = 0; i < 6; ++i)
            QVERIFY(m_cluster->run(i, {"ACL", "SETUSER", "default", "+cluster|forget"}));
        ReshardRequest back;
        back.sources = {m_operator->idAt(m_cluster->address(1))};
        back.target = leaving;
        back.count = 10;
        VERIFY_DONE(m_operator->run(back));
        OperationRun later(*failed, m_operator->target(), m_operator->sharedSession(),
                           {.journalFolder = m_operator->journalFolder()});
        const RunSnapshotPtr resumed = QCoro::waitFor(later.run());
        QCOMPARE(int(resumed->state), int(RunState::Failed));
        QVERIFY2(describe(*resumed->error).contains(u"owns 10 slots"), complaint(resumed).constData());
        QVERIFY(m_operator->look()->uncovered.isEmpty());
    }

    void aDeadShardIsOnlyGivenUpWithConsent()
    {
        startCluster();
        (**m_cluster).killNode(0);
        (**m_cluster).killNode(3);
        QTRY_VERIFY_WITH_TIMEOUT(m_operator->look()->node(m_operator->idAt(m_cluster->address(0)))->condition
                                     == NodeCondition::Failed,
                                 20000);
        const auto plain = m_operator->plan(FixRequest{});
        QVERIFY(plain && !refusals(*plain).isEmpty());
        QVERIFY(refusals(*plain).join(u' ').contains(m_cluster->address(0)));
        FixRequest assign;
        for (int slot = 0; slot <= 5460; ++slot)
            assign.assign.insert(quint16(slot), m_operator->idAt(m_cluster->address(1)));
        const auto plan = m_operator->plan(assign);
        QVERIFY(plan);
        QCOMPARE(refusals(*plan), QStringList());
        QVERIFY(!plan->dataLoss.isEmpty());
        const RunSnapshotPtr refused = m_operator->run(*plan);
        QCOMPARE(int(refused->state), int(RunState::Failed)); // without the user's consent nothing is done
        OperationRun later(*refused, m_operator->target(), m_operator->sharedSession(),
                           {.journalFolder = m_operator->journalFolder(), .dataLossAccepted = true});
        // refused, because this decision on slot owners was made for the cluster as it was then
        QCOMPARE(int(QCoro::waitFor(later.run())->state), int(RunState::Failed));
        QVERIFY(!m_operator->look()->unserved.isEmpty());
        VERIFY_DONE(m_operator->run(*plan, true));
        QVERIFY(m_operator->look()->unserved.isEmpty());
        QVERIFY(QCoro::waitFor(m_operator->session().execute(commandOf("SET", "after", "1"))));
    }

    void findsAndBringsBackOrphans()
    {
        startCluster();
        const QByteArray owner = m_operator->idAt(m_cluster->address(0));
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", "300", "IMPORTING", owner}));
        const auto link = QCoro::waitFor(m_operator->session().linkTo(m_operator->idAt(m_cluster->address(1))));
        QVERIFY(link);
        QByteArray tag;
        for (int i = 0; tag.isEmpty(); ++i)
            if (slotOfKey(QByteArray::number(i)) == 300)
                tag = QByteArray::number(i);
        const std::vector<Command> both{commandOf("ASKING"), commandOf("SET", "lost{" + tag + "}", "found")};
        QVERIFY(QCoro::waitFor(sendBoth(*link, both)));
        QVERIFY(m_cluster->run(1, {"CLUSTER", "SETSLOT", "300", "STABLE"}));
        OrphansRequest request;
        const auto list = m_operator->plan(request);
        QVERIFY(list && list->isEmpty());
        QCOMPARE(list->results.orphans.value(0).slot, 300);
        request.action = OrphansRequest::Action::Move;
        VERIFY_DONE(m_operator->run(request));
        const auto value = QCoro::waitFor(m_operator->session().execute(commandOf("GET", "lost{" + tag + "}")));
        QVERIFY(value);
        QCOMPARE(value->bytes(), "found"_ba);
        QVERIFY(m_operator->look()->openSlots.isEmpty());
    }

    void setsAndBacksUp()
    {
        startCluster();
        for (int i = 0; i < 500; ++i)
            QVERIFY(QCoro::waitFor(m_operator->session().execute(
                commandOf("SET", "key:" + QByteArray::number(i), QByteArray(1000, 'x')))));
        const auto sampled = [this](int node) {
            return m_cluster->run(node, {"CONFIG", "GET", "maxmemory-samples"})->items().back().bytes();
        };
        QVERIFY(m_cluster->run(2, {"CONFIG", "SET", "maxmemory-samples", "9"}));
        const RunSnapshotPtr set = m_operator->run(ConfigRequest{.name = "maxmemory-samples", .value = "7"});
        VERIFY_DONE(set);
        for (int i = 0; i < 6; ++i)
            QCOMPARE(sampled(i), "7"_ba);
        VERIFY_DONE(m_operator->run(undoOf(*set->plan).value()));
        for (int i = 0; i < 6; ++i)
            QCOMPARE(sampled(i), i == 2 ? "9"_ba : "5"_ba);
        const QString folder = m_operator->journalFolder() + u"/backup"_s;
        VERIFY_DONE(m_operator->run(BackupRequest{.folder = folder}));
        QFile manifest(folder + u"/manifest.json"_s);
        QVERIFY(manifest.open(QIODevice::ReadOnly));
        const QJsonArray files = QJsonDocument::fromJson(manifest.readAll())[u"files"].toArray();
        QCOMPARE(files.size(), 3);
        for (const QJsonValue &entry : files) {
            QFile file(folder + u'/' + entry[u"file"].toString());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.size(), entry[u"bytes"].toInteger());
            QCryptographicHash hash(QCryptographicHash::Sha256);
            QVERIFY(hash.addData(&file));
            QCOMPARE(QString::fromLatin1(hash.result().toHex()), entry[u"sha256"].toString());
        }
        // an existing backup is never overwritten
        const RunSnapshotPtr again = m_operator->run(BackupRequest{.folder = folder});
        QVERIFY(!again || again->state == RunState::Failed);
        VERIFY_DONE(m_operator->run(SaveRequest{}));
    }

private:
    /// Returns a request to create a cluster of the first `count` servers.
    CreateRequest createOf(int count) const
    {
        CreateRequest request;
        for (int i = 0; i < count; ++i) {
            NewNode node;
            node.endpoint = (*m_cluster)->nodes()[size_t(i)].endpoint;
            request.nodes.append(node);
        }
        return request;
    }
    static QCoro::Task<bool> sendBoth(NodeLink *link, std::vector<Command> commands)
    {
        const auto replies = co_await link->sendAll(commands);
        co_return replies && !replies->back().isError();
    }
    void startNodes(int count, const QStringList &arguments)
    {
        QFETCH_GLOBAL(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        options.primaries = count;
        options.replicasPerPrimary = 0;
        options.form = false;
        options.extraArguments = arguments;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    void startCluster(int nodeTimeoutMs = 2000)
    {
        QFETCH_GLOBAL(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        options.nodeTimeoutMs = nodeTimeoutMs;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        connectTo({0, 1, 2, 3, 4, 5});
    }
    void connectTo(const QList<int> &seeds)
    {
        m_operator = std::make_unique<Operator>(m_cluster->target(seeds));
        QVERIFY2(m_operator->connect(), qPrintable(m_operator->failure()));
    }
    void startSpare(int count)
    {
        QFETCH_GLOBAL(const QString, server);
        LocalClusterOptions options;
        options.serverPath = server;
        options.primaries = count;
        options.replicasPerPrimary = 0;
        options.form = false;
        m_spare = std::make_unique<TestCluster>(options);
        QVERIFY2(m_spare->start(), qPrintable(m_spare->failure()));
    }
    RunSnapshotPtr runCreate(const OperationPlan &plan)
    {
        OperationRun operation(plan, m_cluster->target({0}), nullptr, {.journalFolder = m_folder.path()});
        return QCoro::waitFor(operation.run());
    }
    RunSnapshotPtr create(const CreateRequest &request)
    {
        QList<Endpoint> endpoints;
        for (const NewNode &node : request.nodes)
            endpoints.append(node.endpoint);
        const auto facts = QCoro::waitFor(gatherOutside(endpoints, {}));
        const auto plan = facts ? makePlan(request, **facts) : Result<OperationPlan>(failure(facts.error()));
        return plan ? runCreate(*plan) : nullptr;
    }
    QString labelOf(const ClusterView &view, int node, int hosts) const
    {
        for (int i = 0; i < 6; ++i)
            if (m_cluster->address(i) == view.nodes[size_t(node)].address.toString())
                return QString::number(i % hosts);
        return {};
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestCluster> m_cluster, m_spare;
    std::unique_ptr<Operator> m_operator;
};

SLOTSCOPE_TEST(tst_Operations)
#include "tst_operations.moc"
