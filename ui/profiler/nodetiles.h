// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/metrics/metric.h"

#include <QListWidget>

#include <memory>

namespace slotscope {

class MetricsBook;
class Theme;

/// The nodes as tiles: the more one does, the warmer its tile. A figure that is not known is told as such, never as
/// cold.
class NodeTiles final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeTiles)
public:
    enum Role : int {
        HeatRole = Qt::UserRole + 1, ///< double 0 … 1; invalid: not known
        FigureRole,
        ColourRole,
        NodeRole
    };
    explicit NodeTiles(const Theme &theme, QWidget *parent = nullptr);

    /// The warmest is a whole core for Metric::Cpu, else the highest figure of all nodes.
    void show(const ClusterViewPtr &view, const std::shared_ptr<MetricsBook> &book, Metric metric);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void nodeChosen(const QByteArray &nodeId);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
