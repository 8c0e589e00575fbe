// SPDX-License-Identifier: GPL-3.0-or-later
// What people of the field have met: clusters in the odd states that their servers, their rights and their networks
// bring about, and what is said and offered there.
#include "support/operating.h"

#include "core/base/errortext.h"
#include "core/cluster/slot.h"
#include "core/operations/migration/keymover.h"
#include "core/operations/facts/waiting.h"
#include "core/operations/migration/slotmover.h"
#include "tests/support/fakeserver.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTcpServer>

using namespace slotscope;
using namespace slotscope::test;
using namespace Qt::StringLiterals;

class TestCases final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fewRights();
    void rightsBeforeThePlan();
    void masterauthIsMissing();
    void linkThatDoesNotComeUp();
    void failoverThatIsGivenUp();
    void newNodeWithoutPassword();
    void fewerDatabases();
    void homeFromFewerDatabases_data();
    void homeFromFewerDatabases();
    void keyThatStays();
    void restartedWithoutItsTable();
    void allUnderNewPorts();
    void standalonePrimaryIsDead();
    void clonedNode();
};

namespace {

#define START(cluster) QVERIFY2((cluster).start(), qPrintable((cluster).failure()))
#define CONNECT(person) QVERIFY2((person).connect(), qPrintable((person).failure()))

const Finding *findingOf(const ClusterView &view, Finding::Kind kind)
{
    const auto found = std::find_if(view.findings.begin(), view.findings.end(),
                                    [kind](const Finding &finding) { return finding.kind == kind; });
    return found == view.findings.end() ? nullptr : &*found;
}

/// Options of a cluster whose nodes require a password and use the same one as masterauth.
LocalClusterOptions withPassword()
{
    LocalClusterOptions options;
    options.replicasPerPrimary = 1;
    options.credentials.password = u"secret"_s;
    options.extraArguments = {u"--requirepass"_s, u"secret"_s, u"--masterauth"_s, u"secret"_s};
    return options;
}

QCoro::Task<Result<std::vector<Value>>> sendAll(NodeLink *link, std::vector<Command> commands)
{
    auto replies = co_await link->sendAll(commands);
    co_return replies;
}

LocalClusterOptions primariesWith(int replicas)
{
    LocalClusterOptions options;
    options.replicasPerPrimary = replicas;
    return options;
}

/// Creates a user with these ACL rules on every node, and returns the target that connects as this user.
ConnectionTarget asUser(TestCluster &cluster, const QByteArrayList &rights)
{
    ConnectionTarget target;
    for (size_t i = 0; i < cluster->nodes().size(); ++i) {
        const Command grant = commandOf("ACL", "SETUSER", "few", "reset", "on", ">pass", "~*", "&*") + rights;
        if (!cluster.run(int(i), grant))
            return {};
        target.seeds.append(cluster->nodes()[i].endpoint);
    }
    target.credentials = {.user = u"few"_s, .password = u"pass"_s};
    return target;
}

} // namespace

void TestCases::fewRights()
{
    TestCluster cluster(primariesWith(0));
    START(cluster);
    Operator person(asUser(cluster, {"+info", "+ping", "+cluster|info"}));
    CONNECT(person);
    const ClusterViewPtr view = person.look();
    QVERIFY(view && !view->slotsKnown && !view->agreed);
    QCOMPARE(view->health(), Severity::Error);
    const Finding *finding = findingOf(*view, Finding::Kind::NotLearnt);
    QVERIFY(finding && finding->advice.contains(u"+cluster|nodes"));
    for (const NodeState &node : view->nodes)
        QVERIFY(node.primary && node.roleKnown); // the role is known from INFO
    const auto plan = person.plan(ForgetRequest{.nodeId = view->nodes.front().id});
    QVERIFY(plan && plan->isRefused());
    for (const PlanCheck &check : plan->checks)
        QVERIFY2(check.verdict != PlanCheck::Verdict::Pass, qPrintable(check.title));
}

