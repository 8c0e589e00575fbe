// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protobufwire.h"

#include <QVarLengthArray>

#include <cmath>

// A message read with its type. Fields stand in the order of the bytes, and what the type does not know keeps its
// number, so that the same bytes can be written again.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr qsizetype mostProtobufNotes = 20;

class TypedProtobufReader
{
public:
    TypedProtobufReader(StructureReading &reading, const ProtoSchema &schema) : m(reading), m_schema(schema) { }

    /// Reads fields up to `end`, or to the end of group number `group` (0: none).
    void fields(const ProtoMessage &type, qsizetype end, quint64 group)
    {
        if (!m.out.open(Kind::Object))
            return;
        Seen seen;
        bool groupEnded = false;
        while (m.goesOn() && m.in.at() < end && !groupEnded) {
            const qsizetype at = m.in.at();
            const quint64 key = m.in.varint();
            groupEnded = group != 0 && key == (group << 3 | wire::GroupEnd);
            if (!m.in.ok() || groupEnded)
                break;
            field(type, key, at, end, seen);
            if (m.in.ok() && m.in.at() > end)
                m.in.failAt(end, tr("a field of %1 does not end where the message ends").arg(type.name));
        }
        if (m.goesOn() && group != 0 && !groupEnded)
            m.in.fail(tr("the end of a group is missing"));
        if (m.goesOn())
            tellMissing(type, seen);
        m.out.close();
    }

private:
    struct Seen
    {
        QVarLengthArray<quint32, 32> single; ///< fields that are not repeated
        QVarLengthArray<int, 4> oneofs;
    };

    void tell(const QString &words)
    {
        const auto same = [&](const FormatNote &note) { return note.text == words; };
        if (m.notes.size() < mostProtobufNotes && std::none_of(m.notes.begin(), m.notes.end(), same))
            m.warn(words);
    }
    void tellMissing(const ProtoMessage &type, const Seen &seen)
    {
        for (const quint32 number : type.required)
            if (!seen.single.contains(number))
                tell(tr("The required field “%1” of %2 is missing.").arg(type.fields[number].name, type.name));
    }
    void tellTwice(const ProtoMessage &type, const ProtoField &known, Seen &seen)
    {
        if (seen.single.contains(known.number)) {
            tell(tr("The field “%1” of %2 is there more than once: programs take the last one.")
                     .arg(known.name, type.name));
            return;
        }
        seen.single.append(known.number);
        if (known.oneof < 0)
            return;
        if (seen.oneofs.contains(known.oneof))
            tell(tr("Several fields of “%1” in %2 are set: programs take the last one.")
                     .arg(type.oneofs[known.oneof], type.name));
        else
            seen.oneofs.append(known.oneof);
    }

    void field(const ProtoMessage &type, quint64 key, qsizetype at, qsizetype end, Seen &seen)
    {
        const quint64 number = key >> 3;
        const auto wireType = quint8(key & 7);
        if (number == 0 || number > mostProtobufField)
            return m.in.failAt(at, tr("a field with the number %1").arg(number));
        const ProtoField *known = type.field(quint32(number));
        const bool packed = known != nullptr && known->repeated && wireType == wire::Length && isPackable(known->type);
        if (known == nullptr || (wireType != wireTypeOf(known->type) && !packed)) {
            m.out.name(QString::number(number));
            return readProtobufField(m, wireType, number, at, end);
        }
        m.out.name(known->name);
        if (packed)
            return packedValues(*known, end);
        if (known->map && isPlainMap(*known, key, end))
            return map(*known, key, end);
        if (known->repeated)
            return list(*known, key, end);
        tellTwice(type, *known, seen);
        value(*known, end);
    }

    /// Whether the same field follows; then its key is skipped.
    bool goesOnWith(quint64 key, qsizetype end)
    {
        if (!m.goesOn() || m.in.at() >= end)
            return false;
        Cursor ahead(m.in.all().first(end));
        ahead.seek(m.in.at());
        if (ahead.varint() != key || !ahead.ok())
            return false;
        m.in.seek(ahead.at());
        return true;
    }

