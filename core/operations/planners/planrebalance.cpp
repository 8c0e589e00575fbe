// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/planners/loadtaking.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"
#include "core/operations/planners/slottaking.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using By = RebalanceRequest::By;

constexpr qint64 defaultWeight = 1000;

/// A primary that takes part in the rebalance.
struct Share
{
    const NodeState *node = nullptr;
    qint64 weight = defaultWeight;
    qint64 load = 0, expected = 0;
    qint64 surplus = 0; ///< load still to give away; negative: to receive
    SlotSet own; ///< slots not given away yet
    SlotSet all; ///< own slots and received ones
};

class Rebalancing
{
public:
    Rebalancing(PlanDraft &planDraft, const RebalanceRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void balance();

private:
    void readLoads();
    void estimateMemory();
    void expect();
    [[nodiscard]] qint64 loadOf(const SlotSet &set) const;
    [[nodiscard]] bool isOff(const Share &share) const;
    [[nodiscard]] std::vector<std::pair<size_t, size_t>> exactPairs() const;
    void move(Share &from, Share &to);
    void pairUp();
    void drainRest();
    void report();

    PlanDraft &draft;
    const RebalanceRequest &request;
    std::vector<Share> list;
    std::vector<qint64> loads; ///< load of each slot; empty: every slot counts as one
    QList<SlotMove> moves;
};

Result<> Rebalancing::resolve()
{
    for (auto it = request.weights.cbegin(); it != request.weights.cend(); ++it) {
        const auto node = draft.find(it.key());
        if (!node)
            return failure(node.error());
        if (it.value() < 0)
            return failure(Error::Code::InvalidArgument, tr("the weight of %1 is negative").arg((*node)->name));
        if (!(*node)->primary)
            draft.refuse(tr("%1 is a replica").arg((*node)->name), tr("Only primaries have a weight."));
    }
    qint64 sum = 0;
    for (const NodeState *node : draft.primaries()) {
        const bool named = request.weights.contains(node->id);
        if (node->slots.isEmpty() && ((!request.useEmpty && !named) || !PlanDraft::alive(*node)))
            continue;
        Share share;
        share.node = node;
        share.weight = request.weights.value(node->id, defaultWeight);
        share.own = share.all = node->slots;
        sum += share.weight;
        list.push_back(share);
    }
    if (sum == 0)
        return failure(Error::Code::InvalidArgument, tr("no primary would get slots: all weights are 0"));
    readLoads();
    expect();
    return {};
}

/// Estimates memory per slot if the servers do not report it: number of keys times the node's average.
void Rebalancing::estimateMemory()
{
    for (const Share &share : list) {
        qint64 keys = 0;
        for (const SlotRange &range : share.own.ranges())
            for (size_t slot = range.first; slot <= range.last; ++slot)
                keys += loads[slot];
        const qint64 used = share.node->info ? share.node->info->usedMemory.value_or(0) : 0;
        const qint64 average = keys > 0 ? std::max<qint64>(used / keys, 1) : 1;
        for (const SlotRange &range : share.own.ranges())
            for (size_t slot = range.first; slot <= range.last; ++slot)
                loads[slot] *= average;
    }
    draft.warn(tr("The servers do not report the memory of each slot"),
               tr("It is estimated from the keys and the used memory of each node."));
}

void Rebalancing::readLoads()
{
    if (request.by == By::Slots)
        return;
    loads.assign(slotCount, 0);
    const bool measured = request.by != By::Keys && !draft.facts.slotLoad.isEmpty();
    const auto unknown = [&](const NodeState *node) {
        const QList<quint16> owned = node->slots.toList();
        return std::any_of(owned.begin(), owned.end(), [&](quint16 slot) {
            return measured ? !draft.facts.slotLoad.contains(slot)
                            : draft.facts.keyCounts && draft.facts.keyCounts->keys[slot] < 0;
        });
    };
    PlanDraft::Nodes untold = draft.primaries();
    untold.removeIf([&](const NodeState *node) { return !unknown(node); });
    if (!untold.isEmpty()) {
        draft.refuse(measured ? tr("The load of the slots of %1 is not known").arg(namesOf(untold))
                              : tr("It is not known how many keys are in the slots of %1").arg(namesOf(untold)),
                     tr("Unknown values cannot be balanced. Balance by slots."));
        return;
    }
    if (measured) {
        for (auto it = draft.facts.slotLoad.cbegin(); it != draft.facts.slotLoad.cend(); ++it)
            loads[it.key()] = std::max<qint64>(it.value(), 0);
        return;
    }
    if (request.by == By::Cpu) {
        draft.refuse(tr("The servers do not report the CPU time of each slot"),
                     tr("It needs CLUSTER SLOT-STATS and cluster-slot-stats-enabled yes. Balance by slots or keys."));
        return;
    }
    if (!draft.facts.keyCounts) {
        draft.refuse(tr("The keys of each slot could not be counted"), tr("Balance by slots."));
        return;
    }
    for (size_t slot = 0; slot < size_t(slotCount); ++slot)
        loads[slot] = std::max<qint64>(draft.facts.keyCounts->keys[slot], 0);
    if (request.by == By::Memory)
        estimateMemory();
}

qint64 Rebalancing::loadOf(const SlotSet &set) const
{
    if (loads.empty())
        return set.count();
    qint64 sum = 0;
    for (const SlotRange &range : set.ranges())
        for (size_t slot = range.first; slot <= range.last; ++slot)
            sum += loads[slot];
    return sum;
}

/// Computes exact target shares. The remainder goes first to primaries that have more, then to those that receive slots
/// anyway, so that nothing moves only to shift the remainder.
void Rebalancing::expect()
{
    qint64 total = 0;
    qint64 sum = 0;
    for (Share &share : list) {
        total += share.load = loadOf(share.own);
        sum += share.weight;
    }
    const auto rank = [&](const Share &share) {
        __extension__ using Wide = __int128;
        const auto least = qint64(Wide(total) * share.weight / sum);
        return std::pair(share.load > least ? 0 : share.load < least ? 1 : 2, -share.load);
    };
    std::stable_sort(list.begin(), list.end(), [&](const Share &a, const Share &b) { return rank(a) < rank(b); });
    QList<qint64> weights;
    for (const Share &share : list)
        weights.append(share.weight);
    const QList<qint64> expected = shares(total, weights);
    for (size_t i = 0; i < list.size(); ++i) {
        list[i].expected = expected[qsizetype(i)];
        list[i].surplus = list[i].load - list[i].expected;
    }
}

bool Rebalancing::isOff(const Share &share) const
{
    if (share.weight == 0)
        return !share.own.isEmpty();
    const qint64 off = std::abs(share.surplus);
    if (share.own.isEmpty())
        return share.expected > 0;
    return off > 1 && double(off) * 100 > request.thresholdPercent * double(share.expected);
}

/// Pairs givers and receivers of equal amounts, so that one move serves both.
std::vector<std::pair<size_t, size_t>> Rebalancing::exactPairs() const
{
    QMultiHash<qint64, size_t> wanting;
    for (size_t i = 0; i < list.size(); ++i)
        if (list[i].surplus < 0)
            wanting.insert(-list[i].surplus, i);
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t i = 0; i < list.size(); ++i) {
        const auto found = list[i].surplus > 0 ? wanting.find(list[i].surplus) : wanting.end();
        if (found == wanting.end())
            continue;
        pairs.emplace_back(i, *found);
        wanting.erase(found);
    }
    return pairs;
}

