// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace slotscope {

/// A node of a cluster to be made, as far as its role goes.
struct RoleWish
{
    QString label; ///< host or zone
    std::optional<bool> primary; ///< given by hand
    int replicaOf = -1; ///< given by hand: index of the primary
};

/// Who is what. `primaryOf[i]` is -1 for a primary, else the index of its primary.
struct Roles
{
    QList<int> primaries; ///< in the order of their slots
    QList<int> primaryOf;
    int onPrimaryLabel = 0; ///< replicas that share the label of their primary
    int siblings = 0; ///< pairs of replicas of one primary that share a label
};

/// Spreads primaries over labels, then gives each its replicas: none on its primary's label where that can be had, as
/// few siblings on one label as possible. Wishes are kept. Nodes left over become further replicas, one a primary.
[[nodiscard]] Roles chooseRoles(const QList<RoleWish> &nodes, int replicas);

} // namespace slotscope
