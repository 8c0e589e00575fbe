// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/java.h"

#include "core/formats/bignumber.h"

// Known Java classes: collections store their elements after their fields; numbers and times have special fields.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

JavaReader::Id JavaReader::fieldOf(Id fields, const QString &name)
{
    for (const FormatGraph::Member &member : m_graph.at(fields).members)
        if (member.name == name)
            return member.value;
    return FormatGraph::none;
}

qint64 JavaReader::numberOf(Id id)
{
    return m_graph.has(id) ? m_graph.at(id).text.toLongLong() : 0;
}

/// The bytes of an array of byte.
QByteArray JavaReader::bytesOf(Id array)
{
    QByteArray bytes;
    if (m_graph.has(array) && m_graph.at(array).members.size() == 2
        && m_graph.at(m_graph.at(array).members[1].value).members.size() <= size_t(mostBigBytes))
        for (const FormatGraph::Member &item : m_graph.at(m_graph.at(array).members[1].value).members)
            bytes += char(numberOf(item.value));
    return bytes;
}

void JavaReader::present(Id object, Id fields, const QString &name, const Content &annotation)
{
    static const QSet<QString> maps{u"java.util.HashMap"_s, u"java.util.LinkedHashMap"_s, u"java.util.TreeMap"_s,
                                    u"java.util.Hashtable"_s, u"java.util.concurrent.ConcurrentHashMap"_s};
    static const QSet<QString> lists{u"java.util.ArrayList"_s, u"java.util.LinkedList"_s,
                                     u"java.util.HashSet"_s,   u"java.util.LinkedHashSet"_s,
                                     u"java.util.TreeSet"_s,   u"java.util.ArrayDeque"_s,
                                     u"java.util.CollSer"_s,   u"java.util.concurrent.CopyOnWriteArrayList"_s};
    static const QSet<QString> boxes{u"java.lang.Integer"_s, u"java.lang.Long"_s,     u"java.lang.Double"_s,
                                     u"java.lang.Float"_s,   u"java.lang.Short"_s,    u"java.lang.Byte"_s,
                                     u"java.lang.Boolean"_s, u"java.lang.Character"_s};
    if (maps.contains(name))
        return presentMap(object, annotation);
    if (lists.contains(name)) {
        const Id items = m_graph.list();
        for (const Id value : annotation.values)
            if (m_graph.at(value).role != blockRole)
                m_graph.append(items, value);
        return m_graph.put(object, u"items"_s, items);
    }
    if (const Id value = fieldOf(fields, u"value"_s); boxes.contains(name) && m_graph.has(value)) {
        m_graph.at(object) = FormatGraph::Value(m_graph.at(value));
        return;
    }
    if (presentNumber(object, fields, name) || presentTime(object, fields, name, annotation))
        return;
    if (name == u"java.util.EnumSet$SerializationProxy") {
        const Id elements = fieldOf(fields, u"elements"_s);
        const Id items = m_graph.list();
        if (m_graph.has(elements) && m_graph.at(elements).members.size() == 2)
            for (const FormatGraph::Member &item :
                 FormatGraph::Value(m_graph.at(m_graph.at(elements).members[1].value)).members)
                m_graph.append(items,
                               m_graph.at(item.value).members.size() == 2 ? m_graph.at(item.value).members[1].value
                                                                          : item.value);
        return m_graph.put(object, u"items"_s, items);
    }
    if (!m_graph.at(fields).members.empty())
        m_graph.put(object, u"fields"_s, fields);
    if (annotation.values.empty())
        return;
    const Id written = m_graph.list();
    for (const Id value : annotation.values)
        m_graph.append(written, value);
    m_graph.put(object, u"written"_s, written);
}

void JavaReader::presentMap(Id object, const Content &annotation)
{
    std::vector<Id> values;
    for (const Id value : annotation.values)
        if (m_graph.at(value).role != blockRole)
            values.push_back(value);
    const Id items = m_graph.map();
    for (size_t i = 0; i + 1 < values.size(); i += 2)
        m_graph.put(items, values[i], values[i + 1]);
    m_graph.put(object, u"items"_s, items);
}

bool JavaReader::presentNumber(Id object, Id fields, const QString &name)
{
    if (name == u"java.math.BigInteger") {
        const QByteArray magnitude = bytesOf(fieldOf(fields, u"magnitude"_s));
        if (magnitude.isEmpty() && numberOf(fieldOf(fields, u"signum"_s)) != 0) // too long to convert to digits
            return false;
        const QString sign = numberOf(fieldOf(fields, u"signum"_s)) < 0 ? u"-"_s : QString();
        m_graph.put(object, u"text"_s, m_graph.text(sign + bigDigits(magnitude)));
        return true;
    }
    if (name == u"java.math.BigDecimal") {
        const Id whole = fieldOf(fields, u"intVal"_s);
        const qint64 scale = numberOf(fieldOf(fields, u"scale"_s));
        QString digits;
        if (m_graph.has(whole))
            for (const FormatGraph::Member &member : m_graph.at(whole).members)
                if (member.name == u"text")
                    digits = m_graph.textOf(member.value);
        constexpr qint64 mostPlaces = 1000;
        if (digits.isEmpty() || scale < 0 || scale > mostPlaces)
            return false;
        const bool negative = digits.startsWith(u'-');
        digits = digits.sliced(negative ? 1 : 0).rightJustified(int(scale) + 1, u'0');
        if (scale > 0)
            digits.insert(digits.size() - scale, u'.');
        m_graph.put(object, u"text"_s, m_graph.text((negative ? u"-"_s : QString()) + digits));
        return true;
    }
    if (name != u"java.util.UUID")
        return false;
    QByteArray sixteen(16, '\0');
    const qint64 most = numberOf(fieldOf(fields, u"mostSigBits"_s)),
                 least = numberOf(fieldOf(fields, u"leastSigBits"_s));
    qToBigEndian(most, sixteen.data());
    qToBigEndian(least, sixteen.data() + 8);
    m_graph.put(object, u"mostSigBits"_s, m_graph.integer(most));
    m_graph.put(object, u"leastSigBits"_s, m_graph.integer(least));
    m_graph.put(object, u"text"_s, m_graph.text(uuidText(sixteen)));
    return true;
}

