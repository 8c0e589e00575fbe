// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditlog.h"

class QSettings;

namespace slotscope {

/// How the user wants the audit log kept (core/profile/settingstable.h).
[[nodiscard]] AuditLog::Options auditOptionsOf(const QSettings &settings);
/// The same, for a log that is kept already.
void applyAuditSettings(AuditLog &log, const QSettings &settings);

} // namespace slotscope
