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

/// Writes pieces to a file on a separate thread, so that a slow disk delays nothing else. The file has a temporary name
/// until it is finished. Use from one coroutine.
class KeyFileWriter final
{
    Q_DISABLE_COPY_MOVE(KeyFileWriter)
public:
    using Ptr = std::shared_ptr<KeyFileWriter>;
    /// Creates a file readable only by its owner; `path` "-" means standard output.
    [[nodiscard]] static Result<Ptr> open(const QString &path, KeyFileFormat format);
    ~KeyFileWriter();

    /// Writes pieces and returns the total number of bytes written so far.
    [[nodiscard]] static QCoro::Task<Result<qint64>> write(Ptr self, std::vector<KeyPiece> pieces);
    /// Finishes the file. `keys` is the number of keys in it; nullopt if the export was stopped, which leaves out the
    /// last line.
    [[nodiscard]] static QCoro::Task<Result<>> finish(Ptr self, std::optional<qint64> keys);

private:
    KeyFileWriter() = default;
    [[nodiscard]] Result<qint64> put(const std::vector<KeyPiece> &pieces);
    [[nodiscard]] Result<> close(std::optional<qint64> keys);
    [[nodiscard]] Result<> write(const QByteArray &bytes);

    std::unique_ptr<QFileDevice> m_file;
    KeyFileFormat m_format = KeyFileFormat::Lines;
    qint64 m_written = 0, m_listIndex = 0;
    QThreadPool m_pool; ///< with a single thread
};

/// A key, a command, or the error of a line.
struct KeyFileItem
{
    qint64 line = 0; ///< counted from 1
    Result<KeyLine> read; ///< for format Lines
    Command command; ///< for format Commands
};

/// Reads a file made by KeyFileWriter, or a file of commands for redis-cli. Accepts CR LF, a byte order mark, empty
/// lines and lines that start with #. Uses a separate thread; use from one coroutine.
class KeyFileReader final
{
    Q_DISABLE_COPY_MOVE(KeyFileReader)
public:
    using Ptr = std::shared_ptr<KeyFileReader>;
    /// Longer lines are refused.
    static constexpr qint64 longestLine = 1 << 30;

    /// `path` "-" means standard input. The first line determines the format.
    [[nodiscard]] static Result<Ptr> open(const QString &path);
    [[nodiscard]] KeyFileFormat format() const { return m_format; }
    [[nodiscard]] qint64 size() const { return m_file.isSequential() ? -1 : m_file.size(); } ///< -1: unknown
    [[nodiscard]] qint64 bytesRead() const { return m_bytesRead; } ///< valid between calls of next()
    [[nodiscard]] qint64 linesRead() const { return m_line; } ///< valid between calls of next()

    /// Returns the next lines, about 200 or some megabytes; an empty list at the end.
    [[nodiscard]] static QCoro::Task<Result<std::vector<KeyFileItem>>> next(Ptr self);

private:
    KeyFileReader() = default;
    [[nodiscard]] Result<std::vector<KeyFileItem>> read();
    [[nodiscard]] Result<QByteArray> readLine();

    QFile m_file;
    KeyFileFormat m_format = KeyFileFormat::Lines;
    qint64 m_line = 0, m_bytesRead = 0;
    QThreadPool m_pool; ///< with a single thread
};

} // namespace slotscope
