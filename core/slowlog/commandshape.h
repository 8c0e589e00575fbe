// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/slowlog/slowlogentry.h"

namespace slotscope {

/// A command with its arguments folded: "GET ?", "HSET ? ? ?", "MGET ?…" for any number of them. Subcommands stay, and
/// what tells one script or function from another.
[[nodiscard]] QByteArray shapeOf(const Command &command);

/// All entries of one shape together.
struct ShapeFigures
{
    QByteArray shape;
    qint64 count = 0, total = 0, p50 = 0, p99 = 0, longest = 0; ///< costs; percentiles by nearest rank
    QByteArrayList nodes; ///< ids of those that logged it, sorted
};
/// The greatest total first.
[[nodiscard]] std::vector<ShapeFigures> figuresOf(const std::vector<SlowlogEntryPtr> &entries);

} // namespace slotscope
