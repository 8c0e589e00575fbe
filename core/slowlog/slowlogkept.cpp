// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/slowlogkept.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"
#include "core/slowlog/commandshape.h"

#include <QDataStream>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QByteArrayView slowlogMagic = "Slotscope slow log\n";
constexpr qsizetype mostKeptIds = 10'000;
constexpr qsizetype entryOverhead = 64; // approximate memory per entry besides texts

qsizetype sizeOf(const SlowlogEntry &entry)
{
    qsizetype size = entryOverhead + entry.runId.size() + entry.clientAddress.size() + entry.clientName.size()
        + entry.nodeId.size() + 2 * entry.nodeName.size();
    for (const QByteArray &word : entry.command)
        size += word.size() + 4;
    return size;
}

QDataStream &operator<<(QDataStream &stream, const SlowlogEntry &entry)
{
    return stream << quint8(entry.kind) << entry.runId << entry.id << entry.serverSeconds << entry.at << entry.cost
                  << QByteArrayList(entry.command) << entry.clientAddress << entry.clientName << entry.nodeId
                  << entry.nodeName;
}

bool readEntry(QDataStream &stream, SlowlogEntry &entry)
{
    quint8 kind = 0;
    QByteArrayList command;
    stream >> kind >> entry.runId >> entry.id >> entry.serverSeconds >> entry.at >> entry.cost >> command
        >> entry.clientAddress >> entry.clientName >> entry.nodeId >> entry.nodeName;
    if (stream.status() != QDataStream::Ok || kind > quint8(SlowlogKind::LargeReply))
        return false;
    entry.kind = SlowlogKind(kind);
    entry.command = Command(command);
    entry.shape = shapeOf(entry.command);
    return true;
}

/// Index of the first entry to store: as many of the newest as the limits allow.
size_t firstKept(const std::vector<SlowlogEntryPtr> &entries)
{
    qsizetype size = 0;
    size_t first = entries.size();
    while (first > 0 && entries.size() - first < KeptSlowlog::mostEntries) {
        size += sizeOf(*entries[first - 1]);
        if (size > KeptSlowlog::mostBytes)
            break;
        --first;
    }
    return first;
}

} // namespace

QByteArray keptBytes(const KeptSlowlog &kept)
{
    QByteArray bytes = slowlogMagic.toByteArray();
    QDataStream stream(&bytes, QIODevice::WriteOnly | QIODevice::Append);
    stream.setVersion(QDataStream::Qt_6_4);
    QByteArrayList ids = kept.nodes.values();
    std::sort(ids.begin(), ids.end());
    std::vector<SlowlogEntryPtr> entries = kept.entries;
    std::sort(entries.begin(), entries.end(),
              [](const SlowlogEntryPtr &left, const SlowlogEntryPtr &right) { return isEarlier(*left, *right); });
    const size_t first = firstKept(entries);
    stream << qint32(KeptSlowlog::version) << ids << quint32(entries.size() - first);
    for (size_t i = first; i < entries.size(); ++i)
        stream << *entries[i];
    return sealedWithSum(bytes);
}

Result<KeptSlowlog> readKeptSlowlog(const QByteArray &bytes)
{
    const auto opened = openedWithSum(bytes, slowlogMagic);
    if (!opened)
        return failure(opened.error());
    QDataStream stream(*opened);
    stream.setVersion(QDataStream::Qt_6_4);
    qint32 version = 0;
    QByteArrayList ids;
    quint32 count = 0;
    stream >> version;
    if (version != KeptSlowlog::version)
        return failure(
            Error::Code::Outdated,
            tr("another version of Slotscope wrote this record (version %1); it is left unchanged").arg(version));
    stream >> ids >> count;
    if (stream.status() != QDataStream::Ok || ids.size() > mostKeptIds || count > KeptSlowlog::mostEntries)
        return failure(damagedRecord(tr("its content is not understood")));
    KeptSlowlog kept{.nodes = QSet<QByteArray>(ids.begin(), ids.end()), .entries = {}};
    for (quint32 i = 0; i < count; ++i) {
        SlowlogEntry entry;
        if (!readEntry(stream, entry))
            return failure(damagedRecord(tr("its content is not understood")));
        kept.entries.push_back(std::make_shared<const SlowlogEntry>(std::move(entry)));
    }
    return kept;
}

QString SlowlogRecord::usualFolder()
{
    return dataFolder("SLOTSCOPE_SLOWLOGS", u"slowlog"_s);
}

void SlowlogRecord::give(KeptSlowlog kept)
{
    const QMutexLocker locker(&m_mutex);
    m_kept = std::move(kept);
}

std::vector<SlowlogEntry> SlowlogRecord::taken()
{
    const QMutexLocker locker(&m_mutex);
    return std::exchange(m_taken, {});
}

Result<QSet<QByteArray>> SlowlogRecord::nodesOf(const QByteArray &bytes) const
{
    const auto kept = readKeptSlowlog(bytes);
    if (!kept)
        return failure(kept.error());
    return kept->nodes;
}

void SlowlogRecord::take(const QByteArray &bytes)
{
    const auto kept = readKeptSlowlog(bytes);
    if (!kept)
        return;
    const QMutexLocker locker(&m_mutex);
    for (const SlowlogEntryPtr &entry : kept->entries)
        m_taken.push_back(*entry);
}

QByteArray SlowlogRecord::bytes() const
{
    KeptSlowlog kept;
    {
        const QMutexLocker locker(&m_mutex);
        kept = m_kept;
    }
    return keptBytes(kept);
}

} // namespace slotscope
