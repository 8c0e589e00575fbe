// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/forms.h"

#include "core/base/text.h"

#include <qfloat16.h>

#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class CborWriter
{
public:
    void value(const TreeNode &node)
    {
        if (!m_out.ok())
            return;
        switch (node.kind()) {
        case Kind::Null: m_out.u8(0xf6); break;
        case Kind::Bool: m_out.u8(node.text() == u"true" ? 0xf5 : 0xf4); break;
        case Kind::Number: node.isInteger() ? integer(node.text()) : real(node.text()); break;
        case Kind::String: text(3, node.text().toUtf8()); break;
        case Kind::Array: array(node, false); break;
        default: object(node); break;
        }
    }
    [[nodiscard]] StructureWriter &out() { return m_out; }

private:
    void head(quint8 major, quint64 argument)
    {
        const auto first = quint8(major << 5);
        if (argument < 24)
            m_out.u8(quint8(first | argument));
        else if (argument < 0x100)
            sized(first, 24, quint8(argument));
        else if (argument < 0x10000)
            sized(first, 25, quint16(argument));
        else if (argument < 0x100000000)
            sized(first, 26, quint32(argument));
        else
            sized(first, 27, argument);
    }
    template <typename T>
    void sized(quint8 first, quint8 low, T argument)
    {
        m_out.u8(quint8(first | low));
        m_out.big(argument);
    }

    /// The argument n of a negative number -1 - n; nullopt if it exceeds 64 bits.
    static std::optional<quint64> argumentOf(const QString &digits)
    {
        if (!digits.startsWith(u'-'))
            return toUnsigned(digits.toLatin1());
        if (digits == u"-18446744073709551616")
            return ~quint64(0);
        const auto positive = toUnsigned(digits.sliced(1).toLatin1());
        return positive && *positive > 0 ? std::optional(*positive - 1) : std::nullopt;
    }
    void integer(const QString &digits)
    {
        const bool negative = digits.startsWith(u'-');
        if (digits == u"-0")
            return real(u"-0.0"_s);
        if (const auto argument = argumentOf(digits))
            return head(negative ? 1 : 0, *argument);
        QByteArray magnitude = bigMagnitude(digits.sliced(negative ? 1 : 0).toLatin1());
        if (magnitude.isEmpty() || magnitude.size() > mostBigBytes)
            return m_out.fail(tr("“%1” is not an integer that can be encoded").arg(digits.left(40)));
        if (negative) { // the argument is -1 - number, so subtract one from the digits
            qsizetype at = magnitude.size() - 1;
            while (magnitude[at] == 0)
                magnitude[at--] = char(0xff);
            magnitude[at] = char(magnitude[at] - 1);
            if (magnitude[0] == 0)
                magnitude.remove(0, 1);
        }
        m_out.u8(negative ? 0xc3 : 0xc2);
        text(2, magnitude);
    }
    void text(quint8 major, const QByteArray &bytes)
    {
        head(major, quint64(bytes.size()));
        m_out.bytes += bytes;
    }

    std::optional<double> number(const QString &text)
    {
        if (text == u"NaN")
            return std::numeric_limits<double>::quiet_NaN();
        if (text == u"Infinity" || text == u"-Infinity")
            return text.startsWith(u'-') ? -std::numeric_limits<double>::infinity()
                                         : std::numeric_limits<double>::infinity();
        bool ok = false;
        const double value = text.toDouble(&ok);
        if (ok && std::isfinite(value))
            return value;
        m_out.fail(tr("%1 is not a number that a double can hold").arg(text.left(40)));
        return std::nullopt;
    }
    void real(const QString &text)
    {
        if (const auto value = number(text))
            sized(0xe0, 27, std::isnan(*value) ? 0x7ff8000000000000 : std::bit_cast<quint64>(*value));
    }
    void narrow(const QString &tag, const QString &text)
    {
        const auto value = number(text);
        if (!value)
            return;
        const auto single = std::isfinite(*value) ? text.toFloat() : float(*value);
        if (tag == u"float32")
            return sized(0xe0, 26, std::isnan(single) ? 0x7fc00000 : std::bit_cast<quint32>(single));
        const qfloat16 half(single);
        if (!std::isnan(single) && float(half) != single)
            return m_out.fail(tr("%1 is not a number that a half float can hold").arg(text.left(40)));
        sized(0xe0, 25, std::isnan(single) ? quint16(0x7e00) : std::bit_cast<quint16>(half));
    }

    void array(const TreeNode &node, bool endless)
    {
        const QList<TreeNode> children = node.children();
        endless ? m_out.u8(0x9f) : head(4, quint64(children.size()));
        for (const TreeNode &child : children)
            value(child);
        if (endless)
            m_out.u8(0xff);
    }
    /// Writes members by name, or pairs.
    void map(const TreeNode &node, bool endless)
    {
        const QList<TreeNode> children = node.children();
        endless ? m_out.u8(0xbf) : head(5, quint64(children.size()));
        for (const TreeNode &child : children) {
            if (node.kind() == Kind::Object) {
                text(3, child.name().toUtf8());
                value(child);
                continue;
            }
            const QList<TreeNode> both = child.children();
            if (both.size() != 2)
                return m_out.fail(tr("{\"$map\": …} needs pairs of key and value"));
            value(both[0]);
            value(both[1]);
        }
        if (endless)
            m_out.u8(0xff);
    }

    void object(const TreeNode &node)
    {
        const QString tag = node.tag();
        if (tag.isEmpty())
            return map(node, false);
        const TreeNode content = node.children().first();
        if (tag == u"map" || tag == u"indefinite_map")
            map(content, tag == u"indefinite_map");
        else if (tag == u"indefinite_array")
            array(content, true);
        else if (tag == u"chunks" || tag == u"text_chunks")
            chunks(content, tag == u"chunks");
        else if (tag == u"tag")
            tagged(content);
        else if (tag == u"float")
            real(content.text());
        else if (tag == u"float16" || tag == u"float32")
            narrow(tag, content.text());
        else if (tag == u"undefined")
            m_out.u8(0xf7);
        else if (tag == u"simple")
            simple(content.text());
        else if (tag == u"bytes" || tag == u"string" || tag == u"float_bits")
            raw(tag, content.text());
        else
            widened(tag, content.text());
    }
    void chunks(const TreeNode &content, bool bytes)
    {
        m_out.u8(bytes ? 0x5f : 0x7f);
        for (const TreeNode &chunk : content.children())
            value(chunk); // a chunk of a wrong type is not readable again, which the final comparison notices
        m_out.u8(0xff);
    }
    void tagged(const TreeNode &content)
    {
        const QList<TreeNode> parts = content.children();
        const auto tagNumber = parts.size() == 2 ? toUnsigned(parts[0].text().toLatin1()) : std::nullopt;
        if (!tagNumber)
            return m_out.fail(tr("{\"$tag\": [number, value]} needs an integer and a value"));
        head(6, *tagNumber);
        value(parts[1]);
    }
    void simple(const QString &text)
    {
        const auto code = toUnsigned(text.toLatin1());
        if (!code || *code > 255 || (*code >= 20 && *code < 32))
            return m_out.fail(tr("{\"$simple\": …} needs 0 to 19 or 32 to 255"));
        *code < 20 ? m_out.u8(quint8(0xe0 | *code)) : sized(0xe0, 24, quint8(*code));
    }
    void raw(const QString &tag, const QString &hex)
    {
        const auto bytes = fromHex(hex);
        if (!bytes)
            return m_out.fail(tr("“%1” is not a hex text").arg(hex.left(40)));
        if (tag != u"float_bits")
            return text(tag == u"bytes" ? 2 : 3, *bytes);
        if (bytes->size() != 2 && bytes->size() != 4 && bytes->size() != 8)
            return m_out.fail(tr("{\"$float_bits\": …} needs 4, 8 or 16 hex digits"));
        m_out.u8(bytes->size() == 2 ? 0xf9 : bytes->size() == 4 ? 0xfa : 0xfb);
        m_out.bytes += *bytes;
    }
    /// Writes an integer in a wider form than necessary.
    void widened(const QString &tag, const QString &digits)
    {
        const auto first = quint8(digits.startsWith(u'-') ? 0x20 : 0);
        const auto argument = argumentOf(digits);
        if (tag == u"int8" && argument && *argument <= 0xff)
            sized(first, 24, quint8(*argument));
        else if (tag == u"int16" && argument && *argument <= 0xffff)
            sized(first, 25, quint16(*argument));
        else if (tag == u"int32" && argument && *argument <= 0xffffffff)
            sized(first, 26, quint32(*argument));
        else if (tag == u"int64" && argument)
            sized(first, 27, *argument);
        else
            m_out.fail(tr("CBOR has no {\"$%1\": %2}").arg(tag, digits.left(40)));
    }

    StructureWriter m_out;
};

} // namespace

Result<QByteArray> writeCbor(const FormatTree &tree)
{
    CborWriter writer;
    writer.value(TreeNode(tree, 0));
    return writer.out().result();
}

} // namespace slotscope