void TestCases::rightsBeforeThePlan()
{
    TestCluster cluster(primariesWith(0));
    START(cluster);
    {
        Operator person(asUser(cluster, {"+@read", "+info", "+ping", "+cluster|nodes", "+cluster|info"}));
        CONNECT(person);
        const ReshardRequest request{.target = person.idAt(cluster.address(0)), .slots = SlotSet{{16000, 16010}}};
        const auto plan = person.plan(request);
        QVERIFY(plan);
        const QString refused = refusals(*plan).join(u'|');
        for (const QString &command : {u"MIGRATE"_s, u"CLUSTER SETSLOT"_s, u"RESTORE-ASKING"_s})
            QVERIFY2(refused.contains(command), qPrintable(refused));
        QCOMPARE(plan->estimate.keys, -1); // unknown, because the keys could not be counted
    }
    Operator person(asUser(cluster, {"+@all", "-migrate"}));
    CONNECT(person);
    const ReshardRequest request{.target = person.idAt(cluster.address(0)), .slots = SlotSet{{16000, 16010}}};
    const auto plan = person.plan(request);
    QVERIFY(plan);
    QCOMPARE(refusals(*plan).size(), 1);
    QVERIFY2(refusals(*plan).first().startsWith(u"The user few may not run MIGRATE on "_s + cluster.address(2)),
             qPrintable(refusals(*plan).first()));
    QCOMPARE(plan->estimate.keys, 0);
}

void TestCases::masterauthIsMissing()
{
    TestCluster cluster(withPassword());
    START(cluster);
    ConnectionTarget target = cluster.target({0, 1, 2, 3, 4, 5});
    target.credentials.password = u"secret"_s;
    Operator person(target);
    CONNECT(person);
    const QByteArray primary = person.idAt(cluster.address(0));
    QByteArray replica;
    const ClusterViewPtr view = person.look();
    for (const NodeState &node : view->nodes)
        if (node.primaryId == primary)
            replica = node.id;
    const auto good = person.plan(FailoverRequest{.replicaId = replica});
    QVERIFY(good && !good->isRefused());
    QVERIFY(QCoro::waitFor(person.session().call(commandOf("CONFIG", "SET", "masterauth", ""),
                                                 {.kind = NodeSelection::Kind::Node, .nodeId = primary})));
    const auto plan = person.plan(FailoverRequest{.replicaId = replica});
    QVERIFY(plan);
    QVERIFY2(refusals(*plan).join(u'|').contains(u"it has no masterauth, but the primary requires a password"),
             qPrintable(refusals(*plan).join(u'|')));
}

/// The former primary's masterauth becomes wrong between plan and run, so it cannot replicate after the failover. The
/// error says that the failover happened and why the replication link is down.
void TestCases::linkThatDoesNotComeUp()
{
    TestCluster cluster(withPassword());
    START(cluster);
    ConnectionTarget target = cluster.target({0, 1, 2, 3, 4, 5});
    target.credentials.password = u"secret"_s;
    Operator person(target);
    CONNECT(person);
    const QByteArray primary = person.idAt(cluster.address(0));
    const ClusterViewPtr view = person.look();
    const auto state = std::find_if(view->nodes.begin(), view->nodes.end(),
                                    [&](const NodeState &node) { return node.primaryId == primary; });
    const QByteArray replica = state->id;
    auto plan = person.plan(FailoverRequest{.replicaId = replica});
    QVERIFY(plan && !plan->isRefused());
    QVERIFY(QCoro::waitFor(person.session().call(commandOf("CONFIG", "SET", "masterauth", "wrong"),
                                                 {.kind = NodeSelection::Kind::Node, .nodeId = primary})));
    for (PlanStep &step : plan->steps)
        step.deadlineMs = 2000;
    const RunSnapshotPtr run = person.run(*plan);
    QVERIFY(run && run->error);
    QCOMPARE(int(run->error->code), int(Error::Code::NotReached));
    const QString said = describe(*run->error);
    for (const QString &part : {u"is the primary now"_s, u"master_link_status:down"_s,
                                u"its masterauth is not the password that the primary requires"_s})
        QVERIFY2(said.contains(part), qPrintable(said));
    // The failover happened and can be rolled back.
    const auto back = rollBackOf(*run, *person.look());
    QVERIFY(back && std::holds_alternative<FailoverRequest>(*back));
    QCOMPARE(std::get<FailoverRequest>(*back).replicaId, primary);
}

