// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QJsonValue>

namespace slotscope {

/// Converts a reply to JSON: UTF-8 strings as strings, other bytes as {"base64": …}, integers exact, maps with string
/// keys as objects, other maps as lists of pairs, errors inside a reply as {"error": …}.
[[nodiscard]] QJsonValue replyToJson(const Value &value);

} // namespace slotscope
