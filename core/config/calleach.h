// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

namespace slotscope {

/// One command on these nodes, one after the other, through the session's gate; an answer for each. Error where the
/// gate did not let it pass on the first: then nothing was sent. On the session's thread.
[[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> callEach(QPointer<ClusterSession> session, QByteArrayList nodeIds,
                                                             Command command, UserConsent consent);

} // namespace slotscope
