// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QtGlobal>

#include <optional>

namespace slotscope {

/// A socket that accepts connections to 127.0.0.1 at some port.
struct PortListener
{
    uint user = 0; ///< id of the user whose process opened it
    quint64 inode = 0;
    quint64 waiting = 0; ///< connections not accepted yet
};

/// Returns all sockets that listen on this port at 127.0.0.1 or at all addresses; empty if the system does not report
/// them (only Linux does). Any thread.
[[nodiscard]] QList<PortListener> listenersAt(quint16 port);

/// Whether the socket belongs to a process of this session (setsid), or to a descendant of one. nullopt if that cannot
/// be determined: not Linux, or one of these processes may not be inspected. Any thread.
[[nodiscard]] std::optional<bool> isHeldBySession(qint64 session, quint64 inode);

} // namespace slotscope
