// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleview.h"

#include <QCryptographicHash>
#include <QDateTime>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope::samples {
namespace {

QByteArray idOf(int number)
{
    return QCryptographicHash::hash(QByteArray::number(number), QCryptographicHash::Sha1).toHex();
}

/// Builds a view node by node. At the end it fills in the observations and the lookup tables.
class Maker
{
public:
    explicit Maker(int tick) : m_tick(tick)
    {
        m_view->takenAt = QDateTime::currentMSecsSinceEpoch();
        m_view->revision = quint64(tick + 1);
        m_view->owner.fill(ClusterView::noOwner);
        m_view->currentEpoch = 12;
    }

    int addNode(const QString &host, quint16 port, int shard, bool primary)
    {
        const int index = int(m_view->nodes.size());
        NodeState node;
        node.id = idOf(index + 1);
        node.address = {.host = host, .port = port, .busPort = quint16(port + 10000), .hostname = {}};
        node.name = host.contains(u':') ? u"[%1]:%2"_s.arg(host).arg(port) : u"%1:%2"_s.arg(host).arg(port);
        node.primary = primary;
        node.roleKnown = node.openSlotsKnown = true;
        node.shard = shard;
        node.flags = primary ? NodeFlag::Primary : NodeFlag::Replica;
        node.configEpoch = quint64(shard + 1);
        node.condition = NodeCondition::Ok;
        node.reach = {
            .state = Reach::State::Ready, .error = {}, .retryAt = 0, .address = node.name, .roundTripMs = 0.4};
        node.info = infoOf(index, shard, primary);
        node.infoAt = node.observedAt = m_view->takenAt + m_tick * 1000;
        if (!primary)
            node.lagBytes = index % 3 == 0 ? 1228 : 0;
        m_view->nodes.push_back(node);
        return index;
    }

    void addShard(const QString &primaryHost, const QStringList &replicaHosts, const SlotSet &shardSlots,
                  quint16 port = 6379)
    {
        const int shard = int(m_view->shards.size());
        ShardState state{.number = shard + 1, .colour = shard % 12, .primary = 0, .replicas = {}, .slots = shardSlots};
        state.primary = addNode(primaryHost, port, shard, true);
        auto &nodes = m_view->nodes;
        nodes[size_t(state.primary)].slots = shardSlots;
        for (const SlotRange &range : shardSlots.ranges()) {
            for (int slot = range.first; slot <= range.last; ++slot)
                m_view->owner[size_t(slot)] = qint16(state.primary);
        }
        for (const QString &host : replicaHosts) {
            const int replica = addNode(host, port, shard, false);
            nodes[size_t(replica)].primaryId = nodes[size_t(state.primary)].id;
            state.replicas.append(replica);
        }
        m_view->shards.push_back(state);
    }

    [[nodiscard]] ClusterView &view() { return *m_view; }

    ClusterViewPtr finish()
    {
        m_view->slotsKnown = m_view->cluster;
        for (size_t i = 0; i < m_view->nodes.size(); ++i)
            m_view->indexById.insert(m_view->nodes[i].id, int(i));
        bool previous = false;
        int first = 0;
        for (int slot = 0; slot <= slotCount; ++slot) {
            const bool owned = slot < slotCount && m_view->owner[size_t(slot)] != ClusterView::noOwner;
            if (slot > 0 && (slot == slotCount || owned != previous)) {
                (previous ? m_view->covered : m_view->uncovered).add(SlotRange{quint16(first), quint16(slot - 1)});
                first = slot;
            }
            previous = owned;
        }
        addObservations();
        return m_view;
    }

private:
    std::shared_ptr<const ServerInfo> infoOf(int index, int shard, bool primary) const
    {
        auto info = std::make_shared<ServerInfo>();
        info->product = "valkey"_ba;
        info->version = "9.1.2"_ba;
        info->mode = "cluster"_ba;
        info->uptimeSeconds = 273'840 + shard * 86'400;
        info->connectedClients = 120 + index * 7;
        info->usedMemory = qint64((6.1 + 0.15 * (shard % 5)) * 1024 * 1024 * 1024);
        info->maxMemory = 10LL * 1024 * 1024 * 1024;
        info->opsPerSecond = primary
            ? qint64(9400 + 700 * std::sin(m_tick * 0.7 + index) + 300 * std::sin(m_tick * 2.1 + shard) + shard * 211)
            : 12;
        info->keys = 3'900'000 + shard * 61'203;
        info->role = primary ? "master"_ba : "slave"_ba;
        info->primaryOffset = 88'214'771'020;
        if (!primary) {
            info->primaryLinkUp = true;
            info->replicaOffset = 88'214'771'020;
        }
        return info;
    }

