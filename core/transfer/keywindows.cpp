// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keywindows.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int firstItems = 100; // for each of many keys in one pipeline
constexpr qint64 firstBytes = 64 << 10;

/// The text of a string, or of a RESP3 double, which keeps its digits.
QByteArray textOf(const Value &value)
{
    return value.type() == Value::Type::Integer ? QByteArray::number(value.toInteger()) : value.bytes();
}

QByteArray bytesOf(const Value &map, QByteArrayView key)
{
    const Value *found = map.find(key);
    return found ? textOf(*found) : QByteArray();
}

qint64 numberOf(const Value &map, QByteArrayView key)
{
    const Value *found = map.find(key);
    return found && found->type() == Value::Type::Integer ? found->toInteger() : -1;
}

/// Reads pairs from a flat or nested list.
void takePairs(const Value::List &list, std::vector<PieceItem> &items)
{
    for (size_t i = 0; i < list.size(); ++i) {
        PieceItem item;
        if (list[i].isAggregate() && list[i].items().size() == 2) {
            item.name = textOf(list[i].items()[0]);
            item.value = textOf(list[i].items()[1]);
        } else if (i + 1 < list.size()) {
            item.name = textOf(list[i]);
            item.value = textOf(list[++i]);
        }
        items.push_back(std::move(item));
    }
}

void takeEntries(const Value::List &list, std::vector<PieceItem> &items)
{
    for (const Value &entry : list) {
        const Value::List &parts = entry.items();
        if (parts.size() < 2 || !parts[1].isAggregate())
            continue;
        PieceItem item;
        item.name = parts[0].bytes();
        const Value::List &fields = parts[1].items();
        for (size_t i = 0; i + 1 < fields.size(); i += 2)
            item.fields.append({fields[i].bytes(), fields[i + 1].bytes()});
        items.push_back(std::move(item));
    }
}

Command scanCommand(ValueType type, const QByteArray &key, const QByteArray &cursor, int count)
{
    const QByteArray name = type == ValueType::Hash ? "HSCAN"_ba : type == ValueType::Set ? "SSCAN"_ba : "ZSCAN"_ba;
    return {name, key, cursor, "COUNT"_ba, QByteArray::number(count)};
}

Command commandAt(const KeyPiece &piece, const WindowCursor &cursor, int items, qint64 bytes)
{
    if (piece.isPayload)
        return {"DUMP"_ba, piece.key};
    switch (piece.type) {
    case ValueType::String:
        return {"GETRANGE"_ba, piece.key, QByteArray::number(cursor.done), QByteArray::number(cursor.done + bytes - 1)};
    case ValueType::List:
        return {"LRANGE"_ba, piece.key, QByteArray::number(cursor.done), QByteArray::number(cursor.done + items - 1)};
    case ValueType::Stream:
        return {"XRANGE"_ba, piece.key,  cursor.done == 0 ? "-"_ba : '(' + cursor.position,
                "+"_ba,      "COUNT"_ba, QByteArray::number(items)};
    case ValueType::Json: return {"JSON.GET"_ba, piece.key};
    default: return scanCommand(piece.type, piece.key, cursor.position, items);
    }
}

/// Returns false if the key is gone.
bool take(const Value &answer, KeyPiece &piece, WindowCursor &cursor, int items, qint64 bytes)
{
    const bool isWhole = piece.isPayload || piece.type == ValueType::Json;
    if (isWhole || piece.type == ValueType::String) {
        if (answer.isNull())
            return false;
        piece.bytes = answer.bytes();
        cursor.done += piece.bytes.size();
        cursor.atEnd = isWhole || piece.bytes.size() < bytes;
        return true;
    }
    if (piece.type == ValueType::List) {
        for (const Value &item : answer.items())
            piece.items.emplace_back().name = item.bytes();
    } else if (piece.type == ValueType::Stream) {
        takeEntries(answer.items(), piece.items);
        if (!answer.items().empty() && !answer.items().back().items().empty())
            cursor.position = answer.items().back().items()[0].bytes();
    } else if (answer.items().size() == 2) {
        cursor.position = textOf(answer.items()[0]);
        cursor.atEnd = cursor.position == "0";
        const Value::List &list = answer.items()[1].items();
        if (piece.type == ValueType::Set)
            for (const Value &item : list)
                piece.items.emplace_back().name = item.bytes();
        else
            takePairs(list, piece.items);
        const bool isGone = cursor.done == 0 && cursor.atEnd && piece.items.empty();
        cursor.done += qint64(piece.items.size());
        return !isGone;
    }
    const qint64 came = qint64(answer.items().size());
    cursor.atEnd = came < items;
    const bool isGone = piece.type == ValueType::List && cursor.done == 0 && came == 0;
    cursor.done += came;
    return !isGone;
}

} // namespace

