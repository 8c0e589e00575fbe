// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/scanrequest.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr int fewestKeys = 100, mostKeys = 10'000;
constexpr double farMs = 2; // with this round-trip time in ms or more, more keys per call pay off

} // namespace

bool ScanProgress::isWhole() const
{
    return state == State::Done && missing.isEmpty() && !error
        && std::all_of(nodes.begin(), nodes.end(),
                       [](const Node &node) { return node.done || !node.replacedBy.isEmpty(); });
}

int ScanProgress::nodesDone() const
{
    return int(std::count_if(nodes.begin(), nodes.end(), [](const Node &node) { return node.done; }));
}

int nextCount(int count, double elapsedMs, double roundTripMs, int ceilingMs)
{
    const double served = std::max(0.0, elapsedMs - roundTripMs);
    if (served > ceilingMs)
        return std::max(fewestKeys, count / 2);
    if (served * 2 < ceilingMs && (count < 1000 || roundTripMs > farMs))
        return std::min(mostKeys, count + count / 2);
    return count;
}

QString summaryOf(const ScanProgress &progress, const ScanRequest &request)
{
    const bool isPart = !request.pattern.isEmpty() || !request.type.isEmpty() || request.slotsOnly;
    const QString seen = groupedNumber(qint64(progress.seen));
    QString text = progress.expected < 0 ? tr("%1 keys").arg(seen)
        : isPart                         ? tr("%1 keys found among ≈ %2").arg(seen, groupedNumber(progress.expected))
                                         : tr("%1 of ≈ %2 keys").arg(seen, groupedNumber(progress.expected));
    int wanted = 0, done = 0;
    for (const ScanProgress::Node &node : progress.nodes) {
        wanted += node.replacedBy.isEmpty() ? 1 : 0;
        done += node.done ? 1 : 0;
    }
    if (wanted > 0) {
        const QString form = request.from == ScanRequest::From::Replicas ? tr("%1 of %2 replicas")
            : request.from == ScanRequest::From::Primaries               ? tr("%1 of %2 primaries")
                                                                         : tr("%1 of %2 nodes");
        text += QStringLiteral(" · ") + form.arg(done).arg(wanted);
    }
    if (!progress.missing.isEmpty())
        text += QStringLiteral(" · ") + tr("slots not read: %1").arg(progress.missing.toString(rangesShown));
    return text;
}

} // namespace slotscope
