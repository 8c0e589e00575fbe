// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditfilter.h"

#include <functional>
#include <stop_token>

namespace slotscope {

/// Where a look into the log goes on: everything before it is older.
struct AuditPlace
{
    QString file; ///< empty: the newest
    qint64 offset = -1;
};

/// A window of the log, the newest first.
struct AuditWindow
{
    QList<AuditEntry> entries;
    AuditPlace next; ///< where older ones are
    bool isWhole = false; ///< there are no older ones
    qint64 damaged = 0; ///< lines that could not be read: cut, or changed by somebody
    std::optional<Error> error; ///< a file that could not be read
};

/// Reads from the end, a slice at a time, until `most` entries fit or there are no older ones. Blocks: for a thread
/// beside. Memory: what fits, and one slice.
[[nodiscard]] AuditWindow readAuditWindow(const QString &folder, const AuditFilter &filter, const AuditPlace &from,
                                          qsizetype most, const std::stop_token &stop);

/// What a walk over the log came to.
struct AuditWalk
{
    qint64 entries = 0, damaged = 0;
    std::optional<Error> error;
};
/// All that fit, the oldest first, one after the other; false from `take` ends it. Blocks. Memory: one line.
[[nodiscard]] AuditWalk walkAudit(const QString &folder, const AuditFilter &filter,
                                  const std::function<bool(const AuditEntry &, const QByteArray &line)> &take);

} // namespace slotscope
