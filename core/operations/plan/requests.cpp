// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/plan/requests.h"

#include <array>

namespace slotscope {

Operation operationOf(const OperationRequest &request)
{
    static_assert(std::variant_size_v<OperationRequest> == size_t(Operation::Drill) + 1);
    return Operation(request.index());
}

} // namespace slotscope