    void addObservations()
    {
        const auto &nodes = m_view->nodes;
        // With a thousand nodes, the thousand tables of a thousand lines each would hold a million lines.
        if (nodes.size() > 100) {
            m_view->observers = int(nodes.size());
            return;
        }
        for (size_t observer = 0; observer < nodes.size(); ++observer) {
            NodeObservation observation;
            observation.id = nodes[observer].id;
            observation.reach = nodes[observer].reach;
            if (observation.reach.state == Reach::State::Ready && nodes[observer].shard >= 0) {
                observation.table = tableOf(int(observer));
                observation.tableAt = m_view->takenAt;
                ++m_view->observers;
            }
            m_view->observations.push_back(observation);
        }
    }

    NodesTablePtr tableOf(int observer) const
    {
        auto table = std::make_shared<NodesTable>();
        for (size_t i = 0; i < m_view->nodes.size(); ++i) {
            const NodeState &node = m_view->nodes[i];
            if (!node.knownByAll && !node.knownBy.contains(observer))
                continue;
            NodeLine line;
            line.id = node.id;
            line.address = node.address;
            line.flags = node.flags & ~NodeFlags(NodeFlag::Failed | NodeFlag::MaybeFailed);
            line.primaryId = node.primaryId;
            line.configEpoch = node.configEpoch;
            line.linkConnected = true;
            line.slots = node.slots;
            line.pongReceived = m_view->takenAt - 400;
            if (node.saidFailedBy.contains(observer))
                line.flags |= NodeFlag::Failed;
            if (node.saidMaybeFailedBy.contains(observer))
                line.flags |= NodeFlag::MaybeFailed;
            if (line.flags & (NodeFlag::Failed | NodeFlag::MaybeFailed)) {
                line.pingSent = m_view->takenAt - 134'000 + observer * 700;
                line.linkConnected = false;
            }
            if (int(i) == observer) {
                line.flags |= NodeFlag::Myself;
                table->myself = int(table->lines.size());
            }
            table->lines.push_back(line);
        }
        return table;
    }

