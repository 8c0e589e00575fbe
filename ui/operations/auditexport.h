// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditreader.h"

class QWidget;

namespace slotscope {

/// Asks for a file and writes there, beside, all entries of the log in `folder` that fit; what came of it is told.
void exportAudit(QWidget *parent, const QString &folder, const AuditFilter &filter, bool csv);
/// The same without asking; blocks. Says how many entries were written, and how many lines could not be read.
[[nodiscard]] Result<AuditWalk> writeAudit(const QString &path, const QString &folder, const AuditFilter &filter,
                                           bool csv);

} // namespace slotscope
