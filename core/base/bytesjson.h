// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonValue>

#include <optional>

namespace slotscope {

/// Converts bytes to JSON without loss: a string if they are UTF-8 that converts back exactly, else {"base64": "…"}.
[[nodiscard]] QJsonValue jsonOfBytes(const QByteArray &bytes);
/// Converts back to bytes; nullopt if the value has neither form.
[[nodiscard]] std::optional<QByteArray> bytesOfJson(const QJsonValue &value);

} // namespace slotscope
