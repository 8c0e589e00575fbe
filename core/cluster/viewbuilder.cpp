// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/viewbuilder.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qint64 tableAgeSpread = 2000; // milliseconds
constexpr qint64 infoSpreadMs = 2000; // INFO replies further apart in time are not compared, so no lag is computed

} // namespace

ViewBuilder::ViewBuilder(const std::vector<NodeObservation> &observations, ShardNames &names, qint64 now,
                         SentinelStatePtr sentinels)
    : m_observations(observations), m_names(names)
{
    m_view.sentinels = std::move(sentinels);
    m_view.takenAt = now;
    m_view.observations = observations;
    m_view.owner.fill(ClusterView::noOwner);
    for (const NodeObservation &observation : m_observations)
        m_newestTable = std::max(m_newestTable, observation.tableAt);
}

bool ViewBuilder::isRecent(const NodeObservation &observation) const
{
    return observation.tableAt + tableAgeSpread >= m_newestTable;
}

/// Groups observers by equal tables. If no node answers, the last known tables are used, so that the view does not
/// disappear with the connection.
void ViewBuilder::groupObservers()
{
    const auto usable = [](const NodeObservation &o) { return o.table && !o.table->lines.empty(); };
    const auto current = [&](const NodeObservation &o) { return usable(o) && o.reach.state == Reach::State::Ready; };
    m_current = std::any_of(m_observations.begin(), m_observations.end(), current);
    QHash<size_t, int> groupOf;
    for (size_t i = 0; i < m_observations.size(); ++i) {
        const NodeObservation &observation = m_observations[i];
        if (m_current ? !current(observation) : !usable(observation))
            continue;
        const int next = int(m_groups.size());
        const int group = groupOf.value(observation.table->digest, next);
        if (group == next) {
            groupOf.insert(observation.table->digest, next);
            m_groups.push_back({observation.table.get(), {}});
        }
        m_groups[size_t(group)].observers.append(int(i));
        m_view.observers += m_current ? 1 : 0;
    }
    // largest group first: its statement wins if votes are equal
    std::stable_sort(m_groups.begin(), m_groups.end(),
                     [](const Group &a, const Group &b) { return a.observers.size() > b.observers.size(); });
}

ViewBuilder::Draft &ViewBuilder::draftOf(const QByteArray &id)
{
    const auto known = m_draftById.constFind(id);
    if (known != m_draftById.cend())
        return m_drafts[size_t(*known)];
    m_draftById.insert(id, int(m_drafts.size()));
    m_drafts.emplace_back().state.id = id;
    return m_drafts.back();
}

namespace {

/// Whether a handshake is with a node that the observer already knows, as after a MEET between known nodes. It does not
/// count as a separate node.
bool meetsKnown(const NodesTable &table, const NodeLine &handshake)
{
    return std::any_of(table.lines.begin(), table.lines.end(), [&](const NodeLine &line) {
        return !line.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::NoAddress | NodeFlag::Failed)
            && line.address.port == handshake.address.port && line.address.host == handshake.address.host;
    });
}

} // namespace

void ViewBuilder::collectNodes()
{
    m_drafts.reserve(m_observations.size() + 8);
    for (size_t g = 0; g < m_groups.size(); ++g) {
        for (const NodeLine &line : m_groups[g].table->lines) {
            if (!line.flags.testFlag(NodeFlag::Handshake)) // handled in the loop below
                draftOf(line.id).statements.push_back({&line, int(g)});
        }
        // the digest excludes handshakes and their temporary ids, so each table of the group may have its own
        for (const int observer : std::as_const(m_groups[g].observers)) {
            const NodesTable &table = *m_observations[size_t(observer)].table;
            for (const int index : table.notable) {
                const NodeLine &line = table.lines[size_t(index)];
                if (!line.flags.testFlag(NodeFlag::Handshake) || m_draftById.contains(line.id))
                    continue;
                if (meetsKnown(table, line)) {
                    m_view.settling = true;
                    continue;
                }
                draftOf(line.id).statements.push_back({&line, int(g)});
            }
        }
    }
    for (const NodeObservation &observation : m_observations) {
        if (observation.id.isEmpty()) {
            if (m_groups.empty())
                draftOf(observation.reach.address.toLatin1()).observation = &observation;
            else
                noteStranger(observation);
            continue;
        }
        // skip nodes that no current table contains (they were forgotten), unless there are no tables at all
        const auto known = m_draftById.constFind(observation.id);
        if (known == m_draftById.cend() && !m_groups.empty() && observation.reach.state != Reach::State::Ready)
            continue;
        Draft &draft = draftOf(observation.id);
        draft.observation = &observation;
        if (observation.table && observation.reach.state == Reach::State::Ready)
            draft.ownLine = observation.table->self();
    }
}

