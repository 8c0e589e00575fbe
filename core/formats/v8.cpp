// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"
#include "core/formats/graph.h"

#include "core/base/text.h"

#include <cmath>
#include <deque>

// Reads the output of Node's v8.serialize, versions 13 to 15. Strings are Latin-1 or UTF-16; only 'S' is UTF-8.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

class V8Reader
{
public:
    using Id = FormatGraph::Id;

    explicit V8Reader(StructureReading &reading) : m(reading), m_graph(reading) { }

    void run()
    {
        if (m.in.u8() != 0xff || m.in.varint() > 15)
            return m.in.failAt(0, tr("this is not V8 serialization data of a known version"));
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
    quint8 tag()
    {
        quint8 byte = m.in.u8();
        while (byte == 0 && m.in.ok()) // padding
            byte = m.in.u8();
        return byte;
    }
    quint8 nextTag()
    {
        while (m.in.left() > 0 && m.in.peek() == 0)
            m.in.u8();
        return m.in.peek();
    }
    Id remember(Id id)
    {
        m_objects.push_back(id);
        return id;
    }

    Id value()
    {
        if (m_depth >= m.budget.limits().depth)
            return failed(tr("it is nested deeper than %1 levels").arg(m.budget.limits().depth));
        const qsizetype at = m.in.at();
        const quint8 type = tag();
        if (!m.in.ok())
            return m_graph.null();
        ++m_depth;
        const Id id = read(char(type), at);
        --m_depth;
        if (m.in.ok() && m.in.left() > 0 && m.in.peek() == 'V' && m_graph.at(id).role == bufferRole) {
            m.in.u8();
            return view(id);
        }
        return id;
    }
    Id read(char type, qsizetype at)
    {
        switch (type) {
        case '_': return constant("undefined");
        case '-': return constant("hole");
        case '0': return m_graph.null();
        case 'T':
        case 'F': return m_graph.boolean(type == 'T');
        case 'y':
        case 'x': return remember(m_graph.boolean(type == 'y'));
        case 'I': return zigzag();
        case 'U': return m_graph.digits(QString::number(m.in.varint()));
        case 'N': return m_graph.real(m.in.littleDouble());
        case 'n': return remember(m_graph.real(m.in.littleDouble()));
        case 'Z': return bigInteger();
        case 'z': return remember(bigInteger());
        case '"':
        case 'c':
        case 'S': return text(type);
        case 's': return remember(text(char(tag())));
        case 'D': return remember(date());
        case 'R': return expression();
        case '^': return link();
        case 'o': return object();
        case ';': return collection("map", ':', true);
        case '\'': return collection("set", ',', false);
        case 'A': return denseArray();
        case 'a': return sparseArray();
        case 'B': return buffer();
        case 'r': return error();
        case '\\': return hostObject();
        default: m.in.failAt(at, tr("%1 is not a type of V8").arg(toDisplay({&type, 1}))); return m_graph.null();
        }
    }

    Id constant(const char *word)
    {
        const Id id = m_graph.boolean(true);
        m_graph.at(id).tag = word;
        return id;
    }
    Id zigzag()
    {
        const quint64 raw = m.in.varint();
        return m_graph.integer(qint64(raw >> 1) ^ -qint64(raw & 1));
    }
    Id bigInteger()
    {
        const quint64 bits = m.in.varint();
        QByteArray bytes = m.in.take(bits >> 1).toByteArray();
        if (!m.in.ok() || bytes.size() > mostBigBytes)
            return failed(tr("a number has %1 bytes").arg(bits >> 1));
        std::reverse(bytes.begin(), bytes.end());
        return m_graph.digits((bits & 1 ? u"-"_s : QString()) + bigDigits(bytes), "bigint");
    }
    Id text(char type)
    {
        const quint64 length = m.in.varint();
        const QByteArrayView bytes = m.in.take(length);
        if (type == 'S')
            return m_graph.utf8(bytes);
        if (type == '"')
            return m_graph.text(QString::fromLatin1(bytes));
        if (type != 'c' || bytes.size() % 2 != 0)
            return failed(tr("a text is missing"));
        QString text(bytes.size() / 2, Qt::Uninitialized);
        for (qsizetype i = 0; i < text.size(); ++i)
            text[i] = QChar(qFromLittleEndian<quint16>(bytes.data() + 2 * i));
        return m_graph.text(text);
    }
    Id date()
    {
        const double milliseconds = m.in.littleDouble();
        constexpr double most = 8.64e15;
        if (!(std::abs(milliseconds) <= most))
            return m_graph.text(u"Invalid Date"_s, "time");
        const auto whole = qint64(std::floor(milliseconds));
        const qint64 seconds = whole >= 0 ? whole / 1000 : (whole + 1) / 1000 - 1;
        return m_graph.text(timeText(seconds, quint32(whole - seconds * 1000) * 1'000'000, 3), "time");
    }
    Id expression()
    {
        const Id made = remember(m_graph.list("regex"));
        m_graph.append(made, text(char(tag())));
        const quint64 flags = m.in.varint();
        QString letters;
        constexpr char16_t names[] = u"gimyusdlv"; // one letter per bit; l: linear
        for (int bit = 0; bit < 9; ++bit)
            if ((flags >> bit & 1) != 0)
                letters += QChar(names[bit]);
        m_graph.append(made, m_graph.text(letters));
        return made;
    }
    Id link()
    {
        const quint64 index = m.in.varint();
        if (index < m_objects.size())
            return m_objects[size_t(index)];
        return failed(tr("it refers to object %1, but there are %2").arg(index).arg(m_objects.size()));
    }

    /// Reads members up to the end tag; keys are numbers or strings, and become names.
    void members(Id made, quint8 end)
    {
        while (m.in.ok()) {
            if (nextTag() == end && m.in.left() > 0) {
                m.in.u8();
                return;
            }
            const Id key = value();
            m_graph.put(made, key, value());
        }
    }
    Id object()
    {
        const Id made = remember(m_graph.map());
        members(made, '{');
        for (FormatGraph::Member &member : m_graph.at(made).members)
            if (m_graph.has(member.key) && m_graph.at(member.key).kind == FormatGraph::Kind::Number)
                member.key = m_graph.text(m_graph.textOf(member.key)); // in JavaScript, names of an object are strings
        m.in.varint();
        return made;
    }
    Id collection(const char *word, quint8 end, bool pairs)
    {
        const Id made = remember(pairs ? m_graph.map() : m_graph.list(word));
        while (m.in.ok()) {
            if (nextTag() == end && m.in.left() > 0) {
                m.in.u8();
                m.in.varint();
                return made;
            }
            const Id first = value();
            pairs ? m_graph.put(made, first, value()) : m_graph.append(made, first);
        }
        return made;
    }
    Id denseArray()
    {
        const Id made = remember(m_graph.list());
        const quint64 length = m.in.varint();
        if (length > quint64(m.in.left()))
            return failed(tr("an array of %1 elements does not fit into the data").arg(length));
        for (quint64 i = 0; i < length && m.in.ok(); ++i)
            m_graph.append(made, value());
        const Id more = m_graph.map();
        members(more, '$');
        m.in.varint();
        m.in.varint();
        if (!m_graph.at(more).members.empty()) // named members in addition to the elements
            m_graph.append(made, more);
        return made;
    }
    Id sparseArray()
    {
        const Id made = remember(m_graph.object());
        const quint64 length = m.in.varint();
        const Id elements = m_graph.map();
        members(elements, '@');
        m.in.varint();
        m.in.varint();
        if (length <= 4 * m_graph.at(elements).members.size() && withHoles(made, elements, length))
            return made;
        m_graph.put(made, u"$sparse_array"_s, elements);
        m_graph.put(made, u"length"_s, m_graph.digits(QString::number(length)));
        return made;
    }
    /// Makes a list if the keys are ascending indices and not many are missing.
    bool withHoles(Id made, Id elements, quint64 length)
    {
        std::vector<Id> values(size_t(length), FormatGraph::none);
        for (const FormatGraph::Member &member : m_graph.at(elements).members) {
            const auto index = toUnsigned(m_graph.textOf(member.key).toLatin1());
            if (!index || *index >= length)
                return false;
            values[size_t(*index)] = member.value;
        }
        m_graph.at(made).kind = FormatGraph::Kind::List;
        for (const Id value : values)
            m_graph.append(made, value == FormatGraph::none ? constant("hole") : value);
        return true;
    }
    Id buffer()
    {
        const Id made = remember(m_graph.bytes(m.in.take(m.in.varint())));
        m_graph.at(made).role = bufferRole;
        return made;
    }
    /// Reads a typed array that refers to the preceding buffer.
    Id view(Id buffer)
    {
        const char type = char(m.in.u8());
        const quint64 offset = m.in.varint(), length = m.in.varint();
        m.in.varint(); // flags, since version 14
        const QByteArrayView bytes = m_graph.at(buffer).bytes;
        if (!m.in.ok() || offset > quint64(bytes.size()) || length > quint64(bytes.size()) - offset)
            return failed(tr("a view extends beyond its buffer"));
        const Id made = remember(m_graph.object());
        m_graph.put(made, u"$view"_s, m_graph.text(toDisplay({&type, 1})));
        m_graph.put(made, u"bytes"_s, m_graph.bytes(bytes.sliced(qsizetype(offset), qsizetype(length))));
        return made;
    }
    /// Reads Node's own objects: Buffer and the typed arrays.
    Id hostObject()
    {
        const quint64 kind = m.in.varint();
        const Id made = remember(m_graph.bytes(m.in.take(m.in.varint())));
        if (kind > 11)
            return failed(tr("a host object has the unknown type %1").arg(kind));
        return made;
    }
    Id error()
    {
        const Id made = remember(m_graph.object());
        m_graph.put(made, u"$object"_s, m_graph.text(u"Error"_s));
        while (m.in.ok()) {
            const char part = char(m.in.varint());
            if (part == '.')
                return made;
            if (part == 'm' || part == 's')
                m_graph.put(made, part == 'm' ? u"message"_s : u"stack"_s, text(char(tag())));
            else if (part == 'c')
                m_graph.put(made, u"cause"_s, value());
            else if (QByteArrayView("ERFSTU").contains(part))
                m_graph.put(made, u"prototype"_s, m_graph.text(QString(QLatin1Char(part))));
            else
                return failed(tr("an error has the unknown part %1").arg(int(part)));
        }
        return made;
    }

    static constexpr int bufferRole = 1;

    StructureReading &m;
    FormatGraph m_graph;
    std::vector<Id> m_objects;
    int m_depth = 0;
};

} // namespace

void readV8(StructureReading &reading)
{
    V8Reader(reading).run();
}

} // namespace slotscope
