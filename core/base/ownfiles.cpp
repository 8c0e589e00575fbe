// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ownfiles.h"

#include "core/base/tr.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QStandardPaths>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr mode_t writableByOthers = S_IWGRP | S_IWOTH;
constexpr mode_t modeBits = 07777;

tl::unexpected<Error> refused(const QString &path, const QString &why)
{
    return failure(Error::Code::Io, path + u": "_s + why);
}

/// Error if other users could change the file or folder; `what` is the text of that error.
Result<> checkOwner(const QString &path, const struct stat &status, const QString &what)
{
    if (status.st_uid != ::geteuid())
        return refused(
            path, tr("it belongs to another user (uid %1); choose a file or folder that you own").arg(status.st_uid));
    if (status.st_mode & writableByOthers)
        return refused(path,
                       tr("other users can write to it (mode %1), so %2. Remove that permission (chmod go-w), or "
                          "choose another file or folder")
                           .arg(QString::number(status.st_mode & modeBits, 8), what));
    return {};
}

/// Makes one folder with mode 0700; succeeds if it exists.
Result<> makeFolder(const QString &path)
{
    if (::mkdir(QFile::encodeName(path).constData(), S_IRWXU) == 0 || errno == EEXIST)
        return {};
    return failure(fileError(path, errno));
}

/// Returns 0, or the errno if not all bytes were written.
int writeAll(int file, const QByteArray &bytes)
{
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t count = ::write(file, bytes.constData() + done, size_t(bytes.size() - done));
        if (count >= 0)
            done += count;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

enum class ModeOf : quint8 { Former, Given };

/// Writes to a device or a pipe, which must never be replaced by a file. A pipe that nobody reads is an error.
Result<> writeToDevice(const QString &path, const QByteArray &bytes)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return failure(fileError(path, errno));
    int reason = ::fcntl(file, F_SETFL, 0) != 0 ? errno : writeAll(file, bytes);
    if (::close(file) != 0 && !reason)
        reason = errno;
    return reason ? Result<>(failure(fileError(path, reason))) : Result<>();
}

Result<> replaceWhole(const QString &path, const QByteArray &bytes, uint mode, ModeOf counts)
{
    const QFileInfo former(path);
    if (former.exists() && !former.isFile() && !former.isDir())
        return writeToDevice(path, bytes);
    // write through a symbolic link instead of replacing it
    const QString target = former.exists() ? former.canonicalFilePath() : path;
    const QString part = target + u".part-"_s + QString::number(QRandomGenerator::global()->generate(), 16);
    const QByteArray partName = QFile::encodeName(part);
    const int file = ::open(partName.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode));
    if (file < 0)
        return failure(fileError(path, errno));
    struct stat status
    { };
    int reason = 0;
    const bool keepsMode = counts == ModeOf::Former && ::stat(QFile::encodeName(target).constData(), &status) == 0;
    if (keepsMode && ::fchmod(file, status.st_mode & modeBits) != 0)
        reason = errno;
    if (!reason)
        reason = writeAll(file, bytes);
    if (!reason && ::fsync(file) != 0)
        reason = errno;
    if (::close(file) != 0 && !reason)
        reason = errno;
    if (!reason && ::rename(partName.constData(), QFile::encodeName(target).constData()) != 0)
        reason = errno;
    if (!reason)
        return {};
    ::unlink(partName.constData());
    return failure(fileError(path, reason));
}

int flagsOf(OwnFile::Mode mode)
{
    switch (mode) {
    case OwnFile::Mode::Read: return O_RDONLY;
    case OwnFile::Mode::Append: return O_RDWR | O_APPEND;
    case OwnFile::Mode::Create: return O_RDWR | O_APPEND | O_CREAT | O_EXCL;
    case OwnFile::Mode::Lock: return O_RDWR | O_CREAT;
    }
    Q_UNREACHABLE();
}

struct flock wholeFile()
{
    struct flock lock
    { };
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

} // namespace

