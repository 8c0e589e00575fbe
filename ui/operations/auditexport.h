// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditreader.h"

class QWidget;

namespace slotscope {

/// Asks for a file and writes all matching entries of the log in `folder` there, in another thread; then shows the
/// result.
void exportAudit(QWidget *parent, const QString &folder, const AuditFilter &filter, bool csv);
/// Writes the entries without asking; blocks. Returns how many entries were written, and how many lines could not be
/// read.
[[nodiscard]] Result<AuditWalk> writeAudit(const QString &path, const QString &folder, const AuditFilter &filter,
                                           bool csv);

} // namespace slotscope
