// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/viewbuilder.h"

#include <QSet>

#include <algorithm>

namespace slotscope {

namespace {

constexpr int shardColours = 36; // twelve hues in three shades

/// Sort key of primaries that compete for a shard number; also the order of the first numbers of a session.
auto claimOf(const NodeState &primary, int firstSlot)
{
    return std::make_tuple(firstSlot, primary.condition == NodeCondition::Failed);
}

} // namespace

bool addressBefore(const QString &a, const QString &b)
{
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        if (!a[i].isDigit() || !b[j].isDigit()) {
            if (a[i] != b[j])
                return a[i] < b[j];
            ++i;
            ++j;
            continue;
        }
        quint64 first = 0;
        quint64 second = 0;
        for (; i < a.size() && a[i].isDigit(); ++i)
            first = first * 10 + quint64(a[i].digitValue());
        for (; j < b.size() && b[j].isDigit(); ++j)
            second = second * 10 + quint64(b[j].digitValue());
        if (first != second)
            return first < second;
    }
    return a.size() - i < b.size() - j;
}

/// Merges addresses with the same run id, which belong to one server. The address that answers is kept or, if both do,
/// the one with a host name, because a user entered it. Returns node ids by every address that leads to them.
QHash<QString, QByteArray> ViewBuilder::mergeAliases()
{
    const auto rank = [](const Draft &draft) {
        const QString &name = draft.state.reach.address;
        const bool named =
            !name.startsWith(u'[') && std::any_of(name.cbegin(), name.cend(), [](QChar c) { return c.isLetter(); });
        return std::make_tuple(draft.state.reach.state != Reach::State::Ready, !named, name);
    };
    std::stable_sort(m_drafts.begin(), m_drafts.end(),
                     [&](const Draft &a, const Draft &b) { return rank(a) < rank(b); });
    QHash<QString, QByteArray> idOfAddress;
    QHash<QByteArray, QByteArray> idOfRun;
    std::vector<Draft> kept;
    m_draftById.clear();
    for (Draft &draft : m_drafts) {
        NodeState &state = draft.state;
        state.name = state.reach.address;
        const QByteArray run = state.info ? state.info->runId : QByteArray();
        const auto other = run.isEmpty() ? idOfRun.cend() : idOfRun.constFind(run);
        const QByteArray id = other == idOfRun.cend() ? state.id : *other;
        for (const QString &alias : draft.observation ? draft.observation->announcedAs : QStringList())
            idOfAddress.insert(alias, id);
        idOfAddress.insert(state.name, id);
        if (other != idOfRun.cend())
            continue;
        if (!run.isEmpty())
            idOfRun.insert(run, state.id);
        m_draftById.insert(state.id, int(kept.size()));
        kept.push_back(std::move(draft));
    }
    m_drafts = std::move(kept);
    return idOfAddress;
}

QHash<QString, QByteArray> ViewBuilder::addresses() const
{
    QHash<QString, QByteArray> idOfAddress;
    for (const Draft &draft : m_drafts)
        idOfAddress.insert(draft.state.reach.address, draft.state.id);
    return idOfAddress;
}

/// Without cluster tables: takes roles from INFO, which names primaries by address. A node without INFO is a primary if
/// a replica names it.
void ViewBuilder::takeRolesOfInfo(const QHash<QString, QByteArray> &idOfAddress)
{
    for (Draft &draft : m_drafts) {
        NodeState &state = draft.state;
        if (!state.info || state.info->role.isEmpty())
            continue;
        state.roleKnown = true;
        state.primary = state.info->role != "slave";
        state.flags = state.primary ? NodeFlag::Primary : NodeFlag::Replica;
        if (state.primary)
            continue;
        const AnnouncedAddress primary{state.info->primaryHost, state.info->primaryPort, 0, {}};
        state.primaryId = idOfAddress.value(primary.toString());
        const auto named = m_draftById.constFind(state.primaryId);
        if (named == m_draftById.cend() || m_drafts[size_t(*named)].state.info)
            continue;
        NodeState &silent = m_drafts[size_t(*named)].state;
        silent.roleKnown = silent.primary = true;
        silent.flags = NodeFlag::Primary;
    }
}

