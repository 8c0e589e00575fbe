// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/load/loadreport.h"

#include <QSet>

namespace slotscope {

/// A stored report, as an entry of the list.
struct StoredLoad
{
    QString path;
    qint64 startedAt = 0; ///< ms since 1970
    QString words; ///< description as returned by loadWords()
    double rate = 0; ///< requests per second
    qint64 p99 = -1; ///< in microseconds
    qint64 errors = 0;
};

/// Describes the keys of a load test. Written before the first key is made, removed after the last is deleted.
struct LoadRecord
{
    QString path;
    QString runId, cluster, seeds;
    QByteArrayList nodes; ///< node ids; empty without cluster mode
    qint64 startedAt = 0; ///< ms since 1970
    int database = 0;
    QByteArray prefix; ///< ends with "RUNID:", so that nobody else has such keys
    int tags = 0;
    qint64 keys = 0; ///< number of keys of each kind
    QByteArrayList kinds;
    bool kept = false; ///< the user wanted the keys to stay: removal is possible, but not suggested
};

/// Stores reports and records of load tests as files in a folder that only this user can access. Not for the GUI
/// thread.
class LoadStore final
{
public:
    static constexpr int mostReports = 200; ///< limit for all clusters; beyond it, the oldest are deleted

    explicit LoadStore(QString folder = usualFolder()) : m_folder(std::move(folder)) { }
    [[nodiscard]] static QString usualFolder();

    /// Reports of the cluster with these nodes or, without cluster mode, with this name or these addresses; newest
    /// first.
    [[nodiscard]] QList<StoredLoad> list(const QSet<QByteArray> &nodes, const QString &cluster,
                                         const QString &seeds) const;
    [[nodiscard]] static Result<LoadReport> read(const QString &path);
    [[nodiscard]] Result<QString> save(const LoadReport &report) const; ///< returns its path
    [[nodiscard]] static Result<> remove(const QString &path);

    /// The record is on disk when this returns, and locked as long as the file is open, so that no other program treats
    /// it as abandoned.
    [[nodiscard]] Result<OwnFile> write(const LoadRecord &record) const;
    /// Records of a cluster whose program has ended, found by nodes or, without cluster mode, by the same addresses. A
    /// record whose key names might be somebody else's is ignored.
    [[nodiscard]] QList<LoadRecord> left(const QSet<QByteArray> &nodes, const QString &seeds) const;
    /// Paths of records that cannot be read, or whose key names might be somebody else's; their cluster is unknown.
    [[nodiscard]] QStringList unreadable() const;

private:
    QString m_folder;
};

/// A message about unreadable() records.
[[nodiscard]] QString unreadableLoadWords(const QStringList &files);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadRecord)
