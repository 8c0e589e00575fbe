// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

namespace slotscope {

/// What a file of connections holds that is kept elsewhere, as under version control: docs/profile-files.md.
struct ProfileFile
{
    QList<SavedConnection> list; ///< each with `file` and an id of its own; folder "FILE" or "FILE / FOLDER"
    QStringList problems; ///< entries that are left out, by name, with the reason
};

/// Reads one; it is never written to. Io or InvalidArgument where it is none.
[[nodiscard]] Result<ProfileFile> readProfileFile(const QString &path);
/// Those that SLOTSCOPE_PROFILES names, with ':' between.
[[nodiscard]] QStringList profileFilePaths();
/// --profiles: in place of the environment's. Before there are threads.
void setProfileFilePaths(const QStringList &paths);

/// Which programs the user lets be run that files name, and which of his environment's variables be sent: once for a
/// file, a program or variable, and the servers that get the password. Kept beside the settings.
class CommandConsents final
{
public:
    explicit CommandConsents(QString path = {}); ///< empty: beside the saved connections
    [[nodiscard]] bool has(const SavedConnection &connection) const; ///< also where no file names either
    [[nodiscard]] Result<> give(const SavedConnection &connection) const;
    /// The servers, the way to them and how they are trusted, as a URI without secrets and without what is only shown:
    /// another one is asked about again.
    [[nodiscard]] static QString addressOf(const ConnectionTarget &target);

private:
    [[nodiscard]] QStringList read() const;

    QString m_path;
};

} // namespace slotscope
