// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/cursor.h"
#include "core/formats/tree.h"

namespace slotscope {

/// Formats a structure as extended JSON: values without JSON equivalent become {"$tag": …} (docs/formats.md lists the
/// tags).
[[nodiscard]] QString treeToText(const FormatTree &tree, qsizetype limit, bool *truncated);
/// Parses JSON text to a tree: members in order, duplicates kept, numbers unchanged.
[[nodiscard]] Result<FormatTree> textToTree(const QString &text, FormatBudget &budget);
/// Parses JSON text to a tree for display: stops silently at a limit of depth or nodes; null if there is nothing.
[[nodiscard]] std::shared_ptr<const FormatTree> jsonTree(QByteArrayView text, FormatBudget &budget, bool several,
                                                         bool *cut);

/// A node of an edited structure, for encoders.
class TreeNode
{
public:
    TreeNode(const FormatTree &tree, quint32 index) : m_tree(&tree), m_index(index) { }

    [[nodiscard]] const FormatNode &node() const { return m_tree->at(m_index); }
    [[nodiscard]] FormatNode::Kind kind() const { return node().kind; }
    [[nodiscard]] const QString &text() const { return node().text; }
    [[nodiscard]] const QString &name() const { return node().name; }
    [[nodiscard]] QList<TreeNode> children() const;
    /// The tag of {"$tag": …}; empty for other nodes.
    [[nodiscard]] QString tag() const;
    /// The member with that name.
    [[nodiscard]] std::optional<TreeNode> member(QLatin1StringView name) const;
    [[nodiscard]] bool isString() const { return kind() == FormatNode::Kind::String; }
    [[nodiscard]] bool isInteger() const;

private:
    const FormatTree *m_tree;
    quint32 m_index;
};

/// Converts hex text to bytes; nullopt if it is invalid.
[[nodiscard]] std::optional<QByteArray> fromHex(const QString &text);

} // namespace slotscope
