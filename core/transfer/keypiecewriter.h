// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/transfer/keypiece.h"

#include <QPointer>

namespace slotscope {

/// What becomes of a key that the target has already.
enum class OnConflict : quint8 { Skip, Replace };

/// What writing one key came to.
struct KeyWritten
{
    enum class Kind : quint8 {
        Written,
        Exists, ///< the target has a key of that name; it was left as it is
        Expired, ///< its time to live was over already
        Failed,
    };
    Kind kind = Kind::Failed;
    Error error;
};

/// Writes whole keys: a value is built under a temporary name beside the key and takes the key's name in one step, so
/// nobody ever sees half of it, and a key that is replaced is there all the time. What a crash leaves under such a name
/// goes by itself within a day. On the session's thread.
class KeyPieceWriter final
{
    Q_DISABLE_COPY_MOVE(KeyPieceWriter)
public:
    /// `database` -1: the target's. The caller has asked the gate (gateSample()).
    KeyPieceWriter(QPointer<ClusterSession> session, int database, OnConflict conflict, UserConsent consent);
    ~KeyPieceWriter();

    /// One command of each kind that is sent, for askGate().
    [[nodiscard]] static QList<Command> gateSample();

    /// Keys that stand whole in one piece each; in their order. Pipelined to the owner of each.
    [[nodiscard]] QCoro::Task<std::vector<KeyWritten>> write(std::vector<KeyPiece> pieces);

    /// A key that comes in parts.
    struct LongWrite;
    using LongPtr = std::shared_ptr<LongWrite>;
    /// The next part; part 0 begins anew. The last part gives the value its name, and the outcome. Nothing: it goes on.
    [[nodiscard]] QCoro::Task<std::optional<KeyWritten>> add(LongPtr writing, KeyPiece piece);
    [[nodiscard]] static LongPtr begin();
    /// Lets go of what was built of a key that did not come whole.
    [[nodiscard]] QCoro::Task<> drop(LongPtr writing);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
