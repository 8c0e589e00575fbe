// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keylines.h"

#include "core/base/bytesjson.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int formatVersion = 1;

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonValue jsonOfItem(ValueType type, const PieceItem &item)
{
    const QJsonValue name = jsonOfBytes(item.name);
    switch (type) {
    case ValueType::SortedSet: return QJsonArray{name, QString::fromLatin1(item.value)};
    case ValueType::Hash: {
        QJsonArray field{name, jsonOfBytes(item.value)};
        if (item.expireAt >= 0)
            field.append(item.expireAt);
        return field;
    }
    case ValueType::Stream: {
        QJsonArray entry{QString::fromLatin1(item.name)};
        for (const auto &[field, value] : item.fields)
            entry.append(QJsonArray{jsonOfBytes(field), jsonOfBytes(value)});
        return entry;
    }
    default: return name;
    }
}

QJsonObject jsonOfState(const StreamState &state)
{
    QJsonObject object{{u"lastId"_s, QString::fromLatin1(state.lastId)}};
    if (state.entriesAdded >= 0)
        object[u"entriesAdded"_s] = state.entriesAdded;
    if (!state.maxDeletedId.isEmpty())
        object[u"maxDeletedId"_s] = QString::fromLatin1(state.maxDeletedId);
    QJsonArray groups;
    for (const StreamState::Group &group : state.groups) {
        QJsonArray consumers, pending;
        for (const QByteArray &consumer : group.consumers)
            consumers.append(jsonOfBytes(consumer));
        for (const StreamState::Pending &entry : group.pending)
            pending.append(QJsonArray{QString::fromLatin1(entry.id), jsonOfBytes(entry.consumer), entry.deliveredAt,
                                      entry.deliveries});
        QJsonObject told{{u"name"_s, jsonOfBytes(group.name)},
                         {u"lastDelivered"_s, QString::fromLatin1(group.lastDelivered)},
                         {u"consumers"_s, consumers},
                         {u"pending"_s, pending}};
        if (group.entriesRead >= 0)
            told[u"entriesRead"_s] = group.entriesRead;
        groups.append(told);
    }
    object[u"groups"_s] = groups;
    return object;
}

