// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/health.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace slotscope {

namespace {

/// Why the node cannot be reached. Omits its address if the sentence already names it.
QString reasonOf(const NodeState &node)
{
    Error error = node.reach.error;
    if (error.node == node.name)
        error.node.clear();
    return describe(error);
}

constexpr qint64 lagAllowedBytes = 10 * 1024 * 1024;
// an idle primary pings its replicas every ten seconds (repl-ping-replica-period)
constexpr qint64 silenceAllowedSeconds = 25;

bool isAside(const NodeState &node)
{
    return node.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::NoAddress);
}

bool isAway(const NodeState &node)
{
    return node.reach.state == Reach::State::Waiting || node.reach.state == Reach::State::Refused;
}

bool isDown(const NodeState &node)
{
    return node.condition == NodeCondition::Failed || node.condition == NodeCondition::MaybeFailed;
}

} // namespace

void Health::checkNodes()
{
    int voters = 0;
    int down = 0;
    bool readdressed = false; // the nodes only have new addresses and are not down: checkReaddressed() reports it
    for (const NodeState &node : m_view.nodes) {
        readdressed = readdressed || node.soughtAt;
        if (node.primary && !node.slots.isEmpty()) {
            ++voters;
            down += isDown(node) || node.condition == NodeCondition::NoAddress ? 1 : 0;
        }
        checkFailure(node);
        checkReach(node);
        checkKnown(node);
    }
    if (down > 0 && down * 2 >= voters && !readdressed) {
        add(Finding::Kind::NoQuorum, Severity::Error,
            tr("%1 of %2 primaries are down: no majority is left").arg(down).arg(voters),
            tr("Without a majority of the primaries, no failover can be voted for, and the cluster stops serving."),
            tr("Restart the primaries; if that is impossible, use CLUSTER FAILOVER TAKEOVER on their replicas."));
    }
    if (m_view.observers == 0 && !m_view.nodes.empty()
        && std::all_of(m_view.nodes.begin(), m_view.nodes.end(), isAway)) {
        add(Finding::Kind::UnreachableFromHere, Severity::Error, tr("No node answers"),
            tr("The page shows the last data received; it may be out of date."),
            tr("Check the network between this computer and the servers."));
    }
    if (m_view.cluster)
        checkLinks();
}

void Health::checkFailure(const NodeState &node)
{
    if (node.soughtAt)
        return;
    const SlotSet &owned = node.slots;
    const QString slots = owned.toString(rangesShown);
    if (node.condition == NodeCondition::Failed) {
        const QString who = sayers(node.saidFailedBy);
        Finding &finding = owned.isEmpty()
            ? add(Finding::Kind::NodeFailed, Severity::Warning,
                  node.primary ? tr("%1 %2 has failed; it no longer owns any slot").arg(who, node.name)
                               : tr("%1 the replica %2 has failed").arg(who, node.name),
                  tr("Other nodes serve its data, but one copy of it is missing."),
                  tr("Start the node again, or remove it from the cluster with CLUSTER FORGET on every node."))
            : add(
                Finding::Kind::NodeFailed, Severity::Error,
                tr("%1 %2 has failed; it owned slots %3, and no node has taken them over").arg(who, node.name, slots),
                tr("Keys in these slots cannot be read or written until a replica takes over or the node comes back."),
                tr("Wait some seconds for the failover. If there is none, start the node again, or use CLUSTER "
                   "FAILOVER FORCE on one of its replicas (TAKEOVER if most primaries are down)."));
        finding.nodes = {node.id};
        finding.slots = owned;
    } else if (node.condition == NodeCondition::MaybeFailed) {
        const QString who = names(node.saidMaybeFailedBy);
        const bool dead = !owned.isEmpty() && isAway(node);
        Finding &finding = add(
            Finding::Kind::NodeMaybeFailed, dead ? Severity::Error : Severity::Warning,
            owned.isEmpty() ? tr("%1 cannot reach %2 (fail?)").arg(who, node.name)
                : dead
                ? tr("%1 cannot reach %2 (fail?), nor can Slotscope; it owns slots %3").arg(who, node.name, slots)
                : tr("%1 cannot reach %2 (fail?), which owns slots %3").arg(who, node.name, slots),
            tr("When most primaries report this, the node is marked as failed, and one of its replicas takes over."),
            tr("Check the node's process and the network between the nodes."));
        finding.nodes = {node.id};
        finding.slots = owned;
    }
}

