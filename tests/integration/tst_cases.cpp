// SPDX-License-Identifier: GPL-3.0-or-later
// What people of the field have met: clusters in the odd states that their servers, their rights and their networks
// bring about, and what is said and offered there.
#include "support/operating.h"

#include "core/base/errortext.h"
#include "tests/support/testmain.h"

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

/// A cluster whose nodes ask for a password, and have it as their masterauth.
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

/// A user with these rights on every node, and the target that connects as them.
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
        QVERIFY(node.primary && node.roleKnown); // INFO tells it
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
        QCOMPARE(plan->estimate.keys, -1); // not counted is not 0
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
    QVERIFY2(refusals(*plan).join(u'|').contains(u"it has no masterauth, and a password is wanted there"),
             qPrintable(refusals(*plan).join(u'|')));
}

/// The former primary's masterauth goes between plan and run: the failover happens, and nobody says that it did not.
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
                                u"its masterauth is not the password that is wanted there"_s})
        QVERIFY2(said.contains(part), qPrintable(said));
    // it did happen, and can be taken back
    const auto back = rollBackOf(*run, *person.look());
    QVERIFY(back && std::holds_alternative<FailoverRequest>(*back));
    QCOMPARE(std::get<FailoverRequest>(*back).replicaId, primary);
}

/// The replica cannot catch up: the server gives the failover up after five seconds, and by then it can.
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
    for (int i = 0; i < 60; ++i) // some are of that shard, and the replica does not get them
        QVERIFY(QCoro::waitFor(person.session().execute(commandOf("SET", "k" + QByteArray::number(i), "v"))));
    OperationRun run(*plan, target, person.sharedSession(), {.journalFolder = person.journalFolder()});
    bool mended = false;
    QObject::connect(&run, &OperationRun::changed, &run, [&](const RunSnapshotPtr &now) {
        if (!mended && !now->log.isEmpty() && now->log.constLast().text.contains(u"tried once more")) {
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
    QVERIFY2(warnings(*plan).join(u'|').contains(u"wants no password, and the cluster does"),
             qPrintable(warnings(*plan).join(u'|')));
    request.asReplica = true; // and it would not get the data either
    const auto asReplica = person.plan(request);
    QVERIFY(asReplica);
    QVERIFY2(refusals(*asReplica).join(u'|').contains(u"it has no masterauth"),
             qPrintable(refusals(*asReplica).join(u'|')));
}

/// Valkey 9 may have several databases in a cluster, and not the same number on each node.
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
    // any of them that is of the third node will do
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

SLOTSCOPE_TEST(TestCases)
#include "tst_cases.moc"
