// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/tree.h"

#include <optional>

namespace slotscope {

/// The path of a node of a JSON document, as the commands of the servers' JSON modules take it: $["user"]["tags"][0].
/// The tree is that of the whole document.
[[nodiscard]] QByteArray jsonPathOf(const FormatTree &tree, quint32 node);
/// The path of a member of the object at `path`.
[[nodiscard]] QByteArray memberPath(const QByteArray &path, const QString &name);
/// The JSON text of the one value in the reply to JSON.GET with a path, which is an array of all matches; nullopt if
/// there is none, or more than one.
[[nodiscard]] std::optional<QByteArray> onlyMatch(QByteArrayView reply);
/// Why a text is not one JSON value; empty if it is one.
[[nodiscard]] QString whyNotJson(QByteArrayView text);

} // namespace slotscope
