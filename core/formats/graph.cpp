// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/graph.h"

#include "core/formats/charset.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

FormatGraph::Id FormatGraph::add(Value value)
{
    if (!m.budget.takeNode()) {
        m.in.fail(tr("it contains too many values"));
        if (m_values.empty())
            m_values.emplace_back();
        return 0;
    }
    m_values.push_back(std::move(value));
    return Id(m_values.size() - 1);
}

FormatGraph::Id FormatGraph::boolean(bool value)
{
    Value node;
    node.kind = Kind::Bool;
    node.text = value ? u"true"_s : u"false"_s;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::digits(const QString &text, const char *tag)
{
    Value node;
    node.kind = Kind::Number;
    node.text = text;
    node.tag = tag;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::real(double value)
{
    Value node;
    node.kind = Kind::Real;
    node.real = value;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::text(const QString &text, const char *tag)
{
    Value node;
    node.kind = Kind::String;
    node.text = text;
    node.tag = tag;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::utf8(QByteArrayView text)
{
    Value node;
    node.kind = Kind::String;
    node.bytes = text;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::bytes(QByteArrayView bytes)
{
    Value node;
    node.kind = Kind::Bytes;
    node.bytes = bytes;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::list(const char *tag)
{
    Value node;
    node.kind = Kind::List;
    node.tag = tag;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::map(const char *tag)
{
    Value node;
    node.kind = Kind::Map;
    node.tag = tag;
    return add(std::move(node));
}

FormatGraph::Id FormatGraph::object()
{
    Value node;
    node.kind = Kind::Object;
    return add(std::move(node));
}

/// Adds a member, which counts against the budget, because a value may be put into many containers.
void FormatGraph::join(Id container, Member member)
{
    if (++m_members > 2 * m.budget.limits().nodes)
        m.in.fail(tr("it contains too many values"));
    else
        at(container).members.push_back(std::move(member));
}

QString FormatGraph::textOf(Id id)
{
    if (!has(id))
        return {};
    const Value &value = at(id);
    return value.text.isEmpty() && value.kind == Kind::String ? utf8Text(value.bytes) : value.text;
}

QString FormatGraph::pathOf(quint32 node)
{
    constexpr int mostPaths = 100; // limit, because finding an index takes time proportional to the list
    if (++m_references > mostPaths)
        return u"#%1"_s.arg(node);
    QString path;
    const auto &nodes = m.out.tree().nodes;
    while (node != 0) {
        const quint32 parent = nodes[node].parent;
        const bool map = nodes[parent].kind == FormatNode::Kind::Map;
        int index = 0;
        quint32 before = parent;
        for (quint32 child = parent + 1; child < node; child = nodes[child].end) {
            before = child;
            ++index;
        }
        QString part = nodes[parent].kind == FormatNode::Kind::Object ? nodes[node].name : QString();
        if (map && index % 2 == 1)
            part = nodes[before].text;
        else if (part.isEmpty())
            part = u'[' + QString::number(map ? index / 2 : index) + u']';
        path.prepend(path.isEmpty() || path.startsWith(u'[') ? part : part + u'.');
        node = parent;
    }
    return path.isEmpty() ? u"root"_s : path;
}

void FormatGraph::show(Id root)
{
    m_shownAt.assign(m_values.size(), -1);
    if (has(root))
        showOne(root);
}

void FormatGraph::showOne(Id id)
{
    using Node = FormatNode::Kind;
    if (!has(id)) {
        m.out.null();
        return;
    }
    const Value &value = at(id);
    switch (value.kind) {
    case Kind::Null: m.out.null(value.tag); return;
    case Kind::Bool: m.out.leaf(Node::Bool, value.text, value.tag); return;
    case Kind::Number: m.out.leaf(Node::Number, value.text, value.tag); return;
    case Kind::Real: m.out.real(value.real); return;
    case Kind::Real32: m.out.leaf(Node::Number, real32Text(float(value.real)), "float32"); return;
    case Kind::String:
        value.text.isEmpty() ? m.out.utf8(value.bytes, value.tag) : m.out.string(value.text, value.tag);
        return;
    case Kind::Bytes: m.out.bytes(value.bytes, value.tag); return;
    default: break;
    }
    if (m_shownAt[size_t(id)] >= 0) {
        if (m.out.ok())
            m.out.string(pathOf(quint32(m_shownAt[size_t(id)])), "ref");
        return;
    }
    m_shownAt[size_t(id)] = m.out.next();
    const Node kind = value.kind == Kind::List ? Node::Array : value.kind == Kind::Map ? Node::Map : Node::Object;
    if (m.out.open(kind, value.tag)) {
        showMembers(id);
        m.out.close();
    }
}

void FormatGraph::showMembers(Id id)
{
    const bool map = at(id).kind == Kind::Map;
    for (size_t i = 0; i < at(id).members.size() && m.out.ok(); ++i) {
        const Member member = at(id).members[i];
        if (map)
            showOne(member.key);
        else
            m.out.name(member.name);
        showOne(member.value);
    }
}

} // namespace slotscope
