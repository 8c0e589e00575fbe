// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/command.h"

#include "core/protocol/commandnames.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <algorithm>
#include <charconv>

namespace slotscope {

namespace {

/// largest size of a length line: type, digits, line end
constexpr qsizetype headerSize = 24;

char *writeHeader(char *out, char kind, qsizetype number)
{
    *out = kind;
    char *end = std::to_chars(out + 1, out + headerSize - 2, number).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return end;
}

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = char(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char escaped(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'a': return '\a';
    default: return c;
    }
}

constexpr char notClosed[] = QT_TRANSLATE_NOOP("slotscope", "a quote is not closed");
constexpr char notAtEnd[] = QT_TRANSLATE_NOOP("slotscope", "a closing quote must be followed by a space");

/// Reads the quoted part that starts at line[at] (its opening quote) and moves `at` after the closing one. Returns what
/// is wrong; null if nothing.
const char *readQuoted(QByteArrayView line, qsizetype &at, QByteArray &argument)
{
    const char quote = line[at++];
    for (; at < line.size(); ++at) {
        const char c = line[at];
        const qsizetype left = line.size() - at;
        if (c == quote) {
            ++at;
            return at < line.size() && !isBlank(line[at]) ? notAtEnd : nullptr;
        }
        if (c != '\\' || left < 2) {
            argument.append(c);
        } else if (quote == '\'') {
            if (line[at + 1] == '\'')
                ++at;
            argument.append(line[at]);
        } else if (left >= 4 && line[at + 1] == 'x' && hexDigit(line[at + 2]) >= 0 && hexDigit(line[at + 3]) >= 0) {
            argument.append(char(hexDigit(line[at + 2]) * 16 + hexDigit(line[at + 3])));
            at += 3;
        } else {
            argument.append(escaped(line[++at]));
        }
    }
    return notClosed;
}

} // namespace

void appendEncoded(const Command &command, QByteArray &out)
{
    qsizetype size = headerSize;
    for (const QByteArray &argument : command)
        size += argument.size() + headerSize + 2;
    const qsizetype before = out.size();
    if (out.capacity() - before < size)
        out.reserve(std::max(before + size, before * 2));
    out.resize(before + size); // reserve the largest possible size; truncated below
    char *at = writeHeader(out.data() + before, '*', command.size());
    for (const QByteArray &argument : command) {
        at = writeHeader(at, '$', argument.size());
        at = std::copy_n(argument.constData(), argument.size(), at);
        *at++ = '\r';
        *at++ = '\n';
    }
    out.resize(at - out.constData());
}

Command LineReading::command() const
{
    Command command;
    for (const LineWord &word : words)
        command.append(word.bytes);
    return command;
}

LineReading readCommandLine(QByteArrayView line)
{
    LineReading reading;
    qsizetype at = 0;
    while (true) {
        while (at < line.size() && isBlank(line[at]))
            ++at;
        if (at == line.size())
            return reading;
        LineWord word;
        word.bytes = QByteArray("", 0);
        word.begin = at;
        while (at < line.size() && !isBlank(line[at])) {
            if (line[at] != '"' && line[at] != '\'') {
                word.bytes.append(line[at++]);
                continue;
            }
            const qsizetype quote = at;
            if (const char *fault = readQuoted(line, at, word.bytes)) {
                reading.faultAt = quote;
                reading.fault = tr(fault);
                word.end = line.size();
                reading.words.append(std::move(word));
                return reading;
            }
        }
        word.end = at;
        reading.words.append(std::move(word));
    }
}

Result<Command> parseCommandLine(QByteArrayView line)
{
    constexpr qsizetype shown = 40;
    const LineReading reading = readCommandLine(line);
    if (reading.faultAt < 0)
        return reading.command();
    const QByteArrayView rest = line.sliced(reading.faultAt);
    return failure(Error::Code::Parse,
                   QStringLiteral("%1: %2").arg(reading.fault, toDisplay(rest.first(std::min(shown, rest.size())))));
}

QByteArray quoted(QByteArrayView bytes)
{
    const bool bare = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\'' && c != '\\';
    });
    if (bare)
        return bytes.toByteArray();
    QByteArray out;
    out.reserve(bytes.size() + 2);
    out.append('"');
    for (const char c : bytes) {
        switch (c) {
        case '"': out.append("\\\""); break;
        case '\\': out.append("\\\\"); break;
        case '\n': out.append("\\n"); break;
        case '\r': out.append("\\r"); break;
        case '\t': out.append("\\t"); break;
        case '\a': out.append("\\a"); break;
        case '\b': out.append("\\b"); break;
        default:
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                const char digits[] = "0123456789abcdef";
                const char code[] = {'\\', 'x', digits[uchar(c) >> 4], digits[uchar(c) & 15]};
                out.append(code, 4);
            }
        }
    }
    out.append('"');
    return out;
}

