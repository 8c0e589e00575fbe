// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiler/monitorline.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype shownOfOddLine = 60;

/// A quoted argument: its end, and where to truncate it.
struct Quoted
{
    qsizetype end = -1; ///< position of its closing quote; -1: not closed
    qsizetype cut = -1; ///< -1: not truncated
    bool isPlain = true; ///< it contains no escapes
};

Quoted quotedAt(QByteArrayView line, qsizetype begin, qsizetype most)
{
    Quoted found;
    qsizetype bytes = 0;
    for (qsizetype at = begin + 1; at < line.size(); ++bytes) {
        if (line[at] == '"') {
            found.end = at;
            return found;
        }
        if (bytes == most)
            found.cut = at;
        if (line[at] != '\\') {
            ++at;
            continue;
        }
        found.isPlain = false;
        at += at + 1 < line.size() && line[at + 1] == 'x' ? 4 : 2;
    }
    return found;
}

/// Parses the arguments from line[at] to the end; returns false if they are malformed.
bool readArguments(QByteArrayView line, qsizetype at, qsizetype most, MonitorLine &into)
{
    into.command.clear();
    while (at < line.size()) {
        if (line[at] != '"')
            return false;
        const Quoted word = quotedAt(line, at, most);
        if (word.end < 0)
            return false;
        const qsizetype end = word.cut >= 0 ? word.cut : word.end;
        const QByteArrayView inside = line.sliced(at + 1, end - at - 1);
        if (word.isPlain) {
            into.command.append(inside.toByteArray());
        } else {
            const Result<Command> read = parseCommandLine('"' + inside.toByteArray() + '"');
            if (!read || read->size() != 1)
                return false;
            into.command.append(read->front());
        }
        into.isCut = into.isCut || word.cut >= 0;
        at = word.end + 1;
        if (at == line.size())
            return true;
        if (line[at++] != ' ')
            return false;
    }
    return false;
}

/// The same for a server that does not escape quotes: an argument ends at a quote, a blank and a quote.
bool guessArguments(QByteArrayView line, qsizetype at, qsizetype most, MonitorLine &into)
{
    const QByteArrayView rest = line.sliced(at);
    if (rest.size() < 2 || rest.front() != '"' || rest.back() != '"')
        return false;
    into.command.clear();
    into.isCut = false;
    into.isGuessed = true;
    const QByteArrayView inside = rest.sliced(1, rest.size() - 2);
    for (qsizetype begin = 0; begin <= inside.size();) {
        const qsizetype found = inside.indexOf("\" \""_ba, begin);
        const qsizetype end = found < 0 ? inside.size() : found;
        const QByteArrayView word = inside.sliced(begin, end - begin);
        into.isCut = into.isCut || word.size() > most;
        const QByteArray kept = word.first(std::min(word.size(), most)).toByteArray();
        const Result<Command> read = parseCommandLine('"' + kept + '"');
        const bool isExact = !kept.contains('"') && read && read->size() == 1;
        into.command.append(isExact ? read->front() : kept);
        begin = end + 3;
    }
    return true;
}

tl::unexpected<Error> oddLine(QByteArrayView line)
{
    return failure(
        Error::Code::Parse,
        tr("this is not a line of MONITOR: %1").arg(toDisplay(line.first(std::min(shownOfOddLine, line.size())))));
}

/// Converts "1339518083.107412" to microseconds.
std::optional<qint64> timeOf(QByteArrayView text)
{
    const qsizetype dot = text.indexOf('.');
    if (dot < 1 || text.size() - dot != 7)
        return std::nullopt;
    const auto seconds = toInteger(text.first(dot)), rest = toInteger(text.sliced(dot + 1));
    if (!seconds || !rest || *seconds < 0 || *rest < 0 || *seconds > std::numeric_limits<qint64>::max() / 2'000'000)
        return std::nullopt;
    return *seconds * 1'000'000 + *rest;
}

} // namespace

Result<MonitorLine> parseMonitorLine(QByteArrayView line, qsizetype mostOfArgument)
{
    MonitorLine read;
    const qsizetype open = line.indexOf(" ["_ba);
    const qsizetype blank = open < 0 ? -1 : line.indexOf(' ', open + 2);
    if (blank < 0)
        return oddLine(line);
    const auto time = timeOf(line.first(open));
    const auto database = toInteger(line.sliced(open + 2, blank - open - 2));
    if (!time || !database || *database < 0 || *database > std::numeric_limits<int>::max())
        return oddLine(line);
    read.microseconds = *time;
    read.database = int(*database);
    // a socket's path may contain anything, even its own end mark, so check what follows
    const qsizetype first = line.indexOf("] \""_ba, blank);
    qsizetype end = first;
    while (end >= 0 && !readArguments(line, end + 2, mostOfArgument, read))
        end = line.indexOf("] \""_ba, end + 1);
    if (end < 0 && first >= 0 && guessArguments(line, first + 2, mostOfArgument, read))
        end = first;
    if (end >= 0) {
        read.client = line.sliced(blank + 1, end - blank - 1).toByteArray();
        if (read.client == "lua")
            read.source = MonitorLine::Source::Script;
        else if (read.client.startsWith("unix:"))
            read.source = MonitorLine::Source::Socket;
        return read;
    }
    return oddLine(line);
}

void redact(MonitorLine &line)
{
    static constexpr std::array<const char *, 5> carriers{"auth", "hello", "config", "acl", "migrate"};
    const QByteArray &name = line.command.front();
    if (std::none_of(carriers.begin(), carriers.end(),
                     [&](const char *each) { return name.compare(each, Qt::CaseInsensitive) == 0; }))
        return;
    const QByteArrayList secrets = secretsIn(line.command);
    for (const QByteArray &secret : secrets)
        for (qsizetype i = 1; i < line.command.size(); ++i) {
            const QByteArray &word = line.command[i];
            const bool isRule = (word.startsWith('>') || word.startsWith('<')) && word.sliced(1) == secret;
            if (word == secret || isRule)
                line.command[i] = "(redacted)"_ba;
        }
}

} // namespace slotscope
