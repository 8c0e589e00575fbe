// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

namespace slotscope {

/// Whether AUTH may be sent over a living connection without harm to what its user does there: it would be queued
/// within MULTI, answered by nothing after CLIENT REPLY, refused while subscribed in RESP2, and change back the user as
/// whom somebody has logged in there.
class OwnLogin
{
public:
    enum class When { Now, Later, Never };

    void sent(const Command &command, bool resp3); ///< each command that is not the connection's own
    [[nodiscard]] When when() const { return m_when; }

private:
    When m_when = When::Now;
};

} // namespace slotscope
