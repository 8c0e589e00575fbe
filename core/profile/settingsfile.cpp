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
constexpr int updateLockMs = 500; // another program needs a few
const auto versionKey = u"settings/version"_s;

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(largestSettings) : QByteArray();
}

/// Whether QSettings can read it, and it is no file that a crash has left full of zeros.
bool isSoundSettings(const QString &path)
{
    if (bytesOf(path).contains('\0'))
        return false;
    const QSettings settings(path, QSettings::IniFormat);
    std::ignore = settings.allKeys(); // what is not asked for is not read
    return settings.status() != QSettings::FormatError;
}

/// From each version to the next. 0: before there was a table; what it does not permit goes.
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
        if (!QFile::rename(path, aside)) { // nothing takes its place: it may be mended by hand
            start.damaged = path;
            return start;
        }
        start.setAside = aside;
        if (QFileInfo::exists(backup) && isSoundSettings(backup))
            start.fromBackup = replaceFile(path, bytesOf(backup)).has_value();
    }
    if (!QFileInfo::exists(path)) {
        if (!exists) // a new one is of this version
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
    m_lock->tryLock(updateLockMs); // without it what was read just before is still newer than what we had
    m_settings.sync();
}

SettingsUpdate::~SettingsUpdate()
{
    m_settings.sync();
}

} // namespace slotscope