    void list(const ProtoField &known, quint64 key, qsizetype end)
    {
        if (!m.out.open(Kind::Array, known.packed ? "unpacked" : nullptr))
            return;
        do
            value(known, end);
        while (goesOnWith(key, end));
        m.out.close();
    }
    void packedValues(const ProtoField &known, qsizetype end)
    {
        const qsizetype stop = lengthEnd(end);
        if (!m.in.ok() || !m.out.open(Kind::Array, known.packed ? nullptr : "packed"))
            return;
        while (m.goesOn() && m.in.at() < stop)
            value(known, stop);
        if (m.in.ok() && m.in.at() > stop)
            m.in.failAt(stop, tr("a field of %1 does not end where the message ends").arg(known.name));
        m.out.close();
    }

    static void skip(Cursor &in, ProtoField::Type type)
    {
        switch (wireTypeOf(type)) {
        case wire::Fixed64: in.take(8); break;
        case wire::Fixed32: in.take(4); break;
        case wire::Length: in.take(in.varint()); break;
        default: in.varint(); break;
        }
    }
    static quint64 keyOf(const ProtoField &known) { return quint64(known.number) << 3 | wireTypeOf(known.type); }

    /// Whether each of the entries from here on has a key, then a value, and nothing else; `key` is that of the map.
    [[nodiscard]] bool isPlainMap(const ProtoField &known, quint64 key, qsizetype end) const
    {
        const ProtoMessage &entry = m_schema.messages[known.of];
        const ProtoField *first = entry.field(1), *second = entry.field(2);
        if (first == nullptr || second == nullptr)
            return false;
        Cursor ahead(m.in.all().first(end));
        ahead.seek(m.in.at());
        do {
            const quint64 size = ahead.varint();
            const qsizetype stop = ahead.at() + qsizetype(std::min(size, quint64(ahead.left())));
            for (const ProtoField *part : {first, second}) {
                if (ahead.varint() != keyOf(*part))
                    return false;
                skip(ahead, part->type);
            }
            if (!ahead.ok() || ahead.at() != stop)
                return false;
        } while (!ahead.atEnd() && ahead.varint() == key);
        return true;
    }
    void map(const ProtoField &known, quint64 key, qsizetype end)
    {
        const ProtoMessage &entry = m_schema.messages[known.of];
        if (!m.out.open(Kind::Map))
            return;
        do {
            const qsizetype stop = lengthEnd(end);
            for (const quint32 number : {1U, 2U}) {
                m.in.varint();
                value(*entry.field(number), stop);
            }
        } while (goesOnWith(key, end));
        m.out.close();
    }

    /// Reads a length; returns where what it counts ends.
    qsizetype lengthEnd(qsizetype end)
    {
        const quint64 size = m.in.varint();
        if (!m.in.ok())
            return m.in.at();
        if (m.in.at() > end || size > quint64(end - m.in.at())) {
            m.in.fail(tr("a field of %1 byte(s) does not fit into the data").arg(size));
            return m.in.at();
        }
        return m.in.at() + qsizetype(size);
    }
    QByteArrayView content(qsizetype end)
    {
        const qsizetype stop = lengthEnd(end);
        return m.in.take(quint64(stop - m.in.at()));
    }

