// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

class IgbinaryReader
{
public:
    explicit IgbinaryReader(StructureReading &reading) : m(reading) { }

    void value()
    {
        const qsizetype at = m.in.at();
        const quint8 type = m.in.u8();
        if (!m.goesOn())
            return;
        switch (type) {
        case 0x00: m.out.null(); break;
        case 0x01:
        case 0x02:
        case 0x03:
        case 0x22:
        case 0x23:
        case 0x24: m.out.natural(length(type < 0x10 ? type - 0x01 : type - 0x22), "ref"); break;
        case 0x04: m.out.boolean(false); break;
        case 0x05: m.out.boolean(true); break;
        case 0x0c: m.out.real(m.in.bigDouble()); break;
        case 0x14:
        case 0x15:
        case 0x16: array(length(type - 0x14), false); break;
        case 0x17:
        case 0x18:
        case 0x19: object(newString(length(type - 0x17))); break;
        case 0x1a:
        case 0x1b:
        case 0x1c: object(knownString(length(type - 0x1a))); break;
        case 0x25: reference(); break;
        default:
            if (isNumber(type))
                m.out.leaf(Kind::Number, number(type));
            else if (isString(type))
                m.out.utf8(string(type));
            else
                m.in.failAt(at, tr("%1 is not a type of igbinary").arg(type));
        }
    }

private:
    static bool isNumber(quint8 type) { return (type >= 0x06 && type <= 0x0b) || type == 0x20 || type == 0x21; }
    static bool isString(quint8 type) { return (type >= 0x0d && type <= 0x13) || type == 0x26; }

    /// Reads a length: `width` 0 means one byte, 1 two, 2 four.
    quint32 length(int width)
    {
        return width == 0 ? m.in.u8() : width == 1 ? m.in.big<quint16>() : m.in.big<quint32>();
    }
    QString number(quint8 type)
    {
        const bool negative = (type & 1) != 0;
        const quint64 value = type >= 0x20 ? m.in.big<quint64>() : length((type - 0x06) / 2);
        return (negative ? u"-"_s : QString()) + QString::number(value);
    }
    QByteArrayView newString(quint64 size)
    {
        const QByteArrayView text = m.in.take(size);
        if (m.in.ok())
            m_strings.push_back(text);
        return text;
    }
    QByteArrayView knownString(quint32 index)
    {
        if (index < m_strings.size())
            return m_strings[index];
        m.in.fail(tr("it refers to text %1, but there are %2").arg(index).arg(m_strings.size()));
        return {};
    }
    QByteArrayView string(quint8 type)
    {
        if (type == 0x0d)
            return QByteArrayView("", 0);
        if (type <= 0x10)
            return knownString(length(type - 0x0e));
        return newString(type == 0x26 ? m.in.big<quint64>() : length(type - 0x11));
    }

    void array(quint32 count, bool properties)
    {
        if (count > quint64(m.in.left()))
            return m.in.fail(tr("an array of %1 elements does not fit into the data").arg(count));
        if (!m.out.open(Kind::Map))
            return;
        bool list = !properties || count > 0;
        for (quint32 i = 0; i < count && m.goesOn(); ++i) {
            const quint8 type = m.in.u8();
            if (isNumber(type)) {
                const QString key = number(type);
                list = list && key == QString::number(i);
                m.out.leaf(Kind::Number, key);
            } else if (isString(type)) {
                list = false;
                properties ? propertyName(string(type)) : m.out.utf8(string(type));
            } else if (m.in.ok()) {
                m.in.fail(tr("a key is neither a number nor a text"));
            }
            value();
        }
        if (m.goesOn() && list)
            m.out.markList();
        m.out.close();
    }
    void propertyName(QByteArrayView name)
    {
        const qsizetype end = name.startsWith('\0') ? name.indexOf('\0', 1) : -1;
        if (end <= 0 || !name.isValidUtf8())
            return m.out.utf8(name);
        const QString owner = QString::fromUtf8(name.sliced(1, end - 1)),
                      rest = QString::fromUtf8(name.sliced(end + 1));
        m.out.string(owner == u"*" ? u"protected "_s + rest : u"private("_s + owner + u") "_s + rest);
    }
    void object(QByteArrayView name)
    {
        const quint8 type = m.in.u8();
        if (!m.goesOn() || !m.out.open(Kind::Object))
            return;
        m.out.name(u"$object"_s).utf8(name);
        if (type >= 0x14 && type <= 0x16) {
            m.out.name(u"props"_s);
            array(length(type - 0x14), true);
        } else if (type >= 0x1d && type <= 0x1f) {
            m.out.name(u"data"_s).utf8(m.in.take(length(type - 0x1d)));
        } else if (type >= 0x0e && type <= 0x13) { // a case of an enum
            m.out.name(u"name"_s).utf8(string(type));
        } else {
            m.in.fail(tr("an object without properties"));
        }
        m.out.close();
    }
    /// A PHP reference, which is followed by the value itself.
    void reference()
    {
        if (!m.out.open(Kind::Array, "by_reference"))
            return;
        value();
        m.out.close();
    }

    StructureReading &m;
    std::vector<QByteArrayView> m_strings;
};

} // namespace

void readIgbinary(StructureReading &reading)
{
    const auto version = reading.in.big<quint32>();
    if (version != 1 && version != 2)
        return reading.in.failAt(0, tr("this is not igbinary data of version 1 or 2"));
    IgbinaryReader(reading).value();
}

} // namespace slotscope
