// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/transfer/keypiece.h"

#include <QPointer>

namespace slotscope {

/// Result of reading one key.
struct KeyRead
{
    enum class Kind : quint8 {
        Whole, ///< `piece` contains the complete value
        Long, ///< `piece` is empty; read the key in parts with KeyPieceReader::begin()
        Gone, ///< the key does not exist (any more)
        Failed,
    };
    Kind kind = Kind::Failed;
    KeyPiece piece;
    Error error;
};

/// Reads complete keys for transfer: many short ones in one pipeline to each owner, a long one in parts. Uses
/// connections on which reads do not count as accesses, if the server supports that. On the session's thread.
class KeyPieceReader final
{
    Q_DISABLE_COPY_MOVE(KeyPieceReader)
public:
    enum class Form : quint8 {
        Value, ///< element by element; module types as payload
        Payload, ///< as DUMP payload
    };
    /// `database` -1: the connection's.
    KeyPieceReader(QPointer<ClusterSession> session, int database, Form form);
    ~KeyPieceReader();

    /// Returns the keys in order. An Error means that there is no cluster view.
    [[nodiscard]] QCoro::Task<Result<std::vector<KeyRead>>> read(QByteArrayList keys);

    /// A long key being read. It is watched, so that the last part can say whether it was changed.
    struct LongRead;
    using LongPtr = std::shared_ptr<LongRead>;
    [[nodiscard]] QCoro::Task<Result<LongPtr>> begin(QByteArray key);
    /// Returns the next part. If the key's slot has moved, starts again with part 0, a few times at most; earlier parts
    /// of this key are then invalid. Error::Outdated if the key is gone.
    [[nodiscard]] QCoro::Task<Result<KeyPiece>> next(LongPtr reading);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
