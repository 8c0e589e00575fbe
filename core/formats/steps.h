// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/cursor.h"
#include "core/formats/limits.h"

namespace slotscope {

/// Result of an unwrapping step; after a problem, the output before it.
struct Unwrapped
{
    QByteArray bytes;
    std::optional<FormatProblem> problem;
    QList<FormatNote> notes;

    void fail(qsizetype offset, const QString &words)
    {
        if (!problem)
            problem = FormatProblem{.step = 0, .offset = offset, .line = 0, .column = 0, .words = words};
    }
    void note(const QString &text) { notes += {FormatNote::Kind::Info, text}; }
    /// Returns false if a limit is exceeded.
    bool append(QByteArrayView more, FormatBudget &budget)
    {
        if (!budget.takeOutput(more.size()))
            return false;
        bytes.append(more);
        return true;
    }
};

/// Text for the user: why decoding was stopped.
[[nodiscard]] QString spentWords(const FormatBudget &budget);

[[nodiscard]] Unwrapped unwrap(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget);
/// The reverse of unwrap(). `original` is the input of unwrap(), from which headers, prefixes and levels are taken.
[[nodiscard]] Result<QByteArray> wrap(const FormatStep &step, QByteArrayView inner, QByteArrayView original);

// one pair of functions per library
[[nodiscard]] Unwrapped inflateBytes(FormatId id, QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> deflateBytes(FormatId id, QByteArrayView inner, QByteArrayView original);
[[nodiscard]] Unwrapped unZstd(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toZstd(QByteArrayView inner, QByteArrayView original);
[[nodiscard]] Unwrapped unLz4Frame(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toLz4Frame(QByteArrayView inner);
[[nodiscard]] Unwrapped unLz4Block(const QString &option, QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toLz4Block(const QString &option, QByteArrayView inner);
[[nodiscard]] Unwrapped unSnappy(const QString &option, QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toSnappy(const QString &option, QByteArrayView inner);
[[nodiscard]] Unwrapped unBrotli(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toBrotli(QByteArrayView inner);
[[nodiscard]] Unwrapped unLzf(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> toLzf(QByteArrayView inner);
/// The byte that phpredis writes before an LZ4 block, a CRC of the four size bytes.
[[nodiscard]] quint8 phpredisCrc(QByteArrayView sizeBytes);

} // namespace slotscope
