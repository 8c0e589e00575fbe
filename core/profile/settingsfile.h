// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <memory>

class QLockFile;
class QSettings;

namespace slotscope {

/// What came of looking at the file of settings before it is used.
struct SettingsStart
{
    QString setAside; ///< where a damaged file is now; empty: it was sound, or there was none
    QString damaged; ///< a damaged file that could not be set aside; empty: none
    bool fromBackup = false; ///< the backup of an earlier start stands in its place
    int migratedFrom = -1; ///< the version that it had; -1: it is of ours
};

inline constexpr int settingsVersion = 1;

/// Before the program's first QSettings on `path`, an INI file. One that is no INI file (a crash, a full disk) is set
/// aside, and the backup takes its place; a sound one becomes the backup (path + ".bak"); an older version is migrated,
/// and kept as path + ".v<N>.bak". A later version's file is left as it is.
[[nodiscard]] SettingsStart prepareSettings(const QString &path);

/// A change that depends on what the file holds (a list that grows): what other programs have written is read first,
/// and none of them does the same meanwhile. Single values need it not: QSettings joins them key by key.
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
