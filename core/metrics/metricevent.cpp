// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricevent.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 closeMs = 5 * 60'000, preferredMs = 60 * 60'000;
constexpr int chiefImportance = 3;

/// Combines runs of exceeded thresholds.
QList<MetricEvent> withoutRuns(const QList<MetricEvent> &newestFirst)
{
    QList<MetricEvent> all;
    int more = 0;
    qint64 before = 0; // time of the previous event in the run
    const auto close = [&] {
        if (more > 0)
            all.back().words += u" +%1"_s.arg(more);
        more = 0;
    };
    for (const MetricEvent &event : newestFirst) {
        const bool isThreshold = event.kind == MetricEvent::Kind::Threshold;
        if (isThreshold && !all.isEmpty() && all.back().kind == event.kind && before - event.at <= closeMs) {
            ++more;
        } else {
            close();
            all.append(event);
        }
        before = event.at;
    }
    close();
    return all;
}

} // namespace

int importanceOf(MetricEvent::Kind kind)
{
    switch (kind) {
    case MetricEvent::Kind::Failover:
    case MetricEvent::Kind::NodeLost: return chiefImportance;
    case MetricEvent::Kind::Threshold: return 1;
    case MetricEvent::Kind::Save: return 0;
    case MetricEvent::Kind::NodeBack:
    case MetricEvent::Kind::Restart:
    case MetricEvent::Kind::StatsReset:
    case MetricEvent::Kind::Topology:
    case MetricEvent::Kind::SlotsMoved:
    case MetricEvent::Kind::Config:
    case MetricEvent::Kind::SaveFailed:
    case MetricEvent::Kind::Operation: break;
    }
    return 2;
}

size_t chiefOf(const std::vector<MetricEvent> &events)
{
    const auto chief = std::max_element(events.begin(), events.end(), [](const MetricEvent &a, const MetricEvent &b) {
        return importanceOf(a.kind) < importanceOf(b.kind);
    });
    return size_t(chief - events.begin());
}

QList<MetricEvent> condensed(const QList<MetricEvent> &newestFirst, qsizetype rows)
{
    const QList<MetricEvent> all = withoutRuns(newestFirst);
    QList<MetricEvent> chosen = all.mid(0, rows);
    for (qsizetype i = rows; i < all.size() && !chosen.isEmpty(); ++i) {
        if (importanceOf(all[i].kind) < chiefImportance || all.front().at - all[i].at > preferredMs)
            continue;
        const auto least =
            std::min_element(chosen.rbegin(), chosen.rend(), [](const MetricEvent &a, const MetricEvent &b) {
                return importanceOf(a.kind) < importanceOf(b.kind);
            });
        if (importanceOf(least->kind) == chiefImportance)
            break;
        chosen.erase(std::next(least).base());
        chosen.append(all[i]);
    }
    return chosen;
}

} // namespace slotscope
