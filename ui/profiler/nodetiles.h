// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/metrics/metric.h"

#include <QListWidget>

#include <memory>

namespace slotscope {

class MetricsBook;
class Theme;

/// The nodes as tiles in a colour that shows their load. An unknown value is shown as unknown, not as a low load.
class NodeTiles final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeTiles)
public:
    enum Role : int {
        HeatRole = Qt::UserRole + 1, ///< a double from 0 to 1; invalid: unknown
        FigureRole,
        ColourRole,
        NodeRole
    };
    explicit NodeTiles(const Theme &theme, QWidget *parent = nullptr);

    /// The full colour stands for a whole core with Metric::Cpu, else for the highest value of all nodes.
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
