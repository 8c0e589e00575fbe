// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

namespace slotscope {

/// Formats a value as redis-cli does on a terminal: "(integer) 1", "(nil)", quoted strings, nested numbering, RESP3
/// types. What redis-cli would print unchanged is made safe for a terminal. No final newline.
[[nodiscard]] QByteArray printForTerminal(const Value &value);

/// Formats a value as redis-cli does into a pipe: raw bytes, one element per line.
[[nodiscard]] QByteArray printRaw(const Value &value);

} // namespace slotscope
