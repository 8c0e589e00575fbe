// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shardmemory.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/base/ownfiles.h"
#include "core/base/tr.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QStandardPaths>

#include <algorithm>
#include <functional>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int lockPatienceMs = 500;
constexpr qint64 largestFile = 16 * 1024 * 1024;
constexpr int highestNumber = 1'000'000;

std::shared_ptr<ShardMemory> &ofAllSessions()
{
    static std::shared_ptr<ShardMemory> memory;
    return memory;
}

QMutex &ofAllSessionsMutex()
{
    static QMutex mutex;
    return mutex;
}

struct KeptShards
{
    KnownShards shards;
    qint64 usedAt = 0;

    /// Number of common nodes, 0 if they are less than half of either set. A single common node counts only if the
    /// stored cluster has at most two nodes: otherwise it may have left the cluster, or been reset.
    [[nodiscard]] qsizetype likeness(const QSet<QByteArray> &nodeIds) const
    {
        const qsizetype known = shards.numberOfNode.size();
        const auto shared = std::count_if(nodeIds.cbegin(), nodeIds.cend(),
                                          [this](const QByteArray &id) { return shards.numberOfNode.contains(id); });
        const bool isSame = 2 * shared >= known || (shared > 1 && 2 * shared >= nodeIds.size());
        return isSame ? shared : 0;
    }
};
using KeptClusters = QList<KeptShards>;

KeptShards keptShardsIn(const QJsonObject &object)
{
    KeptShards entry;
    entry.usedAt = object.value(u"used"_s).toInteger();
    const QJsonArray shards = object.value(u"shards"_s).toArray();
    for (const QJsonValue &value : shards) {
        const QJsonObject shard = value.toObject();
        const int number = shard.value(u"number"_s).toInt();
        if (number < 1 || number > highestNumber)
            continue;
        if (const QString name = shard.value(u"name"_s).toString().left(ShardMemory::longestName); !name.isEmpty())
            entry.shards.nameOfNumber.insert(number, name);
        const QJsonArray nodes = shard.value(u"nodes"_s).toArray();
        for (const QJsonValue &node : nodes)
            entry.shards.numberOfNode.insert(node.toString().toLatin1(), number);
    }
    entry.shards.numberOfNode.remove(QByteArray());
    return entry;
}

QJsonObject objectOf(const KeptShards &entry)
{
    QMap<int, QByteArrayList> nodes;
    for (auto it = entry.shards.numberOfNode.cbegin(); it != entry.shards.numberOfNode.cend(); ++it)
        nodes[it.value()].append(it.key());
    QJsonArray shards;
    for (auto it = nodes.begin(); it != nodes.end(); ++it) {
        std::sort(it->begin(), it->end());
        QJsonArray ids;
        for (const QByteArray &id : std::as_const(*it))
            ids.append(QString::fromLatin1(id));
        QJsonObject shard{{u"number"_s, it.key()}, {u"nodes"_s, ids}};
        if (const QString name = entry.shards.nameOfNumber.value(it.key()); !name.isEmpty())
            shard.insert(u"name"_s, name);
        shards.append(shard);
    }
    return {{u"used"_s, entry.usedAt}, {u"shards"_s, shards}};
}

/// Reads the file; the list is empty if there is no file. Error code Parse means that the file is damaged, other errors
/// that it could not be read.
Result<KeptClusters> readEntries(const QString &path)
{
    QFile file(path);
    KeptClusters entries;
    if (!file.exists())
        return entries;
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, tr("%1 cannot be read: %2").arg(path, file.errorString()));
    if (file.size() > largestFile)
        return failure(Error::Code::LimitExceeded, tr("%1 is too large to be read").arg(path));
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.object().value(u"clusters"_s).isArray())
        return failure(Error::Code::Parse, tr("%1 is damaged").arg(path));
    const QJsonArray clusters = document.object().value(u"clusters"_s).toArray();
    for (const QJsonValue &cluster : clusters)
        if (KeptShards entry = keptShardsIn(cluster.toObject()); !entry.shards.isEmpty())
            entries.append(entry);
    return entries;
}

/// Returns the index of the stored cluster that has the most nodes in common with these; -1 if none has. Nodes that
/// left a cluster may be stored as another one.
qsizetype bestOf(const KeptClusters &entries, const QSet<QByteArray> &nodeIds)
{
    qsizetype best = -1;
    qsizetype most = 0;
    for (qsizetype i = 0; i < entries.size(); ++i)
        if (const qsizetype shared = entries[i].likeness(nodeIds); shared > most) {
            most = shared;
            best = i;
        }
    return best;
}

