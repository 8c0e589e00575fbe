// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditentry.h"

#include <QSet>

namespace slotscope {

/// Which entries of a log are wanted. Empty fields ask nothing.
struct AuditFilter
{
    qint64 since = 0, until = 0; ///< ms since 1970; 0: no bound. `until` is not part of it
    QString cluster; ///< part of its name or of its seeds
    QString node; ///< part of the address, or the start of the id
    QString command; ///< the start of its name, such as "CONFIG SET"
    QStringList words; ///< each is part of the line, the user, the part of the program, the error, the address
    std::optional<AuditEntry::Result> result;
    /// One cluster: by what it is called, by the addresses that were named for it, or by its nodes' ids.
    struct Cluster
    {
        QString name, seeds;
        QSet<QByteArray> nodes;
    };
    std::optional<Cluster> of;

    [[nodiscard]] bool accepts(const AuditEntry &entry) const;
};

/// "2026-11-29", "2026-11-29T18:00", with Z or +01:00 (else the time of this machine), or how long ago: "90s", "15m",
/// "2h", "7d". In ms since 1970; Error::InvalidArgument says what forms there are.
[[nodiscard]] Result<qint64> timeOf(const QString &text, qint64 now);

/// One row of CSV (RFC 4180), without its end; and the row of titles.
[[nodiscard]] QByteArray csvOf(const AuditEntry &entry);
[[nodiscard]] QByteArray auditCsvTitles();

} // namespace slotscope