    int m_tick;
    std::shared_ptr<ClusterView> m_view = std::make_shared<ClusterView>();
};

void failReplica(ClusterView &view, int replica)
{
    NodeState &node = view.nodes[size_t(replica)];
    node.condition = NodeCondition::Failed;
    node.flags |= NodeFlag::Failed;
    for (const ShardState &shard : view.shards) {
        auto &list = shard.number == 4 ? node.saidMaybeFailedBy : node.saidFailedBy;
        list.append(shard.primary);
    }
    node.reach = {.state = Reach::State::Waiting,
                  .error = {.code = Error::Code::ConnectionRefused,
                            .detail = u"Connection refused"_s,
                            .serverPrefix = {},
                            .node = node.name,
                            .command = {}},
                  .retryAt = view.takenAt + 3000,
                  .address = node.name,
                  .roundTripMs = -1};
    node.lagBytes = 41'800'000;
}

void addGhost(Maker &maker)
{
    const int ghost = maker.addNode(u"10.0.3.19"_s, 6379, -1, true);
    NodeState &node = maker.view().nodes[size_t(ghost)];
    node.condition = NodeCondition::Unreachable;
    node.info.reset();
    node.reach.state = Reach::State::Waiting;
    node.reach.retryAt = maker.view().takenAt + 7000;
    node.reach.error = {.code = Error::Code::Timeout,
                        .detail = u"No answer in 2 s"_s,
                        .serverPrefix = {},
                        .node = node.name,
                        .command = {}};
    node.knownByAll = false;
    node.knownBy = {6};
    node.lagBytes.reset();
}

void openAndDisputed(ClusterView &view)
{
    NodeState &source = view.nodes[size_t(view.shards[2].primary)];
    NodeState &target = view.nodes[size_t(view.shards[4].primary)];
    for (const quint16 slot : {quint16(6601), quint16(6602)}) {
        source.openSlots.append({.slot = slot, .migrating = true, .peer = target.id});
        target.openSlots.append({.slot = slot, .migrating = false, .peer = source.id});
        view.openSlots.insert(slot, {view.shards[2].primary, view.shards[4].primary});
    }
    view.disputed = SlotSet{{9831, 9840}};
    view.findings = {
        {.kind = Finding::Kind::UncoveredSlots,
         .severity = Severity::Error,
         .title = u"64 slots have no owner"_s,
         .explanation = u"Commands on keys in slots 14000-14063 are refused with CLUSTERDOWN."_s,
         .advice = u"Assign the slots to a primary, or bring the primary that had them back."_s,
         .nodes = {},
         .slots = SlotSet{{14000, 14063}}},
        {.kind = Finding::Kind::NodeFailed,
         .severity = Severity::Error,
         .title = u"Replica 10.0.3.14:6379 has failed"_s,
         .explanation = u"4 of 5 primaries report it failed, 1 primary suspects a failure."_s,
         .advice = u"Start the process again, or remove the node."_s,
         .nodes = {view.nodes[3].id},
         .slots = {}},
        {.kind = Finding::Kind::NoReplica,
         .severity = Severity::Warning,
         .title = u"Shard 2 has no replica left"_s,
         .explanation = u"If 10.0.1.12 fails now, 3,277 slots are lost until one of them returns."_s,
         .advice = u"Add a replica."_s,
         .nodes = {view.nodes[2].id, view.nodes[3].id},
         .slots = {}},
        {.kind = Finding::Kind::OpenSlots,
         .severity = Severity::Warning,
         .title = u"2 slots are open"_s,
         .explanation = u"6601 and 6602 are being moved from shard 3 to shard 5, and nobody is moving them."_s,
         .advice = u"Close them."_s,
         .nodes = {source.id, target.id},
         .slots = SlotSet{{6601, 6602}}},
    };
}

} // namespace

ClusterViewPtr healthy(int tick)
{
    Maker maker(tick);
    maker.addShard(u"127.0.0.1"_s, {u"127.0.0.4"_s}, SlotSet{{0, 5460}}, 7000);
    maker.addShard(u"127.0.0.2"_s, {u"127.0.0.5"_s}, SlotSet{{5461, 10922}}, 7000);
    maker.addShard(u"127.0.0.3"_s, {u"127.0.0.6"_s}, SlotSet{{10923, 16383}}, 7000);
    maker.view().agreed = true;
    return maker.finish();
}

ClusterViewPtr degraded(int tick)
{
    Maker maker(tick);
    maker.addShard(u"10.0.1.11"_s, {u"10.0.2.11"_s}, SlotSet{{0, 3276}});
    maker.addShard(u"10.0.1.12"_s, {u"10.0.3.14"_s}, SlotSet{{3277, 6553}});
    maker.addShard(u"10.0.2.13"_s, {u"10.0.3.13"_s}, SlotSet{{6554, 9830}});
    maker.addShard(u"10.0.2.14"_s, {u"10.0.1.14"_s}, SlotSet{{9831, 13106}});
    maker.addShard(u"10.0.3.11"_s, {u"10.0.2.12"_s}, SlotSet{{13107, 13999}, {14064, 16383}});
    addGhost(maker);
    failReplica(maker.view(), 3);
    openAndDisputed(maker.view());
    return maker.finish();
}

