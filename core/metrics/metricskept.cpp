// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricskept.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"

#include <QDataStream>

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QByteArrayView recordMagic = "Slotscope record\n";
/// The name of an added field's column begins so; earlier versions skip such a column.
constexpr QByteArrayView fieldMark = "info:";
constexpr int mostKeptNodes = 5000, mostKeptEvents = int(MetricsBook::mostEvents);

void startStream(QDataStream &stream)
{
    stream.setVersion(QDataStream::Qt_6_4);
    stream.setFloatingPointPrecision(QDataStream::SinglePrecision);
}

/// Maps the file's columns by name to metrics, then fields; -1: a metric that no longer exists.
std::vector<int> columnsOf(const QList<QByteArray> &names, InfoFields &fields)
{
    std::vector<int> columns;
    for (const QByteArray &name : names) {
        const auto metric = metricNamed(name);
        columns.push_back(metric ? int(*metric) : -1);
        if (!name.startsWith(fieldMark))
            continue;
        if (const auto field = readInfoField(QByteArrayView(name).sliced(fieldMark.size()));
            field && fields.size() < mostInfoFields) {
            columns.back() = int(metricCount + fields.size());
            fields.push_back(*field);
        }
    }
    return columns;
}

bool readNode(QDataStream &stream, const std::vector<int> &columns, size_t fieldCount, KeptMetrics::Node &node)
{
    qint32 shard = 0, colour = 0;
    quint32 minutes = 0;
    stream >> node.id >> node.place.name >> shard >> colour >> node.place.isPrimary >> minutes;
    if (stream.status() != QDataStream::Ok || minutes > MetricsBook::mostMinutes)
        return false;
    node.place.shard = shard;
    node.place.colour = colour;
    qint64 before = 0;
    for (quint32 i = 0; i < minutes; ++i) {
        MetricSamples::Sample sample;
        sample.values.fill(float(notKnown));
        std::vector<float> fields(fieldCount, float(notKnown));
        stream >> sample.at >> sample.isPrimary;
        for (const int column : columns) {
            float value = 0;
            stream >> value;
            if (column >= int(metricCount))
                fields[size_t(column) - metricCount] = value;
            else if (column >= 0)
                sample.values[size_t(column)] = value;
        }
        if (stream.status() != QDataStream::Ok)
            return false;
        if (sample.at <= before)
            continue; // the clock had been set back
        before = sample.at;
        node.minutes.push_back(sample);
        node.fields.push_back(std::move(fields));
    }
    return true;
}

bool readEvent(QDataStream &stream, MetricEvent &event)
{
    quint8 kind = 0;
    qint32 count = 0;
    stream >> kind >> event.at >> event.until >> event.node >> event.words >> count;
    event.kind = MetricEvent::Kind(kind);
    event.count = count;
    return stream.status() == QDataStream::Ok && kind <= quint8(MetricEvent::Kind::Threshold);
}

} // namespace

size_t KeptMetrics::minutesFor(size_t nodes, size_t fields)
{
    const size_t minuteSize = 9 + (metricCount + fields) * 4;
    const size_t room = size_t(mostBytes) * 9 / 10 / minuteSize;
    return std::min(MetricsBook::mostMinutes, room / std::max<size_t>(1, nodes));
}

QByteArray keptBytes(const KeptMetrics &kept)
{
    QByteArray bytes = recordMagic.toByteArray();
    QDataStream stream(&bytes, QIODevice::WriteOnly | QIODevice::Append);
    startStream(stream);
    QList<QByteArray> names;
    for (size_t i = 0; i < metricCount; ++i)
        names.append(metricName(Metric(i)));
    for (const InfoField &field : kept.fields)
        names.append(fieldMark.toByteArray() + field.text());
    stream << qint32(KeptMetrics::version) << names << quint32(kept.nodes.size());
    for (const KeptMetrics::Node &node : kept.nodes) {
        stream << node.id << node.place.name << qint32(node.place.shard) << qint32(node.place.colour)
               << node.place.isPrimary << quint32(node.minutes.size());
        for (size_t i = 0; i < node.minutes.size(); ++i) {
            stream << node.minutes[i].at << node.minutes[i].isPrimary;
            for (const float value : node.minutes[i].values)
                stream << value;
            for (size_t field = 0; field < kept.fields.size(); ++field)
                stream << (i < node.fields.size() && field < node.fields[i].size() ? node.fields[i][field]
                                                                                   : float(notKnown));
        }
    }
    stream << quint32(kept.events.size());
    for (const MetricEvent &event : kept.events)
        stream << quint8(event.kind) << event.at << event.until << event.node << event.words << qint32(event.count);
    return sealedWithSum(bytes);
}

Result<KeptMetrics> readKept(const QByteArray &bytes)
{
    const auto opened = openedWithSum(bytes, recordMagic);
    if (!opened)
        return failure(opened.error());
    QDataStream stream(*opened);
    startStream(stream);
    qint32 version = 0;
    stream >> version;
    if (version != KeptMetrics::version)
        return failure(
            Error::Code::Outdated,
            tr("another version of Slotscope wrote this record (version %1); it is left unchanged").arg(version));
    QList<QByteArray> names;
    quint32 nodes = 0, events = 0;
    stream >> names >> nodes;
    if (stream.status() != QDataStream::Ok || names.size() > 1000 || nodes > mostKeptNodes)
        return failure(damagedRecord(tr("its content is not understood")));
    KeptMetrics kept;
    const std::vector<int> columns = columnsOf(names, kept.fields);
    for (quint32 i = 0; i < nodes; ++i)
        if (kept.nodes.emplace_back(); !readNode(stream, columns, kept.fields.size(), kept.nodes.back()))
            return failure(damagedRecord(tr("its content is not understood")));
    stream >> events;
    if (stream.status() != QDataStream::Ok || events > mostKeptEvents)
        return failure(damagedRecord(tr("its content is not understood")));
    for (quint32 i = 0; i < events; ++i)
        if (kept.events.emplace_back(); !readEvent(stream, kept.events.back()))
            return failure(damagedRecord(tr("its content is not understood")));
    return kept;
}

QString MetricsRecord::usualFolder()
{
    return dataFolder("SLOTSCOPE_RECORDS", u"metrics"_s);
}

Result<QSet<QByteArray>> MetricsRecord::nodesOf(const QByteArray &bytes) const
{
    const auto kept = readKept(bytes);
    if (!kept)
        return failure(kept.error());
    QSet<QByteArray> ids;
    for (const KeptMetrics::Node &node : kept->nodes)
        ids.insert(node.id);
    return ids;
}

void MetricsRecord::take(const QByteArray &bytes)
{
    if (const auto kept = readKept(bytes))
        m_book->takeKept(*kept);
}

QByteArray MetricsRecord::bytes() const
{
    return keptBytes(m_book->kept());
}

} // namespace slotscope
