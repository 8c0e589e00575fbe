// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"
#include "core/protocol/value.h"
#include "core/values/valuehead.h"

#include <vector>

namespace slotscope {

/// The command that returns the length of a value: bytes of a string, else elements. Empty for other types.
[[nodiscard]] Command lengthCommand(ValueType type, const QByteArray &key);
/// The command that returns a complete value. Types whose DUMP depends on the order in a hash table are read by their
/// elements, the others by DUMP.
[[nodiscard]] Command wholeValue(ValueType type, const QByteArray &key);
/// The elements of a reply to wholeValue(), sorted so that equal values give equal lists.
[[nodiscard]] std::vector<QByteArray> elementsOf(ValueType type, const Value &value);

} // namespace slotscope