/// The replica cannot catch up, so the server aborts the manual failover after five seconds. Then replication works
/// again and the next attempt succeeds.
void TestCases::failoverThatIsGivenUp()
{
    LocalClusterOptions options = withPassword();
    options.nodeTimeoutMs = 15000;
    TestCluster cluster(options);
    START(cluster);
    ConnectionTarget target = cluster.target({0, 1, 2, 3, 4, 5});
    target.credentials.password = u"secret"_s;
    Operator person(target);
    CONNECT(person);
    const QByteArray primary = person.idAt(cluster.address(0));
    const ClusterViewPtr view = person.look();
    const auto state = std::find_if(view->nodes.begin(), view->nodes.end(),
                                    [&](const NodeState &node) { return node.primaryId == primary; });
    const auto plan = person.plan(FailoverRequest{.replicaId = state->id});
    QVERIFY(plan && !plan->isRefused());
    const NodeSelection there{.kind = NodeSelection::Kind::Node, .nodeId = state->id};
    const NodeSelection source{.kind = NodeSelection::Kind::Node, .nodeId = primary};
    QVERIFY(QCoro::waitFor(person.session().call(commandOf("CONFIG", "SET", "masterauth", "wrong"), there)));
    QVERIFY(QCoro::waitFor(person.session().call(commandOf("CLIENT", "KILL", "TYPE", "replica"), source)));
    QTRY_VERIFY(!nodeAt(*person.look(), state->address.toString())->info->primaryLinkUp.value_or(true));
    // Some of these keys belong to the shard, and its disconnected replica does not receive them.
    for (int i = 0; i < 60; ++i)
        QVERIFY(QCoro::waitFor(person.session().execute(commandOf("SET", "k" + QByteArray::number(i), "v"))));
    OperationRun run(*plan, target, person.sharedSession(), {.journalFolder = person.journalFolder()});
    bool mended = false;
    QObject::connect(&run, &OperationRun::changed, &run, [&](const RunSnapshotPtr &now) {
        if (!mended && !now->log.isEmpty() && now->log.constLast().text.contains(u"next and last attempt")) {
            mended = true;
            std::ignore = person.session().call(commandOf("CONFIG", "SET", "masterauth", "secret"), there);
        }
    });
    const RunSnapshotPtr last = QCoro::waitFor(run.run());
    VERIFY_DONE(last);
    QVERIFY(mended);
}

void TestCases::newNodeWithoutPassword()
{
    TestCluster cluster(withPassword());
    START(cluster);
    LocalClusterOptions single;
    single.primaries = 1;
    single.replicasPerPrimary = 0;
    single.form = false;
    TestCluster other(single);
    START(other);
    ConnectionTarget target = cluster.target({0, 1, 2});
    target.credentials.password = u"secret"_s;
    Operator person(target);
    CONNECT(person);
    AddNodeRequest request;
    request.endpoint = other->nodes().front().endpoint;
    const auto plan = person.plan(request);
    QVERIFY(plan);
    QVERIFY2(warnings(*plan).join(u'|').contains(u"requires no password, but the cluster does"),
             qPrintable(warnings(*plan).join(u'|')));
    request.asReplica = true; // as a replica, the new node could not read the primary's data either
    const auto asReplica = person.plan(request);
    QVERIFY(asReplica);
    QVERIFY2(refusals(*asReplica).join(u'|').contains(u"it has no masterauth"),
             qPrintable(refusals(*asReplica).join(u'|')));
}

/// In Valkey 9 a cluster may have several databases, and nodes may have different numbers of them.
void TestCases::fewerDatabases()
{
    const auto servers = serversFound();
    const auto valkey = std::find_if(servers.begin(), servers.end(),
                                     [](const auto &server) { return server.first.startsWith("valkey-9"); });
    if (valkey == servers.end())
        QSKIP("Valkey 9 was not unpacked (tests/support/servers.sh)");
    LocalClusterOptions options = primariesWith(0);
    options.serverPath = valkey->second;
    int started = 0;
    options.argumentsAt = [&started](quint16) {
        return QStringList{u"--cluster-databases"_s, started++ % 3 == 0 ? u"1"_s : u"16"_s};
    };
    TestCluster cluster(options);
    START(cluster);
    Operator person(cluster.target({0, 1, 2}));
    CONNECT(person);
    ReshardRequest request;
    request.target = person.idAt(cluster.address(0));
    request.slots = SlotSet{{16000, 16010}};
    const auto allowed = person.plan(request);
    QVERIFY(allowed && !allowed->isRefused());
    QVERIFY2(warnings(*allowed).join(u'|').contains(u"has 16 databases"), qPrintable(warnings(*allowed).join(u'|')));
    // Any keys whose slots belong to the third node will do.
    const auto link = QCoro::waitFor(person.session().linkTo(person.idAt(cluster.address(2))));
    QVERIFY(link);
    for (int i = 0; i < 20; ++i) {
        const std::vector<Command> one{commandOf("SELECT", "5"), commandOf("SET", "tag" + QByteArray::number(i), "v"),
                                       commandOf("SELECT", "0")};
        QVERIFY(QCoro::waitFor(sendAll(*link, one)));
    }
    const auto refused = person.plan(request);
    QVERIFY(refused);
    QVERIFY2(refusals(*refused).join(u'|').contains(u"has keys in database 5"),
             qPrintable(refusals(*refused).join(u'|')));
}

