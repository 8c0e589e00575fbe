// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/clusterview.h"
#include "core/session/keyowner.h"
#include "support/testmain.h"

#include <QTest>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

Value entry(const QByteArrayList &words)
{
    Value::List items;
    for (const QByteArray &word : words)
        items.push_back(Value::bulk(word));
    return Value::aggregate(Value::Type::Array, std::move(items));
}

SentinelWord word(const QString &address, const QString &primary, quint64 epoch)
{
    SentinelWord word;
    word.address = address;
    word.reach.state = Reach::State::Ready;
    word.hasAnswered = true;
    word.primary.address = word.reachedPrimary = primary;
    word.primary.epoch = epoch;
    return word;
}

NodeObservation server(const QByteArray &address, const QByteArray &role, const QByteArray &primary = {})
{
    auto info = std::make_shared<ServerInfo>();
    info->mode = "standalone";
    info->role = role;
    info->runId = address;
    if (!primary.isEmpty()) {
        info->primaryHost = QString::fromLatin1(primary.left(primary.indexOf(':')));
        info->primaryPort = primary.mid(primary.indexOf(':') + 1).toUShort();
    }
    NodeObservation one;
    one.id = address;
    one.reach.state = Reach::State::Ready;
    one.reach.address = QString::fromLatin1(address);
    one.standalone = true;
    one.info = info;
    one.infoAt = 1;
    return one;
}

} // namespace