void ViewBuilder::noteStranger(const NodeObservation &observation)
{
    const Reach &reach = observation.reach;
    const bool answers = reach.state == Reach::State::Ready;
    const bool away = reach.state == Reach::State::Waiting || reach.state == Reach::State::Refused;
    if (observation.named && (answers || away))
        m_view.strangers.append({reach.address, answers, answers ? Error{} : reach.error});
}

/// Decides the role by the node's own report, and the address by majority. Usually all agree, and no votes need be
/// counted.
void ViewBuilder::settleRole(Draft &draft) const
{
    NodeState &state = draft.state;
    const NodeLine &first = *draft.statements.front().line;
    bool oneRole = true;
    bool oneAddress = true;
    for (const Statement &statement : draft.statements) {
        const NodeLine &line = *statement.line;
        state.flags |= line.flags;
        state.configEpoch = std::max(state.configEpoch, line.configEpoch);
        oneRole = oneRole && line.flags.testFlag(NodeFlag::Primary) == first.flags.testFlag(NodeFlag::Primary)
            && line.primaryId == first.primaryId;
        oneAddress = oneAddress && line.address == first.address;
    }
    const NodeLine &role = oneRole ? first : knowsItsRole(draft) ? *draft.ownLine : *votedRole(draft);
    state.primary = role.flags.testFlag(NodeFlag::Primary);
    // a node in handshake has no role yet
    state.roleKnown = role.flags.testAnyFlags(NodeFlag::Primary | NodeFlag::Replica);
    state.primaryId = state.primary ? QByteArray() : role.primaryId;
    settleAddress(draft, (oneAddress ? first : *votedAddress(draft)).address);
    state.flags &= ~NodeFlags(NodeFlag::Myself | NodeFlag::Primary | NodeFlag::Replica);
    if (state.roleKnown)
        state.flags |= state.primary ? NodeFlag::Primary : NodeFlag::Replica;
}

/// Sets the address. After all nodes were restarted at new addresses, each knows its own new address but looks for the
/// others at the old ones. A node that we can reach then counts as being where it says itself.
void ViewBuilder::settleAddress(Draft &draft, const AnnouncedAddress &voted) const
{
    NodeState &state = draft.state;
    state.address = voted;
    if (!draft.ownLine || !isRecent(*draft.observation))
        return;
    AnnouncedAddress own = draft.ownLine->address;
    if (own.host.isEmpty())
        own.host = voted.host;
    const auto reaches = [&](int observer) {
        const NodeLine *line = m_observations[size_t(observer)].table->find(state.id);
        return line
            && (line->linkConnected || line->address.host.isEmpty()
                || (line->address.port == own.port && line->address.host == own.host));
    };
    bool sought = false;
    for (const Statement &statement : draft.statements) {
        if (statement.line->flags.testFlag(NodeFlag::Myself))
            continue;
        const QList<int> &observers = m_groups[size_t(statement.group)].observers;
        if (std::any_of(observers.begin(), observers.end(), reaches))
            return; // one node already looks for it at the right address, and gossip will spread that
        sought = true;
    }
    if (!sought)
        return;
    state.soughtAt = voted;
    state.address = own;
}

/// Whether the node's own report of its role is decisive. A newly elected primary reports its role before the others
/// know it. Its own table is outdated only if others know of an election with a later epoch.
bool ViewBuilder::knowsItsRole(const Draft &draft) const
{
    return draft.ownLine && isRecent(*draft.observation)
        && std::none_of(draft.statements.begin(), draft.statements.end(), [&](const Statement &statement) {
               return statement.line->configEpoch > draft.ownLine->configEpoch
                   && statement.line->flags.testFlag(NodeFlag::Primary);
           });
}

const NodeLine *ViewBuilder::votedRole(const Draft &draft) const
{
    // votes for each role; the key is empty for a primary, else made from the primary's id
    QHash<QByteArray, qsizetype> roles;
    const NodeLine *role = nullptr;
    qsizetype best = 0;
    for (const Statement &statement : draft.statements) {
        const NodeLine &line = *statement.line;
        qsizetype &votes = roles[line.flags.testFlag(NodeFlag::Primary) ? QByteArray() : line.primaryId + '-'];
        votes += weight(statement);
        if (votes > best) {
            best = votes;
            role = &line;
        }
    }
    return role;
}

