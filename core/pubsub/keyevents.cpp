// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/keyevents.h"

#include "core/base/text.h"

#include <QHash>

#include <algorithm>
#include <bitset>
#include <set>
#include <vector>

namespace slotscope {
namespace {

const QByteArrayView spaceStart("__keyspace@"), eventStart("__keyevent@"), anyStart("__key");
const QByteArrayView nameEnd("__:");
constexpr qsizetype longestCompared = 500;

bool isPatternSign(char c)
{
    return c == '*' || c == '?' || c == '[' || c == ']' || c == '\\';
}

bool hasPatternSign(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), isPatternSign);
}

/// One element of a pattern, as servers read it: the characters it matches, once or any number of times.
struct PatternStep
{
    std::bitset<256> fits;
    bool isStar = false;
};

/// Reads "[a-c^]" after its bracket; afterwards `at` is at the end.
std::bitset<256> letterClass(QByteArrayView pattern, qsizetype &at)
{
    std::bitset<256> fits;
    const bool isNegated = at < pattern.size() && pattern[at] == '^';
    for (at += isNegated ? 1 : 0; at < pattern.size() && pattern[at] != ']'; ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size()) {
            fits.set(uchar(pattern[++at]));
        } else if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
            const std::pair<uchar, uchar> ends = std::minmax({uchar(pattern[at]), uchar(pattern[at + 2])});
            for (int letter = ends.first; letter <= ends.second; ++letter)
                fits.set(size_t(letter));
            at += 2;
        } else {
            fits.set(uchar(pattern[at]));
        }
    }
    return isNegated ? ~fits : fits;
}

std::vector<PatternStep> stepsOf(QByteArrayView pattern)
{
    std::vector<PatternStep> steps;
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        PatternStep &step = steps.emplace_back();
        step.isStar = pattern[at] == '*';
        if (step.isStar || pattern[at] == '?')
            step.fits.set();
        else if (pattern[at] == '[')
            step.fits = letterClass(pattern, ++at);
        else if (pattern[at] == '\\' && at + 1 < pattern.size())
            step.fits.set(uchar(pattern[++at]));
        else
            step.fits.set(uchar(pattern[at]));
    }
    return steps;
}

/// The possible next characters in "START digits __: anything", and the position after each.
std::vector<std::pair<std::bitset<256>, size_t>> nextOfChannel(QByteArrayView start, size_t place)
{
    std::bitset<256> letters, digits;
    for (char digit = '0'; digit <= '9'; ++digit)
        digits.set(uchar(digit));
    const auto length = size_t(start.size());
    if (place < length) {
        letters.set(uchar(start[qsizetype(place)]));
        return {{letters, place + 1}};
    }
    if (place == length)
        return {{digits, place + 1}};
    if (place == length + 4) {
        letters.set();
        return {{letters, place}};
    }
    letters.set(uchar(nameEnd[qsizetype(place - length - 1)]));
    if (place == length + 1)
        return {{digits, place}, {letters, place + 1}};
    return {{letters, place + 1}};
}

/// Whether the pattern matches some channel of keyspace events with this start.
bool fitsSome(const std::vector<PatternStep> &steps, QByteArrayView start)
{
    const size_t last = size_t(start.size()) + 4;
    std::set<std::pair<size_t, size_t>> seen{{0, 0}}; // pairs of pattern element and position in the channel
    std::vector<std::pair<size_t, size_t>> open(seen.begin(), seen.end());
    while (!open.empty()) {
        const auto [step, place] = open.back();
        open.pop_back();
        if (step == steps.size()) {
            if (place == last)
                return true;
            continue;
        }
        const auto reach = [&](size_t nextStep, size_t nextPlace) {
            if (seen.emplace(nextStep, nextPlace).second)
                open.emplace_back(nextStep, nextPlace);
        };
        if (steps[step].isStar)
            reach(step + 1, place);
        for (const auto &[letters, after] : nextOfChannel(start, place))
            if ((letters & steps[step].fits).any())
                reach(steps[step].isStar ? step : step + 1, after);
    }
    return false;
}

/// The class of an event that belongs to exactly one class, whatever the key's type; 0: unknown.
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

bool isKeyEventChannel(const QByteArray &channel)
{
    return keyEventOf(channel, {}).has_value();
}

bool isKeyEventPattern(QByteArrayView pattern)
{
    return pattern.startsWith(spaceStart) || pattern.startsWith(eventStart);
}

bool alsoFitsKeyEvents(QByteArrayView pattern)
{
    if (isKeyEventPattern(pattern))
        return false;
    if (pattern.size() > longestCompared)
        return true; // too long to be examined, so assume that it does
    const std::vector<PatternStep> steps = stepsOf(pattern);
    return fitsSome(steps, spaceStart) || fitsSome(steps, eventStart);
}

QByteArray patternOfName(const QByteArray &name)
{
    QByteArray pattern;
    for (const char letter : name) {
        if (isPatternSign(letter))
            pattern += '\\';
        pattern += letter;
    }
    return pattern;
}

std::optional<QByteArray> nameOfPattern(const QByteArray &pattern)
{
    QByteArray name;
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size())
            ++at;
        else if (isPatternSign(pattern[at]) && pattern[at] != ']')
            return std::nullopt;
        name += pattern[at];
    }
    return name;
}

QByteArray keyEventsPattern(const QByteArray &typed, int database)
{
    if (typed.startsWith(anyStart)) // no event has such a name
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
        const bool isInMost = wanted != 'm' && wanted != 'n'; // A does not include these two
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
