// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditfile.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QThread>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr int lockTries = 100;
constexpr unsigned long lockPauseMs = 20;

QString currentFile(const QString &folder)
{
    return folder + u"/audit.jsonl"_s;
}

/// Takes the lock of the folder until the file is closed; returns false if that fails. Without the lock, lines are
/// still written (complete appended lines do not mix), but only the holder renames files.
bool lockFolder(OwnFile &lock)
{
    for (int i = 0; i < lockTries; ++i) {
        const auto locked = lock.tryLock();
        if (!locked || *locked)
            return locked.has_value();
        QThread::msleep(lockPauseMs);
    }
    return false;
}

} // namespace

QString AuditFiles::defaultFolder()
{
    const QString given = qEnvironmentVariable("SLOTSCOPE_AUDIT");
    return given.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slotscope/audit"_s
        : given;
}

QStringList AuditFiles::in(const QString &folder)
{
    QStringList files;
    // matches exactly the names made by rotate(), so that other files in the folder (an export) are neither read nor
    // deleted
    static const QRegularExpression putAside(u"\\Aaudit-[0-9]{8}T[0-9]{9}-[0-9]{3}\\.jsonl\\z"_s);
    QStringList older = QDir(folder).entryList({u"audit-*.jsonl"_s}, QDir::Files).filter(putAside);
    std::sort(older.begin(), older.end());
    for (const QString &name : std::as_const(older))
        files.append(folder + u'/' + name);
    if (QFileInfo::exists(currentFile(folder)))
        files.append(currentFile(folder));
    return files;
}

Result<> AuditFiles::append(const QByteArray &lines)
{
    if (const auto made = makeOwnFolder(m_folder); !made)
        return made;
    auto lock = OwnFile::open(m_folder + u"/audit.lock"_s, OwnFile::Mode::Lock);
    if (!lock)
        return failure(lock.error());
    const bool alone = lockFolder(*lock);
    const QString path = currentFile(m_folder);
    auto file = OwnFile::open(path, OwnFile::Mode::Append);
    if (!file && !QFileInfo::exists(path)) {
        file = OwnFile::open(path, OwnFile::Mode::Create);
        if (!file) // another process created it first
            file = OwnFile::open(path, OwnFile::Mode::Append);
    }
    if (!file)
        return failure(file.error());
    const auto written = file->append(file->isCut() ? '\n' + lines : lines, false);
    if (written && alone && QFileInfo(path).size() >= m_limits.fileBytes)
        rotate();
    return written;
}

void AuditFiles::rotate()
{
    QStringList files = in(m_folder);
    files.removeLast(); // the file to be renamed
    const QString prefix = m_folder + u"/audit-"_s;
    constexpr int digits = 3;
    const auto named = [&prefix](const QString &time, int number) {
        return prefix + time + u'-' + QString::number(number).rightJustified(digits, u'0') + u".jsonl"_s;
    };
    QString time = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmsszzz"_s);
    int number = 0;
    // keep names in the order of creation, even if the clock was set back
    if (!files.isEmpty() && files.constLast() >= named(time, 0)) {
        const QString last = files.constLast().mid(prefix.size());
        time = last.section(u'-', 0, 0);
        number = last.section(u'-', 1).left(digits).toInt() + 1;
    }
    QFile::rename(currentFile(m_folder), named(time, number));
    // the renamed file and the next current one count towards the limit, too
    while (files.size() > std::max(2, m_limits.files) - 2)
        QFile::remove(files.takeFirst());
}

} // namespace slotscope
