// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/qnamespace.h>

namespace slotscope {

/// Data of table cells besides their text; delegates in ui/ turn it into appearance.
enum TableRole : int {
    SortRole = Qt::UserRole + 1, ///< number, if the column has numbers; invalid if it is unknown
    IdRole, ///< node id, QByteArray
    ToneRole, ///< a Tone as int
    BadgeRole, ///< bool: show the cell as a badge in its tone
    NumberRole, ///< bool: right-aligned, monospace
    MonospaceRole, ///< bool: address, id or range, shown in monospace
    ShardColourRole, ///< int: index into the shard palette, -1: none
    ShareRole, ///< double 0 … 1: a bar beside the number, in the shard's colour if the cell has one
    ShardColoursRole, ///< list of int: a coloured square per shard, empty for -1
    LeadRole, ///< int: this many characters in full colour, the rest muted; <= 0: all equal
    ElideEndRole, ///< bool: elided at the end although it is monospace
    ColumnNameRole, ///< for headerData(): name of the column in JSON
};

/// How good or bad something is; used for badges, texts and pills alike.
enum class Tone : int { Neutral, Muted, Accent, Good, Warning, Bad };

} // namespace slotscope
