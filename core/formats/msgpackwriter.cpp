// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include "core/base/text.h"

#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr quint64 msgpackNan = 0x7ff8000000000000;
constexpr quint32 msgpackNan32 = 0x7fc00000;

class MsgpackWriter
{
public:
    void value(const TreeNode &node)
    {
        if (!m_out.ok())
            return;
        switch (node.kind()) {
        case Kind::Null: m_out.u8(0xc0); break;
        case Kind::Bool: m_out.u8(node.text() == u"true" ? 0xc3 : 0xc2); break;
        case Kind::Number: number(node); break;
        case Kind::String: string(node.text().toUtf8()); break;
        case Kind::Array: array(node); break;
        default: object(node); break;
        }
    }
    [[nodiscard]] StructureWriter &out() { return m_out; }

private:
    void number(const TreeNode &node)
    {
        const QByteArray digits = node.text().toLatin1();
        if (!node.isInteger())
            return real(node.text());
        if (const auto natural = toUnsigned(digits))
            *natural < 0x80              ? m_out.u8(quint8(*natural))
                : *natural < 0x100       ? width(0xcc, quint8(*natural))
                : *natural < 0x10000     ? width(0xcd, quint16(*natural))
                : *natural < 0x100000000 ? width(0xce, quint32(*natural))
                                         : width(0xcf, *natural);
        else if (digits == "-0")
            real(u"-0.0"_s);
        else if (const auto value = toInteger(digits))
            *value >= -32                 ? m_out.u8(quint8(*value))
                : *value >= -0x80         ? width(0xd0, qint8(*value))
                : *value >= -0x8000       ? width(0xd1, qint16(*value))
                : *value >= -0x80000000LL ? width(0xd2, qint32(*value))
                                          : width(0xd3, *value);
        else
            m_out.fail(tr("MessagePack has no integer as large as %1").arg(node.text()));
    }
    template <typename T>
    void width(quint8 mark, T number)
    {
        m_out.u8(mark);
        m_out.big(number);
    }
    void real(const QString &text)
    {
        bool ok = false;
        const double value = text == u"NaN" ? std::numeric_limits<double>::quiet_NaN() : text.toDouble(&ok);
        if (text == u"NaN" || text.endsWith(u"Infinity")) {
            const double infinity = std::numeric_limits<double>::infinity();
            width(0xcb,
                  text == u"NaN" ? msgpackNan : std::bit_cast<quint64>(text.startsWith(u'-') ? -infinity : infinity));
            return;
        }
        if (!ok || std::isinf(value))
            return m_out.fail(tr("%1 is not a number that a double can hold").arg(text));
        width(0xcb, std::bit_cast<quint64>(value));
    }
    void real32(const QString &text)
    {
        bool ok = false;
        const float infinity = std::numeric_limits<float>::infinity();
        if (text == u"NaN")
            return width(0xca, msgpackNan32);
        if (text.endsWith(u"Infinity"))
            return width(0xca, std::bit_cast<quint32>(text.startsWith(u'-') ? -infinity : infinity));
        const float value = text.toFloat(&ok);
        if (!ok)
            return m_out.fail(tr("%1 is not a number that a float can hold").arg(text));
        width(0xca, std::bit_cast<quint32>(value));
    }