/// Reads one line, and remembers only the first error.
class LineReader
{
public:
    [[nodiscard]] Result<KeyPiece> piece(const QJsonObject &object)
    {
        KeyPiece piece;
        piece.key = bytes(object.value(u"key"_s), "key");
        piece.typeWord = object.value(u"type"_s).toString().toUtf8();
        piece.type = valueTypeOf(piece.typeWord);
        piece.expireAt = number(object.value(u"expireAt"_s), -1, "expireAt");
        piece.part = int(number(object.value(u"part"_s), 0, "part"));
        piece.isLast = !object.value(u"more"_s).toBool();
        piece.changed = object.value(u"changed"_s).toBool();
        if (const QJsonValue payload = object.value(u"dump"_s); payload.isString()) {
            piece.isPayload = true;
            const auto decoded =
                QByteArray::fromBase64Encoding(payload.toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
            if (!decoded)
                complain("dump");
            else
                piece.bytes = *decoded;
        } else if (piece.type == ValueType::None || piece.type == ValueType::Other) {
            complain("type");
        } else if (piece.type == ValueType::String || piece.type == ValueType::Json) {
            piece.bytes = bytes(object.value(u"value"_s), "value");
        } else {
            items(object.value(u"items"_s), piece);
            if (piece.type == ValueType::Stream && piece.isLast)
                piece.stream = state(object.value(u"stream"_s).toObject());
        }
        if (m_wrong)
            return failure(Error::Code::Parse, tr("its “%1” is missing or wrong").arg(QLatin1StringView(m_wrong)));
        return piece;
    }

private:
    void complain(const char *what)
    {
        if (!m_wrong)
            m_wrong = what;
    }
    [[nodiscard]] QByteArray bytes(const QJsonValue &value, const char *what)
    {
        const auto read = bytesOfJson(value);
        if (!read)
            complain(what);
        return read.value_or(QByteArray());
    }
    [[nodiscard]] qint64 number(const QJsonValue &value, qint64 otherwise, const char *what)
    {
        if (value.isUndefined())
            return otherwise;
        const qint64 read = value.toInteger(-1);
        if (read < 0)
            complain(what);
        return read;
    }
    [[nodiscard]] QByteArray word(const QJsonValue &value, const char *what)
    {
        if (!value.isString() || value.toString().isEmpty())
            complain(what);
        return value.toString().toUtf8();
    }

    void items(const QJsonValue &value, KeyPiece &piece)
    {
        if (!value.isArray())
            return complain("items");
        const QJsonArray array = value.toArray();
        piece.items.reserve(size_t(array.size()));
        for (const QJsonValue &element : array)
            piece.items.push_back(item(piece.type, element));
    }
    [[nodiscard]] PieceItem item(ValueType type, const QJsonValue &value)
    {
        PieceItem item;
        const QJsonArray parts = value.toArray();
        switch (type) {
        case ValueType::SortedSet:
            item.name = bytes(parts.at(0), "items");
            item.value = word(parts.at(1), "items");
            break;
        case ValueType::Hash:
            item.name = bytes(parts.at(0), "items");
            item.value = bytes(parts.at(1), "items");
            item.expireAt = number(parts.at(2), -1, "items");
            break;
        case ValueType::Stream:
            item.name = word(parts.at(0), "items");
            for (qsizetype i = 1; i < parts.size(); ++i) {
                const QJsonArray field = parts.at(i).toArray();
                item.fields.append({bytes(field.at(0), "items"), bytes(field.at(1), "items")});
            }
            break;
        default: item.name = bytes(value, "items"); break;
        }
        return item;
    }
    [[nodiscard]] StreamState state(const QJsonObject &object)
    {
        StreamState state;
        state.lastId = word(object.value(u"lastId"_s), "stream");
        state.maxDeletedId = object.value(u"maxDeletedId"_s).toString().toUtf8();
        state.entriesAdded = number(object.value(u"entriesAdded"_s), -1, "stream");
        const QJsonArray groups = object.value(u"groups"_s).toArray();
        for (const QJsonValue &value : groups) {
            const QJsonObject told = value.toObject();
            StreamState::Group group;
            group.name = bytes(told.value(u"name"_s), "stream");
            group.lastDelivered = word(told.value(u"lastDelivered"_s), "stream");
            group.entriesRead = number(told.value(u"entriesRead"_s), -1, "stream");
            const QJsonArray consumers = told.value(u"consumers"_s).toArray();
            for (const QJsonValue &consumer : consumers)
                group.consumers.append(bytes(consumer, "stream"));
            const QJsonArray pending = told.value(u"pending"_s).toArray();
            for (const QJsonValue &entry : pending) {
                const QJsonArray parts = entry.toArray();
                group.pending.append({word(parts.at(0), "stream"), bytes(parts.at(1), "stream"),
                                      number(parts.at(2), 0, "stream"), number(parts.at(3), 1, "stream")});
            }
            state.groups.append(std::move(group));
        }
        return state;
    }

    const char *m_wrong = nullptr; ///< the first invalid field
};

/// Formats a CSV cell, with quotes if necessary (RFC 4180).
QByteArray csvCell(const QByteArray &bytes)
{
    const QByteArray shown = jsonOfBytes(bytes).isString() && !bytes.contains('\0') ? bytes : quoted(bytes);
    if (!shown.contains(',') && !shown.contains('"') && !shown.contains('\n') && !shown.contains('\r')
        && shown.trimmed() == shown)
        return shown;
    QByteArray doubled = shown;
    doubled.replace("\"", "\"\"");
    return '"' + doubled + '"';
}

QByteArray timeText(qint64 expireAt)
{
    return expireAt < 0 ? QByteArray()
                        : QDateTime::fromMSecsSinceEpoch(expireAt).toUTC().toString(Qt::ISODateWithMs).toUtf8();
}

} // namespace

QByteArray headerLine()
{
    return compact({{u"slotscope"_s, u"keys"_s}, {u"version"_s, formatVersion}});
}

QByteArray trailerLine(qint64 keys)
{
    return compact({{u"slotscope"_s, u"end"_s}, {u"keys"_s, keys}});
}