namespace {

QString dateText(qint64 year, int month, int day)
{
    return QString::number(year).rightJustified(4, u'0') + u'-' + QString::number(month).rightJustified(2, u'0') + u'-'
        + QString::number(day).rightJustified(2, u'0');
}

/// Formats a LocalTime from java.time.Ser, which omits trailing zero parts and inverts the last part written.
QString localTime(Cursor &in)
{
    int parts[3] = {0, 0, 0};
    qint32 nanoseconds = 0;
    bool ended = false;
    for (int &part : parts) {
        if (ended)
            break;
        const auto number = in.big<qint8>();
        ended = number < 0;
        part = ended ? ~number : number;
    }
    if (!ended)
        nanoseconds = in.big<qint32>();
    QString text;
    for (const int part : parts)
        text += (text.isEmpty() ? QString() : u":"_s) + QString::number(part).rightJustified(2, u'0');
    if (nanoseconds == 0)
        return parts[2] == 0 ? text.left(5) : text;
    QString places = QString::number(nanoseconds).rightJustified(9, u'0');
    while (places.endsWith(u"000"_s))
        places.chop(3);
    return text + u'.' + places;
}

QString localDateTime(Cursor &in)
{
    const auto year = in.big<qint32>();
    const int month = in.u8(), day = in.u8();
    return dateText(year, month, day) + u'T' + localTime(in);
}

QString zoneOffset(Cursor &in)
{
    const auto quarters = in.big<qint8>();
    const int seconds = quarters == 127 ? in.big<qint32>() : quarters * 900;
    if (seconds == 0)
        return u"Z"_s;
    const int minutes = qAbs(seconds) / 60;
    return (seconds < 0 ? u"-"_s : u"+"_s) + QString::number(minutes / 60).rightJustified(2, u'0') + u':'
        + QString::number(minutes % 60).rightJustified(2, u'0');
}

QString isoDuration(qint64 seconds, qint32 nanoseconds)
{
    QString text = u"PT"_s + QString::number(seconds);
    if (nanoseconds != 0) {
        QString places = QString::number(nanoseconds).rightJustified(9, u'0');
        while (places.endsWith(u'0'))
            places.chop(1);
        text += u'.' + places;
    }
    return text + u'S';
}

/// Formats the supported types of java.time.Ser; empty for others.
QString serText(QByteArrayView block, QString *name)
{
    Cursor in(block);
    QString text;
    switch (in.u8()) {
    case 1: {
        *name = u"text"_s;
        const auto seconds = in.big<qint64>();
        text = isoDuration(seconds, in.big<qint32>());
        break;
    }
    case 2: {
        const auto seconds = in.big<qint64>();
        text = timeText(seconds, in.big<quint32>(), 9);
        break;
    }
    case 3: {
        const auto year = in.big<qint32>();
        const int month = in.u8(), day = in.u8();
        text = dateText(year, month, day);
        break;
    }
    case 4: text = localTime(in); break;
    case 5: text = localDateTime(in); break;
    case 6: {
        text = localDateTime(in);
        text += zoneOffset(in);
        if (in.u8() == 7) {
            const QString zone = QString::fromUtf8(in.take(in.big<quint16>()));
            text += u'[' + zone + u']';
        }
        break;
    }
    case 7: text = QString::fromUtf8(in.take(in.big<quint16>())); break;
    case 8: text = zoneOffset(in); break;
    default: break;
    }
    return in.ok() ? text : QString();
}

} // namespace

bool JavaReader::presentTime(Id object, Id fields, const QString &name, const Content &annotation)
{
    const QByteArrayView block =
        annotation.block == FormatGraph::none ? QByteArrayView() : m_graph.at(annotation.block).bytes;
    QString text, member = u"$time"_s;
    if (name == u"java.time.Ser") {
        text = serText(block, &member);
    } else if ((name == u"java.util.Date" || name == u"java.sql.Timestamp") && block.size() >= 8) {
        const auto milliseconds = qFromBigEndian<qint64>(block.data());
        const qint64 seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds + 1) / 1000 - 1;
        const Id nanoseconds = fieldOf(fields, u"nanos"_s);
        const auto rest = nanoseconds == FormatGraph::none ? quint32(milliseconds - seconds * 1000) * 1'000'000
                                                           : quint32(numberOf(nanoseconds));
        text = timeText(seconds, rest, rest % 1'000'000 == 0 ? 3 : 9);
    }
    if (text.isEmpty())
        return false;
    m_graph.put(object, member, m_graph.text(text));
    return true;
}

} // namespace slotscope