    void string(const QByteArray &utf8)
    {
        const auto length = quint32(utf8.size());
        if (length < 32)
            m_out.u8(quint8(0xa0 | length));
        else
            counted(length, 0xd9, 0xda, 0xdb);
        m_out.bytes += utf8;
    }
    /// Writes a length with the type byte for one, two or four bytes; 0 means that there is no form with one byte.
    void counted(quint32 length, quint8 one, quint8 two, quint8 four)
    {
        if (length < 0x100 && one != 0)
            width(one, quint8(length));
        else if (length < 0x10000)
            width(two, quint16(length));
        else
            width(four, length);
    }
    void array(const TreeNode &node)
    {
        const QList<TreeNode> children = node.children();
        if (children.size() < 16)
            m_out.u8(quint8(0x90 | children.size()));
        else
            counted(quint32(children.size()), 0, 0xdc, 0xdd);
        for (const TreeNode &child : children)
            value(child);
    }
    void mapSize(qsizetype count)
    {
        if (count < 16)
            m_out.u8(quint8(0x80 | count));
        else
            counted(quint32(count), 0, 0xde, 0xdf);
    }
    void object(const TreeNode &node)
    {
        const QString tag = node.tag();
        const QList<TreeNode> children = node.children();
        if (!tag.isEmpty())
            return tagged(tag, children.first(), node);
        mapSize(children.size());
        for (const TreeNode &child : children) {
            string(child.name().toUtf8());
            value(child);
        }
    }
    void tagged(const QString &tag, const TreeNode &content, const TreeNode &node)
    {
        if (tag == u"map")
            pairs(content);
        else if (tag == u"bytes" || tag == u"string")
            raw(tag, content);
        else if (tag == u"float")
            real(content.text());
        else if (tag == u"float32")
            real32(content.text());
        else if (tag == u"float_bits")
            floatBits(content.text());
        else if (tag == u"ext")
            extension(content);
        else if (tag == u"time")
            time(node);
        else
            sized(tag, content.text());
    }
    void pairs(const TreeNode &content)
    {
        const QList<TreeNode> members = content.children();
        mapSize(members.size());
        for (const TreeNode &pair : members) {
            const QList<TreeNode> both = pair.children();
            if (both.size() != 2)
                return m_out.fail(tr("{\"$map\": …} needs pairs of key and value"));
            value(both[0]);
            value(both[1]);
        }
    }
    void raw(const QString &tag, const TreeNode &content)
    {
        const auto bytes = fromHex(content.text());
        if (!bytes)
            return m_out.fail(tr("“%1” is not a hex text").arg(content.text().left(40)));
        if (tag == u"string")
            return string(*bytes);
        counted(quint32(bytes->size()), 0xc4, 0xc5, 0xc6);
        m_out.bytes += *bytes;
    }
    void floatBits(const QString &text)
    {
        const auto bytes = fromHex(text);
        if (!bytes || (bytes->size() != 4 && bytes->size() != 8))
            return m_out.fail(tr("{\"$float_bits\": …} needs 8 or 16 hex digits"));
        m_out.u8(bytes->size() == 4 ? 0xca : 0xcb);
        m_out.bytes += *bytes;
    }
    void extension(const TreeNode &content)
    {
        const QList<TreeNode> parts = content.children();
        constexpr qint64 none = 1000;
        const qint64 type = parts.size() == 2 ? toInteger(parts[0].text().toLatin1()).value_or(none) : none;
        const auto data = parts.size() == 2 ? fromHex(parts[1].text()) : std::nullopt;
        if (type < -128 || type > 127 || !data)
            return m_out.fail(tr("{\"$ext\": [type, hex]} needs a type from -128 to 127 and hex digits"));
        addExtension(qint8(type), *data);
    }
    void addExtension(qint8 type, const QByteArray &data)
    {
        switch (data.size()) {
        case 1: m_out.u8(0xd4); break;
        case 2: m_out.u8(0xd5); break;
        case 4: m_out.u8(0xd6); break;
        case 8: m_out.u8(0xd7); break;
        case 16: m_out.u8(0xd8); break;
        default: counted(quint32(data.size()), 0xc7, 0xc8, 0xc9); break;
        }
        m_out.u8(quint8(type));
        m_out.bytes += data;
    }
    void time(const TreeNode &node)
    {
        const auto secondsNode = node.member("seconds"_L1);
        const auto nanosecondsNode = node.member("nanoseconds"_L1);
        const auto wholeSeconds = toInteger(secondsNode ? secondsNode->text().toLatin1() : QByteArray());
        const qint64 nanoseconds =
            toInteger(nanosecondsNode ? nanosecondsNode->text().toLatin1() : QByteArray()).value_or(-1);
        const qint64 seconds = wholeSeconds.value_or(0);
        if (!wholeSeconds || nanoseconds < 0 || nanoseconds > 999'999'999)
            return m_out.fail(tr("a time needs seconds, and nanoseconds from 0 to 999999999"));
        if (node.children().first().text() != timeText(seconds, quint32(nanoseconds), 9))
            return m_out.fail(
                tr("“$time” does not match seconds and nanoseconds: change those instead, they are what is stored"));
        StructureWriter data;
        if (nanoseconds == 0 && seconds >= 0 && seconds <= 0xffffffff) {
            data.big(quint32(seconds));
        } else if (seconds >= 0 && seconds <= 0x3ffffffff) {
            data.big(quint64(nanoseconds) << 34 | quint64(seconds));
        } else {
            data.big(quint32(nanoseconds));
            data.big(seconds);
        }
        addExtension(-1, data.bytes);
    }
    /// Writes a number in a named form.
    void sized(const QString &tag, const QString &text)
    {
        const auto natural = toUnsigned(text.toLatin1());
        const auto integer = toInteger(text.toLatin1());
        if (tag == u"uint8" && natural && *natural <= 0xff)
            width(0xcc, quint8(*natural));
        else if (tag == u"uint16" && natural && *natural <= 0xffff)
            width(0xcd, quint16(*natural));
        else if (tag == u"uint32" && natural && *natural <= 0xffffffff)
            width(0xce, quint32(*natural));
        else if (tag == u"uint64" && natural)
            width(0xcf, *natural);
        else if (tag == u"int8" && integer && *integer == qint8(*integer))
            width(0xd0, qint8(*integer));
        else if (tag == u"int16" && integer && *integer == qint16(*integer))
            width(0xd1, qint16(*integer));
        else if (tag == u"int32" && integer && *integer == qint32(*integer))
            width(0xd2, qint32(*integer));
        else if (tag == u"int64" && integer)
            width(0xd3, *integer);
        else
            m_out.fail(tr("MessagePack has no {\"$%1\": %2}").arg(tag, text.left(40)));
    }

    StructureWriter m_out;
};

} // namespace

Result<QByteArray> writeMsgpack(const FormatTree &tree)
{
    MsgpackWriter writer;
    const TreeNode root(tree, 0);
    if (root.tag() == u"stream") {
        for (const TreeNode &value : root.children().first().children())
            writer.value(value);
    } else {
        writer.value(root);
    }
    return writer.out().result();
}

} // namespace slotscope