void TestCases::homeFromFewerDatabases_data()
{
    QTest::addColumn<bool>("byFix");
    QTest::newRow("roll-back") << false;
    QTest::newRow("fix") << true;
}

/// During the run, a key turns up in a database that the target does not have. The slots can be moved back.
void TestCases::homeFromFewerDatabases()
{
    QFETCH(const bool, byFix);
    const auto servers = serversFound();
    const auto valkey = std::find_if(servers.begin(), servers.end(),
                                     [](const auto &server) { return server.first.startsWith("valkey-9"); });
    if (valkey == servers.end())
        QSKIP("Valkey 9 was not unpacked (tests/support/servers.sh)");
    LocalClusterOptions options = primariesWith(0);
    options.serverPath = valkey->second;
    int started = 0;
    options.argumentsAt = [&started](quint16) {
        return QStringList{u"--cluster-databases"_s, started++ % 3 == 0 ? u"1"_s : u"16"_s};
    };
    TestCluster cluster(options);
    START(cluster);
    Operator person(cluster.target({0, 1, 2}));
    CONNECT(person);
    const QByteArray source = person.idAt(cluster.address(2));
    const SlotSet owned = person.look()->node(source)->slots;
    ReshardRequest request;
    request.target = person.idAt(cluster.address(0));
    request.slots = owned.intersected(SlotSet{{16000, 16383}});
    request.migration.method = MigrationMethod::Classic;
    const auto plan = person.plan(request);
    QVERIFY(plan && !plan->isRefused());
    const auto link = QCoro::waitFor(person.session().linkTo(source));
    QVERIFY(link);
    QByteArrayList keys;
    for (int i = 0; keys.size() < 40; ++i) {
        const QByteArray key = "k" + QByteArray::number(i);
        if (!request.slots.contains(slotOfKey(key)))
            continue;
        keys.append(key);
        const std::vector<Command> write{commandOf("SET", key, "v0"), commandOf("SELECT", "5"),
                                         commandOf("SET", key, "v5"), commandOf("SELECT", "0")};
        QVERIFY(QCoro::waitFor(sendAll(*link, write)));
    }
    const RunSnapshotPtr run = person.run(*plan);
    QVERIFY(run && run->error);
    QVERIFY2(describe(*run->error).contains(u"DB index is out of range"), qPrintable(describe(*run->error)));
    QVERIFY(!isTransient(*run->error) && !run->leftOpen.isEmpty());
    if (byFix) {
        VERIFY_DONE(person.run(FixRequest{}));
    } else {
        const auto back = rollBackOf(*run, *person.look());
        QVERIFY(back);
        VERIFY_DONE(person.run(*back));
    }
    const ClusterViewPtr view = person.look();
    QVERIFY(view->openSlots.isEmpty());
    QVERIFY(view->node(source)->slots.contains(slotOfKey(keys.front())));
    for (const QByteArray &key : std::as_const(keys)) {
        if (!view->node(source)->slots.contains(slotOfKey(key)))
            continue; // the slot belongs to a group that had already moved
        const std::vector<Command> read{commandOf("GET", key), commandOf("SELECT", "5"), commandOf("GET", key),
                                        commandOf("SELECT", "0")};
        const auto replies = QCoro::waitFor(sendAll(*link, read));
        QVERIFY(replies);
        QCOMPARE((*replies)[0].bytes(), "v0"_ba);
        QCOMPARE((*replies)[2].bytes(), "v5"_ba);
    }
}

