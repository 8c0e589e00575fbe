// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"

#include <QImage>
#include <QRect>

namespace slotscope {

struct ThemeTokens;

enum class SlotColouring : quint8 { Owner, Keys, Memory, Cpu, Network };

/// What one picture of the map is made of.
struct SlotImageRequest
{
    const ClusterView *view = nullptr;
    const std::array<qint64, slotCount> *values = nullptr; ///< what the shade tells, -1: not known; null: nothing
    const ThemeTokens *tokens = nullptr;
    SlotColouring colouring = SlotColouring::Owner;
    int highlightedShard = -1; ///< the others are dimmed; -1: none
    int side = 640; ///< pixels of the whole map's width and height, at least 256
    QRect cells{0, 0, 128, 128}; ///< the columns and rows wanted
};

/// The slots whose owner has failed: nobody serves them, though they are covered.
[[nodiscard]] SlotSet failedSlots(const ClusterView &view);

/// Where column or row `index` of a map of `side` pixels begins: whole pixels, so that cells are crisp and fill all the
/// room.
[[nodiscard]] constexpr int cellEdge(int index, int side)
{
    return index * side / 128;
}

/// Paints scan line by scan line: a cell with its gap at right and below.
[[nodiscard]] QImage renderSlots(const SlotImageRequest &request);

} // namespace slotscope
