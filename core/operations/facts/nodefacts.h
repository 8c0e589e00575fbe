// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts/facts.h"
#include "core/protocol/command.h"
#include "core/protocol/value.h"

namespace slotscope {

/// The queries sent to every node together, besides its tables: capabilities, settings, whether it is saving.
[[nodiscard]] std::vector<Command> capabilityQuestions();
/// Takes the replies. A refused query leaves its fields unchanged.
void takeCapabilities(NodeFacts &facts, const std::vector<Value> &replies);

/// What a request needs to know about each node besides its capabilities and settings.
struct FurtherNeeds
{
    bool functions = false;
    bool moves = false; ///< keys will be moved: needs number of databases and payload version
    bool replication = false; ///< a node will replicate another: needs logins
    QByteArray setting; ///< setting to read with CONFIG GET; empty: none
};
/// The queries that follow, if the node supports them: running migrations, and what `needs` says.
[[nodiscard]] std::vector<Command> furtherQuestions(const NodeFacts &facts, const FurtherNeeds &needs);
void takeFurther(NodeFacts &facts, const FurtherNeeds &needs, const std::vector<Command> &questions,
                 const std::vector<Value> &replies, QHash<QByteArray, QByteArray> &config);

/// Takes atomic migrations in progress from CLUSTER GETSLOTMIGRATIONS or CLUSTER MIGRATION STATUS ALL.
void takeMigrations(NodeFacts &facts, const Value &reply);

/// Converts a reply to CONFIG GET.
[[nodiscard]] QHash<QByteArray, QByteArray> configOf(const Value &reply);

/// Returns the numbers of databases with keys from INFO keyspace, always including 0 (a Valkey 9 cluster may have
/// several). An error reply becomes an Error, because unknown must not be mistaken for no keys.
[[nodiscard]] Result<QList<int>> databasesIn(const Value &keyspace, const QString &node);

/// Describes for the user what changed between two views; empty if nothing did.
[[nodiscard]] QString differenceOf(const ClusterView &before, const ClusterView &after);

} // namespace slotscope
