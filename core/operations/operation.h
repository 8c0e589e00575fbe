// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <optional>

namespace slotscope {

/// What can be done to a cluster. In the order of OperationRequest.
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

/// Machine name: "create", "add-node", …, as slotscope-cli calls them.
[[nodiscard]] QString operationName(Operation operation);
[[nodiscard]] std::optional<Operation> operationOf(const QString &name); ///< nothing for other names

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::Operation)
