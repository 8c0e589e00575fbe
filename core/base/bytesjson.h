// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonValue>

#include <optional>

namespace slotscope {

/// Bytes in JSON, exactly: a string where they are UTF-8 that comes back byte for byte, else {"base64": "…"}.
[[nodiscard]] QJsonValue jsonOfBytes(const QByteArray &bytes);
/// The bytes again; nothing where it is neither.
[[nodiscard]] std::optional<QByteArray> bytesOfJson(const QJsonValue &value);

} // namespace slotscope
