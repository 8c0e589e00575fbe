// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

namespace slotscope {

/// Tracks whether AUTH may be sent over an open connection without side effects: within MULTI it would be queued, after
/// CLIENT REPLY it would get no reply, while subscribed in RESP2 it would be refused, and if another user has logged
/// in, it would switch back.
class OwnLogin
{
public:
    enum class When { Now, Later, Never };

    void sent(const Command &command, bool resp3); ///< call for each command except the connection's own
    [[nodiscard]] When when() const { return m_when; }

private:
    When m_when = When::Now;
};

} // namespace slotscope
