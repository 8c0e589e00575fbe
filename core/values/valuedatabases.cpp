// SPDX-License-Identifier: GPL-3.0-or-later
// Where a name exists that is not in the database in use.
#include "core/cluster/keyspace.h"
#include "core/values/editlink.h"
#include "core/values/valuereader.h"

#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int connectMs = 5000;
constexpr int mostQueried = 4096; // databases; a server has at most a few thousand

/// SELECT and EXISTS for each database. EXISTS does not change the key's idle time.
std::vector<Command> lookingFor(const QByteArray &key, const QList<int> &databases)
{
    std::vector<Command> commands;
    for (const int database : databases) {
        commands.push_back({"SELECT"_ba, QByteArray::number(database)});
        commands.push_back({"EXISTS"_ba, key});
    }
    return commands;
}

} // namespace

QCoro::Task<Result<QList<int>>> ValueReader::databasesWith(QByteArray key)
{
    const QPointer<ClusterSession> session = m_session; // this service may go while a reply is awaited
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const auto view = co_await session->connected(connectMs, WaitFor::OneNode);
    if (!view)
        co_return failure(view.error());
    const QByteArray owner = ownerOfKey(**view, key);
    if (owner.isEmpty() || !session)
        co_return failure(Error::Code::NoRoute, tr("no node is known that serves the key"));
    LinkPool::LeaseOptions options;
    options.noTouch = true;
    options.database = 0; // each user and server has it; the commands below select the others
    const auto link = co_await session->lease(owner, options);
    if (!link)
        co_return failure(link.error());
    const Result<Value> info = co_await askOver(*link, commandOf("INFO", "keyspace"));
    if (!info)
        co_return failure(info.error());
    const QList<int> filled = keyspaceOf(info->bytes()).keys();
    if (filled.size() > mostQueried)
        co_return failure(Error::Code::LimitExceeded,
                          tr("%1 databases have keys, at most %2 are searched").arg(filled.size()).arg(mostQueried));
    const std::vector<Command> commands = lookingFor(key, filled);
    const Connection::Replies replies = co_await (*link)->sendAll(commands);
    if (!replies)
        co_return failure(replies.error());
    QList<int> found;
    for (size_t i = 0; i < replies->size(); ++i) {
        const Result<Value> reply = checked((*replies)[i], (*link)->endpoint().toString(), commandName(commands[i]));
        if (!reply)
            co_return failure(reply.error());
        if (i % 2 == 1 && reply->toInteger() > 0)
            found.append(filled[qsizetype(i / 2)]);
    }
    co_return Result<QList<int>>(std::move(found));
}

} // namespace slotscope
