// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keypiece.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cstring>
#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype wordsAtOnce = 2000; // arguments per command, so that it does not block the server

/// Appends commands for many items, starting a new one when a command gets too long.
template <typename Words>
void appendChunked(std::vector<Command> &commands, const Command &start, const std::vector<PieceItem> &items,
                   Words wordsOf)
{
    Command command = start;
    for (const PieceItem &item : items) {
        wordsOf(command, item);
        if (command.size() >= wordsAtOnce)
            commands.push_back(std::exchange(command, start));
    }
    if (command.size() > start.size())
        commands.push_back(std::move(command));
}

/// Appends commands for field expiries: one for all fields that expire at the same time.
void appendFieldExpiries(std::vector<Command> &commands, const QByteArray &name, const std::vector<PieceItem> &items)
{
    std::map<qint64, QByteArrayList> byTime;
    for (const PieceItem &item : items)
        if (item.expireAt >= 0)
            byTime[item.expireAt].append(item.name);
    for (const auto &[time, fields] : byTime)
        commands.push_back(
            Command{"HPEXPIREAT"_ba, name, QByteArray::number(time), "FIELDS"_ba, QByteArray::number(fields.size())}
            + fields);
}

void appendGroup(std::vector<Command> &commands, const QByteArray &name, const StreamState::Group &group)
{
    Command create{"XGROUP"_ba, "CREATE"_ba, name, group.name, group.lastDelivered};
    if (group.entriesRead >= 0)
        create << "ENTRIESREAD"_ba << QByteArray::number(group.entriesRead);
    commands.push_back(std::move(create));
    for (const QByteArray &consumer : group.consumers)
        commands.push_back({"XGROUP"_ba, "CREATECONSUMER"_ba, name, group.name, consumer});
    for (const StreamState::Pending &pending : group.pending)
        commands.push_back({"XCLAIM"_ba, name, group.name, pending.consumer, "0"_ba, pending.id, "TIME"_ba,
                            QByteArray::number(pending.deliveredAt), "RETRYCOUNT"_ba,
                            QByteArray::number(pending.deliveries), "FORCE"_ba, "JUSTID"_ba});
}

void appendStream(std::vector<Command> &commands, const QByteArray &name, const KeyPiece &piece)
{
    for (const PieceItem &entry : piece.items) {
        Command add{"XADD"_ba, name, entry.name};
        for (const auto &[field, value] : entry.fields)
            add << field << value;
        commands.push_back(std::move(add));
    }
    if (!piece.stream)
        return;
    const StreamState &state = *piece.stream;
    if (piece.part == 0 && piece.items.empty()) // an empty stream is created by adding an entry that is trimmed at once
        commands.push_back(
            {"XADD"_ba, name, "MAXLEN"_ba, "0"_ba, state.lastId == "0-0" ? "0-1"_ba : state.lastId, "x"_ba, "y"_ba});
    Command setId{"XSETID"_ba, name, state.lastId};
    if (state.entriesAdded >= 0 && !state.maxDeletedId.isEmpty())
        setId << "ENTRIESADDED"_ba << QByteArray::number(state.entriesAdded) << "MAXDELETEDID"_ba << state.maxDeletedId;
    commands.push_back(std::move(setId));
    for (const StreamState::Group &group : state.groups)
        appendGroup(commands, name, group);
}

} // namespace

