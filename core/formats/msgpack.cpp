// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include "core/base/text.h"

#include <cmath>
#include <limits>

// Our own, for exactness: msgpack-cxx drops the width of numbers and the order of equal keys, and recurses.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr quint64 nanGap64 = 0x7ff8000000000000;
constexpr quint32 nanGap32 = 0x7fc00000;

class MsgpackReader
{
public:
    explicit MsgpackReader(StructureReading &reading) : m(reading) { }

    void value()
    {
        const quint8 byte = m.in.u8();
        if (!m.goesOn())
            return;
        if (byte < 0x80)
            m.out.integer(byte);
        else if (byte < 0x90)
            map(byte & 0x0f);
        else if (byte < 0xa0)
            array(byte & 0x0f);
        else if (byte < 0xc0)
            m.out.utf8(m.in.take(byte & 0x1f));
        else if (byte >= 0xe0)
            m.out.integer(qint8(byte));
        else
            marked(byte);
    }

private:
    void marked(quint8 byte)
    {
        switch (byte) {
        case 0xc0: m.out.null(); break;
        case 0xc2: m.out.boolean(false); break;
        case 0xc3: m.out.boolean(true); break;
        case 0xc4: m.out.bytes(m.in.take(m.in.u8())); break;
        case 0xc5: m.out.bytes(m.in.take(m.in.big<quint16>())); break;
        case 0xc6: m.out.bytes(m.in.take(m.in.big<quint32>())); break;
        case 0xc7: extension(m.in.u8()); break;
        case 0xc8: extension(m.in.big<quint16>()); break;
        case 0xc9: extension(m.in.big<quint32>()); break;
        case 0xd4: extension(1); break;
        case 0xd5: extension(2); break;
        case 0xd6: extension(4); break;
        case 0xd7: extension(8); break;
        case 0xd8: extension(16); break;
        case 0xd9: m.out.utf8(m.in.take(m.in.u8())); break;
        case 0xda: m.out.utf8(m.in.take(m.in.big<quint16>())); break;
        case 0xdb: m.out.utf8(m.in.take(m.in.big<quint32>())); break;
        case 0xdc: array(m.in.big<quint16>()); break;
        case 0xdd: array(m.in.big<quint32>()); break;
        case 0xde: map(m.in.big<quint16>()); break;
        case 0xdf: map(m.in.big<quint32>()); break;
        default: number(byte); break;
        }
    }

    /// A number in a wider form than it needs is written with that form's name, so that it can be kept.
    void number(quint8 byte)
    {
        switch (byte) {
        case 0xca: real32(); break;
        case 0xcb: real64(); break;
        case 0xcc: natural(m.in.u8(), 0x80, "uint8"); break;
        case 0xcd: natural(m.in.big<quint16>(), 0x100, "uint16"); break;
        case 0xce: natural(m.in.big<quint32>(), 0x10000, "uint32"); break;
        case 0xcf: natural(m.in.big<quint64>(), 0x100000000, "uint64"); break;
        case 0xd0: integer(m.in.big<qint8>(), -32, "int8"); break;
        case 0xd1: integer(m.in.big<qint16>(), std::numeric_limits<qint8>::min(), "int16"); break;
        case 0xd2: integer(m.in.big<qint32>(), std::numeric_limits<qint16>::min(), "int32"); break;
        case 0xd3: integer(m.in.big<qint64>(), std::numeric_limits<qint32>::min(), "int64"); break;
        default: m.in.failAt(m.in.at() - 1, tr("0xc1 is no MessagePack")); break;
        }
    }
    void natural(quint64 value, quint64 needed, const char *form)
    {
        if (m.in.ok())
            m.out.natural(value, value < needed ? form : nullptr);
    }
    void integer(qint64 value, qint64 needed, const char *form)
    {
        if (m.in.ok())
            m.out.integer(value, value >= needed ? form : nullptr);
    }
    void real32()
    {
        const quint32 bits = m.in.big<quint32>();
        const auto value = std::bit_cast<float>(bits);
        if (!m.in.ok())
            return;
        if (std::isnan(value) && bits != nanGap32)
            m.out.leaf(Kind::String, QString::number(bits, 16).rightJustified(8, u'0'), "float_bits");
        else
            m.out.real32(value);
    }
    void real64()
    {
        const quint64 bits = m.in.big<quint64>();
        const auto value = std::bit_cast<double>(bits);
        if (!m.in.ok())
            return;
        if (std::isnan(value) && bits != nanGap64)
            m.out.leaf(Kind::String, QString::number(bits, 16).rightJustified(16, u'0'), "float_bits");
        else
            m.out.real(value);
    }