void Rebalancing::move(Share &from, Share &to)
{
    const qint64 amount = std::min(from.surplus, -to.surplus);
    // keep one slot, because a primary without slots becomes a replica
    const int spare = from.own.count() - (from.weight == 0 ? 0 : 1);
    const SlotSet taken = loads.empty() ? extractSlots(from.own, int(std::min<qint64>(amount, spare)), to.all)
                                        : takeLoad(from.own, amount, spare, loads, to.all);
    from.all = from.all.subtracted(taken);
    to.all = to.all.united(taken);
    if (!taken.isEmpty())
        moves.append({PlanDraft::ref(*from.node), PlanDraft::ref(*to.node), taken});
    const qint64 given = loadOf(taken);
    const bool coarse = given < amount; // no further slot of the giver gets closer to the target
    const bool giverDone = coarse && (from.surplus <= -to.surplus || spare == taken.count());
    // if a slot exceeded the wanted load, nobody gives it back
    from.surplus = giverDone ? 0 : std::max<qint64>(from.surplus - given, 0);
    to.surplus = coarse && !giverDone ? 0 : std::min<qint64>(to.surplus + given, 0);
}

void Rebalancing::pairUp()
{
    for (const auto &[from, to] : exactPairs())
        move(list[from], list[to]);
    const auto bySurplus = [](const Share &a, const Share &b) { return a.surplus < b.surplus; };
    for (size_t round = 0; round < 2 * list.size(); ++round) {
        const auto [to, from] = std::minmax_element(list.begin(), list.end(), bySurplus);
        if (from->surplus <= 0 || to->surplus >= 0)
            return;
        move(*from, *to);
    }
}