/// Accepts only the server that the Sentinels name as primary. Any other that reports this role has come back after
/// being replaced, or was never theirs. No node counts as primary if they name none, or if during a failover the
/// promoted server already reports the role, because writes to the old one would be lost.
void ViewBuilder::takePrimaryOfSentinels(const QHash<QString, QByteArray> &idOfAddress)
{
    QByteArray named = idOfAddress.value(m_view.sentinels->primaryAddress());
    const bool isUnderway = std::any_of(
        m_view.sentinels->sentinels.cbegin(), m_view.sentinels->sentinels.cend(), [](const SentinelWord &word) {
            return word.tellsPrimary() && word.primary.flags.contains("failover_in_progress");
        });
    const bool isPromoted = std::any_of(m_drafts.begin(), m_drafts.end(), [&named](const Draft &draft) {
        return draft.state.id != named && draft.state.primary && draft.state.currentInfo();
    });
    if (isUnderway && isPromoted)
        named.clear();
    for (Draft &draft : m_drafts) {
        NodeState &state = draft.state;
        if (state.id == named && !state.roleKnown && !state.info) {
            state.roleKnown = state.primary = true; // it does not answer, but it is still the primary
            state.flags = NodeFlag::Primary;
        } else if (!named.isEmpty() && state.id != named
                   && ((!state.roleKnown && !state.info)
                       || (state.isReplica() && !m_draftById.contains(state.primaryId)))) {
            state.roleKnown = true;
            state.flags = NodeFlag::Replica;
            state.primaryId = named; // INFO may name the primary by an address that nobody else uses
        } else if (state.primary && state.id != named) {
            state.roleKnown = state.primary = false;
            state.flags = {};
        }
    }
}

/// Assigns shard numbers. A shard keeps its number as long as its primary or a replica is recognised. After a failover
/// both the old and the new primary are known by that number. The one that owns slots with the newest epoch keeps it,
/// not the one that will become its replica.
void ViewBuilder::numberShards(std::vector<ShardState> &shards)
{
    QSet<int> taken;
    const auto rank = [this](const ShardState &shard) {
        quint64 epoch = 0;
        bool hasSlots = false;
        for (const Statement &statement : m_drafts[size_t(shard.primary)].statements) {
            epoch = std::max(epoch, statement.line->configEpoch);
            hasSlots = hasSlots || !statement.line->slots.isEmpty();
        }
        return std::make_pair(hasSlots, hasSlots ? epoch : 0);
    };
    std::vector<ShardState *> byClaim;
    for (ShardState &shard : shards)
        byClaim.push_back(&shard);
    std::stable_sort(byClaim.begin(), byClaim.end(),
                     [&](const ShardState *a, const ShardState *b) { return rank(*a) > rank(*b); });
    const auto take = [&](ShardState &shard, int number) {
        if (number <= 0 || taken.contains(number))
            return;
        shard.number = number;
        taken.insert(number);
    };
    for (ShardState *shard : byClaim)
        take(*shard, m_names.numberOfNode.value(m_drafts[size_t(shard->primary)].state.id));
    for (ShardState &shard : shards) {
        for (const int replica : std::as_const(shard.replicas)) {
            if (shard.number == 0)
                take(shard, m_names.numberOfNode.value(m_drafts[size_t(replica)].state.id));
        }
    }
    int next = 1; // larger than every known number, including those of vanished nodes and of names
    for (const int number : std::as_const(m_names.numberOfNode))
        next = std::max(next, number + 1);
    for (auto it = m_names.nameOfNumber.cbegin(); it != m_names.nameOfNumber.cend(); ++it)
        next = std::max(next, it.key() + 1);
    for (ShardState &shard : shards) {
        if (shard.number == 0)
            shard.number = next++;
        shard.colour = (shard.number - 1) % shardColours;
        shard.name = m_names.nameOfNumber.value(shard.number);
        m_names.numberOfNode.insert(m_drafts[size_t(shard.primary)].state.id, shard.number);
        for (const int replica : std::as_const(shard.replicas))
            m_names.numberOfNode.insert(m_drafts[size_t(replica)].state.id, shard.number);
    }
}

/// Keeps a failed former primary in the shard that it led while another node leads it.
void ViewBuilder::adoptLeftOvers(std::vector<ShardState> &shards)
{
    QHash<int, size_t> shardOfNumber;
    for (size_t i = 0; i < shards.size(); ++i)
        shardOfNumber.insert(shards[i].number, i);
    for (size_t i = 0; i < m_drafts.size(); ++i) {
        NodeState &state = m_drafts[i].state;
        if (state.shard >= 0 || !state.flags.testFlag(NodeFlag::Failed))
            continue;
        const auto found = shardOfNumber.constFind(m_names.numberOfNode.value(state.id));
        if (found == shardOfNumber.cend())
            continue;
        shards[*found].replicas.append(int(i));
        state.shard = 0; // any valid number, because final indices are assigned after sorting
    }
}

/// Whether other nodes claim with a higher epoch all slots still assigned to this node. A node that is importing slots
/// from a primary that dies keeps assigning them to the dead one (Redis, clusterUpdateSlotsConfigWith).
bool ViewBuilder::isOverruled(size_t draft) const
{
    SlotSet claimed, overruling;
    quint64 epoch = 0;
    for (const Statement &statement : m_drafts[draft].statements) {
        claimed = claimed.united(statement.line->slots);
        epoch = std::max(epoch, statement.line->configEpoch);
    }
    for (size_t i = 0; i < m_drafts.size() && !claimed.isEmpty(); ++i)
        for (const Statement &statement : m_drafts[i].statements)
            if (i != draft && statement.line->configEpoch > epoch)
                overruling = overruling.united(statement.line->slots.intersected(claimed));
    return claimed.subtracted(overruling).isEmpty();
}

