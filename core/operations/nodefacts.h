// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

namespace slotscope {

/// What every node is asked beside its tables, in one go: capabilities, configuration, whether it saves.
[[nodiscard]] std::vector<Command> capabilityQuestions();
/// Their answers. A refused question leaves its fields as they are.
void takeCapabilities(NodeFacts &facts, const std::vector<Value> &replies);

/// What a request needs to know of each node beside that.
struct FurtherNeeds
{
    bool functions = false;
    bool moves = false; ///< keys are going to be moved: databases, and the form of dumped values
    bool replication = false; ///< a node is going to replicate another: who lets whom in
    QByteArray setting; ///< CONFIG GET of this; empty: none
};
/// What is asked next, where the node has it: running migrations, and what is needed.
[[nodiscard]] std::vector<Command> furtherQuestions(const NodeFacts &facts, const FurtherNeeds &needs);
void takeFurther(NodeFacts &facts, const FurtherNeeds &needs, const std::vector<Command> &questions,
                 const std::vector<Value> &replies, QHash<QByteArray, QByteArray> &config);

/// Atomic migrations under way, of CLUSTER GETSLOTMIGRATIONS or CLUSTER MIGRATION STATUS ALL.
void takeMigrations(NodeFacts &facts, const Value &reply);

/// Pairs of CONFIG GET.
[[nodiscard]] QHash<QByteArray, QByteArray> configOf(const Value &reply);

/// The numbered databases that hold keys, 0 always among them (Valkey 9 has more in a cluster), of INFO keyspace. An
/// error reply is the Error: what is not known must not look like no keys.
[[nodiscard]] Result<QList<int>> databasesIn(const Value &keyspace, const QString &node);

/// What became different between two looks, for people; empty: nothing.
[[nodiscard]] QString differenceOf(const ClusterView &before, const ClusterView &after);

} // namespace slotscope