void Health::checkReach(const NodeState &node)
{
    using Code = Error::Code;
    if (m_view.cluster && !m_view.slotsKnown && node.reach.state == Reach::State::Ready)
        return; // checkLearnt() reports this
    if (node.reach.state == Reach::State::Refused && node.reach.error.code == Code::Outside) {
        add(Finding::Kind::OutsideHosts, Severity::Warning,
            tr("%1 is outside the hosts that this connection may use").arg(node.name),
            tr("No command is sent to this node; the data shown for it comes from the other nodes."),
            tr("Add its host to hosts=… in the URI if it is yours."))
            .nodes = {node.id};
        return;
    }
    if (node.reach.state == Reach::State::Waiting && node.reach.error.code == Code::TooManyClients) {
        add(Finding::Kind::AccessRefused, node.slots.isEmpty() ? Severity::Warning : Severity::Error,
            tr("%1 answers, but accepts no more clients: %2").arg(node.name, node.reach.error.detail),
            tr("The node serves the clients that are already connected; it rejects new ones, including Slotscope."),
            tr("Raise maxclients on this node, or close connections that are no longer needed."))
            .nodes = {node.id};
        return;
    }
    if (onlyLacksRights(node))
        return; // checkRights() reports this for all nodes together
    if (!node.refused.isEmpty() || node.reach.state == Reach::State::Refused) {
        const QString why = node.refused.isEmpty() ? reasonOf(node) : node.refused;
        QString cure = tr("Check user name and password, and that the user may run CLUSTER, INFO and COMMAND.");
        if (node.reach.error.code == Code::Certificate)
            cure = tr("Renew the certificate of the node, or change the authorities (CA) that this connection trusts.");
        else if (node.reach.error.code == Code::Tls)
            cure = tr("Check that the port uses TLS, which TLS versions the node accepts, and whether it requires a "
                      "client certificate.");
        add(Finding::Kind::AccessRefused, Severity::Warning, tr("%1 refuses the connection: %2").arg(node.name, why),
            m_view.observers > 0 ? tr("The data shown for this node comes from the other nodes.")
                                 : tr("No data can be read from it."),
            cure)
            .nodes = {node.id};
        return;
    }
    if (node.reach.state != Reach::State::Waiting || isDown(node) || m_view.observers == 0 || isAside(node))
        return;
    const QString why = node.reach.error.code == Code::Cancelled ? QString() : reasonOf(node);
    // a single lost connection is soon replaced, but a timeout already means a long silence
    const bool lasts = node.reach.failures > 1 || node.reach.error.code == Code::Timeout;
    // for a standalone server, or one that the user entered, no other node would report a failure
    const bool serving = !node.slots.isEmpty() || (!m_view.cluster && (node.primary || node.named));
    QString title = why.isEmpty() ? tr("%1 does not answer Slotscope").arg(node.name)
                                  : tr("%1 does not answer Slotscope: %2").arg(node.name, why);
    if (!node.slots.isEmpty())
        title += tr("; it owns slots %1").arg(node.slots.toString(rangesShown));
    Finding &finding =
        add(Finding::Kind::UnreachableFromHere, serving && lasts ? Severity::Error : Severity::Warning, title,
            m_view.cluster ? tr("No other node reports that it has failed: the network path from this computer may be "
                                "blocked, or the node has just crashed or frozen and the others have not noticed yet.")
                : m_view.sentinels
                ? tr("It may have crashed or frozen, or the network path from this computer may be blocked. The "
                     "Sentinels promote a replica when enough of them do not reach the primary either.")
                : tr("It may have crashed or frozen, or the network path from this computer may be blocked. No node "
                     "takes over for it."),
            tr("Check the node's process, and the network and the firewall between this computer and it; the address "
               "it announces must be reachable from here."));
    finding.nodes = {node.id};
    finding.slots = node.slots;
}

