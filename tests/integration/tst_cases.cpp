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

SLOTSCOPE_TEST(TestCases)
#include "tst_cases.moc"
