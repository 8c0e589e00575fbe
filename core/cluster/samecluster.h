// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSet>

namespace slotscope {

/// Whether two sets of node ids belong to the same cluster. Nodes come and go, and a removed node may keep its id in
/// another cluster, so half of the nodes of either set must be in both.
[[nodiscard]] inline bool isSameCluster(const QSet<QByteArray> &a, const QSet<QByteArray> &b)
{
    QSet<QByteArray> shared = a;
    shared.intersect(b);
    return !shared.isEmpty() && (2 * shared.size() >= a.size() || 2 * shared.size() >= b.size());
}

struct ClusterView;

/// The node ids by which a cluster is recognised; empty for a server without cluster mode.
[[nodiscard]] QSet<QByteArray> nodeIdsOf(const ClusterView &view);

} // namespace slotscope
