// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

namespace slotscope {

/// A command with its arguments replaced: "GET ?", "HSET ? ? ?", "MGET ?…" for any number. Subcommands are kept, and so
/// is what identifies a script or function: "EVALSHA 9f2c41ab… ?", "EVAL 9f2c41ab… {return 1} ?".
[[nodiscard]] QByteArray shapeOf(const Command &command);

/// Figures of all entries with one shape.
struct ShapeFigures
{
    QByteArray shape;
    qint64 count = 0, total = 0, p50 = 0, p99 = 0, longest = 0; ///< costs; percentiles by nearest rank
    QByteArrayList nodes; ///< ids of the nodes that logged it, sorted
};
/// Sorted by total cost, largest first.
[[nodiscard]] std::vector<ShapeFigures> figuresOf(const std::vector<SlowlogEntryPtr> &entries);

} // namespace slotscope