class TestSentinelState : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parses()
    {
        const auto primary =
            parseSentinelPrimary(entry({"name", "shop", "ip", "10.0.0.1", "port", "6379", "flags", "s_down,master",
                                        "num-other-sentinels", "2", "quorum", "2", "config-epoch", "7"}),
                                 {});
        QVERIFY(primary);
        QCOMPARE(primary->address, u"10.0.0.1:6379"_s);
        QCOMPARE(primary->epoch, 7U);
        QCOMPARE(primary->quorum, 2);
        QVERIFY(primary->flags.contains("s_down"));
        // The Sentinel that leads a failover reports the former address with the new epoch, and the new address in a
        // separate reply.
        const Value former =
            entry({"ip", "10.0.0.1", "port", "6379", "config-epoch", "8", "flags", "master,failover_in_progress"});
        QVERIFY(parseSentinelPrimary(former, {})->flags.contains("failover_in_progress"));
        QVERIFY(!parseSentinelPrimary(former, entry({"10.0.0.2", "6380"}))->flags.contains("failover_in_progress"));
        QCOMPARE(parseSentinelPrimary(former, entry({"10.0.0.2", "6380"}))->address, u"10.0.0.2:6380"_s);
        QCOMPARE(parseSentinelPrimary(former, Value::error("ERR"))->address, u"10.0.0.1:6379"_s);
        QCOMPARE(parseSentinelPrimary(former, entry({"/run/x", "1"}))->address, u"10.0.0.1:6379"_s);
        QVERIFY(!parseSentinelPrimary(entry({"name", "shop"}), {}));
        QVERIFY(!parseSentinelPrimary(entry({"ip", "10.0.0.1", "port", "70000"}), {}));
        QVERIFY(!parseSentinelPrimary(Value::bulk("garbage"), {}));
        QVERIFY(!parseSentinelPrimary(entry({"ip", "/run/x", "port", "1"}), {})); // Sentinels never name a Unix socket
        QVERIFY(!parseSentinelPrimary(entry({"ip", "a b", "port", "1"}), {}));
        const Value list = Value::aggregate(Value::Type::Array,
                                            {entry({"ip", "fd00::1", "port", "1"}), entry({"ip", "?", "port", "0"}),
                                             Value::integer(3), entry({"ip", "h", "port", "2"})});
        QCOMPARE(parseSentinelPeers(list), (QStringList{u"[fd00::1]:1"_s, u"h:2"_s}));
        QCOMPARE(parseSentinelPeers(Value::error("ERR")), QStringList());
    }

    /// A Sentinel that has not heard of the latest failover does not lead back to the former primary.
    void theNewestConfigurationCounts()
    {
        SentinelState state;
        state.sentinels = {word(u"s1"_s, u"old:1"_s, 3), word(u"s2"_s, u"new:1"_s, 4), word(u"s3"_s, u"old:1"_s, 3)};
        QVERIFY(state.leading());
        QCOMPARE(state.primaryAddress(), u"new:1"_s);
        state.lastPrimary = u"new:1"_s;
        state.newestEpoch = 4;
        // the only Sentinel that knows the new primary is unreachable
        state.sentinels[1].reach.state = Reach::State::Waiting;
        QVERIFY(!state.leading());
        QCOMPARE(state.primaryAddress(), u"new:1"_s);
        QVERIFY(state.whyNone().detail.contains(u"latest failover"_s));
        // all Sentinels are back and none knows the newer epoch, so they were set up anew
        state.sentinels[1] = word(u"s2"_s, u"old:1"_s, 3);
        QVERIFY(state.leading());
        QCOMPARE(state.primaryAddress(), u"old:1"_s);
    }

    /// During a failover the new primary still reports that it replicates the former one, which still reports to be a
    /// primary. No writes are sent to either.
    void nobodyIsWrittenToMeanwhile()
    {
        auto state = std::make_shared<SentinelState>();
        state->sentinels = {word(u"s1:1"_s, u"b:2"_s, 4)};
        ShardNames names;
        const ClusterView view =
            buildView({server("a:1", "master"), server("b:2", "slave", "a:1")}, names, 1000, state);
        QCOMPARE(ownerOfKey(view, "k"), QByteArray());
        // Before the Sentinels name the promoted server, the former primary would lose what is written to it.
        auto before = std::make_shared<SentinelState>();
        before->sentinels = {word(u"s1:1"_s, u"a:1"_s, 3)};
        const auto both = [&] {
            return buildView({server("a:1", "master"), server("b:2", "master")}, names, 1000, before);
        };
        QCOMPARE(ownerOfKey(both(), "k"), "a:1"_ba); // another server that calls itself a primary is ignored
        before->sentinels[0].primary.flags = {"master", "failover_in_progress"};
        QCOMPARE(ownerOfKey(both(), "k"), QByteArray());
        QVERIFY(std::none_of(view.nodes.begin(), view.nodes.end(), [](const NodeState &node) { return node.primary; }));
        NodeObservation silent;
        silent.id = "b:2";
        silent.reach.state = Reach::State::Waiting;
        silent.reach.address = u"b:2"_s;
        const ClusterView dark = buildView({silent}, names, 1000, state); // no server has ever answered
        QVERIFY(!dark.cluster);
        QVERIFY(dark.node("b:2")->primary);
        const ClusterView byName =
            buildView({server("b:2", "master"), server("c:3", "slave", "other:9")}, names, 1000, state);
        // INFO names the primary by an address that no other server uses
        QCOMPARE(byName.node("c:3")->primaryId, "b:2"_ba);
    }

    void onlyTheirPrimaryIsOne()
    {
        auto state = std::make_shared<SentinelState>();
        state->primaryName = u"shop"_s;
        state->sentinels = {word(u"s1:1"_s, u"b:2"_s, 4)};
        state->sentinels[0].reachedReplicas = {u"a:1"_s, u"c:3"_s};
        NodeObservation silent;
        silent.id = "c:3";
        silent.reach.state = Reach::State::Waiting;
        silent.reach.address = u"c:3"_s;
        ShardNames names;
        const ClusterView view =
            buildView({server("a:1", "master"), server("b:2", "master"), silent}, names, 1000, state);
        QCOMPARE(view.shards.size(), size_t(1));
        QCOMPARE(view.nodes[size_t(view.shards[0].primary)].name, u"b:2"_s);
        QVERIFY(!view.node("a:1")->primary);
        QVERIFY(view.node("c:3")->isReplica());
        QCOMPARE(view.node("c:3")->primaryId, "b:2"_ba);
        const ClusterView later = buildView({server("a:1", "master"), server("b:2", "master")}, names, 10'000, state);
        QVERIFY(std::any_of(later.findings.begin(), later.findings.end(), [](const Finding &finding) {
            return finding.kind == Finding::Kind::NotTheSentinelsPrimary && finding.nodes.contains("a:1");
        }));
    }
};

SLOTSCOPE_TEST(TestSentinelState)
#include "tst_sentinelstate.moc"
