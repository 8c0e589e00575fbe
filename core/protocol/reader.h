// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/protocol/value.h"

#include <memory>
#include <optional>

struct redisReader;

namespace slotscope {

/// Bounds on what one reply may hold; a breach is Error::Code::LimitExceeded and ends the connection.
struct ReaderLimits
{
    int depth = 64; ///< nesting of aggregates
    qint64 elements = 64 * 1024 * 1024; ///< elements of one reply, all levels together
    qint64 bulkLength = 512LL * 1024 * 1024; ///< bytes of one string
    /// Memory of one reply: the bytes of its strings, and the room that each element takes.
    qint64 replyBytes = 1024LL * 1024 * 1024;
};

/// Incremental RESP parser on hiredis's redisReader with our own object functions: a reply is built once, straight into
/// Value. Any thread, one at a time; no socket.
class Reader
{
    Q_DISABLE_COPY_MOVE(Reader)
public:
    explicit Reader(ReaderLimits limits = {});
    ~Reader();

    enum class Step : quint8 { Value, NeedsMore, Failed };
    /// Bytes to feed at once where more are at hand: hiredis moves what is left of its buffer each kilobyte it has
    /// read.
    static constexpr qsizetype feedSize = 8 * 1024;

    /// Adds bytes from the wire.
    void feed(QByteArrayView bytes);
    /// Reads on. After Value, value() holds what came; after Failed, error() says why and the reader must not be used.
    [[nodiscard]] Step advance();
    /// May be moved from.
    [[nodiscard]] Value &value();
    [[nodiscard]] const Error &error() const;
    /// advance() in one result. A top-level attribute ('|') comes as a value of its own, before the reply that it
    /// annotates; one inside a reply is left out, so that items keep their places. Next complete value, nothing when
    /// more bytes are needed, or an error after which the reader must not be used.
    [[nodiscard]] Result<std::optional<Value>> next();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace slotscope
