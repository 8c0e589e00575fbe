// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/charset.h"
#include "core/formats/graph.h"

#include "core/base/text.h"

#include <cmath>
#include <deque>

// Reads Ruby's Marshal 4.8. Objects, including floats and big numbers, are numbered in the order in which they start;
// symbols are numbered separately.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

class MarshalReader
{
public:
    using Id = FormatGraph::Id;

    explicit MarshalReader(StructureReading &reading) : m(reading), m_graph(reading) { }

    void run()
    {
        if (m.in.take(2) != "\x04\x08")
            return m.in.failAt(0, tr("this is not Marshal data of version 4.8"));
        const Id root = value();
        if (m.in.ok())
            m_graph.show(root);
    }

private:
    Id failed(const QString &words)
    {
        m.in.fail(words);
        return m_graph.null();
    }

    /// Reads an integer: a byte with length or value, then up to four bytes, lowest first.
    qint64 integer()
    {
        const auto first = qint8(m.in.u8());
        if (first == 0)
            return 0;
        if (first > 4 || first < -4)
            return first > 0 ? first - 5 : first + 5;
        qint64 value = first > 0 ? 0 : -1;
        for (int i = 0; i < qAbs(int(first)); ++i) {
            value &= ~(qint64(0xff) << (8 * i));
            value |= qint64(m.in.u8()) << (8 * i);
        }
        return value;
    }
    qint64 count()
    {
        const qint64 number = integer();
        if (m.in.ok() && (number < 0 || number > m.in.left()))
            m.in.fail(tr("%1 elements do not fit into the data").arg(number));
        return m.in.ok() ? number : 0;
    }
    QByteArrayView counted() { return m.in.take(quint64(std::max(qint64(0), count()))); }

    Id remember(Id id)
    {
        m_objects.push_back(id);
        return id;
    }

    Id value()
    {
        if (++m_depth > m.budget.limits().depth) {
            --m_depth;
            return failed(tr("it is nested deeper than %1 levels").arg(m.budget.limits().depth));
        }
        const qsizetype at = m.in.at();
        const char type = char(m.in.u8());
        const Id id = m.in.ok() ? read(type, at) : m_graph.null();
        --m_depth;
        return id;
    }
    Id read(char type, qsizetype at)
    {
        switch (type) {
        case '0': return m_graph.null();
        case 'T':
        case 'F': return m_graph.boolean(type == 'T');
        case 'i': return m_graph.integer(integer());
        case 'f': return real();
        case 'l': return bigNumber();
        case '"': return remember(m_graph.bytes(counted()));
        case ':':
        case ';': return m_graph.text(symbol(type), "symbol");
        case '@': return link();
        case 'I': return withVariables();
        case '[': return array();
        case '{':
        case '}': return hash(type == '}');
        case 'o': return object(u"ivars"_s);
        case 'S': return object(u"fields"_s);
        case '/': return expression();
        case 'c': return named(u"$class"_s);
        case 'm':
        case 'M': return named(u"$module"_s);
        case 'C':
        case 'e': return wrapped(type == 'C' ? u"$subclass"_s : u"$extended"_s);
        case 'U': return userObject();
        case 'u': return userBytes();
        case 'd': return wrapped(u"$data"_s);
        default: m.in.failAt(at, tr("%1 is not a type of Marshal").arg(toDisplay({&type, 1}))); return m_graph.null();
        }
    }

    QString symbol()
    {
        const char type = char(m.in.u8());
        return symbol(type);
    }
    QString symbol(char type)
    {
        if (type == ':') {
            m_symbols.push_back(utf8Text(counted()));
            return m_symbols.back();
        }
        if (type == ';') {
            const qint64 index = integer();
            if (index >= 0 && index < qint64(m_symbols.size()))
                return m_symbols[size_t(index)];
            m.in.fail(tr("it refers to symbol %1, but there are %2").arg(index).arg(m_symbols.size()));
            return {};
        }
        if (type != 'I') {
            m.in.fail(tr("a symbol is missing"));
            return {};
        }
        if (m.in.u8() != ':' || m_depth >= m.budget.limits().depth) { // a symbol with an encoding
            m.in.fail(tr("a symbol is missing"));
            return {};
        }
        const QString inner = symbol(':');
        ++m_depth; // the instance variables of the symbol have names, which are symbols, too
        variables(FormatGraph::none);
        --m_depth;
        return inner;
    }

    Id real()
    {
        const QByteArray text = counted().toByteArray();
        bool ok = false;
        const double value = text == "inf" ? HUGE_VAL
            : text == "-inf"               ? -HUGE_VAL
            : text == "nan"
            ? std::nan("")
            : text.left(std::max(qsizetype(0), text.indexOf('\0') < 0 ? text.size() : text.indexOf('\0')))
                  .toDouble(&ok);
        if (!ok && text != "inf" && text != "-inf" && text != "nan")
            m.in.fail(tr("a number is missing"));
        return remember(m_graph.real(value));
    }
    Id bigNumber()
    {
        const char sign = char(m.in.u8());
        QByteArray bytes = m.in.take(quint64(std::max(qint64(0), count())) * 2).toByteArray();
        if (bytes.size() > mostBigBytes)
            return failed(tr("a number has %1 bytes").arg(bytes.size()));
        std::reverse(bytes.begin(), bytes.end());
        return remember(m_graph.digits((sign == '-' ? u"-"_s : QString()) + bigDigits(bytes)));
    }
    Id link()
    {
        const qint64 index = integer();
        if (index >= 0 && index < qint64(m_objects.size()))
            return m_objects[size_t(index)];
        return failed(tr("it refers to object %1, but there are %2").arg(index).arg(m_objects.size()));
    }