void Health::checkKnown(const NodeState &node)
{
    if (node.flags.testFlag(NodeFlag::Handshake)) {
        if (!lasts("handshake " + node.name.toUtf8())) // keyed by name, because the id changes with each attempt
            return;
        add(Finding::Kind::StuckHandshake, Severity::Warning,
            tr("%1 is in a handshake with %2").arg(names(node.knownBy), node.name),
            tr("A node that was told to meet another (CLUSTER MEET) has had no answer on the cluster bus yet."),
            tr("If this lasts, check that the cluster bus port (usually the port + 10000) is open in both directions, "
               "and that the address is right."))
            .nodes = {node.id};
        return;
    }
    if (node.flags.testFlag(NodeFlag::NoAddress)) {
        checkGhost(node);
        return;
    }
    if (node.knownByAll || m_view.observers == 0)
        return;
    QList<int> missing;
    for (const NodeObservation &observation : m_view.observations) {
        const int index = m_view.indexOf(observation.id);
        if (index >= 0 && observation.table && observation.reach.state == Reach::State::Ready
            && !node.knownBy.contains(index))
            missing.append(index);
    }
    std::sort(missing.begin(), missing.end());
    if (!lasts("partly known " + node.id)) // gossip usually spreads a new node within a second
        return;
    add(Finding::Kind::PartlyKnownNode, Severity::Warning,
        tr("%2 is known to %1, but not to %3").arg(names(node.knownBy), node.name, names(missing)),
        tr("A node that only some of the others know is only half a member of the cluster. Either gossip is still "
           "spreading it, or only some nodes have forgotten it."),
        tr("If the node should join, introduce it to the others (meet); if it should leave, let all other nodes forget "
           "it within a minute."))
        .nodes = {node.id};
}

/// Reports a node whose address nobody knows. If it owns slots, it must not be forgotten, because they would then have
/// no owner.
void Health::checkGhost(const NodeState &node)
{
    const QString id = QString::fromLatin1(node.id.left(8));
    const bool replicas = std::any_of(m_view.nodes.begin(), m_view.nodes.end(), [&](const NodeState &other) {
        return other.isReplica() && other.primaryId == node.id && other.reach.state == Reach::State::Ready;
    });
    Finding &finding = node.slots.isEmpty()
        ? add(Finding::Kind::NoAddress, Severity::Warning, tr("Node %1 has no address").arg(id),
              tr("The cluster remembers a node but does not know its address; usually that node was reset or lost its "
                 "data."),
              tr("Remove it with CLUSTER FORGET on every other node, within a minute."))
        : add(Finding::Kind::NoAddress, Severity::Error,
              tr("Node %1 owns slots %2 and has no address: no node serves them")
                  .arg(id, node.slots.toString(rangesShown)),
              tr("Its server is gone, or was restarted without its nodes.conf and has a new node id. The others keep "
                 "waiting for the old one."),
              replicas ? tr("One of its replicas can take over: fix does that. Do not forget the node before that.")
                       : tr("If the server runs, introduce it again with meet HOST:PORT: it may have the keys. Then "
                            "assign the slots to the node that has the keys, or to another: fix --assign SLOTS=NODE. "
                            "Do not forget the node before that: its slots would have no owner."));
    finding.nodes = {node.id};
    finding.slots = node.slots;
}

