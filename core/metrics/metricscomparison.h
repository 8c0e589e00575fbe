// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace slotscope {

/// One figure in two periods of the same length.
struct MetricChange
{
    double before = 0, now = 0;
    /// "+3.1 %", "−12 %", "×4.2"; "±0 %" if the change is below 0.05 %; "new" if it was 0 before.
    [[nodiscard]] QString text() const;
};

/// Compares two periods with the same lines, each a list of buckets: sums of the lines' means over the buckets known in
/// both. nullopt if they share none.
using MetricValues = std::vector<std::vector<double>>;
[[nodiscard]] std::optional<MetricChange> changeOfMeans(const MetricValues &before, const MetricValues &now);
/// The same for one bucket; nullopt if a line has no data there.
[[nodiscard]] std::optional<MetricChange> changeAt(const MetricValues &before, const MetricValues &now, size_t bucket);

} // namespace slotscope
