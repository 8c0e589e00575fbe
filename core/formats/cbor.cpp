// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/forms.h"

#include <qfloat16.h>

#include <cmath>

// An own implementation for exactness: QCborValue keeps neither the width of numbers nor the order and repetition of
// keys.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class CborReader
{
public:
    explicit CborReader(StructureReading &reading) : m(reading) { }

    void value()
    {
        const quint8 first = m.in.u8();
        if (!m.goesOn())
            return;
        const quint8 low = first & 0x1f;
        switch (first >> 5) {
        case 0: number(low, false); break;
        case 1: number(low, true); break;
        case 2: text(low, false); break;
        case 3: text(low, true); break;
        case 4: array(low); break;
        case 5: map(low); break;
        case 6: tag(low); break;
        default: simple(low); break;
        }
    }

private:
    /// Reads the argument after the first byte. `form` receives the name of its width if a shorter one would suffice.
    quint64 argument(quint8 low, const char **form = nullptr)
    {
        quint64 value = low;
        quint64 needed = 0;
        const char *width = nullptr;
        switch (low) {
        case 24:
            value = m.in.u8();
            needed = 24;
            width = "int8";
            break;
        case 25:
            value = m.in.big<quint16>();
            needed = 0x100;
            width = "int16";
            break;
        case 26:
            value = m.in.big<quint32>();
            needed = 0x10000;
            width = "int32";
            break;
        case 27:
            value = m.in.big<quint64>();
            needed = 0x100000000;
            width = "int64";
            break;
        default:
            if (low > 27)
                m.in.failAt(m.in.at() - 1, tr("this first byte is not valid in CBOR"));
        }
        if (form != nullptr && width != nullptr && value < needed)
            *form = width;
        return value;
    }

    void number(quint8 low, bool negative)
    {
        const char *form = nullptr;
        const quint64 value = argument(low, &form);
        if (!m.in.ok())
            return;
        QString digits = QString::number(value);
        if (negative) // the value is -1 - argument; the lowest one needs more than 64 bits
            digits = value == ~quint64(0) ? u"-18446744073709551616"_s : u'-' + QString::number(value + 1);
        m.out.leaf(Kind::Number, digits, form);
    }

    void text(quint8 low, bool utf8)
    {
        if (low == 31)
            return chunks(utf8);
        const QByteArrayView content = m.in.take(argument(low));
        if (m.in.ok())
            utf8 ? m.out.utf8(content) : m.out.bytes(content);
    }
    void chunks(bool utf8)
    {
        if (!m.out.open(Kind::Array, utf8 ? "text_chunks" : "chunks"))
            return;
        while (m.goesOn() && m.in.peek() != 0xff) {
            const quint8 first = m.in.u8();
            if (first >> 5 != (utf8 ? 3 : 2) || (first & 0x1f) == 31)
                return m.in.failAt(m.in.at() - 1, tr("a chunk of a chunked text has another type"));
            text(first & 0x1f, utf8);
        }
        m.in.u8();
        m.out.close();
    }

    /// Whether another element follows.
    bool more(bool endless, quint64 *left)
    {
        if (!m.goesOn())
            return false;
        if (!endless)
            return (*left)-- > 0;
        if (m.in.peek() != 0xff || m.in.atEnd())
            return true;
        m.in.u8();
        return false;
    }
    void array(quint8 low)
    {
        const bool endless = low == 31;
        quint64 left = endless ? 0 : argument(low);
        if (left > quint64(m.in.left()))
            return m.in.fail(tr("an array of %1 elements does not fit into the data").arg(left));
        if (!m.out.open(Kind::Array, endless ? "indefinite_array" : nullptr))
            return;
        while (more(endless, &left))
            value();
        m.out.close();
    }
    void map(quint8 low)
    {
        const bool endless = low == 31;
        quint64 left = endless ? 0 : argument(low);
        if (left > quint64(m.in.left()) / 2)
            return m.in.fail(tr("a map of %1 members does not fit into the data").arg(left));
        if (!m.out.open(Kind::Map, endless ? "indefinite_map" : nullptr))
            return;
        while (more(endless, &left)) {
            value();
            if (endless && m.in.peek() == 0xff && m.in.left() > 0)
                return m.in.fail(tr("the last key of a map has no value"));
            value();
        }
        m.out.close();
    }

    void tag(quint8 low)
    {
        const quint64 number = argument(low);
        if (m.in.ok() && (number == 2 || number == 3) && bigNumber(number == 3))
            return;
        if (!m.out.open(Kind::Array, "tag"))
            return;
        m.out.natural(number);
        value();
        m.out.close();
    }
    /// Shows a big number as digits, if the encoder would create the same bytes from them.
    bool bigNumber(bool negative)
    {
        Cursor ahead = m.in;
        const quint8 first = ahead.u8();
        const quint8 low = first & 0x1f;
        if (first >> 5 != 2 || low > 25)
            return false;
        const quint64 length = low < 24 ? low : low == 24 ? ahead.u8() : ahead.big<quint16>();
        const QByteArrayView bytes = ahead.take(length);
        if (!ahead.ok() || length <= 8 || length > quint64(mostBigBytes) || bytes[0] == 0 || (low == 24 && length < 24)
            || (low == 25 && length < 0x100))
            return false;
        QByteArray magnitude = bytes.toByteArray();
        if (negative) {
            qsizetype at = magnitude.size() - 1;
            while (at >= 0 && quint8(magnitude[at]) == 0xff)
                magnitude[at--] = 0;
            if (at < 0)
                magnitude.prepend('\x01');
            else
                magnitude[at] = char(magnitude[at] + 1);
        }
        m.in = ahead;
        m.out.leaf(Kind::Number, (negative ? u"-"_s : QString()) + bigDigits(magnitude));
        return true;
    }

    void simple(quint8 low)
    {
        switch (low) {
        case 20: m.out.boolean(false); break;
        case 21: m.out.boolean(true); break;
        case 22: m.out.null(); break;
        case 23: m.out.leaf(Kind::Bool, u"true"_s, "undefined"); break;
        case 24: m.out.integer(m.in.u8(), "simple"); break;
        case 25: half(); break;
        case 26: single(); break;
        case 27: wide(); break;
        case 31: m.in.failAt(m.in.at() - 1, tr("a break outside of any open item")); break;
        default:
            low < 20 ? m.out.integer(low, "simple")
                     : m.in.failAt(m.in.at() - 1, tr("this first byte is not valid in CBOR"));
        }
    }
    void bits(quint64 value, int digits)
    {
        m.out.leaf(Kind::String, QString::number(value, 16).rightJustified(digits, u'0'), "float_bits");
    }
    void half()
    {
        const auto raw = m.in.big<quint16>();
        if (!m.in.ok())
            return;
        const float value = std::bit_cast<qfloat16>(raw);
        if (std::isnan(value))
            raw == 0x7e00 ? m.out.string(u"NaN"_s, "float16") : bits(raw, 4);
        else if (std::isinf(value))
            m.out.string(value < 0 ? u"-Infinity"_s : u"Infinity"_s, "float16");
        else
            m.out.leaf(Kind::Number, realText(double(value)), "float16");
    }
    void single()
    {
        const auto raw = m.in.big<quint32>();
        if (!m.in.ok())
            return;
        const auto value = std::bit_cast<float>(raw);
        std::isnan(value) && raw != 0x7fc00000 ? bits(raw, 8) : m.out.real32(value);
    }
    void wide()
    {
        const auto raw = m.in.big<quint64>();
        if (!m.in.ok())
            return;
        const auto value = std::bit_cast<double>(raw);
        std::isnan(value) && raw != 0x7ff8000000000000 ? bits(raw, 16) : m.out.real(value);
    }

    StructureReading &m;
};

} // namespace

void readCbor(StructureReading &reading)
{
    CborReader(reading).value();
}

} // namespace slotscope
