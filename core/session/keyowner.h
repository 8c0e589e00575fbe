// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// Returns the id of the node a key is written to: the owner of its slot or, without cluster mode, the only primary.
/// Empty if the slot has no owner.
[[nodiscard]] QByteArray ownerOfKey(const ClusterView &view, QByteArrayView key);
/// Whether a server's error is temporary: the slot is being moved, or its node is not ready yet.
[[nodiscard]] bool isPassingRefusal(const Error &error);
/// Checks each command with the command gate. Error::NeedsConsent says what the user has to agree to.
[[nodiscard]] QCoro::Task<Result<>> askGate(QPointer<ClusterSession> session, QList<Command> commands,
                                            UserConsent consent, const char *from = __builtin_FILE());

} // namespace slotscope
