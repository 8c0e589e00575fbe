// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int globalRole = 1;

QString twoDigits(int number)
{
    return QString::number(number).rightJustified(2, u'0');
}

/// Formats microseconds as ".250000"; empty for 0.
QString fraction(QByteArrayView three)
{
    const int microseconds = quint8(three[0]) << 16 | quint8(three[1]) << 8 | quint8(three[2]);
    return microseconds == 0 ? QString() : u'.' + QString::number(microseconds).rightJustified(6, u'0');
}

} // namespace

PickleObjects::Id PickleObjects::global(const QString &module, const QString &name)
{
    const Id id = m_graph.text(module + u'.' + name, "global");
    m_graph.at(id).role = globalRole;
    return id;
}

QString PickleObjects::nameOf(Id global)
{
    if (m_graph.at(global).role == globalRole)
        return m_graph.at(global).text;
    return u"(what another call gives)"_s;
}

std::vector<PickleObjects::Id> PickleObjects::elements(Id list)
{
    std::vector<Id> values;
    if (m_graph.at(list).kind == FormatGraph::Kind::List)
        for (const FormatGraph::Member &member : m_graph.at(list).members)
            values.push_back(member.value);
    return values;
}

QByteArray PickleObjects::bytesOf(Id id)
{
    const FormatGraph::Value &value = m_graph.at(id);
    if (value.kind == FormatGraph::Kind::Bytes)
        return value.bytes.toByteArray();
    if (value.kind == FormatGraph::Kind::String) // protocols below 3 write bytes as text
        return m_graph.textOf(id).toLatin1();
    return {};
}

PickleObjects::Id PickleObjects::keep(const QByteArray &bytes)
{
    if (!m.budget.takeOutput(bytes.size())) {
        m.in.fail(tr("it would produce too many bytes"));
        return m_graph.null();
    }
    m_made.push_back(bytes);
    return m_graph.bytes(m_made.back());
}

PickleObjects::Id PickleObjects::latin1Bytes(const std::vector<Id> &arguments)
{
    return keep(arguments.empty() ? QByteArray() : m_graph.textOf(arguments[0]).toLatin1());
}

PickleObjects::Id PickleObjects::copied(const char *tag, const std::vector<Id> &arguments)
{
    const Id made = m_graph.list(tag);
    if (!arguments.empty())
        for (const Id value : elements(arguments[0]))
            m_graph.append(made, value);
    return made;
}

/// Formats timezone(timedelta(0, 32400)) as "+09:00", timezone.utc as "+00:00".
QString PickleObjects::zone(Id id)
{
    const FormatGraph::Value &value = m_graph.at(id);
    if (value.kind == FormatGraph::Kind::String)
        return value.text == u"datetime.timezone.utc" ? u"+00:00"_s : value.text;
    if (value.kind != FormatGraph::Kind::Object || value.members.empty()
        || m_graph.textOf(value.members[0].value) != u"datetime.timezone")
        return {};
    for (const FormatGraph::Member &member : value.members) {
        const std::vector<Id> arguments = member.name == u"args" ? elements(member.value) : std::vector<Id>();
        if (arguments.empty() || m_graph.at(arguments[0]).kind != FormatGraph::Kind::Object)
            continue;
        for (const FormatGraph::Member &part : m_graph.at(arguments[0]).members) {
            const std::vector<Id> numbers = part.name == u"args" ? elements(part.value) : std::vector<Id>();
            if (numbers.size() < 2)
                continue;
            const qint64 days = m_graph.textOf(numbers[0]).toLongLong(),
                         seconds = m_graph.textOf(numbers[1]).toLongLong();
            if (qAbs(days) > 1 || qAbs(seconds) > 86400)
                return {};
            const int minutes = int((days * 86400 + seconds) / 60);
            return (minutes < 0 ? u"-"_s : u"+"_s) + twoDigits(qAbs(minutes) / 60) + u':'
                + twoDigits(qAbs(minutes) % 60);
        }
    }
    return {};
}

/// Reads the ten, four or six bytes stored for datetime types; the month's highest bit is "fold".
PickleObjects::Id PickleObjects::dateTime(const QString &name, const std::vector<Id> &arguments)
{
    const QByteArray state = arguments.empty() ? QByteArray() : bytesOf(arguments[0]);
    const auto number = [&](qsizetype at) { return int(quint8(state[at])); };
    QString text;
    const char *tag = "time";
    bool fold = false;
    if (name == u"datetime.time" && state.size() == 6) {
        tag = "timeofday";
        fold = number(0) > 127;
        text = twoDigits(number(0) & 127) + u':' + twoDigits(number(1)) + u':' + twoDigits(number(2))
            + fraction(QByteArrayView(state).sliced(3));
    } else if (state.size() == (name == u"datetime.date" ? 4 : 10) && name != u"datetime.time") {
        fold = number(2) > 127;
        text = QString::number(number(0) * 256 + number(1)).rightJustified(4, u'0') + u'-' + twoDigits(number(2) & 127)
            + u'-' + twoDigits(number(3));
        if (state.size() == 4)
            tag = "date";
        else
            text += u'T' + twoDigits(number(4)) + u':' + twoDigits(number(5)) + u':' + twoDigits(number(6))
                + fraction(QByteArrayView(state).sliced(7));
    }
    if (text.isEmpty())
        return FormatGraph::none;
    if (arguments.size() > 1) {
        const QString offset = zone(arguments[1]);
        if (offset.isEmpty())
            return FormatGraph::none;
        text += offset;
    }
    if (!fold)
        return m_graph.text(text, tag);
    const Id both = m_graph.object();
    m_graph.put(both, u'$' + QString::fromLatin1(tag), m_graph.text(text));
    m_graph.put(both, u"fold"_s, m_graph.integer(1));
    return both;
}

