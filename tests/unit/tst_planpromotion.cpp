// SPDX-License-Identifier: GPL-3.0-or-later
// Servers without cluster mode: a replica takes over, a copy is made, a setting is changed.
#include "tests/support/testmain.h"
#include "tests/unit/planfacts.h"

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestPlanPromotion final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void handsOver();
    void takesOverFromADeadOne();
    void isRefused_data();
    void isRefused();
    void anotherPrimaryIsLeftAlone();
    void whoIsMeantMustBeKnown();
    void anEmptyReplicaIsRefused();
    void backup();
    void needsACluster();
};

namespace {

/// A standalone primary with two replicas and without Sentinels.
struct Servers
{
    QByteArray version = "7.0.15";
    QByteArray link = "up";
    bool primaryAway = false;
    bool sentinels = false;

    [[nodiscard]] PlanFacts facts() const
    {
        std::vector<NodeObservation> list;
        const auto add = [&list](const QByteArray &address, const QByteArray &info, bool away) {
            NodeObservation one;
            one.id = address;
            one.standalone = true;
            one.reach.address = QString::fromLatin1(address);
            one.reach.state = away ? Reach::State::Waiting : Reach::State::Ready;
            one.info = std::make_shared<const ServerInfo>(*parseServerInfo(info));
            list.push_back(one);
        };
        const QByteArray head = "redis_version:" + version + "\nredis_mode:standalone\n";
        add("10.0.0.1:1",
            head
                + "role:master\nconnected_slaves:2\nslave0:ip=10.0.0.2,port=1,state=online,offset=1,lag=0\n"
                  "slave1:ip=10.0.0.3,port=1,state=online,offset=1,lag=0\n",
            primaryAway);
        for (const char *address : {"10.0.0.2:1", "10.0.0.3:1"})
            add(address, head + "role:slave\nmaster_host:10.0.0.1\nmaster_port:1\nmaster_link_status:" + link + '\n',
                false);
        PlanFacts made;
        auto view = std::make_shared<ClusterView>(buildView(list, made.names, 1'700'000'000'000));
        if (sentinels)
            view->sentinels = std::make_shared<const SentinelState>();
        made.facts.view = view;
        return made;
    }
    [[nodiscard]] OperationPlan plan(FailoverRequest::Mode mode, const QByteArray &node = "10.0.0.2:1") const
    {
        return facts().plan(FailoverRequest{.replicaId = node, .mode = mode});
    }
};

using Mode = FailoverRequest::Mode;

} // namespace

void TestPlanPromotion::handsOver()
{
    const OperationPlan plan = Servers().plan(Mode::Graceful);
    QCOMPARE(refusals(plan), u""_s);
    QVERIFY(plan.dataLoss.isEmpty());
    QCOMPARE(stepsOf(plan).join(u'|'),
             u"10.0.0.1:1: FAILOVER TO 10.0.0.2 1 TIMEOUT 10000|wait primary 10.0.0.2:1|"
             "10.0.0.3:1: REPLICAOF 10.0.0.2 1|wait links-up 10.0.0.1:1>10.0.0.3:1"_s);
}

void TestPlanPromotion::takesOverFromADeadOne()
{
    const OperationPlan plan = Servers{.link = "down", .primaryAway = true}.plan(Mode::Force);
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.dataLoss.size(), 2); // data that was not replicated, and data written since the link was down
    QVERIFY(warnings(plan).contains(u"The former primary cannot be reached"));
    QCOMPARE(stepsOf(plan).join(u'|'),
             u"10.0.0.2:1: REPLICAOF NO ONE|wait primary 10.0.0.2:1|10.0.0.3:1: REPLICAOF 10.0.0.2 1|"
             "wait links-up 10.0.0.3:1"_s);
}

void TestPlanPromotion::isRefused_data()
{
    QTest::addColumn<QString>("refused");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const OperationPlan &plan, const QString &why) {
        QTest::newRow(name) << refusals(plan) << why;
    };
    row("a primary", Servers().plan(Mode::Graceful, "10.0.0.1:1"), u"10.0.0.1:1 is already a primary"_s);
    row("no link", Servers{.link = "down"}.plan(Mode::Graceful),
        u"10.0.0.2:1 has no replication link to its primary"_s);
    row("dead, gracefully", Servers{.primaryAway = true}.plan(Mode::Graceful), u"Its primary does not answer"_s);
    row("old", Servers{.version = "5.0.7"}.plan(Mode::Graceful), u"10.0.0.1:1 has no FAILOVER command"_s);
    row("takeover", Servers().plan(Mode::Takeover), u"TAKEOVER is only for clusters"_s);
    row("sentinels", Servers{.sentinels = true}.plan(Mode::Graceful), u"Sentinels manage the primary here"_s);
}

