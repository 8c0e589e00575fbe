// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

namespace slotscope {

/// The content of a connections file maintained elsewhere, for example under version control: docs/profile-files.md.
struct ProfileFile
{
    QList<SavedConnection> list; ///< each with `file` and an id of its own; folder "FILE" or "FILE / FOLDER"
    QStringList problems; ///< entries left out, by name, with reasons
};

/// Reads a file, which is never written to. Io or InvalidArgument if it is invalid.
[[nodiscard]] Result<ProfileFile> readProfileFile(const QString &path);
/// Paths in SLOTSCOPE_PROFILES, separated by ':'.
[[nodiscard]] QStringList profileFilePaths();
/// Sets paths from --profiles, which replace those of the environment. Call before threads are started.
void setProfileFilePaths(const QStringList &paths);

/// The user's consents to programs that connection files run, and to environment variables that they send: one per
/// file, program or variable, and servers that get the password. Stored next to the settings.
class CommandConsents final
{
public:
    explicit CommandConsents(QString path = {}); ///< empty: next to the saved connections
    [[nodiscard]] bool has(const SavedConnection &connection) const; ///< also true if the connection uses neither
    [[nodiscard]] Result<> give(const SavedConnection &connection) const;
    /// The servers, the route to them and TLS trust, as a URI without secrets and display names. If it changes, a new
    /// consent is needed.
    [[nodiscard]] static QString addressOf(const ConnectionTarget &target);

private:
    [[nodiscard]] QStringList read() const;

    QString m_path;
};

} // namespace slotscope
