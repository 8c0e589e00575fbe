// SPDX-License-Identifier: GPL-3.0-or-later
// Slots that change hands: by which method, what speaks against it, how long it takes.
#include "core/operations/planners/plandraft.h"

#include "core/base/text.h"
#include "core/operations/planners/fitchecks.h"
#include "core/operations/planners/outsidechecks.h"

#include <QMap>
#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// Rates used for the estimate: one pair of nodes on one machine is faster, a loaded network slower.
constexpr qint64 classicKeysPerSecond = 40000;
constexpr double classicMsPerSlot = 1.0;
constexpr qint64 bytesPerSecond = 50'000'000;
constexpr qint64 atomicMsPerMove = 1500; ///< fork, snapshot and handover
constexpr qsizetype rangesAllowed = 8; ///< up to this many additional ranges on a target cause no warning
constexpr double headroom = 0.9; ///< share of maxmemory

/// Combines moves to one per pair of nodes, in the order of first appearance.
QList<SlotMove> grouped(const QList<SlotMove> &moves)
{
    QList<SlotMove> list;
    QHash<std::pair<QByteArray, QByteArray>, qsizetype> at;
    for (const SlotMove &move : moves) {
        if (move.slots.isEmpty())
            continue;
        const std::pair<QByteArray, QByteArray> pair(move.source.id, move.target.id);
        if (const auto found = at.constFind(pair); found != at.cend()) {
            list[*found].slots = list[*found].slots.united(move.slots);
            continue;
        }
        at.insert(pair, list.size());
        list.append(move);
    }
    return list;
}

/// Number of keys in the slots; -1 if some could not be counted.
qint64 keysIn(const SlotSet &set, const SlotKeyCounts &counts)
{
    qint64 keys = 0;
    for (const SlotRange &range : set.ranges()) {
        for (size_t slot = range.first; slot <= range.last; ++slot) {
            if (counts.keys[slot] < 0)
                return -1;
            keys += counts.keys[slot];
        }
    }
    return keys;
}

/// Estimated size from the node's used memory and number of keys; -1 if unknown.
qint64 bytesOf(qint64 keys, const NodeState *node)
{
    if (keys < 0 || !node || !node->info || !node->info->usedMemory || node->info->keys.value_or(0) <= 0)
        return -1;
    return qint64(double(*node->info->usedMemory) / double(*node->info->keys) * double(keys));
}

} // namespace

/// Returns "" (classic), "migrateslots" or "import". One run never uses several.
QString PlanDraft::moveMode(const QList<SlotMove> &moves, const MigrationOptions &options)
{
    if (options.method == MigrationMethod::Classic)
        return {};
    QSet<QByteArray> products;
    for (const NodeState *node : members())
        if (node->info && !node->info->product.isEmpty())
            products.insert(node->info->product);
    bool valkey = products.size() <= 1;
    bool redis = valkey;
    QStringList lacking;
    for (const SlotMove &move : moves) {
        for (const NodeRef *end : {&move.source, &move.target}) {
            const NodeFacts &node = factsOf(*end);
            valkey = valkey && node.migrateSlots;
            redis = redis && node.migrationImport;
            if (!node.migrateSlots && !node.migrationImport && !lacking.contains(end->address))
                lacking.append(end->address);
        }
    }
    // with Redis all nodes must support it, because any of them may have to clean up the slots
    for (const NodeState *node : reachable())
        redis = redis && factsOf(node->id).migrationImport;
    const bool open = !view.openSlots.isEmpty();
    const bool slowed = options.keysPerSecond > 0 || options.latencyCeilingMs > 0;
    if ((valkey || redis) && !open && slowed && options.method == MigrationMethod::Automatic) {
        pass(tr("Key-by-key migration is used, because of the throttle"),
             tr("The servers' own (atomic) migration cannot be throttled."));
        return {};
    }
    if ((valkey || redis) && !open) {
        pass(tr("Both nodes support atomic slot migration"));
        if (slowed)
            warn(tr("The throttle has no effect"), tr("The servers' own (atomic) migration cannot be throttled."));
        return valkey ? u"migrateslots"_s : u"import"_s;
    }
    if (options.method == MigrationMethod::Atomic)
        refuse(tr("Atomic slot migration is not possible"),
               open && lacking.isEmpty()
                   ? tr("A slot is in migration. Finish it with fix first, or choose the classic method.")
                   : products.size() > 1 ? tr("The nodes run different products. Choose the classic method.")
                                         : tr("%1 does not support it. Choose the classic method.")
                                               .arg(lacking.isEmpty() ? tr("some nodes") : lacking.join(u", "_s)));
    return {};
}

