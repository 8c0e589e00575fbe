// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/clusterview.h"
#include "core/cluster/viewjson.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::StringLiterals;

class TestClusterView final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void healthy();
    void findings_data();
    void findings();
    void findingsOfOneNode_data();
    void findingsOfOneNode();
    void staleTablesDoNotCount();
    void keepsNumbersThroughFailover();
    void keepsNumbersThroughGracefulFailover();
    void rememberedNumbersAndNames();
    void anEmptyNode();
    void whoJustJoined();
    void aDeadPrimaryThatOneStillNamesIsNoShard();
    void theElectedSaysSoFirst();
    void anOwnerThatDoesNotClaimItsSlots();
    void disputeBecomesAnError();
    void openSlotsThatReplicasShowToo();
    void claimedTwice();
    void standalone();
    void whatNobodyTold();
    void restartedWithoutItsTable();
    void allStartedElsewhere();
    void replicaOfAReplica();
    void twoServersWithOneId();
    void namedAddresses();
    void oddTables();
    void ourFootprints();
    void lag();
    void lagNeedsFiguresOfOneMoment_data();
    void lagNeedsFiguresOfOneMoment();
    void oneServerByTwoNames();
    void thousandNodes();
};

namespace {

constexpr qint64 now = 1'700'000'000'000;
constexpr qint64 lastingMs = 2000; // after this time a problem is no longer taken for a passing one

const QByteArray healthyText = "aa 10.0.0.1:1@2 master - 0 0 1 connected 0-5460\n"
                               "bb 10.0.0.2:1@2 master - 0 0 2 connected 5461-10922\n"
                               "cc 10.0.0.3:1@2 master - 0 0 3 connected 10923-16383\n"
                               "dd 10.0.0.2:2@2 slave aa 0 0 1 connected\n"
                               "ee 10.0.0.3:2@2 slave bb 0 0 2 connected\n"
                               "ff 10.0.0.1:2@2 slave cc 0 0 3 connected\n";

NodeObservation observe(const QByteArray &id, QByteArray text, Reach::State state = Reach::State::Ready)
{
    const qsizetype at = text.indexOf(id + " 10");
    if (at >= 0)
        text.insert(text.indexOf(' ', at + id.size() + 1) + 1, "myself,");
    NodeObservation observation;
    observation.id = id;
    observation.reach.state = state;
    auto table = parseClusterNodes(text);
    Q_ASSERT(table);
    observation.table = std::make_shared<const NodesTable>(std::move(*table));
    observation.tableAt = now;
    return observation;
}

/// Returns observations in which all six nodes send `text`. The nodes in `away` no longer answer and keep the healthy
/// table as their last one.
std::vector<NodeObservation> all(const QByteArray &text, const QByteArrayList &away = {})
{
    std::vector<NodeObservation> list;
    for (const QByteArray &id : QByteArrayList{"aa", "bb", "cc", "dd", "ee", "ff"})
        list.push_back(away.contains(id) ? observe(id, healthyText, Reach::State::Waiting) : observe(id, text));
    return list;
}

QByteArray with(QByteArray from, QByteArray to)
{
    QByteArray text = healthyText;
    Q_ASSERT(text.contains(from));
    return text.replace(from, to);
}

QString listed(const ClusterView &view)
{
    QStringList list;
    for (const Finding &finding : view.findings)
        list.append(severityName(finding.severity) + u' ' + finding.kindName());
    return list.join(u", "_s);
}

} // namespace

void TestClusterView::healthy()
{
    ShardNames names;
    const ClusterView view = buildView(all(healthyText), names, now);
    QCOMPARE(listed(view), u""_s);
    QCOMPARE(view.health(), Severity::Ok);
    QVERIFY(view.agreed && view.cluster);
    QCOMPARE(view.observers, 6);
    QCOMPARE(view.shards.size(), size_t(3));
    QCOMPARE(view.covered, SlotSet::all());
    QStringList order;
    for (const NodeState &node : view.nodes)
        order.append(QString::fromLatin1(node.id));
    QCOMPARE(order.join(u' '), u"aa dd bb ee cc ff"_s);
    QCOMPARE(view.nodes[size_t(view.owner[5461])].id, "bb"_ba);
    QCOMPARE(view.shards[1].number, 2);
    QCOMPARE(peerReportsOf(view, "cc").size(), size_t(6));
}

