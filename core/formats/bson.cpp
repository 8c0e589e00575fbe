// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/forms.h"

#include "core/base/text.h"

#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class BsonReader
{
public:
    explicit BsonReader(StructureReading &reading) : m(reading) { }

    void document(bool array)
    {
        const qsizetype start = m.in.at();
        const auto length = m.in.little<qint32>();
        if (m.in.ok() && (length < 5 || length - 4 > m.in.left()))
            return m.in.failAt(start, tr("a document of %1 byte(s) does not fit into the data").arg(length));
        if (!m.goesOn() || !m.out.open(array ? Kind::Array : Kind::Map))
            return;
        qsizetype index = 0;
        while (m.goesOn()) {
            const quint8 type = m.in.u8();
            if (type == 0)
                break;
            const QByteArrayView name = m.in.until('\0');
            if (array && name != QByteArray::number(index++))
                m.whyNotWritable = tr("The elements of an array are not numbered as usual in BSON.");
            if (!array)
                m.out.utf8(name);
            element(type);
        }
        if (m.goesOn() && m.in.at() != start + length)
            m.in.fail(tr("a document does not end at the length that it states"));
        m.out.close();
    }

private:
    QByteArrayView string()
    {
        const auto length = m.in.little<qint32>();
        if (m.in.ok() && length < 1) {
            m.in.fail(tr("a text of %1 byte(s)").arg(length));
            return {};
        }
        const QByteArrayView text = m.in.take(quint64(length));
        if (m.in.ok() && text.back() != '\0')
            m.in.fail(tr("a text does not end with a zero byte"));
        return m.in.ok() ? text.chopped(1) : QByteArrayView();
    }

    void element(quint8 type)
    {
        switch (type) {
        case 0x01: number(); break;
        case 0x02: m.out.utf8(string()); break;
        case 0x03: document(false); break;
        case 0x04: document(true); break;
        case 0x05: binary(); break;
        case 0x06: m.out.leaf(Kind::Bool, u"true"_s, "undefined"); break;
        case 0x07: m.out.string(QString::fromLatin1(m.in.take(12).toByteArray().toHex()), "oid"); break;
        case 0x08: boolean(); break;
        case 0x09: date(); break;
        case 0x0a: m.out.null(); break;
        case 0x0b: regex(); break;
        case 0x0c: pointer(); break;
        case 0x0d: m.out.utf8(string(), "code"); break;
        case 0x0e: m.out.utf8(string(), "symbol"); break;
        case 0x10: m.out.integer(m.in.little<qint32>()); break;
        case 0x11: timestamp(); break;
        case 0x12: m.out.integer(m.in.little<qint64>(), "long"); break;
        case 0x13: decimal(); break;
        case 0x7f: m.out.integer(1, "maxKey"); break;
        case 0xff: m.out.integer(1, "minKey"); break;
        default: m.in.fail(tr("an element has the unknown type %1").arg(type)); break;
        }
    }
    void number()
    {
        const auto bits = m.in.little<quint64>();
        const auto value = std::bit_cast<double>(bits);
        if (std::isnan(value) && bits != 0x7ff8000000000000)
            m.out.string(QString::number(bits, 16).rightJustified(16, u'0'), "float_bits");
        else
            m.out.real(value);
    }
    void boolean()
    {
        const quint8 byte = m.in.u8();
        if (byte > 1)
            m.in.fail(tr("a boolean has the value %1").arg(byte));
        m.out.boolean(byte == 1);
    }
    void binary()
    {
        const auto length = m.in.little<qint32>();
        const quint8 subtype = m.in.u8();
        if (m.in.ok() && length < 0)
            return m.in.fail(tr("binary data of %1 byte(s)").arg(length));
        const QByteArrayView data = m.in.take(quint64(length));
        if (!m.in.ok())
            return;
        if (subtype == 4 && data.size() == 16)
            return m.out.string(uuidText(data), "uuid");
        if (!m.out.open(Kind::Array, "binary"))
            return;
        m.out.string(QString::number(subtype, 16).rightJustified(2, u'0'));
        m.out.string(QString::fromLatin1(data.toByteArray().toHex()));
        m.out.close();
    }
    void date()
    {
        const auto milliseconds = m.in.little<qint64>();
        const qint64 seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds + 1) / 1000 - 1;
        const QString text = timeText(seconds, quint32(milliseconds - seconds * 1000) * 1'000'000, 3);
        if (text.endsWith(u'Z'))
            m.out.string(text, "time");
        else
            m.out.integer(milliseconds, "date_ms");
    }
    void regex()
    {
        if (!m.out.open(Kind::Array, "regex"))
            return;
        m.out.utf8(m.in.until('\0'));
        m.out.utf8(m.in.until('\0'));
        m.out.close();
    }
    void pointer()
    {
        if (!m.out.open(Kind::Array, "dbPointer"))
            return;
        m.out.utf8(string());
        m.out.string(QString::fromLatin1(m.in.take(12).toByteArray().toHex()));
        m.out.close();
    }
    void timestamp()
    {
        const auto increment = m.in.little<quint32>(), seconds = m.in.little<quint32>();
        if (!m.out.open(Kind::Array, "timestamp"))
            return;
        m.out.natural(seconds);
        m.out.natural(increment);
        m.out.close();
    }
    /// Reads an IEEE 754 decimal128 in binary form: 113 bits of digits and an exponent. Values not supported are shown
    /// as bytes.
    void decimal()
    {
        const QByteArrayView raw = m.in.take(16);
        if (!m.in.ok())
            return;
        const auto high = qFromLittleEndian<quint64>(raw.data() + 8);
        const bool special = (high >> 61 & 3) == 3;
        QByteArray magnitude(raw.toByteArray());
        std::reverse(magnitude.begin(), magnitude.end());
        magnitude[0] = 0;
        magnitude[1] = char(magnitude[1] & 1);
        const QString digits = bigDigits(magnitude);
        const int exponent = int(high >> 49 & 0x3fff) - 6176;
        // others would need exponent notation
        if (special || digits.size() > 34 || exponent > 0 || -exponent > digits.size() + 5)
            return m.out.string(QString::fromLatin1(raw.toByteArray().toHex()), "decimal_bits");
        QString text = digits.rightJustified(1 - exponent, u'0');
        if (exponent < 0)
            text.insert(text.size() + exponent, u'.');
        m.out.string((high >> 63 != 0 ? u"-"_s : QString()) + text, "decimal");
    }

    StructureReading &m;
};

} // namespace

void readBson(StructureReading &reading)
{
    BsonReader(reading).document(false);
}

} // namespace slotscope