void PlanDraft::checkRoom(const QString &name, std::optional<qint64> maxMemory, std::optional<qint64> usedMemory,
                          qint64 arriving)
{
    const qint64 limit = maxMemory.value_or(0), used = usedMemory.value_or(0);
    if (limit > 0 && double(used + arriving) > headroom * double(limit))
        warn(tr("%1 would come close to its maxmemory").arg(name),
             tr("The node uses %1 of %2, and about %3 would be added: it may refuse writes or evict keys.")
                 .arg(byteSize(used), byteSize(limit), byteSize(arriving)));
}

void PlanDraft::checkTargets(const QList<SlotMove> &moves, const MigrationOptions &options)
{
    QMap<QByteArray, SlotSet> arriving;
    QHash<QByteArray, qint64> bytes;
    QSet<QByteArray> ends;
    for (const SlotMove &move : moves) {
        arriving[move.target.id] = arriving[move.target.id].united(move.slots);
        const qint64 some =
            facts.keyCounts ? bytesOf(keysIn(move.slots, *facts.keyCounts), view.node(move.source.id)) : -1;
        bytes[move.target.id] += std::max<qint64>(some, 0);
        ends << move.source.id << move.target.id;
    }
    for (const QByteArray &id : std::as_const(ends))
        if (const NodeState *node = view.node(id); node && !alive(*node))
            refuse(tr("%1 does not answer or has failed").arg(node->name),
                   tr("Slots cannot be moved from or to this node."));
    for (const SlotMove &move : moves)
        checkKeysFit(*this, move.source, move.target);
    for (auto it = arriving.cbegin(); it != arriving.cend(); ++it) {
        const NodeState *target = view.node(it.key());
        if (!target) { // the node joins in the same plan
            for (const OutsideNode &node : facts.outside)
                if (node.id == it.key())
                    checkRoom(node.endpoint.toString(), node.maxMemory, node.usedMemory, bytes[it.key()]);
            continue;
        }
        const Nodes replicas = replicasOf(target->id);
        if (std::none_of(replicas.begin(), replicas.end(), [](const NodeState *node) { return alive(*node); }))
            warn(tr("%1 has no replica that answers").arg(target->name),
                 tr("If this node fails, the %1 that it receives are lost with it. Add a replica first.")
                     .arg(slotsText(it.value().count())));
        if (const ServerInfo *info = target->info.get())
            checkRoom(target->name, info->maxMemory, info->usedMemory, bytes[it.key()]);
    }
    tellBusyKeys(options);
    checkScattered(arriving);
}

/// Warns if a target gets many small ranges, which make every node table longer and later moves slower.
void PlanDraft::checkScattered(const QMap<QByteArray, SlotSet> &arriving)
{
    for (auto it = arriving.cbegin(); it != arriving.cend(); ++it) {
        const NodeState *target = view.node(it.key());
        const SlotSet before = target ? target->slots : SlotSet();
        const qsizetype now = before.ranges().size();
        const qsizetype then = before.united(it.value()).ranges().size();
        if (then - now > rangesAllowed)
            warn(tr("The slots of %1 would be split into %2 ranges")
                     .arg(target ? target->name : tr("the new node"))
                     .arg(then),
                 tr("It has %1 ranges now. Every node lists each range in CLUSTER NODES: choose contiguous slots if "
                    "possible.")
                     .arg(now));
    }
}

QString PlanDraft::busyKeyLoss(BusyKeyPolicy policy)
{
    switch (policy) {
    case BusyKeyPolicy::Stop: break;
    case BusyKeyPolicy::KeepSource:
        return tr("If a key has different values on the source and the target node, the source's value is kept and the "
                  "target's value is overwritten.");
    case BusyKeyPolicy::KeepTarget:
        return tr("If a key has different values on the source and the target node, the target's value is kept and the "
                  "source's value is deleted.");
    }
    return {};
}

void PlanDraft::tellBusyKeys(const MigrationOptions &options)
{
    const QString loss = busyKeyLoss(options.busyKeys);
    if (!loss.isEmpty() && !plan.dataLoss.contains(loss))
        plan.dataLoss.append(loss);
}

/// Reports the nodes for whose slots the number of keys is unknown.
void PlanDraft::tellUncounted(const QList<SlotMove> &moves)
{
    Nodes uncounted;
    for (const SlotMove &move : moves) {
        const NodeState *source = view.node(move.source.id);
        if (source && keysIn(move.slots, *facts.keyCounts) < 0 && !uncounted.contains(source))
            uncounted.append(source);
    }
    const QStringList &errors = facts.keyCounts->errors;
    const auto why = std::find_if(errors.begin(), errors.end(), [&](const QString &error) {
        return std::any_of(uncounted.begin(), uncounted.end(),
                           [&](const NodeState *node) { return error.startsWith(node->reach.address); });
    });
    warn(tr("It is not known how many keys %1 would give away").arg(namesOf(uncounted)),
         tr("The keys could not be counted: %1.").arg(why == errors.end() ? tr("no reply came in time") : *why));
}

