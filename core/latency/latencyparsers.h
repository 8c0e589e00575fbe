// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <optional>
#include <vector>

namespace slotscope {

/// A row of LATENCY LATEST: what held a server up, last and at worst.
struct LatencyEvent
{
    QByteArray name; ///< "command", "fork", …
    qint64 serverSeconds = 0; ///< of the latest, by the server's clock
    qint64 latest = 0, longest = 0; ///< ms
    std::optional<qint64> sum, count; ///< of all; Valkey 8.1+ only
};
[[nodiscard]] Result<std::vector<LatencyEvent>> parseLatencyLatest(const Value &reply);

/// A row of LATENCY HISTORY: the longest of one second.
struct LatencySpike
{
    qint64 serverSeconds = 0;
    qint64 milliseconds = 0;
};
[[nodiscard]] Result<std::vector<LatencySpike>> parseLatencyHistory(const Value &reply);

/// What an event of the latency monitor means, in a sentence; empty for one that is not known.
[[nodiscard]] QString eventMeaning(const QByteArray &name);

} // namespace slotscope
