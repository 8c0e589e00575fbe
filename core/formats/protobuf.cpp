// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protobufwire.h"

#include "core/base/text.h"

#include <cmath>

// Without its schema, a message contains only field numbers and wire types; the meaning of byte fields is guessed from
// their content.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

using namespace wire;

constexpr quint64 mostLikelyField = 20000; // limit of field numbers when guessing whether bytes are a message

qsizetype varintLength(quint64 value)
{
    qsizetype length = 1;
    for (; value > 0x7f; value >>= 7)
        ++length;
    return length;
}

bool printable(QByteArrayView bytes)
{
    if (!bytes.isValidUtf8())
        return false;
    return std::none_of(bytes.begin(), bytes.end(),
                        [](char c) { return (uchar(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == '\x7f'; });
}

/// Whether the fields of this level fit exactly, without examining their content.
bool fitsAsMessage(QByteArrayView bytes)
{
    Cursor in(bytes);
    while (in.ok() && !in.atEnd()) {
        const quint64 key = in.varint();
        if (key >> 3 == 0 || key >> 3 > mostLikelyField)
            return false;
        switch (key & 7) {
        case Varint: in.varint(); break;
        case Fixed64: in.take(8); break;
        case Length: in.take(in.varint()); break;
        case Fixed32: in.take(4); break;
        default: return false; // groups are too old to guess
        }
    }
    return in.ok();
}

class ProtobufReader
{
public:
    explicit ProtobufReader(StructureReading &reading) : m(reading) { }

    /// Reads fields up to `end`, or to the end of group number `group` (0: none).
    void fields(qsizetype end, quint64 group)
    {
        if (!m.out.open(Kind::Object))
            return;
        while (m.goesOn() && m.in.at() < end) {
            const qsizetype at = m.in.at();
            const quint64 key = varint();
            const quint64 number = key >> 3;
            if (!m.in.ok())
                break;
            if ((key & 7) == GroupEnd && group != 0 && number == group)
                return m.out.close();
            if (number == 0 || number > mostProtobufField)
                return m.in.failAt(at, tr("a field with the number %1").arg(number));
            m.out.name(QString::number(number));
            field(quint8(key & 7), number, at, end);
        }
        if (m.goesOn() && group != 0)
            m.in.fail(tr("the end of a group is missing"));
        m.out.close();
    }
    void field(quint8 wireType, quint64 number, qsizetype at, qsizetype end)
    {
        switch (wireType) {
        case Varint: m.out.natural(varint()); break;
        case Fixed64: fixed64(); break;
        case Fixed32: fixed32(); break;
        case Length: length(end); break;
        case GroupStart:
            if (m.out.open(Kind::Array, "group")) {
                fields(end, number);
                m.out.close();
            }
            break;
        default: m.in.failAt(at, tr("field %1 has the unknown wire type %2").arg(number).arg(wireType)); break;
        }
    }

private:
    quint64 varint()
    {
        const qsizetype at = m.in.at();
        const quint64 value = m.in.varint();
        if (m.in.ok() && m.in.at() - at != varintLength(value))
            m.whyNotWritable = tr("A number in it is encoded in more bytes than necessary.");
        return value;
    }
    /// Formats a number with a decimal point if it looks plausible.
    template <typename Real>
    static bool likely(Real value)
    {
        const double size = std::abs(double(value));
        return std::isfinite(value) && (size == 0 ? !std::signbit(value) : size > 1e-9 && size < 1e15);
    }
    void fixed64()
    {
        const auto bits = m.in.little<quint64>();
        const auto value = std::bit_cast<double>(bits);
        likely(value) ? m.out.leaf(Kind::Number, realText(value), "double") : m.out.natural(bits, "fixed64");
    }
    void fixed32()
    {
        const auto bits = m.in.little<quint32>();
        const auto value = std::bit_cast<float>(bits);
        likely(value) ? m.out.real32(value) : m.out.natural(bits, "fixed32");
    }
    void length(qsizetype end)
    {
        const quint64 size = varint();
        if (m.in.ok() && size > quint64(end - m.in.at()))
            return m.in.fail(tr("a field of %1 byte(s) does not fit into the data").arg(size));
        const qsizetype start = m.in.at();
        const QByteArrayView content = m.in.take(size);
        if (!m.in.ok())
            return;
        if (printable(content))
            return m.out.utf8(content);
        if (!fitsAsMessage(content) || m.out.depth() + 1 >= m.budget.limits().depth)
            return m.out.bytes(content);
        m.in.seek(start);
        fields(start + qsizetype(size), 0);
    }

    StructureReading &m;
};

class ProtobufWriter
{
public:
    explicit ProtobufWriter(StructureWriter &out) : m_out(out) { }

    void fields(const TreeNode &node)
    {
        for (const TreeNode &each : node.children())
            if (m_out.ok())
                field(each);
    }
    void field(const TreeNode &node)
    {
        const auto number = toUnsigned(node.name().toLatin1());
        if (!number || *number == 0 || *number > mostProtobufField)
            return m_out.fail(tr("“%1” is not a field number").arg(node.name().left(40)));
        value(*number, node);
    }

private:
    void varint(quint64 value) { writeVarint(m_out, value); }
    void key(quint64 number, wire::Type type) { varint(number << 3 | type); }
    void bytes(quint64 number, const QByteArray &content)
    {
        key(number, Length);
        varint(quint64(content.size()));
        m_out.bytes += content;
    }
    void value(quint64 number, const TreeNode &node)
    {
        const auto natural = toUnsigned(node.text().toLatin1());
        const auto integer = toInteger(node.text().toLatin1());
        if (node.kind() == Kind::Number && (natural || integer)) {
            key(number, Varint);
            varint(natural ? *natural : quint64(*integer));
        } else if (node.isString())
            bytes(number, node.text().toUtf8());
        else if (node.kind() == Kind::Object && node.tag().isEmpty())
            message(number, node);
        else if (node.kind() == Kind::Object)
            tagged(number, node.tag(), node.children().first());
        else
            m_out.fail(tr("field %1 is neither an integer, a text nor a message").arg(number));
    }
    void message(quint64 number, const TreeNode &node)
    {
        StructureWriter inner;
        ProtobufWriter(inner).fields(node);
        if (!inner.ok())
            return m_out.fail(inner.result().error().detail);
        bytes(number, inner.bytes);
    }
    void tagged(quint64 number, const QString &tag, const TreeNode &content)
    {
        bool ok = true;
        const auto natural = toUnsigned(content.text().toLatin1());
        const auto hex = fromHex(content.text());
        const QList<TreeNode> parts = content.children();
        if (tag == u"double") {
            key(number, Fixed64);
            m_out.little(std::bit_cast<quint64>(content.text().toDouble(&ok)));
        } else if (tag == u"float32") {
            key(number, Fixed32);
            m_out.little(std::bit_cast<quint32>(content.text().toFloat(&ok)));
        } else if (tag == u"fixed64" && natural) {
            key(number, Fixed64);
            m_out.little(*natural);
        } else if (tag == u"fixed32" && natural && *natural <= 0xffffffff) {
            key(number, Fixed32);
            m_out.little(quint32(*natural));
        } else if (tag == u"bytes" && hex) {
            bytes(number, *hex);
        } else if (tag == u"group" && parts.size() == 1) {
            key(number, GroupStart);
            fields(parts[0]);
            key(number, GroupEnd);
        } else {
            ok = false;
        }
        if (!ok)
            m_out.fail(tr("protobuf has no {\"$%1\": …} of this form").arg(tag));
    }

    StructureWriter &m_out;
};

} // namespace

void readProtobufField(StructureReading &reading, quint8 wireType, quint64 number, qsizetype at, qsizetype end)
{
    ProtobufReader(reading).field(wireType, number, at, end);
}

void writeProtobufField(StructureWriter &out, const TreeNode &field)
{
    ProtobufWriter(out).field(field);
}

void writeVarint(StructureWriter &out, quint64 value)
{
    for (; value > 0x7f; value >>= 7)
        out.u8(quint8(value | 0x80));
    out.u8(quint8(value));
}

void readProtobuf(StructureReading &reading)
{
    ProtobufReader(reading).fields(reading.in.all().size(), 0);
}

Result<QByteArray> writeProtobuf(const FormatTree &tree)
{
    const TreeNode root(tree, 0);
    if (root.kind() != Kind::Object)
        return failure(Error::Code::Parse, tr("a message is an object: field numbers and their values"));
    StructureWriter out;
    ProtobufWriter(out).fields(root);
    return out.result();
}

} // namespace slotscope
