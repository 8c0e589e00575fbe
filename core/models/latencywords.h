// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingbook.h"
#include "core/models/tableroles.h"

namespace slotscope {

/// Microseconds as milliseconds with three digits: "0.36", "14.2", "1,058"; "–" for -1.
[[nodiscard]] QString millisecondsText(qint64 microseconds);
/// Microseconds with a unit that fits: "264 µs", "14.2 ms", "1.06 s"; "–" for -1.
[[nodiscard]] QString timeText(qint64 microseconds);
/// Lost pings, such as "0 of 3,000".
[[nodiscard]] QString lostText(const PingFigures &figures);
/// Tone of a round-trip time: warning from 10 ms, bad from 100 ms.
[[nodiscard]] Tone roundTripTone(qint64 microseconds);
/// "2 min ago", or "now" below a second.
[[nodiscard]] QString agoText(qint64 milliseconds);

} // namespace slotscope
