// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/requests.h"

#include <array>

namespace slotscope {

QString operationName(const OperationRequest &request)
{
    static constexpr std::array<const char *, std::variant_size_v<OperationRequest>> names{
        "create",  "add-node",  "remove-node", "replicate", "failover", "rolling-failover",
        "reshard", "rebalance", "fix",         "orphans",   "forget",   "reset",
        "meet",    "config",    "backup",      "save",      "roll-back"};
    return QString::fromLatin1(names[request.index()]);
}

} // namespace slotscope
