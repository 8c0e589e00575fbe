// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QJsonValue>

namespace slotscope {

/// A reply as JSON: strings that are UTF-8 as strings, other bytes as {"base64": …}, integers exact, maps with string
/// keys as objects, other maps as lists of pairs, an error inside a reply as {"error": …}.
[[nodiscard]] QJsonValue replyToJson(const Value &value);

} // namespace slotscope
