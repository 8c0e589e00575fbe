// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <optional>

namespace slotscope {

/// Health of a connection's cluster, as the pill shows it.
struct HealthWord
{
    enum class State : quint8 {
        Connecting, ///< not known yet
        Empty, ///< a node without slots in no cluster
        Healthy,
        Degraded,
        Broken,
        Down,
        NoConnection,
    };
    State state = State::Connecting;
    QString text; ///< such as "Degraded · 2 warnings"
    Tone tone = Tone::Muted;
    QStringList titles; ///< titles of the findings, worst first
};
[[nodiscard]] HealthWord healthWord(const ClusterView &cluster);
/// Health if there is no view now. `isConnecting`: the first attempt is running, and nothing has failed.
[[nodiscard]] HealthWord healthWord(bool isConnecting);

/// A change to a worse state, or back to a healthy one.
struct HealthTurn
{
    HealthWord before, now;
    qint64 lastedMs = 0; ///< how long the previous state lasted
};

/// Decides which changes of a connection's health are reported: only lasting ones. Pure.
class HealthTurns final
{
public:
    static constexpr qint64 settleMs = 2000;

    /// `now`: ms of a monotonic clock. Also returns nothing for a change from bad to less bad; only a full recovery is
    /// reported.
    [[nodiscard]] std::optional<HealthTurn> take(const HealthWord &word, qint64 now);
    /// A change has not lasted long enough yet: take() must be called again.
    [[nodiscard]] bool isSettling() const { return m_next.has_value(); }

private:
    struct Since
    {
        HealthWord word;
        qint64 at = 0;
    };
    std::optional<Since> m_told; ///< last reported state; empty: not known yet
    std::optional<Since> m_next;
};

} // namespace slotscope
