// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSet>

namespace slotscope {

/// What is known of one cluster, in the form of a file that outlives the program. Called from other threads than the
/// GUI's, one at a time.
class KeptRecord
{
    Q_DISABLE_COPY_MOVE(KeptRecord)
public:
    KeptRecord() = default;
    virtual ~KeptRecord() = default;
    /// The ids of the nodes that a file is about. Error::Code::Parse: it is damaged; others say that it was not looked
    /// into (of a newer Slotscope).
    [[nodiscard]] virtual Result<QSet<QByteArray>> nodesOf(const QByteArray &bytes) const = 0;
    /// Takes in what a file holds, whose nodesOf() was read without an error.
    virtual void take(const QByteArray &bytes) = 0;
    [[nodiscard]] virtual QByteArray bytes() const = 0; ///< of the file that is to be written
};

/// The files of kept records, one a cluster, which is known again by its nodes. Not for the GUI thread.
class KeptFiles final
{
public:
    static constexpr int mostFiles = 50; ///< the oldest go
    static constexpr qsizetype mostBytes = 32 * 1024 * 1024; ///< of a file that is read

    explicit KeptFiles(QString folder) : m_folder(std::move(folder)) { }
    [[nodiscard]] const QString &folder() const { return m_folder; }

    struct Found
    {
        QString path; ///< where this cluster's record lies, or is to lie
        QByteArray bytes; ///< empty: there is none yet
        QString aside; ///< a damaged file was renamed to this
        QString why; ///< it is damaged
    };
    /// `nodes`: the ids of the cluster; `place`: a name for a server without a cluster.
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
