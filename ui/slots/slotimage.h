// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"

#include <QImage>
#include <QRect>

namespace slotscope {

struct ThemeTokens;

enum class SlotColouring : quint8 { Owner, Keys };

/// What one picture of the map is made of.
struct SlotImageRequest
{
    const ClusterView *view = nullptr;
    const SlotKeyCounts *counts = nullptr; ///< may be null
    const ThemeTokens *tokens = nullptr;
    SlotColouring colouring = SlotColouring::Owner;
    int highlightedShard = -1; ///< the others are dimmed; -1: none
    int cell = 5; ///< pixels of a cell with its gap, at least 2
    QRect cells{0, 0, 128, 128}; ///< the columns and rows wanted
};

/// Paints scan line by scan line: a cell with its gap at right and below.
[[nodiscard]] QImage renderSlots(const SlotImageRequest &request);

} // namespace slotscope
