// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardItem>

namespace slotscope {

/// "12,345"
[[nodiscard]] QString rateWords(double rate);
/// A read-only cell that is sorted by `sort`.
[[nodiscard]] QStandardItem *loadCell(const QString &text, const QVariant &sort, bool isNumber);
/// shows "–" for values below 0
[[nodiscard]] QStandardItem *timeCell(qint64 microseconds);

} // namespace slotscope