/// Uses a fake server, because no real server replies OK to MIGRATE and keeps the key.
void TestCases::keyThatStays()
{
    int calls = 0;
    FakeServer source([&calls](const QByteArrayList &command) -> QByteArray {
        if (command.value(0) == "MIGRATE") {
            ++calls;
            return "+OK\r\n";
        }
        return command.value(1) == "GETKEYSINSLOT" ? "*1\r\n$1\r\nk\r\n" : ":1\r\n";
    });
    ConnectionOptions options;
    options.endpoint = source.endpoint();
    const auto link = std::make_shared<NodeLink>(options);
    link->start();
    QTRY_VERIFY(link->isReady());
    const auto moves = std::make_shared<KeyMoves>();
    moves->route = std::make_shared<KeyRoute>();
    moves->route->source.address = source.endpoint().toString();
    moves->route->databases.push_back({.number = 0, .link = link});
    moves->route->room = std::make_shared<InFlightLimit>(1000);
    moves->slots = {slotOfKey("k")};
    const auto moved = QCoro::waitFor(moveKeys(std::make_shared<RunContext>(), moves));
    QVERIFY(!moved && !isTransient(moved.error()));
    QVERIFY2(describe(moved.error()).contains(u"still has the key"), qPrintable(describe(moved.error())));
    QVERIFY(calls < 10);
}

/// A node restarts without its nodes.conf and so with a new id. Its slots stay assigned to its old id, a node without
/// an address. After MEET and a fix, the slots and their keys belong to the new id.
void TestCases::restartedWithoutItsTable()
{
    LocalClusterOptions options = primariesWith(0);
    options.extraArguments = {u"--appendonly"_s, u"no"_s, u"--save"_s, u""_s};
    TestCluster cluster(options);
    START(cluster);
    Operator writer(cluster.target({0}));
    CONNECT(writer);
    for (int i = 0; i < 100; ++i)
        QVERIFY(QCoro::waitFor(writer.session().execute(commandOf("SET", "k" + QByteArray::number(i), "v"))));
    QVERIFY(cluster.run(1, {"SAVE"}));
    const qint64 keys = cluster.run(1, {"DBSIZE"})->toInteger();
    QVERIFY(keys > 0);
    cluster->killNode(1);
    const QString folder = cluster->folder() + u"/node-2/"_s;
    QVERIFY(QFile::remove(folder + u"nodes.conf"_s));
    QVERIFY(QCoro::waitFor(cluster->restartNode(1)));

    Operator person(cluster.target({0, 2}));
    CONNECT(person);
    QTRY_VERIFY(hasFinding(*person.look(), Finding::Kind::NoAddress));
    const ClusterViewPtr broken = person.look();
    QCOMPARE(broken->health(), Severity::Error);
    const Finding *ghost = findingOf(*broken, Finding::Kind::NoAddress);
    QVERIFY2(!ghost->slots.isEmpty() && !ghost->advice.contains(u"Remove it"), qPrintable(ghost->advice));
    const QByteArray former = ghost->nodes.front();
    const auto forget = person.plan(ForgetRequest{.nodeId = former});
    QVERIFY(forget && forget->isRefused());
    const auto hopeless = person.plan(FixRequest{});
    QVERIFY(hopeless && hopeless->isRefused());

    MeetRequest meet;
    meet.endpoint = cluster->nodes()[1].endpoint;
    VERIFY_DONE(person.run(meet));
    QCOMPARE(cluster.run(1, {"DBSIZE"})->toInteger(), keys); // the node still has its keys
    FixRequest fix;
    const SlotSet left = person.look()->node(former)->slots;
    const QByteArray id = person.idAt(cluster.address(1));
    for (const quint16 slot : left.toList())
        fix.assign[slot] = id;
    VERIFY_DONE(person.run(fix, true));
    QTRY_VERIFY(person.look()->unserved.isEmpty() && person.look()->uncovered.isEmpty());
    for (int i = 0; i < 100; ++i)
        QCOMPARE(QCoro::waitFor(person.session().execute(commandOf("GET", "k" + QByteArray::number(i))))->bytes(),
                 "v"_ba);
}