/// Returns the line with the address that most observers report. Lines without a host are ignored if another has one.
const NodeLine *ViewBuilder::votedAddress(const Draft &draft) const
{
    QHash<QString, qsizetype> addresses;
    const NodeLine *address = nullptr;
    qsizetype best = 0;
    for (const Statement &statement : draft.statements) {
        const NodeLine &line = *statement.line;
        if (line.address.host.isEmpty() && best > 0)
            continue;
        qsizetype &votes = addresses[line.address.toString()];
        votes += weight(statement);
        if (votes > best || address->address.host.isEmpty()) {
            best = votes;
            address = &line;
        }
    }
    return address;
}

void ViewBuilder::settleKnownBy(Draft &draft) const
{
    NodeState &state = draft.state;
    qsizetype total = 0;
    qsizetype knowing = 0;
    for (const Group &group : m_groups)
        total += group.observers.size();
    for (const Statement &statement : draft.statements) {
        const NodeFlags flags = statement.line->flags;
        const QList<int> &observers = m_groups[size_t(statement.group)].observers;
        knowing += observers.size();
        if (!m_current || !flags.testAnyFlags(NodeFlag::Failed | NodeFlag::MaybeFailed))
            continue;
        for (const int observer : observers) {
            const bool self = m_observations[size_t(observer)].id == state.id;
            if (flags.testFlag(NodeFlag::Failed) && !self)
                state.saidFailedBy.append(observer);
            else if (flags.testFlag(NodeFlag::MaybeFailed) && !self)
                state.saidMaybeFailedBy.append(observer);
        }
    }
    if (state.flags.testFlag(NodeFlag::Handshake)) {
        for (const Statement &statement : draft.statements) {
            for (const int observer : m_groups[size_t(statement.group)].observers) {
                if (m_observations[size_t(observer)].table->find(state.id))
                    state.knownBy.append(observer);
            }
        }
        state.knownByAll = state.knownBy.size() == total;
        return;
    }
    state.knownByAll = knowing == total;
    if (state.knownByAll)
        return;
    for (const Statement &statement : draft.statements)
        state.knownBy += m_groups[size_t(statement.group)].observers;
}

void ViewBuilder::settleReach(Draft &draft) const
{
    NodeState &state = draft.state;
    if (const NodeObservation *observation = draft.observation) {
        state.reach = observation->reach;
        state.info = observation->info;
        state.infoAt = observation->infoAt;
        state.observedAt = observation->table ? observation->tableAt : 0;
        state.refused = observation->refused;
        state.named = observation->named;
    }
    state.name =
        state.address.host.isEmpty() && !state.reach.address.isEmpty() ? state.reach.address : state.address.toString();
    if (state.address.port == 0 && state.address.host.isEmpty() && state.reach.address.isEmpty())
        state.name = QString::fromLatin1(state.id.left(8)); // noaddr: use the id, since nothing better is known
    const bool away = state.reach.state == Reach::State::Waiting || state.reach.state == Reach::State::Refused;
    if (state.flags.testFlag(NodeFlag::Handshake))
        state.condition = NodeCondition::Handshake;
    else if (!state.saidFailedBy.isEmpty())
        state.condition = NodeCondition::Failed;
    else if (state.flags.testFlag(NodeFlag::NoAddress))
        state.condition = NodeCondition::NoAddress;
    else if (!state.saidMaybeFailedBy.isEmpty())
        state.condition = NodeCondition::MaybeFailed;
    else if (away)
        state.condition = NodeCondition::Unreachable;
    else if (state.info && state.info->loading.value_or(false))
        state.condition = NodeCondition::Loading;
    else if (state.reach.state == Reach::State::Ready && (!m_groups.empty() || !m_view.cluster))
        // without any node's table the state is Unknown: it answers, but nobody reported whether the cluster considers
        // it failed
        state.condition = NodeCondition::Ok;
    else
        state.condition = NodeCondition::Unknown;
}

void ViewBuilder::settle(Draft &draft) const
{
    if (!draft.statements.empty()) {
        settleRole(draft);
        settleKnownBy(draft);
    }
    if (draft.ownLine) {
        draft.state.openSlots = draft.ownLine->openSlots;
        draft.state.openSlotsKnown = draft.observation->table->tellsOpenSlots;
    }
    settleReach(draft);
}

