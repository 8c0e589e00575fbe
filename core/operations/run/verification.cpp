// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a run: every node is asked whether all is as it should be.
#include "core/operations/run/verification.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/operations/facts/waiting.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int deadlineMs = 20000;
constexpr int verifyAgainMs = 200;
constexpr int tellAgainMs = 2000; // a replica updates at once, unless it is still receiving its copy

/// Repeats STABLE on primaries for slots of the run that only their replicas show as open.
QCoro::Task<> closeOnReplicas(std::shared_ptr<RunContext> context, ClusterViewPtr view)
{
    SlotSet ours;
    for (const SlotMove &move : context->state.plan->moves)
        ours = ours.united(move.slots);
    const QHash<int, SlotSet> open = openOnReplicasOnly(*view);
    for (auto it = open.cbegin(); it != open.cend(); ++it) {
        const NodeState &primary = view->nodes[size_t(it.key())];
        const NodeRef node{.id = primary.id, .address = primary.name};
        const QList<quint16> slotList = it->intersected(ours).toList();
        for (const quint16 slot : slotList) {
            const Command stable = commandOf("CLUSTER", "SETSLOT", QByteArray::number(slot), "STABLE");
            const auto told = co_await RunContext::send(context, node, stable);
            context->log(
                told ? tr("only a replica of %1 still showed slot %2 in migration: it was told that the slot is stable")
                           .arg(node.address)
                           .arg(slot)
                     : describe(told.error()),
                !told);
        }
    }
}

} // namespace

QCoro::Task<Verification> verifyOutcome(std::shared_ptr<RunContext> context, bool succeeded)
{
    RunSnapshot &state = context->state;
    Verification found;
    QList<Assessment> verdicts;
    QDeadlineTimer untilTold(0);
    for (const QDeadlineTimer deadline(succeeded ? deadlineMs : verifyAgainMs);;) {
        const auto looked = co_await RunContext::look(context);
        if (looked) {
            found.last = *looked;
            state.leftOpen = state.leftOpen.intersected(openIn(**looked)); // drop slots closed meanwhile
            verdicts = verdictOn(**looked, succeeded ? *state.plan : OperationPlan());
        } else if (!found.last) { // without any view, nothing is verified
            verdicts = {{.good = false, .text = tr("no node could be read: %1").arg(describe(looked.error()))}};
        }
        found.whole =
            std::all_of(verdicts.begin(), verdicts.end(), [](const Assessment &verdict) { return verdict.good; });
        if (found.whole || deadline.hasExpired() || context->abandoned)
            break;
        context->waitFor(tr("all nodes to agree"));
        if (succeeded && looked && untilTold.hasExpired()) {
            co_await closeOnReplicas(context, *looked);
            untilTold.setRemainingTime(tellAgainMs);
        }
        const bool goesOn = co_await RunContext::sleep(context, verifyAgainMs);
        if (!goesOn)
            break;
    }
    for (const Assessment &verdict : verdicts)
        state.verified.append((!verdict.good ? u"NOT: "_s : verdict.broken ? u"STILL: "_s : QString()) + verdict.text);
    co_return Verification(found);
}

} // namespace slotscope
