// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/edit.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <array>
#include <charconv>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QString Edit::words() const
{
    QStringList names;
    for (const Command &command : commands)
        if (const QString name = commandName(command); !names.contains(name))
            names.append(name);
    const QString last = names.isEmpty() ? QString() : names.takeLast();
    const QString list = names.isEmpty() ? last : tr("%1 and %2").arg(names.join(u", "_s), last);
    if (checks.isEmpty())
        return commands.size() > 1 ? tr("%1 in one MULTI").arg(list) : list;
    return commands.size() > 1 ? tr("%1 in one MULTI, unless someone changes it in between").arg(list)
                               : tr("%1, unless someone changes it in between").arg(list);
}

std::optional<QByteArray> storedScore(const QByteArray &typed)
{
    const QByteArray text = typed.toLower();
    if (text == "inf" || text == "+inf" || text == "infinity" || text == "+infinity")
        return "inf"_ba;
    if (text == "-inf" || text == "-infinity")
        return "-inf"_ba;
    double number = 0;
    const char *first = text.constData() + (text.startsWith('+') ? 1 : 0), *end = text.constData() + text.size();
    const auto read = std::from_chars(first, end, number);
    if (read.ec != std::errc() || read.ptr != end || std::isnan(number))
        return std::nullopt;
    // Redis prints whole numbers that fit in a long long without exponent
    constexpr double limit = 9007199254740992.0 * 512; // below 2^62
    if (number == std::floor(number) && std::abs(number) < limit && !(number == 0 && std::signbit(number)))
        return QByteArray::number(qint64(number));
    std::array<char, 64> buffer;
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return QByteArray(buffer.data(), written.ptr - buffer.data());
}

namespace edits {
namespace {

QByteArray digits(qint64 number)
{
    return QByteArray::number(number);
}

EditCheck isNew(const QByteArray &command, const QByteArray &key, const QByteArray &name)
{
    return {.read = {command, key, name}, .expected = "0"_ba};
}

Edit of(const QByteArray &key, QList<EditCheck> checks, QList<Command> commands)
{
    return {.key = key,
            .alsoWatched = {},
            .checks = std::move(checks),
            .commands = std::move(commands),
            .keepsFormer = true};
}

/// Checks that the key still exists, so that adding to a key that has expired does not create it again.
EditCheck stillThere(const QByteArray &key)
{
    return {.read = {"EXISTS"_ba, key}, .expected = "1"_ba};
}

EditCheck hasItem(const QByteArray &key, qint64 index, const QByteArray &item)
{
    return {.read = {"LINDEX"_ba, key, digits(index)}, .expected = item};
}

} // namespace

Edit setString(const QByteArray &key, const QByteArray &before, const QByteArray &after)
{
    return of(key, {{.read = {"GET"_ba, key}, .expected = before}}, {{"SET"_ba, key, after, "KEEPTTL"_ba}});
}

Edit replaceString(const QByteArray &key, qint64 lengthBefore, const QByteArray &after)
{
    return of(key, {{.read = {"STRLEN"_ba, key}, .expected = digits(lengthBefore)}},
              {{"SET"_ba, key, after, "KEEPTTL"_ba}});
}

Edit overwrite(const QByteArray &key, const QList<Overwriting> &parts)
{
    QList<EditCheck> checks;
    QList<Command> commands;
    for (const Overwriting &part : parts) {
        const qint64 last = part.offset + part.before.size() - 1;
        checks.append({.read = {"GETRANGE"_ba, key, digits(part.offset), digits(last)}, .expected = part.before});
        commands.append({"SETRANGE"_ba, key, digits(part.offset), part.after});
    }
    return of(key, std::move(checks), std::move(commands));
}

Edit append(const QByteArray &key, const QByteArray &bytes)
{
    return of(key, {stillThere(key)}, {{"APPEND"_ba, key, bytes}});
}

Edit increment(const QByteArray &key, const QByteArray &by)
{
    return of(key, {stillThere(key)}, {{toInteger(by) ? "INCRBY"_ba : "INCRBYFLOAT"_ba, key, by}});
}

Edit setField(const QByteArray &key, const QByteArray &field, const std::optional<QByteArray> &before,
              const QByteArray &after, qint64 ttlMs)
{
    EditCheck check = isNew("HEXISTS"_ba, key, field);
    if (before)
        check = {.read = {"HGET"_ba, key, field}, .expected = *before};
    QList<Command> commands{{"HSET"_ba, key, field, after}};
    if (ttlMs > 0)
        commands.append({"HPEXPIRE"_ba, key, digits(ttlMs), "FIELDS"_ba, "1"_ba, field});
    return of(key, {stillThere(key), check}, std::move(commands));
}

Edit removeFields(const QByteArray &key, const QByteArrayList &fields)
{
    return of(key, {}, {Command{"HDEL"_ba, key} + fields});
}

Edit renameField(const QByteArray &key, const QByteArray &field, const QByteArray &name, const QByteArray &value,
                 qint64 ttlMs)
{
    QList<Command> commands{{"HSET"_ba, key, name, value}};
    if (ttlMs > 0)
        commands.append({"HPEXPIRE"_ba, key, digits(ttlMs), "FIELDS"_ba, "1"_ba, name});
    commands.append({"HDEL"_ba, key, field});
    return of(key, {{.read = {"HGET"_ba, key, field}, .expected = value}, isNew("HEXISTS"_ba, key, name)},
              std::move(commands));
}

Edit expireField(const QByteArray &key, const QByteArray &field, qint64 ttlMs)
{
    Command command{"HPERSIST"_ba, key, "FIELDS"_ba, "1"_ba, field};
    if (ttlMs >= 0)
        command = {"HPEXPIRE"_ba, key, digits(ttlMs), "FIELDS"_ba, "1"_ba, field};
    return of(key, {{.read = {"HEXISTS"_ba, key, field}, .expected = "1"_ba}}, {command});
}

Edit setItem(const QByteArray &key, qint64 index, const QByteArray &before, const QByteArray &after)
{
    return of(key, {hasItem(key, index, before)}, {{"LSET"_ba, key, digits(index), after}});
}

Edit pushItems(const QByteArray &key, bool atHead, const QByteArrayList &items)
{
    return of(key, {stillThere(key)}, {Command{atHead ? "LPUSH"_ba : "RPUSH"_ba, key} + items});
}

Edit insertItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &item,
                const QByteArray &marker)
{
    return of(key, {hasItem(key, index, there)},
              {{"LSET"_ba, key, digits(index), marker},
               {"LINSERT"_ba, key, "BEFORE"_ba, marker, item},
               {"LSET"_ba, key, digits(index < 0 ? index : index + 1), there}});
}

