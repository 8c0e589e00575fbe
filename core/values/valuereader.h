// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/values/valuehead.h"
#include "core/values/valuewindow.h"

#include <QPointer>

namespace slotscope {

/// Reads the value of a key in parts, never more than requested, and without resetting its idle time if the server
/// supports that. A service for Remote; lives on the session's thread. Errors contain node and command.
class ValueReader final
{
public:
    explicit ValueReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Database of all later requests; -1: the connection's.
    void setDatabase(int database) { m_database = database; }

    [[nodiscard]] QCoro::Task<Result<ValueHead>> head(QByteArray key);
    /// Bytes `first` … `last` of a string, both included, as in GETRANGE.
    [[nodiscard]] QCoro::Task<Result<QByteArray>> bytes(QByteArray key, qint64 first, qint64 last);
    /// Writes all bytes of a string to a file, part by part, and returns their number. The file is replaced only if the
    /// value did not change in between; if it did, the error is ChangedMeanwhile.
    [[nodiscard]] QCoro::Task<Result<qint64>> toFile(QByteArray key, QString path);
    /// Elements of a list (by index) or sorted set (by rank), `first` … `last`, both included, with the total number.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> range(QByteArray key, ValueType type, qint64 first, qint64 last,
                                                         bool reversed);
    /// The next elements of a hash, set or sorted set from HSCAN, SSCAN or ZSCAN, which may return an element twice.
    /// `cursor` "0" starts. `match` is a glob pattern, empty: all.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> scan(QByteArray key, ValueType type, QByteArray cursor,
                                                        QByteArray match, int count);
    /// Entries of a stream from id `from` to id `to` ("-" and "+" are its ends), in the requested order.
    [[nodiscard]] QCoro::Task<Result<ValueWindow>> entries(QByteArray key, QByteArray from, QByteArray to, int count,
                                                           bool newestFirst);
    /// The complete value of one element: of a field, or of a list item by index. nullopt if it is gone.
    [[nodiscard]] QCoro::Task<Result<std::optional<QByteArray>>> element(QByteArray key, ValueType type,
                                                                         QByteArray nameOrIndex);
    /// Remaining milliseconds of each field; -1 no expiry, -2 gone.
    [[nodiscard]] QCoro::Task<Result<QList<qint64>>> fieldTtls(QByteArray key, QByteArrayList fields);
    /// The databases in which the key exists, in ascending order; those without keys are not queried. Error if a
    /// database cannot be queried, so that the answer would be incomplete.
    [[nodiscard]] QCoro::Task<Result<QList<int>>> databasesWith(QByteArray key);
    /// The document of a JSON value, as the server returns it; with a path, the array of all matches of the path.
    [[nodiscard]] QCoro::Task<Result<QByteArray>> document(QByteArray key, QByteArray path = {});

    [[nodiscard]] QCoro::Task<Result<QList<StreamGroup>>> groups(QByteArray key);
    [[nodiscard]] QCoro::Task<Result<QList<StreamConsumer>>> consumers(QByteArray key, QByteArray group);
    /// Up to `count` entries of a group that wait for XACK, limited to one consumer if it is not empty.
    [[nodiscard]] QCoro::Task<Result<QList<PendingEntry>>> pending(QByteArray key, QByteArray group,
                                                                   QByteArray consumer, int count);

private:
    [[nodiscard]] QCoro::Task<Result<Value>> ask(Command command);

    QPointer<ClusterSession> m_session;
    int m_database = -1;
};

/// Rows from a reply to LRANGE, ZRANGE WITHSCORES (RESP2 and RESP3), or the list in an HSCAN, SSCAN or ZSCAN reply.
[[nodiscard]] std::vector<ValueRow> rowsOf(ValueType type, const Value &items);
/// Entries from a reply to XRANGE or XREVRANGE. An entry with null fields (deleted, RESP2 of old servers) has none.
[[nodiscard]] std::vector<ValueRow> entriesOf(const Value &items);

} // namespace slotscope
