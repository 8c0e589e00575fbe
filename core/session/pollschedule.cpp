// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pollschedule.h"

#include <algorithm>
#include <numeric>

namespace slotscope {

namespace {

constexpr int earlyMs = 50; // tolerance for a timer that fires too early

/// Returns the indices of the entries that `accept` accepts: due entries first, then those not queried for the longest
/// time.
template <typename Accept>
std::vector<size_t> oldestFirst(const std::vector<PollEntry> &entries, qint64 PollEntry::*at, Accept accept)
{
    std::vector<size_t> order;
    for (size_t i = 0; i < entries.size(); ++i)
        if (entries[i].askable && accept(entries[i]))
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        const PollEntry &first = entries[a], &second = entries[b];
        return first.due != second.due ? first.due : first.*at < second.*at;
    });
    return order;
}

/// Marks indices in order while `credit` lasts; each costs `cost`.
template <typename Mark>
void spend(double &credit, double cost, const std::vector<size_t> &order, Mark mark)
{
    for (const size_t index : order) {
        if (credit < cost)
            return;
        credit -= cost;
        mark(index);
    }
}

void earn(double &credit, double perSecond, qint64 elapsedMs, double atLeast)
{
    credit = std::min(credit + perSecond * double(elapsedMs) / 1000.0, std::max(perSecond, atLeast));
}

} // namespace

std::vector<Questions> PollSchedule::next(const std::vector<PollEntry> &entries, qint64 now, qint64 elapsedMs)
{
    std::vector<Questions> questions(entries.size());
    const auto isTime = [now](qint64 asked, int everyMs) { return now - asked >= everyMs - earlyMs; };
    const double lines = double(std::max<size_t>(entries.size(), 1));
    const qint64 credited = std::min<qint64>(elapsedMs, 1000);
    earn(m_tableCredit, m_budget.tableLinesPerSecond, credited, lines);
    earn(m_changedCredit, m_budget.changedTableLinesPerSecond, credited, lines);
    earn(m_clusterInfoCredit, m_budget.clusterInfosPerSecond, credited, 1);
    earn(m_infoCredit, m_budget.infosPerSecond, credited, 1);

    spend(m_changedCredit, lines,
          oldestFirst(entries, &PollEntry::tableAt, [](const PollEntry &e) { return e.changed || e.due; }),
          [&](size_t i) { questions[i].table = true; });
    spend(m_tableCredit, lines,
          oldestFirst(
              entries, &PollEntry::tableAt,
              [&](const PollEntry &e) { return !e.changed && !e.due && isTime(e.tableAt, m_budget.tableEveryMs); }),
          [&](size_t i) { questions[i].table = true; });
    spend(m_clusterInfoCredit, 1,
          oldestFirst(entries, &PollEntry::clusterInfoAt,
                      [&](const PollEntry &e) { return e.due || isTime(e.clusterInfoAt, m_budget.tableEveryMs); }),
          [&](size_t i) { questions[i].clusterInfo = true; });
    const auto infoDue = [&](const PollEntry &e) { return isTime(e.infoAt, m_budget.infoEveryMs); };
    spend(m_infoCredit, 1, oldestFirst(entries, &PollEntry::infoAt, infoDue),
          [&](size_t i) { questions[i].info = true; });
    return questions;
}

} // namespace slotscope
