// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/ownlogin.h"

namespace slotscope {

void OwnLogin::sent(const Command &command, bool resp3)
{
    if (m_when == When::Never || command.isEmpty())
        return;
    const QByteArray name = command.front().toUpper();
    const QByteArray second = command.value(1).toUpper();
    const bool subscribes = name == "SUBSCRIBE" || name == "PSUBSCRIBE" || name == "SSUBSCRIBE";
    if (name == "AUTH" || name == "HELLO" || name == "RESET" || name == "MONITOR" || name == "SYNC" || name == "PSYNC"
        || (name == "CLIENT" && second == "REPLY") || (subscribes && !resp3))
        m_when = When::Never;
    else if (name == "MULTI")
        m_when = When::Later;
    else if (name == "EXEC" || name == "DISCARD")
        m_when = When::Now;
}

} // namespace slotscope