void TestClusterView::findings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("away");
    QTest::addColumn<QString>("findings");
    QTest::addColumn<QString>("title");
    QTest::newRow("uncovered") << with("0-5460", "0-5000") << QByteArrayList{} << u"error uncovered-slots"_s
                               << u"5001-5460"_s;
    QTest::newRow("failed, not taken over")
        << with("1:1@2 master", "1:1@2 master,fail") << QByteArrayList{"aa"} << u"error node-failed"_s
        << u"10.0.0.2:2 and 4 others report 10.0.0.1:1 has failed; it owned slots 0-5460"_s;
    QTest::newRow("fail? and away") << with("1:1@2 master", "1:1@2 master,fail?") << QByteArrayList{"aa"}
                                    << u"error node-maybe-failed"_s << u"0-5460"_s;
    QTest::newRow("fail? but in reach") << with("1:1@2 master", "1:1@2 master,fail?") << QByteArrayList{}
                                        << u"warning node-maybe-failed"_s << u"0-5460"_s;
    QTest::newRow("taken over: only warnings")
        << with("1:1@2 master - 0 0 1 connected 0-5460", "1:1@2 master,fail - 0 0 1 disconnected")
               .replace("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460")
        << QByteArrayList{"aa"} << u"warning node-failed, warning no-replica"_s << u"no longer owns any slot"_s;
    QTest::newRow("failed replica") << with("2:2@2 slave", "2:2@2 slave,fail") << QByteArrayList{"dd"}
                                    << u"warning node-failed, warning no-replica"_s << u"replica"_s;
    QTest::newRow("a replica that may not stand")
        << with("2:2@2 slave", "2:2@2 slave,nofailover") << QByteArrayList{} << u"warning no-failover"_s
        << u"No replica takes over by itself from: 10.0.0.1:1"_s;
    QTest::newRow("unreachable from here")
        << healthyText << QByteArrayList{"dd"} << u"warning unreachable-from-here"_s << u"10.0.0.2:2"_s;
    QTest::newRow("no address was given") << healthyText + "99 :0@0 master,noaddr - 0 0 0 disconnected\n"
                                          << QByteArrayList{} << u"warning no-address"_s << u"99"_s;
    QTest::newRow("handshake") << healthyText + "98 10.0.0.9:1@2 handshake - 0 0 0 disconnected\n"
                               << QByteArrayList{} << u"warning stuck-handshake"_s << u"10.0.0.9:1"_s;
    QTest::newRow("same epoch") << with("0 0 2 connected 5461", "0 0 1 connected 5461") << QByteArrayList{}
                                << u"warning same-epoch"_s << u"epoch 1"_s;
}

void TestClusterView::findings()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArrayList, away);
    QFETCH(const QString, title);
    ShardNames names;
    (void)buildView(all(healthyText), names, now);
    (void)buildView(all(text, away), names, now);
    const ClusterView view = buildView(all(text, away), names, now + lastingMs);
    QTEST(listed(view), "findings");
    QVERIFY2(view.findings.constFirst().title.contains(title), qPrintable(view.findings.constFirst().title));
}

namespace {

/// One deviation from the healthy cluster, in one node's data or state, and the expected findings.
struct Case
{
    const char *name;
    void (*befall)(std::vector<NodeObservation> &observations);
    const char *findings;
};

NodeObservation partial(const QByteArray &id, const QByteArray &text, std::shared_ptr<const ServerInfo> info)
{
    NodeObservation observation = observe(id, text);
    observation.info = std::move(info);
    return observation;
}

std::shared_ptr<const ServerInfo> infoOf(const QByteArray &text)
{
    return std::make_shared<const ServerInfo>(*parseServerInfo(text));
}

constexpr Case cases[] = {
    {"no quorum",
     [](std::vector<NodeObservation> &observations) {
         observations =
             all(with("1:1@2 master", "1:1@2 master,fail").replace("2:1@2 master", "2:1@2 master,fail"), {"aa", "bb"});
     },
     "error node-failed, error node-failed, error no-quorum"},
    {"cluster state fail",
     [](std::vector<NodeObservation> &observations) { observations[0].clusterInfo.emplace().stateOk = false; },
     "error cluster-state-fail"},
    {"a bus link is missing",
     [](std::vector<NodeObservation> &observations) {
         observations[0] = observe("aa", with("2 connected 5461", "2 disconnected 5461"));
     },
     "warning one-way-link"},
    {"a bus link one way",
     [](std::vector<NodeObservation> &observations) {
         QList<ClusterLink> links(1);
         links[0].nodeId = "bb";
         links[0].outgoing = true;
         observations[0].links = std::make_shared<const QList<ClusterLink>>(links);
     },
     "warning one-way-link"},
    {"mixed versions",
     [](std::vector<NodeObservation> &observations) {
         observations[0] = partial("aa", healthyText, infoOf("redis_version:7.0.15\n"));
         observations[1] = partial("bb", healthyText, infoOf("redis_version:7.2.4\n"));
     },
     "note mixed-versions"},
    {"loading",
     [](std::vector<NodeObservation> &observations) {
         observations[3] = partial("dd", healthyText, infoOf("loading:1\n"));
     },
     "note loading"},
    {"access refused", [](std::vector<NodeObservation> &observations) { observations[3].refused = u"INFO: NOPERM"_s; },
     "warning access-refused"},
    {"one user with few rights on two nodes",
     [](std::vector<NodeObservation> &observations) {
         for (const size_t node : {1, 3}) {
             observations[node].refused = u"CLUSTER INFO: no permissions; INFO: no permissions"_s;
             observations[node].deniedCommands = {"CLUSTER INFO"_ba, "INFO"_ba};
         }
     },
     "note limited-rights"},
    {"slots without their replicas, for want of a right",
     [](std::vector<NodeObservation> &observations) {
         observations.resize(3);
         const QByteArray text = healthyText.left(healthyText.indexOf("dd "));
         for (NodeObservation &observation : observations) {
             observation = observe(observation.id, text);
             observation.refused = u"CLUSTER NODES: not permitted"_s;
             observation.deniedCommands = {"CLUSTER NODES"_ba};
         }
     },
     "note limited-rights"},
    {"a right is lacking, and something else is refused",
     [](std::vector<NodeObservation> &observations) {
         observations[3].refused = u"CLUSTER INFO: not understood; INFO: no permissions"_s;
         observations[3].deniedCommands = {"INFO"_ba};
     },
     "warning access-refused"},
    {"one node timeout differs",
     [](std::vector<NodeObservation> &observations) {
         for (NodeObservation &observation : observations)
             observation.settings = {{"cluster-node-timeout"_ba, "2000"_ba}};
         observations[4].settings = {{"cluster-node-timeout"_ba, "15000"_ba}};
         observations[5].settings.clear(); // the user may not read this node's settings, so they are not compared
     },
     "warning settings-differ"},
    {"replica on its primary's host",
     [](std::vector<NodeObservation> &observations) { observations = all(with("dd 10.0.0.2:2", "dd 10.0.0.1:3")); },
     "warning replica-on-primary-host"},
    {"all on one host",
     [](std::vector<NodeObservation> &observations) {
         observations = all(QByteArray(healthyText)
                                .replace("10.0.0.2:1", "10.0.0.1:3")
                                .replace("10.0.0.2:2", "10.0.0.1:4")
                                .replace("10.0.0.3:1", "10.0.0.1:5")
                                .replace("10.0.0.3:2", "10.0.0.1:6"));
     },
     "note replica-on-primary-host"},
    {"known only to one",
     [](std::vector<NodeObservation> &observations) {
         observations[0] = observe("aa", healthyText + "gg 10.0.0.4:1@2 master - 0 0 0 connected\n");
     },
     "warning partly-known-node"},
};

} // namespace

