// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditfilter.h"

#include <functional>
#include <stop_token>

namespace slotscope {

/// Where reading the log continues: everything before it is older.
struct AuditPlace
{
    QString file; ///< empty: start with the newest
    qint64 offset = -1;
};

/// A window of the log, newest first.
struct AuditWindow
{
    QList<AuditEntry> entries;
    AuditPlace next; ///< where older entries follow
    bool isWhole = false; ///< there are no older entries
    qint64 damaged = 0; ///< number of unreadable lines: incomplete, or modified
    std::optional<Error> error; ///< set if a file could not be read
};

/// Reads backwards in slices until `most` entries match, or there are no older ones. Blocks, so use a worker thread.
/// Memory: the matches and one slice.
[[nodiscard]] AuditWindow readAuditWindow(const QString &folder, const AuditFilter &filter, const AuditPlace &from,
                                          qsizetype most, const std::stop_token &stop);

/// Result of walking over the log.
struct AuditWalk
{
    qint64 entries = 0, damaged = 0;
    std::optional<Error> error;
};
/// Passes all matching entries to `take`, oldest first, until it returns false. Blocks. Memory: one line.
[[nodiscard]] AuditWalk walkAudit(const QString &folder, const AuditFilter &filter,
                                  const std::function<bool(const AuditEntry &, const QByteArray &line)> &take);

} // namespace slotscope
