// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QtGlobal>

#include <optional>

namespace slotscope {

/// A socket that takes connections to 127.0.0.1 at some port.
struct PortListener
{
    uint user = 0; ///< whose process made it
    quint64 inode = 0;
    quint64 waiting = 0; ///< connections that no process has accepted yet
};

/// All that listen at the port of 127.0.0.1 or of all addresses; empty where the system does not tell (only Linux
/// does). Any thread.
[[nodiscard]] QList<PortListener> listenersAt(quint16 port);

/// Whether the socket is held by a process of this session (setsid), or by one that a process of it has started.
/// Nothing where that cannot be told: another system than Linux, or one of these processes does not let us look. Any
/// thread.
[[nodiscard]] std::optional<bool> isHeldBySession(qint64 session, quint64 inode);

} // namespace slotscope