void TestClusterView::findingsOfOneNode_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < int(std::size(cases)); ++i)
        QTest::newRow(cases[i].name) << i;
}

void TestClusterView::findingsOfOneNode()
{
    QFETCH(const int, number);
    auto observations = all(healthyText);
    cases[number].befall(observations);
    ShardNames names;
    (void)buildView(all(healthyText), names, now);
    (void)buildView(observations, names, now);
    const ClusterView view = buildView(observations, names, now + lastingMs);
    QCOMPARE(listed(view), QLatin1StringView(cases[number].findings));
    for (const Finding &finding : view.findings)
        QVERIFY(!finding.title.isEmpty() && !finding.explanation.isEmpty() && !finding.advice.isEmpty());
}

void TestClusterView::staleTablesDoNotCount()
{
    ShardNames names;
    auto observations = all(healthyText);
    observations[0] = observe("aa", with("5461-10922", "5461-9000"), Reach::State::Waiting);
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(view.observers, 5);
    QVERIFY(view.agreed);
    for (NodeObservation &observation : observations)
        observation.reach.state = Reach::State::Waiting;
    const ClusterView dark = buildView(observations, names, now);
    QCOMPARE(dark.observers, 0);
    QCOMPARE(dark.nodes.size(), size_t(6)); // the last view stays
    QCOMPARE(dark.health(), Severity::Error);
}

void TestClusterView::keepsNumbersThroughFailover()
{
    ShardNames names;
    (void)buildView(all(healthyText), names, now);
    const QByteArray after = with("1:1@2 master - 0 0 1 connected 0-5460", "1:1@2 master,fail - 0 0 1 disconnected")
                                 .replace("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460");
    const ClusterView view = buildView(all(after, {"aa"}), names, now);
    QCOMPARE(view.shards.size(), size_t(3));
    QCOMPARE(view.shards[0].number, 1);
    QCOMPARE(view.nodes[size_t(view.shards[0].primary)].id, "dd"_ba);
    QCOMPARE(view.shards[0].replicas.size(), 1);
    QCOMPARE(view.nodes[size_t(view.shards[0].replicas[0])].id, "aa"_ba);
    QCOMPARE(view.node("aa")->condition, NodeCondition::Failed);
    QCOMPARE(view.node("aa")->saidFailedBy.size(), 5);
}

/// During a manual failover both nodes briefly call themselves the primary. The shard number stays with the slots.
void TestClusterView::keepsNumbersThroughGracefulFailover()
{
    ShardNames names;
    (void)buildView(all(healthyText), names, now);
    const QByteArray elected = with("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460");
    auto observations = all(elected);
    observations[0] = observe("aa", healthyText); // this node has not heard of the failover yet
    const ClusterView during = buildView(observations, names, now);
    QCOMPARE(during.shards[size_t(during.node("dd")->shard)].number, 1);
    const QByteArray after = with("1:1@2 master - 0 0 1 connected 0-5460", "1:1@2 slave dd 0 0 7 connected")
                                 .replace("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460");
    const ClusterView view = buildView(all(after), names, now);
    QCOMPARE(view.shards.size(), size_t(3));
    QCOMPARE(view.shards[size_t(view.node("dd")->shard)].number, 1);
    QCOMPARE(view.node("aa")->shard, view.node("dd")->shard);
}

