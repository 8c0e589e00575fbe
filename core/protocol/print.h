// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

namespace slotscope {

/// A value as redis-cli prints it on a terminal: "(integer) 1", "(nil)", quoted strings, nested numbering, RESP3 kinds.
/// What redis-cli would print raw is made safe for a terminal. No final newline.
[[nodiscard]] QByteArray printForTerminal(const Value &value);

/// A value as redis-cli prints it into a pipe: raw bytes, one element a line.
[[nodiscard]] QByteArray printRaw(const Value &value);

} // namespace slotscope
