// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/value.h"

#include <QString>

#include <memory>
#include <vector>

namespace slotscope {

enum class AnswerFormat : quint8 { Text, Json, Csv };

/// Answers as a file, whole: text as redis-cli prints it, JSON as slotscope-cli does, CSV with an item a row. `named`:
/// each with its node. Null values are nodes without an answer. Pure, any thread.
[[nodiscard]] QByteArray exportedAnswers(const std::vector<std::pair<QString, std::shared_ptr<const Value>>> &answers,
                                         AnswerFormat format, bool named);

} // namespace slotscope
