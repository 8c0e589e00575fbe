// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QHash>

namespace slotscope {

/// Colours of subscriptions: of the shard palette from its end (grey last), those that no shard of the cluster has. One
/// keeps its colour for as long as it is there.
class SubscriptionColours final
{
public:
    /// Lets go of those that are no more, and gives new ones theirs.
    void take(const QList<int> &ids, const ClusterViewPtr &view);
    [[nodiscard]] int of(int id) const { return m_colours.value(id, -1); } ///< index into the palette; -1: none

private:
    QHash<int, int> m_colours;
};

} // namespace slotscope
