// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/planners.h"

#include "core/operations/plandraft.h"

namespace slotscope {

namespace {

struct Planners
{
    const OperationFacts &facts;

    Result<OperationPlan> operator()(const AddNodeRequest &request) const { return planAddNode(request, facts); }
    Result<OperationPlan> operator()(const RemoveNodeRequest &request) const { return planRemoveNode(request, facts); }
    Result<OperationPlan> operator()(const FailoverRequest &request) const { return planFailover(request, facts); }
    Result<OperationPlan> operator()(const RollingFailoverRequest &request) const
    {
        return planRolling(request, facts);
    }
    Result<OperationPlan> operator()(const ReshardRequest &request) const { return planReshard(request, facts); }
    template <typename Request>
    Result<OperationPlan> operator()(const Request &) const
    {
        return failure(Error::Code::InvalidArgument, QStringLiteral("not planned yet"));
    }
};

} // namespace

Result<OperationPlan> makePlan(const OperationRequest &request, const OperationFacts &facts)
{
    return std::visit(Planners{facts}, request);
}

} // namespace slotscope
