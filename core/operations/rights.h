// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts.h"
#include "core/protocol/value.h"

#include <functional>

namespace slotscope {

/// What the user of this connection may run on a node, asked before a plan is shown. ACL DRYRUN tells it (7.0) where
/// the user may ask that; else commands that come to nothing: each has an argument that the server refuses, and one
/// that the user has no right to is refused before its arguments are looked at.
[[nodiscard]] std::vector<Command> rightsQuestions(const QByteArray &user); ///< ACL DRYRUN
[[nodiscard]] std::vector<Command> rightsProbes();
/// Their answers. False where these say nothing: DRYRUN is not there, or not permitted.
[[nodiscard]] bool takeRights(NodeFacts &facts, const std::vector<Command> &questions,
                              const std::vector<Value> &replies);

/// Sends questions to one node.
using AskNode = std::function<QCoro::Task<Result<std::vector<Value>>>(std::vector<Command>)>;
/// The node with what the user may run there, as far as it can be asked.
[[nodiscard]] QCoro::Task<NodeFacts> withRights(NodeFacts node, AskNode ask);

/// A check for each set of nodes where the user lacks a right that a step of the plan needs. Pure.
void checkRights(OperationPlan &plan, const OperationFacts &facts);

} // namespace slotscope
