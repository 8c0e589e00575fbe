// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/tree.h"

#include "core/formats/charset.h"

#include <charconv>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

QList<quint32> FormatTree::childrenOf(quint32 index) const
{
    QList<quint32> children;
    const FormatNode &node = nodes[index];
    bool key = node.kind == FormatNode::Kind::Map;
    for (quint32 child = index + 1; child < node.end; child = nodes[child].end) {
        if (!key)
            children += child;
        if (node.kind == FormatNode::Kind::Map)
            key = !key;
    }
    return children;
}

QString FormatTree::typeWord(quint32 index) const
{
    static constexpr const char *words[] = {"null", "bool", "number", "string", "bytes", "array", "object", "map"};
    const FormatNode &node = nodes[index];
    if (node.tag != nullptr)
        return QString::fromLatin1(node.tag);
    if (node.kind == FormatNode::Kind::Object && node.end > index + 1) {
        const FormatNode &first = nodes[index + 1];
        if (first.name == u"$object" || first.name == u"$enum" || first.name == u"$call")
            return first.text;
    }
    return QString::fromLatin1(words[int(node.kind)]);
}

TreeBuilder &TreeBuilder::name(const QString &text)
{
    m_name = text;
    return *this;
}

bool TreeBuilder::add(Kind kind, const QString &text, const char *tag)
{
    // every node uses memory, so it counts as output too
    if (!m_ok || !m_budget.takeNode() || !m_budget.takeOutput(qsizetype(2 * text.size()))) {
        m_ok = false;
        return false;
    }
    FormatNode &node = m_tree.nodes.emplace_back();
    node.kind = kind;
    node.tag = tag;
    node.text = text;
    node.name = std::exchange(m_name, {});
    node.parent = m_open.empty() ? 0 : m_open.back();
    node.end = quint32(m_tree.nodes.size());
    return true;
}

void TreeBuilder::leaf(Kind kind, const QString &text, const char *tag)
{
    add(kind, text, tag);
}

void TreeBuilder::real(double value)
{
    if (std::isnan(value))
        leaf(Kind::String, u"NaN"_s, "float");
    else if (std::isinf(value))
        leaf(Kind::String, value < 0 ? u"-Infinity"_s : u"Infinity"_s, "float");
    else
        leaf(Kind::Number, realText(value));
}

void TreeBuilder::real32(float value)
{
    if (std::isfinite(value))
        leaf(Kind::Number, real32Text(value), "float32");
    else
        leaf(Kind::String, std::isnan(value) ? u"NaN"_s : value < 0 ? u"-Infinity"_s : u"Infinity"_s, "float32");
}

void TreeBuilder::utf8(QByteArrayView bytes, const char *tag)
{
    if (bytes.isValidUtf8())
        return leaf(Kind::String, utf8Text(bytes), tag);
    if (add(Kind::String, QString::fromLatin1(bytes.toByteArray().toHex()), "string"))
        m_tree.nodes.back().badText = true;
}

void TreeBuilder::bytes(QByteArrayView bytes, const char *tag)
{
    if (bytes.size() > m_budget.outputLeft() / 4) {
        (void)m_budget.takeOutput(bytes.size() * 4);
        m_ok = false;
        return;
    }
    leaf(Kind::Bytes, QString::fromLatin1(bytes.toByteArray().toHex()), tag);
}

bool TreeBuilder::open(Kind kind, const char *tag)
{
    if (depth() >= m_budget.limits().depth) {
        m_ok = false;
        m_tooDeep = true;
    }
    if (!add(kind, {}, tag))
        return false;
    m_open.push_back(quint32(m_tree.nodes.size() - 1));
    return true;
}

void TreeBuilder::close()
{
    if (m_open.empty())
        return;
    m_tree.nodes[m_open.back()].end = quint32(m_tree.nodes.size());
    m_open.pop_back();
}

namespace {

/// Names each value in a map after its key.
void nameValues(FormatTree &tree)
{
    for (quint32 map = 0; map < tree.nodes.size(); ++map) {
        if (tree.nodes[map].kind != FormatNode::Kind::Map || tree.nodes[map].list)
            continue;
        for (quint32 key = map + 1; key < tree.nodes[map].end;) {
            const quint32 value = tree.nodes[key].end;
            if (value >= tree.nodes[map].end)
                break;
            const FormatNode &from = tree.nodes[key];
            tree.nodes[value].name = from.end > key + 1 || from.kind == FormatNode::Kind::Null
                ? QLatin1Char('(') + tree.typeWord(key) + QLatin1Char(')')
                : from.text;
            key = tree.nodes[value].end;
        }
    }
}

template <typename Real>
QString shortest(Real value)
{
    char buffer[64];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    QString text = QString::fromLatin1(buffer, error == std::errc() ? end - buffer : 0);
    if (!text.contains(u'.') && !text.contains(u'e'))
        text += u".0"_s;
    return text;
}

} // namespace

FormatTree TreeBuilder::take()
{
    while (!m_open.empty())
        close();
    nameValues(m_tree);
    return std::move(m_tree);
}

QString realText(double value)
{
    return shortest(value);
}

QString real32Text(float value)
{
    return shortest(value);
}

} // namespace slotscope
