// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/commandtable.h"

#include "core/cluster/parse.h"
#include "core/protocol/print.h"

#include <algorithm>
#include <limits>

namespace slotscope {

namespace {

constexpr size_t maximumCommands = 100 * 1000;

int small(const Value &value)
{
    return int(
        std::clamp<qint64>(value.toInteger(), std::numeric_limits<qint16>::min(), std::numeric_limits<qint16>::max()));
}

int smallField(const Value &map, QByteArrayView key)
{
    const Value *value = map.find(key);
    return value ? small(*value) : 0;
}

QList<QByteArray> words(const Value &value)
{
    QList<QByteArray> list;
    list.reserve(qsizetype(value.items().size()));
    for (const Value &item : value.items())
        list.append(item.bytes());
    return list;
}

void readBegin(const Value &value, KeySpec &spec)
{
    const Value *type = value.find("type");
    const Value *where = value.find("spec");
    if (!type || !where)
        return;
    if (type->bytes() == "index") {
        spec.begin = KeySpec::Begin::Index;
        spec.index = smallField(*where, "index");
    } else if (type->bytes() == "keyword") {
        const Value *keyword = where->find("keyword");
        spec.begin = KeySpec::Begin::Keyword;
        spec.index = smallField(*where, "startfrom");
        spec.keyword = keyword ? keyword->bytes() : QByteArray();
    }
}

void readFind(const Value &value, KeySpec &spec)
{
    const Value *type = value.find("type");
    const Value *how = value.find("spec");
    if (!type || !how)
        return;
    spec.step = smallField(*how, "keystep");
    if (type->bytes() == "range") {
        spec.find = KeySpec::Find::Range;
        spec.lastKey = smallField(*how, "lastkey");
        spec.limit = smallField(*how, "limit");
    } else if (type->bytes() == "keynum") {
        spec.find = KeySpec::Find::KeyNumber;
        spec.keyNumberIndex = smallField(*how, "keynumidx");
        spec.firstKey = smallField(*how, "firstkey");
    }
}

KeySpec readKeySpec(const Value &value)
{
    KeySpec spec;
    if (const Value *begin = value.find("begin_search"))
        readBegin(*begin, spec);
    if (const Value *find = value.find("find_keys"))
        readFind(*find, spec);
    return spec;
}

bool readSpec(const Value &row, QHash<QByteArray, CommandSpec> &specs, bool withSubcommands)
{
    const Value::List &items = row.items();
    if (items.size() < 6 || !items[0].isString() || items[0].bytes().isEmpty()
        || items[1].type() != Value::Type::Integer || !items[2].isAggregate())
        return false;
    for (size_t i = 3; i < 6; ++i) {
        if (items[i].type() != Value::Type::Integer)
            return false;
    }
    CommandSpec spec;
    spec.name = items[0].bytes().toLower();
    spec.arity = small(items[1]);
    spec.flags = words(items[2]);
    spec.firstKey = small(items[3]);
    spec.lastKey = small(items[4]);
    spec.step = small(items[5]);
    if (items.size() > 6)
        spec.categories = words(items[6]);
    if (items.size() > 8) {
        for (const Value &keySpec : items[8].items())
            spec.keySpecs.append(readKeySpec(keySpec));
    }
    if (items.size() > 9 && withSubcommands) {
        for (const Value &subcommand : items[9].items()) {
            if (!readSpec(subcommand, specs, false))
                return false;
        }
    }
    specs.insert(spec.name, spec);
    return true;
}

} // namespace

Result<CommandTable> CommandTable::parse(const Value &reply)
{
    if (!reply.isAggregate() || reply.items().empty() || reply.items().size() > maximumCommands)
        return failure(parseError(QT_TRANSLATE_NOOP("slotscope", "this is not the reply of COMMAND"), reply.bytes()));
    CommandTable table;
    table.m_specs.reserve(qsizetype(reply.items().size()) * 2);
    for (const Value &row : reply.items()) {
        if (!row.isNull() && !readSpec(row, table.m_specs, true))
            return failure(
                parseError(QT_TRANSLATE_NOOP("slotscope", "this is not a command description"), printForTerminal(row)));
    }
    return table;
}

void CommandTable::addOwnNames(const QHash<QByteArray, QByteArray> &renamed)
{
    for (auto each = renamed.cbegin(); each != renamed.cend(); ++each) {
        const QByteArray there = each.value().toLower(), own = each.key().toLower();
        for (const QByteArray &name : m_specs.keys()) {
            if ((name != there && !name.startsWith(there + '|')) || m_specs.contains(own + name.mid(there.size())))
                continue;
            CommandSpec spec = m_specs.value(name);
            spec.name = own + name.mid(there.size());
            m_specs.insert(spec.name, spec);
        }
    }
}

const CommandSpec *CommandTable::find(const Command &command) const
{
    if (command.isEmpty())
        return nullptr;
    const QByteArray name = command.first().toLower();
    if (command.size() > 1) {
        const auto subcommand = m_specs.constFind(name + '|' + command.at(1).toLower());
        if (subcommand != m_specs.cend())
            return &*subcommand;
    }
    const auto found = m_specs.constFind(name);
    return found == m_specs.cend() ? nullptr : &*found;
}

} // namespace slotscope
