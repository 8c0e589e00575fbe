// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSet>

namespace slotscope {

/// Whether two sets of node ids are of one cluster. Nodes come and go, and a node that was taken out may keep its id in
/// another cluster: so half of the nodes of either side must be in both.
[[nodiscard]] inline bool isSameCluster(const QSet<QByteArray> &a, const QSet<QByteArray> &b)
{
    QSet<QByteArray> shared = a;
    shared.intersect(b);
    return !shared.isEmpty() && (2 * shared.size() >= a.size() || 2 * shared.size() >= b.size());
}

struct ClusterView;

/// The ids by which a cluster is recognised; none for a server without cluster mode.
[[nodiscard]] QSet<QByteArray> nodeIdsOf(const ClusterView &view);

} // namespace slotscope