namespace {

/// Adds the values of secret settings, from the word at `first` on. Normally names and values are in pairs, and only
/// the value is secret. If they are out of step (a missing name, a blank within a password), all following words are.
void addSecretSettings(const Command &command, qsizetype first, QByteArrayList &secrets)
{
    const bool pairs = (command.size() - first) % 2 == 0;
    for (qsizetype i = first; i + 1 < command.size(); ++i) {
        if (!isSecretSetting(command[i]))
            continue;
        if (!pairs || (i - first) % 2 != 0) {
            secrets += command.mid(i + 1);
            return;
        }
        secrets << command[++i];
    }
}

/// Adds passwords and hashes among the rules of a user. One word may contain several rules.
void addSecretRules(const Command &command, QByteArrayList &secrets)
{
    for (const QByteArray &word : command.mid(2)) {
        const QByteArrayList rules = word.split(' ');
        for (const QByteArray &rule : rules) {
            if (rule.size() < 2 || !QByteArrayView("><#!").contains(rule.front()))
                continue;
            secrets << rule.mid(1);
            if (rules.size() > 1)
                secrets << word;
        }
    }
}

/// Adds the password after AUTH or AUTH2, in HELLO and MIGRATE.
void addSecretOptions(const Command &command, bool isHello, QByteArrayList &secrets)
{
    constexpr qsizetype keyPlace = 3, optionsFrom = 6; // MIGRATE host port key database timeout [option …]
    for (qsizetype i = 1; i + 1 < command.size(); ++i) {
        const QByteArray word = command[i].toUpper();
        if (!isHello && i == keyPlace)
            continue; // the key, which may have any name
        if (!isHello && i >= optionsFrom && word == "KEYS")
            return;
        if (word == "AUTH2" || (isHello && word == "AUTH"))
            secrets << command.value(i + 2);
        else if (word == "AUTH")
            secrets << command[i + 1];
    }
}

} // namespace

QByteArrayList secretsIn(const Command &command)
{
    const auto word = [&command](qsizetype i) { return command.value(i).toUpper(); };
    const QByteArray name = ownNameOf(command.value(0)), second = word(1);
    QByteArrayList secrets;
    if (name == "AUTH")
        // with more words, the password may contain a blank
        secrets = command.size() == 3 ? command.mid(2) : command.mid(1);
    else if (name == "HELLO" || name == "MIGRATE")
        addSecretOptions(command, name == "HELLO", secrets);
    else if ((name == "CONFIG" && second != "GET") || name == "MODULE")
        addSecretSettings(command, name == "MODULE" ? 1 : 2, secrets);
    else if (name == "SENTINEL" && second != "CONFIG")
        addSecretSettings(command, 3, secrets);
    else if (name == "SENTINEL" && word(2) != "GET")
        addSecretSettings(command, 3, secrets);
    else if (name == "ACL" && second == "DRYRUN")
        secrets = secretsIn(command.mid(3));
    else if (name == "ACL")
        addSecretRules(command, secrets);
    else if (name == "COMMAND" && second.startsWith("GETKEYS"))
        secrets = secretsIn(command.mid(2));
    secrets.removeAll(QByteArray());
    return secrets;
}

QString commandLine(const Command &command)
{
    constexpr qsizetype most = 200;
    QString line;
    for (const QByteArray &word : command) {
        line += (line.isEmpty() ? QString() : QStringLiteral(" ")) + QString::fromLatin1(quoted(word.left(most)));
        if (line.size() > most)
            return line.left(most) + QStringLiteral(" …");
    }
    return line;
}

QString commandName(const Command &command)
{
    static const QByteArrayList containers = {"ACL",    "CLIENT",   "CLUSTER", "COMMAND", "COMMANDLOG", "CONFIG",
                                              "DEBUG",  "FUNCTION", "LATENCY", "MEMORY",  "MODULE",     "OBJECT",
                                              "PUBSUB", "SCRIPT",   "SLOWLOG", "XGROUP",  "XINFO"};
    constexpr qsizetype longest = 64; // names are shown completely; longer ones are typing errors and may be secrets
    if (command.isEmpty())
        return {};
    const QByteArray name = command.first().toUpper();
    if (name.size() > longest)
        return toDisplay(name.left(longest)) + QChar(0x2026);
    if (command.size() < 2 || !containers.contains(name))
        return toDisplay(name);
    const QByteArray subcommand = command.at(1).toUpper();
    const bool isName = !subcommand.isEmpty() && subcommand.size() <= longest
        && std::all_of(subcommand.begin(), subcommand.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
    return isName ? toDisplay(name + ' ' + subcommand) : toDisplay(name);
}

} // namespace slotscope
