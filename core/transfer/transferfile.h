// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/transfer/keylines.h"

#include <QFile>
#include <QSaveFile>
#include <QThreadPool>

#include <memory>

namespace slotscope {

/// Writes pieces to a file, on a thread of its own: a slow disk holds nobody up. The file takes its name when it is
/// finished; until then it has another one beside it. Use from one coroutine.
class KeyFileWriter final
{
    Q_DISABLE_COPY_MOVE(KeyFileWriter)
public:
    using Ptr = std::shared_ptr<KeyFileWriter>;
    /// `path` "-": standard output. Only its owner may read the file.
    [[nodiscard]] static Result<Ptr> open(const QString &path, KeyFileFormat format);
    ~KeyFileWriter();

    /// Bytes written so far, of this and all calls before.
    [[nodiscard]] static QCoro::Task<Result<qint64>> write(Ptr self, std::vector<KeyPiece> pieces);
    /// `keys`: how many stand in the file; nothing where it was stopped: then it has no last line.
    [[nodiscard]] static QCoro::Task<Result<>> finish(Ptr self, std::optional<qint64> keys);

private:
    KeyFileWriter() = default;
    [[nodiscard]] Result<qint64> put(const std::vector<KeyPiece> &pieces);
    [[nodiscard]] Result<> close(std::optional<qint64> keys);
    [[nodiscard]] Result<> write(const QByteArray &bytes);

    std::unique_ptr<QFileDevice> m_file;
    KeyFileFormat m_format = KeyFileFormat::Lines;
    qint64 m_written = 0, m_listIndex = 0;
    QThreadPool m_pool; ///< of one thread
};

/// A key, a command, or what is wrong with a line.
struct KeyFileItem
{
    qint64 line = 0; ///< counted from 1
    Result<KeyLine> read; ///< Lines
    Command command; ///< Commands
};

/// Reads what KeyFileWriter wrote, or a file of commands as redis-cli reads them: CR LF, a byte order mark, empty lines
/// and lines that begin with # are no matter. On a thread of its own; use from one coroutine.
class KeyFileReader final
{
    Q_DISABLE_COPY_MOVE(KeyFileReader)
public:
    using Ptr = std::shared_ptr<KeyFileReader>;
    /// A longer line is refused.
    static constexpr qint64 longestLine = 1 << 30;

    /// `path` "-": standard input. What kind of file it is tells its first line.
    [[nodiscard]] static Result<Ptr> open(const QString &path);
    [[nodiscard]] KeyFileFormat format() const { return m_format; }
    [[nodiscard]] qint64 size() const { return m_file.isSequential() ? -1 : m_file.size(); } ///< -1: not known
    [[nodiscard]] qint64 bytesRead() const { return m_bytesRead; } ///< between two calls of next()
    [[nodiscard]] qint64 linesRead() const { return m_line; } ///< likewise

    /// The next lines, some 200 or some megabytes; none at the end.
    [[nodiscard]] static QCoro::Task<Result<std::vector<KeyFileItem>>> next(Ptr self);

private:
    KeyFileReader() = default;
    [[nodiscard]] Result<std::vector<KeyFileItem>> read();
    [[nodiscard]] Result<QByteArray> readLine();

    QFile m_file;
    KeyFileFormat m_format = KeyFileFormat::Lines;
    qint64 m_line = 0, m_bytesRead = 0;
    QThreadPool m_pool; ///< of one thread
};

} // namespace slotscope
