// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/transfer/keypiece.h"

#include <QPointer>

namespace slotscope {

/// What to do with a key that exists on the target.
enum class OnConflict : quint8 { Skip, Replace };

/// Result of writing one key.
struct KeyWritten
{
    enum class Kind : quint8 {
        Written,
        Exists, ///< the target has a key of that name, which was left unchanged
        Expired, ///< its time to live was already over
        Failed,
    };
    Kind kind = Kind::Failed;
    Error error;
};

/// Writes complete keys. A value is built under a temporary name and renamed in one step, so nobody ever sees half of
/// it, and a replaced key exists all the time. Temporary keys left by a crash expire within a day. On the session's
/// thread.
class KeyPieceWriter final
{
    Q_DISABLE_COPY_MOVE(KeyPieceWriter)
public:
    /// `database` -1: the connection's. The caller must have asked the gate (gateSample()).
    KeyPieceWriter(QPointer<ClusterSession> session, int database, OnConflict conflict, UserConsent consent);
    ~KeyPieceWriter();

    /// One command of each kind that is sent, for askGate().
    [[nodiscard]] static QList<Command> gateSample();

    /// Writes keys that are complete in one piece each, pipelined to their owners; returns results in order.
    [[nodiscard]] QCoro::Task<std::vector<KeyWritten>> write(std::vector<KeyPiece> pieces);

    /// A key being written in parts.
    struct LongWrite;
    using LongPtr = std::shared_ptr<LongWrite>;
    /// Writes the next part; part 0 starts anew. After the last part, renames the value and returns the outcome;
    /// nullopt before.
    [[nodiscard]] QCoro::Task<std::optional<KeyWritten>> add(LongPtr writing, KeyPiece piece);
    [[nodiscard]] static LongPtr begin();
    /// Deletes what was built of a key that will not be completed.
    [[nodiscard]] QCoro::Task<> drop(LongPtr writing);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