ClusterViewPtr longNames()
{
    Maker maker(0);
    SlotSet even;
    SlotSet odd;
    for (int block = 0; block < 256; ++block)
        (block % 2 == 0 ? even : odd).add(SlotRange{quint16(block * 64), quint16(block * 64 + 63)});
    maker.addShard(u"cache-production-eu-central-1a-0001.redis.internal.a-rather-long-company-name.example"_s,
                   {u"2001:db8:85a3:8d3:1319:8a2e:370:7348"_s, u"fe80::1ff:fe23:4567:890a"_s}, even);
    maker.addShard(u"2001:db8:85a3::8a2e:370:7334"_s,
                   {u"cache-production-eu-central-1b-0002.redis.internal.a-rather-long-company-name.example"_s}, odd,
                   63791);
    return maker.finish();
}

ClusterViewPtr ofShards(int shards, int replicas, int tick)
{
    constexpr int hosts = 3;
    Maker maker(tick);
    for (int i = 0; i < shards; ++i) {
        const quint16 first = quint16(i * slotCount / shards), last = quint16((i + 1) * slotCount / shards - 1);
        QStringList replicaHosts;
        for (int r = 1; r <= replicas; ++r)
            replicaHosts.append(u"10.0.%1.%2"_s.arg((i + r) % hosts + 1).arg(11));
        maker.addShard(u"10.0.%1.11"_s.arg(i % hosts + 1), replicaHosts, {{first, last}}, quint16(6379 + i));
    }
    ClusterView &view = maker.view();
    view.agreed = true;
    return maker.finish();
}

ClusterViewPtr thousandNodes(int tick)
{
    Maker maker(tick);
    for (int shard = 0; shard < 500; ++shard) {
        const auto first = quint16(shard * slotCount / 500);
        const auto last = quint16((shard + 1) * slotCount / 500 - 1);
        maker.addShard(u"10.%1.%2.1"_s.arg(shard / 200).arg(shard % 200),
                       {u"10.%1.%2.2"_s.arg(shard / 200).arg(shard % 200)}, SlotSet{{first, last}});
    }
    maker.view().agreed = true;
    return maker.finish();
}

ClusterViewPtr standalone()
{
    Maker maker(0);
    maker.addShard(u"127.0.0.1"_s, {}, {}, 6379);
    maker.view().cluster = false;
    maker.view().agreed = true;
    return maker.finish();
}

SlotKeyCountsPtr keyCounts(const ClusterView &view)
{
    auto counts = std::make_shared<SlotKeyCounts>();
    counts->takenAt = view.takenAt;
    for (int slot = 0; slot < slotCount; ++slot) {
        const quint32 noise = quint32(slot) * 2654435761U >> 20;
        counts->keys[size_t(slot)] = view.owner[size_t(slot)] == ClusterView::noOwner ? -1 : 600 + qint64(noise % 1200);
    }
    return counts;
}

NodeSlotUse slotUse(const ClusterView &view, int reading)
{
    NodeSlotUse use;
    use.nodeId = "sample";
    use.nodeName = QStringLiteral("sample");
    for (int slot = 0; slot < slotCount; ++slot) {
        if (view.owner[size_t(slot)] == ClusterView::noOwner)
            continue;
        const quint32 noise = quint32(slot) * 2654435761U >> 20;
        const qint64 rate = slot % 1361 == 7 ? 40'000 : qint64(noise % 4000);
        use.slots.push_back({.number = quint16(slot),
                             .memory = -1,
                             .cpuMicroseconds = reading * rate,
                             .networkBytes = reading * rate * 20,
                             .toldAt = 1000 + reading * 5000});
    }
    return use;
}

} // namespace slotscope::samples
