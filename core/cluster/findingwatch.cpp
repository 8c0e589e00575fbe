// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/findingwatch.h"

#include <algorithm>

namespace slotscope {

namespace {

QByteArray nameOfFinding(const Finding &finding)
{
    QByteArrayList nodes = finding.nodes;
    std::sort(nodes.begin(), nodes.end());
    return finding.kindName().toLatin1() + ' '
        + (!nodes.isEmpty() ? nodes.join(' ')
               // a finding without nodes and slots is about Sentinels or addresses, whose names are in its title
               : finding.slots.isEmpty() ? finding.title.toUtf8()
                                         : finding.slots.toString().toLatin1());
}

} // namespace

std::vector<FindingChange> FindingWatch::take(const QList<Finding> &findings, qint64 now)
{
    for (const Finding &finding : findings) {
        if (finding.severity < Severity::Warning)
            continue;
        auto [seen, isNew] = m_seen.try_emplace(nameOfFinding(finding));
        Seen &each = seen->second;
        if (isNew)
            each.since = each.otherSince = now;
        else if (each.finding.severity != finding.severity)
            each.otherSince = now;
        each.finding = finding;
        each.last = now;
    }
    std::vector<FindingChange> changes;
    for (auto seen = m_seen.begin(); seen != m_seen.end();) {
        Seen &each = seen->second;
        const bool isThere = each.last == now;
        if (isThere && each.told != each.finding.severity && now - each.otherSince >= m_settleMs) {
            changes.push_back(
                {.what = each.told == Severity::Ok ? FindingChange::What::Came : FindingChange::What::Changed,
                 .finding = each.finding});
            each.told = each.finding.severity;
        }
        if (isThere || now - each.last < m_settleMs) {
            ++seen;
            continue;
        }
        if (each.told != Severity::Ok)
            changes.push_back(
                {.what = FindingChange::What::Over, .finding = each.finding, .lastedMs = each.last - each.since});
        seen = m_seen.erase(seen);
    }
    std::sort(changes.begin(), changes.end(), [](const FindingChange &left, const FindingChange &right) {
        return left.finding.severity != right.finding.severity ? left.finding.severity > right.finding.severity
                                                               : left.finding.title < right.finding.title;
    });
    return changes;
}

Severity FindingWatch::worst() const
{
    Severity worst = Severity::Ok;
    for (const auto &[name, seen] : m_seen)
        worst = std::max(worst, seen.told);
    return worst;
}

} // namespace slotscope
