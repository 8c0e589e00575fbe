// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/completion.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

bool beginsWith(const QByteArray &word, const QByteArray &beginning)
{
    return word.toUpper().startsWith(beginning.toUpper());
}

bool isKeyPlace(const ArgumentPlace &place)
{
    return place.type == "key" || place.name == "key" || place.name == "newkey";
}

bool isNodePlace(const ArgumentPlace &place)
{
    return place.name.contains("node-id") || place.name.contains("node_id") || place.name == "nodeid";
}

void proposeNames(const CommandDocs &docs, const Command &words, qsizetype index, CompletionPoint &point)
{
    if (index == 0) {
        const QByteArrayList names = docs.names();
        for (const QByteArray &name : names)
            if (beginsWith(name, point.typed))
                point.words.append(name.toUpper());
        return;
    }
    const CommandDoc *container = docs.named(words.value(0));
    if (index != 1 || !container)
        return;
    for (const QByteArray &name : container->subcommands)
        if (beginsWith(name, point.typed))
            point.words.append(name.toUpper());
}

/// An argument as the documentation of Redis writes it: "key [key …]", "<NX | XX>", "[GET pattern [GET pattern …]]".
QString documented(const CommandArgument &argument)
{
    const QString token = QString::fromLatin1(argument.token);
    if (argument.isPureToken())
        return argument.isOptional ? u'[' + token + u']' : token;
    QStringList inner;
    for (const CommandArgument &each : argument.arguments)
        inner.append(documented(each));
    QString body = QString::fromUtf8(argument.name);
    if (argument.type == "oneof")
        body = argument.isOptional && token.isEmpty() ? inner.join(u" | "_s) : u'<' + inner.join(u" | "_s) + u'>';
    else if (argument.type == "block")
        body = inner.join(u' ');
    const QString whole = token.isEmpty() ? body : token + u' ' + body;
    QString text = whole;
    if (argument.isMultiple)
        text += u" ["_s + (argument.repeatsToken ? whole : body) + u" …]"_s;
    return argument.isOptional ? u'[' + text + u']' : text;
}

} // namespace

CompletionPoint completionAt(const CommandDocs &docs, const QByteArray &line, qsizetype cursor)
{
    CompletionPoint point;
    point.begin = point.end = cursor;
    if (line.trimmed().startsWith('#'))
        return point;
    const LineReading reading = readCommandLine(line);
    Command words = reading.command();
    qsizetype index = words.size();
    for (qsizetype i = 0; i < reading.words.size(); ++i) {
        const LineWord &word = reading.words[i];
        if (cursor < word.begin) { // the cursor is between two words, where a new one will be typed
            index = i;
            words = words.mid(0, i);
            break;
        }
        if (cursor <= word.end) {
            index = i;
            point.begin = word.begin;
            point.end = word.end;
            const LineReading before = readCommandLine(QByteArrayView(line).sliced(word.begin, cursor - word.begin));
            point.typed = before.words.isEmpty() ? QByteArray() : before.words.front().bytes;
            break;
        }
    }
    // a subcommand still being typed does not count yet
    const Command known = index == 1 ? words.mid(0, 1) : words;
    point.place = docs.placeOf(index == 1 && words.size() > 2 ? words : known, index);
    if (index == 1 && !point.place.doc)
        point.place = docs.placeOf(words, index);
    proposeNames(docs, words, index, point);
    for (const QByteArray &token : std::as_const(point.place.tokens))
        if (index > 0 && beginsWith(token, point.typed) && !point.words.contains(token))
            point.words.append(token);
    point.wantsKeys = index > 0 && isKeyPlace(point.place);
    point.wantsNodes = index > 0 && isNodePlace(point.place);
    for (qsizetype i = 1; point.wantsKeys && i < index; ++i)
        if (isKeyPlace(docs.placeOf(words, i)))
            point.keysBefore.append(words[i]);
    return point;
}

QList<TypedCommand> commandsIn(const QByteArray &text)
{
    QList<TypedCommand> commands;
    int number = 0;
    for (const QByteArray &line : text.split('\n')) {
        TypedCommand typed;
        typed.line = number++;
        typed.text = line.trimmed();
        if (typed.text.isEmpty() || typed.text.startsWith('#'))
            continue;
        const LineReading reading = readCommandLine(line);
        typed.faultAt = reading.faultAt;
        typed.fault = reading.fault;
        if (reading.faultAt < 0)
            typed.command = reading.command();
        commands.append(typed);
    }
    return commands;
}

QString syntaxLine(const CommandDoc &doc)
{
    QStringList parts;
    for (const CommandArgument &argument : doc.arguments)
        parts.append(documented(argument));
    if (parts.isEmpty() && !doc.subcommands.isEmpty()) {
        QStringList names;
        for (const QByteArray &name : doc.subcommands)
            names.append(QString::fromUtf8(name.toUpper()));
        names.sort();
        parts.append(names.join(u" | "_s));
    }
    parts.prepend(QString::fromUtf8(doc.name.toUpper()).replace(u'|', u' '));
    return parts.join(u' ');
}

} // namespace slotscope
