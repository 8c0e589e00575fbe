// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <optional>
#include <vector>

namespace slotscope {

/// A row of LATENCY LATEST: the last and the longest delay by one kind of event.
struct LatencyEvent
{
    QByteArray name; ///< "command", "fork", …
    qint64 serverSeconds = 0; ///< time of the last delay on the server's clock
    qint64 latest = 0, longest = 0; ///< in ms
    std::optional<qint64> sum, count; ///< over all delays; Valkey 8.1+ only
};
[[nodiscard]] Result<std::vector<LatencyEvent>> parseLatencyLatest(const Value &reply);

/// A row of LATENCY HISTORY: the longest delay within one second.
struct LatencySpike
{
    qint64 serverSeconds = 0;
    qint64 milliseconds = 0;
};
[[nodiscard]] Result<std::vector<LatencySpike>> parseLatencyHistory(const Value &reply);

/// One sentence that explains an event of the latency monitor; empty for unknown events.
[[nodiscard]] QString eventMeaning(const QByteArray &name);

} // namespace slotscope
