// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/audit/auditentry.h"

#include <QSet>

namespace slotscope {

/// Selects entries of a log. Empty fields match all.
struct AuditFilter
{
    qint64 since = 0, until = 0; ///< range in ms since 1970, without `until` itself; 0: unlimited
    QString cluster; ///< part of its name or of its seeds
    QString node; ///< part of the address, or start of the id
    QString command; ///< start of the command's name, such as "CONFIG SET"
    QStringList words; ///< each must be part of the line, user, part of the program, error, or address
    std::optional<AuditEntry::Result> result;
    /// Selects one cluster: by the connection's name, the addresses entered, or node ids.
    struct Cluster
    {
        QString name, seeds;
        QSet<QByteArray> nodes;
    };
    std::optional<Cluster> of;

    [[nodiscard]] bool accepts(const AuditEntry &entry) const;
};

/// Parses "2026-11-29", "2026-11-29T18:00", with Z or +01:00 (otherwise local time), or an age: "90s", "15m", "2h",
/// "7d". Returns ms since 1970; Error::InvalidArgument lists the formats.
[[nodiscard]] Result<qint64> timeOf(const QString &text, qint64 now);

/// One row of CSV (RFC 4180) without line end; and the header row.
[[nodiscard]] QByteArray csvOf(const AuditEntry &entry);
[[nodiscard]] QByteArray auditCsvTitles();

} // namespace slotscope
