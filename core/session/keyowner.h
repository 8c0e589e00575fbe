// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// Id of the node that a key is written to: the owner of its slot, or without a cluster the only primary. Empty where
/// nobody owns the slot.
[[nodiscard]] QByteArray ownerOfKey(const ClusterView &view, QByteArrayView key);
/// Whether a server's refusal passes by itself: the slot is on its way, or its node is not ready yet.
[[nodiscard]] bool isPassingRefusal(const Error &error);
/// Asks the gate about each command. Error::NeedsConsent says what the user has to agree to.
[[nodiscard]] QCoro::Task<Result<>> askGate(QPointer<ClusterSession> session, QList<Command> commands,
                                            UserConsent consent, const char *from = __builtin_FILE());

} // namespace slotscope