Edit removeItem(const QByteArray &key, qint64 index, const QByteArray &there, const QByteArray &marker)
{
    return of(key, {hasItem(key, index, there)},
              {{"LSET"_ba, key, digits(index), marker}, {"LREM"_ba, key, "1"_ba, marker}});
}

Edit trimList(const QByteArray &key, qint64 first, qint64 last)
{
    return of(key, {}, {{"LTRIM"_ba, key, digits(first), digits(last)}});
}

Edit addMembers(const QByteArray &key, const QByteArrayList &members)
{
    return of(key, {stillThere(key)}, {Command{"SADD"_ba, key} + members});
}

Edit removeMembers(const QByteArray &key, ValueType type, const QByteArrayList &members)
{
    return of(key, {}, {Command{type == ValueType::Set ? "SREM"_ba : "ZREM"_ba, key} + members});
}

Edit renameMember(const QByteArray &key, const QByteArray &member, const QByteArray &name)
{
    return of(key, {{.read = {"SISMEMBER"_ba, key, member}, .expected = "1"_ba}, isNew("SISMEMBER"_ba, key, name)},
              {{"SADD"_ba, key, name}, {"SREM"_ba, key, member}});
}

Edit setScore(const QByteArray &key, const QByteArray &member, const std::optional<QByteArray> &before,
              const QByteArray &score)
{
    return of(key, {stillThere(key), {.read = {"ZSCORE"_ba, key, member}, .expected = before}},
              {{"ZADD"_ba, key, score, member}});
}

Edit renameScored(const QByteArray &key, const QByteArray &member, const QByteArray &name, const QByteArray &score)
{
    return of(key,
              {{.read = {"ZSCORE"_ba, key, member}, .expected = score},
               {.read = {"ZSCORE"_ba, key, name}, .expected = std::nullopt}},
              {{"ZADD"_ba, key, score, name}, {"ZREM"_ba, key, member}});
}

Edit addEntry(const QByteArray &key, const QByteArray &id, const Pairs &fields)
{
    Command command{"XADD"_ba, key, id};
    for (const auto &[field, value] : fields)
        command << field << value;
    Edit edit = of(key, {stillThere(key)}, {command});
    edit.keepsFormer = false; // a stream's last id cannot be set back
    return edit;
}

Edit removeEntries(const QByteArray &key, const QByteArrayList &ids)
{
    return of(key, {}, {Command{"XDEL"_ba, key} + ids});
}

Edit trimStream(const QByteArray &key, qint64 keep)
{
    return of(key, {}, {{"XTRIM"_ba, key, "MAXLEN"_ba, digits(keep)}});
}

Edit createGroup(const QByteArray &key, const QByteArray &group, const QByteArray &fromId)
{
    return of(key, {}, {{"XGROUP"_ba, "CREATE"_ba, key, group, fromId}});
}