PickleObjects::Id PickleObjects::knownCall(const QString &name, const std::vector<Id> &arguments)
{
    if (name == u"_codecs.encode")
        return latin1Bytes(arguments);
    if (name == u"builtins.set" || name == u"__builtin__.set")
        return copied("set", arguments);
    if (name == u"builtins.frozenset" || name == u"__builtin__.frozenset")
        return copied("frozenset", arguments);
    if ((name == u"builtins.bytes" || name == u"__builtin__.bytes") && arguments.empty())
        return latin1Bytes({});
    if ((name == u"builtins.bytearray" || name == u"__builtin__.bytearray") && arguments.size() < 2) {
        const Id made = keep(arguments.empty() ? QByteArray() : bytesOf(arguments[0]));
        m_graph.at(made).tag = "bytearray";
        return made;
    }
    if (name == u"numpy.core.multiarray.scalar" || name == u"numpy._core.multiarray.scalar")
        return numpyScalar(arguments);
    if (name == u"decimal.Decimal" && arguments.size() == 1)
        return m_graph.text(m_graph.textOf(arguments[0]), "decimal");
    if (name == u"datetime.datetime" || name == u"datetime.date" || name == u"datetime.time")
        return dateTime(name, arguments);
    return FormatGraph::none;
}

PickleObjects::Id PickleObjects::call(Id function, Id arguments)
{
    const QString name = nameOf(function);
    const std::vector<Id> values = elements(arguments);
    if (const Id known = knownCall(name, values); known != FormatGraph::none)
        return known;
    // protocols 0 and 1 create every plain object this way
    if ((name == u"copy_reg._reconstructor" || name == u"copyreg._reconstructor") && values.size() == 3)
        return object(values[0], FormatGraph::none, FormatGraph::none);
    const Id made = m_graph.object();
    const bool harmless =
        name == u"datetime.timedelta" || name == u"datetime.timezone" || name == u"collections.OrderedDict";
    if (!harmless)
        m_calls.insert(name);
    const bool plain = m_graph.at(function).role == globalRole;
    m_graph.put(made, harmless ? u"$object"_s : u"$call"_s, plain ? m_graph.text(name) : function);
    const Id list = m_graph.list(); // shown as a list, although stored as a tuple
    for (const Id value : values)
        m_graph.append(list, value);
    m_graph.put(made, u"args"_s, list);
    return made;
}

PickleObjects::Id PickleObjects::object(Id type, Id arguments, Id keywords)
{
    const QString name = nameOf(type);
    if (const std::vector<Id> values = arguments == FormatGraph::none ? std::vector<Id>() : elements(arguments);
        keywords == FormatGraph::none && !values.empty())
        if (const Id known = knownCall(name, values); known != FormatGraph::none)
            return known;
    const Id made = m_graph.object();
    m_graph.put(made, u"$object"_s, m_graph.text(name));
    if (arguments != FormatGraph::none && !m_graph.at(arguments).members.empty())
        m_graph.put(made, u"args"_s, arguments);
    if (keywords != FormatGraph::none)
        m_graph.put(made, u"keywords"_s, keywords);
    return made;
}

void PickleObjects::build(Id target, Id state)
{
    if (m_graph.at(target).kind == FormatGraph::Kind::Object && !numpyState(target, state))
        m_graph.put(target, u"state"_s, state);
}

PickleObjects::Id PickleObjects::member(Id object, const QString &name, FormatGraph::Kind kind)
{
    for (const FormatGraph::Member &member : m_graph.at(object).members)
        if (member.name == name && m_graph.at(member.value).kind == kind)
            return member.value;
    const Id made = kind == FormatGraph::Kind::Map ? m_graph.map() : m_graph.list();
    m_graph.put(object, name, made);
    return made;
}

PickleObjects::Id PickleObjects::itemsOf(Id target)
{
    if (m_graph.at(target).kind == FormatGraph::Kind::Map)
        return target;
    return m_graph.at(target).kind == FormatGraph::Kind::Object ? member(target, u"items"_s, FormatGraph::Kind::Map)
                                                                : m_graph.map();
}

PickleObjects::Id PickleObjects::elementsOf(Id target)
{
    if (m_graph.at(target).kind == FormatGraph::Kind::List)
        return target;
    return m_graph.at(target).kind == FormatGraph::Kind::Object ? member(target, u"elements"_s, FormatGraph::Kind::List)
                                                                : m_graph.list();
}

} // namespace slotscope