/// Reports broken cluster bus links, as reported by the nodes: one finding for each node that is not connected or not
/// heard.
void Health::checkLinks()
{
    // Maps a node, and whether it is not connected (true) or only not heard (false), to the nodes that report this.
    QMap<std::pair<int, bool>, QList<int>> reporters;
    const auto counts = [](const NodeState &to) { return !isDown(to) && !isAside(to) && !isAway(to) && !to.soughtAt; };
    for (const NodeObservation &observation : m_view.observations) {
        const int from = m_view.indexOf(observation.id);
        if (from < 0 || !observation.table || observation.reach.state != Reach::State::Ready)
            continue;
        QSet<int> told;
        for (const int index : observation.table->notable) {
            const NodeLine &line = observation.table->lines[size_t(index)];
            const int to = m_view.indexOf(line.id);
            if (line.linkConnected || to < 0 || !counts(m_view.nodes[size_t(to)]))
                continue;
            told.insert(to);
            reporters[{to, true}].append(from);
        }
        if (!observation.links)
            continue;
        QHash<QByteArray, int> directions; // bit 1: link to the node, bit 2: link from the node
        for (const ClusterLink &link : *observation.links)
            directions[link.nodeId] |= link.outgoing ? 1 : 2;
        for (auto it = directions.cbegin(); it != directions.cend(); ++it) {
            const int to = m_view.indexOf(it.key());
            if (*it != 3 && to >= 0 && !told.contains(to) && counts(m_view.nodes[size_t(to)]))
                reporters[{to, *it == 2}].append(from);
        }
    }
    for (auto it = reporters.begin(); it != reporters.end(); ++it) {
        const auto &[to, unconnected] = it.key();
        const NodeState &node = m_view.nodes[size_t(to)];
        if (!lasts((unconnected ? "unlinked " : "unheard ") + node.id))
            continue;
        std::sort(it->begin(), it->end());
        Finding &finding =
            add(Finding::Kind::OneWayLink, Severity::Warning,
                unconnected ? tr("No cluster bus link to %1 from %2").arg(node.name, names(*it))
                            : tr("%2 receives nothing on the cluster bus from %1").arg(node.name, names(*it)),
                tr("If nodes receive each other's messages in one direction only, they report each other as failing, "
                   "and failovers become unreliable."),
                tr("Check that the cluster bus port (usually the port + 10000) is open between the hosts, in both "
                   "directions."));
        finding.nodes = {node.id};
        for (const int from : std::as_const(*it))
            finding.nodes.append(m_view.nodes[size_t(from)].id);
    }
}

void Health::checkReplicas()
{
    QList<int> bare, unwilling;
    // CLUSTER SLOTS, used if CLUSTER NODES is not permitted, omits replicas that have not received any data yet
    const bool listsReplicas = !m_view.cluster
        || std::any_of(m_view.observations.begin(), m_view.observations.end(), [](const NodeObservation &observation) {
               return observation.table && !observation.deniedCommands.contains("CLUSTER NODES");
           });
    for (const ShardState &shard : m_view.shards) {
        if (shard.primary < 0 || !listsReplicas)
            continue;
        const NodeState &primary = m_view.nodes[size_t(shard.primary)];
        bool any = false, willing = false;
        for (const int replica : shard.replicas) {
            const NodeState &node = m_view.nodes[size_t(replica)];
            const bool works = !node.primary && node.condition != NodeCondition::Failed;
            any = any || works;
            willing = willing || (works && !node.flags.testFlag(NodeFlag::NoFailover));
        }
        if (!willing && !primary.slots.isEmpty())
            (any ? unwilling : bare).append(shard.primary);
    }
    if (!unwilling.isEmpty()) {
        Finding &finding = add(Finding::Kind::NoFailover, Severity::Warning,
                               tr("No replica takes over by itself from: %1").arg(names(unwilling)),
                               tr("All its replicas have cluster-replica-no-failover set to yes: if the primary fails, "
                                  "its slots stay down until somebody starts a failover by hand."),
                               tr("If that is not wanted, set cluster-replica-no-failover to no on one of them."));
        for (const int node : std::as_const(unwilling))
            finding.nodes.append(m_view.nodes[size_t(node)].id);
    }
    if (!bare.isEmpty()) {
        Finding &finding =
            add(Finding::Kind::NoReplica, Severity::Warning, tr("Without a working replica: %1").arg(names(bare)),
                tr("If a primary without a working replica fails, its slots are unavailable until it comes back, and "
                   "data that it had not saved is lost."),
                tr("Add a replica, or restart a failed one."));
        for (const int node : std::as_const(bare))
            finding.nodes.append(m_view.nodes[size_t(node)].id);
    }
    for (const NodeState &node : m_view.nodes) // including replicas that belong to no shard
        if (node.isReplica())
            checkReplica(node, m_view.node(node.primaryId));
    if (m_view.cluster)
        checkHosts();
}