    /// Reads a value with instance variables; for a string, they contain its encoding.
    Id withVariables()
    {
        const Id inner = value();
        variables(inner);
        return inner;
    }
    void variables(Id of)
    {
        const qint64 number = count();
        for (qint64 i = 0; i < number && m.in.ok(); ++i) {
            const QString name = symbol();
            const Id what = value();
            if (!m.in.ok() || of == FormatGraph::none)
                continue;
            const bool utf8 = name == u"E" && m_graph.textOf(what) == u"true";
            if (name == u"E" || name == u"encoding")
                decodeText(of, utf8 || name == u"E" ? u"utf-8"_s : QString::fromLatin1(m_graph.at(what).bytes));
            else if (m_graph.at(of).kind == FormatGraph::Kind::Object)
                m_graph.put(of, name, what);
        }
    }
    void decodeText(Id of, const QString &encoding)
    {
        FormatGraph::Value &text = m_graph.at(of);
        if (text.kind != FormatGraph::Kind::Bytes)
            return;
        static const QHash<QString, QString> names{{u"utf-8"_s, u"utf-8"_s},
                                                   {u"Shift_JIS"_s, u"shift-jis"_s},
                                                   {u"Windows-31J"_s, u"shift-jis"_s},
                                                   {u"EUC-KR"_s, u"euc-kr"_s},
                                                   {u"CP949"_s, u"euc-kr"_s},
                                                   {u"EUC-JP"_s, u"euc-jp"_s},
                                                   {u"ISO-8859-1"_s, u"latin-1"_s},
                                                   {u"GB18030"_s, u"gb18030"_s},
                                                   {u"UTF-16LE"_s, u"utf-16-le"_s},
                                                   {u"UTF-16BE"_s, u"utf-16-be"_s},
                                                   {u"Windows-1252"_s, u"windows-1252"_s},
                                                   {u"Big5"_s, u"big5"_s}};
        const QString charset = names.value(encoding);
        if (charset.isEmpty())
            return;
        if (charset == u"utf-8") {
            text.kind = FormatGraph::Kind::String;
            return;
        }
        const CharsetText decoded = fromCharset(text.bytes, charset);
        if (decoded.badAt >= 0)
            return;
        text.kind = FormatGraph::Kind::String;
        text.text = decoded.text;
    }

    Id array()
    {
        const Id list = remember(m_graph.list());
        const qint64 number = count();
        for (qint64 i = 0; i < number && m.in.ok(); ++i)
            m_graph.append(list, value());
        return list;
    }
    Id hash(bool withDefault)
    {
        const Id map = remember(m_graph.map());
        const qint64 number = count();
        for (qint64 i = 0; i < number && m.in.ok(); ++i) {
            const Id key = value();
            m_graph.put(map, key, value());
        }
        if (!withDefault)
            return map;
        const Id both = m_graph.object();
        m_graph.put(both, u"$hash"_s, map);
        m_graph.put(both, u"default"_s, value());
        return both;
    }
    Id object(const QString &part)
    {
        const Id made = remember(m_graph.object());
        m_graph.put(made, u"$object"_s, m_graph.text(symbol()));
        const Id members = m_graph.object();
        m_graph.put(made, part, members);
        const qint64 number = count();
        for (qint64 i = 0; i < number && m.in.ok(); ++i) {
            const QString name = symbol();
            m_graph.put(members, name, value());
        }
        return made;
    }
    Id expression()
    {
        const Id made = remember(m_graph.list("regex"));
        m_graph.append(made, m_graph.utf8(counted()));
        const quint8 options = m.in.u8();
        QString letters;
        for (const auto &[bit, letter] : {std::pair(1, u'i'), std::pair(2, u'x'), std::pair(4, u'm')})
            if ((options & bit) != 0)
                letters += QChar(letter);
        m_graph.append(made, m_graph.text(letters));
        return made;
    }
    Id named(const QString &tag)
    {
        const Id made = remember(m_graph.object());
        m_graph.put(made, tag, m_graph.utf8(counted()));
        return made;
    }
    Id wrapped(const QString &tag)
    {
        const Id made = m_graph.object();
        m_graph.put(made, tag, m_graph.text(symbol()));
        m_graph.put(made, u"value"_s, value());
        return made;
    }
    Id userObject()
    {
        const Id made = remember(m_graph.object());
        m_graph.put(made, u"$object"_s, m_graph.text(symbol()));
        m_graph.put(made, u"marshal_load"_s, value());
        return made;
    }
    Id userBytes()
    {
        const Id made = m_graph.object();
        m_graph.put(made, u"$object"_s, m_graph.text(symbol()));
        m_graph.put(made, u"data"_s, m_graph.bytes(counted()));
        return remember(made);
    }

    StructureReading &m;
    FormatGraph m_graph;
    std::vector<Id> m_objects;
    std::vector<QString> m_symbols;
    int m_depth = 0;
};

} // namespace

void readRubyMarshal(StructureReading &reading)
{
    MarshalReader(reading).run();
}

} // namespace slotscope
