// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/slowlogentry.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/slowlog/commandshape.h"

#include <QSet>

#include <tuple>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr size_t fieldsOfOldServers = 4; // before Redis 4, without client
constexpr size_t fieldsWithClient = 6;

Error oddEntry(const Value &entry, const char *what)
{
    const qint64 id = entry.items().empty() ? -1 : entry.items().front().toInteger();
    return failure(Error::Code::Parse, tr("entry %1 of the log: %2").arg(id).arg(slotscope::tr(what))).value();
}

Result<SlowlogEntry> parseEntry(const Value &value)
{
    const Value::List &fields = value.items();
    if (fields.size() < fieldsOfOldServers)
        return failure(oddEntry(value, QT_TRANSLATE_NOOP("slotscope", "the entry has fewer than four fields")));
    for (size_t i = 0; i < 3; ++i)
        if (fields[i].type() != Value::Type::Integer)
            return failure(oddEntry(value, QT_TRANSLATE_NOOP("slotscope", "a field is not a number")));
    if (!fields[3].isAggregate())
        return failure(oddEntry(value, QT_TRANSLATE_NOOP("slotscope", "the entry contains no command")));
    SlowlogEntry entry;
    entry.id = fields[0].toInteger();
    entry.serverSeconds = fields[1].toInteger();
    entry.cost = fields[2].toInteger();
    for (const Value &word : fields[3].items())
        entry.command.append(word.bytes());
    for (const QByteArray &secret : secretsIn(entry.command))
        for (QByteArray &word : entry.command)
            if (word == secret && word != entry.command.front())
                word = "(redacted)"_ba;
    if (fields.size() >= fieldsWithClient) {
        entry.clientAddress = fields[4].bytes();
        entry.clientName = fields[5].bytes();
    }
    entry.shape = shapeOf(entry.command);
    return entry;
}

bool isSpecial(QChar character)
{
    return character.isSpace() || character == u'"' || character == u'\'';
}

QString threeDigits(double number)
{
    return QString::number(number, 'f', number < 9.995 ? 2 : number < 99.95 ? 1 : 0);
}

} // namespace

Result<std::vector<SlowlogEntry>> parseSlowlog(const Value &reply)
{
    if (reply.type() != Value::Type::Array)
        return failure(Error::Code::Parse, tr("the log is not a list"));
    std::vector<SlowlogEntry> entries;
    entries.reserve(reply.items().size());
    for (const Value &item : reply.items()) {
        Result<SlowlogEntry> entry = parseEntry(item);
        if (!entry)
            return failure(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

bool isEarlier(const SlowlogEntry &left, const SlowlogEntry &right)
{
    return std::tie(left.at, left.nodeName, left.runId, left.id, left.kind)
        < std::tie(right.at, right.nodeName, right.runId, right.id, right.kind);
}

bool isOurs(const SlowlogEntry &entry)
{
    return entry.clientName == "slotscope";
}

bool isCut(const Command &command)
{
    const auto ends = [](const QByteArray &word, const char *what) {
        return word.contains("... (") && word.endsWith(what);
    };
    return std::any_of(command.begin(), command.end(), [&](const QByteArray &word) {
        return ends(word, " more bytes)") || ends(word, " more arguments)");
    });
}

QString commandText(const Command &command)
{
    QStringList words;
    for (const QByteArray &word : command) {
        QString text = toDisplay(word);
        if (text.isEmpty() || std::any_of(text.begin(), text.end(), isSpecial))
            text = u'"' + text.replace(u'"', u"\\\""_s) + u'"';
        words.append(text);
    }
    return words.join(u' ');
}

QByteArray wholeCommandLine(const Command &command)
{
    QByteArrayList words;
    for (const QByteArray &word : command)
        words.append(quoted(word));
    return words.join(' ');
}

QString costText(SlowlogKind kind, qint64 cost)
{
    if (kind != SlowlogKind::Slow)
        return byteSize(cost);
    if (cost < 1000)
        return tr("%1 µs").arg(cost);
    const double ms = double(cost) / 1000;
    return ms < 999.5 ? tr("%1 ms").arg(threeDigits(ms)) : tr("%1 s").arg(threeDigits(ms / 1000));
}

SlowlogWords wordsOf(SlowlogKind kind)
{
    switch (kind) {
    case SlowlogKind::LargeRequest:
        return {"large-request"_ba, "commandlog-request-larger-than"_ba, "commandlog-large-request-max-len"_ba};
    case SlowlogKind::LargeReply:
        return {"large-reply"_ba, "commandlog-reply-larger-than"_ba, "commandlog-large-reply-max-len"_ba};
    case SlowlogKind::Slow: break;
    }
    return {"slow"_ba, "slowlog-log-slower-than"_ba, "slowlog-max-len"_ba};
}

Command logCommand(SlowlogKind kind, const QByteArray &verb, const QByteArray &count)
{
    Command command{kind == SlowlogKind::Slow ? "SLOWLOG"_ba : "COMMANDLOG"_ba, verb};
    if (!count.isEmpty())
        command.append(count);
    if (kind != SlowlogKind::Slow)
        command.append(wordsOf(kind).type);
    return command;
}

} // namespace slotscope
