// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/outsidechecks.h"

#include "core/operations/planners/shardloss.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QMap>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int defaultBusOffset = 10000;

Command meet(const QString &ip, quint16 port, quint16 busPort)
{
    Command command = commandOf("CLUSTER", "MEET", ip.toUtf8(), QByteArray::number(port));
    if (busPort != 0 && busPort != port + defaultBusOffset)
        command << QByteArray::number(busPort);
    return command;
}

void checkAlone(PlanDraft &draft, const OutsideNode &node, Joining as, const QString &name)
{
    const NodeState *member = draft.view.node(node.id);
    if (member && member->info && areTwoServers(member->info->runId, node.runId)) {
        draft.refuse(tr("%1 has the node id of %2, but is another server").arg(name, member->name), tr(twinCure));
        return;
    }
    if (member && as != Joining::Met) {
        draft.refuse(tr("%1 is already in this cluster").arg(name),
                     member->name == name ? QString() : tr("The cluster knows it as %1.").arg(member->name));
        return;
    }
    if (member && node.knownNodes > 1 && PlanDraft::alive(*member)) {
        draft.warn(tr("%1 is already in this cluster, and knows %2 nodes").arg(name).arg(node.knownNodes),
                   tr("MEET only helps if some nodes do not know it."));
        return;
    }
    if (node.knownNodes > 1 && !member)
        draft.refuse(tr("%1 belongs to another cluster of %2 nodes").arg(name).arg(node.knownNodes),
                     tr("MEET would merge both clusters. Remove the node from the other cluster first, or reset it."));
    else if (as == Joining::Met && comesBack(draft, node))
        draft.warn(tr("%1 owns slots %2, whose former owner is gone from this cluster")
                       .arg(name, node.owned->toString(rangesShown)),
                   tr("The node was restarted without its nodes.conf and has loaded its keys. It becomes their owner "
                      "again: it gets a newer epoch than it had before."));
    else if (node.owned.value_or(SlotSet()).count() > 0 && !member)
        draft.refuse(tr("%1 owns %2").arg(name, slotsText(node.owned->count())),
                     tr("It would claim these slots in this cluster too. Reset the node first."));
    else if (node.knownNodes == 0 || !node.owned)
        draft.refuse(tr("It is not known whether %1 belongs to another cluster").arg(name),
                     tr("The user may not run CLUSTER INFO and CLUSTER NODES there. Allow them (ACL: +cluster|info "
                        "+cluster|nodes), or connect as another user."));
    else
        draft.pass(tr("%1 knows no other node").arg(name));
}

void checkKeys(PlanDraft &draft, const OutsideNode &node, Joining as, const QString &name)
{
    if (node.keys && *node.keys == 0) {
        draft.pass(tr("%1 is empty").arg(name));
        return;
    }
    if (as == Joining::Met && (draft.view.node(node.id) || comesBack(draft, node)))
        return;
    if (!node.keys) {
        draft.refuse(tr("It is not known whether %1 contains keys").arg(name),
                     tr("The user may not run INFO there. Allow it (ACL: +info), or connect as another user."));
        return;
    }
    const QString why = as == Joining::Replica ? tr("The node's keys would be deleted.")
                                               : tr("The node's keys would be in slots that it does not own.");
    const QString way = node.knownNodes > 1 ? tr("These are keys of the cluster that the node belongs to.")
                                            : tr("Empty the node with FLUSHALL if its keys are not needed.");
    draft.refuse(tr("%1 contains %2").arg(name, keysText(*node.keys)), why + u' ' + way);
}

void checkFunctions(PlanDraft &draft, const OutsideNode &node, Joining as, const QString &name)
{
    if (as == Joining::Met || node.functionCount == 0)
        return;
    if (!node.functionCount) {
        if (!node.facts.capabilitiesKnown || node.facts.functions) // functions do not exist before 7.0
            draft.warn(tr("It is not known whether %1 has functions").arg(name),
                       tr("The user may not run FUNCTION LIST on this node."));
        return;
    }
    const QString title = tr("%1 has functions").arg(name);
    if (as == Joining::Replica)
        draft.warn(title, tr("The functions of its primary replace them."));
    else if (as == Joining::Created)
        draft.warn(title, tr("The other nodes will not have these functions. FUNCTION FLUSH deletes them."));
    else
        draft.refuse(
            title,
            tr("The functions of the cluster cannot be copied to it. First delete its own with FUNCTION FLUSH."));
}

