// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/subscriptioncolours.h"

#include "ui/shared/themetokens.h"

#include <array>

namespace slotscope {

void SubscriptionColours::take(const QList<int> &ids, const ClusterViewPtr &view)
{
    m_colours.removeIf([&ids](const auto &each) { return !ids.contains(each.key()); });
    for (const int id : ids) {
        if (m_colours.contains(id))
            continue;
        constexpr int shardsUse = 1000; // weight of a shard, higher than any number of subscriptions
        std::array<int, shardColourCount> uses{};
        for (size_t i = 0; view && i < view->shards.size(); ++i)
            uses.at(size_t(view->shards[i].colour % shardColourCount)) += shardsUse;
        for (const int colour : std::as_const(m_colours))
            ++uses.at(size_t(colour));
        // grey looks disabled, so it is used only if all other colours are in use
        constexpr int grey = shardColourCount - 1;
        int best = grey - 1;
        for (int colour = grey - 2; colour >= 0; --colour)
            if (uses.at(size_t(colour)) < uses.at(size_t(best)))
                best = colour;
        if (uses.at(size_t(grey)) < uses.at(size_t(best)))
            best = grey;
        m_colours.insert(id, best);
    }
}

} // namespace slotscope
