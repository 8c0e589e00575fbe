// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

namespace slotscope {

/// Metrics of each node for the last minutes, for large cards, from the record of the session.
class NodeRecord final
{
public:
    static constexpr int minutes = 5;

    void setBook(std::shared_ptr<const MetricsBook> book);
    /// Reads the record again; `now` in ms since 1970.
    void read(qint64 now);
    /// Last reported value of the node; NaN if unknown.
    [[nodiscard]] double last(const QByteArray &id, Metric metric) const;
    /// One value per few seconds, oldest first, NaN for unknown values; empty if nothing was recorded.
    [[nodiscard]] const std::vector<double> &commands(const QByteArray &id) const;
    [[nodiscard]] const std::vector<double> &lag(const QByteArray &id) const; ///< values of a primary
    /// Share of hits in all key lookups over these minutes, 0 to 1; NaN if there were none.
    [[nodiscard]] double hitRatio(const QByteArray &id) const;
    /// Top of a scale for the commands of all nodes: 1, 2 or 5 times a power of ten, at least 10.
    [[nodiscard]] double commandScale() const { return m_scale; }

private:
    struct Node
    {
        std::vector<double> commands, lag;
        double hits = 0, misses = 0;
        MetricFigures last{};
        bool isKnown = false;
    };
    std::shared_ptr<const MetricsBook> m_book;
    QHash<QByteArray, Node> m_nodes;
    double m_scale = 10;
};

} // namespace slotscope
