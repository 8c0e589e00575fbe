// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <memory>

class QLockFile;
class QSettings;

namespace slotscope {

/// Result of checking the settings file before it is used.
struct SettingsStart
{
    QString setAside; ///< new name of a damaged file; empty: it was not damaged, or missing
    QString damaged; ///< a damaged file that could not be renamed; empty: none
    bool fromBackup = false; ///< it was replaced by the backup from an earlier start
    int migratedFrom = -1; ///< its old version, if migrated; -1: not migrated
};

inline constexpr int settingsVersion = 1;

/// Call before the first QSettings for `path`, an INI file. A file that is not valid INI (crash, full disk) is renamed
/// and replaced by the backup. A valid one becomes the backup (path + ".bak"). An older version is migrated, and saved
/// as path + ".v<N>.bak". A file of a later version is left alone.
[[nodiscard]] SettingsStart prepareSettings(const QString &path);

/// Guards a change that depends on the file's content (a list that grows): reads what other programs have written, and
/// locks out their updates. Not needed for single values, which QSettings merges key by key.
class SettingsUpdate final
{
    Q_DISABLE_COPY_MOVE(SettingsUpdate)
public:
    explicit SettingsUpdate(QSettings &settings);
    ~SettingsUpdate();

private:
    QSettings &m_settings;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace slotscope