Edit destroyGroup(const QByteArray &key, const QByteArray &group)
{
    return of(key, {}, {{"XGROUP"_ba, "DESTROY"_ba, key, group}});
}

Edit setGroupId(const QByteArray &key, const QByteArray &group, const QByteArray &id)
{
    return of(key, {}, {{"XGROUP"_ba, "SETID"_ba, key, group, id}});
}

Edit removeConsumer(const QByteArray &key, const QByteArray &group, const QByteArray &consumer)
{
    return of(key, {}, {{"XGROUP"_ba, "DELCONSUMER"_ba, key, group, consumer}});
}

Edit acknowledge(const QByteArray &key, const QByteArray &group, const QByteArrayList &ids)
{
    return of(key, {}, {Command{"XACK"_ba, key, group} + ids});
}

Edit claim(const QByteArray &key, const QByteArray &group, const QByteArray &consumer, const QByteArrayList &ids)
{
    return of(key, {}, {Command{"XCLAIM"_ba, key, group, consumer, "0"_ba} + ids + Command{"JUSTID"_ba}});
}

Edit setDocument(const QByteArray &key, const QByteArray &before, const QByteArray &after)
{
    return of(key, {{.read = {"JSON.GET"_ba, key}, .expected = before}}, {{"JSON.SET"_ba, key, "$"_ba, after}});
}

namespace {

EditCheck atPath(const QByteArray &key, const QByteArray &path, const QByteArray &before)
{
    return {.read = {"JSON.GET"_ba, key, path}, .expected = before};
}

} // namespace

Edit setAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before, const QByteArray &after)
{
    return of(key, {atPath(key, path, before)}, {{"JSON.SET"_ba, key, path, after}});
}

Edit removeAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before)
{
    return of(key, {atPath(key, path, before)}, {{"JSON.DEL"_ba, key, path}});
}

Edit addMember(const QByteArray &key, const QByteArray &path, const QByteArray &value)
{
    return of(key, {atPath(key, path, "[]"_ba)}, {{"JSON.SET"_ba, key, path, value}});
}

Edit appendAtPath(const QByteArray &key, const QByteArray &path, const QByteArray &before, const QByteArray &value)
{
    return of(key, {atPath(key, path, before)}, {{"JSON.ARRAPPEND"_ba, key, path, value}});
}

Edit expire(const QByteArray &key, qint64 ttlMs)
{
    Command command{"PERSIST"_ba, key};
    if (ttlMs >= 0)
        command = {"PEXPIRE"_ba, key, digits(ttlMs)};
    return of(key, {{.read = {"EXISTS"_ba, key}, .expected = "1"_ba}}, {command});
}

Edit expireAt(const QByteArray &key, qint64 at)
{
    return of(key, {{.read = {"EXISTS"_ba, key}, .expected = "1"_ba}}, {{"PEXPIREAT"_ba, key, digits(at)}});
}

Edit remove(const QByteArray &key)
{
    return of(key, {}, {{"UNLINK"_ba, key}});
}

Edit create(const QByteArray &key, ValueType type, const Pairs &pairs, qint64 ttlMs)
{
    Command command;
    switch (type) {
    case ValueType::String: command = {"SET"_ba, key}; break;
    case ValueType::List: command = {"RPUSH"_ba, key}; break;
    case ValueType::Set: command = {"SADD"_ba, key}; break;
    case ValueType::SortedSet: command = {"ZADD"_ba, key}; break;
    case ValueType::Hash: command = {"HSET"_ba, key}; break;
    case ValueType::Stream: command = {"XADD"_ba, key, "*"_ba}; break;
    case ValueType::Json: command = {"JSON.SET"_ba, key, "$"_ba}; break;
    case ValueType::None:
    case ValueType::Other: return {.key = key, .alsoWatched = {}, .checks = {}, .commands = {}};
    }
    const bool paired = type == ValueType::Hash || type == ValueType::Stream;
    for (const auto &[first, second] : pairs) {
        if (type == ValueType::SortedSet)
            command << second << first;
        else if (paired)
            command << first << second;
        else
            command << first;
    }
    QList<Command> commands{command};
    if (ttlMs > 0)
        commands.append({"PEXPIRE"_ba, key, digits(ttlMs)});
    return of(key, {{.read = {"EXISTS"_ba, key}, .expected = "0"_ba}}, std::move(commands));
}

Edit rename(const QByteArray &key, const QByteArray &name)
{
    Edit edit =
        of(key, {{.read = {"EXISTS"_ba, key}, .expected = "1"_ba}, {.read = {"EXISTS"_ba, name}, .expected = "0"_ba}},
           {{"RENAME"_ba, key, name}});
    edit.alsoWatched = {name};
    edit.keepsFormer = false; // undone by renaming back
    return edit;
}

} // namespace edits

} // namespace slotscope