/// Moves also the slots without load away from nodes of weight 0.
void Rebalancing::drainRest()
{
    for (Share &from : list) {
        if (from.weight != 0 || from.own.isEmpty())
            continue;
        std::vector<Share *> others;
        QList<qint64> weights;
        for (Share &to : list) {
            if (to.weight == 0)
                continue;
            others.push_back(&to);
            weights.append(to.weight);
        }
        const QList<qint64> parts = shares(from.own.count(), weights);
        for (size_t i = 0; i < others.size(); ++i) {
            const SlotSet taken = extractSlots(from.own, int(parts[qsizetype(i)]), others[i]->all);
            from.all = from.all.subtracted(taken);
            others[i]->all = others[i]->all.united(taken);
            moves.append({PlanDraft::ref(*from.node), PlanDraft::ref(*others[i]->node), taken});
        }
    }
}

void Rebalancing::report()
{
    for (const Share &share : list)
        draft.plan.results.balance.append({.id = share.node->id,
                                           .address = share.node->name,
                                           .weight = double(share.weight) / double(defaultWeight),
                                           .slotsBefore = share.node->slots.count(),
                                           .slotsAfter = share.all.count(),
                                           .loadBefore = share.load,
                                           .loadExpected = share.expected,
                                           .loadAfter = loadOf(share.all)});
}

void Rebalancing::balance()
{
    if (draft.plan.isRefused())
        return;
    const bool off = std::any_of(list.begin(), list.end(), [this](const Share &share) { return isOff(share); });
    if (off) {
        pairUp();
        drainRest();
    }
    report();
    draft.checkEmptied(moves);
    draft.moveSlots(moves, request.migration);
    if (moves.isEmpty() && off)
        draft.plan.notes.append(tr("Nothing to do: single slots are too heavy to get closer to equal shares."));
    else if (moves.isEmpty())
        draft.plan.notes.append(tr("Nothing to do: no primary deviates from its share by more than %1 %.")
                                    .arg(QString::number(request.thresholdPercent)));
}

} // namespace

/// The fullest primaries give first. Primaries below their share receive nothing: that is a matter of rebalance.
QList<SlotMove> PlanDraft::sharesFor(const QList<NodeRef> &newcomers) const
{
    Nodes givers = primaries();
    givers.removeIf([](const NodeState *node) { return !alive(*node) || node->slots.isEmpty(); });
    std::stable_sort(givers.begin(), givers.end(),
                     [](const NodeState *a, const NodeState *b) { return a->slots.count() > b->slots.count(); });
    qint64 total = 0;
    for (const NodeState *giver : std::as_const(givers))
        total += giver->slots.count();
    const QList<qint64> expected = shares(total, QList<qint64>(givers.size() + newcomers.size(), 1));
    std::vector<SlotSet> left;
    for (const NodeState *giver : std::as_const(givers))
        left.push_back(giver->slots);
    QList<SlotMove> moves;
    for (qsizetype i = 0; i < newcomers.size(); ++i) {
        SlotSet given;
        qint64 missing = expected[givers.size() + i];
        for (qsizetype from = 0; from < givers.size() && missing > 0; ++from) {
            const qint64 spare = left[size_t(from)].count() - expected[from];
            // equal parts of what each can spare, so that all new primaries get the same mixture
            const qint64 part = std::min<qint64>(missing, std::max<qint64>(0, spare) / (newcomers.size() - i));
            if (part <= 0)
                continue;
            const SlotSet taken = extractSlots(left[size_t(from)], int(part), given);
            given = given.united(taken);
            missing -= taken.count();
            moves.append({ref(*givers[from]), newcomers[i], taken});
        }
    }
    return moves;
}

Result<OperationPlan> planRebalance(const RebalanceRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Rebalance);
    draft.plan.title = tr("Rebalance");
    draft.checkWhole(PlanCheck::Verdict::Refuse);
    Rebalancing rebalancing(draft, request);
    if (const auto known = rebalancing.resolve(); !known)
        return failure(known.error());
    rebalancing.balance();
    if (!draft.plan.moves.isEmpty())
        draft.plan.title = tr("Rebalance: %1 change their owner").arg(slotsText(draft.plan.estimate.slots));
    return draft.plan;
}

} // namespace slotscope
