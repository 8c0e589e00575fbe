// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/squarify.h"

#include <algorithm>

namespace slotscope {

namespace {

/// Worst aspect ratio in a row along a side of `length`, for areas with the total `sum`.
double worstRatio(double smallest, double largest, double sum, double length)
{
    const double depth = sum / length; // depth of the row
    return std::max(depth * depth / smallest, largest / (depth * depth));
}

} // namespace

QList<QRectF> squarified(const QList<double> &weights, const QRectF &area)
{
    QList<QRectF> rects(weights.size());
    double sum = 0;
    qsizetype used = 0;
    for (; used < weights.size() && weights[used] > 0; ++used)
        sum += weights[used];
    if (sum <= 0 || area.isEmpty())
        return rects;
    const double scale = area.width() * area.height() / sum;
    QRectF left = area;
    for (qsizetype first = 0; first < used && !left.isEmpty();) {
        const double length = std::min(left.width(), left.height());
        double row = 0;
        qsizetype last = first;
        for (; last < used; ++last) { // extend the row as long as its worst ratio does not grow
            const double size = weights[last] * scale;
            const double largest = weights[first] * scale;
            if (last > first
                && worstRatio(size, largest, row + size, length)
                    > worstRatio(weights[last - 1] * scale, largest, row, length))
                break;
            row += size;
        }
        const double depth = row / length;
        const bool isUpright = left.width() >= left.height(); // the row is a column on the left side
        double at = isUpright ? left.top() : left.left();
        for (qsizetype i = first; i < last; ++i) {
            const double side = weights[i] * scale / depth;
            rects[i] = isUpright ? QRectF(left.left(), at, depth, side) : QRectF(at, left.top(), side, depth);
            at += side;
        }
        if (isUpright)
            left.setLeft(left.left() + depth);
        else
            left.setTop(left.top() + depth);
        first = last;
    }
    return rects;
}

} // namespace slotscope
