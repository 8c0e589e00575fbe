// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/hostloss.h"

#include <QMap>

#include <limits>

namespace slotscope {
namespace {

/// Computes the consequences for the shards of a view. Hosts are numbered, so that with a thousand nodes no strings
/// need be compared.
class Judge
{
    Q_DISABLE_COPY_MOVE(Judge)
public:
    Judge(const ClusterView &view, const std::vector<int> &hostOf) : m_view(view), m_hostOf(hostOf)
    {
        for (const ShardState &shard : view.shards) {
            if (shard.primary < 0 || shard.slots.isEmpty())
                continue;
            ++m_voters;
            if (isUp(view.nodes[size_t(shard.primary)]))
                ++m_upVotersOf[hostOf[size_t(shard.primary)]];
        }
        for (const int count : std::as_const(m_upVotersOf))
            m_upVoters += count;
    }

    [[nodiscard]] bool hasMajorityWithout(int host) const
    {
        return m_upVoters - m_upVotersOf.value(host) > m_voters / 2;
    }

    static bool isUp(const NodeState &node)
    {
        return node.condition == NodeCondition::Ok || node.condition == NodeCondition::Loading;
    }

    void judge(int index, int host, HostLoss &loss) const
    {
        const ShardState &shard = m_view.shards[size_t(index)];
        if (shard.slots.isEmpty()) // the shard owns no slots, so nothing is lost
            return;
        const bool isPrimaryUp = shard.primary >= 0 && isUp(m_view.nodes[size_t(shard.primary)]);
        const bool losesPrimary = shard.primary >= 0 && m_hostOf[size_t(shard.primary)] == host;
        int left = 0, successor = -1;
        qint64 least = std::numeric_limits<qint64>::max();
        for (const int replica : shard.replicas) {
            const NodeState &node = m_view.nodes[size_t(replica)];
            if (node.condition != NodeCondition::Ok || m_hostOf[size_t(replica)] == host)
                continue;
            ++left;
            const bool isLinked = !node.info || node.info->primaryLinkUp.value_or(true);
            if (node.flags.testFlag(NodeFlag::NoFailover) || (isPrimaryUp && !isLinked))
                continue; // it never stands for election, or its data is outdated
            const qint64 lag = node.lagBytes.value_or(std::numeric_limits<qint64>::max() - 1);
            if (lag < least) {
                successor = replica;
                least = lag;
            }
        }
        const bool isTakenOver = losesPrimary && successor >= 0 && loss.hasMajority;
        if (isTakenOver)
            loss.successors.append({index, successor});
        else if (losesPrimary)
            loss.lostShards.append(index);
        if ((isTakenOver && left == 1) || (isPrimaryUp && !losesPrimary && left == 0))
            loss.bareShards.append(index);
    }

private:
    const ClusterView &m_view;
    const std::vector<int> &m_hostOf; ///< maps a node's index to the number of its host; -1: in no shard
    QHash<int, int> m_upVotersOf; ///< maps a host's number to its number of running primaries with slots
    int m_voters = 0, m_upVoters = 0;
};

} // namespace

QString hostNameOf(const NodeState &node)
{
    return node.address.hostname.isEmpty() ? node.host() : node.address.hostname;
}

QStringList hostNamesOf(const ClusterView &view)
{
    QStringList hosts;
    for (const NodeState &node : view.nodes)
        if (const QString host = hostNameOf(node); node.shard >= 0 && !host.isEmpty())
            hosts.append(host);
    hosts.sort();
    hosts.removeDuplicates();
    return hosts;
}

std::vector<HostLoss> hostLosses(const ClusterView &view)
{
    QMap<QString, QList<int>> byHost;
    for (size_t i = 0; i < view.nodes.size(); ++i)
        if (view.nodes[i].shard >= 0)
            byHost[hostNameOf(view.nodes[i])].append(int(i));
    std::vector<HostLoss> losses;
    std::vector<int> hostOf(view.nodes.size(), -1);
    for (auto it = byHost.begin(); it != byHost.end(); ++it) {
        for (const int node : it.value())
            hostOf[size_t(node)] = int(losses.size());
        HostLoss loss;
        loss.host = it.key();
        loss.nodes = it.value();
        losses.push_back(std::move(loss));
    }
    const Judge judge(view, hostOf);
    for (size_t host = 0; host < losses.size(); ++host) {
        HostLoss &loss = losses[host];
        loss.hasMajority = judge.hasMajorityWithout(int(host));
        QList<int> shards;
        for (const int node : std::as_const(loss.nodes))
            if (const int shard = view.nodes[size_t(node)].shard; !shards.contains(shard))
                shards.append(shard);
        std::sort(shards.begin(), shards.end());
        for (const int shard : std::as_const(shards))
            judge.judge(shard, int(host), loss);
    }
    return losses;
}

} // namespace slotscope
