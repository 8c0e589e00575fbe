// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadstore.h"

#include "core/base/bytesjson.h"
#include "core/base/tr.h"
#include "core/cluster/samecluster.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>

#include <algorithm>
#include <cerrno>
#include <functional>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestLoadHead = 256 * 1024;
constexpr qint64 largestReport = 16 * 1024 * 1024;

QJsonArray idsToJson(const QByteArrayList &ids)
{
    QJsonArray json;
    for (const QByteArray &id : ids)
        json.append(jsonOfBytes(id));
    return json;
}

QByteArrayList idsOfJson(const QJsonValue &json)
{
    QByteArrayList ids;
    const QJsonArray array = json.toArray();
    for (const QJsonValue &id : array)
        ids.append(bytesOfJson(id).value_or(QByteArray()));
    return ids;
}

/// Whether a file refers to the cluster: by its nodes or, without cluster mode, its addresses.
bool hasNodesOf(const QJsonObject &head, const QSet<QByteArray> &nodes, const QString &seeds)
{
    const QByteArrayList ids = idsOfJson(head[u"clusterNodes"_s]);
    if (!ids.isEmpty() && !nodes.isEmpty())
        return isSameCluster(QSet<QByteArray>(ids.begin(), ids.end()), nodes);
    return ids.isEmpty() == nodes.isEmpty() && head[u"seeds"_s].toString() == seeds;
}

/// The same, but without cluster mode the user's name for the connection is sufficient.
bool isOfCluster(const QJsonObject &head, const QSet<QByteArray> &nodes, const QString &cluster, const QString &seeds)
{
    const bool byName = !cluster.isEmpty() && head[u"cluster"_s].toString() == cluster;
    return hasNodesOf(head, nodes, seeds)
        || (byName && nodes.isEmpty() && idsOfJson(head[u"clusterNodes"_s]).isEmpty());
}

/// Whether all key names contain the record's own run id.
bool isOwnRecord(const QJsonObject &json, const LoadRecord &record)
{
    return json.contains(u"slotscopeLoadKeys"_s) && !record.runId.isEmpty()
        && record.prefix.endsWith(record.runId.toLatin1() + ':') && !record.kinds.isEmpty()
        && !record.kinds.contains(QByteArray());
}

QJsonObject jsonOfRecord(const LoadRecord &record)
{
    return {{u"slotscopeLoadKeys"_s, 1},
            {u"run"_s, record.runId},
            {u"cluster"_s, record.cluster},
            {u"seeds"_s, record.seeds},
            {u"clusterNodes"_s, idsToJson(record.nodes)},
            {u"startedAt"_s, record.startedAt},
            {u"database"_s, record.database},
            {u"prefix"_s, jsonOfBytes(record.prefix)},
            {u"tags"_s, record.tags},
            {u"keys"_s, record.keys},
            {u"kinds"_s, idsToJson(record.kinds)},
            {u"kept"_s, record.kept}};
}

LoadRecord recordOf(const QJsonObject &json, const QString &path)
{
    return {.path = path,
            .runId = json[u"run"_s].toString(),
            .cluster = json[u"cluster"_s].toString(),
            .seeds = json[u"seeds"_s].toString(),
            .nodes = idsOfJson(json[u"clusterNodes"_s]),
            .startedAt = json[u"startedAt"_s].toInteger(),
            .database = json[u"database"_s].toInt(),
            .prefix = bytesOfJson(json[u"prefix"_s]).value_or(QByteArray()),
            .tags = std::max(0, json[u"tags"_s].toInt()),
            .keys = std::clamp<qint64>(json[u"keys"_s].toInteger(), 0, LoadSpec::mostKeys),
            .kinds = idsOfJson(json[u"kinds"_s]),
            .kept = json[u"kept"_s].toBool()};
}

/// Passes on the content of records whose programs have ended; an empty object for an unreadable one.
void eachEnded(const QString &folder, const std::function<void(const QString &, const QJsonObject &)> &take)
{
    const QFileInfoList files = QDir(folder).entryInfoList({u"*.keys"_s}, QDir::Files, QDir::Name);
    for (const QFileInfo &file : files) {
        const auto opened = OwnFile::open(file.filePath(), OwnFile::Mode::Append);
        if (opened && opened->isLockedByAnother())
            continue; // its program is still running
        const auto bytes = opened ? opened->readAll() : failure(opened.error());
        take(file.filePath(), QJsonDocument::fromJson(bytes ? *bytes : QByteArray()).object());
    }
}

} // namespace

QString LoadStore::usualFolder()
{
    const QString told = qEnvironmentVariable("SLOTSCOPE_LOADS"); // for tests and trials
    return told.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/loads"_s : told;
}

