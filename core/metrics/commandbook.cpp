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
            return; // a restart or a reset: nothing is known of this time
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

CommandsWindow CommandBook::window(const CommandsQuery &query) const
{
    struct Sums
    {
        double calls = 0, usec = 0, rejected = 0, failed = 0;
        std::vector<double> counts; ///< by bucket
    };
    CommandsWindow window;
    window.step = metricStep(query.to - query.from, query.points);
    window.first = query.from / window.step * window.step;
    window.buckets = int((query.to - window.first) / window.step) + 1;
    const size_t buckets = size_t(window.buckets);
    std::vector<double> read(buckets, 0); ///< ms that were read, of the node that was read most
    std::map<quint32, Sums> sums;
    double longest = 0;
    const QMutexLocker locker(&m_mutex);
    for (const auto &[id, node] : m_nodes) {
        const bool isMeant = query.node.isEmpty()
            ? node.place.isPrimary && (query.shard == 0 || node.place.shard == query.shard)
            : id == query.node;
        if (!isMeant || !node.isThere)
            continue;
        ++window.nodes;
        std::vector<double> mine(buckets, 0);
        double all = 0;
        for (const Sample &sample : node.samples) {
            if (sample.at < window.first || sample.at > query.to)
                continue;
            const auto bucket = size_t((sample.at - window.first) / window.step);
            mine[bucket] += double(sample.passed);
            all += double(sample.passed);
            for (const Rate &rate : sample.rates) {
                Sums &sum = sums[rate.command];
                if (sum.counts.empty())
                    sum.counts.assign(buckets, 0);
                sum.counts[bucket] += double(rate.calls);
                sum.calls += double(rate.calls);
                sum.usec += double(rate.usec);
                sum.rejected += double(rate.rejected);
                sum.failed += double(rate.failed);
            }
        }
        for (size_t i = 0; i < buckets; ++i)
            read[i] = std::max(read[i], mine[i]);
        longest = std::max(longest, all);
        window.nodesTold += node.samples.empty() ? 0 : 1;
        if (!node.samples.empty() && (window.recordedFrom == 0 || node.samples.front().at < window.recordedFrom))
            window.recordedFrom = node.samples.front().at;
    }
    for (auto &[number, sum] : sums) {
        CommandRow row;
        row.name = m_names[int(number)];
        row.calls = sum.calls * 1000 / longest;
        row.usecPerCall = sum.calls > 0 ? sum.usec / sum.calls : CommandRow::notKnownCommand;
        row.failed = sum.failed * 1000 / longest;
        row.rejected = sum.rejected * 1000 / longest;
        row.busy = sum.usec / 10 / longest; // µs of each ms, in percent
        row.values.assign(buckets, CommandRow::notKnownCommand);
        for (size_t i = 0; i < buckets; ++i)
            if (read[i] > 0)
                row.values[i] = sum.counts[i] * 1000 / read[i];
        window.rows.push_back(std::move(row));
    }
    std::stable_sort(window.rows.begin(), window.rows.end(),
                     [](const CommandRow &a, const CommandRow &b) { return a.calls > b.calls; });
    return window;
}

} // namespace slotscope
