// SPDX-License-Identifier: GPL-3.0-or-later
// The reading half of MetricsBook: windows of the record.
#include "core/base/tr.h"
#include "core/metrics/metricsbooknode.h"
#include "core/metrics/metricshistory.h"

#include <QSet>

#include <algorithm>
#include <cmath>

namespace slotscope {

/// The data of one node in a window.
struct MetricsBook::Track
{
    QByteArray id;
    MetricNode place;
    bool isThere = true;
    bool hasAny = false;
    std::vector<std::vector<double>> values; ///< indexed by metric, then bucket
    std::vector<qint8> primary; ///< per bucket: 1 or 0, or -1 if unknown
};

/// Collects the means of samples in buckets.
class MetricsBook::Collecting
{
public:
    Collecting(const MetricsQuery &query, const MetricsWindow &window, Track &track)
        : m_query(query), m_first(window.first), m_step(window.step), m_track(track)
    {
        const size_t buckets = size_t(window.buckets);
        track.values.assign(query.figures(), std::vector<double>(buckets, notKnown));
        track.primary.assign(buckets, -1);
        m_counts.assign(query.figures(), std::vector<int>(buckets, 0));
        newestIn.assign(buckets, 0);
    }
    void add(const MetricSamples::Sample &sample, size_t bucket)
    {
        m_track.hasAny = true;
        m_track.primary[bucket] = sample.isPrimary ? 1 : 0;
        for (size_t m = 0; m < m_query.metrics.size(); ++m)
            add(double(sample.values[size_t(m_query.metrics[m])]), m, isLargest(m_query.metrics[m]), bucket);
    }
    /// Sets the column of each field of the query in the samples; -1: it is not recorded.
    void setColumns(std::vector<int> columns)
    {
        m_columns = std::move(columns);
        for (const InfoField &field : m_query.fields)
            m_areLargest.push_back(isLargest(field));
    }
    void take(const MetricSamples &samples, qint64 from, qint64 to)
    {
        for (size_t i = samples.firstFrom(from); i < samples.size() && samples.at(i).at < to; ++i) {
            const size_t bucket = size_t((samples.at(i).at - m_first) / m_step);
            add(samples.at(i), bucket);
            for (size_t f = 0; f < m_columns.size(); ++f)
                if (m_columns[f] >= 0)
                    add(double(samples.field(i, size_t(m_columns[f]))), m_query.metrics.size() + f, m_areLargest[f],
                        bucket);
            newestIn[bucket] = samples.at(i).at;
        }
    }
    /// Adds samples of a history. Each fills exactly the buckets of its time step, so missing time is a gap.
    void take(const MetricsHistory &history, const QByteArray &id, qint64 to)
    {
        const auto samples = history.nodes.constFind(id);
        if (samples == history.nodes.constEnd())
            return;
        auto sample = std::lower_bound(samples->begin(), samples->end(), m_first - history.step + 1,
                                       [](const MetricSamples::Sample &each, qint64 at) { return each.at < at; });
        for (; sample != samples->end() && sample->at < to; ++sample) {
            const qint64 until = history.step > m_step ? std::min(sample->at + history.step, to) : sample->at + 1;
            for (qint64 at = std::max(sample->at, m_first); at < until;
                 at = (at - m_first) / m_step * m_step + m_first + m_step)
                add(*sample, size_t((at - m_first) / m_step));
        }
    }
    std::vector<qint64> newestIn; ///< time of the latest own sample in each bucket

private:
    void add(double value, size_t figure, bool largest, size_t bucket)
    {
        if (std::isnan(value))
            return;
        double &mean = m_track.values[figure][bucket];
        int &count = m_counts[figure][bucket];
        if (largest)
            mean = count == 0 ? value : std::max(mean, value);
        else
            mean = count == 0 ? value : mean + (value - mean) / (count + 1);
        ++count;
    }

