// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at before any operation on a cluster.
#include "core/operations/planners/plandraft.h"

#include "core/base/errortext.h"

#include <QMap>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace { } // namespace

bool PlanDraft::checkWorking()
{
    if (facts.working)
        refuse(tr("An operation is running on this cluster: %1").arg(facts.working->title),
               tr("%1 started it (operation %2). Wait until it ends, or stop it.")
                   .arg(facts.working->who, facts.working->id));
    return facts.working.has_value();
}

void PlanDraft::checkNobodyElse()
{
    if (checkWorking())
        return;
    if (view.cluster && !view.slotsKnown) {
        const auto why = std::find_if(view.findings.begin(), view.findings.end(),
                                      [](const Finding &finding) { return finding.kind == Finding::Kind::NotLearnt; });
        refuse(why == view.findings.end() ? tr("It is not known who owns the slots") : why->title,
               why == view.findings.end() ? tr("No node has answered CLUSTER NODES.") : why->advice);
        return;
    }
    if (facts.changing)
        refuse(tr("Another tool or person is changing the cluster"),
               tr("The cluster changed while Slotscope compared it: %1. Wait until the change is over, then try again.")
                   .arg(facts.changed));
    else if (facts.keysMoving.isEmpty())
        pass(tr("No one else is changing the cluster"));
}

void PlanDraft::checkOpenSlots(Verdict severity, const SlotSet &expected)
{
    SlotSet open;
    Nodes holders;
    for (const NodeState &node : view.nodes) {
        SlotSet here;
        for (const OpenSlot &slot : node.openSlots)
            here.add(slot.slot);
        here = here.subtracted(expected);
        open = open.united(here);
        if (!here.isEmpty())
            holders.append(&node);
    }
    if (facts.working || !view.slotsKnown) // the running operation opened them, or the plan is refused already
        return;
    Nodes silent, away;
    for (const NodeState *node : members())
        if (!node->openSlotsKnown)
            (answers(*node) ? silent : away).append(node);
    if (!silent.isEmpty())
        check(severity, tr("It is not known whether slots are in migration on %1").arg(namesOf(silent)),
              tr("The user may not run CLUSTER NODES on this node. Allow it (ACL: +cluster|nodes), or connect as "
                 "another user."));
    if (open.isEmpty() && silent.isEmpty())
        pass(!away.isEmpty()          ? tr("No node that answers has a slot in migration")
                 : expected.isEmpty() ? tr("No slot is in migration")
                                      : tr("No other slot is in migration"));
    else if (!open.isEmpty())
        check(severity, tr("Slots are in migration: %1").arg(open.toString(rangesShown)),
              tr("These slots are partly moved between two nodes on %1. Finish or cancel their migration with fix, or "
                 "let the tool that moves them finish.")
                  .arg(namesOf(holders)));
}

void PlanDraft::checkMigrations(Verdict severity)
{
    Nodes migrating, silent;
    QString text;
    for (const NodeState &node : view.nodes) {
        const NodeFacts &known = factsOf(node.id);
        if (known.answered && !known.migrationsKnown)
            silent.append(&node);
        if (known.migrationsRunning == 0)
            continue;
        migrating.append(&node);
        text = text.isEmpty() ? known.migrationText : text;
    }
    if (!view.slotsKnown)
        return;
    if (!silent.isEmpty())
        warn(tr("It is not known whether a slot migration is running on %1").arg(namesOf(silent)),
             tr("The user may not query this node. Allow +command, and +cluster|getslotmigrations on Valkey 9 or "
                "+cluster|migration on Redis 8.4."));
    if (migrating.isEmpty() && silent.isEmpty())
        pass(tr("No slot migration is running"));
    else if (!migrating.isEmpty())
        check(severity, tr("A slot migration is running on %1").arg(namesOf(migrating)),
              tr("%1. Wait until the migration ends, or cancel it on that node.").arg(text));
}

void PlanDraft::checkCoverage(Verdict severity, const SlotSet &halfWay)
{
    if (!view.slotsKnown)
        return; // checkNobodyElse() refuses this
    const SlotSet disputed = view.disputed.subtracted(halfWay);
    if (!disputed.isEmpty())
        check(severity, tr("Nodes report different owners for slots %1").arg(disputed.toString(rangesShown)),
              tr("If this does not resolve within seconds, use fix."));
    if (!view.uncovered.isEmpty())
        check(severity, tr("Slots without an owner: %1").arg(view.uncovered.toString(rangesShown)),
              tr("Use fix first: with cluster-require-full-coverage, the nodes refuse keys that are moved to them."));
    if (!view.unserved.isEmpty())
        check(severity, tr("Slots whose primary does not serve them: %1").arg(view.unserved.toString(rangesShown)),
              tr("Restart their primary, or let one of its replicas take over."));
    if (disputed.isEmpty() && view.uncovered.isEmpty() && view.unserved.isEmpty())
        pass(
            size_t(view.observers) < view.nodes.size()
                ? tr("Every slot has one owner, and the %1 nodes that could be queried agree on it").arg(view.observers)
                : tr("Every slot has one owner, and all nodes agree on it"));
}

void PlanDraft::checkCounted(Verdict severity)
{
    for (const NodeState *primary : primaries()) {
        if (!answers(*primary) || facts.counted.contains(primary->id))
            continue;
        const auto why = facts.uncounted.constFind(primary->id);
        check(severity, tr("The keys of %1 could not be counted").arg(primary->name),
              tr("%1. The number of its keys is not known; try again when the node answers.")
                  .arg(why == facts.uncounted.cend() ? tr("The node did not answer in time") : describe(*why)));
    }
}

