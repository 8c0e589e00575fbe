// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/opshistory.h"

namespace slotscope {

void OpsHistory::add(const ClusterView &view)
{
    for (const NodeState &node : view.nodes) {
        const ServerInfo *info = node.currentInfo();
        if (!info || !info->opsPerSecond)
            continue;
        Series &series = m_series[node.id];
        if (series.lastAt == node.infoAt)
            continue;
        series.lastAt = node.infoAt;
        series.samples.append(*info->opsPerSecond);
        if (series.samples.size() > length)
            series.samples.removeFirst();
    }
    m_series.removeIf([&view](const auto &entry) { return view.indexOf(entry.key()) < 0; });
}

} // namespace slotscope
