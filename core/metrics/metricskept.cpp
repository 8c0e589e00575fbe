// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/metricskept.h"

#include "core/base/ownfiles.h"
#include "core/cluster/samecluster.h"
#include "core/base/tr.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QDir>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QByteArrayView recordMagic = "Slotscope record\n";
constexpr qsizetype sumSize = 20; ///< of SHA-1
constexpr qsizetype minuteSize = 9 + qsizetype(metricCount) * 4;
constexpr int mostKeptNodes = 5000, mostKeptEvents = int(MetricsBook::mostEvents);

auto damagedRecord(const QString &words)
{
    return failure(Error::Code::Parse, words);
}

void startStream(QDataStream &stream)
{
    stream.setVersion(QDataStream::Qt_6_4);
    stream.setFloatingPointPrecision(QDataStream::SinglePrecision);
}

/// Columns of the file by the names that it has for them; -1: a metric that is no more.
std::vector<int> columnsOf(const QList<QByteArray> &names)
{
    std::vector<int> columns;
    for (const QByteArray &name : names) {
        const auto metric = metricNamed(name);
        columns.push_back(metric ? int(*metric) : -1);
    }
    return columns;
}

bool readNode(QDataStream &stream, const std::vector<int> &columns, KeptMetrics::Node &node)
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
        stream >> sample.at >> sample.isPrimary;
        for (const int column : columns) {
            float value = 0;
            stream >> value;
            if (column >= 0)
                sample.values[size_t(column)] = value;
        }
        if (stream.status() != QDataStream::Ok)
            return false;
        if (sample.at <= before)
            continue; // of a clock that was set back
        before = sample.at;
        node.minutes.push_back(sample);
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

size_t KeptMetrics::minutesFor(size_t nodes)
{
    const size_t room = size_t(mostBytes) * 9 / 10 / size_t(minuteSize);
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
    stream << qint32(KeptMetrics::version) << names << quint32(kept.nodes.size());
    for (const KeptMetrics::Node &node : kept.nodes) {
        stream << node.id << node.place.name << qint32(node.place.shard) << qint32(node.place.colour)
               << node.place.isPrimary << quint32(node.minutes.size());
        for (const MetricSamples::Sample &sample : node.minutes) {
            stream << sample.at << sample.isPrimary;
            for (const float value : sample.values)
                stream << value;
        }
    }
    stream << quint32(kept.events.size());
    for (const MetricEvent &event : kept.events)
        stream << quint8(event.kind) << event.at << event.until << event.node << event.words << qint32(event.count);
    return bytes + QCryptographicHash::hash(bytes, QCryptographicHash::Sha1);
}

Result<KeptMetrics> readKept(const QByteArray &bytes)
{
    if (!bytes.startsWith(recordMagic))
        return damagedRecord(tr("it is no record of Slotscope"));
    if (bytes.size() < recordMagic.size() + sumSize
        || QCryptographicHash::hash(bytes.chopped(sumSize), QCryptographicHash::Sha1) != bytes.right(sumSize))
        return damagedRecord(tr("it is cut, or was changed"));
    QDataStream stream(bytes.chopped(sumSize).sliced(recordMagic.size()));
    startStream(stream);
    qint32 version = 0;
    stream >> version;
    if (version != KeptMetrics::version)
        return failure(Error::Code::Outdated,
                       tr("the kept record is of another Slotscope (version %1); it is left as it is").arg(version));
    QList<QByteArray> names;
    quint32 nodes = 0, events = 0;
    stream >> names >> nodes;
    if (stream.status() != QDataStream::Ok || names.size() > 1000 || nodes > mostKeptNodes)
        return damagedRecord(tr("it cannot be read"));
    const std::vector<int> columns = columnsOf(names);
    KeptMetrics kept;
    for (quint32 i = 0; i < nodes; ++i)
        if (kept.nodes.emplace_back(); !readNode(stream, columns, kept.nodes.back()))
            return damagedRecord(tr("it cannot be read"));
    stream >> events;
    if (stream.status() != QDataStream::Ok || events > mostKeptEvents)
        return damagedRecord(tr("it cannot be read"));
    for (quint32 i = 0; i < events; ++i)
        if (kept.events.emplace_back(); !readEvent(stream, kept.events.back()))
            return damagedRecord(tr("it cannot be read"));
    return kept;
}

QString RecordFiles::usualFolder()
{
    const QString told = qEnvironmentVariable("SLOTSCOPE_RECORDS"); // for tests and trials
    return told.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/metrics"_s : told;
}

namespace {

/// Parse where it is damaged; other errors say that it was not looked into.
Result<KeptMetrics> readRecord(const QFileInfo &file)
{
    if (file.size() > KeptMetrics::mostBytes)
        return failure(Error::Code::LimitExceeded, tr("%1 is too large to be read").arg(file.filePath()));
    const auto opened = OwnFile::open(file.filePath(), OwnFile::Mode::Read);
    if (!opened)
        return failure(opened.error());
    const auto bytes = opened->readAll();
    if (!bytes)
        return failure(bytes.error());
    return readKept(*bytes);
}

} // namespace

Result<RecordFiles::Found> RecordFiles::find(const QSet<QByteArray> &nodes, const QString &place) const
{
    QByteArrayList ids = nodes.values();
    std::sort(ids.begin(), ids.end());
    const QByteArray name = nodes.isEmpty() ? place.toUtf8() : ids.join(' ');
    const QString hash = QString::fromLatin1(QCryptographicHash::hash(name, QCryptographicHash::Sha1).toHex().left(16));
    Found found;
    found.path = m_folder + u'/' + hash + u".record"_s;
    qsizetype most = 0;
    const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.record"_s}, QDir::Files, QDir::Time);
    for (const QFileInfo &file : files) {
        if (nodes.isEmpty() && file.fileName() != hash + u".record"_s)
            continue;
        const bool isOurs = file.fileName() == hash + u".record"_s; // what is wrong with another's is not our matter
        auto kept = readRecord(file);
        if (!kept && !isOurs)
            continue;
        if (!kept && kept.error().code != Error::Code::Parse)
            return failure(kept.error());
        if (!kept) {
            found.aside = file.filePath() + u".aside"_s;
            found.why = kept.error().detail;
            QFile::remove(found.aside);
            if (!QFile::rename(file.filePath(), found.aside))
                return failure(whyNotWritten(found.aside));
            continue;
        }
        QSet<QByteArray> all;
        for (const KeptMetrics::Node &node : kept->nodes)
            all.insert(node.id);
        const qsizetype shared = nodes.isEmpty() ? 1 : QSet<QByteArray>(all).intersect(nodes).size();
        if (shared <= most || (!nodes.isEmpty() && !isSameCluster(all, nodes)))
            continue;
        most = shared;
        found.path = file.filePath();
        found.kept = std::move(*kept);
    }
    return found;
}

Result<> RecordFiles::save(const QString &path, const KeptMetrics &kept) const
{
    if (const auto folder = makeOwnFolder(m_folder); !folder)
        return folder;
    if (!QFile::exists(path)) {
        const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.record"_s}, QDir::Files, QDir::Time);
        for (qsizetype i = mostFiles - 1; i < files.size(); ++i)
            QFile::remove(files[i].filePath());
    }
    return replaceFile(path, keptBytes(kept));
}

Result<> RecordFiles::remove(const QString &path)
{
    QFile file(path);
    if (!file.exists() || file.remove())
        return {};
    return failure(fileError(path, errno));
}

} // namespace slotscope