/// Shard numbers and names of an earlier session are kept even if slot order suggests others. A new shard gets the next
/// number.
void TestClusterView::rememberedNumbersAndNames()
{
    ShardNames names;
    names.numberOfNode = {{"cc", 1}, {"ff", 1}, {"aa", 3}};
    names.nameOfNumber = {{3, u"orders"_s}};
    const ClusterView view = buildView(all(healthyText), names, now);
    QStringList told;
    for (const ShardState &shard : view.shards)
        told.append(
            u"%1 %2 %3"_s.arg(shard.number).arg(QString::fromLatin1(view.nodes[size_t(shard.primary)].id), shard.name));
    QCOMPARE(told.join(u'|'), u"1 cc |3 aa orders|4 bb "_s);
}

/// A single node without slots and keys is new, with keys it has lost its slots.
void TestClusterView::anEmptyNode()
{
    const auto view = [](const QByteArray &info) {
        NodeObservation observation = observe("aa", "aa 10.0.0.1:1@2 master - 0 0 0 connected\n");
        observation.clusterInfo.emplace().stateOk = false;
        observation.info = infoOf(info);
        ShardNames names;
        return buildView({observation}, names, now);
    };
    QCOMPARE(listed(view("redis_version:7.2.4\n")), u"warning empty-node"_s);
    NodeObservation reset = observe("aa", "aa 10.0.0.1:1@2 master - 0 0 0 connected\n");
    reset.info = infoOf("redis_version:7.2.4\n");
    ShardNames names; // names of a session that has seen the node's cluster before
    (void)buildView(all(healthyText), names, now);
    QCOMPARE(listed(buildView({reset}, names, now + 1000)), u"error empty-node"_s);
    QCOMPARE(listed(view("redis_version:7.2.4\ndb0:keys=3,expires=0\n")),
             u"error uncovered-slots, error cluster-state-fail"_s);
}

/// A node that just joined reports for some seconds that the cluster is down. That is a finding only if it lasts.
void TestClusterView::whoJustJoined()
{
    const QByteArray text = healthyText + "gg 10.0.0.7:1@2 master - 0 0 0 connected\n";
    auto observations = all(text);
    observations.push_back(observe("gg", text));
    observations.back().clusterInfo.emplace().stateOk = false;
    ShardNames names;
    QCOMPARE(listed(buildView(observations, names, now)), u""_s);
    QCOMPARE(listed(buildView(observations, names, now + 4000)), u""_s);
    QCOMPARE(listed(buildView(observations, names, now + 6000)), u"error cluster-state-fail"_s);
    // the same report of a node that owns slots is a finding at once
    observations.front().clusterInfo.emplace().stateOk = false;
    ShardNames others;
    QCOMPARE(listed(buildView(observations, others, now)), u"error cluster-state-fail"_s);
}

void TestClusterView::aDeadPrimaryThatOneStillNamesIsNoShard()
{
    ShardNames names;
    (void)buildView(all(healthyText), names, now);
    const QByteArray after = with("1:1@2 master - 0 0 1 connected 0-5460", "1:1@2 master,fail - 0 0 1 disconnected")
                                 .replace("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460");
    std::vector<NodeObservation> observations = all(after, {"aa"});
    observations[1] = observe("bb",
                              QByteArray(after)
                                  .replace("0 0 1 disconnected", "0 0 1 disconnected 96-127")
                                  .replace("7 connected 0-5460", "7 connected 0-95 128-5460"));
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(view.shards.size(), size_t(3));
    const ShardState &shard = view.shards[size_t(view.node("aa")->shard)];
    QCOMPARE(view.nodes[size_t(shard.primary)].id, "dd"_ba);
    QCOMPARE(view.node("dd")->slots.count(), 5461);
}

/// An elected replica is shown as primary even if the other nodes have not heard of the election yet, or if its own
/// table is older than the election.
void TestClusterView::theElectedSaysSoFirst()
{
    ShardNames names;
    const QByteArray before = with("1:1@2 master - 0 0 1 connected", "1:1@2 master,fail - 0 0 1 disconnected");
    const QByteArray after = with("1:1@2 master - 0 0 1 connected 0-5460", "1:1@2 master,fail - 0 0 1 disconnected")
                                 .replace("2:2@2 slave aa 0 0 1 connected", "2:2@2 master - 0 0 7 connected 0-5460");
    std::vector<NodeObservation> observations = all(before, {"aa"});
    observations[3] = observe("dd", after);
    ClusterView view = buildView(observations, names, now);
    QVERIFY(view.node("dd")->primary);
    QCOMPARE(view.node("dd")->slots.count(), 5461);
    observations = all(after, {"aa"});
    observations[3] = observe("dd", before);
    view = buildView(observations, names, now);
    QVERIFY(view.node("dd")->primary);
}

