// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace slotscope {

/// "PATH: No space left on device": the file and the system's own reason (an errno).
[[nodiscard]] Error fileError(const QString &path, int reason);

/// The folder, and what leads to it, with mode 0700 where it is missing.
[[nodiscard]] Result<> makeFolders(const QString &path);
/// A folder that only this user writes to. Made with mode 0700 where it is missing, what leads there too; the mode of
/// one that exists is never changed: where others may write to it, or it belongs to somebody else, it is refused and
/// the way out is said.
[[nodiscard]] Result<> makeOwnFolder(const QString &path);

/// Bytes to a file, wholly or not at all; with this mode (and the umask) where it is new.
[[nodiscard]] Result<> replaceFile(const QString &path, const QByteArray &bytes, uint mode = 0600);

/// The same for what holds secrets: nobody else may read it, whatever mode the file has had.
[[nodiscard]] Result<> replaceSecretFile(const QString &path, const QByteArray &bytes);

/// What that variable of the environment says (for tests and trials), else `name` in the folder of this program's data.
[[nodiscard]] QString dataFolder(const char *variable, const QString &name);
/// A plain file of this user, whole. Error::Code::LimitExceeded where it has more than `mostBytes`.
[[nodiscard]] Result<QByteArray> readOwnFile(const QString &path, qint64 mostBytes);
/// Done too where there is no such file.
[[nodiscard]] Result<> removeFile(const QString &path);

/// Why somebody else's writing of a file came to nothing, where he does not say: tried beside it.
[[nodiscard]] Error whyNotWritten(const QString &path);

/// A plain file of this user. Never what a link leads to, no pipe or device (opening one could wait for ever), and none
/// that others may write to: what stands in it is trusted. Locks are the kernel's, of the open file: they end with the
/// program that holds them, on whatever host or in whatever container it ran, and leave nothing behind.
class OwnFile final
{
    Q_DISABLE_COPY(OwnFile)
public:
    enum class Mode : quint8 {
        Read,
        Append, ///< must exist
        Create, ///< must not exist; to append to, mode 0600
        Lock, ///< made where it is missing; only to be locked
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
    [[nodiscard]] bool isCut() const; ///< its last line has no end
    /// At the end of the file; what could be written of it in part is taken back. `durable`: on disk when it returns.
    [[nodiscard]] Result<> append(const QByteArray &bytes, bool durable);
    /// On disk, and under this name from now on; nothing that has that name is replaced.
    [[nodiscard]] Result<> nameForGood(const QString &path);
    /// False where another holds it, or the reason why it cannot be locked. Not for Mode::Read.
    [[nodiscard]] Result<bool> tryLock();
    [[nodiscard]] bool isLockedByAnother() const;

private:
    int m_file = -1;
    QString m_path;
};

} // namespace slotscope
