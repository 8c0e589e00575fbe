// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/forms.h"
#include "core/formats/protoschema.h"

namespace slotscope {

/// Wire types of protobuf.
namespace wire {
enum Type : quint8 { Varint = 0, Fixed64 = 1, Length = 2, GroupStart = 3, GroupEnd = 4, Fixed32 = 5 };
}

inline constexpr quint64 mostProtobufField = 536870911;

[[nodiscard]] constexpr wire::Type wireTypeOf(ProtoField::Type type)
{
    using enum ProtoField::Type;
    switch (type) {
    case Double:
    case Fixed64:
    case SFixed64: return wire::Fixed64;
    case Float:
    case Fixed32:
    case SFixed32: return wire::Fixed32;
    case String:
    case Bytes:
    case Message: return wire::Length;
    case Group: return wire::GroupStart;
    default: return wire::Varint;
    }
}
/// Whether several values of the type can stand in one field, one after the other.
[[nodiscard]] constexpr bool isPackable(ProtoField::Type type)
{
    return wireTypeOf(type) != wire::Length && wireTypeOf(type) != wire::GroupStart;
}

/// Reads the value of a field of which no schema is known, after its key at `at`. `end` is the end of its message.
void readProtobufField(StructureReading &reading, quint8 wireType, quint64 number, qsizetype at, qsizetype end);
/// Writes such a field; its name is its number.
void writeProtobufField(StructureWriter &out, const TreeNode &field);
void writeVarint(StructureWriter &out, quint64 value);

// with .proto files; a type that is not in the schema is read and written without one
[[nodiscard]] Shown showTypedProtobuf(const ProtoSchema *schema, const QString &type, QByteArrayView bytes,
                                      FormatBudget &budget);
[[nodiscard]] Result<QByteArray> writeTypedProtobuf(const ProtoSchema *schema, const QString &type,
                                                    const FormatTree &tree);
void readTypedProtobuf(StructureReading &reading, const ProtoSchema &schema, const ProtoMessage &type);

} // namespace slotscope
