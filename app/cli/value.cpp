// SPDX-License-Identifier: GPL-3.0-or-later
// get: the whole value of one key.
#include "command.h"
#include "decodedtext.h"
#include "valuewords.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/protocol/replyjson.h"
#include "core/values/editlink.h"
#include "core/values/keycopies.h"
#include "core/values/valuereader.h"

#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 bytesAtOnce = 1 << 20;
constexpr int elementsAtOnce = 1000;

QJsonObject headJson(const ValueHead &head)
{
    QJsonObject object{{u"key"_s, replyToJson(Value::bulk(head.key))},
                       {u"type"_s, QString::fromLatin1(head.typeWord)},
                       {u"ttlMs"_s, head.ttlMs}};
    if (head.length >= 0)
        object[u"length"_s] = head.length;
    if (head.memory >= 0)
        object[u"memory"_s] = head.memory;
    if (!head.encoding.isEmpty())
        object[u"encoding"_s] = QString::fromLatin1(head.encoding);
    if (head.idleSeconds >= 0)
        object[u"idleSeconds"_s] = head.idleSeconds;
    if (head.slot >= 0)
        object[u"slot"_s] = head.slot;
    object[u"node"_s] = head.nodeName;
    return object;
}

QString headText(const ValueHead &head)
{
    QStringList parts{QString::fromLatin1(head.typeWord),
                      head.ttlMs < 0 ? u"no expiry"_s : u"lives "_s + duration(head.ttlMs)};
    if (head.length >= 0)
        parts.append(head.type == ValueType::String ? u"%1 bytes"_s.arg(groupedNumber(head.length))
                                                    : u"%1 elements"_s.arg(groupedNumber(head.length)));
    if (head.memory >= 0)
        parts.append(u"≈ %1 in memory"_s.arg(byteSize(head.memory)));
    if (!head.encoding.isEmpty())
        parts.append(QString::fromLatin1(head.encoding));
    if (head.slot >= 0)
        parts.append(u"slot %1"_s.arg(head.slot));
    parts.append(head.nodeName);
    return parts.join(u" · "_s);
}

QByteArray lineOf(ValueType type, const ValueRow &row, const QByteArray &value)
{
    if (type == ValueType::List)
        return nameText(value);
    if (type == ValueType::Set)
        return nameText(row.name);
    if (type == ValueType::SortedSet)
        return nameText(row.name) + '\t' + row.score;
    if (type == ValueType::Hash)
        return nameText(row.name) + '\t' + nameText(value);
    QByteArray line = row.name;
    for (const auto &[field, content] : row.fields)
        line += '\t' + nameText(field) + ' ' + nameText(content);
    return line;
}

QJsonValue jsonOf(ValueType type, const ValueRow &row, const QByteArray &value)
{
    const QJsonValue name = replyToJson(Value::bulk(row.name));
    if (type == ValueType::List)
        return replyToJson(Value::bulk(value));
    if (type == ValueType::Set)
        return name;
    if (type == ValueType::SortedSet)
        return QJsonObject{{u"member"_s, name}, {u"score"_s, QString::fromLatin1(row.score)}};
    if (type == ValueType::Hash)
        return QJsonObject{{u"field"_s, name}, {u"value"_s, replyToJson(Value::bulk(value))}};
    QJsonArray fields;
    for (const auto &[field, content] : row.fields)
        fields.append(QJsonArray{replyToJson(Value::bulk(field)), replyToJson(Value::bulk(content))});
    return QJsonObject{{u"id"_s, QString::fromLatin1(row.name)}, {u"fields"_s, fields}};
}

/// A chain without steps means that the format is detected.
int printInFormat(const QByteArray &bytes, const FormatChain &chain, bool json)
{
    return printDecoded(bytes, chain.steps.isEmpty() ? detect(bytes) : chain, json, true);
}

/// Rows contain only the beginning of a long value; this reads the rest.
QCoro::Task<Result<QByteArray>> wholeOf(std::shared_ptr<ValueReader> reader, ValueHead head, ValueRow row, qint64 index)
{
    const bool hasValue = head.type == ValueType::Hash || head.type == ValueType::List;
    if (!hasValue || row.isWhole())
        co_return Result<QByteArray>(row.value);
    const QByteArray name = head.type == ValueType::List ? QByteArray::number(index) : row.name;
    const auto value = co_await reader->element(head.key, head.type, name);
    if (!value)
        co_return failure(value.error());
    co_return Result<QByteArray>(value->value_or(row.value));
}

QCoro::Task<Result<ValueWindow>> nextWindow(std::shared_ptr<ValueReader> reader, ValueHead head, QByteArray cursor,
                                            qint64 done)
{
    if (head.type == ValueType::Stream)
        return reader->entries(head.key, cursor == "0" ? "-"_ba : "(" + cursor, "+"_ba, elementsAtOnce, false);
    if (head.type == ValueType::List || head.type == ValueType::SortedSet)
        return reader->range(head.key, head.type, done, done + elementsAtOnce - 1, false);
    return reader->scan(head.key, head.type, cursor, {}, elementsAtOnce);
}

