// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"

#include <QStringList>

namespace slotscope {

/// The files of an audit log: audit.jsonl, which is appended to, and older ones, audit-TIME.jsonl. Several processes
/// may write; a lock that ends with its process coordinates them. Mode 0600, in a folder with mode 0700.
class AuditFiles final
{
public:
    struct Limits
    {
        qint64 fileBytes = 10 * 1024 * 1024; ///< a file of this size is renamed, and a new one started
        int files = 10; ///< number of files; beyond it, the oldest is deleted
    };

    AuditFiles(QString folder, Limits limits) : m_folder(std::move(folder)), m_limits(limits) { }
    /// Returns $SLOTSCOPE_AUDIT, or else slotscope/audit in the user's data folder.
    [[nodiscard]] static QString defaultFolder();
    /// All files of a log, oldest first.
    [[nodiscard]] static QStringList in(const QString &folder);

    [[nodiscard]] const QString &folder() const { return m_folder; }
    void setLimits(Limits limits) { m_limits = limits; }
    /// Appends complete lines. If the last line is incomplete (crash, full disk), starts a new one first. Blocks.
    [[nodiscard]] Result<> append(const QByteArray &lines);

private:
    void rotate();

    QString m_folder;
    Limits m_limits;
};

} // namespace slotscope