void Health::checkReplica(const NodeState &node, const NodeState *primary)
{
    if (node.reach.state != Reach::State::Ready || (primary && isDown(*primary)))
        return;
    if (!primary && m_view.cluster)
        add(Finding::Kind::ReplicaOfReplica, Severity::Warning,
            tr("%1 replicates a node that no other node knows (%2)")
                .arg(node.name, QString::fromLatin1(node.primaryId.left(8))),
            tr("It receives no writes, and cannot take over for any primary."),
            tr("Give it another primary: replicate."))
            .nodes = {node.id};
    else if (primary && !primary->primary)
        add(Finding::Kind::ReplicaOfReplica, Severity::Warning,
            tr("%1 replicates %2, which is a replica itself").arg(node.name, primary->name),
            tr("The primary does not count it as a replica, and it is not elected when that primary fails."),
            tr("Give it the primary of that node as its own: replicate."))
            .nodes = {node.id, primary->id};
    if (!node.info || isDown(node))
        return;
    const ServerInfo &info = *node.info;
    const QString name =
        primary ? primary->name : AnnouncedAddress{info.primaryHost, info.primaryPort, 0, {}}.toString();
    const QByteArrayList concerned = primary ? QByteArrayList{node.id, primary->id} : QByteArrayList{node.id};
    if (info.primaryLinkUp && !*info.primaryLinkUp) {
        const QString since = info.primaryLinkDownSeconds && *info.primaryLinkDownSeconds > 0
            ? tr(" for %1").arg(duration(*info.primaryLinkDownSeconds * 1000))
            : QString();
        add(Finding::Kind::ReplicaLinkDown, Severity::Warning,
            tr("%1 has no replication link to its primary %2%3").arg(node.name, name, since),
            tr("The replica receives no writes; a failover to it would lose all writes since the link was lost."),
            tr("Right after a start, a full synchronization may be running. Otherwise check the network, the "
               "replication password (masterauth) and the primary's log."))
            .nodes = concerned;
        return;
    }
    const bool silent = info.primaryLastIoSeconds.value_or(0) > silenceAllowedSeconds;
    if (node.lagBytes.value_or(0) <= lagAllowedBytes && !silent)
        return;
    add(Finding::Kind::ReplicaLagging, Severity::Warning,
        silent ? tr("%1 has received nothing from its primary %2 for %3")
                     .arg(node.name, name, duration(*info.primaryLastIoSeconds * 1000))
               : tr("%1 lags %2 behind its primary %3").arg(node.name, byteSize(*node.lagBytes), name),
        tr("A failover to this replica would lose the writes that it has not received yet."),
        tr("Check the network and the replica's load."))
        .nodes = concerned;
}

void Health::checkHosts()
{
    QSet<QString> hosts;
    for (const NodeState &node : m_view.nodes) {
        if (!isAside(node))
            hosts.insert(node.host());
    }
    QList<int> together;
    for (size_t i = 0; i < m_view.nodes.size(); ++i) {
        const NodeState &node = m_view.nodes[i];
        const NodeState *primary = node.primary ? nullptr : m_view.node(node.primaryId);
        if (primary && primary->host() == node.host())
            together.append(int(i));
    }
    if (together.isEmpty())
        return;
    Finding &finding = hosts.size() == 1
        ? add(Finding::Kind::ReplicaOnPrimaryHost, Severity::Note,
              tr("All nodes run on one host, %1").arg(*hosts.constBegin()),
              tr("When this host fails, primaries and replicas fail together."),
              tr("This is fine for a test; otherwise spread the nodes over several hosts."))
        : add(Finding::Kind::ReplicaOnPrimaryHost, Severity::Warning,
              tr("On the same host as their primary: %1").arg(names(together)),
              tr("When this host fails, primary and replica fail together."),
              tr("Move the replica to another host, or swap it with a replica of another shard."));
    for (const int node : std::as_const(together))
        finding.nodes.append(m_view.nodes[size_t(node)].id);
}

} // namespace slotscope
