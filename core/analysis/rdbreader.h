// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

class QIODevice;

namespace slotscope {

/// A key in an RDB file.
struct RdbKey
{
    QByteArray name;
    QByteArray type; ///< as reported by TYPE; for a module type its own name, "ReJSON-RL"
    QByteArray encoding; ///< as reported by OBJECT ENCODING after loading the file; empty: unknown
    int database = 0;
    qint64 expiresAt = -1; ///< ms since 1970; -1: never
    qint64 idleSeconds = -1;
    int frequency = -1;
    qint64 elements = 0; ///< bytes for a string; -1: unknown (module type)
    qint64 memory = 0; ///< approximate bytes as counted by MEMORY USAGE; -1: unknown
    qint64 offset = 0; ///< offset of the key's type byte in the file
};

/// What the file contains about itself.
struct RdbSummary
{
    QByteArray header; ///< such as "REDIS0012", "VALKEY080"
    int version = 0; ///< RDB version
    bool isValkey = false;
    QByteArray serverVersion; ///< such as "7.0.15"; empty: unknown
    qint64 writtenAt = -1; ///< ms since 1970; -1: unknown
    qint64 usedMemory = -1; ///< used_memory of the server that wrote it
    bool hasChecksum = false; ///< it has a correct checksum; false: the server wrote none (rdbchecksum no)
    qint64 keys = 0, functions = 0, bytes = 0;
};

/// Reads RDB files of Redis (versions 1 to 12, and what later ones have in common with them) and Valkey (11, 80)
/// sequentially, in a few MB of memory whatever their size. Any thread.
class RdbReader final
{
public:
    static constexpr int newestRedis = 16, valkeyVersion = 80;

    /// receives the summary of everything before the key
    using TakeKey = std::function<void(const RdbKey &, const RdbSummary &)>;
    /// called now and then; returning false ends reading with Cancelled
    using GoOn = std::function<bool(qint64 read, qint64 size)>;

    /// Calls `takeKey` for each key in order. Damage or an unknown format gives an Error with its offset, after the
    /// keys before it; a wrong checksum gives an Error after all keys.
    [[nodiscard]] static Result<RdbSummary> read(const QString &path, const TakeKey &takeKey, const GoOn &goOn = {});
    /// The same for an open device that is not sequential; `name` is used in errors.
    [[nodiscard]] static Result<RdbSummary> read(QIODevice &file, const QString &name, const TakeKey &takeKey,
                                                 const GoOn &goOn = {});
};

} // namespace slotscope
