// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

namespace slotscope {

/// A connection of another tool, and what could not be imported.
struct ImportedConnection
{
    SavedConnection connection; ///< its target contains the password
    PasswordCommand command = {}; ///< password command in the file; not part of `connection`
    QStringList notes = {}; ///< messages about what was not imported
};

struct ImportedConnections
{
    QString source; ///< "RedisInsight", "Another Redis Desktop Manager", "RESP.app", "addresses"
    QList<ImportedConnection> list;
    QStringList problems; ///< entries that could not be read, with reasons
};

/// Result of adding imported connections.
struct AddedConnections
{
    QStringList names; ///< of the added connections
    QStringList ids; ///< of the added connections
    QList<ConnectionTarget> targets; ///< of the added connections, with secrets from the file
    QStringList known; ///< connections that existed already, with the same servers and name
    QStringList problems; ///< connections that could not be added, with reasons
};

/// Adds the connections to the list, without passwords: the user is asked for them later, and may store them then.
/// Error if the list cannot be written.
[[nodiscard]] Result<AddedConnections> addConnections(SavedConnections &saved, const ImportedConnections &imported,
                                                      const QString &folder = {});

constexpr qint64 mostImportBytes = 16 << 20; ///< limit for a file

/// Reads an export of this program (unsealed) or of another tool: RedisInsight (JSON), Another Redis Desktop Manager
/// (.ano: JSON in base64), RESP.app / Redis Desktop Manager (connections.json, groups become folders), or lines with
/// URIs, addresses and redis-cli command lines. InvalidArgument if it is none of these, or empty. Any thread.
[[nodiscard]] Result<ImportedConnections> readConnections(const QByteArray &bytes);

} // namespace slotscope
