// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/transferfile.h"

#include "core/base/tr.h"

#include <QCoro/QCoroFuture>
#include <QFileInfo>
#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr size_t linesAtOnce = 200;
constexpr qint64 bytesOfLines = 4 << 20;

Error fileProblem(const QFileDevice &file, const QString &path)
{
    return {.code = Error::Code::Io,
            .detail = path + u": "_s + file.errorString(),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

} // namespace

Result<KeyFileWriter::Ptr> KeyFileWriter::open(const QString &path, KeyFileFormat format)
{
    const Ptr writer(new KeyFileWriter);
    writer->m_format = format;
    writer->m_pool.setMaxThreadCount(1);
    bool isOpen = false;
    // a pipe or device, which is never replaced
    const bool isDevice = QFileInfo::exists(path) && !QFileInfo(path).isFile();
    if (path == u"-" || isDevice) {
        auto file = std::make_unique<QFile>(path);
        isOpen = isDevice ? file->open(QIODevice::WriteOnly | QIODevice::ExistingOnly)
                          : file->open(stdout, QIODevice::WriteOnly);
        writer->m_file = std::move(file);
    } else {
        auto file = std::make_unique<QSaveFile>(path);
        isOpen =
            file->open(QIODevice::WriteOnly) && file->setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        writer->m_file = std::move(file);
    }
    if (!isOpen)
        return failure(fileProblem(*writer->m_file, path));
    const QByteArray start = format == KeyFileFormat::Lines ? headerLine() + '\n'
        : format == KeyFileFormat::Csv                      ? csvHeader()
                                                            : QByteArray();
    if (const Result<> begun = writer->write(start); !begun)
        return failure(begun.error());
    return writer;
}

KeyFileWriter::~KeyFileWriter()
{
    m_pool.waitForDone();
}

Result<> KeyFileWriter::write(const QByteArray &bytes)
{
    for (qint64 done = 0; done < bytes.size();) {
        const qint64 count = m_file->write(bytes.constData() + done, bytes.size() - done);
        if (count < 0)
            return failure(fileProblem(*m_file, m_file->fileName()));
        done += count;
    }
    m_written += bytes.size();
    return {};
}

Result<qint64> KeyFileWriter::put(const std::vector<KeyPiece> &pieces)
{
    QByteArray text;
    for (const KeyPiece &piece : pieces) {
        switch (m_format) {
        case KeyFileFormat::Lines: text += jsonLineOf(piece) + '\n'; break;
        case KeyFileFormat::Commands: text += commandLinesOf(piece); break;
        case KeyFileFormat::Csv:
            m_listIndex = piece.part == 0 ? 0 : m_listIndex;
            text += csvLinesOf(piece, m_listIndex);
            m_listIndex += qint64(piece.items.size());
            break;
        }
    }
    if (const Result<> done = write(text); !done)
        return failure(done.error());
    if (!m_file->flush()) // flush, so that a full disk is noticed immediately
        return failure(fileProblem(*m_file, m_file->fileName()));
    return m_written;
}

Result<> KeyFileWriter::close(std::optional<qint64> keys)
{
    if (m_format == KeyFileFormat::Lines && keys)
        if (const Result<> done = write(trailerLine(*keys) + '\n'); !done)
            return failure(done.error());
    auto *saved = qobject_cast<QSaveFile *>(m_file.get());
    if (saved ? !saved->commit() : !m_file->flush())
        return failure(fileProblem(*m_file, m_file->fileName()));
    return {};
}

QCoro::Task<Result<qint64>> KeyFileWriter::write(Ptr self, std::vector<KeyPiece> pieces)
{
    auto work =
        QtConcurrent::run(&self->m_pool, [self = self.get(), pieces = std::move(pieces)] { return self->put(pieces); });
    Result<qint64> done = co_await work;
    co_return done;
}

QCoro::Task<Result<>> KeyFileWriter::finish(Ptr self, std::optional<qint64> keys)
{
    auto work = QtConcurrent::run(&self->m_pool, [self = self.get(), keys] { return self->close(keys); });
    Result<> done = co_await work;
    co_return done;
}

Result<KeyFileReader::Ptr> KeyFileReader::open(const QString &path)
{
    const Ptr reader(new KeyFileReader);
    reader->m_pool.setMaxThreadCount(1);
    reader->m_file.setFileName(path);
    const bool isOpen =
        path == u"-" ? reader->m_file.open(stdin, QIODevice::ReadOnly) : reader->m_file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return failure(fileProblem(reader->m_file, path));
    QByteArray start = reader->m_file.peek(64);
    if (start.startsWith("\xef\xbb\xbf"))
        start.remove(0, 3);
    reader->m_format = start.trimmed().startsWith('{') ? KeyFileFormat::Lines : KeyFileFormat::Commands;
    return reader;
}

Result<QByteArray> KeyFileReader::readLine()
{
    QByteArray line = m_file.readLine(longestLine);
    if (line.isEmpty() && m_file.error() != QFileDevice::NoError)
        return failure(fileProblem(m_file, m_file.fileName()));
    if (line.size() >= longestLine - 1)
        return failure(Error::Code::LimitExceeded,
                       tr("line %1 is longer than %2 MB").arg(m_line + 1).arg(longestLine >> 20));
    m_bytesRead += line.size();
    ++m_line;
    if (m_line == 1 && line.startsWith("\xef\xbb\xbf"))
        line.remove(0, 3);
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    return line;
}

Result<std::vector<KeyFileItem>> KeyFileReader::read()
{
    std::vector<KeyFileItem> items;
    const qint64 start = m_bytesRead;
    while (items.size() < linesAtOnce && m_bytesRead - start < bytesOfLines && !m_file.atEnd()) {
        const Result<QByteArray> line = readLine();
        if (!line)
            return failure(line.error());
        const QByteArray trimmed = line->trimmed();
        if (trimmed.isEmpty() || (m_format == KeyFileFormat::Commands && trimmed.startsWith('#')))
            continue;
        KeyFileItem item{.line = m_line, .read = KeyLine(), .command = {}};
        if (m_format == KeyFileFormat::Lines) {
            item.read = keyLineOf(*line);
        } else if (const Result<Command> command = parseCommandLine(*line); !command) {
            item.read = failure(command.error());
        } else {
            item.command = *command;
        }
        items.push_back(std::move(item));
    }
    return items;
}

QCoro::Task<Result<std::vector<KeyFileItem>>> KeyFileReader::next(Ptr self)
{
    auto work = QtConcurrent::run(&self->m_pool, [self = self.get()] { return self->read(); });
    Result<std::vector<KeyFileItem>> items = co_await work;
    co_return items;
}

} // namespace slotscope