void TestClusterView::anOwnerThatDoesNotClaimItsSlots()
{
    // After CLUSTER DELSLOTS on the owner, the other nodes still name it as the owner.
    ShardNames names;
    auto observations = all(healthyText);
    observations[0] = observe("aa", with("0-5460", "0-5000"));
    const ClusterView first = buildView(observations, names, now);
    QCOMPARE(listed(first), u"warning disagreement"_s);
    // not reported yet, because a slot that is being moved looks the same for a moment
    QVERIFY(first.uncovered.isEmpty());
    const ClusterView view = buildView(observations, names, now + 5000);
    QCOMPARE(listed(view), u"error uncovered-slots, error disagreement"_s);
    QCOMPARE(view.uncovered.toString(), u"5001-5460"_s);
}

void TestClusterView::disputeBecomesAnError()
{
    ShardNames names;
    auto observations = all(healthyText);
    observations[5] = observe("ff", with("0-5460", "0-5000").replace("5461-10922", "5001-10922"));
    QCOMPARE(listed(buildView(observations, names, now)), u"warning disagreement"_s);
    const ClusterView view = buildView(observations, names, now + 5000);
    QCOMPARE(listed(view), u"error disagreement"_s);
    QCOMPARE(view.disputed.toString(), u"5001-5460"_s);
    QCOMPARE(view.nodes[size_t(view.owner[5100])].id, "aa"_ba); // aa itself claims the slot, while bb does not
    QVERIFY(!view.agreed);
    (void)buildView(all(healthyText), names, now + 6000);
    QCOMPARE(names.disputedSince, 0);
}

/// In Valkey 8 and later, replicas list open slots as well.
void TestClusterView::openSlotsThatReplicasShowToo()
{
    const auto view = [](bool primaries) {
        std::vector<NodeObservation> list = all(healthyText);
        const auto open = [&list](size_t index, const QByteArray &id, const QByteArray &token) {
            QByteArray text = healthyText;
            const qsizetype line = text.indexOf(id + " 10");
            list[index] = observe(id, text.insert(text.indexOf('\n', line), ' ' + token));
        };
        if (primaries) {
            open(0, "aa", "[5->-bb]");
            open(1, "bb", "[5-<-aa]");
        }
        open(3, "dd", "[5->-bb]");
        open(4, "ee", "[5-<-aa]");
        ShardNames names;
        return buildView(list, names, now);
    };
    const ClusterView moving = view(true);
    QCOMPARE(listed(moving), u"warning open-slots"_s);
    QCOMPARE(moving.findings[0].title, u"Slots in migration, from 10.0.0.1:1 to 10.0.0.2:1: 5"_s);
    const ClusterView left = view(false); // nothing is open on the replicas' primaries, so a finding names each replica
    QCOMPARE(listed(left), u"warning open-slots, warning open-slots"_s);
    for (const QString &replica : {u"10.0.0.2:2"_s, u"10.0.0.3:2"_s})
        QVERIFY(std::any_of(left.findings.begin(), left.findings.end(), [&](const Finding &finding) {
            return finding.title.endsWith(u"(only %1 reports it)"_s.arg(replica));
        }));
}

void TestClusterView::claimedTwice()
{
    ShardNames names;
    auto observations = all(healthyText);
    observations[1] = observe("bb", with("0-5460", "0-5000").replace("5461-10922", "5001-10922"));
    QCOMPARE(listed(buildView(observations, names, now)), u"error slot-claimed-twice"_s);
}

void TestClusterView::standalone()
{
    std::vector<NodeObservation> observations(2);
    observations[0].reach = {Reach::State::Ready, {}, 0, u"10.0.0.1:1"_s, 1};
    observations[0].info =
        std::make_shared<const ServerInfo>(*parseServerInfo("role:master\nmaster_repl_offset:100\n"));
    observations[1].reach = {Reach::State::Ready, {}, 0, u"10.0.0.2:1"_s, 1};
    observations[1].info = std::make_shared<const ServerInfo>(*parseServerInfo(
        "role:slave\nmaster_host:10.0.0.1\nmaster_port:1\nslave_repl_offset:90\nmaster_link_status:up\n"));
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QVERIFY(!view.cluster);
    QCOMPARE(view.shards.size(), size_t(1));
    QCOMPARE(view.shards[0].replicas.size(), 1);
    QCOMPARE(view.nodes[1].lagBytes, 10);
    QCOMPARE(listed(view), u""_s);
}

