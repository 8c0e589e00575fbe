// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <functional>

namespace slotscope {

/// Something that the palette can go to or do.
struct PaletteEntry
{
    QString icon;
    QString title;
    QString subtitle;
    QString trailing; ///< a shortcut
    QString keywords; ///< other words that find it; not shown
    int weight = 0; ///< added to the score
    std::function<void()> act;
};

struct RankedEntry
{
    qsizetype index = 0; ///< into the entries
    int score = 0;
    QList<int> emphasis; ///< letters of the title that matched
};

/// The entries that fit the words, best first; what fits alike keeps its order. Without words: all, as they are. Pure.
[[nodiscard]] QList<RankedEntry> rankEntries(const QList<PaletteEntry> &entries, const QString &words);

/// What the words say of slots: "slot 123", "slots 100-200", "123", or, as every other text may be one, the key "foo"
/// or "key:foo".
struct SlotAnswer
{
    SlotSet slotSet;
    bool explicitly = false; ///< asked for slots or a key by name
    QString title, subtitle;
};
[[nodiscard]] std::optional<SlotAnswer> slotAnswer(const QString &words, const ClusterView &view);

} // namespace slotscope