std::vector<Command> commandsFor(const KeyPiece &piece, const QByteArray &name)
{
    std::vector<Command> commands;
    if (piece.isPayload) {
        commands.push_back(
            {"RESTORE"_ba, name, QByteArray::number(std::max<qint64>(0, piece.expireAt)), piece.bytes, "ABSTTL"_ba});
        return commands;
    }
    switch (piece.type) {
    case ValueType::String: commands.push_back({piece.part == 0 ? "SET"_ba : "APPEND"_ba, name, piece.bytes}); break;
    case ValueType::Json: commands.push_back({"JSON.SET"_ba, name, "$"_ba, piece.bytes}); break;
    case ValueType::List:
        appendChunked(commands, {"RPUSH"_ba, name}, piece.items,
                      [](Command &command, const PieceItem &item) { command << item.name; });
        break;
    case ValueType::Set:
        appendChunked(commands, {"SADD"_ba, name}, piece.items,
                      [](Command &command, const PieceItem &item) { command << item.name; });
        break;
    case ValueType::SortedSet:
        appendChunked(commands, {"ZADD"_ba, name}, piece.items,
                      [](Command &command, const PieceItem &item) { command << item.value << item.name; });
        break;
    case ValueType::Hash:
        appendChunked(commands, {"HSET"_ba, name}, piece.items,
                      [](Command &command, const PieceItem &item) { command << item.name << item.value; });
        appendFieldExpiries(commands, name, piece.items);
        break;
    case ValueType::Stream: appendStream(commands, name, piece); break;
    case ValueType::None:
    case ValueType::Other: break;
    }
    return commands;
}

void ValueDigest::addElement(const QByteArray &bytes, bool dropsRepeated)
{
    const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha1);
    quint64 first = 0, second = 0;
    std::memcpy(&first, hash.constData(), sizeof first);
    std::memcpy(&second, hash.constData() + sizeof first, sizeof second);
    if (dropsRepeated) {
        if (m_seen.contains(first))
            return;
        m_seen.insert(first);
    }
    m_first += first; // a sum, so that the order does not matter
    m_second += second;
    ++m_count;
}

void ValueDigest::add(const KeyPiece &piece)
{
    const auto sized = [](const QByteArray &bytes) { return QByteArray::number(bytes.size()) + ':' + bytes; };
    m_typeWord = piece.typeWord;
    m_expireAt = piece.expireAt;
    if (piece.isPayload || piece.type == ValueType::String || piece.type == ValueType::Json) {
        // parts may be split differently, so hash blocks of a fixed size, numbered in order
        m_rest += piece.bytes;
        constexpr qsizetype block = 1 << 16;
        qsizetype used = 0;
        for (; m_rest.size() - used > block; used += block)
            addElement(QByteArray::number(m_count) + ':' + m_rest.mid(used, block));
        m_rest.remove(0, used);
        return;
    }
    const bool isScanned =
        piece.type == ValueType::Set || piece.type == ValueType::Hash || piece.type == ValueType::SortedSet;
    const bool comesInParts = piece.part > 0 || !piece.isLast;
    for (const PieceItem &item : piece.items) {
        // servers print the same score with different digits: 1.1 and 1.1000000000000001
        const QByteArray told =
            piece.type == ValueType::SortedSet ? QByteArray::number(item.value.toDouble(), 'g', 17) : item.value;
        QByteArray element = sized(item.name) + sized(told) + QByteArray::number(item.expireAt);
        if (piece.type == ValueType::List) // in a list, the order is part of the value
            element += '#' + QByteArray::number(m_count);
        for (const auto &[field, value] : item.fields)
            element += sized(field) + sized(value);
        addElement(element, isScanned && comesInParts);
    }
    if (!piece.stream)
        return;
    QByteArray state = piece.stream->lastId;
    for (const StreamState::Group &group : piece.stream->groups) {
        state += sized(group.name) + group.lastDelivered;
        QByteArrayList consumers = group.consumers;
        std::sort(consumers.begin(), consumers.end());
        state += consumers.join(',');
        for (const StreamState::Pending &pending : group.pending)
            state += pending.id + sized(pending.consumer) + QByteArray::number(pending.deliveries);
    }
    addElement(state);
}

bool ValueDigest::isEqual(const ValueDigest &other) const
{
    constexpr qint64 tolerance = 2000;
    const bool bothExpire = (m_expireAt < 0) == (other.m_expireAt < 0);
    return bothExpire && std::abs(m_expireAt - other.m_expireAt) <= tolerance && m_first == other.m_first
        && m_second == other.m_second && m_count == other.m_count && m_typeWord == other.m_typeWord
        && m_rest == other.m_rest;
}

} // namespace slotscope
