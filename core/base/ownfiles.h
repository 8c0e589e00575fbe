// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace slotscope {

/// Returns an error such as "PATH: No space left on device", with the system's text for the errno `reason`.
[[nodiscard]] Error fileError(const QString &path, int reason);

/// Makes the folder and its missing parents with mode 0700.
[[nodiscard]] Result<> makeFolders(const QString &path);
/// Makes a folder that only this user can write to, and its missing parents, with mode 0700. The mode of an existing
/// folder is never changed: if others may write to it, or it belongs to another user, the error says how to fix that.
[[nodiscard]] Result<> makeOwnFolder(const QString &path);

/// Writes `bytes` to a file, completely or not at all. A new file gets this mode (and the umask).
[[nodiscard]] Result<> replaceFile(const QString &path, const QByteArray &bytes, uint mode = 0600);

/// The same for a file with secrets: no other user may read it, whatever mode the file had before.
[[nodiscard]] Result<> replaceSecretFile(const QString &path, const QByteArray &bytes);

/// Returns the folder named by this environment variable (for tests and trials), else `name` inside the program's data
/// folder.
[[nodiscard]] QString dataFolder(const char *variable, const QString &name);
/// Reads the whole of a regular file that this user owns. Error::Code::LimitExceeded if it is larger than `mostBytes`.
[[nodiscard]] Result<QByteArray> readOwnFile(const QString &path, qint64 mostBytes);
/// Removes a file; succeeds if it does not exist.
[[nodiscard]] Result<> removeFile(const QString &path);

/// Finds out why a library could not write a file, if it does not say so: tries to write next to that file.
[[nodiscard]] Error whyNotWritten(const QString &path);

/// A regular file that this user owns. Symbolic links, pipes and devices (opening one could block forever) and files
/// that others may write to are refused, because the content of the file is trusted. Locks are kernel locks on the open
/// file: they end with the program that holds them, work across containers, and leave nothing behind.
class OwnFile final
{
    Q_DISABLE_COPY(OwnFile)
public:
    enum class Mode : quint8 {
        Read,
        Append, ///< append to an existing file
        Create, ///< create a new file with mode 0600, and append to it
        Lock, ///< open the file only to lock it; created if missing
    };
    OwnFile() = default;
    OwnFile(OwnFile &&other) noexcept;
    OwnFile &operator=(OwnFile &&other) noexcept;
    ~OwnFile();

    [[nodiscard]] static Result<OwnFile> open(const QString &path, Mode mode);
    [[nodiscard]] bool isOpen() const { return m_file >= 0; }
    [[nodiscard]] const QString &path() const { return m_path; }
    void close();

    [[nodiscard]] Result<QByteArray> readAll() const;
    [[nodiscard]] bool isCut() const; ///< whether its last line lacks a newline
    /// Appends to the file; a partly written append is removed again. `durable`: the bytes are on disk when this
    /// returns.
    [[nodiscard]] Result<> append(const QByteArray &bytes, bool durable);
    /// Syncs the file to disk and renames it to `path`. Never replaces an existing file.
    [[nodiscard]] Result<> nameForGood(const QString &path);
    /// Returns false if another process holds the lock, an error if the file cannot be locked. Not for Mode::Read.
    [[nodiscard]] Result<bool> tryLock();
    [[nodiscard]] bool isLockedByAnother() const;

private:
    int m_file = -1;
    QString m_path;
};

} // namespace slotscope
