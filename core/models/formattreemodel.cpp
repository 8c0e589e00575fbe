// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/formattreemodel.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype shownCharacters = 1000; // limit for a value in a cell

} // namespace

void FormatTreeModel::setTree(std::shared_ptr<const FormatTree> tree)
{
    beginResetModel();
    m_tree = std::move(tree);
    m_children.clear();
    m_rows.clear();
    endResetModel();
}

const QList<quint32> &FormatTreeModel::childrenOf(quint32 node) const
{
    auto found = m_children.find(node);
    if (found == m_children.end()) {
        found = m_children.insert(node, m_tree->childrenOf(node));
        for (int row = 0; row < found->size(); ++row)
            m_rows.insert(found->at(row), row);
    }
    return *found;
}

QModelIndex FormatTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return parent.isValid() ? createIndex(row, column, quintptr(childrenOf(quint32(parent.internalId())).at(row)))
                            : createIndex(row, column, quintptr(0));
}

QModelIndex FormatTreeModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == 0)
        return {};
    const quint32 above = m_tree->at(quint32(index.internalId())).parent;
    if (above != 0)
        (void)childrenOf(m_tree->at(above).parent); // childrenOf() also stores this node's row
    return createIndex(above == 0 ? 0 : m_rows.value(above), 0, quintptr(above));
}

int FormatTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!m_tree || m_tree->isEmpty() || parent.column() > 0)
        return 0;
    return parent.isValid() ? int(childrenOf(quint32(parent.internalId())).size()) : 1;
}

int FormatTreeModel::columnCount(const QModelIndex &) const
{
    return 3;
}

QString FormatTreeModel::valueText(const FormatNode &node, qsizetype children)
{
    switch (node.kind) {
    case FormatNode::Kind::Null: return u"null"_s;
    case FormatNode::Kind::Array: return tr("%n item(s)", nullptr, int(children));
    case FormatNode::Kind::Object:
    case FormatNode::Kind::Map: return tr("%n member(s)", nullptr, int(children));
    default: return node.text.size() > shownCharacters ? node.text.left(shownCharacters) + u'…' : node.text;
    }
}

QVariant FormatTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_tree)
        return {};
    const auto id = quint32(index.internalId());
    const FormatNode &node = m_tree->at(id);
    if (role == Qt::ToolTipRole && index.column() == 1)
        return node.text.toHtmlEscaped().left(4000);
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == 0) {
        const QModelIndex above = index.parent();
        const bool inArray = above.isValid() && m_tree->at(quint32(above.internalId())).kind == FormatNode::Kind::Array;
        return id == 0 ? tr("value") : inArray ? u"[%1]"_s.arg(index.row()) : node.name;
    }
    const bool hasChildren = node.kind == FormatNode::Kind::Array || node.kind == FormatNode::Kind::Object
        || node.kind == FormatNode::Kind::Map;
    return index.column() == 1 ? valueText(node, hasChildren ? childrenOf(id).size() : 0) : m_tree->typeWord(id);
}

QVariant FormatTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Name") : section == 1 ? tr("Value") : tr("Type");
}

} // namespace slotscope