void TestPlanPromotion::isRefused()
{
    QFETCH(const QString, refused);
    QTEST(refused, "why");
}

/// The connection also has a second primary, which was named as another seed. The promotion does not touch it.
void TestPlanPromotion::anotherPrimaryIsLeftAlone()
{
    PlanFacts facts = Servers().facts();
    std::vector<NodeObservation> list(facts.facts.view->observations.begin(), facts.facts.view->observations.end());
    NodeObservation other = list.front();
    other.id = "10.0.9.1:1"_ba;
    other.reach.address = u"10.0.9.1:1"_s;
    other.info = std::make_shared<const ServerInfo>(
        *parseServerInfo("redis_version:7.0.15\nredis_mode:standalone\nrole:master\nconnected_slaves:0\n"));
    list.push_back(other);
    facts.facts.view = std::make_shared<ClusterView>(buildView(list, facts.names, 1'700'000'000'000));
    for (const Mode mode : {Mode::Graceful, Mode::Force}) {
        const OperationPlan plan = facts.plan(FailoverRequest{.replicaId = "10.0.0.2:1"_ba, .mode = mode});
        QVERIFY2(!stepsOf(plan).join(u'|').contains(u"10.0.9.1"), qPrintable(stepsOf(plan).join(u'|')));
        QVERIFY2(warnings(plan).contains(u"10.0.9.1:1 is a separate primary"), qPrintable(warnings(plan)));
    }
}

/// All servers use the same port and are reached by host name, so the primary's list of replicas does not tell which is
/// which.
void TestPlanPromotion::whoIsMeantMustBeKnown()
{
    PlanFacts facts = Servers().facts();
    std::vector<NodeObservation> list(facts.facts.view->observations.begin(), facts.facts.view->observations.end());
    for (NodeObservation &one : list)
        if (one.id != "10.0.0.1:1") {
            one.id = one.id == "10.0.0.2:1" ? "redis-b:1"_ba : "redis-c:1"_ba;
            one.reach.address = QString::fromLatin1(one.id);
        }
    facts.facts.view = std::make_shared<ClusterView>(buildView(list, facts.names, 1'700'000'000'000));
    const OperationPlan plan = facts.plan(FailoverRequest{.replicaId = "redis-b:1"_ba, .mode = Mode::Force});
    QCOMPARE(refusals(plan), u"It is not known at which address others reach redis-b:1"_s);
}

void TestPlanPromotion::anEmptyReplicaIsRefused()
{
    PlanFacts facts = Servers{.link = "down"}.facts();
    std::vector<NodeObservation> list(facts.facts.view->observations.begin(), facts.facts.view->observations.end());
    auto info = std::make_shared<ServerInfo>(*list.front().info);
    info->keys = 1000;
    list.front().info = info;
    facts.facts.view = std::make_shared<ClusterView>(buildView(list, facts.names, 1'700'000'000'000));
    const OperationPlan plan = facts.plan(FailoverRequest{.replicaId = "10.0.0.2:1"_ba, .mode = Mode::Force});
    QVERIFY2(refusals(plan).contains(u"10.0.0.2:1 contains no keys"), qPrintable(refusals(plan)));
}

void TestPlanPromotion::backup()
{
    PlanFacts facts = Servers().facts();
    facts.facts.folder.emplace();
    const OperationPlan plan = facts.plan(BackupRequest{.folder = u"/tmp/x"_s});
    QCOMPARE(refusals(plan), u""_s);
    QCOMPARE(plan.steps.size(), 1);
    QCOMPARE(plan.steps[0].nodes.value(0).id, "10.0.0.1:1"_ba);
    PlanFacts dead = Servers{.primaryAway = true}.facts();
    dead.facts.folder.emplace();
    const OperationPlan other = dead.plan(BackupRequest{.folder = u"/tmp/x"_s});
    QCOMPARE(refusals(other), u""_s);
    QCOMPARE(other.steps[0].nodes.value(0).id, "10.0.0.2:1"_ba);
}

void TestPlanPromotion::needsACluster()
{
    PlanFacts facts = Servers().facts();
    QVERIFY(facts.plan(ReshardRequest{.target = "10.0.0.1:1"}).title.startsWith(u"error: this is not a cluster"));
}

SLOTSCOPE_TEST(TestPlanPromotion)
#include "tst_planpromotion.moc"
