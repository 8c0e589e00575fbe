// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protobufwire.h"

#include "core/base/text.h"

#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class TypedProtobufWriter
{
public:
    TypedProtobufWriter(StructureWriter &out, const ProtoSchema &schema) : m_out(out), m_schema(schema) { }

    void message(const ProtoMessage &type, const TreeNode &node)
    {
        if (node.kind() != Kind::Object || !node.tag().isEmpty())
            return m_out.fail(tr("%1 is an object: its fields and their values").arg(type.name));
        for (const TreeNode &child : node.children())
            if (m_out.ok())
                field(type, child);
    }

private:
    void field(const ProtoMessage &type, const TreeNode &node)
    {
        const auto number = type.numbers.constFind(node.name());
        if (number != type.numbers.constEnd())
            known(type.fields[*number], node);
        else if (!node.name().isEmpty() && node.name()[0].isDigit())
            writeProtobufField(m_out, node); // a field that the type does not know
        else
            m_out.fail(tr("%1 has no field “%2”").arg(type.name, node.name().left(80)));
    }
    void known(const ProtoField &field, const TreeNode &node)
    {
        if (field.map && node.kind() == Kind::Object && isWholeEntry(m_schema.messages[field.of]))
            map(field, node);
        else if (field.repeated)
            list(field, node);
        else
            single(field, node);
    }

    void key(const ProtoField &field, wire::Type type) { writeVarint(m_out, quint64(field.number) << 3 | type); }
    void lengthAnd(const QByteArray &bytes)
    {
        writeVarint(m_out, quint64(bytes.size()));
        m_out.bytes += bytes;
    }
    /// Writes with a writer of its own, then the length and what was written.
    void counted(const std::function<void(TypedProtobufWriter &)> &write)
    {
        StructureWriter inner;
        TypedProtobufWriter writer(inner, m_schema);
        write(writer);
        if (!inner.ok())
            return m_out.fail(inner.result().error().detail);
        lengthAnd(inner.bytes);
    }
    void refuse(const ProtoField &field, const QString &text, const QString &wanted)
    {
        m_out.fail(tr("“%1” does not fit the field “%2”: %3").arg(text.left(40), field.name, wanted));
    }

    void list(const ProtoField &field, const TreeNode &node)
    {
        const QString tag = node.tag();
        const bool tagged = isPackable(field.type) && (tag == u"packed" || tag == u"unpacked");
        const bool packed = tagged ? tag == u"packed" : field.packed;
        const TreeNode array = tagged ? node.children().first() : node;
        if (array.kind() != Kind::Array)
            return m_out.fail(tr("the field “%1” is a list: […]").arg(field.name));
        const QList<TreeNode> elements = array.children();
        if (!packed) {
            for (const TreeNode &element : elements)
                single(field, element);
            return;
        }
        key(field, wire::Length);
        counted([&](TypedProtobufWriter &inner) {
            for (const TreeNode &element : elements)
                inner.content(field, element);
        });
    }
    /// False if the type of the values is in none of the files; then the entries are a list, as the reader shows them.
    static bool isWholeEntry(const ProtoMessage &entry)
    {
        return entry.field(1) != nullptr && entry.field(2) != nullptr;
    }
    void map(const ProtoField &field, const TreeNode &node)
    {
        const ProtoMessage &entry = m_schema.messages[field.of];
        const bool pairs = node.tag() == u"map";
        const QList<TreeNode> children = (pairs ? node.children().first() : node).children();
        for (const TreeNode &child : children) {
            const QList<TreeNode> both = pairs ? child.children() : QList<TreeNode>{child, child};
            if (both.size() != 2)
                return m_out.fail(tr("the field “%1” is a map: {\"$map\": [[key, value], …]}").arg(field.name));
            key(field, wire::Length);
            counted([&](TypedProtobufWriter &inner) {
                if (pairs)
                    inner.single(*entry.field(1), both[0]);
                else
                    inner.named(*entry.field(1), child.name());
                inner.single(*entry.field(2), both[1]);
            });
            if (!m_out.ok())
                return;
        }
    }
    /// Writes the key of a map that stands as a name.
    void named(const ProtoField &field, const QString &name)
    {
        key(field, wireTypeOf(field.type));
        if (field.type == ProtoField::Type::String)
            lengthAnd(name.toUtf8());
        else if (field.type == ProtoField::Type::Bool)
            boolean(field, name);
        else
            integer(field, name);
    }

    void single(const ProtoField &field, const TreeNode &node)
    {
        if (!m_out.ok())
            return;
        key(field, wireTypeOf(field.type));
        content(field, node);
        if (field.type == ProtoField::Type::Group)
            key(field, wire::GroupEnd);
    }
    void content(const ProtoField &field, const TreeNode &node)
    {
        using enum ProtoField::Type;
        switch (field.type) {
        case Double:
        case Float: real(field, node); break;
        case Bool:
            node.kind() == Kind::Bool ? boolean(field, node.text())
                                      : refuse(field, node.text(), tr("it takes true or false"));
            break;
        case Enum: enumValue(field, node); break;
        case String: text(field, node); break;
        case Bytes: bytes(field, node); break;
        case Group: message(m_schema.messages[field.of], node); break;
        case Message:
            counted([&](TypedProtobufWriter &inner) { inner.message(m_schema.messages[field.of], node); });
            break;
        default:
            node.isInteger() ? integer(field, node.text()) : refuse(field, node.text(), tr("it takes an integer"));
            break;
        }
    }

    void boolean(const ProtoField &field, const QString &text)
    {
        if (text != u"true" && text != u"false")
            return refuse(field, text, tr("it takes true or false"));
        writeVarint(m_out, text == u"true" ? 1 : 0);
    }
    void integer(const ProtoField &field, const QString &digits)
    {
        using enum ProtoField::Type;
        const auto natural = toUnsigned(digits.toLatin1());
        const auto whole = toInteger(digits.toLatin1());
        const bool isUnsigned =
            field.type == UInt32 || field.type == UInt64 || field.type == Fixed32 || field.type == Fixed64;
        const bool isWide = field.type == Int64 || field.type == UInt64 || field.type == SInt64 || field.type == Fixed64
            || field.type == SFixed64;
        const bool fits = isUnsigned ? natural && (isWide || *natural <= std::numeric_limits<quint32>::max())
                                     : whole && (isWide || *whole == qint32(*whole));
        if (!fits)
            return refuse(field, digits, isUnsigned ? range<quint32, quint64>(isWide) : range<qint32, qint64>(isWide));
        const quint64 bits = isUnsigned ? *natural : quint64(*whole);
        switch (field.type) {
        case Fixed64:
        case SFixed64: m_out.little(bits); break;
        case Fixed32:
        case SFixed32: m_out.little(quint32(bits)); break;
        case SInt64:
        case SInt32: writeVarint(m_out, bits << 1 ^ (*whole < 0 ? ~quint64(0) : 0)); break;
        default: writeVarint(m_out, bits); break;
        }
    }
    template <typename Narrow, typename Wide>
    static QString range(bool isWide)
    {
        using N = std::numeric_limits<Narrow>;
        using W = std::numeric_limits<Wide>;
        return tr("it takes an integer from %1 to %2")
            .arg(isWide ? W::min() : N::min())
            .arg(isWide ? W::max() : N::max());
    }
    void enumValue(const ProtoField &field, const TreeNode &node)
    {
        const ProtoEnum &all = m_schema.enums[field.of];
        const auto number = toInteger(node.text().toLatin1());
        if (node.isString() && all.numbers.contains(node.text()))
            writeVarint(m_out, quint64(qint64(all.numbers[node.text()])));
        else if (node.isInteger() && number && *number == qint32(*number))
            writeVarint(m_out, quint64(*number));
        else
            refuse(field, node.text(), tr("it takes a name of its enum, or an integer of 32 bits"));
    }
    void real(const ProtoField &field, const TreeNode &node)
    {
        const bool wide = field.type == ProtoField::Type::Double;
        const QString tag = node.tag();
        const QString digits = tag.isEmpty() ? node.text() : node.children().first().text();
        const auto bits = tag == u"float_bits" ? fromHex(digits) : std::nullopt;
        if (bits && bits->size() == (wide ? 8 : 4)) {
            std::for_each(bits->rbegin(), bits->rend(), [this](char byte) { m_out.u8(quint8(byte)); });
            return;
        }
        if (tag == u"float" && digits == u"NaN")
            return put(wide, std::nan(""), std::nanf(""));
        if (tag == u"float" && (digits == u"Infinity" || digits == u"-Infinity")) {
            const float infinity = std::numeric_limits<float>::infinity() * (digits.startsWith(u'-') ? -1.0F : 1.0F);
            return put(wide, double(infinity), infinity);
        }
        bool ok = false;
        const double value = digits.toDouble(&ok);
        const float narrow = digits.toFloat();
        if (!tag.isEmpty() || node.kind() != Kind::Number || !ok || !std::isfinite(wide ? value : double(narrow)))
            return refuse(field, digits, tr("it takes a number that fits into its type"));
        put(wide, value, narrow);
    }
    void put(bool wide, double value, float narrow)
    {
        if (wide)
            m_out.little(std::isnan(value) ? 0x7ff8000000000000 : std::bit_cast<quint64>(value));
        else
            m_out.little(std::isnan(narrow) ? 0x7fc00000 : std::bit_cast<quint32>(narrow));
    }
    void text(const ProtoField &field, const TreeNode &node)
    {
        const auto hex = node.tag() == u"string" ? fromHex(node.children().first().text()) : std::nullopt;
        if (hex)
            lengthAnd(*hex);
        else if (node.isString() && node.text().isValidUtf16())
            lengthAnd(node.text().toUtf8());
        else
            refuse(field, node.text(), tr("it takes a text"));
    }
    void bytes(const ProtoField &field, const TreeNode &node)
    {
        const auto hex = node.tag() == u"bytes" ? fromHex(node.children().first().text()) : std::nullopt;
        hex ? lengthAnd(*hex) : refuse(field, node.text(), tr("it takes bytes, such as {\"$bytes\": \"00ff\"}"));
    }

    StructureWriter &m_out;
    const ProtoSchema &m_schema;
};

} // namespace

Result<QByteArray> writeTypedProtobuf(const ProtoSchema *schema, const QString &type, const FormatTree &tree)
{
    const ProtoMessage *message = schema == nullptr ? nullptr : schema->message(type);
    if (message == nullptr)
        return writeProtobuf(tree);
    StructureWriter out;
    TypedProtobufWriter(out, *schema).message(*message, TreeNode(tree, 0));
    return out.result();
}

} // namespace slotscope