    void value(const ProtoField &known, qsizetype end)
    {
        using enum ProtoField::Type;
        switch (known.type) {
        case Double: real(m.in.little<quint64>()); break;
        case Float: real32(m.in.little<quint32>()); break;
        case Int64: m.out.integer(qint64(m.in.varint())); break;
        case UInt64: m.out.natural(m.in.varint()); break;
        case Int32: m.out.integer(qint32(m.in.varint())); break;
        case UInt32: m.out.natural(quint32(m.in.varint())); break;
        case SInt64: m.out.integer(unzigzag(m.in.varint())); break;
        case SInt32: m.out.integer(qint32(unzigzag(quint32(m.in.varint())))); break;
        case Fixed64: m.out.natural(m.in.little<quint64>()); break;
        case Fixed32: m.out.natural(m.in.little<quint32>()); break;
        case SFixed64: m.out.integer(m.in.little<qint64>()); break;
        case SFixed32: m.out.integer(m.in.little<qint32>()); break;
        case Bool: m.out.boolean(m.in.varint() != 0); break;
        case Enum: enumValue(m_schema.enums[known.of], qint32(m.in.varint())); break;
        case String: text(content(end)); break;
        case Bytes: bytes(content(end)); break;
        case Group: fields(m_schema.messages[known.of], end, known.number); break;
        case Message: {
            const qsizetype stop = lengthEnd(end);
            if (m.in.ok())
                fields(m_schema.messages[known.of], stop, 0);
            break;
        }
        }
    }
    static qint64 unzigzag(quint64 value) { return qint64(value >> 1) ^ -qint64(value & 1); }
    void text(QByteArrayView utf8)
    {
        if (m.in.ok())
            m.out.utf8(utf8);
    }
    void bytes(QByteArrayView raw)
    {
        if (m.in.ok())
            m.out.bytes(raw);
    }
    void enumValue(const ProtoEnum &all, qint32 number)
    {
        const auto name = all.names.constFind(number);
        name == all.names.constEnd() ? m.out.integer(number) : m.out.string(*name);
    }
    /// Adds a number that is not finite; a NaN with a payload keeps its bits.
    void unusual(double value, const QString &bits, bool isUsualNan)
    {
        if (std::isnan(value) && !isUsualNan)
            m.out.string(bits, "float_bits");
        else
            m.out.real(value);
    }
    void real(quint64 bits)
    {
        const auto value = std::bit_cast<double>(bits);
        if (std::isfinite(value))
            m.out.leaf(Kind::Number, realText(value));
        else
            unusual(value, QString::number(bits, 16).rightJustified(16, u'0'), bits == 0x7ff8000000000000);
    }
    void real32(quint32 bits)
    {
        const auto value = std::bit_cast<float>(bits);
        if (std::isfinite(value))
            m.out.leaf(Kind::Number, real32Text(value));
        else
            unusual(double(value), QString::number(bits, 16).rightJustified(8, u'0'), bits == 0x7fc00000);
    }

    StructureReading &m;
    const ProtoSchema &m_schema;
};

/// Sets whether writing the text gives the same bytes again.
void proveTyped(Shown &shown, const ProtoSchema &schema, const QString &type, QByteArrayView bytes,
                FormatBudget &budget)
{
    const auto tree = textToTree(shown.text, budget);
    const auto again =
        tree ? writeTypedProtobuf(&schema, type, *tree) : Result<QByteArray>(tl::make_unexpected(tree.error()));
    if (again && *again == bytes)
        return;
    shown.writable = false;
    shown.whyNotWritable = again
        ? tr("It was not written in the usual way: written again, it would differ. It is only shown.")
        : tr("It could not be checked that it can be written again: %1.").arg(again.error().detail);
}

} // namespace

void readTypedProtobuf(StructureReading &reading, const ProtoSchema &schema, const ProtoMessage &type)
{
    TypedProtobufReader(reading, schema).fields(type, reading.in.all().size(), 0);
}

Shown showTypedProtobuf(const ProtoSchema *schema, const QString &type, QByteArrayView bytes, FormatBudget &budget)
{
    const ProtoMessage *message = schema == nullptr ? nullptr : schema->message(type);
    if (message == nullptr) {
        Shown shown = showStructure(*structureFormOf(FormatId::Protobuf), bytes, budget);
        shown.warn(tr("No .proto file that was read defines %1: fields are shown by their numbers.").arg(type));
        return shown;
    }
    FormatBudget proof = budget;
    Shown shown =
        showRead([&](StructureReading &reading) { readTypedProtobuf(reading, *schema, *message); }, bytes, budget);
    if (shown.writable && !shown.problem && !shown.truncated)
        proveTyped(shown, *schema, type, bytes, proof);
    return shown;
}

} // namespace slotscope