QCoro::Task<int> printElements(std::shared_ptr<ValueReader> reader, ValueHead head, bool json)
{
    QByteArray cursor = "0"_ba;
    qint64 done = 0;
    const bool byPosition = head.type == ValueType::List || head.type == ValueType::SortedSet;
    QSet<QByteArray> seen; // a scan may return an element twice
    for (bool isLast = false; !isLast;) {
        const auto window = co_await nextWindow(reader, head, cursor, done);
        if (!window) {
            printError(window.error());
            co_return exitFailed;
        }
        QByteArray text;
        for (const ValueRow &row : window->rows) {
            if (!byPosition && seen.contains(row.name))
                continue;
            if (!byPosition && head.type != ValueType::Stream)
                seen.insert(row.name);
            const auto value = co_await wholeOf(reader, head, row, done);
            if (!value) {
                printError(value.error());
                co_return exitFailed;
            }
            ++done;
            text += json ? jsonLine({{u"element"_s, jsonOf(head.type, row, *value)}}) : lineOf(head.type, row, *value);
            text += '\n';
        }
        printBytes(text);
        cursor = window->cursor;
        isLast = byPosition ? window->rows.size() < size_t(elementsAtOnce) : window->isLast();
    }
    co_return exitDone;
}

/// `chain`: decodes the whole string; null: prints its bytes.
QCoro::Task<int> printString(std::shared_ptr<ValueReader> reader, ValueHead head, std::optional<FormatChain> chain,
                             bool json)
{
    QByteArray all;
    for (qint64 first = 0;; first += bytesAtOnce) { // the length may be refused, or may have changed
        const auto part = co_await reader->bytes(head.key, first, first + bytesAtOnce - 1);
        if (!part) {
            printError(part.error());
            co_return exitFailed;
        }
        if (chain || json || outIsTerminal())
            all += *part;
        else
            printBytes(*part);
        if (part->size() < bytesAtOnce)
            break;
    }
    if (chain)
        co_return printInFormat(all, *chain, json);
    if (json)
        printJsonLine({{u"value"_s, replyToJson(Value::bulk(all))}});
    else if (outIsTerminal())
        printOut(all);
    co_return exitDone;
}

QCoro::Task<int> printDocument(std::shared_ptr<ValueReader> reader, ValueHead head, bool json)
{
    const auto document = co_await reader->document(head.key);
    if (!document) {
        printError(document.error());
        co_return exitFailed;
    }
    if (json)
        printJsonLine({{u"value"_s, replyToJson(Value::bulk(*document))}});
    else if (outIsTerminal())
        printOut(*document);
    else
        printBytes(*document);
    co_return exitDone;
}

/// `databases`: those in which the key exists.
QString missingText(const ValueHead &head, const QList<int> &databases)
{
    QStringList numbers;
    for (const int database : databases)
        numbers.append(QString::number(database));
    if (numbers.isEmpty())
        return u"the key does not exist"_s;
    return u"the key does not exist in database %1; it exists in database %2 (end the URI with /%3)"_s.arg(
        QString::number(head.database), numbers.join(u", "_s), numbers.first());
}

/// The key on each node of its shard; the exit code tells whether all replicas have the primary's value.
QCoro::Task<int> printCopies(std::shared_ptr<ClusterSession> session, QByteArray key, bool json)
{
    const auto reader = std::make_shared<KeyCopiesReader>(session.get());
    const auto copies = co_await reader->read(key, -1);
    if (!copies) {
        printError(copies.error());
        co_return exitFailed;
    }
    bool allSame = true;
    QList<QStringList> rows{{u"NODE"_s, u"ROLE"_s, u"TYPE"_s, u"LENGTH"_s, u"TTL"_s, u"VALUE"_s}};
    for (const KeyCopy &copy : copies->nodes) {
        using Match = KeyCopy::Match;
        allSame = allSame && !copy.error && (copy.match == Match::Itself || copy.match == Match::Same);
        const QString role = copy.isReplica ? u"replica"_s : u"primary"_s;
        if (json)
            printJsonLine({{u"node"_s, copy.nodeName},
                           {u"role"_s, role},
                           {u"type"_s, QString::fromLatin1(copy.typeWord)},
                           {u"length"_s, copy.length},
                           {u"ttlMs"_s, copy.ttlMs},
                           {u"same"_s, copy.match == Match::Itself || copy.match == Match::Same},
                           {u"compared"_s, copy.match == Match::Same || copy.match == Match::Differs},
                           {u"error"_s, copy.error ? describe(*copy.error) : QString()}});
        rows.append({copy.nodeName, role, QString::fromLatin1(copy.typeWord),
                     copy.length < 0 ? u"-"_s : groupedNumber(copy.length),
                     copy.ttlMs < 0 ? u"-"_s : duration(copy.ttlMs), matchText(copy)});
    }
    if (!json)
        printOut(tableText(rows, {3}));
    if (copies->nodes.size() == 1 && !json)
        printAside(u"the shard has no replicas"_s);
    co_return allSame ? exitDone : exitFailed;
}