/// Converts indices of observations to indices of nodes.
void ViewBuilder::mapObservers()
{
    std::vector<int> nodeOf(m_observations.size(), -1);
    for (size_t i = 0; i < m_observations.size(); ++i)
        nodeOf[i] = m_observations[i].id.isEmpty() ? -1 : m_view.indexOf(m_observations[i].id);
    const auto map = [&nodeOf](QList<int> &list) {
        if (list.isEmpty())
            return;
        for (int &index : list)
            index = nodeOf[size_t(index)];
        list.removeAll(-1);
        std::sort(list.begin(), list.end());
    };
    for (NodeState &node : m_view.nodes) {
        map(node.saidFailedBy);
        map(node.saidMaybeFailedBy);
        map(node.knownBy);
    }
    for (Group &group : m_groups)
        map(group.observers);
}

/// Returns the replication lag in bytes, the smaller of two estimates: from the primary's INFO, which lists the offset
/// that the replica last acknowledged (up to a second ago), and from both nodes' INFO if they are close in time.
/// nullopt if neither is available.
std::optional<qint64> ViewBuilder::lagOf(const NodeState &replica, const NodeState &primary)
{
    const ServerInfo &info = *primary.info;
    std::optional<qint64> lag;
    const auto consider = [&](qint64 offset) {
        const qint64 behind = std::max<qint64>(0, *info.primaryOffset - offset);
        lag = lag ? std::min(*lag, behind) : behind;
    };
    for (const AttachedReplica &attached : info.replicas) {
        const AnnouncedAddress said{attached.host, attached.port, 0, {}};
        const bool same = attached.port == replica.address.port
            && (attached.host == replica.address.host || attached.host == replica.address.hostname);
        if ((same || said.toString() == replica.reach.address) && attached.state == "online")
            consider(attached.offset);
    }
    if (std::abs(primary.infoAt - replica.infoAt) <= infoSpreadMs)
        consider(*replica.info->replicaOffset);
    return lag;
}

void ViewBuilder::compareWithPrimaries()
{
    for (NodeState &node : m_view.nodes) {
        if (node.primary || !node.info || !node.info->replicaOffset)
            continue;
        const NodeState *primary = m_view.node(node.primaryId);
        if (primary && primary->info && primary->info->primaryOffset)
            node.lagBytes = lagOf(node, *primary);
    }
    for (const NodeObservation &observation : m_observations) {
        if (observation.clusterInfo)
            m_view.currentEpoch = std::max(m_view.currentEpoch, observation.clusterInfo->currentEpoch);
    }
}

ClusterView ViewBuilder::build()
{
    groupObservers();
    collectNodes();
    // INFO shows that cluster mode is on even to users who may not run CLUSTER NODES
    const bool alone = m_view.sentinels
        || std::any_of(m_observations.begin(), m_observations.end(),
                       [](const NodeObservation &o) { return o.standalone || (o.info && o.info->mode != "cluster"); });
    m_view.cluster = !m_groups.empty() || !alone;
    for (Draft &draft : m_drafts)
        settle(draft);
    if (!m_view.cluster) {
        const QHash<QString, QByteArray> idOfAddress = mergeAliases();
        takeRolesOfInfo(idOfAddress);
        if (m_view.sentinels)
            takePrimaryOfSentinels(idOfAddress);
    } else if (m_groups.empty()) {
        takeRolesOfInfo(addresses());
    }
    makeShards();
    mapObservers();
    if (m_view.cluster && !m_groups.empty())
        mapSlots();
    compareWithPrimaries();
    // differences between own lines are ignored: a new node may not know its own address yet
    m_view.agreed = m_current && m_view.disputed.isEmpty();
    for (const Draft &draft : m_drafts) {
        if (!m_view.agreed || m_groups.size() < 2)
            break;
        // gossip does not spread nodes in handshake or without an address, and they have findings of their own
        const bool handshake = draft.state.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::NoAddress);
        m_view.agreed = handshake || draft.statements.size() == m_groups.size();
        const NodeLine *said = nullptr;
        for (const Statement &statement : draft.statements) {
            if (handshake || statement.line->address.host.isEmpty())
                continue;
            m_view.agreed = m_view.agreed && (!said || said->claimHash == statement.line->claimHash);
            said = statement.line;
        }
    }
    if (!m_view.cluster)
        m_view.observers = int(std::count_if(m_view.nodes.begin(), m_view.nodes.end(), [](const NodeState &node) {
            return node.reach.state == Reach::State::Ready;
        }));
    return std::move(m_view);
}

} // namespace slotscope
