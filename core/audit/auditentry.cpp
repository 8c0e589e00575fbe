// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditentry.h"

#include "core/base/bytesjson.h"
#include "core/base/secrets.h"
#include "core/base/text.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qsizetype mostWords = 24; // arguments stored per command
constexpr qsizetype firstCut = 2048; // bytes stored of an argument until it is written
constexpr qsizetype lastCut = 128; // … and bytes that are written
constexpr qsizetype mostError = 300;

constexpr std::array<std::pair<AuditEntry::Result, QLatin1StringView>, 7> resultNames{{
    {AuditEntry::Result::Done, "done"_L1},
    {AuditEntry::Result::Failed, "failed"_L1},
    {AuditEntry::Result::Unknown, "unknown"_L1},
    {AuditEntry::Result::NotSent, "not-sent"_L1},
    {AuditEntry::Result::Refused, "refused"_L1},
    {AuditEntry::Result::Queued, "queued"_L1},
    {AuditEntry::Result::Lost, "lost"_L1},
}};

/// Whether secretsIn() can find something in this command, because it copies all arguments to search them.
bool carriesSecrets(const QByteArray &name)
{
    static constexpr std::array<const char *, 8> carriers{"auth",    "hello",    "config", "acl",
                                                          "migrate", "sentinel", "module", "command"};
    return std::any_of(carriers.begin(), carriers.end(),
                       [&name](const char *each) { return name.compare(each, Qt::CaseInsensitive) == 0; });
}

bool isSecret(const QByteArray &word, const QByteArrayList &secrets)
{
    const bool rule = !word.isEmpty() && QByteArrayView("><#!").contains(word.front());
    return secrets.contains(word) || (rule && secrets.contains(word.mid(1)));
}

QJsonValue jsonOfWord(const KeptWord &word)
{
    if (word.secret)
        return QJsonObject{{u"secret"_s, true}};
    if (word.size == word.bytes.size())
        return jsonOfBytes(word.bytes);
    return QJsonObject{{u"start"_s, jsonOfBytes(word.bytes)}, {u"bytes"_s, word.size}};
}

KeptWord wordOfJson(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    if (object.value(u"secret"_s).toBool())
        return {.bytes = {}, .size = 0, .secret = true};
    if (const QJsonValue start = object.value(u"start"_s); !start.isUndefined()) {
        const QByteArray bytes = bytesOfJson(start).value_or(QByteArray());
        return {.bytes = bytes, .size = std::max<qint64>(object.value(u"bytes"_s).toInteger(), bytes.size())};
    }
    const QByteArray bytes = bytesOfJson(value).value_or(QByteArray());
    return {.bytes = bytes, .size = bytes.size()};
}

QJsonArray jsonOfWords(const QList<KeptWord> &words)
{
    QJsonArray array;
    for (const KeptWord &word : words)
        array.append(jsonOfWord(word));
    return array;
}

QList<KeptWord> wordsOfJson(const QJsonValue &value)
{
    QList<KeptWord> words;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &each : array)
        words.append(wordOfJson(each));
    return words;
}

void finishWord(KeptWord &word)
{
    if (word.secret || word.bytes.isEmpty())
        return;
    const bool whole = word.size == word.bytes.size();
    const QByteArray clean = scrubbed(word.bytes);
    if (clean != word.bytes) { // the original size would reveal the secret's length
        word.bytes = clean;
        word.size = clean.size() + (whole ? 0 : 1);
    }
    if (word.bytes.size() > lastCut)
        word.bytes = word.bytes.left(lastCut);
}

QString lineOfWord(const KeptWord &word)
{
    if (word.secret)
        return u"••••••••"_s;
    const QString text = QString::fromLatin1(quoted(word.bytes));
    return word.size == word.bytes.size() ? text : text + u"…("_s + byteSize(word.size) + u')';
}

} // namespace

QLatin1StringView nameOf(AuditEntry::Result result)
{
    for (const auto &[each, name] : resultNames)
        if (each == result)
            return name;
    Q_UNREACHABLE();
}

std::optional<AuditEntry::Result> auditResultNamed(QByteArrayView name)
{
    for (const auto &[each, text] : resultNames)
        if (name == QByteArrayView(text.data(), text.size()))
            return each;
    return std::nullopt;
}

QString AuditEntry::name() const
{
    Command start;
    for (const KeptWord &word : words.mid(0, 2))
        start.append(word.bytes);
    return commandName(start);
}

QString AuditEntry::line() const
{
    QStringList parts;
    for (const KeptWord &word : words)
        parts.append(lineOfWord(word));
    if (wordCount > words.size())
        parts.append(u"…"_s);
    return parts.join(u' ');
}

