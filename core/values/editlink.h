// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/keyowner.h"

namespace slotscope {

/// A connection to the owner of the first key, on which the keys are watched. Looks again where the slot has moved
/// meanwhile, for two seconds at most; the error says what the last node said.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> watching(QPointer<ClusterSession> session,
                                                                           QByteArrayList keys, int database);
} // namespace slotscope
