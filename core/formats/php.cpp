// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"
#include "core/formats/phpreal.h"

#include "core/base/text.h"

#include <charconv>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

QByteArray phpReal(double value)
{
    if (std::isnan(value))
        return "NAN";
    if (std::isinf(value))
        return value < 0 ? "-INF" : "INF";
    char buffer[64];
    const char *end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const QByteArray scientific(buffer, end - buffer);
    const qsizetype e = scientific.indexOf('e');
    const int exponent = scientific.mid(e + 1).toInt();
    QByteArray mantissa = scientific.first(e);
    if (exponent < -5 || exponent >= 17) {
        if (!mantissa.contains('.'))
            mantissa += ".0";
        return mantissa + (exponent < 0 ? "E-" : "E+") + QByteArray::number(std::abs(exponent));
    }
    end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
    return {buffer, end - buffer};
}

namespace {

class PhpReader
{
public:
    explicit PhpReader(StructureReading &reading) : m(reading) { }

    void value()
    {
        const qsizetype at = m.in.at();
        const char type = char(m.in.u8());
        if (!m.goesOn())
            return;
        if (type == 'N')
            return expect(";") ? m.out.null() : void();
        if (!expect(":"))
            return;
        switch (type) {
        case 'b': boolean(); break;
        case 'i': m.out.integer(integer(';')); break;
        case 'd': real(); break;
        case 's':
            m.out.utf8(string());
            closeWord();
            break;
        case 'a': members(integer(':'), false); break;
        case 'O': object(); break;
        case 'C': custom(); break;
        case 'E': enumeration(); break;
        case 'r':
        case 'R': reference(type); break;
        default: m.in.failAt(at, tr("no serialized PHP value begins like this")); break;
        }
    }

private:
    bool expect(QByteArrayView text)
    {
        const qsizetype at = m.in.at();
        if (m.in.take(quint64(text.size())) != text)
            m.in.failAt(at, tr("“%1” is missing").arg(QString::fromLatin1(text)));
        return m.in.ok();
    }
    void closeWord() { (void)expect(";"); }

    qint64 integer(char end)
    {
        const qsizetype at = m.in.at();
        const QByteArrayView digits = m.in.until(end);
        const auto number = toInteger(digits);
        if (m.in.ok() && (!number || QByteArray::number(*number) != digits))
            m.in.failAt(at, tr("an integer is missing"));
        return number.value_or(0);
    }
    /// Reads N:"…" with N arbitrary bytes.
    QByteArrayView string()
    {
        const qint64 length = integer(':');
        if (length < 0)
            m.in.fail(tr("a text of %1 byte(s)").arg(length));
        if (!expect("\""))
            return {};
        const QByteArrayView text = m.in.take(quint64(length));
        return expect("\"") ? text : QByteArrayView();
    }
    void boolean()
    {
        const qint64 number = integer(';');
        if (number != 0 && number != 1)
            m.in.fail(tr("a boolean has the value %1").arg(number));
        m.out.boolean(number == 1);
    }
    /// Reads a double; keeps the original digits if PHP would write others.
    void real()
    {
        const qsizetype at = m.in.at();
        const QByteArray digits = m.in.until(';').toByteArray();
        bool ok = false;
        const double value = digits == "NAN" ? std::nan("")
            : digits == "INF"                ? HUGE_VAL
            : digits == "-INF"               ? -HUGE_VAL
                                             : digits.toDouble(&ok);
        if (!ok && !digits.endsWith("INF") && digits != "NAN")
            return m.in.failAt(at, tr("a number is missing"));
        if (phpReal(value) == digits)
            m.out.real(value);
        else
            m.out.string(QString::fromLatin1(digits), "float");
    }