/// A user may run INFO, but neither CLUSTER NODES nor CLUSTER SLOTS.
void TestClusterView::whatNobodyTold()
{
    std::vector<NodeObservation> observations(2);
    for (NodeObservation &observation : observations) {
        observation.reach = {Reach::State::Ready, {}, 0, u"10.0.0.%1:1"_s.arg(&observation - observations.data()), 1};
        observation.id = observation.reach.address.toUtf8();
        observation.refused = u"CLUSTER NODES: NOPERM"_s;
        observation.deniedCommands = {"CLUSTER NODES"_ba};
        observation.info = infoOf("redis_mode:cluster\n");
    }
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QVERIFY(view.cluster && !view.slotsKnown && !view.agreed);
    QCOMPARE(listed(view), u"error not-learnt"_s);
    QVERIFY(view.findings[0].advice.contains(u"+cluster|nodes"));
    QVERIFY(!view.nodes[0].roleKnown && !view.nodes[0].primary);
    QCOMPARE(view.nodes[0].condition, NodeCondition::Unknown);
    const QJsonObject json = toJson(view);
    for (const QString &name : {u"agreed"_s, u"slotsCovered"_s, u"uncovered"_s, u"disputed"_s})
        QVERIFY2(json.contains(name) && json.value(name).isNull(), qPrintable(name));
    const QJsonObject node = json.value(u"nodes"_s)[0].toObject();
    QCOMPARE(node.value(u"role"_s).toString(), u"unknown"_s);
    QVERIFY(node.value(u"info"_s)[u"version"_s].isNull());

    observations[0].info = infoOf("redis_mode:cluster\nrole:master\n"); // here INFO reports the role
    observations[1].info = infoOf("redis_mode:cluster\nrole:slave\nmaster_host:10.0.0.0\nmaster_port:1\n");
    const ClusterView told = buildView(observations, names, now);
    QVERIFY(told.nodes[0].primary && told.nodes[1].isReplica());
    QCOMPARE(told.nodes[1].primaryId, told.nodes[0].id);

    // A node in handshake has no role, whichever node lists it.
    const ClusterView greeting =
        buildView(all(healthyText + "98 10.0.0.9:1@2 handshake - 0 0 0 disconnected\n"), names, now);
    QVERIFY(!greeting.node("98")->roleKnown && !greeting.node("98")->isReplica());
    QVERIFY(greeting.node("dd")->isReplica());
}

/// Redis 7 keeps the slots assigned to a node without an address and never reports this node as failed.
void TestClusterView::restartedWithoutItsTable()
{
    ShardNames names;
    const ClusterView view = buildView(all(with("bb 10.0.0.2:1@2 master -", "bb :0@0 master,noaddr -")
                                               .replace("2 connected 5461", "2 disconnected 5461"),
                                           {"bb"}),
                                       names, now);
    QVERIFY2(listed(view).startsWith(u"error no-address"), qPrintable(listed(view)));
    QCOMPARE(view.unserved, (SlotSet{{5461, 10922}}));
    QVERIFY2(!view.findings[0].advice.contains(u"Remove it"), qPrintable(view.findings[0].advice));
    QVERIFY(view.findings[0].advice.contains(u"One of its replicas can take over"));
}

/// All nodes were restarted at new ports. Each knows its own new port and looks for the others at the old ones.
void TestClusterView::allStartedElsewhere()
{
    const QByteArray lost =
        QByteArray(healthyText).replace("connected", "disconnected").replace("master", "master,fail?");
    std::vector<NodeObservation> observations;
    for (const QByteArray &id : QByteArrayList{"aa", "bb", "cc", "dd", "ee", "ff"}) {
        QByteArray text = lost;
        const qsizetype line = text.indexOf(id + " 10"), port = text.indexOf('@', line);
        text.insert(port, "1"); // the port 1 becomes 11
        text.replace(text.indexOf("disconnected", line), 12, "connected");
        observations.push_back(observe(id, text));
        observations.back().reach.address = u"somewhere"_s;
    }
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(listed(view), u"error readdressed"_s);
    QVERIFY2(view.findings[0].title.contains(u"10.0.0.1:1 answers at 10.0.0.1:11"), qPrintable(view.findings[0].title));
    QCOMPARE(view.node("aa")->name, u"10.0.0.1:11"_s);
    QCOMPARE(view.node("aa")->soughtAt->port, 1);

    // If all other nodes are linked to a node, they will soon know its new address, so it is not reported.
    auto settling = all(healthyText);
    settling[0] = observe("aa", with("aa 10.0.0.1:1@2", "aa 10.0.0.1:11@12"));
    QVERIFY(!buildView(settling, names, now).node("aa")->soughtAt);
}

void TestClusterView::replicaOfAReplica()
{
    ShardNames names;
    auto observations = all(with("ff 10.0.0.1:2@2 slave cc 0 0 3", "ff 10.0.0.1:2@2 slave ee 0 0 2"));
    observations[5].info = infoOf("role:slave\nmaster_link_status:down\n");
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(listed(view), u"warning no-replica, warning replica-link-down, warning replica-of-replica"_s);
    QCOMPARE(view.node("ff")->shard, view.node("bb")->shard);
    observations = all(with("ff 10.0.0.1:2@2 slave cc 0 0 3", "ff 10.0.0.1:2@2 slave 99 0 0 2"));
    const ClusterView lost = buildView(observations, names, now);
    QCOMPARE(listed(lost), u"warning no-replica, warning replica-of-replica"_s);
    QCOMPARE(lost.node("ff")->shard, -1);
}

