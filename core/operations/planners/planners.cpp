// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners/planners.h"

#include "core/operations/planners/plandraft.h"
#include "core/operations/facts/rights.h"

namespace slotscope {

namespace {

using Plan = Result<OperationPlan>;

/// Calls the planner for each kind of request.
struct Planners
{
    const OperationFacts &facts;

    Plan operator()(const CreateRequest &request) const { return planCreate(request, facts); }
    Plan operator()(const AddNodeRequest &request) const { return planAddNode(request, facts); }
    Plan operator()(const RemoveNodeRequest &request) const { return planRemoveNode(request, facts); }
    Plan operator()(const ReplicateRequest &request) const { return planReplicate(request, facts); }
    Plan operator()(const FailoverRequest &request) const
    {
        return facts.view->cluster ? planFailover(request, facts) : planPromotion(request, facts);
    }
    Plan operator()(const RollingFailoverRequest &request) const { return planRolling(request, facts); }
    Plan operator()(const ReshardRequest &request) const { return planReshard(request, facts); }
    Plan operator()(const RebalanceRequest &request) const { return planRebalance(request, facts); }
    Plan operator()(const FixRequest &request) const { return planFix(request, facts); }
    Plan operator()(const OrphansRequest &request) const { return planOrphans(request, facts); }
    Plan operator()(const ForgetRequest &request) const { return planForget(request, facts); }
    Plan operator()(const ResetRequest &request) const { return planReset(request, facts); }
    Plan operator()(const MeetRequest &request) const { return planMeet(request, facts); }
    Plan operator()(const ConfigRequest &request) const { return planConfig(request, facts); }
    Plan operator()(const BackupRequest &request) const { return planBackup(request, facts); }
    Plan operator()(const SaveRequest &request) const { return planSave(request, facts); }
    Plan operator()(const RollBackRequest &request) const { return planRollBack(request, facts); }
    Plan operator()(const DrillRequest &request) const { return planDrill(request, facts); }
};

/// Whether the request is possible without cluster mode.
bool isForAnyServer(const OperationRequest &request)
{
    return std::holds_alternative<BackupRequest>(request) || std::holds_alternative<SaveRequest>(request)
        || std::holds_alternative<ConfigRequest>(request) || std::holds_alternative<FailoverRequest>(request);
}

} // namespace

Result<OperationPlan> makePlan(const OperationRequest &request, const OperationFacts &facts)
{
    const bool isPossible = std::holds_alternative<CreateRequest>(request)
        || (facts.view && (facts.view->cluster || isForAnyServer(request)));
    if (!isPossible)
        return failure(Error::Code::ClusterDisabled,
                       PlanDraft::tr("this is not a cluster: the server does not run in cluster mode"));
    Result<OperationPlan> plan = std::visit(Planners{facts}, request);
    if (plan)
        checkRights(*plan, facts);
    return plan;
}

} // namespace slotscope
