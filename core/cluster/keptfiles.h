// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSet>

namespace slotscope {

/// Data about one cluster that is stored in a file. Called on threads other than the GUI thread, one at a time.
class KeptRecord
{
    Q_DISABLE_COPY_MOVE(KeptRecord)
public:
    KeptRecord() = default;
    virtual ~KeptRecord() = default;
    /// Returns the ids of the nodes that the file describes. Error::Code::Parse means damaged, other errors mean
    /// unreadable (written by a newer Slotscope).
    [[nodiscard]] virtual Result<QSet<QByteArray>> nodesOf(const QByteArray &bytes) const = 0;
    /// Reads the content of a file for which nodesOf() succeeded.
    virtual void take(const QByteArray &bytes) = 0;
    [[nodiscard]] virtual QByteArray bytes() const = 0; ///< content of the file to be written
};

/// Files of KeptRecord, one per cluster. A cluster is recognised by its node ids. Not for the GUI thread.
class KeptFiles final
{
public:
    static constexpr int mostFiles = 50; ///< beyond this, the oldest files are deleted
    static constexpr qsizetype mostBytes = 32 * 1024 * 1024; ///< larger files are not read

    explicit KeptFiles(QString folder) : m_folder(std::move(folder)) { }
    [[nodiscard]] const QString &folder() const { return m_folder; }

    struct Found
    {
        QString path; ///< path of this cluster's record, whether it exists or not
        QByteArray bytes; ///< content; empty if there is no file yet
        QString aside; ///< new name of a damaged file that was renamed
        QString why; ///< why the file counts as damaged
    };
    /// Finds the record of a cluster. `nodes` are the cluster's node ids; `place` is a name that is used instead for a
    /// server without cluster mode.
    [[nodiscard]] Result<Found> find(const QSet<QByteArray> &nodes, const QString &place,
                                     const KeptRecord &record) const;
    [[nodiscard]] Result<> save(const QString &path, const QByteArray &bytes) const;

private:
    QString m_folder;
};

/// Returns `bytes` followed by a checksum that shows whether they are complete.
[[nodiscard]] QByteArray sealedWithSum(const QByteArray &bytes);
/// Returns the bytes between the magic bytes and the checksum. Error::Code::Parse if the magic bytes or the checksum
/// are wrong.
[[nodiscard]] Result<QByteArray> openedWithSum(const QByteArray &bytes, QByteArrayView magic);
/// Returns an Error::Code::Parse with this text.
[[nodiscard]] Error damagedRecord(const QString &words);

} // namespace slotscope