    /// Reads {key value key value …}; keys are integers or strings. In an object, the strings contain the visibility.
    void members(qint64 count, bool properties)
    {
        if (!expect("{"))
            return;
        if (count < 0 || count > m.in.left() / 4)
            return m.in.fail(tr("%1 members do not fit into the data").arg(count));
        if (!m.out.open(Kind::Map))
            return;
        bool list = !properties || count > 0;
        for (qint64 i = 0; i < count && m.goesOn(); ++i) {
            list = key(i, properties) && list;
            value();
        }
        if (m.goesOn() && list)
            m.out.markList();
        m.out.close();
        (void)expect("}");
    }
    /// Reads a key. Returns whether it is the index of an element in a list.
    bool key(qint64 index, bool property)
    {
        const char type = char(m.in.u8());
        if (!expect(":"))
            return false;
        if (type == 'i') {
            const qint64 number = integer(';');
            m.out.integer(number);
            return number == index;
        }
        if (type != 's') {
            m.in.fail(tr("a key is neither a number nor a text"));
            return false;
        }
        const QByteArrayView name = string();
        property ? propertyName(name) : m.out.utf8(name);
        closeWord();
        return false;
    }

    void object()
    {
        const QByteArrayView name = string();
        if (!expect(":") || !m.out.open(Kind::Object))
            return;
        m.out.name(u"$object"_s).utf8(name);
        const qint64 count = integer(':');
        m.out.name(u"props"_s);
        members(count, true);
        m.out.close();
    }
    /// Reads a property name: "\\0*\\0name" is protected, "\\0Class\\0name" private.
    void propertyName(QByteArrayView name)
    {
        const qsizetype end = name.startsWith('\0') ? name.indexOf('\0', 1) : -1;
        if (end > 0 && name.isValidUtf8()) {
            const QString owner = QString::fromUtf8(name.sliced(1, end - 1)),
                          rest = QString::fromUtf8(name.sliced(end + 1));
            return m.out.string(owner == u"*" ? u"protected "_s + rest : u"private("_s + owner + u") "_s + rest);
        }
        if (name.startsWith("protected ") || name.startsWith("private("))
            m.whyNotWritable = tr("The name of a property looks like a visibility marker.");
        m.out.utf8(name);
    }

    void custom()
    {
        const QByteArrayView name = string();
        if (!expect(":"))
            return;
        const qint64 length = integer(':');
        if (length < 0)
            m.in.fail(tr("an object of %1 byte(s)").arg(length));
        if (!expect("{"))
            return;
        const QByteArrayView data = m.in.take(quint64(length));
        if (!expect("}") || !m.out.open(Kind::Object))
            return;
        m.out.name(u"$object"_s).utf8(name);
        m.out.name(u"data"_s).utf8(data);
        m.out.close();
    }
    void enumeration()
    {
        const QByteArrayView both = string();
        const qsizetype colon = both.indexOf(':');
        if (m.in.ok() && colon < 0)
            m.in.fail(tr("an enum case lacks its name"));
        closeWord();
        if (!m.goesOn() || !m.out.open(Kind::Object))
            return;
        m.out.name(u"$enum"_s).utf8(both.first(colon));
        m.out.name(u"name"_s).utf8(both.sliced(colon + 1));
        m.out.close();
    }
    void reference(char type)
    {
        const qint64 number = integer(';');
        m.out.integer(number, type == 'r' ? "ref" : "reference");
        if (!m_hasReferences)
            m.warn(tr("References ($ref, $reference) count the preceding values: adding or removing a value before "
                      "them changes what they point to."));
        m_hasReferences = true;
    }

    StructureReading &m;
    bool m_hasReferences = false;
};

} // namespace

void readPhp(StructureReading &reading)
{
    PhpReader(reading).value();
}

void readPhpSession(StructureReading &reading)
{
    PhpReader reader(reading);
    if (!reading.out.open(Kind::Map))
        return;
    while (reading.goesOn() && !reading.in.atEnd()) {
        reading.out.utf8(reading.in.until('|'));
        reader.value();
    }
    reading.out.close();
}

} // namespace slotscope
