// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/planning.h"

#include "core/operations/journal/journal.h"

namespace slotscope {

namespace {

std::optional<WorkingRun> workingOn(const OperationFacts &facts, const QString &journalFolder)
{
    QList<QByteArray> ids;
    if (facts.view)
        for (const NodeState &node : facts.view->nodes)
            ids.append(node.id);
    for (const OutsideNode &node : facts.outside)
        if (!node.id.isEmpty())
            ids.append(node.id);
    const auto run = Journal::workingOn(journalFolder, ids);
    return run ? std::optional(WorkingRun{.id = run->id, .title = run->plan->title, .who = run->who}) : std::nullopt;
}

} // namespace

QCoro::Task<Result<OperationPlan>> planFor(std::shared_ptr<ClusterSession> session, Access access,
                                           OperationRequest request, QString journalFolder)
{
    Result<std::shared_ptr<OperationFacts>> facts(nullptr);
    if (const auto *made = std::get_if<CreateRequest>(&request)) {
        QList<Endpoint> endpoints;
        for (const NewNode &node : made->nodes)
            endpoints.append(node.endpoint);
        facts = co_await gatherOutside(endpoints, access);
    } else {
        facts = co_await gatherFacts(session, request);
    }
    if (!facts)
        co_return failure(facts.error());
    (*facts)->working = workingOn(**facts, journalFolder);
    co_return makePlan(request, **facts);
}

} // namespace slotscope
