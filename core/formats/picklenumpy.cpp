// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle.h"

#include "core/base/text.h"

#include <cmath>

// NumPy pickles an array as a call with a state that contains shape, type and bytes, which is enough to show its
// numbers.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int dtypeRole = 2;

struct ElementType
{
    char kind = 0; ///< f, i, u or b
    int size = 0;
    bool big = false;
};

/// Parses "<f4", ">i8", "|b1"; nullopt for non-numeric types.
std::optional<ElementType> elementType(const QString &dtype)
{
    const QByteArray text = dtype.toLatin1();
    if (text.size() != 3 || !QByteArrayView("fiub").contains(text[1]))
        return std::nullopt;
    const ElementType type{.kind = text[1], .size = text[2] - '0', .big = text[0] == '>'};
    const bool known = type.kind == 'f' ? type.size == 4 || type.size == 8
        : type.kind == 'b'              ? type.size == 1
                                        : type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
    return known ? std::optional(type) : std::nullopt;
}

QString elementText(const ElementType &type, QByteArrayView bytes)
{
    quint64 raw = 0;
    for (int i = 0; i < type.size; ++i)
        raw |= quint64(quint8(bytes[type.big ? type.size - 1 - i : i])) << (8 * i);
    if (type.kind == 'f') {
        const double value = type.size == 4 ? double(std::bit_cast<float>(quint32(raw))) : std::bit_cast<double>(raw);
        if (!std::isfinite(value))
            return std::isnan(value) ? u"NaN"_s : value < 0 ? u"-Infinity"_s : u"Infinity"_s;
        return type.size == 4 ? real32Text(std::bit_cast<float>(quint32(raw))) : realText(value);
    }
    if (type.kind != 'i')
        return QString::number(raw);
    const int shift = 64 - 8 * type.size;
    return QString::number(qint64(raw << shift) >> shift);
}

} // namespace

PickleObjects::Id PickleObjects::numpyElement(const QString &dtype, QByteArrayView bytes)
{
    const auto type = elementType(dtype);
    if (!type || bytes.size() != type->size)
        return FormatGraph::none;
    const QString text = elementText(*type, bytes);
    if (type->kind == 'b')
        return m_graph.boolean(text != u"0");
    if (text == u"NaN" || text.endsWith(u"Infinity"))
        return m_graph.text(text, "float");
    return m_graph.digits(text);
}

/// Makes nested lists, with the last dimension innermost.
PickleObjects::Id PickleObjects::numpyData(const QString &dtype, QByteArrayView bytes, const QList<qint64> &shape)
{
    const int size = elementType(dtype)->size;
    if (shape.isEmpty())
        return numpyElement(dtype, bytes);
    const Id list = m_graph.list();
    const qsizetype part = shape[0] > 0 ? bytes.size() / shape[0] : 0;
    for (qint64 i = 0; i < shape[0] && m.in.ok() && part >= size; ++i)
        m_graph.append(list, numpyData(dtype, bytes.sliced(i * part, part), shape.sliced(1)));
    return list;
}

/// Whether the state is that of a NumPy object; if so, the target is shown by its content.
bool PickleObjects::numpyState(Id target, Id state)
{
    const QString name =
        m_graph.at(target).members.empty() ? QString() : m_graph.textOf(m_graph.at(target).members[0].value);
    const std::vector<Id> parts = elements(state);
    if (name == u"numpy.dtype" && parts.size() >= 2 && m_graph.at(target).members.size() > 1) {
        const std::vector<Id> arguments = elements(m_graph.at(target).members[1].value);
        if (arguments.empty())
            return false;
        const Id made = m_graph.text(m_graph.textOf(parts[1]) + m_graph.textOf(arguments[0]), "dtype");
        m_graph.at(target) = FormatGraph::Value(m_graph.at(made));
        m_graph.at(target).role = dtypeRole;
        return true;
    }
    if (!name.startsWith(u"numpy."_s) || !name.endsWith(u".multiarray._reconstruct"_s) || parts.size() < 5
        || m_graph.at(parts[2]).role != dtypeRole)
        return false;
    const QString dtype = m_graph.at(parts[2]).text;
    const QByteArray bytes = bytesOf(parts[4]);
    QList<qint64> shape;
    qint64 count = 1;
    for (const Id length : elements(parts[1])) {
        shape += m_graph.textOf(length).toLongLong();
        if (shape.last() < 0 || (shape.last() > 0 && count > bytes.size() / shape.last()))
            return false;
        count *= shape.last();
    }
    constexpr qsizetype mostDimensions = 32; // NumPy's own limit
    const auto type = elementType(dtype);
    const bool byColumns = m_graph.textOf(parts[3]) == u"true" && shape.size() > 1;
    if (!type || byColumns || count * type->size != bytes.size() || shape.size() > mostDimensions)
        return false;
    const Id held = keep(bytes), array = m_graph.object(), outer = m_graph.object();
    m_graph.put(array, u"dtype"_s, m_graph.text(dtype));
    m_graph.put(array, u"shape"_s, numpyShape(shape));
    m_graph.put(array, u"data"_s, numpyData(dtype, m_graph.at(held).bytes, shape));
    m_graph.put(outer, u"$ndarray"_s, array);
    m_graph.at(target) = FormatGraph::Value(m_graph.at(outer));
    return true;
}

PickleObjects::Id PickleObjects::numpyShape(const QList<qint64> &shape)
{
    const Id list = m_graph.list();
    for (const qint64 length : shape)
        m_graph.append(list, m_graph.integer(length));
    return list;
}

/// scalar(dtype, bytes)
PickleObjects::Id PickleObjects::numpyScalar(const std::vector<Id> &arguments)
{
    if (arguments.size() != 2 || m_graph.at(arguments[0]).role != dtypeRole)
        return FormatGraph::none;
    return numpyElement(m_graph.at(arguments[0]).text, bytesOf(arguments[1]));
}

} // namespace slotscope
