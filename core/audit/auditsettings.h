// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditlog.h"

class QSettings;

namespace slotscope {

/// The user's settings for the audit log (core/profile/settingstable.h).
[[nodiscard]] AuditLog::Options auditOptionsOf(const QSettings &settings);
/// Applies the settings to a log in use.
void applyAuditSettings(AuditLog &log, const QSettings &settings);

} // namespace slotscope
