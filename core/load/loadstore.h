// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/load/loadreport.h"

#include <QSet>

namespace slotscope {

/// A report that is kept, as the list shows it.
struct StoredLoad
{
    QString path;
    qint64 startedAt = 0; ///< ms since 1970
    QString words; ///< loadWords()
    double rate = 0; ///< requests a second
    qint64 p99 = -1; ///< microseconds
    qint64 errors = 0;
};

/// The keys that a load test makes: written before the first of them, removed after the last.
struct LoadRecord
{
    QString path;
    QString runId, cluster, seeds;
    QByteArrayList nodes; ///< ids; empty without cluster mode
    qint64 startedAt = 0; ///< ms since 1970
    int database = 0;
    QByteArray prefix; ///< ends with "RUNID:", so that its keys are nobody else's
    int tags = 0;
    qint64 keys = 0; ///< of each kind
    QByteArrayList kinds;
    bool kept = false; ///< the user wanted them to stay: they are not offered to be removed, but can be
};

/// Reports and records of load tests, as files in a folder of the user's alone. Not for the GUI thread.
class LoadStore final
{
public:
    static constexpr int mostReports = 200; ///< of all clusters; the oldest go

    explicit LoadStore(QString folder = usualFolder()) : m_folder(std::move(folder)) { }
    [[nodiscard]] static QString usualFolder();

    /// Those of the cluster with these nodes, or where it has none of this name or these addresses; newest first.
    [[nodiscard]] QList<StoredLoad> list(const QSet<QByteArray> &nodes, const QString &cluster,
                                         const QString &seeds) const;
    [[nodiscard]] static Result<LoadReport> read(const QString &path);
    [[nodiscard]] Result<QString> save(const LoadReport &report) const; ///< gives its path
    [[nodiscard]] static Result<> remove(const QString &path);

    /// On disk when it returns; locked as long as the file is open, so that no other program takes it for a left one.
    [[nodiscard]] Result<OwnFile> write(const LoadRecord &record) const;
    /// Records of a cluster whose program has ended: by its nodes, or where it has none by the same addresses. One
    /// whose names might be somebody else's is no record.
    [[nodiscard]] QList<LoadRecord> left(const QSet<QByteArray> &nodes, const QString &seeds) const;
    /// Paths of records that cannot be read, or whose names might be somebody else's: of which cluster is not known.
    [[nodiscard]] QStringList unreadable() const;

private:
    QString m_folder;
};

/// What to tell of unreadable() records.
[[nodiscard]] QString unreadableLoadWords(const QStringList &files);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadRecord)