void PlanDraft::checkEmptied(const QList<SlotMove> &moves)
{
    QHash<QByteArray, SlotSet> given;
    for (const SlotMove &move : moves)
        given[move.source.id] = given[move.source.id].united(move.slots);
    Nodes turning, perhaps;
    for (const NodeState *node : primaries()) {
        if (node->slots.isEmpty() || !node->slots.subtracted(given.value(node->id)).isEmpty())
            continue;
        const std::optional<bool> allowed = factsOf(node->id).allowReplicaMigration;
        if (allowed.value_or(true))
            (allowed ? turning : perhaps).append(node);
    }
    if (!perhaps.isEmpty())
        warn(tr("%1 loses its last slot and may become a replica of the node that takes it").arg(namesOf(perhaps)),
             tr("This happens if the node's cluster-allow-replica-migration is yes, which is not known: the user may "
                "not read it (ACL: +config|get), or the server is older than 7.0 and does not do this."));
    if (!turning.isEmpty())
        warn(tr("%1 loses its last slot and becomes a replica of the node that takes it").arg(namesOf(turning)),
             tr("This node then copies all data of that node, and its own replicas do the same. CONFIG SET "
                "cluster-allow-replica-migration no on this node prevents this."));
}

void PlanDraft::checkReach()
{
    Nodes away;
    qsizetype known = 0; // includes nodes that no longer belong to a shard
    for (const NodeState &node : view.nodes) {
        if (node.flags.testFlag(NodeFlag::Handshake) || node.flags.testFlag(NodeFlag::NoAddress))
            continue;
        ++known;
        if (!answers(node))
            away.append(&node);
    }
    if (away.isEmpty())
        pass(tr("All %1 nodes answer").arg(known));
    else
        warn(tr("%1 of %2 nodes do not answer: %3").arg(away.size()).arg(known).arg(namesOf(away)),
             tr("These nodes do not receive the changes; the other nodes tell them when they are back."));
}

void PlanDraft::checkBus(Verdict severity)
{
    QHash<QByteArray, int> unlinked; // for each node id, the number of answering nodes without a link to that node
    int observers = 0;
    for (const NodeObservation &observation : view.observations) {
        if (!observation.table || observation.reach.state != Reach::State::Ready || view.indexOf(observation.id) < 0)
            continue;
        ++observers;
        for (const int index : observation.table->notable) {
            const NodeLine &line = observation.table->lines[size_t(index)];
            if (!line.linkConnected)
                ++unlinked[line.id];
        }
    }
    Nodes cut, some;
    bool sought = false;
    for (const NodeState *node : members()) {
        const int count = answers(*node) ? unlinked.value(node->id) : 0;
        if (count > 0)
            (2 * count >= observers - 1 ? cut : some).append(node);
        sought = sought || node->soughtAt;
    }
    if (!cut.isEmpty())
        check(severity, tr("Other nodes do not reach %1, but Slotscope does").arg(namesOf(cut)),
              sought
                  ? tr("The other nodes look for it at an outdated address: fix introduces the nodes to one another.")
                  : tr("The changes would not reach this node. Check that the cluster bus port (usually the port + "
                       "10000) is open between the hosts, in both directions."));
    else if (!some.isEmpty())
        warn(tr("Some nodes do not reach %1").arg(namesOf(some)),
             tr("These nodes learn about changes through other nodes. Check that the cluster bus port is open between "
                "them."));
}

void PlanDraft::checkVersions()
{
    QMap<QByteArray, Nodes> versions;
    Nodes unknown;
    for (const NodeState *node : members()) {
        if (node->info && !node->info->version.isEmpty())
            versions[node->info->product + ' ' + node->info->version].append(node);
        else
            unknown.append(node);
    }
    if (!unknown.isEmpty())
        warn(tr("The version of %1 is not known").arg(namesOf(unknown)),
             tr("The node does not answer, or the user may not run INFO (ACL: +info). Another version may not "
                "understand the data."));
    if (versions.size() <= 1) {
        if (unknown.isEmpty() && !versions.isEmpty())
            pass(tr("All nodes run the same version"), QString::fromUtf8(versions.firstKey()));
        return;
    }
    QStringList parts;
    for (auto it = versions.cbegin(); it != versions.cend(); ++it)
        parts.append(tr("%1 on %2").arg(QString::fromUtf8(it.key()), namesOf(it.value(), 2)));
    warn(tr("Versions differ"),
         parts.join(u"; "_s) + u". "_s + tr("An older node may not understand the data of a newer node."));
}

void PlanDraft::checkNodeTimeouts()
{
    QMap<qint64, Nodes> timeouts;
    for (const NodeState *node : members())
        if (const qint64 timeout = factsOf(node->id).nodeTimeoutMs; timeout >= 0)
            timeouts[timeout].append(node);
    if (timeouts.size() <= 1)
        return;
    QStringList parts;
    for (auto it = timeouts.cbegin(); it != timeouts.cend(); ++it)
        parts.append(tr("%1 ms on %2").arg(it.key()).arg(namesOf(it.value(), 2)));
    warn(tr("cluster-node-timeout differs"),
         parts.join(u"; "_s) + u". "_s + tr("The nodes would mark each other as failed at different times."));
}

void PlanDraft::checkWhole(Verdict severity, const SlotSet &halfWay)
{
    checkNobodyElse();
    checkOpenSlots(severity, halfWay);
    checkMigrations(severity);
    checkCoverage(severity, halfWay);
    checkReach();
    checkBus(Verdict::Refuse); // required even if we reach all nodes ourselves
    checkVersions();
    checkNodeTimeouts();
}

} // namespace slotscope
