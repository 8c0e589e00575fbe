// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

namespace slotscope {

/// A connection of another tool, and what of it has no place here.
struct ImportedConnection
{
    SavedConnection connection; ///< its target holds the password
    QStringList notes; ///< what was not taken over, in words
};

struct ImportedConnections
{
    QString source; ///< "RedisInsight", "Another Redis Desktop Manager", "RESP.app", "addresses"
    QList<ImportedConnection> list;
    QStringList problems; ///< entries that could not be read, with the reason
};

/// Adds them to the list; gives the names that were taken. One that leads where a saved one of its name leads already
/// is left out. Passwords are no part of the list: they are asked for, and may be kept then.
[[nodiscard]] Result<QStringList> addConnections(SavedConnections &saved, const ImportedConnections &imported,
                                                 const QString &folder = {});

/// Reads what another tool has exported: RedisInsight (JSON), Another Redis Desktop Manager (.ano: JSON in base64),
/// RESP.app / Redis Desktop Manager (connections.json, groups become folders), or lines of URIs, addresses and
/// redis-cli command lines. InvalidArgument where it is none of these, or holds nothing. Any thread.
[[nodiscard]] Result<ImportedConnections> readConnections(const QByteArray &bytes);

} // namespace slotscope
