// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/opshistory.h"

#include <algorithm>

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

double OpsHistory::spanOf(qint64 low, qint64 high)
{
    constexpr double leastShown = 20;
    const double middle = double(low + high) / 2;
    return std::max({double(high - low), middle * 0.5, leastShown});
}

} // namespace slotscope
