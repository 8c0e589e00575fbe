// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

namespace slotscope {

/// How a command affects the connection that it is sent over.
enum class LinkEffect : quint8 {
    None,
    Multi,
    Exec,
    Discard,
    Watch,
    Unwatch,
    Subscribe,
    Unsubscribe,
    Monitor,
    RepliesOff,
    RepliesOn,
    SkipReply,
    Select,
    Auth,
    Hello,
    Reset,
    Quit,
    Setting, ///< READONLY, CLIENT SETNAME and the like: changes a setting of the connection
};
[[nodiscard]] LinkEffect linkEffectOf(const Command &command);

} // namespace slotscope