void TestClusterView::twoServersWithOneId()
{
    ShardNames names;
    auto observations = all(healthyText);
    observations[1].twins = {u"10.0.0.9:1"_s};
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(listed(view), u"error same-id"_s);
    QVERIFY(view.findings[0].title.contains(u"10.0.0.9:1"));
    QVERIFY(view.findings[0].advice.contains(u"CLUSTER RESET HARD"));
}

/// Addresses that the user entered are reported if they do not answer or are no part of the cluster.
void TestClusterView::namedAddresses()
{
    ShardNames names;
    auto observations = all(healthyText);
    NodeObservation &dead = observations.emplace_back();
    dead.named = true;
    dead.reach = {Reach::State::Waiting, Error{.code = Error::Code::ConnectionRefused}, 0, u"10.0.0.9:1"_s, 1};
    NodeObservation &outside = observations.emplace_back();
    outside.named = true;
    outside.reach = {Reach::State::Ready, {}, 0, u"10.0.0.8:1"_s, 1};
    NodeObservation &member = observations.emplace_back(); // the address of a node that is found in the cluster
    member.named = true;
    member.reach = {Reach::State::Waiting, {}, 0, u"10.0.0.3:1"_s, 1};
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(listed(view), u"warning named-address, warning named-address"_s);
    QCOMPARE(view.nodes.size(), size_t(6));

    // A standalone primary is dead and its replica answers.
    std::vector<NodeObservation> pair(2);
    pair[0].named = pair[1].named = true;
    pair[0].reach = {Reach::State::Waiting, Error{.code = Error::Code::ConnectionRefused}, 0, u"10.0.0.1:1"_s, 2};
    pair[1].id = "10.0.0.2:1";
    pair[1].standalone = true;
    pair[1].reach = {Reach::State::Ready, {}, 0, u"10.0.0.2:1"_s, 1};
    pair[1].info = infoOf("role:slave\nmaster_host:10.0.0.1\nmaster_port:1\nmaster_link_status:down\n");
    const ClusterView half = buildView(pair, names, now);
    QCOMPARE(listed(half), u"error unreachable-from-here, warning replica-link-down"_s);
    QVERIFY(half.nodes[0].primary && half.nodes[1].isReplica());
}

void TestClusterView::oddTables()
{
    ShardNames names;
    const ClusterView bad = buildView(all(healthyText + "<html>\n"), names, now);
    QVERIFY2(listed(bad).startsWith(u"warning unreadable-table"), qPrintable(listed(bad)));
    QVERIFY2(bad.findings[0].title.contains(u"<html>"), qPrintable(bad.findings[0].title));
    QVERIFY(bad.agreed);
    const ClusterView odd = buildView(all(with("ff 10.0.0.1:2", "ff h\xc3\xb6st:2")), names, now);
    QVERIFY2(listed(odd).contains(u"odd-address"), qPrintable(listed(odd)));
}

/// During a reshard, CLUSTER MEET is sent between nodes that already know each other. That causes a handshake entry and
/// briefly breaks a link, which must not be reported.
void TestClusterView::ourFootprints()
{
    ShardNames names;
    auto observations = all(healthyText);
    observations[0] = observe(
        "aa", with("2 connected 5461", "2 disconnected 5461") + "97 10.0.0.2:1@2 handshake - 0 0 0 disconnected\n");
    const ClusterView meeting = buildView(observations, names, now);
    QCOMPARE(listed(meeting), u""_s);
    QCOMPARE(meeting.nodes.size(), size_t(6)); // the handshake entry is not counted as a node
    QVERIFY(meeting.settling && meeting.agreed);
    const ClusterView over = buildView(all(healthyText), names, now + 300);
    QVERIFY(!over.settling);
    (void)buildView(observations, names, now + 600); // the link broke again after it was up, so its time starts again
    QCOMPARE(listed(buildView(observations, names, now + lastingMs)), u""_s);
    QCOMPARE(listed(buildView(observations, names, now + 600 + lastingMs)), u"warning one-way-link"_s);
}

void TestClusterView::lag()
{
    auto observations = all(healthyText);
    observations[0].info =
        std::make_shared<const ServerInfo>(*parseServerInfo("role:master\nmaster_repl_offset:20000000\n"));
    observations[3].info = std::make_shared<const ServerInfo>(
        *parseServerInfo("role:slave\nslave_repl_offset:1\nmaster_link_status:up\n"));
    observations[4].info =
        std::make_shared<const ServerInfo>(*parseServerInfo("role:slave\nmaster_link_status:down\n"));
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(view.node("dd")->lagBytes, 19999999);
    QCOMPARE(listed(view), u"warning replica-link-down, warning replica-lagging"_s);
}