QList<StoredLoad> LoadStore::list(const QSet<QByteArray> &nodes, const QString &cluster, const QString &seeds) const
{
    QList<StoredLoad> found;
    const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.load"_s}, QDir::Files);
    for (const QFileInfo &file : files) {
        QFile opened(file.filePath());
        if (file.isSymLink() || !opened.open(QIODevice::ReadOnly))
            continue;
        const QJsonObject head = QJsonDocument::fromJson(opened.readLine(longestLoadHead)).object();
        if (!head.contains(u"slotscopeLoadHead"_s) || !isOfCluster(head, nodes, cluster, seeds))
            continue;
        found.append({.path = file.filePath(),
                      .startedAt = head[u"startedAt"_s].toInteger(),
                      .words = loadWords(loadSpecOf(head[u"spec"_s].toObject())),
                      .rate = head[u"rate"_s].toDouble(),
                      .p99 = head[u"p99"_s].toInteger(-1),
                      .errors = head[u"errors"_s].toInteger()});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const StoredLoad &left, const StoredLoad &right) { return left.startedAt > right.startedAt; });
    return found;
}

Result<LoadReport> LoadStore::read(const QString &path)
{
    if (QFileInfo(path).size() > largestReport)
        return failure(Error::Code::LimitExceeded, tr("%1 is too large to be read").arg(path));
    const auto opened = OwnFile::open(path, OwnFile::Mode::Read);
    if (!opened)
        return failure(opened.error());
    const auto bytes = opened->readAll();
    if (!bytes)
        return failure(bytes.error());
    const qsizetype end = bytes->indexOf('\n');
    // a file without this start was written by --json
    const bool hasHead = end > 0 && bytes->left(end).contains("slotscopeLoadHead");
    return loadReportOf(QJsonDocument::fromJson(hasHead ? bytes->mid(end + 1) : *bytes).object());
}

Result<QString> LoadStore::save(const LoadReport &report) const
{
    if (const auto folder = makeOwnFolder(m_folder); !folder)
        return failure(folder.error());
    const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.load"_s}, QDir::Files, QDir::Time);
    for (qsizetype i = mostReports - 1; i < files.size(); ++i)
        QFile::remove(files[i].filePath());
    const QJsonObject head{{u"slotscopeLoadHead"_s, loadReportVersion},
                           {u"startedAt"_s, report.startedAt},
                           {u"cluster"_s, report.cluster},
                           {u"seeds"_s, report.seeds},
                           {u"clusterNodes"_s, idsToJson(report.clusterNodes)},
                           {u"spec"_s, jsonOf(report.spec)},
                           {u"rate"_s, report.rate()},
                           {u"p99"_s, report.all.times.p99},
                           {u"errors"_s, report.all.errorSum()}};
    const QString when = QDateTime::fromMSecsSinceEpoch(report.startedAt, Qt::UTC).toString(u"yyyyMMdd-HHmmss"_s);
    const QString path = u"%1/%2-%3.load"_s.arg(m_folder, when, report.runId);
    const QByteArray bytes = QJsonDocument(head).toJson(QJsonDocument::Compact) + '\n'
        + QJsonDocument(jsonOf(report)).toJson(QJsonDocument::Compact) + '\n';
    if (const auto written = replaceFile(path, bytes); !written)
        return failure(written.error());
    return path;
}

Result<> LoadStore::remove(const QString &path)
{
    QFile file(path);
    if (!file.exists() || file.remove())
        return {};
    return failure(fileError(path, errno));
}

Result<OwnFile> LoadStore::write(const LoadRecord &record) const
{
    if (const auto folder = makeOwnFolder(m_folder); !folder)
        return failure(folder.error());
    auto file = OwnFile::open(u"%1/%2.keys"_s.arg(m_folder, record.runId), OwnFile::Mode::Create);
    if (!file)
        return failure(file.error());
    if (const auto locked = file->tryLock(); !locked || !*locked)
        return failure(locked ? fileError(file->path(), EWOULDBLOCK) : locked.error());
    const QByteArray line = QJsonDocument(jsonOfRecord(record)).toJson(QJsonDocument::Compact) + '\n';
    if (const Result<> written = file->append(line, true); !written)
        return failure(written.error());
    return file;
}

QList<LoadRecord> LoadStore::left(const QSet<QByteArray> &nodes, const QString &seeds) const
{
    QList<LoadRecord> found;
    eachEnded(m_folder, [&](const QString &path, const QJsonObject &json) {
        const LoadRecord record = recordOf(json, path);
        if (isOwnRecord(json, record) && hasNodesOf(json, nodes, seeds))
            found.append(record);
    });
    return found;
}

QStringList LoadStore::unreadable() const
{
    QStringList found;
    eachEnded(m_folder, [&](const QString &path, const QJsonObject &json) {
        if (!isOwnRecord(json, recordOf(json, path)))
            found.append(path);
    });
    return found;
}

QString unreadableLoadWords(const QStringList &files)
{
    return tr("The record of an earlier load test cannot be read, so Slotscope cannot find the keys that it may have "
              "left (they begin with the test's prefix, by default slotscope:load:). Remove the file after you have "
              "checked: %1")
        .arg(files.join(u", "_s));
}

} // namespace slotscope
