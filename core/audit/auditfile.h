// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"

#include <QStringList>

namespace slotscope {

/// The files of an audit log: audit.jsonl, which is written to, and older ones, audit-TIME.jsonl. Several processes
/// write to them; a lock that ends with its process orders them. Mode 0600, in a folder of mode 0700.
class AuditFiles final
{
public:
    struct Limits
    {
        qint64 fileBytes = 10 * 1024 * 1024; ///< a file that has so much is put aside
        int files = 10; ///< in all; the oldest goes
    };

    AuditFiles(QString folder, Limits limits) : m_folder(std::move(folder)), m_limits(limits) { }
    /// $SLOTSCOPE_AUDIT, else slotscope/audit in the user's data folder.
    [[nodiscard]] static QString defaultFolder();
    /// All files of a log, the oldest first.
    [[nodiscard]] static QStringList in(const QString &folder);

    [[nodiscard]] const QString &folder() const { return m_folder; }
    void setLimits(Limits limits) { m_limits = limits; }
    /// Whole lines, at the end. Where the last line was cut (a crash, a full disk) a new one is begun. Blocks.
    [[nodiscard]] Result<> append(const QByteArray &lines);

private:
    void rotate();

    QString m_folder;
    Limits m_limits;
};

} // namespace slotscope
