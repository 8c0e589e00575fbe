// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"

#include <QImage>
#include <QRect>

namespace slotscope {

struct ThemeTokens;

enum class SlotColouring : quint8 { Owner, Keys, Memory, Cpu, Network };

/// Input for one picture of the map.
struct SlotImageRequest
{
    const ClusterView *view = nullptr;
    const std::array<qint64, slotCount> *values = nullptr; ///< values for the shade, -1: unknown; null: no shades
    const ThemeTokens *tokens = nullptr;
    SlotColouring colouring = SlotColouring::Owner;
    int highlightedShard = -1; ///< the other shards are dimmed; -1: none
    int side = 640; ///< width and height of the whole map in pixels, at least 256
    QRect cells{0, 0, 128, 128}; ///< columns and rows to paint
};

/// Slots whose owner has failed: they are covered, but not served.
[[nodiscard]] SlotSet failedSlots(const ClusterView &view);

/// Start of column or row `index` in a map of `side` pixels, in whole pixels, so that cells are crisp and fill the map.
[[nodiscard]] constexpr int cellEdge(int index, int side)
{
    return index * side / 128;
}

/// Paints the map scan line by scan line; each cell has a gap on its right and bottom.
[[nodiscard]] QImage renderSlots(const SlotImageRequest &request);

} // namespace slotscope