Error fileError(const QString &path, int reason)
{
    return {.code = Error::Code::Io,
            .detail = path + u": "_s + qt_error_string(reason),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

Result<> makeFolders(const QString &path)
{
    if (QFileInfo::exists(path))
        return {};
    const QString parent = QFileInfo(path).path();
    if (parent != path)
        if (const auto made = makeFolders(parent); !made)
            return made;
    return makeFolder(path);
}

Result<> makeOwnFolder(const QString &path)
{
    if (const auto made = makeFolders(QFileInfo(path).absoluteFilePath()); !made)
        return made;
    struct stat status
    { };
    if (::stat(QFile::encodeName(path).constData(), &status) != 0)
        return failure(fileError(path, errno));
    if (!S_ISDIR(status.st_mode))
        return failure(fileError(path, ENOTDIR));
    return checkOwner(path, status, tr("another user could change what this program reads from it"));
}

Result<> replaceFile(const QString &path, const QByteArray &bytes, uint mode)
{
    return replaceWhole(path, bytes, mode, ModeOf::Former);
}

Result<> replaceSecretFile(const QString &path, const QByteArray &bytes)
{
    return replaceWhole(path, bytes, 0600, ModeOf::Given);
}

Error whyNotWritten(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (QFileInfo::exists(path) && ::access(name.constData(), W_OK) != 0)
        return fileError(path, errno);
    if (const auto made = makeFolders(QFileInfo(path).path()); !made)
        return made.error();
    constexpr qsizetype enoughToFail = 64 * 1024;
    const QString beside = path + u".probe-"_s + QString::number(::getpid());
    const auto written = replaceFile(beside, QByteArray(enoughToFail, ' '));
    QFile::remove(beside);
    if (written)
        return fileError(path, EIO);
    Error error = written.error();
    error.detail.replace(beside, path);
    return error;
}

OwnFile::OwnFile(OwnFile &&other) noexcept
    : m_file(std::exchange(other.m_file, -1)), m_path(std::move(other.m_path)) { }

OwnFile &OwnFile::operator=(OwnFile &&other) noexcept
{
    if (this != &other) {
        close();
        m_file = std::exchange(other.m_file, -1);
        m_path = std::move(other.m_path);
    }
    return *this;
}

OwnFile::~OwnFile()
{
    close();
}

void OwnFile::close()
{
    if (m_file >= 0)
        ::close(std::exchange(m_file, -1));
}

Result<OwnFile> OwnFile::open(const QString &path, Mode mode)
{
    constexpr int carefully = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    OwnFile file;
    file.m_path = path;
    file.m_file = ::open(QFile::encodeName(path).constData(), flagsOf(mode) | carefully, S_IRUSR | S_IWUSR);
    if (file.m_file < 0 && errno == ELOOP)
        return refused(path, tr("it is a symbolic link, which is not followed"));
    if (file.m_file < 0)
        return failure(fileError(path, errno));
    struct stat status
    { };
    if (::fstat(file.m_file, &status) != 0)
        return failure(fileError(path, errno));
    if (!S_ISREG(status.st_mode))
        return refused(path, tr("it is not a regular file"));
    if (const auto own = checkOwner(path, status, tr("it is not trusted")); !own)
        return failure(own.error());
    return file;
}

QString dataFolder(const char *variable, const QString &name)
{
    const QString told = qEnvironmentVariable(variable);
    return told.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u'/' + name : told;
}

Result<QByteArray> readOwnFile(const QString &path, qint64 mostBytes)
{
    if (QFileInfo(path).size() > mostBytes)
        return failure(Error::Code::LimitExceeded, tr("%1 is too large to be read").arg(path));
    const auto opened = OwnFile::open(path, OwnFile::Mode::Read);
    if (!opened)
        return failure(opened.error());
    return opened->readAll();
}

Result<> removeFile(const QString &path)
{
    QFile file(path);
    if (!file.exists() || file.remove())
        return {};
    return failure(fileError(path, errno));
}

Result<QByteArray> OwnFile::readAll() const
{
    QByteArray bytes;
    constexpr qsizetype step = 64 * 1024;
    for (;;) {
        const qsizetype before = bytes.size();
        bytes.resize(before + step);
        const ssize_t count = ::pread(m_file, bytes.data() + before, size_t(step), off_t(before));
        bytes.resize(before + std::max<ssize_t>(count, 0));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failure(fileError(m_path, errno));
        if (count == 0)
            return bytes;
    }
}

bool OwnFile::isCut() const
{
    const off_t size = ::lseek(m_file, 0, SEEK_END);
    char last = '\n';
    return size > 0 && ::pread(m_file, &last, 1, size - 1) == 1 && last != '\n';
}

Result<> OwnFile::append(const QByteArray &bytes, bool durable)
{
    const off_t before = ::lseek(m_file, 0, SEEK_END);
    if (const int reason = writeAll(m_file, bytes)) {
        if (before < 0 || ::ftruncate(m_file, before) != 0)
            return refused(m_path, qt_error_string(reason) + u"; "_s + tr("its last line is incomplete"));
        return failure(fileError(m_path, reason));
    }
    if (durable && ::fdatasync(m_file) != 0)
        return failure(fileError(m_path, errno));
    return {};
}

Result<> OwnFile::nameForGood(const QString &path)
{
    if (::fsync(m_file) != 0)
        return failure(fileError(m_path, errno));
    const QByteArray from = QFile::encodeName(m_path), to = QFile::encodeName(path);
    int done = ::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE);
    if (done != 0 && errno == EINVAL && !QFileInfo::exists(path)) // the file system does not support RENAME_NOREPLACE
        done = ::rename(from.constData(), to.constData());
    if (done != 0)
        return failure(fileError(path, errno));
    m_path = path;
    return {};
}

Result<bool> OwnFile::tryLock()
{
    struct flock lock = wholeFile();
    if (::fcntl(m_file, F_OFD_SETLK, &lock) == 0)
        return true;
    if (errno == EAGAIN || errno == EACCES)
        return false;
    return failure(fileError(m_path, errno));
}

bool OwnFile::isLockedByAnother() const
{
    struct flock lock = wholeFile();
    return ::fcntl(m_file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

} // namespace slotscope
