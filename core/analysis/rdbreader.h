// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

class QIODevice;

namespace slotscope {

/// A key of an RDB file.
struct RdbKey
{
    QByteArray name;
    QByteArray type; ///< as TYPE says it; of a module's value its own name, "ReJSON-RL"
    QByteArray encoding; ///< as OBJECT ENCODING says it of a server that has just read it; empty: not known
    int database = 0;
    qint64 expiresAt = -1; ///< ms since 1970; -1: never
    qint64 idleSeconds = -1;
    int frequency = -1;
    qint64 elements = 0; ///< bytes of a string; -1: not told (a module's value)
    qint64 memory = 0; ///< about so many bytes, as MEMORY USAGE counts them; -1: not known
    qint64 offset = 0; ///< of its type in the file
};

/// What the file says of itself.
struct RdbSummary
{
    QByteArray header; ///< "REDIS0012", "VALKEY080"
    int version = 0; ///< of its form
    bool isValkey = false;
    QByteArray serverVersion; ///< "7.0.15"; empty: not told
    qint64 writtenAt = -1; ///< ms since 1970; -1: not told
    qint64 usedMemory = -1; ///< of the server that wrote it
    bool hasChecksum = false; ///< it has one, and it is right; false: the server wrote none (rdbchecksum no)
    qint64 keys = 0, functions = 0, bytes = 0;
};

/// Reads RDB files of Redis (versions 1 to 12, and of later ones what they have in common with it) and Valkey (11, 80)
/// from front to back, in a few MB of memory whatever their size. Any thread.
class RdbReader final
{
public:
    static constexpr int newestRedis = 16, valkeyVersion = 80;

    using TakeKey = std::function<void(const RdbKey &, const RdbSummary &)>; ///< what stands before the key
    using GoOn = std::function<bool(qint64 read, qint64 size)>; ///< called now and then; false ends it: Cancelled

    /// `takeKey` is called for each key in its order. What is damaged or not known is an Error with its offset, after
    /// the keys before it. A checksum that is wrong is an Error after all keys.
    [[nodiscard]] static Result<RdbSummary> read(const QString &path, const TakeKey &takeKey, const GoOn &goOn = {});
    /// The same of an open device that is not sequential; `name` is told with its errors.
    [[nodiscard]] static Result<RdbSummary> read(QIODevice &file, const QString &name, const TakeKey &takeKey,
                                                 const GoOn &goOn = {});
};

} // namespace slotscope
