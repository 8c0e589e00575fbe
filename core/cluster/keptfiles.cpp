// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/keptfiles.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"
#include "core/cluster/samecluster.h"

#include <QCryptographicHash>
#include <QDir>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype sumSize = 20; // size of a SHA-1 checksum

} // namespace

Error damagedRecord(const QString &words)
{
    return failure(Error::Code::Parse, words).value();
}

QByteArray sealedWithSum(const QByteArray &bytes)
{
    return bytes + QCryptographicHash::hash(bytes, QCryptographicHash::Sha1);
}

Result<QByteArray> openedWithSum(const QByteArray &bytes, QByteArrayView magic)
{
    if (!bytes.startsWith(magic))
        return failure(damagedRecord(tr("it is not a file that Slotscope wrote")));
    if (bytes.size() < magic.size() + sumSize
        || QCryptographicHash::hash(bytes.chopped(sumSize), QCryptographicHash::Sha1) != bytes.right(sumSize))
        return failure(damagedRecord(tr("it is truncated, or it was changed")));
    return bytes.chopped(sumSize).sliced(magic.size());
}

Result<KeptFiles::Found> KeptFiles::find(const QSet<QByteArray> &nodes, const QString &place,
                                         const KeptRecord &record) const
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
        const bool isOurs = file.fileName() == hash + u".record"_s; // errors in files of other clusters are ignored
        if (nodes.isEmpty() && !isOurs)
            continue;
        const auto bytes = readOwnFile(file.filePath(), mostBytes);
        const auto all = bytes ? record.nodesOf(*bytes) : Result<QSet<QByteArray>>(failure(bytes.error()));
        if (!all && !isOurs)
            continue;
        if (!all && all.error().code != Error::Code::Parse)
            return failure(all.error());
        if (!all) {
            found.aside = file.filePath() + u".aside"_s;
            found.why = all.error().detail;
            QFile::remove(found.aside);
            if (!QFile::rename(file.filePath(), found.aside))
                return failure(whyNotWritten(found.aside));
            continue;
        }
        const qsizetype shared = nodes.isEmpty() ? 1 : QSet<QByteArray>(*all).intersect(nodes).size();
        if (shared <= most || (!nodes.isEmpty() && !isSameCluster(*all, nodes)))
            continue;
        most = shared;
        found.path = file.filePath();
        found.bytes = *bytes;
    }
    return found;
}

Result<> KeptFiles::save(const QString &path, const QByteArray &bytes) const
{
    if (const auto folder = makeOwnFolder(m_folder); !folder)
        return folder;
    if (!QFile::exists(path)) {
        const QFileInfoList files = QDir(m_folder).entryInfoList({u"*.record"_s}, QDir::Files, QDir::Time);
        for (qsizetype i = mostFiles - 1; i < files.size(); ++i)
            QFile::remove(files[i].filePath());
    }
    return replaceFile(path, bytes);
}

} // namespace slotscope
