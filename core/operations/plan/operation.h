// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <optional>

namespace slotscope {

/// The operations on a cluster, in the order of OperationRequest.
enum class Operation : quint8 {
    Create,
    AddNode,
    RemoveNode,
    Replicate,
    Failover,
    RollingFailover,
    Reshard,
    Rebalance,
    Fix,
    Orphans,
    Forget,
    Reset,
    Meet,
    Config,
    Backup,
    Save,
    RollBack,
    Drill,
};

/// Name in slotscope-cli: "create", "add-node", ….
[[nodiscard]] QString operationName(Operation operation);
[[nodiscard]] std::optional<Operation> operationOf(const QString &name); ///< nullopt for unknown names

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Operation)
