// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/keyevents.h"

#include "core/base/text.h"

#include <QHash>

#include <algorithm>

namespace slotscope {
namespace {

const QByteArrayView spaceStart("__keyspace@"), eventStart("__keyevent@"), anyStart("__key");
const QByteArrayView nameEnd("__:");

bool hasPatternSign(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; });
}

/// Class of an event that is in one class alone, whatever the key's type; 0: not known.
char classOf(const QByteArray &event)
{
    static const QHash<QByteArray, char> classes{
        {"expired", 'x'},     {"evicted", 'e'},   {"keymiss", 'm'}, {"new", 'n'},  {"del", 'g'},    {"expire", 'g'},
        {"rename_from", 'g'}, {"rename_to", 'g'}, {"persist", 'g'}, {"set", '$'},  {"incrby", '$'}, {"append", '$'},
        {"lpush", 'l'},       {"rpush", 'l'},     {"sadd", 's'},    {"srem", 's'}, {"hset", 'h'},   {"hdel", 'h'},
        {"zadd", 'z'},        {"zrem", 'z'},      {"xadd", 't'}};
    return classes.value(event, 0);
}

} // namespace

std::optional<KeyEvent> keyEventOf(const QByteArray &channel, const QByteArray &payload)
{
    const bool isSpace = channel.startsWith(spaceStart), isEvent = channel.startsWith(eventStart);
    const qsizetype end = channel.indexOf(nameEnd, spaceStart.size());
    if ((!isSpace && !isEvent) || end < 0)
        return std::nullopt;
    const auto database = toUnsigned(QByteArrayView(channel).sliced(spaceStart.size(), end - spaceStart.size()));
    if (!database || *database > 1'000'000)
        return std::nullopt;
    const QByteArray rest = channel.mid(end + nameEnd.size());
    return KeyEvent{.database = int(*database), .event = isSpace ? payload : rest, .key = isSpace ? rest : payload};
}

bool isOfKeyEvents(QByteArrayView name)
{
    return name.startsWith(anyStart);
}

bool alsoFitsKeyEvents(QByteArrayView pattern)
{
    if (isOfKeyEvents(pattern))
        return false;
    // what stands before the first sign of a pattern has to be the beginning of "__key…"
    const auto sign = std::find_if(pattern.begin(), pattern.end(),
                                   [](char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; });
    const QByteArrayView start = pattern.first(sign - pattern.begin());
    return sign != pattern.end() && (spaceStart.startsWith(start) || eventStart.startsWith(start));
}

QByteArray keyEventsPattern(const QByteArray &typed, int database)
{
    if (isOfKeyEvents(typed))
        return typed;
    return eventStart.toByteArray() + QByteArray::number(database) + nameEnd.toByteArray()
        + (typed.isEmpty() ? QByteArray("*") : typed);
}

QByteArray lackingForEvents(const QByteArray &setting, const QByteArray &pattern)
{
    const bool wantsSpace = pattern.startsWith(spaceStart), wantsEvent = pattern.startsWith(eventStart);
    const bool hasSpace = setting.contains('K'), hasEvent = setting.contains('E');
    QByteArray lacking;
    if (wantsSpace && !hasSpace)
        lacking += 'K';
    else if (wantsEvent && !hasEvent)
        lacking += 'E';
    else if (!wantsSpace && !wantsEvent && !hasSpace && !hasEvent)
        lacking += "KE";
    const bool hasMost = setting.contains('A');
    const qsizetype end = pattern.indexOf(nameEnd);
    const QByteArray event = wantsEvent && end >= 0 ? pattern.mid(end + nameEnd.size()) : QByteArray();
    const char wanted = event.isEmpty() || hasPatternSign(event) ? 0 : classOf(event);
    if (wanted) {
        const bool isInMost = wanted != 'm' && wanted != 'n'; // A leaves these two out
        if (!setting.contains(wanted) && !(isInMost && hasMost))
            lacking += wanted;
        return lacking;
    }
    const bool hasAny =
        std::any_of(setting.begin(), setting.end(), [](char letter) { return letter != 'K' && letter != 'E'; });
    if (!hasAny)
        lacking += 'A';
    return lacking;
}

} // namespace slotscope
