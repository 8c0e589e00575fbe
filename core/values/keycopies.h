// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/values/valuehead.h"

#include <QPointer>

namespace slotscope {

/// What one node of the key's shard holds of a key.
struct KeyCopy
{
    enum class Match : quint8 {
        Itself, ///< the primary, with which the others are compared
        Same,
        Differs, ///< also after it was read a second time
        TooBig, ///< above KeyCopies::mostCompared bytes: only type, length and time to live were read
        Unknown, ///< the node or the primary could not be read, see `error`
    };
    QByteArray nodeId;
    QString nodeName;
    bool isReplica = false;
    QByteArray typeWord; ///< as TYPE reports it; "none": the key does not exist on this node
    qint64 ttlMs = -1; ///< as of reading; -1: no expiry, -2: the key does not exist
    qint64 length = -1; ///< bytes of a string, else number of elements; -1: unknown
    Match match = Match::Unknown;
    std::optional<Error> error = {};
};

struct KeyCopies
{
    static constexpr qint64 mostCompared = 16 << 20; ///< bytes by MEMORY USAGE
    QByteArray key;
    std::vector<KeyCopy> nodes; ///< the primary first
};

/// What the comparison of a copy with the primary found: "same value as the primary", ….
[[nodiscard]] QString matchText(const KeyCopy &copy);

/// Reads a key on the primary and on each replica of its shard, and compares the values. Replication is asynchronous:
/// a copy that differs is read again after a moment, before it counts as different. Does not mark the key as used if
/// the server supports that. A service for Remote; lives on the session's thread.
class KeyCopiesReader final
{
public:
    explicit KeyCopiesReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// `database` -1 means that of the connection. Error if there is no view yet or no primary serves the key.
    [[nodiscard]] QCoro::Task<Result<KeyCopies>> read(QByteArray key, int database);

private:
    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
