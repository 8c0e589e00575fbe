// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QComboBox>
#include <QListWidget>

#include <functional>

namespace slotscope {

class Theme;

/// Decides which nodes a field offers.
using NodeFilter = std::function<bool(const ClusterView &, const NodeState &)>;

[[nodiscard]] bool isPrimary(const ClusterView &view, const NodeState &node);
[[nodiscard]] bool isReplica(const ClusterView &view, const NodeState &node);
[[nodiscard]] bool ownsSlots(const ClusterView &view, const NodeState &node);
/// Text such as "10.0.1.11:6379 · Shard 1 · primary · 5,461 slots".
[[nodiscard]] QString nodeLine(const ClusterView &view, const NodeState &node);
/// Square in the colour of the node's shard; grey without a shard.
[[nodiscard]] QIcon shardIcon(const ClusterView &view, const NodeState &node);

/// Field to choose one of the matching nodes. The choice stays when the view changes.
class NodeCombo final : public QComboBox
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeCombo)
public:
    /// `none`: meaning of an empty choice; empty: a node must be chosen.
    NodeCombo(NodeFilter filter, const QString &none, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    void setNode(const QByteArray &id);
    [[nodiscard]] QByteArray node() const { return currentData().toByteArray(); }

Q_SIGNALS:
    void nodeChanged();

private:
    NodeFilter m_filter;
    QString m_none;
    QByteArray m_wanted; ///< node that was set before it was part of a view
    QStringList m_shown;
};

/// List to choose any number of nodes, a row with a check box for each.
class NodeChecks final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeChecks)
public:
    explicit NodeChecks(NodeFilter filter, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    void setNodes(const QList<QByteArray> &ids);
    [[nodiscard]] QList<QByteArray> nodes() const { return m_chosen; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void nodesChanged();

private:
    NodeFilter m_filter;
    QList<QByteArray> m_chosen;
    QStringList m_shown;
};

} // namespace slotscope