QList<KeptWord> keptWords(const Command &command, bool known)
{
    QList<KeptWord> words;
    const QByteArrayList secrets =
        !command.isEmpty() && carriesSecrets(command.front()) ? secretsIn(command) : QByteArrayList();
    for (const QByteArray &secret : secrets) // a server may repeat the secret in an error
        rememberSecret(secret);
    const qsizetype most = known ? std::min(command.size(), mostWords) : std::min<qsizetype>(command.size(), 1);
    words.reserve(most);
    for (qsizetype i = 0; i < most; ++i) {
        const QByteArray &word = command.at(i);
        if (i > 0 && !secrets.isEmpty() && isSecret(word, secrets))
            words.append({.bytes = {}, .size = 0, .secret = true});
        else // short arguments are shared, not copied
            words.append({.bytes = word.size() <= firstCut ? word : word.left(firstCut), .size = word.size()});
    }
    return words;
}

void finishRedaction(AuditEntry &entry)
{
    for (KeptWord &word : entry.words)
        finishWord(word);
    for (KeptWord &word : entry.further)
        finishWord(word);
    entry.error = entry.error.left(mostError);
}

QJsonObject jsonOf(const AuditEntry &entry)
{
    QJsonObject object{
        {u"v"_s, 1},
        {u"at"_s, QDateTime::fromMSecsSinceEpoch(entry.at, Qt::UTC).toString(Qt::ISODateWithMs)},
        {u"program"_s, entry.program},
        {u"pid"_s, entry.pid},
        {u"os_user"_s, entry.osUser},
        {u"host"_s, entry.host},
        {u"result"_s, QString(nameOf(entry.result))},
    };
    const auto add = [&object](const QString &key, const QString &value) {
        if (!value.isEmpty())
            object.insert(key, value);
    };
    add(u"error"_s, entry.error);
    add(u"cluster"_s, entry.cluster);
    add(u"seeds"_s, entry.seeds);
    add(u"node"_s, toDisplay(entry.nodeId));
    add(u"address"_s, entry.address);
    add(u"user"_s, entry.user);
    add(u"from"_s, entry.from);
    if (entry.count != 1)
        object.insert(u"count"_s, entry.count);
    if (entry.result == AuditEntry::Result::Lost)
        return object;
    object.insert(u"db"_s, entry.database);
    object.insert(u"command"_s, jsonOfWords(entry.words));
    object.insert(u"words"_s, entry.wordCount);
    object.insert(u"bytes"_s, entry.bytes);
    if (entry.microseconds >= 0)
        object.insert(u"us"_s, entry.microseconds);
    if (entry.failed > 0)
        object.insert(u"failed"_s, entry.failed);
    if (entry.unknown > 0)
        object.insert(u"unknown"_s, entry.unknown);
    if (!entry.further.isEmpty())
        object.insert(u"further"_s, jsonOfWords(entry.further));
    return object;
}

std::optional<AuditEntry> auditEntryOf(const QByteArray &line)
{
    QJsonParseError fault;
    const QJsonObject object = QJsonDocument::fromJson(line, &fault).object();
    const auto text = [&object](const QString &key) { return object.value(key).toString(); };
    const QDateTime at = QDateTime::fromString(text(u"at"_s), Qt::ISODateWithMs);
    const auto result = auditResultNamed(text(u"result"_s).toUtf8());
    if (fault.error != QJsonParseError::NoError || object.value(u"v"_s).toInt() < 1 || !at.isValid() || !result)
        return std::nullopt;
    AuditEntry entry;
    entry.at = at.toMSecsSinceEpoch();
    entry.microseconds = object.value(u"us"_s).toInteger(-1);
    entry.cluster = text(u"cluster"_s);
    entry.seeds = text(u"seeds"_s);
    entry.nodeId = text(u"node"_s).toUtf8();
    entry.address = text(u"address"_s);
    entry.database = object.value(u"db"_s).toInt();
    entry.user = text(u"user"_s);
    entry.from = text(u"from"_s);
    entry.words = wordsOfJson(object.value(u"command"_s));
    entry.wordCount = object.value(u"words"_s).toInteger(entry.words.size());
    entry.bytes = object.value(u"bytes"_s).toInteger();
    entry.count = object.value(u"count"_s).toInteger(1);
    entry.failed = object.value(u"failed"_s).toInteger();
    entry.unknown = object.value(u"unknown"_s).toInteger();
    entry.further = wordsOfJson(object.value(u"further"_s));
    entry.result = *result;
    entry.error = text(u"error"_s);
    entry.osUser = text(u"os_user"_s);
    entry.host = text(u"host"_s);
    entry.program = text(u"program"_s);
    entry.pid = object.value(u"pid"_s).toInteger();
    return entry;
}

} // namespace slotscope
