// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/keyowner.h"

namespace slotscope {

/// Opens a connection to the owner of the first key, with WATCH on all keys. If the slot has moved, retries for two
/// seconds at most; the error is the last node's.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> watching(QPointer<ClusterSession> session,
                                                                           QByteArrayList keys, int database);
/// Sends the command over the link. An error reply becomes an Error that names node and command.
[[nodiscard]] QCoro::Task<Result<Value>> askOver(std::shared_ptr<DedicatedLink> link, Command command);

} // namespace slotscope
