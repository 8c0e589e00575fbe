// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/valuereader.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/values/wholevalue.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

ValueRow rowOf(const QByteArray &name, const QByteArray &value)
{
    ValueRow row;
    row.name = name;
    row.value = value.size() > ValueRow::keptBytes ? value.left(ValueRow::keptBytes) : value;
    row.valueSize = value.size();
    return row;
}

Error malformed(const Command &command)
{
    return {.code = Error::Code::Parse,
            .detail = tr("the reply does not have the form that is expected for this command"),
            .serverPrefix = {},
            .node = {},
            .command = commandName(command)};
}

QByteArray textOf(const Value &value)
{
    return value.type() == Value::Type::Integer ? QByteArray::number(value.toInteger()) : value.bytes();
}

qint64 numberAt(const Value &map, QByteArrayView name, qint64 otherwise)
{
    const Value *found = map.find(name);
    return found && found->type() == Value::Type::Integer ? found->toInteger() : otherwise;
}

QByteArray bytesAt(const Value &map, QByteArrayView name)
{
    const Value *found = map.find(name);
    return found ? found->bytes() : QByteArray();
}

} // namespace

std::vector<ValueRow> rowsOf(ValueType type, const Value &items)
{
    std::vector<ValueRow> rows;
    const Value::List &list = items.items();
    const bool nested = !list.empty() && list.front().isAggregate(); // RESP3 sends nested pairs
    const bool paired = type == ValueType::Hash || type == ValueType::SortedSet;
    rows.reserve(paired && !nested ? list.size() / 2 : list.size());
    for (size_t i = 0; i < list.size(); ++i) {
        if (type == ValueType::List) {
            rows.push_back(rowOf({}, list[i].bytes()));
        } else if (type == ValueType::Set) {
            rows.push_back(rowOf(list[i].bytes(), {}));
        } else if (nested && list[i].items().size() < 2) {
            continue;
        } else if (!nested && i + 1 >= list.size()) {
            break;
        } else {
            const Value &name = nested ? list[i].items()[0] : list[i];
            const Value &second = nested ? list[i].items()[1] : list[++i];
            ValueRow row = rowOf(name.bytes(), type == ValueType::Hash ? second.bytes() : QByteArray());
            if (type == ValueType::SortedSet)
                row.score = textOf(second);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::vector<ValueRow> entriesOf(const Value &items)
{
    std::vector<ValueRow> rows;
    rows.reserve(items.items().size());
    for (const Value &entry : items.items()) {
        if (entry.items().size() != 2)
            continue;
        ValueRow row;
        row.name = entry.items()[0].bytes();
        const Value::List &parts = entry.items()[1].items();
        for (size_t i = 0; i + 1 < parts.size(); i += 2) {
            row.fields.append({parts[i].bytes(), parts[i + 1].bytes()});
            row.valueSize += parts[i].bytes().size() + parts[i + 1].bytes().size();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

QCoro::Task<Result<Value>> ValueReader::ask(Command command)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    NodeReply told = co_await m_session->browse(std::move(command), m_database);
    co_return std::move(told.reply);
}

QCoro::Task<Result<ValueHead>> ValueReader::head(QByteArray key)
{
    const QPointer<ClusterSession> session(m_session);
    const int database = m_database;
    ValueHead head;
    if (!session)
        co_return failure(Error::Code::Cancelled);
    head.key = key;
    head.database = database < 0 ? session->target().database : database;
    // idle time and frequency first, because without NO-TOUCH, reading the length would reset them
    const NodeReply idle = co_await session->browse(commandOf("OBJECT", "IDLETIME", key), database);
    if (!session)
        co_return failure(Error::Code::Cancelled);
    std::vector<QCoro::Task<NodeReply>> asked;
    asked.push_back(session->browse(commandOf("TYPE", key), database));
    asked.push_back(session->browse(commandOf("PTTL", key), database));
    asked.push_back(session->browse(commandOf("OBJECT", "ENCODING", key), database));
    asked.push_back(session->browse(commandOf("MEMORY", "USAGE", key, "SAMPLES", "5"), database));
    asked.push_back(session->browse(commandOf("OBJECT", "FREQ", key), database));
    std::vector<NodeReply> told;
    for (QCoro::Task<NodeReply> &task : asked)
        told.push_back(co_await std::move(task));
    if (!session)
        co_return failure(Error::Code::Cancelled);
    if (!told[0].reply)
        co_return failure(told[0].reply.error());
    head.typeWord = told[0].reply->bytes();
    head.type = valueTypeOf(head.typeWord);
    head.nodeId = told[0].nodeId;
    head.nodeName = told[0].nodeName;
    const ClusterViewPtr view = session->view();
    head.slot = view && view->cluster ? int(slotOfKey(key)) : -1;
    head.readAt = steadyMs();
    const auto take = [&head](const Result<Value> &reply, const QString &name, auto set) {
        if (reply)
            set(*reply);
        else if (reply.error().code == Error::Code::NoPermission)
            head.problems.insert(name, reply.error());
    };
    take(told[1].reply, u"PTTL"_s, [&head](const Value &value) { head.ttlMs = value.toInteger(); });
    if (!told[1].reply) // whatever the reason: without an answer, the time to live is unknown
        head.problems.insert(u"PTTL"_s, told[1].reply.error());
    take(told[2].reply, u"OBJECT ENCODING"_s, [&head](const Value &value) { head.encoding = value.bytes(); });
    take(told[3].reply, u"MEMORY USAGE"_s,
         [&head](const Value &value) { head.memory = value.isNull() ? -1 : value.toInteger(); });
    take(idle.reply, u"OBJECT IDLETIME"_s,
         [&head](const Value &value) { head.idleSeconds = value.isNull() ? -1 : value.toInteger(); });
    if (told[4].reply && !told[4].reply->isNull()) // refused unless an LFU policy is set
        head.frequency = told[4].reply->toInteger();
    if (!head.exists())
        head.ttlMs = -2;
    if (const Command command = lengthCommand(head.type, key); !command.isEmpty()) {
        const NodeReply length = co_await session->browse(command, database);
        take(length.reply, commandName(command), [&head](const Value &value) { head.length = value.toInteger(); });
    }
    if (session && head.type == ValueType::Hash) {
        const auto table = co_await session->commands();
        if (table) {
            head.hasFieldTtls = (*table)->find({"HPEXPIRE"_ba}) != nullptr;
        } else if (session) { // COMMAND is not permitted: test with a field that does not exist
            const NodeReply answer = co_await session->browse(commandOf("HPTTL", key, "FIELDS", "1", ""), database);
            head.hasFieldTtls = answer.reply.has_value();
        }
    }
    co_return Result<ValueHead>(std::move(head));
}

QCoro::Task<Result<QByteArray>> ValueReader::bytes(QByteArray key, qint64 first, qint64 last)
{
    Result<Value> reply = co_await ask(commandOf("GETRANGE", key, QByteArray::number(first), QByteArray::number(last)));
    if (!reply)
        co_return failure(reply.error());
    co_return Result<QByteArray>(reply->bytes());
}

QCoro::Task<Result<ValueWindow>> ValueReader::range(QByteArray key, ValueType type, qint64 first, qint64 last,
                                                    bool reversed)
{
    const bool isList = type == ValueType::List;
    Command command{isList         ? "LRANGE"_ba
                        : reversed ? "ZREVRANGE"_ba
                                   : "ZRANGE"_ba,
                    key, QByteArray::number(first), QByteArray::number(last)};
    if (!isList)
        command << "WITHSCORES"_ba;
    auto rows = ask(command);
    auto count = ask(lengthCommand(type, key));
    const Result<Value> items = co_await std::move(rows);
    const Result<Value> total = co_await std::move(count);
    if (!items)
        co_return failure(items.error());
    if (!items->isAggregate())
        co_return failure(malformed(command));
    ValueWindow window;
    window.rows = rowsOf(type, *items);
    window.total = total ? total->toInteger() : -1;
    co_return Result<ValueWindow>(std::move(window));
}

QCoro::Task<Result<ValueWindow>> ValueReader::scan(QByteArray key, ValueType type, QByteArray cursor, QByteArray match,
                                                   int count)
{
    Command command{type == ValueType::Hash      ? "HSCAN"_ba
                        : type == ValueType::Set ? "SSCAN"_ba
                                                 : "ZSCAN"_ba,
                    key, cursor};
    if (!match.isEmpty())
        command << "MATCH"_ba << match;
    command << "COUNT"_ba << QByteArray::number(count);
    auto page = ask(command);
    auto size = ask(lengthCommand(type, key));
    const Result<Value> reply = co_await std::move(page);
    const Result<Value> total = co_await std::move(size);
    if (!reply)
        co_return failure(reply.error());
    if (reply->items().size() != 2)
        co_return failure(malformed(command));
    ValueWindow window;
    window.cursor = textOf(reply->items()[0]);
    window.rows = rowsOf(type, reply->items()[1]);
    window.total = total ? total->toInteger() : -1;
    co_return Result<ValueWindow>(std::move(window));
}

QCoro::Task<Result<ValueWindow>> ValueReader::entries(QByteArray key, QByteArray from, QByteArray to, int count,
                                                      bool newestFirst)
{
    const Command command = newestFirst ? commandOf("XREVRANGE", key, to, from, "COUNT", QByteArray::number(count))
                                        : commandOf("XRANGE", key, from, to, "COUNT", QByteArray::number(count));
    auto page = ask(command);
    auto size = ask(commandOf("XLEN", key));
    const Result<Value> reply = co_await std::move(page);
    const Result<Value> total = co_await std::move(size);
    if (!reply)
        co_return failure(reply.error());
    ValueWindow window;
    window.rows = entriesOf(*reply);
    if (int(window.rows.size()) >= count)
        window.cursor = window.rows.back().name;
    window.total = total ? total->toInteger() : -1;
    co_return Result<ValueWindow>(std::move(window));
}

QCoro::Task<Result<std::optional<QByteArray>>> ValueReader::element(QByteArray key, ValueType type,
                                                                    QByteArray nameOrIndex)
{
    const Command command =
        type == ValueType::List ? commandOf("LINDEX", key, nameOrIndex) : commandOf("HGET", key, nameOrIndex);
    const Result<Value> reply = co_await ask(command);
    if (!reply)
        co_return failure(reply.error());
    std::optional<QByteArray> value;
    if (!reply->isNull())
        value = reply->bytes();
    co_return Result<std::optional<QByteArray>>(std::move(value));
}

QCoro::Task<Result<QList<qint64>>> ValueReader::fieldTtls(QByteArray key, QByteArrayList fields)
{
    Command command{"HPTTL"_ba, key, "FIELDS"_ba, QByteArray::number(fields.size())};
    command += fields;
    const Result<Value> reply = co_await ask(command);
    if (!reply)
        co_return failure(reply.error());
    QList<qint64> left;
    for (const Value &item : reply->items())
        left.append(item.toInteger());
    if (left.isEmpty()) // the key is gone
        left = QList<qint64>(fields.size(), -2);
    if (left.size() != fields.size())
        co_return failure(malformed(command));
    co_return Result<QList<qint64>>(std::move(left));
}

QCoro::Task<Result<QByteArray>> ValueReader::document(QByteArray key, QByteArray path)
{
    Command command = commandOf("JSON.GET", key);
    if (!path.isEmpty())
        command.append(path);
    const Result<Value> reply = co_await ask(command);
    if (!reply)
        co_return failure(reply.error());
    co_return Result<QByteArray>(reply->bytes());
}

QCoro::Task<Result<QList<StreamGroup>>> ValueReader::groups(QByteArray key)
{
    const Result<Value> reply = co_await ask(commandOf("XINFO", "GROUPS", key));
    if (!reply)
        co_return failure(reply.error());
    QList<StreamGroup> list;
    for (const Value &item : reply->items())
        list.append({.name = bytesAt(item, "name"),
                     .consumers = numberAt(item, "consumers", 0),
                     .pending = numberAt(item, "pending", 0),
                     .lag = numberAt(item, "lag", -1),
                     .lastDelivered = bytesAt(item, "last-delivered-id")});
    co_return Result<QList<StreamGroup>>(std::move(list));
}

QCoro::Task<Result<QList<StreamConsumer>>> ValueReader::consumers(QByteArray key, QByteArray group)
{
    const Result<Value> reply = co_await ask(commandOf("XINFO", "CONSUMERS", key, group));
    if (!reply)
        co_return failure(reply.error());
    QList<StreamConsumer> list;
    for (const Value &item : reply->items())
        list.append({.name = bytesAt(item, "name"),
                     .pending = numberAt(item, "pending", 0),
                     .idleMs = numberAt(item, "idle", -1),
                     .inactiveMs = numberAt(item, "inactive", -1)});
    co_return Result<QList<StreamConsumer>>(std::move(list));
}

QCoro::Task<Result<QList<PendingEntry>>> ValueReader::pending(QByteArray key, QByteArray group, QByteArray consumer,
                                                              int count)
{
    Command command{"XPENDING"_ba, key, group, "-"_ba, "+"_ba, QByteArray::number(count)};
    if (!consumer.isEmpty())
        command << consumer;
    const Result<Value> reply = co_await ask(command);
    if (!reply)
        co_return failure(reply.error());
    QList<PendingEntry> list;
    for (const Value &item : reply->items()) {
        const Value::List &parts = item.items();
        if (parts.size() >= 4)
            list.append({.id = parts[0].bytes(),
                         .consumer = parts[1].bytes(),
                         .idleMs = parts[2].toInteger(),
                         .deliveries = parts[3].toInteger()});
    }
    co_return Result<QList<PendingEntry>>(std::move(list));
}

} // namespace slotscope
