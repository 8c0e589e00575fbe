// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/transfer/keypiece.h"

#include <QPointer>

namespace slotscope {

/// What reading one key came to.
struct KeyRead
{
    enum class Kind : quint8 {
        Whole, ///< `piece` is all of it
        Long, ///< `piece` is not filled: it is read in parts, by KeyPieceReader::begin()
        Gone, ///< there is no such key (any more)
        Failed,
    };
    Kind kind = Kind::Failed;
    KeyPiece piece;
    Error error;
};

/// Reads whole keys, to be carried elsewhere: many short ones in one pipeline to each owner, a long one in parts. Over
/// connections on which looking leaves no trace, where the server has that. On the session's thread.
class KeyPieceReader final
{
    Q_DISABLE_COPY_MOVE(KeyPieceReader)
public:
    enum class Form : quint8 {
        Value, ///< element by element; a type that only a module knows as its payload
        Payload, ///< what DUMP gives
    };
    /// `database` -1: the target's.
    KeyPieceReader(QPointer<ClusterSession> session, int database, Form form);
    ~KeyPieceReader();

    /// In the order of the keys. An Error only where there is no view of the cluster.
    [[nodiscard]] QCoro::Task<Result<std::vector<KeyRead>>> read(QByteArrayList keys);

    /// A long key that is being read. It is watched meanwhile, so that its last part can say whether it was changed.
    struct LongRead;
    using LongPtr = std::shared_ptr<LongRead>;
    [[nodiscard]] QCoro::Task<Result<LongPtr>> begin(QByteArray key);
    /// The next part. Where the key's slot moved meanwhile it begins again with part 0, a few times at most: what came
    /// before of this key is void then. Error::Outdated: the key is gone.
    [[nodiscard]] QCoro::Task<Result<KeyPiece>> next(LongPtr reading);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
