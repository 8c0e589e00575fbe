// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <functional>

namespace slotscope {

/// An entry of the palette: something to go to or to do.
struct PaletteEntry
{
    QString icon;
    QString title;
    QString subtitle;
    QString trailing; ///< for example a shortcut
    QString keywords; ///< other words that match; not shown
    int weight = 0; ///< added to the match score
    std::function<void()> act;
};

struct RankedEntry
{
    qsizetype index = 0; ///< index into the entries
    int score = 0;
    QList<int> emphasis; ///< positions of the matched characters in the title
};

/// Entries that match the words, best first; equal scores keep their order. Without words: all entries in their order.
/// Pure function.
[[nodiscard]] QList<RankedEntry> rankEntries(const QList<PaletteEntry> &entries, const QString &words);

/// Slots or a key that the text names: "slot 123", "slots 100-200", "123", or the key "key:foo"; any other text may be
/// a key too.
struct SlotAnswer
{
    SlotSet slotSet;
    bool explicitly = false; ///< the text contains "slot" or "key:"
    QString title, subtitle;
};
[[nodiscard]] std::optional<SlotAnswer> slotAnswer(const QString &words, const ClusterView &view);

} // namespace slotscope