QCoro::Task<int> printField(std::shared_ptr<ValueReader> reader, QByteArray key, QByteArray field,
                            std::optional<FormatChain> chain, bool json)
{
    const auto value = co_await reader->element(key, ValueType::Hash, field);
    if (!value) {
        printError(value.error());
        co_return exitFailed;
    }
    if (!*value) {
        printError(u"the key or the field does not exist"_s);
        co_return exitFailed;
    }
    if (chain)
        co_return printInFormat(**value, *chain, json);
    if (json)
        printJsonLine({{u"value"_s, replyToJson(Value::bulk(**value))}});
    else if (outIsTerminal())
        printOut(**value);
    else
        printBytes(**value);
    co_return exitDone;
}

/// Prints the value, and checks that nobody changed it during the reading.
QCoro::Task<int> printValue(ClusterSession *session, ValueHead head, std::optional<FormatChain> chain, bool json)
{
    const auto reader = std::make_shared<ValueReader>(session);
    const QByteArrayList watched(1, head.key);
    const auto link = co_await watching(session, watched, -1);
    int code = exitDone;
    if (head.type == ValueType::String)
        code = co_await printString(reader, head, chain, json);
    else
        code = co_await printElements(reader, head, json);
    if (code != exitDone)
        co_return code;
    if (!link) {
        printAside(u"it could not be checked whether the value changed during the reading (WATCH)\n"_s);
        co_return exitDone;
    }
    const std::vector<Command> nothing{{"MULTI"_ba}, {"EXEC"_ba}};
    const auto unchanged = co_await (*link)->sendAll(nothing);
    if (unchanged && !unchanged->back().isNull())
        co_return exitDone;
    printError(unchanged
                   ? u"the value changed during the reading: the output is a mix of versions"_s
                   : u"it is not known whether the value changed during the reading: "_s + describe(unchanged.error()));
    co_return exitFailed;
}

/// The format for `get --format`; nullopt: none was asked for. A chain without steps means that it is detected.
Result<std::optional<FormatChain>> formatOf(const ValueWords &words)
{
    if (words.format.isEmpty() && !words.protos.isEmpty())
        return failure(Error::Code::InvalidArgument, u"get: --proto needs --format protobuf:TYPE"_s);
    if (words.format.isEmpty())
        return std::optional<FormatChain>();
    if (words.head || words.copies)
        return failure(Error::Code::InvalidArgument, u"get: --format shows a value: not with --head or --copies"_s);
    if (words.format == u"auto" && words.protos.isEmpty())
        return std::optional<FormatChain>(FormatChain());
    const Result<FormatChain> chain = chainOf(words.format, words.protos);
    if (!chain)
        return failure(Error::Code::InvalidArgument, u"get: --format: "_s + chain.error().detail);
    return std::optional<FormatChain>(*chain);
}

} // namespace

QCoro::Task<int> runGet(Context context)
{
    const auto words = readValueWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(getHelp());
        co_return exitDone;
    }
    if (words->plain.size() != 1)
        co_return usageError(u"get: give one key"_s);
    const auto chain = formatOf(*words);
    if (!chain)
        co_return usageError(chain.error().detail);
    const WaitFor whom = words->copies ? WaitFor::EveryNode : WaitFor::OneNode;
    const Opened opened = co_await openSession(context, whom);
    if (!opened.session)
        co_return exitFailed;
    const auto reader = std::make_shared<ValueReader>(opened.session.get());
    const QByteArray key = words->plain.front();
    if (words->field)
        co_return co_await printField(reader, key, *words->field, *chain, context.json);
    if (words->copies)
        co_return co_await printCopies(opened.session, key, context.json);
    const auto head = co_await reader->head(key);
    if (!head) {
        printError(head.error());
        co_return exitFailed;
    }
    if (!head->exists()) {
        const auto databases = co_await reader->databasesWith(key);
        printError(missingText(*head, databases.value_or(QList<int>())));
        co_return exitFailed;
    }
    if (context.json)
        printJsonLine(headJson(*head));
    else if (words->head)
        printOut(headText(*head));
    else
        printAside(headText(*head) + u'\n');
    if (words->head)
        co_return exitDone;
    if (head->type == ValueType::Json && !*chain)
        co_return co_await printDocument(reader, *head, context.json);
    const bool isPrinted = head->type != ValueType::Other;
    if (!isPrinted || (*chain && head->type != ValueType::String)) {
        const QString type = QString::fromLatin1(head->typeWord);
        printError(isPrinted ? u"--format shows a string, or a field of a hash with --field; this is a %1"_s.arg(type)
                             : u"values of the type %1 are not printed: use call"_s.arg(type));
        co_return exitFailed;
    }
    co_return co_await printValue(opened.session.get(), *head, *chain, context.json);
}

} // namespace slotscope::cli