    void array(quint32 count)
    {
        if (count > quint64(m.in.left()))
            return m.in.fail(tr("an array of %1 elements does not fit").arg(count));
        if (!m.out.open(Kind::Array))
            return;
        for (quint32 i = 0; i < count && m.goesOn(); ++i)
            value();
        m.out.close();
    }
    void map(quint32 count)
    {
        if (quint64(count) * 2 > quint64(m.in.left()))
            return m.in.fail(tr("a map of %1 members does not fit").arg(count));
        if (!m.out.open(Kind::Map))
            return;
        for (quint32 i = 0; i < count && m.goesOn(); ++i) {
            value();
            value();
        }
        m.out.close();
    }

    void extension(quint32 length)
    {
        const auto type = qint8(m.in.u8());
        const QByteArrayView data = m.in.take(length);
        if (!m.in.ok())
            return;
        if (type == -1 && timestamp(data))
            return;
        if (!m.out.open(Kind::Array, "ext"))
            return;
        m.out.integer(type);
        m.out.string(QString::fromLatin1(data.toByteArray().toHex()));
        m.out.close();
    }
    /// Only in the form that its moment needs: another one stays an extension, so that it can be kept.
    bool timestamp(QByteArrayView data)
    {
        Cursor in(data);
        qint64 seconds = 0;
        quint32 nanoseconds = 0;
        if (data.size() == 4) {
            seconds = in.big<quint32>();
        } else if (data.size() == 8) {
            const auto both = in.big<quint64>();
            nanoseconds = quint32(both >> 34);
            seconds = qint64(both & 0x3ffffffff);
            if (nanoseconds == 0 && seconds <= 0xffffffff)
                return false;
        } else if (data.size() == 12) {
            nanoseconds = in.big<quint32>();
            seconds = in.big<qint64>();
            if (seconds >= 0 && seconds <= 0x3ffffffff)
                return false;
        } else {
            return false;
        }
        if (nanoseconds > 999'999'999 || !m.out.open(Kind::Object))
            return false;
        m.out.name(u"$time"_s).string(timeText(seconds, nanoseconds, 9));
        m.out.name(u"seconds"_s).integer(seconds);
        m.out.name(u"nanoseconds"_s).integer(nanoseconds);
        m.out.close();
        return true;
    }

    StructureReading &m;
};

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
                  text == u"NaN" ? nanGap64 : std::bit_cast<quint64>(text.startsWith(u'-') ? -infinity : infinity));
            return;
        }
        if (!ok || std::isinf(value))
            return m_out.fail(tr("%1 is no number that a double holds").arg(text));
        width(0xcb, std::bit_cast<quint64>(value));
    }
    void real32(const QString &text)
    {
        bool ok = false;
        const float infinity = std::numeric_limits<float>::infinity();
        if (text == u"NaN")
            return width(0xca, nanGap32);
        if (text.endsWith(u"Infinity"))
            return width(0xca, std::bit_cast<quint32>(text.startsWith(u'-') ? -infinity : infinity));
        const float value = text.toFloat(&ok);
        if (!ok)
            return m_out.fail(tr("%1 is no number that a float holds").arg(text));
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
    /// The mark for one byte of length, for two and for four; mark 0: there is none for one.
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
                return m_out.fail(tr("{\"$map\": …} takes pairs of key and value"));
            value(both[0]);
            value(both[1]);
        }
    }
    void raw(const QString &tag, const TreeNode &content)
    {
        const auto bytes = fromHex(content.text());
        if (!bytes)
            return m_out.fail(tr("“%1” is no hex text").arg(content.text().left(40)));
        if (tag == u"string")
            return string(*bytes);
        counted(quint32(bytes->size()), 0xc4, 0xc5, 0xc6);
        m_out.bytes += *bytes;
    }
    void floatBits(const QString &text)
    {
        const auto bytes = fromHex(text);
        if (!bytes || (bytes->size() != 4 && bytes->size() != 8))
            return m_out.fail(tr("{\"$float_bits\": …} takes 8 or 16 hex digits"));
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
            return m_out.fail(tr("{\"$ext\": [type, hex]} takes a type from -128 to 127 and hex digits"));
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
            return m_out.fail(tr("a time takes seconds, and nanoseconds from 0 to 999999999"));
        if (node.children().first().text() != timeText(seconds, quint32(nanoseconds), 9))
            return m_out.fail(
                tr("“$time” is not what seconds and nanoseconds say: change these, they are what is stored"));
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
    /// A number whose form is named.
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

void readMsgpack(StructureReading &reading)
{
    MsgpackReader reader(reading);
    reader.value();
    if (!reading.goesOn() || reading.in.atEnd())
        return;
    // several values, one after another: read again as a list
    StructureReading again{.in = Cursor(reading.in.all()),
                           .out = TreeBuilder(reading.budget),
                           .budget = reading.budget,
                           .notes = {},
                           .whyNotWritable = {}};
    MsgpackReader all(again);
    again.out.open(Kind::Array, "stream");
    int count = 0;
    for (; again.goesOn() && !again.in.atEnd(); ++count)
        all.value();
    again.note(tr("%1 MessagePack values, one after another").arg(count));
    reading.in = again.in;
    reading.notes = again.notes;
    reading.out.tree() = again.out.take();
}

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
