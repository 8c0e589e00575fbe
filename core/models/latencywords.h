// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/pingbook.h"
#include "core/models/tableroles.h"

namespace slotscope {

/// Microseconds as milliseconds with three figures: "0.36", "14.2", "1,058"; "–" of -1.
[[nodiscard]] QString millisecondsText(qint64 microseconds);
/// The same with its unit, the unit by its size: "264 µs", "14.2 ms", "1.06 s"; "–" of -1.
[[nodiscard]] QString timeText(qint64 microseconds);
/// "0 of 3,000".
[[nodiscard]] QString lostText(const PingFigures &figures);
/// How bad a round trip is: from 10 ms a warning, from 100 ms bad.
[[nodiscard]] Tone roundTripTone(qint64 microseconds);
/// "2 min ago"; "now" below a second.
[[nodiscard]] QString agoText(qint64 milliseconds);

} // namespace slotscope
