// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/completion.h"

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

} // namespace slotscope
