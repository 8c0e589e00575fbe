// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace slotscope {

/// One figure in two times of the same length.
struct MetricChange
{
    double before = 0, now = 0;
    /// "+3.1 %", "−12 %", "×4.2"; "±0 %" below half a tenth; "new" where it was 0 before.
    [[nodiscard]] QString text() const;
};

/// Lines of two times, each of the same number of lines, by bucket: the sums of their means over the buckets that both
/// times know. Nothing where they share none.
using MetricValues = std::vector<std::vector<double>>;
[[nodiscard]] std::optional<MetricChange> changeOfMeans(const MetricValues &before, const MetricValues &now);
/// The same of one bucket; nothing where a line does not know it.
[[nodiscard]] std::optional<MetricChange> changeAt(const MetricValues &before, const MetricValues &now, size_t bucket);

} // namespace slotscope
