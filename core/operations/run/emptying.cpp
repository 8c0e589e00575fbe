// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/emptying.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/cluster/nodestable.h"
#include "core/operations/run/run.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int lookMs = 3000;
constexpr int aloneDeadlineMs = 10000;
constexpr int alonePollMs = 200;

/// The present state of a node of the plan.
struct NodeReport
{
    enum class Kind : quint8 {
        Ours, ///< in the state in which the run left it
        Empty, ///< knows no other node and owns no slots: already reset
        Silent, ///< did not answer every query
        Kept, ///< must not be reset
    };
    Kind kind = Kind::Silent;
    QString why;
};

/// The nodes of the plan. A pending handshake may complete with a node that was reset meanwhile: nobody knows its new
/// id, but its address shows that it belongs to the plan, and it is checked separately.
struct Members
{
    QSet<QByteArray> ids;
    QSet<QString> addresses;
    [[nodiscard]] bool contains(const NodeLine &line) const
    {
        return ids.contains(line.id) || addresses.contains(line.address.toString());
    }
};

/// Decides the state from a node's id, its INFO keyspace and its CLUSTER NODES.
NodeReport judged(const NodeRef &node, const QByteArray &own, const QByteArray &keyspace, const NodesTable &table,
                  const QByteArray &id, const Members &planned)
{
    if (keyspace.contains("keys="))
        return {NodeReport::Kind::Kept, tr("%1 contains keys, so the cluster is in use").arg(node.address)};
    int members = 0;
    bool strangers = false;
    for (const NodeLine &line : table.lines) {
        if (line.flags.testFlag(NodeFlag::Handshake))
            continue;
        ++members;
        strangers = strangers || (!planned.contains(line) && line.id != own);
    }
    if (own != id && members == 1 && table.self() && table.self()->slots.isEmpty())
        return {NodeReport::Kind::Empty, {}};
    if (own != id)
        return {NodeReport::Kind::Kept, tr("at %1 there is another node than before").arg(node.address)};
    if (strangers)
        return {NodeReport::Kind::Kept, tr("%1 knows nodes that are not in the plan").arg(node.address)};
    return {NodeReport::Kind::Ours, {}};
}

QCoro::Task<NodeReport> standingOf(std::shared_ptr<RunContext> context, NodeRef node, QByteArray id, Members planned)
{
    const Command who = commandOf("CLUSTER", "MYID"), keys = commandOf("INFO", "keyspace"),
                  known = commandOf("CLUSTER", "NODES");
    NodeReport standing;
    const auto own = co_await RunContext::send(context, node, who, lookMs);
    if (!own) {
        standing.why = describe(own.error());
        co_return standing;
    }
    const auto keyspace = co_await RunContext::send(context, node, keys, lookMs);
    if (!keyspace) {
        standing.why = describe(keyspace.error());
        co_return standing;
    }
    const auto told = co_await RunContext::send(context, node, known, lookMs);
    const auto table = told ? parseClusterNodes(told->bytes()) : failure(told.error());
    if (table)
        standing = judged(node, own->bytes(), keyspace->bytes(), *table, id, planned);
    else
        standing.why = describe(table.error());
    co_return standing;
}

struct Planned
{
    NodeRef node; ///< identified by address, since each node is now on its own
    QByteArray id;
};

/// The nodes of the plan, primaries first.
QList<Planned> plannedNodes(const OperationPlan &plan)
{
    QList<Planned> list;
    for (const bool primary : {true, false})
        for (const CreatedNode &node : plan.results.layout)
            if (node.primary == primary)
                list.append({.node = {.id = {}, .address = node.address}, .id = node.id});
    return list;
}