void PlanDraft::estimateMoves(const QList<SlotMove> &moves, const MigrationOptions &options, bool atomic)
{
    PlanEstimate &estimate = plan.estimate;
    estimate = {.slots = 0, .keys = facts.keyCounts ? 0 : -1, .bytes = facts.keyCounts ? 0 : -1, .milliseconds = -1};
    for (const SlotMove &move : moves) {
        estimate.slots += move.slots.count();
        if (!facts.keyCounts)
            continue;
        const qint64 keys = keysIn(move.slots, *facts.keyCounts);
        estimate.keys = keys < 0 || estimate.keys < 0 ? -1 : estimate.keys + keys;
        const qint64 bytes = keys == 0 ? 0 : bytesOf(keys, view.node(move.source.id));
        estimate.bytes = bytes < 0 || estimate.bytes < 0 ? -1 : estimate.bytes + bytes;
    }
    if (estimate.keys < 0) {
        if (facts.keyCounts)
            tellUncounted(moves);
        return;
    }
    const qint64 transfer = std::max<qint64>(estimate.bytes, 0) * 1000 / bytesPerSecond;
    if (atomic) {
        estimate.milliseconds = atomicMsPerMove * moves.size() + transfer;
        plan.notes.append(tr("The estimate assumes %1 per second and %2 for each pair of nodes.")
                              .arg(byteSize(bytesPerSecond), duration(atomicMsPerMove)));
        return;
    }
    const qint64 rate = options.keysPerSecond > 0 ? std::min<qint64>(options.keysPerSecond, classicKeysPerSecond)
                                                  : classicKeysPerSecond;
    estimate.milliseconds =
        std::max(estimate.keys * 1000 / rate, transfer) + qint64(classicMsPerSlot * double(estimate.slots));
    plan.notes.append(
        tr("The estimate assumes %1 keys and %2 per second.").arg(groupedNumber(rate), byteSize(bytesPerSecond)));
    plan.notes.append(tr("Slots are moved in groups. Before Redis takes a group, all its slots except the first and "
                         "the last are set STABLE, so that the node announces itself to the cluster twice, not once "
                         "per slot. The other primaries are also told each new owner (CLUSTER SETSLOT SLOT NODE ID)."));
    plan.notes.append(
        tr("In addition to the commands of the steps, the operation reads: CLUSTER NODES, CLUSTER INFO, INFO, CONFIG "
           "GET tls-cluster, tls-port and cluster-node-timeout, CLUSTER COUNTKEYSINSLOT, MEMORY USAGE."));
}

void PlanDraft::moveSlots(QList<SlotMove> moves, const MigrationOptions &options)
{
    moves = grouped(moves);
    if (moves.isEmpty())
        return;
    const auto heirs = [this](const NodeRef &primary) {
        QByteArrayList ids;
        for (const NodeState *replica : replicasOf(primary.id))
            ids.append(replica->id);
        return ids;
    };
    const QString mode = moveMode(moves, options);
    for (SlotMove &move : moves) {
        move.sourceHeirs = heirs(move.source);
        move.targetHeirs = heirs(move.target);
        if (const NodeState *target = mode.isEmpty() ? view.node(move.target.id) : nullptr)
            move.meet = greetCommand(target->address);
        for (const OutsideNode &node : facts.outside) // a node that joins in the same run
            if (mode.isEmpty() && move.meet.isEmpty() && !node.ip.isEmpty() && node.id == move.target.id)
                move.meet = meetCommand(node);
    }
    checkTargets(moves, options);
    estimateMoves(moves, options, !mode.isEmpty());
    plan.moves.append(moves);
    SlotSet all;
    QStringList targets;
    for (const SlotMove &move : std::as_const(moves)) {
        all = all.united(move.slots);
        if (!targets.contains(move.target.address))
            targets.append(move.target.address);
    }
    PlanStep &added =
        step(PlanStep::Kind::MoveSlots,
             targets.size() == 1 ? tr("Move %1 to %2").arg(slotsText(all.count()), targets.constFirst())
                                 : tr("Move %1 to %2 nodes").arg(slotsText(all.count())).arg(targets.size()));
    added.risk = mode.isEmpty() ? tr("If it stops, the slots in progress stay in migration: keys of one slot are on "
                                     "two nodes, all of them readable. Resume the operation, or use fix.")
                                : tr("A migration that fails leaves the slots where they were.");
    added.moves = moves;
    added.slots = all;
    added.mode = mode;
    added.migration = options;
    PlanStep &agreed = wait(Condition::SameSlots, tr("Wait until every node reports the new owners"), {});
    agreed.slots = all;
    plan.verifies.append(tr("Every node that answers reports the new owner of %1").arg(slotsText(all.count())));
    plan.verifies.append(tr("No slot is left in migration"));
}

} // namespace slotscope
