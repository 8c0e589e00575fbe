// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardItem>

namespace slotscope {

/// "12,345"
[[nodiscard]] QString rateWords(double rate);
/// A cell that is sorted by `sort`, and not edited.
[[nodiscard]] QStandardItem *loadCell(const QString &text, const QVariant &sort, bool isNumber);
/// "–" below 0
[[nodiscard]] QStandardItem *timeCell(qint64 microseconds);

} // namespace slotscope