void TestCases::allUnderNewPorts()
{
    TestCluster cluster(primariesWith(1));
    START(cluster);
    const size_t count = cluster->nodes().size();
    for (size_t i = 0; i < count; ++i)
        cluster->killNode(int(i));
    for (size_t i = 0; i < count; ++i) {
        QTcpServer claim; // finds a free port whose bus port is free too
        QTcpServer bus;
        for (int tries = 0; tries < 100 && !bus.isListening(); ++tries) {
            claim.close();
            QVERIFY(claim.listen(QHostAddress::LocalHost));
            if (claim.serverPort() < 55000)
                bus.listen(QHostAddress::LocalHost, quint16(claim.serverPort() + 10000));
        }
        const quint16 port = claim.serverPort();
        claim.close();
        bus.close();
        QVERIFY(QCoro::waitFor(cluster->restartNode(int(i), port)));
    }
    Operator person(cluster.target({0, 1, 2, 3, 4, 5}));
    CONNECT(person);
    QTRY_VERIFY(hasFinding(*person.look(), Finding::Kind::Readdressed));
    const ClusterViewPtr lost = person.look();
    QCOMPARE(lost->nodes.size(), count);
    QVERIFY(!hasFinding(*lost, Finding::Kind::NoQuorum)); // only one finding is shown: the one that leads to the repair
    QVERIFY(nodeAt(*lost, cluster.address(0))); // the node is listed by the address at which it answers
    ReshardRequest reshard;
    reshard.target = person.idAt(cluster.address(0));
    reshard.count = 10;
    const auto refused = person.plan(reshard);
    QVERIFY(refused);
    QVERIFY2(refusals(*refused).join(u'|').contains(u"Other nodes do not reach"),
             qPrintable(refusals(*refused).join(u'|')));
    VERIFY_DONE(person.run(FixRequest{}));
    QTRY_COMPARE(person.look()->health(), Severity::Note); // one note remains: all nodes are on one host
}

void TestCases::standalonePrimaryIsDead()
{
    LocalClusterOptions options = primariesWith(0);
    options.clusterMode = false;
    options.primaries = 1;
    options.replicasPerPrimary = 1;
    TestCluster pair(options);
    START(pair);
    pair->killNode(0);
    Operator person(pair.target({0, 1}));
    CONNECT(person);
    QTRY_COMPARE(person.look()->nodes.size(), size_t(2));
    QTRY_COMPARE(person.look()->health(), Severity::Error);
    const Finding *finding = findingOf(*person.look(), Finding::Kind::UnreachableFromHere);
    QVERIFY2(finding && finding->title.contains(pair.address(0)), finding ? qPrintable(finding->title) : "none");
}

/// A server's data folder was copied with its nodes.conf, so two servers have the same node id.
void TestCases::clonedNode()
{
    LocalClusterOptions options = primariesWith(0);
    options.form = false;
    TestCluster servers(options);
    START(servers);
    servers->killNode(2);
    const QString folder = servers->folder();
    QVERIFY(QFile::remove(folder + u"/node-3/nodes.conf"_s));
    QVERIFY(QFile::copy(folder + u"/node-2/nodes.conf"_s, folder + u"/node-3/nodes.conf"_s));
    QVERIFY(QCoro::waitFor(servers->restartNode(2)));
    CreateRequest request;
    QList<Endpoint> endpoints;
    for (const LocalCluster::Node &node : servers->nodes()) {
        request.nodes.append(NewNode{.endpoint = node.endpoint});
        endpoints.append(node.endpoint);
    }
    const auto facts = QCoro::waitFor(gatherOutside(endpoints, {}));
    QVERIFY(facts);
    const auto plan = makePlan(request, **facts);
    QVERIFY(plan);
    QVERIFY2(refusals(*plan).join(u'|').contains(u"are two servers with the same node id"),
             qPrintable(refusals(*plan).join(u'|')));
    QVERIFY(refusals(*plan).join(u'|').contains(u"CLUSTER RESET HARD"));
    QVERIFY(servers.run(2, {"CLUSTER", "RESET", "HARD"}));
    const auto mended = makePlan(request, **QCoro::waitFor(gatherOutside(endpoints, {})));
    QVERIFY2(mended && !mended->isRefused(), mended ? qPrintable(refusals(*mended).join(u'|')) : "");
}

SLOTSCOPE_TEST(TestCases)
#include "tst_cases.moc"
