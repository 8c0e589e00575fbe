// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include <cmath>
#include <limits>

// An own implementation for exactness: msgpack-cxx loses the width of numbers and the order of equal keys, and is
// recursive.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr quint64 quietNan64 = 0x7ff8000000000000;
constexpr quint32 quietNan32 = 0x7fc00000;

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

    /// Reads a number. If a shorter form would suffice, the form's name is stored, so that it can be preserved.
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
        default: m.in.failAt(m.in.at() - 1, tr("0xc1 is not a type of MessagePack")); break;
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
        if (std::isnan(value) && bits != quietNan32)
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
        if (std::isnan(value) && bits != quietNan64)
            m.out.leaf(Kind::String, QString::number(bits, 16).rightJustified(16, u'0'), "float_bits");
        else
            m.out.real(value);
    }

    void array(quint32 count)
    {
        if (count > quint64(m.in.left()))
            return m.in.fail(tr("an array of %1 elements does not fit into the data").arg(count));
        if (!m.out.open(Kind::Array))
            return;
        for (quint32 i = 0; i < count && m.goesOn(); ++i)
            value();
        m.out.close();
    }
    void map(quint32 count)
    {
        if (quint64(count) * 2 > quint64(m.in.left()))
            return m.in.fail(tr("a map of %1 members does not fit into the data").arg(count));
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
    /// Reads a timestamp if it has the shortest form; otherwise it stays an extension, so that it can be preserved.
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

} // namespace

void readMsgpack(StructureReading &reading)
{
    MsgpackReader reader(reading);
    reader.value();
    if (!reading.goesOn() || reading.in.atEnd())
        return;
    // several values in sequence: read again as a list
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
    again.note(tr("%1 MessagePack values in a row").arg(count));
    reading.in = again.in;
    reading.notes = again.notes;
    reading.out.tree() = again.out.take();
}

} // namespace slotscope
