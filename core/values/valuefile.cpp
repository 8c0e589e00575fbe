// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a string to a file.
#include "core/base/tr.h"
#include "core/values/editlink.h"
#include "core/values/valuereader.h"

#include <QSaveFile>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 bytesAtOnce = 1 << 20;

} // namespace

QCoro::Task<Result<qint64>> ValueReader::toFile(QByteArray key, QString path)
{
    const auto file = std::make_shared<QSaveFile>(path);
    if (!file->open(QIODevice::WriteOnly))
        co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
    const QByteArrayList watched(1, key);
    const auto link = co_await watching(m_session, watched, m_database);
    if (!link)
        co_return failure(link.error());
    qint64 written = 0;
    for (bool isLast = false; !isLast;) {
        const QByteArray first = QByteArray::number(written), last = QByteArray::number(written + bytesAtOnce - 1);
        const Result<Value> part = co_await askOver(*link, commandOf("GETRANGE", key, first, last));
        if (!part)
            co_return failure(part.error());
        const QByteArray &bytes = part->bytes();
        if (file->write(bytes) != bytes.size())
            co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
        written += bytes.size();
        isLast = bytes.size() < bytesAtOnce;
    }
    const std::vector<Command> nothing{{"MULTI"_ba}, {"EXEC"_ba}};
    const auto unchanged = co_await (*link)->sendAll(nothing);
    if (!unchanged)
        co_return failure(unchanged.error());
    if (unchanged->back().isNull())
        co_return failure(Error::Code::Io,
                          tr("%1 was not written: the value changed while it was read. Try again.").arg(path));
    if (const auto error = errorOf(unchanged->back(), (*link)->endpoint().toString(), u"EXEC"_s))
        co_return failure(*error);
    if (!file->commit())
        co_return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file->errorString()));
    co_return Result<qint64>(written);
}

} // namespace slotscope
