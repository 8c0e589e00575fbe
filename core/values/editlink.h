// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QPointer>

namespace slotscope {

/// The one rule for changing keys: whether a command may be sent, and a connection for WATCH and MULTI to the node that
/// owns a key. On the session's thread.

/// Asks the gate about each command.
[[nodiscard]] QCoro::Task<Result<>> askGate(QPointer<ClusterSession> session, QList<Command> commands,
                                            UserConsent consent);
/// A connection to the owner of `key`, on which the keys are watched. Looks again where the slot has moved meanwhile,
/// for two seconds at most; the error says what the last node said.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> watching(QPointer<ClusterSession> session,
                                                                           QByteArrayList keys, int database);
/// The same without WATCH, for one that only reads and writes once.
[[nodiscard]] QByteArray ownerOf(const ClusterView &view, const QByteArray &key);

} // namespace slotscope
