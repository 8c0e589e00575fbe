// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

namespace slotscope {

/// A connection of another tool, and what of it has no place here.
struct ImportedConnection
{
    SavedConnection connection; ///< its target holds the password
    PasswordCommand command = {}; ///< that the file names for its password; it is no part of `connection`
    QStringList notes = {}; ///< what was not taken over, in words
};

struct ImportedConnections
{
    QString source; ///< "RedisInsight", "Another Redis Desktop Manager", "RESP.app", "addresses"
    QList<ImportedConnection> list;
    QStringList problems; ///< entries that could not be read, with the reason
};

/// What came of adding them.
struct AddedConnections
{
    QStringList names; ///< of those that were added
    QStringList ids; ///< of the same
    QList<ConnectionTarget> targets; ///< of the same, with the secrets that the file held
    QStringList known; ///< that were there already: the same place under the same name
    QStringList problems; ///< that the list does not take, with the reason
};

/// Adds them to the list. Passwords are no part of it: they are asked for, and may be kept then. Error where the list
/// cannot be written.
[[nodiscard]] Result<AddedConnections> addConnections(SavedConnections &saved, const ImportedConnections &imported,
                                                      const QString &folder = {});

constexpr qint64 mostImportBytes = 16 << 20; ///< of a file

/// Reads what this program has exported (unsealed), or another tool: RedisInsight (JSON), Another Redis Desktop Manager
/// (.ano: JSON in base64), RESP.app / Redis Desktop Manager (connections.json, groups become folders), or lines of
/// URIs, addresses and redis-cli command lines. InvalidArgument where it is none of these, or holds nothing. Any
/// thread.
[[nodiscard]] Result<ImportedConnections> readConnections(const QByteArray &bytes);

} // namespace slotscope
