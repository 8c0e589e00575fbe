// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/cursor.h"
#include "core/formats/tree.h"

namespace slotscope {

/// A structure as extended JSON: what JSON has no word for stands as {"$tag": …} (docs/formats.md lists the tags).
[[nodiscard]] QString treeToText(const FormatTree &tree, qsizetype limit, bool *truncated);
/// JSON text as a tree: members in order, duplicates kept, numbers as they stand.
[[nodiscard]] Result<FormatTree> textToTree(const QString &text, FormatBudget &budget);
/// The same for reading on: up to the bound of depth or nodes, without a word about it; null where there is nothing.
[[nodiscard]] std::shared_ptr<const FormatTree> jsonTree(QByteArrayView text, FormatBudget &budget, bool several,
                                                         bool *cut);

/// An edited structure, as the encoders see it.
class TreeNode
{
public:
    TreeNode(const FormatTree &tree, quint32 index) : m_tree(&tree), m_index(index) { }

    [[nodiscard]] const FormatNode &node() const { return m_tree->at(m_index); }
    [[nodiscard]] FormatNode::Kind kind() const { return node().kind; }
    [[nodiscard]] const QString &text() const { return node().text; }
    [[nodiscard]] const QString &name() const { return node().name; }
    [[nodiscard]] QList<TreeNode> children() const;
    /// The word of {"$word": …}; empty for all else.
    [[nodiscard]] QString tag() const;
    /// The member of that name.
    [[nodiscard]] std::optional<TreeNode> member(QLatin1StringView name) const;
    [[nodiscard]] bool isString() const { return kind() == FormatNode::Kind::String; }
    [[nodiscard]] bool isInteger() const;

private:
    const FormatTree *m_tree;
    quint32 m_index;
};

/// Bytes of a hex text; nothing where it is none.
[[nodiscard]] std::optional<QByteArray> fromHex(const QString &text);

} // namespace slotscope
