// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

namespace slotscope {

/// Runs one command on these nodes, one after the other, through the session's gate; returns one reply per node. An
/// Error means that nothing was sent, because the gate refused it. On the session's thread.
[[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> callEach(QPointer<ClusterSession> session, QByteArrayList nodeIds,
                                                             Command command, UserConsent consent);

} // namespace slotscope
