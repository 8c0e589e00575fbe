// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/commandtable.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

namespace {

KeySpec rangeAt(int index, int lastKey = 0, int step = 1)
{
    KeySpec spec;
    spec.begin = KeySpec::Begin::Index;
    spec.index = index;
    spec.find = KeySpec::Find::Range;
    spec.lastKey = lastKey;
    spec.step = step;
    return spec;
}

KeySpec numberedAt(int index)
{
    KeySpec spec = rangeAt(index);
    spec.find = KeySpec::Find::KeyNumber;
    spec.firstKey = 1;
    return spec;
}

KeySpec after(const char *keyword, int from, int lastKey = 0, int limit = 0)
{
    KeySpec spec = rangeAt(from, lastKey);
    spec.begin = KeySpec::Begin::Keyword;
    spec.keyword = keyword;
    spec.limit = limit;
    return spec;
}

/// Key specifications for servers before 7.0, which report none: for commands whose key positions vary, and for
/// containers, where these servers report one position for all subcommands.
const QHash<QByteArray, QList<KeySpec>> &olderSpecs()
{
    static const QHash<QByteArray, QList<KeySpec>> specs = {
        {"eval", {numberedAt(2)}},
        {"evalsha", {numberedAt(2)}},
        {"zunion", {numberedAt(1)}},
        {"zinter", {numberedAt(1)}},
        {"zdiff", {numberedAt(1)}},
        {"zunionstore", {rangeAt(1), numberedAt(2)}},
        {"zinterstore", {rangeAt(1), numberedAt(2)}},
        {"zdiffstore", {rangeAt(1), numberedAt(2)}},
        {"xread", {after("STREAMS", 1, -1, 2)}},
        {"xreadgroup", {after("STREAMS", 4, -1, 2)}},
        {"migrate", {rangeAt(3), after("KEYS", -2, -1)}},
        {"georadius", {rangeAt(1), after("STORE", 6), after("STOREDIST", 6)}},
        {"georadiusbymember", {rangeAt(1), after("STORE", 5), after("STOREDIST", 5)}},
        {"memory|usage", {rangeAt(2)}},
        {"memory", {}},
        {"sort", {rangeAt(1)}},
    };
    return specs;
}

/// Index of the first key of a specification, 0 if there is none.
int beginOf(const KeySpec &spec, const Command &command)
{
    const int count = int(command.size());
    if (spec.begin == KeySpec::Begin::Index)
        return spec.index > 0 && spec.index < count ? spec.index : 0;
    if (spec.begin == KeySpec::Begin::Unknown)
        return 0;
    // An argument must follow the keyword. If the index is negative, the search runs from there towards the front.
    const int start = spec.index > 0 ? spec.index : count + spec.index;
    const int direction = spec.index > 0 ? 1 : -1;
    for (int i = start; i > 0 && i < count - 1; i += direction) {
        if (command.at(i).compare(spec.keyword, Qt::CaseInsensitive) == 0)
            return i + 1;
    }
    return 0;
}

void appendRange(qint64 first, qint64 last, int step, const Command &command, QByteArrayList &keys)
{
    if (step < 1 || first < 1 || last >= command.size())
        return;
    for (qint64 i = first; i <= last; i += step)
        keys.append(command.at(i));
}

void appendKeys(const KeySpec &spec, const Command &command, QByteArrayList &keys)
{
    const qint64 count = command.size();
    const qint64 first = beginOf(spec, command);
    if (first == 0)
        return;
    if (spec.find == KeySpec::Find::Range) {
        qint64 last = first + spec.lastKey;
        if (spec.lastKey < 0)
            last = spec.limit > 1 ? first + (count - first) / spec.limit + spec.lastKey : count + spec.lastKey;
        appendRange(first, last, spec.step, command, keys);
    } else if (spec.find == KeySpec::Find::KeyNumber) {
        const qint64 numberAt = first + spec.keyNumberIndex;
        if (numberAt < 1 || numberAt >= count)
            return;
        const qint64 number = toInteger(command.at(numberAt)).value_or(0);
        if (number < 1 || number > count)
            return;
        const qint64 begin = first + spec.firstKey;
        appendRange(begin, begin + (number - 1) * spec.step, spec.step, command, keys);
    }
}

/// Appends the key after SORT's STORE option. No server version specifies it completely. The last STORE counts that is
/// an option, not an argument of another option.
void appendSortStore(const Command &command, QByteArrayList &keys)
{
    QByteArray store;
    for (qsizetype i = 2; i + 1 < command.size(); ++i) {
        const QByteArray word = command.at(i).toUpper();
        if (word == "STORE")
            store = command.at(++i);
        else if (word == "LIMIT")
            i += 2;
        else if (word == "BY" || word == "GET")
            ++i;
    }
    if (!store.isEmpty())
        keys.append(store);
}

} // namespace

Result<QByteArrayList> CommandTable::keysOf(const Command &command) const
{
    const CommandSpec *spec = find(command);
    if (!spec)
        return failure(Error::Code::InvalidArgument,
                       tr("the server has no such command: %1").arg(commandName(command)));
    QByteArrayList keys;
    const QByteArray name = command.first().toLower();
    const QByteArray full = command.size() > 1 ? name + '|' + command.at(1).toLower() : name;
    const QHash<QByteArray, QList<KeySpec>> &older = olderSpecs();
    if (!spec->keySpecs.isEmpty()) {
        for (const KeySpec &keySpec : spec->keySpecs)
            appendKeys(keySpec, command, keys);
    } else if (older.contains(full) || older.contains(name)) {
        for (const KeySpec &keySpec : older.contains(full) ? older[full] : older[name])
            appendKeys(keySpec, command, keys);
    } else if (spec->firstKey > 0) {
        const qint64 last = spec->lastKey < 0 ? command.size() + spec->lastKey : spec->lastKey;
        appendRange(spec->firstKey, last, spec->step, command, keys);
    }
    if (name == "sort")
        appendSortStore(command, keys);
    if (name == "migrate")
        keys.removeAll(QByteArray()); // with KEYS, MIGRATE has "" in place of its single key
    return keys;
}

} // namespace slotscope
