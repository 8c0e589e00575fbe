// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QComboBox>
#include <QListWidget>

#include <functional>

namespace slotscope {

class Theme;

/// Which nodes a field offers.
using NodeFilter = std::function<bool(const ClusterView &, const NodeState &)>;

[[nodiscard]] bool isPrimary(const ClusterView &view, const NodeState &node);
[[nodiscard]] bool isReplica(const ClusterView &view, const NodeState &node);
[[nodiscard]] bool ownsSlots(const ClusterView &view, const NodeState &node);
/// "10.0.1.11:6379 · Shard 1 · primary · 5,461 slots"
[[nodiscard]] QString nodeLine(const ClusterView &view, const NodeState &node);
/// The chip of the node's shard; grey outside of one.
[[nodiscard]] QIcon shardIcon(const ClusterView &view, const NodeState &node);

/// One node of those that fit. The choice stays where the view changes.
class NodeCombo final : public QComboBox
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeCombo)
public:
    /// `none`: what an empty choice means; empty: a node must be chosen.
    NodeCombo(NodeFilter filter, const QString &none, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    void setNode(const QByteArray &id);
    [[nodiscard]] QByteArray node() const { return currentData().toByteArray(); }

Q_SIGNALS:
    void nodeChanged();

private:
    NodeFilter m_filter;
    QString m_none;
    QByteArray m_wanted; ///< set before it was there
    QStringList m_shown;
};

/// Any number of nodes, as rows with a box each.
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