/// Returns the primary at the end of a chain of replicas; null if it is unknown.
const NodeState *ViewBuilder::primaryAbove(const NodeState &replica) const
{
    constexpr int longestChain = 8;
    const NodeState *state = &replica;
    for (int i = 0; i < longestChain && state && !state->primary; ++i) {
        const auto above = m_draftById.constFind(state->primaryId);
        state = above == m_draftById.cend() ? nullptr : &m_drafts[size_t(*above)].state;
    }
    return state && state->primary ? state : nullptr;
}

void ViewBuilder::makeShards()
{
    std::vector<ShardState> shards;
    std::vector<int> firstSlot(m_drafts.size(), slotCount);
    QHash<QByteArray, qsizetype> replicasOf;
    for (size_t i = 0; i < m_drafts.size(); ++i) {
        for (const Statement &statement : m_drafts[i].statements) {
            const QList<SlotRange> &ranges = statement.line->slots.ranges();
            if (!ranges.isEmpty())
                firstSlot[i] = std::min(firstSlot[i], int(ranges.constFirst().first));
        }
        if (m_drafts[i].state.isReplica())
            ++replicasOf[m_drafts[i].state.primaryId];
    }
    QHash<QByteArray, size_t> shardOf;
    std::vector<int> primaries;
    for (size_t i = 0; i < m_drafts.size(); ++i) {
        const NodeState &state = m_drafts[i].state;
        const bool aside =
            state.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::NoAddress) && firstSlot[i] == slotCount;
        const bool leftOver = state.flags.testFlag(NodeFlag::Failed) && !replicasOf.contains(state.id)
            && (firstSlot[i] == slotCount || (state.reach.state != Reach::State::Ready && isOverruled(i)));
        if (state.primary && !aside && !leftOver)
            primaries.push_back(int(i));
    }
    std::sort(primaries.begin(), primaries.end(), [&](int a, int b) {
        const NodeState &left = m_drafts[size_t(a)].state;
        const NodeState &right = m_drafts[size_t(b)].state;
        const auto claimLeft = claimOf(left, firstSlot[size_t(a)]);
        const auto claimRight = claimOf(right, firstSlot[size_t(b)]);
        return claimLeft != claimRight ? claimLeft < claimRight : addressBefore(left.name, right.name);
    });
    for (const int primary : primaries) {
        shardOf.insert(m_drafts[size_t(primary)].state.id, shards.size());
        shards.emplace_back().primary = primary;
    }
    for (size_t i = 0; i < m_drafts.size(); ++i) {
        const NodeState &state = m_drafts[i].state;
        const NodeState *primary = primaryAbove(state);
        const auto shard = primary ? shardOf.constFind(primary->id) : shardOf.cend();
        if (shard == shardOf.cend())
            continue;
        m_drafts[i].state.shard = int(*shard);
        if (!state.primary)
            shards[*shard].replicas.append(int(i));
    }
    numberShards(shards);
    adoptLeftOvers(shards);
    std::sort(shards.begin(), shards.end(),
              [](const ShardState &a, const ShardState &b) { return a.number < b.number; });
    m_view.shards = std::move(shards);
    sortNodes();
}

void ViewBuilder::sortNodes()
{
    std::vector<int> order;
    order.reserve(m_drafts.size());
    const auto byAddress = [this](int a, int b) {
        const NodeState &left = m_drafts[size_t(a)].state;
        const NodeState &right = m_drafts[size_t(b)].state;
        return left.name != right.name ? addressBefore(left.name, right.name) : left.id < right.id;
    };
    for (size_t i = 0; i < m_view.shards.size(); ++i) {
        ShardState &shard = m_view.shards[i];
        std::sort(shard.replicas.begin(), shard.replicas.end(), byAddress);
        const auto place = [&](int draft) {
            m_drafts[size_t(draft)].state.shard = int(i);
            order.push_back(draft);
            return int(order.size()) - 1;
        };
        shard.primary = place(shard.primary);
        for (int &replica : shard.replicas)
            replica = place(replica);
    }
    const auto outside = qsizetype(order.size());
    for (size_t i = 0; i < m_drafts.size(); ++i) {
        if (m_drafts[i].state.shard < 0)
            order.push_back(int(i));
    }
    std::sort(order.begin() + outside, order.end(), byAddress);
    m_view.nodes.reserve(order.size());
    m_view.indexById.reserve(qsizetype(order.size()));
    for (const int draft : order) {
        m_view.indexById.insert(m_drafts[size_t(draft)].state.id, int(m_view.nodes.size()));
        m_view.nodes.push_back(std::move(m_drafts[size_t(draft)].state));
    }
}

} // namespace slotscope
