// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/finding.h"

#include <map>
#include <vector>

namespace slotscope {

/// A warning or error that appeared, changed or disappeared.
struct FindingChange
{
    enum class What : quint8 {
        Came,
        Changed, ///< its severity changed
        Over,
    };
    What what = What::Came;
    Finding finding; ///< the finding in its latest form
    qint64 lastedMs = 0; ///< only for Over: how long the finding lasted
    friend bool operator==(const FindingChange &, const FindingChange &) = default;
};

/// Detects which findings appear and disappear between views. A finding is identified by its kind and its nodes or, if
/// it has no nodes, by its slots; the figures in its text may change. A finding that appears or disappears for less
/// than `settleMs` does not count as a change. Ignores notes. Pure.
class FindingWatch final
{
public:
    static constexpr qint64 usualSettleMs = 1500;
    explicit FindingWatch(qint64 settleMs = usualSettleMs) : m_settleMs(settleMs) { }

    /// Takes a view's findings and returns the changes, most severe first, then by title. `now` is in ms of a monotonic
    /// clock.
    [[nodiscard]] std::vector<FindingChange> take(const QList<Finding> &findings, qint64 now);
    /// The highest severity among reported findings.
    [[nodiscard]] Severity worst() const;

private:
    struct Seen
    {
        Finding finding;
        Severity told = Severity::Ok; ///< severity last reported; Ok: not reported yet
        qint64 since = 0; ///< time first seen
        qint64 otherSince = 0; ///< time since when it has had its current severity
        qint64 last = 0; ///< time last seen
    };
    qint64 m_settleMs;
    std::map<QByteArray, Seen> m_seen;
};

} // namespace slotscope
