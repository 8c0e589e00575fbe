// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRectF>

namespace slotscope {

/// Rectangles that fill `area`, each as large as its weight, as near to squares as they come. `weights` are in falling
/// order; those of 0 and below get an empty rectangle. Pure.
[[nodiscard]] QList<QRectF> squarified(const QList<double> &weights, const QRectF &area);

} // namespace slotscope
