// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <memory>
#include <optional>

struct redisReader;

namespace slotscope {

/// Limits for one reply. Exceeding one gives Error::Code::LimitExceeded and ends the connection.
struct ReaderLimits
{
    int depth = 64; ///< nesting depth of aggregates
    qint64 elements = 64 * 1024 * 1024; ///< elements of one reply on all levels together
    qint64 bulkLength = 512LL * 1024 * 1024; ///< bytes of one string
    /// Memory of one reply: its strings plus the space for each element.
    qint64 replyBytes = 1024LL * 1024 * 1024;
};

/// Incremental RESP parser based on hiredis' redisReader with our own object functions, so that replies are built
/// directly as Value. Any thread, one at a time; uses no socket.
class Reader
{
    Q_DISABLE_COPY_MOVE(Reader)
public:
    explicit Reader(ReaderLimits limits = {});
    ~Reader();

    enum class Step : quint8 { Value, NeedsMore, Failed };
    /// Number of bytes to feed at once, because hiredis moves the rest of its buffer after each kilobyte read.
    static constexpr qsizetype feedSize = 8 * 1024;

    /// Adds received bytes.
    void feed(QByteArrayView bytes);
    /// Continues parsing. After Value, value() has the result. After Failed, error() has the reason, and the reader
    /// must not be used any more.
    [[nodiscard]] Step advance();
    /// The value may be moved from.
    [[nodiscard]] Value &value();
    [[nodiscard]] const Error &error() const;
    /// Combines advance() and its results: the next complete value, nullopt if more bytes are needed, or an error after
    /// which the reader must not be used. A top-level attribute ('|') is returned as a value before the reply it
    /// describes. Attributes inside a reply are dropped, so that items keep their positions.
    [[nodiscard]] Result<std::optional<Value>> next();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace slotscope
