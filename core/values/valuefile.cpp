// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a string to a file.
#include "core/base/tr.h"
#include "core/values/editlink.h"
#include "core/values/valuereader.h"

#include <QCoro/QCoroFuture>

#include <QFileInfo>
#include <QSaveFile>
#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 bytesAtOnce = 1 << 20;

/// A file is replaced once all is written. A pipe or device is written to, and never replaced. Not open on error.
std::shared_ptr<QFileDevice> openForWriting(const QString &path)
{
    if (const QFileInfo info(path); info.exists() && !info.isFile()) {
        auto device = std::make_shared<QFile>(path);
        std::ignore = device->open(QIODevice::WriteOnly | QIODevice::ExistingOnly | QIODevice::Unbuffered);
        return device;
    }
    auto file = std::make_shared<QSaveFile>(path);
    if (file->open(QIODevice::WriteOnly))
        std::ignore = file->setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return file;
}

bool finish(QFileDevice &file)
{
    if (auto *saved = qobject_cast<QSaveFile *>(&file))
        return saved->commit();
    file.close();
    return file.error() == QFileDevice::NoError;
}

Error changedMeanwhile(const QString &path)
{
    return {.code = Error::Code::Io,
            .detail = tr("%1 was not written: the value changed while it was read. Try again.").arg(path),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

} // namespace

QCoro::Task<Result<qint64>> ValueReader::toFile(QByteArray key, QString path)
{
    const std::shared_ptr<QFileDevice> file = openForWriting(path);
    if (!file->isOpen())
        co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
    const QByteArrayList watched(1, key);
    const auto link = co_await watching(m_session, watched, m_database);
    if (!link)
        co_return failure(link.error());
    const Result<Value> exists = co_await askOver(*link, commandOf("EXISTS", key));
    const Result<Value> length = co_await askOver(*link, commandOf("STRLEN", key));
    if (!exists || !length)
        co_return failure(exists ? length.error() : exists.error());
    if (exists->toInteger() == 0)
        co_return failure(Error::Code::Io, tr("%1 was not written: the key no longer exists").arg(path));
    const qint64 total = length->toInteger();
    qint64 written = 0;
    while (written < total) {
        const QByteArray first = QByteArray::number(written), last = QByteArray::number(written + bytesAtOnce - 1);
        const Result<Value> part = co_await askOver(*link, commandOf("GETRANGE", key, first, last));
        if (!part)
            co_return failure(part.error());
        const QByteArray bytes = part->bytes();
        if (bytes.isEmpty() || bytes.size() > bytesAtOnce)
            co_return failure(changedMeanwhile(path));
        QFuture<bool> writing = QtConcurrent::run([file, bytes] { return file->write(bytes) == bytes.size(); });
        const bool isWritten = co_await writing;
        if (!isWritten)
            co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
        written += bytes.size();
    }
    const std::vector<Command> nothing{{"MULTI"_ba}, {"EXEC"_ba}};
    const auto unchanged = co_await (*link)->sendAll(nothing);
    if (!unchanged)
        co_return failure(unchanged.error());
    if (unchanged->back().isNull())
        co_return failure(changedMeanwhile(path));
    if (const auto error = errorOf(unchanged->back(), (*link)->endpoint().toString(), u"EXEC"_s))
        co_return failure(*error);
    QFuture<bool> committing = QtConcurrent::run([file] { return finish(*file); }); // it waits for the disk
    const bool isSaved = co_await committing;
    if (!isSaved)
        co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
    co_return Result<qint64>(written);
}

} // namespace slotscope