/// Removes the least recently used clusters until all limits are met; the most recent one always stays.
void bound(KeptClusters &entries)
{
    std::stable_sort(entries.begin(), entries.end(),
                     [](const KeptShards &a, const KeptShards &b) { return a.usedAt > b.usedAt; });
    qsizetype nodes = 0;
    qsizetype kept = 0;
    for (; kept < std::min<qsizetype>(entries.size(), ShardMemory::mostClusters); ++kept) {
        nodes += entries[kept].shards.numberOfNode.size();
        if (kept > 0 && nodes > ShardMemory::mostNodes)
            break;
    }
    entries.resize(kept);
}

/// Reads, edits and writes the file under a lock against other programs. A damaged file is renamed to PATH.aside; an
/// unreadable file stays untouched.
Result<> change(const QString &path, const std::function<void(KeptClusters &)> &edit)
{
    if (const auto made = makeFolders(QFileInfo(path).absolutePath()); !made)
        return made;
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(lockPatienceMs))
        return failure(Error::Code::Io, tr("another program has locked %1.lock").arg(path));
    auto entries = readEntries(path);
    if (!entries && entries.error().code != Error::Code::Parse)
        return failure(entries.error());
    if (!entries) {
        QFile::remove(path + u".aside"_s);
        if (!QFile::rename(path, path + u".aside"_s))
            return failure(entries.error());
        entries = KeptClusters();
    }
    edit(*entries);
    bound(*entries);
    QJsonArray clusters;
    for (const KeptShards &entry : std::as_const(*entries))
        clusters.append(objectOf(entry));
    const QJsonDocument document(QJsonObject{{u"version"_s, 1}, {u"clusters"_s, clusters}});
    return replaceFile(path, document.toJson(QJsonDocument::Compact));
}

} // namespace

ShardMemory::ShardMemory(QString path) : m_path(std::move(path)) { }

QString ShardMemory::defaultPath()
{
    const QString given = qEnvironmentVariable("SLOTSCOPE_SHARDS");
    return given.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slotscope/shards.json"_s
        : given;
}

void ShardMemory::setOfProgram(std::shared_ptr<ShardMemory> memory)
{
    const QMutexLocker locked(&ofAllSessionsMutex());
    ofAllSessions() = std::move(memory);
}

std::shared_ptr<ShardMemory> ShardMemory::ofProgram()
{
    const QMutexLocker locked(&ofAllSessionsMutex());
    return ofAllSessions();
}

KnownShards ShardMemory::recall(const QSet<QByteArray> &nodeIds) const
{
    const QMutexLocker locked(&m_mutex);
    const KeptClusters entries = readEntries(m_path).value_or(KeptClusters());
    const qsizetype known = bestOf(entries, nodeIds);
    return known < 0 ? KnownShards() : entries[known].shards;
}

void ShardMemory::keepNumbers(const QHash<QByteArray, int> &numberOfNode, qint64 now)
{
    const QList<QByteArray> ids = numberOfNode.keys();
    const QSet<QByteArray> nodeIds(ids.cbegin(), ids.cend());
    if (nodeIds.isEmpty())
        return;
    const QMutexLocker locked(&m_mutex);
    const auto kept = change(m_path, [&](KeptClusters &entries) {
        KeptShards entry{.shards = {.numberOfNode = numberOfNode, .nameOfNumber = {}}, .usedAt = now};
        const qsizetype known = bestOf(entries, nodeIds);
        if (known < 0) {
            entries.append(entry);
            return;
        }
        entry.shards.nameOfNumber = entries[known].shards.nameOfNumber;
        entries[known] = entry;
    });
    if (!kept)
        qCInfo(lcSession) << "shard numbers are not kept:" << describe(kept.error());
}

Result<> ShardMemory::setName(const QHash<QByteArray, int> &numberOfNode, int number, const QString &name, qint64 now)
{
    const QList<QByteArray> ids = numberOfNode.keys();
    const QMutexLocker locked(&m_mutex);
    const auto kept = change(m_path, [&](KeptClusters &entries) {
        qsizetype known = bestOf(entries, QSet<QByteArray>(ids.cbegin(), ids.cend()));
        if (known < 0) {
            known = entries.size();
            entries.append({.shards = {.numberOfNode = numberOfNode, .nameOfNumber = {}}, .usedAt = now});
        }
        const QString text = name.simplified().left(longestName);
        QHash<int, QString> &names = entries[known].shards.nameOfNumber;
        if (text.isEmpty())
            names.remove(number);
        else
            names.insert(number, text);
    });
    if (kept)
        ++m_revision;
    return kept;
}

} // namespace slotscope
