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

/// Which programs the user lets be run that files name: once for a file and a command. Kept beside the settings.
class CommandConsents final
{
public:
    explicit CommandConsents(QString path = {}); ///< empty: beside the saved connections
    [[nodiscard]] bool has(const SavedConnection &connection) const; ///< also where no file names a command
    [[nodiscard]] Result<> give(const SavedConnection &connection) const;

private:
    [[nodiscard]] QStringList read() const;

    QString m_path;
};

} // namespace slotscope
