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
/// The command that returns a value of this type in a form that is the same on every server: GET, LRANGE, XRANGE, or
/// the elements. Empty for types that have no such form. Unlike DUMP, it has no metadata of the server.
[[nodiscard]] Command portableValue(ValueType type, const QByteArray &key);
/// The parts of a reply to portableValue(): in order for lists and streams, else sorted.
[[nodiscard]] std::vector<QByteArray> portableElements(ValueType type, const Value &value);
/// The elements of a reply to wholeValue(), sorted so that equal values give equal lists.
[[nodiscard]] std::vector<QByteArray> elementsOf(ValueType type, const Value &value);

} // namespace slotscope