    const MetricsQuery &m_query;
    std::vector<int> m_columns;
    std::vector<bool> m_areLargest; ///< for each field of the query
    qint64 m_first, m_step;
    Track &m_track;
    std::vector<std::vector<int>> m_counts;
};

/// Computes the means of each bucket. A bucket without samples repeats the last one if that is recent, because each
/// node is read at its own pace.
MetricsBook::Track MetricsBook::trackOf(const QByteArray &id, const NodePtr &node, const MetricsQuery &query,
                                        const MetricsWindow &window) const
{
    Track track;
    Collecting collecting(query, window, track);
    const qint64 first = window.first, step = window.step, last = first + window.buckets * step;
    const QMutexLocker locker(&m_mutex);
    collecting.setColumns(columnsOf(query.fields));
    track.id = id;
    track.place = node->place;
    track.isThere = node->isThere;
    if (m_history) { // used until our second sample, because the first has no rates
        const qint64 own = node->oldest();
        collecting.take(*m_history, id, own > 0 ? std::min(own + node->interval, last) : last);
    }
    const qint64 fine = node->samples.size() > 0 ? node->samples.at(0).at : last;
    collecting.take(node->minutes, first,
                    std::min(fine - metricMinuteMs + 1, last)); // complete minutes before the first sample
    collecting.take(node->samples, std::max(first, fine), last);
    std::vector<qint64> &newestIn = collecting.newestIn;
    const qint64 young = std::max(node->interval * 3, fine > first ? 2 * metricMinuteMs : qint64(0));
    for (size_t i = 1; i < newestIn.size(); ++i) {
        if (newestIn[i] != 0 || newestIn[i - 1] == 0 || first + qint64(i) * step - newestIn[i - 1] > young)
            continue;
        newestIn[i] = newestIn[i - 1];
        track.primary[i] = track.primary[i - 1];
        for (std::vector<double> &values : track.values)
            values[i] = values[i - 1];
    }
    return track;
}

qint64 metricStep(qint64 range, int points)
{
    static constexpr std::array<qint64, 18> seconds{1,   2,   5,   10,   15,   20,   30,   60,    120,
                                                    300, 600, 900, 1200, 1800, 3600, 7200, 21600, 86400};
    const qint64 least = (range + points - 1) / std::max(1, points);
    for (const qint64 each : seconds)
        if (each * 1000 >= least)
            return each * 1000;
    return seconds.back() * 1000;
}

namespace {

/// Adds a node's track to that of its group: the sum or maximum of each bucket, unknown if one of them is unknown.
void addTrack(std::vector<double> &into, const std::vector<double> &values, bool largest, bool isFirst)
{
    for (size_t i = 0; i < values.size(); ++i) {
        if (isFirst)
            into[i] = values[i];
        else if (std::isnan(into[i]) || std::isnan(values[i]))
            into[i] = largest && std::isnan(into[i]) ? values[i] : largest ? into[i] : notKnown;
        else
            into[i] = largest ? std::max(into[i], values[i]) : into[i] + values[i];
    }
}

bool isLargestIn(const MetricsQuery &query, size_t figure)
{
    return figure < query.metrics.size() ? isLargest(query.metrics[figure])
                                         : isLargest(query.fields[figure - query.metrics.size()]);
}

} // namespace

MetricsWindow MetricsBook::window(const MetricsQuery &query) const
{
    MetricsWindow window;
    window.step = metricStep(query.to - query.from, query.points);
    window.first = query.from / window.step * window.step;
    window.buckets = int((query.to - window.first) / window.step) + 1;
    std::vector<std::pair<QByteArray, NodePtr>> nodes;
    {
        const QMutexLocker locker(&m_mutex);
        nodes.assign(m_nodes.begin(), m_nodes.end());
        for (const InfoField &field : query.fields)
            if (const QString problem = problemOf(field); !problem.isEmpty())
                window.fieldProblems.insert(field.text(), problem);
        for (const MetricEvent &event : m_events)
            if (event.at <= query.to && std::max(event.at, event.until) >= query.from)
                window.events.push_back(event);
        for (const auto &[id, node] : nodes) {
            const qint64 oldest = node->oldest();
            if (oldest > 0 && (window.recordedFrom == 0 || oldest < window.recordedFrom))
                window.recordedFrom = oldest;
        }
        if (const qint64 oldest = m_history ? m_history->oldest() : 0;
            oldest > 0 && (window.recordedFrom == 0 || oldest < window.recordedFrom)) {
            window.historyFrom = oldest;
            window.historyWords = m_history->words;
            window.historyNotes = m_history->notes;
        }
    }
    std::vector<Track> tracks;
    for (const auto &[id, node] : nodes) {
        Track track = trackOf(id, node, query, window);
        window.nodes += track.isThere ? 1 : 0;
        window.nodesTold += track.isThere && track.hasAny ? 1 : 0;
        if (track.hasAny)
            tracks.push_back(std::move(track));
    }
    const size_t buckets = size_t(window.buckets);
    const auto lineOf = [&](const Track &track) {
        MetricLine line;
        line.name = track.place.name;
        line.node = track.id;
        line.shard = track.place.shard;
        line.colour = track.place.colour;
        line.isReplica = !track.place.isPrimary;
        return line;
    };
    if (query.group == MetricGroup::Nodes) {
        for (Track &track : tracks) {
            if (!track.isThere || (!query.replicas && !track.place.isPrimary))
                continue;
            MetricLine line = lineOf(track);
            line.values = std::move(track.values);
            window.lines.push_back(std::move(line));
        }
        std::stable_sort(window.lines.begin(), window.lines.end(), [](const MetricLine &a, const MetricLine &b) {
            return std::tie(a.shard, a.isReplica, a.name) < std::tie(b.shard, b.isReplica, b.name);
        });
        return window;
    }
    // A shard shows, for each bucket, the node that was its primary then; if two nodes claim that, the present primary.
    std::stable_partition(tracks.begin(), tracks.end(), [](const Track &track) { return !track.place.isPrimary; });
    std::map<int, MetricLine> shards;
    QSet<int> there; // numbers of shards that still have a node
    for (const Track &track : tracks) {
        if (track.isThere)
            there.insert(track.place.shard);
        MetricLine &line = shards[track.place.shard];
        if (line.values.empty()) {
            line = lineOf(track);
            line.values.assign(query.figures(), std::vector<double>(buckets, notKnown));
        }
        if (track.place.isPrimary && track.isThere) {
            line.node = track.id;
            line.isReplica = false;
        }
        line.name = tr("Shard %1").arg(track.place.shard);
        for (size_t m = 0; m < line.values.size(); ++m)
            for (size_t i = 0; i < buckets; ++i)
                if (track.primary[i] == 1 && !std::isnan(track.values[m][i]))
                    line.values[m][i] = track.values[m][i];
    }
    const bool single = shards.size() == 1;
    if (!single)
        shards.erase(0); // nodes without a shard
    MetricLine sum;
    sum.values.assign(query.figures(), std::vector<double>(buckets, notKnown));
    bool isFirst = true;
    for (auto &[number, line] : shards) {
        if (single && number == 0)
            line.name.clear();
        if (query.group == MetricGroup::Shards) {
            window.lines.push_back(std::move(line));
            continue;
        }
        if (!there.contains(number)) // the shard was removed, so unknown values count as 0
            for (std::vector<double> &values : line.values)
                std::replace_if(
                    values.begin(), values.end(), [](double value) { return std::isnan(value); }, 0.0);
        for (size_t m = 0; m < sum.values.size(); ++m)
            addTrack(sum.values[m], line.values[m], isLargestIn(query, m), isFirst);
        isFirst = false;
    }
    if (query.group == MetricGroup::Sum && !isFirst)
        window.lines.push_back(std::move(sum));
    return window;
}

} // namespace slotscope
