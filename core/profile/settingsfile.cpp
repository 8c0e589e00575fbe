// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/settingsfile.h"

#include "core/base/ownfiles.h"
#include "core/profile/settingstable.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qint64 largestSettings = 16 * 1024 * 1024;
constexpr int updateLockMs = 500; // other programs need only a few ms
const auto versionKey = u"settings/version"_s;

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(largestSettings) : QByteArray();
}

/// Whether QSettings can read the file, and it was not filled with zeros by a crash.
bool isSoundSettings(const QString &path)
{
    if (bytesOf(path).contains('\0'))
        return false;
    const QSettings settings(path, QSettings::IniFormat);
    std::ignore = settings.allKeys(); // forces QSettings to read the file
    return settings.status() != QSettings::FormatError;
}

/// Migrates from each version to the next. Version 0 is from before the settings table: values that the table does not
/// allow are removed.
void migrate(QSettings &settings, int from)
{
    if (from < 1) {
        for (const Setting &setting : settingsTable()) {
            const QString key = QString::fromLatin1(setting.key);
            if (settings.contains(key) && !setSetting(settings, key, settings.value(key)))
                settings.remove(key);
        }
    }
    settings.setValue(versionKey, settingsVersion);
}

} // namespace

SettingsStart prepareSettings(const QString &path)
{
    SettingsStart start;
    const QString backup = path + u".bak"_s;
    const bool exists = QFileInfo::exists(path);
    if (exists && !isSoundSettings(path)) {
        const QString aside = path + u".damaged-"_s + QDateTime::currentDateTime().toString(u"yyyyMMdd'T'HHmmss"_s);
        if (!QFile::rename(path, aside)) { // do not replace the file, so that the user can repair it
            start.damaged = path;
            return start;
        }
        start.setAside = aside;
        if (QFileInfo::exists(backup) && isSoundSettings(backup))
            start.fromBackup = replaceFile(path, bytesOf(backup)).has_value();
    }
    if (!QFileInfo::exists(path)) {
        if (!exists) // a new file has the present version
            QSettings(path, QSettings::IniFormat).setValue(versionKey, settingsVersion);
        return start;
    }
    QSettings settings(path, QSettings::IniFormat);
    const int version = settings.value(versionKey, 0).toInt();
    if (version < settingsVersion) {
        std::ignore = replaceFile(path + u".v%1.bak"_s.arg(version), bytesOf(path));
        migrate(settings, version);
        settings.sync();
        start.migratedFrom = version;
    }
    if (const QByteArray now = bytesOf(path); !now.isEmpty() && now != bytesOf(backup))
        std::ignore = replaceFile(backup, now);
    return start;
}

SettingsUpdate::SettingsUpdate(QSettings &settings)
    : m_settings(settings), m_lock(std::make_unique<QLockFile>(settings.fileName() + u".update"_s))
{
    m_lock->tryLock(updateLockMs); // even without the lock, sync() reads newer values than before
    m_settings.sync();
}

SettingsUpdate::~SettingsUpdate()
{
    m_settings.sync();
}

} // namespace slotscope
