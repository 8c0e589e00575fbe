// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/values/valuehead.h"
#include "core/values/valuewindow.h"

#include <QPointer>

namespace slotscope {

/// Reads the value of a key by windows: never more of it than is asked for, and without setting its idle time back
/// where the server can do that. A service for Remote; lives on the session's thread. Errors name node and command.
class ValueReader final
{
public:
    explicit ValueReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Database of all that is asked from now on; -1: the connection's.
    void setDatabase(int database) { m_database = database; }

    [[nodiscard]] QCoro::Task<Result<ValueHead>> head(QByteArray key);
    /// Bytes `first` … `last` of a string, both included, as GETRANGE counts.
    [[nodiscard]] QCoro::Task<Result<QByteArray>> bytes(QByteArray key, qint64 first, qint64 last);
    /// Elements of a list (by index) or a sorted set (by rank), `first` … `last`, both included; with the total.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> range(QByteArray key, ValueType type, qint64 first, qint64 last,
                                                         bool reversed);
    /// The next elements of a hash, set or sorted set as HSCAN, SSCAN, ZSCAN give them: an element may come twice.
    /// `cursor`: "0" begins. `match`: a glob pattern, empty: all.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> scan(QByteArray key, ValueType type, QByteArray cursor,
                                                        QByteArray match, int count);
    /// Entries of a stream from id `from` to id `to` ("-" and "+" are its ends), in the order asked for.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> entries(QByteArray key, QByteArray from, QByteArray to, int count,
                                                           bool newestFirst);
    /// The whole of one element's value: of a field, or of a list's item by its index. Null where it is gone.
    [[nodiscard]] QCoro::Task<Result<std::optional<QByteArray>>> element(QByteArray key, ValueType type,
                                                                         QByteArray nameOrIndex);
    /// Milliseconds that each field still lives; -1 for ever, -2 gone.
    [[nodiscard]] QCoro::Task<Result<QList<qint64>>> fieldTtls(QByteArray key, QByteArrayList fields);
    /// The document of a JSON value, as the server writes it.
    [[nodiscard]] QCoro::Task<Result<QByteArray>> document(QByteArray key);

    [[nodiscard]] QCoro::Task<Result<QList<StreamGroup>>> groups(QByteArray key);
    [[nodiscard]] QCoro::Task<Result<QList<StreamConsumer>>> consumers(QByteArray key, QByteArray group);
    /// Up to `count` entries of a group, of one consumer where it is not empty, that wait for XACK.
    [[nodiscard]] QCoro::Task<Result<QList<PendingEntry>>> pending(QByteArray key, QByteArray group,
                                                                   QByteArray consumer, int count);

private:
    [[nodiscard]] QCoro::Task<Result<Value>> ask(Command command);

    QPointer<ClusterSession> m_session;
    int m_database = -1;
};

/// Rows of a reply to LRANGE, ZRANGE WITHSCORES (RESP2 and RESP3), and of the list in an HSCAN, SSCAN or ZSCAN reply.
[[nodiscard]] std::vector<ValueRow> rowsOf(ValueType type, const Value &items);
/// Entries of XRANGE, XREVRANGE; one whose fields are null (deleted, RESP2 of old servers) has none.
[[nodiscard]] std::vector<ValueRow> entriesOf(const Value &items);

} // namespace slotscope
