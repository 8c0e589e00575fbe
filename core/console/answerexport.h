// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QString>

#include <memory>
#include <vector>

namespace slotscope {

enum class AnswerFormat : quint8 { Text, Json, Csv };

/// Returns complete answers as a file: text as printed by redis-cli, JSON as by slotscope-cli, CSV with one row per
/// item. `named` adds the node's name to each. Null values are nodes without an answer. Pure, any thread.
[[nodiscard]] QByteArray exportedAnswers(const std::vector<std::pair<QString, std::shared_ptr<const Value>>> &answers,
                                         AnswerFormat format, bool named);

} // namespace slotscope
