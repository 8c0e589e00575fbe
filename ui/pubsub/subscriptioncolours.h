// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QHash>

namespace slotscope {

/// Assigns colours to subscriptions: from the end of the shard palette (grey last), preferring colours that no shard
/// uses. A subscription keeps its colour.
class SubscriptionColours final
{
public:
    /// Removes ended subscriptions and assigns colours to new ones.
    void take(const QList<int> &ids, const ClusterViewPtr &view);
    [[nodiscard]] int of(int id) const { return m_colours.value(id, -1); } ///< index into the palette; -1: none

private:
    QHash<int, int> m_colours;
};

} // namespace slotscope
