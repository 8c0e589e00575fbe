// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRectF>

namespace slotscope {

/// Divides `area` into rectangles with sizes proportional to `weights`, as close to squares as possible. `weights` must
/// be in descending order; weights of 0 and below get an empty rectangle. Pure function.
[[nodiscard]] QList<QRectF> squarified(const QList<double> &weights, const QRectF &area);

} // namespace slotscope
