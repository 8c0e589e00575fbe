// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditsettings.h"

#include "core/profile/settingstable.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

AuditLog::Options auditOptionsOf(const QSettings &settings)
{
    constexpr qint64 megabyte = 1024 * 1024;
    AuditLog::Options options;
    options.records = settingValue(settings, u"audit/records"_s).toBool();
    options.strict = settingValue(settings, u"audit/strict"_s).toBool();
    options.limits.fileBytes = settingValue(settings, u"audit/fileMegabytes"_s).toInt() * megabyte;
    options.limits.files = settingValue(settings, u"audit/files"_s).toInt();
    return options;
}

void applyAuditSettings(AuditLog &log, const QSettings &settings)
{
    const AuditLog::Options options = auditOptionsOf(settings);
    log.setRecords(options.records);
    log.setStrict(options.strict);
    log.setLimits(options.limits);
}

} // namespace slotscope
