// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/outsidechecks.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/rolechoosing.h"
#include "core/operations/planners/slottaking.h"

#include "core/base/text.h"
#include "core/cluster/slot.h"

#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Condition = PlanStep::Condition;

constexpr int allMeetUpTo = 30; // up to this many nodes, every pair is introduced
constexpr int slotsPerCommand = 2000; ///< limit for ADDSLOTS, if ADDSLOTSRANGE is missing
constexpr int syncMs = 120000;

/// Builds the plan of a new cluster.
class Creation
{
public:
    Creation(PlanDraft &planDraft, const CreateRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void check();
    void plan();

private:
    void checkTwins();
    void checkLikeness();
    void checkPrimaries();
    void checkSpread();
    void layOutSlots();
    void addSlots();
    void addEpochs();
    [[nodiscard]] QList<int> introducedTo(int i) const;
    void addMeetings();
    void addNews();
    void addReplicas();
    [[nodiscard]] const OutsideNode &node(int index) const { return draft.facts.outside[index]; }
    [[nodiscard]] NodeRef ref(int index) const { return PlanDraft::ref(node(index)); }
    [[nodiscard]] QString name(int index) const { return request.nodes[index].endpoint.toString(); }
    [[nodiscard]] QList<NodeRef> all() const;

    PlanDraft &draft;
    const CreateRequest &request;
    Roles roles;
    QHash<int, SlotSet> slotsOf;
};

Result<> Creation::resolve()
{
    if (request.nodes.isEmpty() || draft.facts.outside.size() != request.nodes.size())
        return failure(Error::Code::InvalidArgument, tr("no nodes were given"));
    QList<RoleWish> wishes;
    for (int i = 0; i < request.nodes.size(); ++i) {
        const NewNode &wanted = request.nodes[i];
        RoleWish wish{.label = wanted.label, .primary = wanted.primary, .replicaOf = -1};
        if (wish.label.isEmpty())
            wish.label = node(i).ip.isEmpty() ? wanted.endpoint.host : node(i).ip;
        if (wanted.replicaOf) {
            const auto same = [&](const NewNode &other) { return other.endpoint == *wanted.replicaOf; };
            const auto found = std::find_if(request.nodes.begin(), request.nodes.end(), same);
            if (found == request.nodes.end() || !found->primary.value_or(false))
                return failure(Error::Code::InvalidArgument,
                               tr("%1 shall replicate %2, which is not a primary in the list")
                                   .arg(name(i), wanted.replicaOf->toString()));
            wish.replicaOf = int(found - request.nodes.begin());
            wish.primary = false;
        }
        wishes.append(wish);
    }
    roles = chooseRoles(wishes, request.replicas);
    if (roles.primaries.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no node is left to be a primary"));
    layOutSlots();
    return {};
}

/// Gives all primaries equal slot ranges. If some have manual ranges, the others share the remaining slots.
void Creation::layOutSlots()
{
    SlotSet left = SlotSet::all();
    QList<int> open;
    for (const int primary : std::as_const(roles.primaries)) {
        const auto &given = request.nodes[primary].slots;
        if (!given) {
            open.append(primary);
            continue;
        }
        const SlotSet twice = given->subtracted(left);
        if (!twice.isEmpty())
            draft.refuse(tr("Slots are assigned twice: %1").arg(twice.toString(6)),
                         tr("Assign each slot to a single primary."));
        slotsOf[primary] = *given;
        left = left.subtracted(*given);
    }
    const bool equal = open.size() == roles.primaries.size();
    const int count = left.count();
    for (qsizetype i = 0; i < open.size(); ++i) {
        const auto [first, last] = equalRange(int(i), int(open.size()));
        const int part = equal ? last - first + 1 : int((i + 1) * count / open.size() - i * count / open.size());
        SlotSet taken;
        for (int missing = part; missing > 0 && !left.isEmpty();) {
            SlotRange range = left.ranges().constFirst();
            range.last = quint16(std::min<int>(range.last, range.first + missing - 1));
            taken.add(range);
            left.remove(range);
            missing -= range.count();
        }
        slotsOf[open[i]] = taken;
    }
    if (!left.isEmpty())
        draft.refuse(tr("Slots without an owner: %1").arg(left.toString(6)), tr("Assign them to a primary."));
}

void Creation::checkTwins()
{
    QHash<QString, int> byAddress;
    QHash<QByteArray, int> byId;
    for (int i = 0; i < request.nodes.size(); ++i) {
        const QString address = Endpoint{node(i).ip, request.nodes[i].endpoint.port, {}}.toString();
        const QByteArray id = node(i).id;
        const int twin =
            byAddress.value(node(i).ip.isEmpty() ? name(i) : address, id.isEmpty() ? -1 : byId.value(id, -1));
        if (twin >= 0 && areTwoServers(node(twin).runId, node(i).runId))
            draft.refuse(tr("%1 and %2 are two servers with the same node id").arg(name(twin), name(i)), tr(twinCure));
        else if (twin >= 0)
            draft.refuse(tr("%1 and %2 are the same node").arg(name(twin), name(i)), tr("Enter each node once."));
        byAddress.insert(node(i).ip.isEmpty() ? name(i) : address, i);
        if (!id.isEmpty())
            byId.insert(id, i);
    }
}

void Creation::checkLikeness()
{
    QSet<QByteArray> versions;
    QSet<qint64> timeouts;
    QSet<bool> passwords;
    QStringList old;
    for (const OutsideNode &one : draft.facts.outside) {
        if (!one.answered)
            continue;
        versions.insert(one.product + ' ' + one.version);
        passwords.insert(one.authRequired);
        if (one.facts.nodeTimeoutMs > 0)
            timeouts.insert(one.facts.nodeTimeoutMs);
        if (one.epoch > 0 && one.knownNodes <= 1)
            old.append(one.endpoint.toString());
    }
    if (versions.size() > 1)
        draft.warn(tr("The nodes run different versions"),
                   QString::fromUtf8(QByteArrayList(versions.begin(), versions.end()).join(", ")));
    else if (versions.size() == 1)
        draft.pass(tr("All nodes that answer run the same version"));
    if (passwords.size() > 1)
        draft.refuse(tr("Some nodes require a password, others do not"),
                     tr("Replication and slot migration would be refused. Set the same password on all nodes."));
    if (timeouts.size() > 1)
        draft.warn(tr("cluster-node-timeout differs"),
                   tr("The nodes would mark each other as failed at different times."));
    if (!old.isEmpty())
        draft.warn(tr("Nodes that already have an epoch: %1").arg(old.join(u", "_s)),
                   tr("If epochs are equal, the servers resolve the conflict. CLUSTER RESET HARD makes a node fresh."));
}

void Creation::checkPrimaries()
{
    const qsizetype count = roles.primaries.size();
    if (count >= quorumPrimaries) {
        draft.pass(tr("%1 primaries can hold elections").arg(count));
        return;
    }
    const bool valkey = std::all_of(draft.facts.outside.begin(), draft.facts.outside.end(),
                                    [](const OutsideNode &one) { return one.product == "valkey"; });
    const QString why = tr("With fewer than three primaries there is no automatic failover.");
    if (valkey && request.allowFewPrimaries)
        draft.warn(tr("Only %1 primaries").arg(count), why);
    else
        draft.refuse(tr("Only %1 primaries").arg(count),
                     why + u' '
                         + tr("Add nodes or use fewer replicas: with %1 per primary, %2 nodes are needed.")
                               .arg(request.replicas)
                               .arg(quorumPrimaries * (request.replicas + 1)));
}

void Creation::checkSpread()
{
    if (roles.onPrimaryLabel > 0)
        draft.warn(
            tr("%1 replicas are on the same host or in the same zone as their primary").arg(roles.onPrimaryLabel),
            tr("If that host or zone fails, primary and replica are both lost. Use more hosts, or other labels."));
    else if (roles.primaries.size() < request.nodes.size())
        draft.pass(tr("No replica is on the host or in the zone of its primary"));
    if (roles.siblings > 0)
        draft.warn(tr("%1 pairs of replicas of the same primary share a host or zone").arg(roles.siblings),
                   tr("Both replicas of such a pair fail together."));
    if (roles.primaries.size() == request.nodes.size())
        draft.warn(tr("There are no replicas"), tr("If a primary fails, its slots are not served."));
}

void Creation::check()
{
    checkTwins();
    for (const OutsideNode &one : draft.facts.outside)
        checkJoining(draft, one, Joining::Created);
    checkLikeness();
    checkPrimaries();
    checkSpread();
}

QList<NodeRef> Creation::all() const
{
    QList<NodeRef> list;
    for (int i = 0; i < request.nodes.size(); ++i)
        list.append(ref(i));
    return list;
}

void Creation::addSlots()
{
    QList<StepCommand> list;
    for (const int primary : std::as_const(roles.primaries)) {
        const bool ranges = node(primary).facts.addSlotsRange;
        Command command = commandOf("CLUSTER", ranges ? "ADDSLOTSRANGE" : "ADDSLOTS");
        const Command begin = command;
        const SlotSet given = slotsOf.value(primary);
        for (const SlotRange &range : given.ranges()) {
            if (ranges) {
                command << QByteArray::number(range.first) << QByteArray::number(range.last);
                continue;
            }
            for (int slot = range.first; slot <= range.last; ++slot) {
                command << QByteArray::number(slot);
                if (command.size() < slotsPerCommand)
                    continue;
                list.append({ref(primary), command});
                command = begin;
            }
        }
        if (command.size() > begin.size())
            list.append({ref(primary), command});
        draft.plan.moves.append({NodeRef{}, ref(primary), given});
    }
    PlanStep &step = draft.commands(tr("Assign the slots to the primaries"), list);
    step.together = true;
    step.tolerated = {"is already busy"_ba};
}

void Creation::addEpochs()
{
    QList<StepCommand> list;
    for (int i = 0; i < request.nodes.size(); ++i)
        list.append({ref(i), commandOf("CLUSTER", "SET-CONFIG-EPOCH", QByteArray::number(i + 1))});
    PlanStep &step = draft.commands(tr("Give each node a different config epoch"), list);
    step.together = true;
    step.tolerated = {"does not know any other node"_ba, "already non-zero"_ba};
}

/// The nodes that node `i` is introduced to: in a small cluster all later ones, in a big one those that are one, two,
/// four, … places further. Gossip alone would take a second for each few nodes.
QList<int> Creation::introducedTo(int i) const
{
    QList<int> list;
    const int count = int(request.nodes.size());
    const bool small = count <= allMeetUpTo;
    for (int step = 1; i + step < count; step = small ? step + 1 : 2 * step)
        list.append(i + step);
    return list;
}

/// Adds MEET commands from the first node to all and back, because one direction suffices if NAT blocks the other.
void Creation::addMeetings()
{
    QList<StepCommand> list;
    for (int i = 1; i < request.nodes.size(); ++i) {
        list.append({ref(i), meetCommand(node(0))});
        list.append({ref(0), meetCommand(node(i))});
    }
    for (int i = 1; i < request.nodes.size(); ++i)
        for (const int other : introducedTo(i))
            list.append({ref(i), meetCommand(node(other))});
    if (list.isEmpty())
        return;
    draft.commands(tr("Introduce the nodes to each other"), list).risk =
        tr("If a cluster bus port is blocked, some nodes do not join; then all nodes are reset again.");
    draft.wait(Condition::Joined, tr("Wait until every node knows all the others"), all(), request.joinTimeoutMs);
}

/// Adds further MEET commands. A node reports its role, slots and epoch with its next ping, up to half a node timeout
/// later, but with a MEET at once, also to nodes that already know it.
void Creation::addNews()
{
    if (request.nodes.size() > allMeetUpTo)
        return;
    QList<StepCommand> list;
    for (int i = 0; i < request.nodes.size(); ++i)
        for (int other = 0; other < request.nodes.size(); ++other)
            if (other != i)
                list.append({ref(i), meetCommand(node(other))});
    draft.commands(tr("Let each node announce itself to all others"), list).together = true;
}

void Creation::addReplicas()
{
    QList<StepCommand> list;
    QList<NodeRef> replicas;
    for (int i = 0; i < request.nodes.size(); ++i) {
        if (roles.primaryOf[i] < 0)
            continue;
        replicas.append(ref(i));
        list.append({ref(i), commandOf("CLUSTER", "REPLICATE", node(roles.primaryOf[i]).id)});
        checkReplication(draft, ref(i), ref(roles.primaryOf[i]), PlanCheck::Verdict::Refuse);
    }
    if (list.isEmpty()) {
        addNews();
        return;
    }
    draft.commands(tr("Assign the replicas to their primaries"), list).together = true;
    addNews();
    for (int i = 0; i < request.nodes.size(); ++i)
        if (roles.primaryOf[i] >= 0)
            draft.wait(Condition::ReplicaOf,
                       tr("Wait until all nodes see %1 as a replica of %2").arg(name(i), name(roles.primaryOf[i])),
                       {ref(i), ref(roles.primaryOf[i])}, request.joinTimeoutMs);
    draft.wait(Condition::LinksUp, tr("Wait until the replication links are up"), replicas, syncMs);
    draft.plan.verifies.append(tr("All %1 replication links are up").arg(replicas.size()));
}

void Creation::plan()
{
    draft.plan.title = tr("Create a cluster of %1 primaries and %2 replicas")
                           .arg(roles.primaries.size())
                           .arg(request.nodes.size() - roles.primaries.size());
    addSlots();
    addEpochs();
    addMeetings();
    addReplicas();
    draft.wait(Condition::Agreed, tr("Wait until all nodes agree and the cluster is ok"), all(), request.joinTimeoutMs);
    draft.plan.verifies.append(
        tr("Every node knows all %1 nodes and shows the same topology").arg(request.nodes.size()));
    draft.plan.estimate = {
        .slots = slotCount, .keys = 0, .bytes = 0, .milliseconds = 3000 + 100 * request.nodes.size()};
    for (int i = 0; i < request.nodes.size(); ++i) {
        const bool primary = roles.primaryOf[i] < 0;
        draft.plan.results.layout.append({.id = node(i).id,
                                          .address = name(i),
                                          .primary = primary,
                                          .replicaOf = primary ? QString() : name(roles.primaryOf[i]),
                                          .slots = primary ? slotsOf.value(i) : SlotSet()});
    }
}

} // namespace

Result<OperationPlan> planCreate(const CreateRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Create);
    draft.checkWorking();
    Creation creation(draft, request);
    if (const auto known = creation.resolve(); !known)
        return failure(known.error());
    creation.check();
    creation.plan();
    return draft.plan;
}

} // namespace slotscope
