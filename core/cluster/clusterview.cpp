// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/clusterview.h"

#include "core/cluster/health.h"
#include "core/cluster/samecluster.h"
#include "core/cluster/viewbuilder.h"

#include <algorithm>

namespace slotscope {

int ClusterView::indexOf(QByteArrayView id) const
{
    return indexById.value(QByteArray::fromRawData(id.data(), id.size()), -1);
}

const NodeState *ClusterView::node(QByteArrayView id) const
{
    const int index = indexOf(id);
    return index < 0 ? nullptr : &nodes[size_t(index)];
}

Severity ClusterView::health() const
{
    return findings.isEmpty() ? Severity::Ok : findings.constFirst().severity;
}

const NodeObservation *ClusterView::observationOf(QByteArrayView id) const
{
    const auto found =
        std::find_if(observations.begin(), observations.end(), [id](const NodeObservation &o) { return o.id == id; });
    return found == observations.end() ? nullptr : &*found;
}

QSet<QByteArray> nodeIdsOf(const ClusterView &view)
{
    QSet<QByteArray> ids;
    if (!view.cluster)
        return ids;
    for (const NodeState &node : view.nodes)
        if (!node.flags.testFlag(NodeFlag::Handshake)) // a node in handshake has only a temporary id
            ids.insert(node.id);
    return ids;
}

ClusterView buildView(const std::vector<NodeObservation> &observations, ShardNames &names, qint64 now,
                      SentinelStatePtr sentinels)
{
    ClusterView view = ViewBuilder(observations, names, now, std::move(sentinels)).build();
    if (view.disputed.isEmpty())
        names.disputedSince = 0;
    else if (names.disputedSince == 0)
        names.disputedSince = now;
    view.findings = findingsOf(view, names);
    view.settling = view.settling
        || std::any_of(names.passingSince.cbegin(), names.passingSince.cend(),
                       [now](qint64 since) { return now - since < passesWithinMs; });
    return view;
}

std::vector<PeerReport> peerReportsOf(const ClusterView &view, QByteArrayView id)
{
    std::vector<PeerReport> reports;
    for (const NodeObservation &observation : view.observations) {
        if (!observation.table || observation.id.isEmpty()
            || (view.observers > 0 && observation.reach.state != Reach::State::Ready))
            continue; // the last table of a node that no longer answers is not a current report
        reports.push_back({view.indexOf(observation.id), observation.table->find(id), observation.tableAt});
    }
    std::sort(reports.begin(), reports.end(),
              [](const PeerReport &a, const PeerReport &b) { return a.observer < b.observer; });
    return reports;
}

} // namespace slotscope
