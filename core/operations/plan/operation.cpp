// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/operation.h"

#include <array>

namespace slotscope {

namespace {

constexpr std::array operationNames{"create",  "add-node",  "remove-node", "replicate", "failover",  "rolling-failover",
                                    "reshard", "rebalance", "fix",         "orphans",   "forget",    "reset",
                                    "meet",    "config",    "backup",      "save",      "roll-back", "drill"};
static_assert(operationNames.size() == size_t(Operation::Drill) + 1);

} // namespace

QString operationName(Operation operation)
{
    return QString::fromLatin1(operationNames[size_t(operation)]);
}

std::optional<Operation> operationOf(const QString &name)
{
    for (size_t i = 0; i < operationNames.size(); ++i)
        if (name == QLatin1StringView(operationNames[i]))
            return Operation(i);
    return {};
}

} // namespace slotscope
