// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <QFlags>

namespace slotscope {

enum class KeyFact : quint8 {
    Type = 1, ///< always read
    Ttl = 2,
    Memory = 4,
    Length = 8, ///< only where the server has CLIENT NO-TOUCH: asking for it would make the key look used
    Encoding = 16,
    Idle = 32,
};
Q_DECLARE_FLAGS(KeyFactSet, KeyFact)
Q_DECLARE_OPERATORS_FOR_FLAGS(KeyFactSet)

/// What was read of one key. What was not asked for, or not told, is absent.
struct KeyFacts
{
    QByteArray type; ///< as TYPE says it: "none" where the key is gone; empty: not read
    std::optional<qint64> ttlMs; ///< -1: none, -2: the key is gone
    qint64 readAt = 0; ///< steadyMs()
    std::optional<qint64> memory; ///< bytes, of a few samples of what it holds
    std::optional<qint64> length; ///< elements; bytes of a string
    QByteArray encoding;
    std::optional<qint64> idleSeconds;
    QString problem; ///< the refusal, in the server's words
    KeyFactSet tried; ///< what was asked for, told or not

    void take(const KeyFacts &newer);
};

/// Reads facts of keys: pipelined to the owner of each, and never a command whose time grows with what a key holds.
/// Over connections of its own on which looking leaves no trace, where the server has that; the idle time is asked for
/// before anything else. On the session's thread.
class KeyFactsReader final
{
    Q_DISABLE_COPY_MOVE(KeyFactsReader)
public:
    explicit KeyFactsReader(QPointer<ClusterSession> session);
    ~KeyFactsReader();

    /// In the order of the keys. A key that could not be read has its `problem`.
    [[nodiscard]] QCoro::Task<Result<std::vector<KeyFacts>>> read(QByteArrayList keys, KeyFactSet wanted, int database);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
