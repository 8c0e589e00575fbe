// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/cluster/commandtable.h"

#include <optional>

namespace slotscope {

/// Why a command may not travel over a link that others use too: it would leave the link in another state, end it, or
/// be answered with none or many replies. Nothing where it may. Blocking commands may: they wait on a link of their
/// node's commands only.
[[nodiscard]] std::optional<Error> sharedLinkRefusal(const Command &command);

/// Why a read-only connection does not send a command. What the server's own COMMAND marks as reading passes, unless
/// it also marks it as administrative or dangerous; so does a small list that is known to change nothing. Without
/// COMMAND's data (`table` null) only that list does.
[[nodiscard]] std::optional<Error> readOnlyRefusal(const Command &command, const CommandTable *table);

} // namespace slotscope