/// Compares the version with that of most members; a single newer member does not matter.
void checkVersion(PlanDraft &draft, const OutsideNode &node, const QString &name)
{
    QMap<std::pair<QByteArray, QByteArray>, int> membersWith;
    for (const NodeState &member : draft.view.nodes)
        if (member.info && !member.info->version.isEmpty())
            ++membersWith[{member.info->product, member.info->version}];
    const auto usual = std::max_element(membersWith.cbegin(), membersWith.cend());
    if (usual == membersWith.cend() || node.version.isEmpty())
        return;
    const auto &[product, version] = usual.key();
    if (product != node.product)
        draft.warn(tr("%1 runs %2, the cluster runs %3")
                       .arg(name, QString::fromUtf8(node.product), QString::fromUtf8(product)),
                   tr("The versions may not understand each other's data."));
    else if (version != node.version)
        draft.warn(tr("%1 runs version %2; most nodes of the cluster have %3")
                       .arg(name, QString::fromUtf8(node.version), QString::fromUtf8(version)),
                   tr("An older node may not understand the data of a newer node."));
}

void checkFit(PlanDraft &draft, const OutsideNode &node, const QString &name)
{
    checkVersion(draft, node, name);
    if (draft.facts.withPassword && !node.authRequired)
        draft.warn(tr("%1 requires no password, but the cluster does").arg(name),
                   tr("Anyone who reaches the node can read and change the cluster's data there. First give it the "
                      "users or the password of the cluster with redis-cli: CONFIG SET requirepass and masterauth, "
                      "then CONFIG REWRITE."));
    const qint64 timeout = node.facts.nodeTimeoutMs;
    const qint64 usual = draft.usualNodeTimeoutMs();
    if (draft.facts.view && timeout > 0 && usual > 0 && timeout != usual)
        draft.warn(tr("cluster-node-timeout of %1 is %2 ms; most nodes of the cluster have %3 ms")
                       .arg(name)
                       .arg(timeout)
                       .arg(usual),
                   tr("Set it to the same value afterwards."));
}

} // namespace

bool comesBack(const PlanDraft &draft, const OutsideNode &node)
{
    const bool alone = node.knownNodes == 1 && node.epoch == 0 && !draft.view.node(node.id);
    if (!alone || !node.owned || node.owned->isEmpty())
        return false;
    SlotSet free = draft.view.uncovered;
    for (const NodeState *primary : draft.primaries())
        if (isGone(*primary) && !livingReplica(draft, *primary))
            free = free.united(primary->slots);
    return node.owned->subtracted(free).isEmpty();
}

void checkJoining(PlanDraft &draft, const OutsideNode &node, Joining as)
{
    const QString name = node.endpoint.toString();
    if (!node.answered) {
        // an error reply such as NOAUTH, WRONGPASS or NOPERM still is an answer
        const bool refused = !node.error.serverPrefix.isEmpty();
        draft.refuse(refused ? tr("%1 refuses the connection").arg(name) : tr("%1 does not answer").arg(name),
                     describe(node.error));
        return;
    }
    if (!node.clusterEnabled) {
        draft.refuse(tr("%1 does not run in cluster mode").arg(name), tr("Start it with cluster-enabled yes."));
        return;
    }
    if (node.ip.isEmpty())
        draft.refuse(tr("%1 has no IP address").arg(name),
                     tr("CLUSTER MEET accepts no host names. Check the name resolution, or enter an IP address."));
    checkAlone(draft, node, as, name);
    checkKeys(draft, node, as, name);
    checkFunctions(draft, node, as, name);
    checkFit(draft, node, name);
}

Command meetCommand(const AnnouncedAddress &address, const NodeFacts &facts)
{
    const bool tls = facts.tlsCluster.value_or(false) && facts.tlsPort.value_or(0) > 0;
    const quint16 busPort = address.busPort != 0 ? address.busPort : quint16(address.port + defaultBusOffset);
    return meet(address.host, tls ? *facts.tlsPort : address.port, busPort);
}

Command greetCommand(const AnnouncedAddress &address)
{
    return address.host.isEmpty() || address.busPort == 0
        ? Command{}
        : commandOf("CLUSTER", "MEET", address.host.toUtf8(), QByteArray::number(address.port),
                    QByteArray::number(address.busPort));
}

Command meetCommand(const OutsideNode &node)
{
    const bool tls = node.facts.tlsCluster.value_or(false) && node.facts.tlsPort.value_or(0) > 0;
    const quint16 busPort = node.busPort != 0 ? node.busPort : quint16(node.endpoint.port + defaultBusOffset);
    return meet(node.ip, tls ? *node.facts.tlsPort : node.endpoint.port, busPort);
}

} // namespace slotscope