void appendHeadCommands(const QByteArray &key, const ServerAbilities &abilities, bool asksSize,
                        std::vector<Command> &commands)
{
    commands.push_back({"TYPE"_ba, key});
    commands.push_back({abilities.expireTime ? "PEXPIRETIME"_ba : "PTTL"_ba, key});
    if (asksSize)
        commands.push_back({"MEMORY"_ba, "USAGE"_ba, key, "SAMPLES"_ba, "5"_ba});
}

qint64 serverTimeMs(const Value &answer)
{
    if (answer.items().size() < 2)
        return 0;
    return toInteger(textOf(answer.items()[0])).value_or(0) * 1000
        + toInteger(textOf(answer.items()[1])).value_or(0) / 1000;
}

qint64 expiryOf(const Value &answer, const ServerAbilities &abilities, qint64 now)
{
    const qint64 told = answer.toInteger();
    return told < 0 ? -1 : abilities.expireTime ? told : now + told;
}

void appendFirstWindow(const KeyPiece &piece, std::vector<Command> &commands)
{
    commands.push_back(commandAt(piece, {}, firstItems, firstBytes));
    if (piece.isPayload)
        return;
    if (piece.type == ValueType::Stream)
        commands.push_back({"XINFO"_ba, "STREAM"_ba, piece.key});
    else if (piece.type == ValueType::String) // an empty string and a missing key give the same reply
        commands.push_back({"EXISTS"_ba, piece.key});
}

WindowOutcome takeFirstWindow(const Value &answer, const Value &more, KeyPiece &piece)
{
    WindowCursor cursor;
    if (!take(answer, piece, cursor, firstItems, firstBytes))
        return WindowOutcome::Gone;
    if (piece.isPayload)
        return WindowOutcome::Whole;
    if (piece.type == ValueType::String && piece.bytes.isEmpty() && more.toInteger() == 0)
        return WindowOutcome::Gone;
    if (piece.type == ValueType::Stream) {
        if (more.isError())
            return WindowOutcome::More; // read the stream separately, which will show the error
        piece.stream = streamStateOf(more);
        if (numberOf(more, "groups") != 0)
            return WindowOutcome::More;
    }
    return cursor.atEnd ? WindowOutcome::Whole : WindowOutcome::More;
}

Command windowCommand(const KeyPiece &piece, const WindowCursor &cursor)
{
    return commandAt(piece, cursor, windowItems, windowBytes);
}

bool takeWindow(const Value &answer, KeyPiece &piece, WindowCursor &cursor)
{
    return take(answer, piece, cursor, windowItems, windowBytes);
}

Command fieldExpiryCommand(const KeyPiece &piece)
{
    Command command{"HPEXPIRETIME"_ba, piece.key, "FIELDS"_ba, QByteArray::number(piece.items.size())};
    for (const PieceItem &item : piece.items)
        command << item.name;
    return command;
}

void takeFieldExpiries(const Value &answer, KeyPiece &piece)
{
    const Value::List &list = answer.items();
    for (size_t i = 0; i < list.size() && i < piece.items.size(); ++i)
        piece.items[i].expireAt = list[i].toInteger() < 0 ? -1 : list[i].toInteger();
}

StreamState streamStateOf(const Value &info)
{
    StreamState state;
    state.lastId = bytesOf(info, "last-generated-id");
    state.maxDeletedId = bytesOf(info, "max-deleted-entry-id");
    state.entriesAdded = numberOf(info, "entries-added");
    return state;
}

QList<StreamState::Group> streamGroupsOf(const Value &groups)
{
    QList<StreamState::Group> list;
    for (const Value &told : groups.items()) {
        StreamState::Group &group = list.emplaceBack();
        group.name = bytesOf(told, "name");
        group.lastDelivered = bytesOf(told, "last-delivered-id");
        group.entriesRead = numberOf(told, "entries-read");
    }
    return list;
}

QByteArrayList consumersOf(const Value &consumers)
{
    QByteArrayList names;
    for (const Value &consumer : consumers.items())
        names.append(bytesOf(consumer, "name"));
    return names;
}

void appendPending(const Value &page, qint64 now, QList<StreamState::Pending> &pending)
{
    for (const Value &entry : page.items()) {
        const Value::List &parts = entry.items();
        if (parts.size() >= 4)
            pending.append({.id = parts[0].bytes(),
                            .consumer = parts[1].bytes(),
                            .deliveredAt = std::max<qint64>(0, now - parts[2].toInteger()),
                            .deliveries = parts[3].toInteger()});
    }
}

} // namespace slotscope
