// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/valuehead.h"

#include <array>

namespace slotscope {
namespace {

struct TypeName
{
    ValueType type;
    const char *word;
};

constexpr std::array<TypeName, 7> typeNames{{
    {ValueType::String, "string"},
    {ValueType::List, "list"},
    {ValueType::Set, "set"},
    {ValueType::SortedSet, "zset"},
    {ValueType::Hash, "hash"},
    {ValueType::Stream, "stream"},
    {ValueType::Json, "ReJSON-RL"},
}};

} // namespace

ValueType valueTypeOf(QByteArrayView word)
{
    if (word.isEmpty() || word == "none")
        return ValueType::None;
    for (const TypeName &name : typeNames)
        if (word == name.word)
            return name.type;
    return ValueType::Other;
}

QByteArray valueTypeWord(ValueType type)
{
    for (const TypeName &name : typeNames)
        if (type == name.type)
            return name.word;
    return {};
}

} // namespace slotscope
