// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/qnamespace.h>

namespace slotscope {

/// What the tables tell beside their texts; a delegate in ui/ turns it into looks.
enum TableRole : int {
    SortRole = Qt::UserRole + 1, ///< numbers stay numbers; invalid where the figure is not known
    IdRole, ///< node id, QByteArray
    ToneRole, ///< a Tone as int
    BadgeRole, ///< bool: show the cell as a badge in its tone
    NumberRole, ///< bool: right-aligned, monospace
    MonospaceRole, ///< bool: address, id or range
    ShardColourRole, ///< int: index into the shard palette, -1: none
    ShareRole, ///< double 0 … 1: a bar beside the number, in the shard's colour where the cell has one
    ShardColoursRole, ///< list of int: a square for each shard, empty for -1
    LeadRole, ///< int: so many letters in full colour, what follows muted; <= 0: all the same
    ElideEndRole, ///< bool: elided at its end, though monospace
    ColumnNameRole, ///< of headerData: the column's name in JSON
};

/// How good or bad a thing is; the same word for badges, texts and pills.
enum class Tone : int { Neutral, Muted, Accent, Good, Warning, Bad };

} // namespace slotscope