QByteArray jsonLineOf(const KeyPiece &piece)
{
    QJsonObject object{{u"key"_s, jsonOfBytes(piece.key)}, {u"type"_s, QString::fromUtf8(piece.typeWord)}};
    if (piece.expireAt >= 0)
        object[u"expireAt"_s] = piece.expireAt;
    if (piece.part > 0)
        object[u"part"_s] = piece.part;
    if (!piece.isLast)
        object[u"more"_s] = true;
    if (piece.changed)
        object[u"changed"_s] = true;
    if (piece.isPayload) {
        object[u"dump"_s] = QString::fromLatin1(piece.bytes.toBase64());
        return compact(object);
    }
    if (piece.type == ValueType::String || piece.type == ValueType::Json) {
        object[u"value"_s] = jsonOfBytes(piece.bytes);
        return compact(object);
    }
    QJsonArray items;
    for (const PieceItem &item : piece.items)
        items.append(jsonOfItem(piece.type, item));
    object[u"items"_s] = items;
    if (piece.stream)
        object[u"stream"_s] = jsonOfState(*piece.stream);
    return compact(object);
}

Result<KeyLine> keyLineOf(const QByteArray &line)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (error.error != QJsonParseError::NoError)
        return failure(Error::Code::Parse,
                       tr("not JSON: %1 at byte %2").arg(error.errorString()).arg(error.offset + 1));
    if (!document.isObject())
        return failure(Error::Code::Parse, tr("not a JSON object"));
    const QJsonObject object = document.object();
    KeyLine read;
    const QString kind = object.value(u"slotscope"_s).toString();
    if (kind == u"keys") {
        read.kind = KeyLine::Kind::Header;
        if (object.value(u"version"_s).toInt() != formatVersion)
            return failure(Error::Code::Parse,
                           tr("the file has version %1, but this program reads version %2")
                               .arg(object.value(u"version"_s).toInt())
                               .arg(formatVersion));
        return read;
    }
    if (kind == u"end") {
        read.kind = KeyLine::Kind::Trailer;
        read.keys = object.value(u"keys"_s).toInteger(-1);
        return read;
    }
    Result<KeyPiece> piece = LineReader().piece(object);
    if (!piece)
        return failure(piece.error());
    read.piece = std::move(*piece);
    return read;
}

QByteArray commandLinesOf(const KeyPiece &piece)
{
    std::vector<Command> commands;
    const bool replacesItself = piece.type == ValueType::String || piece.type == ValueType::Json;
    if (piece.part == 0 && !replacesItself)
        commands.push_back({"DEL"_ba, piece.key});
    for (Command &command : commandsFor(piece, piece.key))
        commands.push_back(std::move(command));
    if (piece.isLast && piece.expireAt >= 0 && !piece.isPayload)
        commands.push_back({"PEXPIREAT"_ba, piece.key, QByteArray::number(piece.expireAt)});
    QByteArray lines;
    for (const Command &command : commands) {
        for (qsizetype i = 0; i < command.size(); ++i)
            lines += (i == 0 ? ""_ba : " "_ba) + (i == 0 ? command[i] : quoted(command[i]));
        lines += '\n';
    }
    return lines;
}

QByteArray csvHeader()
{
    return "key,type,expires,name,value,score\r\n"_ba;
}

QByteArray csvLinesOf(const KeyPiece &piece, qint64 index)
{
    const QByteArray start = csvCell(piece.key) + ',' + piece.typeWord + ',' + timeText(piece.expireAt) + ',';
    if (piece.isPayload)
        return start + ",,\r\n";
    if (piece.type == ValueType::String || piece.type == ValueType::Json)
        return start + ',' + csvCell(piece.bytes) + ",\r\n";
    QByteArray lines;
    for (const PieceItem &item : piece.items) {
        switch (piece.type) {
        case ValueType::List: lines += start + QByteArray::number(index++) + ',' + csvCell(item.name) + ",\r\n"; break;
        case ValueType::Hash: lines += start + csvCell(item.name) + ',' + csvCell(item.value) + ",\r\n"; break;
        case ValueType::SortedSet: lines += start + csvCell(item.name) + ",," + item.value + "\r\n"; break;
        case ValueType::Stream:
            for (const auto &[field, value] : item.fields)
                lines += start + item.name + ',' + csvCell(field + '=' + value) + ",\r\n";
            break;
        default: lines += start + csvCell(item.name) + ",,\r\n"; break;
        }
    }
    return lines;
}

} // namespace slotscope
