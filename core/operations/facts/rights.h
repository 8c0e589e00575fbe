// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts/facts.h"
#include "core/protocol/value.h"

#include <functional>

namespace slotscope {

/// Commands that test, before a plan is shown, what this connection's user may run on a node. ACL DRYRUN reports it
/// (7.0), if the user may run that. Otherwise harmless commands are used: each has an argument that the server refuses,
/// and if the user lacks permission, the server refuses the command before it looks at the arguments.
[[nodiscard]] std::vector<Command> rightsQuestions(const QByteArray &user); ///< with ACL DRYRUN
[[nodiscard]] std::vector<Command> rightsProbes();
/// Takes the replies. Returns false if they are of no use, because DRYRUN does not exist or is not permitted.
[[nodiscard]] bool takeRights(NodeFacts &facts, const std::vector<Command> &questions,
                              const std::vector<Value> &replies);

/// Sends commands to one node.
using AskNode = std::function<QCoro::Task<Result<std::vector<Value>>>(std::vector<Command>)>;
/// Returns the node's facts completed by what the user may run there, as far as it can be tested.
[[nodiscard]] QCoro::Task<NodeFacts> withRights(NodeFacts node, AskNode ask);

/// Adds a check for each set of nodes on which the user lacks a permission that a step needs. Pure.
void checkRights(OperationPlan &plan, const OperationFacts &facts);

} // namespace slotscope
