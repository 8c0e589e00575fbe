// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

#include <optional>

namespace slotscope {

/// How a connection's cluster is, in one word: what the pill says.
struct HealthWord
{
    enum class State : quint8 {
        Connecting, ///< not known yet
        Empty, ///< a new node without slots
        Healthy,
        Degraded,
        Broken,
        Down,
        NoConnection,
    };
    State state = State::Connecting;
    QString text; ///< "Degraded · 2 warnings"
    Tone tone = Tone::Muted;
    QStringList titles; ///< of the findings, worst first
};
[[nodiscard]] HealthWord healthWord(const ClusterView &cluster);
/// Where no view is there now. `isConnecting`: for the first time, and nothing has failed.
[[nodiscard]] HealthWord healthWord(bool isConnecting);

/// The cluster became worse, or is well again.
struct HealthTurn
{
    HealthWord before, now;
    qint64 lastedMs = 0; ///< how long it was as before
};

/// Which changes of a connection's health a user is told who does not look: those that last. Pure.
class HealthTurns final
{
public:
    static constexpr qint64 settleMs = 2000;

    /// `now`: ms of a clock that goes forward. Nothing, too, where it goes from bad to less bad: it is told when it is
    /// well again.
    [[nodiscard]] std::optional<HealthTurn> take(const HealthWord &word, qint64 now);
    /// A change is there that has not lasted yet: take() is to be called again.
    [[nodiscard]] bool isSettling() const { return m_next.has_value(); }

private:
    struct Since
    {
        HealthWord word;
        qint64 at = 0;
    };
    std::optional<Since> m_told; ///< nothing: it was not known yet
    std::optional<Since> m_next;
};

} // namespace slotscope