Error notDone(const QString &why)
{
    return {.code = Error::Code::InvalidArgument,
            .detail = tr("nothing is rolled back: %1").arg(why),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

/// Whether the node knows no other node. Error if it does not answer, or knows a node that is not in the plan.
QCoro::Task<Result<bool>> isAlone(std::shared_ptr<RunContext> context, NodeRef node, Members planned)
{
    const auto told = co_await RunContext::send(context, node, commandOf("CLUSTER", "NODES"), lookMs);
    const auto table = told ? parseClusterNodes(told->bytes()) : failure(told.error());
    if (!table)
        co_return failure(table.error());
    const bool strange = std::any_of(table->lines.begin(), table->lines.end(), [&](const NodeLine &line) {
        return !line.flags.testAnyFlags(NodeFlag::Handshake | NodeFlag::Myself) && !planned.contains(line);
    });
    if (strange)
        co_return failure(notDone(tr("%1 knows nodes that are not in the plan").arg(node.address)));
    co_return Result<bool>(table->lines.size() == 1);
}

/// Resets nodes again if necessary: a MEET in progress may have joined a node that was already reset with one that was
/// not.
QCoro::Task<Result<>> separate(std::shared_ptr<RunContext> context, QList<Planned> nodes, Members planned)
{
    const Command command = commandOf("CLUSTER", "RESET", "HARD");
    for (const QDeadlineTimer deadline(aloneDeadlineMs);;) {
        bool all = true;
        for (const Planned &one : std::as_const(nodes)) {
            const NodeRef node = one.node;
            const auto alone = co_await isAlone(context, node, planned);
            if (!alone)
                co_return failure(alone.error());
            if (*alone)
                continue;
            all = false;
            const auto emptied = co_await RunContext::send(context, node, command);
            if (!emptied)
                co_return failure(emptied.error());
            context->log(
                tr("%1 had met another node of the plan in the meantime: it was reset again").arg(node.address));
        }
        if (all)
            co_return Result<>();
        if (deadline.hasExpired())
            co_return failure(notDone(tr("the nodes keep finding each other again")));
        if (!co_await RunContext::sleep(context, alonePollMs))
            co_return failure(Error::Code::Cancelled);
    }
}

} // namespace

QCoro::Task<Result<>> emptyNodes(std::shared_ptr<RunContext> context, bool asked)
{
    const QList<Planned> nodes = plannedNodes(*context->state.plan);
    if (nodes.isEmpty() || context->abandoned || !context->journal.isOpen())
        co_return Result<>();
    Members planned;
    for (const Planned &one : nodes) {
        planned.ids.insert(one.id);
        planned.addresses.insert(one.node.address);
    }
    QList<Planned> ours;
    QStringList left;
    for (const Planned &one : nodes) {
        const NodeRef node = one.node;
        const NodeReport standing = co_await standingOf(context, node, one.id, planned);
        const bool silent = standing.kind == NodeReport::Kind::Silent;
        if (standing.kind == NodeReport::Kind::Kept || (silent && asked)) {
            const QString why = silent ? tr("%1 does not answer: %2").arg(node.address, standing.why) : standing.why;
            context->log(tr("nothing is rolled back: %1").arg(why), true);
            co_return failure(notDone(why));
        }
        if (silent) {
            left.append(node.address);
            context->log(tr("%1 could not be rolled back: %2").arg(node.address, standing.why), true);
        } else if (standing.kind == NodeReport::Kind::Ours) {
            ours.append(one);
        }
    }
    if (context->abandoned)
        co_return failure(Error::Code::Cancelled);
    context->state.rollingBack = true;
    const auto begun = context->journal.append(journal::rollingBack(), true);
    if (!begun)
        co_return failure(begun.error());
    context->session.reset(); // from here on, each node is handled on its own
    const Command command = commandOf("CLUSTER", "RESET", "HARD");
    for (const Planned &one : std::as_const(ours)) {
        const NodeRef node = one.node;
        // check again, because a client may have written keys meanwhile
        const NodeReport still = co_await standingOf(context, node, one.id, planned);
        Result<Value> emptied = failure(notDone(still.why));
        if (still.kind == NodeReport::Kind::Ours)
            emptied = co_await RunContext::send(context, node, command);
        context->log(emptied ? tr("rolled back: %1 is empty again").arg(node.address)
                             : tr("%1 could not be rolled back: %2").arg(node.address, describe(emptied.error())),
                     !emptied);
        if (!emptied)
            // stop here, because the remaining replicas would be reset without any check by the server
            co_return failure(emptied.error());
    }
    const auto separated = co_await separate(context, ours, planned);
    if (!separated)
        co_return failure(separated.error());
    if (!left.isEmpty())
        co_return failure(notDone(tr("%1 did not answer").arg(left.join(u", "_s))));
    context->state.rolledBack = true;
    co_return context->journal.append(journal::rolledBack(), true);
}

} // namespace slotscope