void TestClusterView::lagNeedsFiguresOfOneMoment_data()
{
    QTest::addColumn<QByteArray>("attached"); // the line about the replica in the primary's INFO
    QTest::addColumn<qint64>("apart"); // ms between the INFO replies of the two nodes
    QTest::addColumn<qint64>("lag"); // expected lag in bytes (-1: unknown)
    const QByteArray near = "slave0:ip=10.0.0.2,port=2,state=online,offset=19999000,lag=0\n";
    QTest::newRow("at once") << ""_ba << qint64(500) << qint64(19'000'000);
    QTest::newRow("17 s apart") << ""_ba << qint64(17'000) << qint64(-1);
    QTest::newRow("17 s apart, the primary says") << near << qint64(17'000) << qint64(1000);
    QTest::newRow("at once, and the primary says") << near << qint64(0) << qint64(1000);
    QTest::newRow("the primary says of another")
        << QByteArray(near).replace("port=2", "port=3") << qint64(17'000) << qint64(-1);
    QTest::newRow("the primary copies to it")
        << QByteArray(near).replace("online", "wait_bgsave") << qint64(17'000) << qint64(-1);
}

void TestClusterView::lagNeedsFiguresOfOneMoment()
{
    QFETCH(const QByteArray, attached);
    QFETCH(const qint64, apart);
    QFETCH(const qint64, lag);
    auto observations = all(healthyText);
    observations[0].info =
        std::make_shared<const ServerInfo>(*parseServerInfo("role:master\nmaster_repl_offset:20000000\n" + attached));
    observations[0].infoAt = now;
    observations[3].info = std::make_shared<const ServerInfo>(
        *parseServerInfo("role:slave\nslave_repl_offset:1000000\nmaster_link_status:up\n"));
    observations[3].infoAt = now - apart;
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QCOMPARE(view.node("dd")->lagBytes.value_or(-1), lag);
    QCOMPARE(listed(view).contains(u"lagging"_s), lag > 10 * 1024 * 1024);
}

/// The user reaches a primary by host name, while its replica reports it by IP address.
void TestClusterView::oneServerByTwoNames()
{
    const auto observed = [](const QString &address, const QByteArray &info) {
        NodeObservation observation;
        observation.id = address.toUtf8();
        observation.reach = {Reach::State::Ready, {}, 0, address, 0};
        observation.info = std::make_shared<const ServerInfo>(*parseServerInfo(info));
        return observation;
    };
    const QByteArray primary = "run_id:p\nrole:master\nmaster_repl_offset:100\n";
    const QByteArray replica = "run_id:r\nrole:slave\nmaster_host:10.0.0.1\nmaster_port:1\nslave_repl_offset:90\n"
                               "master_link_status:up\n";
    std::vector<NodeObservation> observations{observed(u"10.0.0.1:1"_s, primary), observed(u"one.example:1"_s, primary),
                                              observed(u"10.0.0.2:1"_s, replica)};
    do {
        ShardNames names;
        const ClusterView view = buildView(observations, names, now);
        QCOMPARE(view.nodes.size(), size_t(2));
        QCOMPARE(view.observers, 2);
        QCOMPARE(view.shards.size(), size_t(1));
        QCOMPARE(view.shards[0].replicas.size(), 1);
        QCOMPARE(view.nodes[0].name, u"one.example:1"_s); // the entered name is preferred to the IP address
        QCOMPARE(view.nodes[1].lagBytes, 10);
    } while (std::next_permutation(
        observations.begin(), observations.end(),
        [](const NodeObservation &a, const NodeObservation &b) { return a.reach.address < b.reach.address; }));
}

void TestClusterView::thousandNodes()
{
    QByteArray text;
    for (int i = 0; i < 1000; ++i) {
        const int primary = i % 500;
        text += QByteArray::number(i).rightJustified(40, 'a') + " 10.0." + QByteArray::number(i / 250) + '.'
            + QByteArray::number(i % 250) + ":6379@16379 "
            + (i < 500 ? "master -" : "slave " + QByteArray::number(primary).rightJustified(40, 'a')) + " 0 0 "
            + QByteArray::number(primary + 1) + " connected"
            + (i < 500 ? ' ' + QByteArray::number(i * 32) + '-' + QByteArray::number(i == 499 ? 16383 : i * 32 + 31)
                       : ""_ba)
            + '\n';
    }
    const auto table = parseClusterNodes(text);
    QVERIFY(table);
    std::vector<NodeObservation> observations;
    for (int i = 0; i < 1000; ++i) {
        NodeObservation &observation = observations.emplace_back();
        observation.id = QByteArray::number(i).rightJustified(40, 'a');
        observation.reach.state = Reach::State::Ready;
        auto own = std::make_shared<NodesTable>(*table);
        own->myself = i;
        own->lines[size_t(i)].flags |= NodeFlag::Myself;
        observation.table = std::move(own);
    }
    ShardNames names;
    const ClusterView view = buildView(observations, names, now);
    QVERIFY(view.agreed);
    QCOMPARE(view.nodes.size(), size_t(1000));
    QCOMPARE(listed(view), u""_s);
}

SLOTSCOPE_TEST(TestClusterView)
#include "tst_clusterview.moc"
