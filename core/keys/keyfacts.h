// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QFlags>

namespace slotscope {

enum class KeyFact : quint8 {
    Type = 1, ///< always read
    Ttl = 2,
    Memory = 4,
    Length = 8, ///< only if the server has CLIENT NO-TOUCH, because the query would otherwise count as an access
    Encoding = 16,
    Idle = 32,
};
Q_DECLARE_FLAGS(KeyFactSet, KeyFact)
Q_DECLARE_OPERATORS_FOR_FLAGS(KeyFactSet)

/// Facts read about one key. A fact that was not queried, or not reported, is missing.
struct KeyFacts
{
    QByteArray type; ///< as reported by TYPE: "none" if the key is gone; empty: not read
    std::optional<qint64> ttlMs; ///< -1: none, -2: the key is gone
    qint64 readAt = 0; ///< steadyMs()
    std::optional<qint64> memory; ///< bytes, estimated from a few samples of its content
    std::optional<qint64> length; ///< number of elements; bytes for a string
    QByteArray encoding;
    std::optional<qint64> idleSeconds;
    QString problem; ///< the server's error message if a query was refused
    KeyFactSet tried; ///< the facts queried, whether reported or not

    void take(const KeyFacts &newer);
};

/// Reads facts about keys, pipelined to the owner of each key. Never uses a command whose time grows with the size of a
/// value. Uses its own connections, on which reads do not count as accesses if the server supports that. The idle time
/// is queried first. On the session's thread.
class KeyFactsReader final
{
    Q_DISABLE_COPY_MOVE(KeyFactsReader)
public:
    explicit KeyFactsReader(QPointer<ClusterSession> session);
    ~KeyFactsReader();

    /// Returns facts in the order of the keys. A key that could not be read has its `problem` set.
    [[nodiscard]] QCoro::Task<Result<std::vector<KeyFacts>>> read(QByteArrayList keys, KeyFactSet wanted, int database);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
