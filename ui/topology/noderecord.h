// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

namespace slotscope {

/// The last minutes of each node, for large cards: read from the record that the session keeps.
class NodeRecord final
{
public:
    static constexpr int minutes = 5;

    void setBook(std::shared_ptr<const MetricsBook> book);
    /// Reads again; `now` in ms since 1970.
    void read(qint64 now);
    /// What the node told last; NaN where it is not known.
    [[nodiscard]] double last(const QByteArray &id, Metric metric) const;
    /// One value for every few seconds, oldest first, NaN where nothing is known; empty where nothing was recorded.
    [[nodiscard]] const std::vector<double> &commands(const QByteArray &id) const;
    [[nodiscard]] const std::vector<double> &lag(const QByteArray &id) const; ///< of a primary
    /// Hits of keys in all reads of keys over those minutes, 0 to 1; NaN where there were none.
    [[nodiscard]] double hitRatio(const QByteArray &id) const;
    /// The top of a scale on which the commands of all nodes fit: 1, 2 or 5 times a power of ten, 10 at least.
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
