// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/commandbook.h"

#include "core/cluster/parse.h"

#include <algorithm>
#include <cmath>

namespace slotscope {

CommandCounts readCommandStats(QByteArrayView info)
{
    CommandCounts counts;
    while (!info.isEmpty()) {
        QByteArrayView line = takeLine(info);
        const QByteArrayView key = takeUntil(line, ':');
        if (!key.startsWith("cmdstat_"))
            continue;
        CommandCounters counters;
        while (!line.isEmpty()) {
            QByteArrayView part = takeUntil(line, ',');
            const QByteArrayView field = takeUntil(part, '=');
            bool isNumber = false;
            const double value = part.trimmed().toByteArray().toDouble(&isNumber);
            if (!isNumber || !qIsFinite(value) || value < 0)
                continue;
            if (field == "calls")
                counters.calls = value;
            else if (field == "usec")
                counters.usec = value;
            else if (field == "rejected_calls")
                counters.rejected = value;
            else if (field == "failed_calls")
                counters.failed = value;
        }
        counts.insert(key.sliced(8).toByteArray(), counters);
    }
    return counts;
}

void CommandBook::setNodes(const QHash<QByteArray, MetricNode> &nodes)
{
    const QMutexLocker locker(&m_mutex);
    for (auto &[id, node] : m_nodes)
        node.isThere = nodes.contains(id);
    for (auto each = nodes.constBegin(); each != nodes.constEnd(); ++each) {
        Node &node = m_nodes[each.key()];
        node.place = *each;
        node.isThere = true;
    }
}

quint32 CommandBook::numberOf(const QByteArray &name)
{
    const auto known = m_numbers.constFind(name);
    if (known != m_numbers.constEnd())
        return *known;
    const auto number = quint32(m_names.size());
    m_names.append(name);
    m_numbers.insert(name, number);
    return number;
}

void CommandBook::drop(Node &node)
{
    m_rates -= node.samples.front().rates.size();
    node.samples.pop_front();
}

void CommandBook::add(const QByteArray &id, qint64 at, qint64 steadyAt, const CommandCounts &counts)
{
    const QMutexLocker locker(&m_mutex);
    Node &node = m_nodes[id];
    const qint64 passed = steadyAt - node.steadyAt;
    const bool isFirst = node.steadyAt == 0;
    const CommandCounts before = std::exchange(node.last, counts);
    node.steadyAt = steadyAt;
    if (isFirst || passed <= 0)
        return;
    Sample sample{.at = at, .passed = passed, .rates = {}};
    for (auto each = counts.constBegin(); each != counts.constEnd(); ++each) {
        const CommandCounters was = before.value(each.key(), {0, 0, 0, 0});
        if (each->calls < was.calls || each->usec < was.usec)
            return; // the server was restarted or its statistics reset, so nothing is known about this interval
        const auto since = [](double now, double then) {
            return now < 0 ? float(CommandRow::notKnownCommand) : float(std::max(0.0, now - std::max(0.0, then)));
        };
        const Rate rate{.command = numberOf(each.key()),
                        .calls = float(each->calls - was.calls),
                        .usec = float(each->usec - was.usec),
                        .rejected = since(each->rejected, was.rejected),
                        .failed = since(each->failed, was.failed)};
        if (rate.calls > 0 || rate.rejected > 0 || rate.failed > 0)
            sample.rates.push_back(rate);
    }
    m_rates += sample.rates.size();
    node.samples.push_back(std::move(sample));
    while (node.samples.size() > mostSamples || (m_rates > mostRates && node.samples.size() > 1))
        drop(node);
}

size_t CommandBook::rates() const
{
    const QMutexLocker locker(&m_mutex);
    return m_rates;
}

CommandBook::NodeTotals CommandBook::totalsOf(const Node &node, const CommandsWindow &window, qint64 to)
{
    NodeTotals totals;
    totals.covered.assign(size_t(window.buckets), 0);
    for (const Sample &sample : node.samples) {
        if (sample.at < window.first || sample.at > to)
            continue;
        totals.read += double(sample.passed);
        const auto last = size_t((sample.at - window.first) / window.step);
        size_t first = last; // a reading covers the whole interval since the previous one
        while (first > 0 && window.first + qint64(first) * window.step > sample.at - sample.passed + window.step)
            --first;
        for (size_t i = first; i <= last; ++i)
            totals.covered[i] += double(sample.passed);
        for (const Rate &rate : sample.rates) {
            NodeTotals::Command &command = totals.commands[rate.command];
            if (command.counts.empty())
                command.counts.assign(size_t(window.buckets), 0);
            for (size_t i = first; i <= last; ++i)
                command.counts[i] += double(rate.calls);
            command.sum.calls += double(rate.calls);
            command.sum.usec += double(rate.usec);
            command.sum.rejected += double(rate.rejected);
            command.sum.failed += double(rate.failed);
        }
    }
    return totals;
}

CommandsWindow CommandBook::window(const CommandsQuery &query) const
{
    struct Sums
    {
        CommandRow row;
        /// summed over all nodes; each node adds the difference between two of its own readings
        double usec = 0, calls = 0;
    };
    CommandsWindow window;
    window.step = metricStep(query.to - query.from, query.points);
    window.first = query.from / window.step * window.step;
    window.buckets = int((query.to - window.first) / window.step) + 1;
    const auto buckets = size_t(window.buckets);
    std::map<quint32, Sums> sums;
    std::vector<bool> isWhole(buckets, true); ///< for each bucket, every node with data has data there
    const QMutexLocker locker(&m_mutex);
    for (const auto &[id, node] : m_nodes) {
        const bool isMeant = query.node.isEmpty()
            ? node.place.isPrimary && (query.shard == 0 || node.place.shard == query.shard)
            : id == query.node;
        if (!isMeant || !node.isThere)
            continue;
        ++window.nodes;
        if (!node.samples.empty() && (window.recordedFrom == 0 || node.samples.front().at < window.recordedFrom))
            window.recordedFrom = node.samples.front().at;
        const NodeTotals totals = totalsOf(node, window, query.to);
        if (totals.read <= 0)
            continue;
        ++window.nodesTold;
        for (size_t i = 0; i < buckets; ++i)
            isWhole[i] = isWhole[i] && totals.covered[i] > 0;
        for (const auto &[command, total] : totals.commands) {
            Sums &sum = sums[command];
            if (sum.row.values.empty())
                sum.row.values.assign(buckets, 0);
            for (size_t i = 0; i < buckets; ++i)
                if (totals.covered[i] > 0)
                    sum.row.values[i] += total.counts[i] * 1000 / totals.covered[i];
            sum.calls += total.sum.calls;
            sum.usec += total.sum.usec;
            sum.row.calls += total.sum.calls * 1000 / totals.read;
            sum.row.failed += total.sum.failed * 1000 / totals.read;
            sum.row.rejected += total.sum.rejected * 1000 / totals.read;
            sum.row.busy += total.sum.usec / 10 / totals.read; // µs per ms, converted to percent
        }
    }
    for (auto &[number, sum] : sums) {
        sum.row.name = m_names[int(number)];
        if (sum.calls > 0)
            sum.row.usecPerCall = sum.usec / sum.calls;
        for (size_t i = 0; i < buckets; ++i)
            if (!isWhole[i])
                sum.row.values[i] = CommandRow::notKnownCommand;
        window.rows.push_back(std::move(sum.row));
    }
    std::stable_sort(window.rows.begin(), window.rows.end(),
                     [](const CommandRow &a, const CommandRow &b) { return a.calls > b.calls; });
    return window;
}

} // namespace slotscope
