// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace slotscope {

/// What is known beforehand about the role of a node of a new cluster.
struct RoleWish
{
    QString label; ///< host or zone
    std::optional<bool> primary; ///< chosen by the user
    int replicaOf = -1; ///< chosen by the user: index of its primary
};

/// The roles of all nodes. `primaryOf[i]` is -1 for a primary, else the index of its primary.
struct Roles
{
    QList<int> primaries; ///< in the order of their slots
    QList<int> primaryOf;
    int onPrimaryLabel = 0; ///< number of replicas with the same label as their primary
    int siblings = 0; ///< number of pairs of replicas of one primary with the same label
};

/// Distributes primaries over labels, then assigns replicas: none with its primary's label if possible, and as few
/// siblings with one label as possible. The user's choices are kept. Surplus nodes become additional replicas, one per
/// primary.
[[nodiscard]] Roles chooseRoles(const QList<RoleWish> &nodes, int replicas);

} // namespace slotscope
