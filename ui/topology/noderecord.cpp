// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/noderecord.h"

#include <cmath>
#include <limits>

namespace slotscope {
namespace {

constexpr int recordPoints = 150;
constexpr double leastScale = 10; // so that five commands per second are not drawn as a peak
const std::vector<double> nothingRecorded;

double roundScale(double largest)
{
    double step = leastScale;
    for (int i = 0; step < largest && i < 60; ++i)
        step *= i % 3 == 1 ? 2.5 : 2; // 10, 20, 50, 100, …
    return step;
}

} // namespace

void NodeRecord::setBook(std::shared_ptr<const MetricsBook> book)
{
    m_book = std::move(book);
    m_nodes.clear();
}

void NodeRecord::read(qint64 now)
{
    m_nodes.clear();
    m_scale = leastScale;
    if (!m_book)
        return;
    MetricsQuery query;
    query.to = now;
    query.from = now - minutes * 60'000;
    query.points = recordPoints;
    query.group = MetricGroup::Nodes;
    query.replicas = true;
    query.metrics = {Metric::Commands, Metric::Lag, Metric::Hits, Metric::Misses};
    MetricsWindow window = m_book->window(query);
    double largest = 0;
    for (MetricLine &line : window.lines) {
        Node node;
        node.commands = std::move(line.values[0]);
        node.lag = std::move(line.values[1]);
        const auto sum = [](const std::vector<double> &values) {
            double all = 0;
            for (const double value : values)
                all += std::isnan(value) ? 0 : value;
            return all;
        };
        node.hits = sum(line.values[2]);
        node.misses = sum(line.values[3]);
        for (const double value : node.commands)
            largest = std::isnan(value) ? largest : std::max(largest, value);
        if (const auto last = m_book->latest(line.node)) {
            node.last = *last;
            node.isKnown = true;
        }
        m_nodes.insert(line.node, node);
    }
    m_scale = roundScale(largest);
}

double NodeRecord::last(const QByteArray &id, Metric metric) const
{
    const auto node = m_nodes.constFind(id);
    return node == m_nodes.constEnd() || !node->isKnown ? std::numeric_limits<double>::quiet_NaN()
                                                        : node->last[size_t(metric)];
}

const std::vector<double> &NodeRecord::commands(const QByteArray &id) const
{
    const auto node = m_nodes.constFind(id);
    return node == m_nodes.constEnd() ? nothingRecorded : node->commands;
}

const std::vector<double> &NodeRecord::lag(const QByteArray &id) const
{
    const auto node = m_nodes.constFind(id);
    return node == m_nodes.constEnd() ? nothingRecorded : node->lag;
}

double NodeRecord::hitRatio(const QByteArray &id) const
{
    const auto node = m_nodes.constFind(id);
    const double reads = node == m_nodes.constEnd() ? 0 : node->hits + node->misses;
    return reads > 0 ? node->hits / reads : std::numeric_limits<double>::quiet_NaN();
}

} // namespace slotscope
