// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricscomparison.h"

#include "core/base/tr.h"

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QString MetricChange::text() const
{
    if (before == now)
        return u"±0 %"_s;
    if (before == 0)
        return tr("new");
    const double percent = 100 * (now - before) / std::abs(before);
    if (std::abs(percent) < 0.05)
        return u"±0 %"_s;
    if (percent >= 900)
        return u"×"_s + QString::number(now / before, 'f', now / before < 100 ? 1 : 0);
    const QString sign = percent < 0 ? u"−"_s : u"+"_s;
    return sign + QString::number(std::abs(percent), 'f', std::abs(percent) < 10 ? 1 : 0) + u" %"_s;
}

std::optional<MetricChange> changeOfMeans(const MetricValues &before, const MetricValues &now)
{
    MetricChange change;
    bool isKnown = false;
    for (size_t line = 0; line < std::min(before.size(), now.size()); ++line) {
        double sumBefore = 0, sumNow = 0;
        int count = 0;
        for (size_t i = 0; i < std::min(before[line].size(), now[line].size()); ++i) {
            if (std::isnan(before[line][i]) || std::isnan(now[line][i]))
                continue;
            sumBefore += before[line][i];
            sumNow += now[line][i];
            ++count;
        }
        if (count == 0)
            continue;
        change.before += sumBefore / count;
        change.now += sumNow / count;
        isKnown = true;
    }
    return isKnown ? std::optional(change) : std::nullopt;
}

std::optional<MetricChange> changeAt(const MetricValues &before, const MetricValues &now, size_t bucket)
{
    MetricChange change;
    if (before.empty() || before.size() != now.size())
        return std::nullopt;
    for (size_t line = 0; line < before.size(); ++line) {
        if (bucket >= before[line].size() || bucket >= now[line].size())
            return std::nullopt;
        change.before += before[line][bucket];
        change.now += now[line][bucket];
    }
    return std::isnan(change.before) || std::isnan(change.now) ? std::nullopt : std::optional(change);
}

} // namespace slotscope
