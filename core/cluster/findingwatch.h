// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/finding.h"

#include <map>
#include <vector>

namespace slotscope {

/// A warning or error that came, or went.
struct FindingChange
{
    enum class What : quint8 {
        Came,
        Changed, ///< its severity did
        Over,
    };
    What what = What::Came;
    Finding finding; ///< as it was seen last
    qint64 lastedMs = 0; ///< of Over
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

    /// `now`: ms of a clock that goes forward. Worst first, then by title.
    [[nodiscard]] std::vector<FindingChange> take(const QList<Finding> &findings, qint64 now);
    /// Of what is told as there.
    [[nodiscard]] Severity worst() const;

private:
    struct Seen
    {
        Finding finding;
        Severity told = Severity::Ok; ///< Ok: not told yet
        qint64 since = 0; ///< first seen
        qint64 otherSince = 0; ///< as bad as it is now, since
        qint64 last = 0; ///< seen last
    };
    qint64 m_settleMs;
    std::map<QByteArray, Seen> m_seen;
};

} // namespace slotscope
