// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Legend of the plot: the shards' colours, the ring, the dashed line. Only as many entries as fit are drawn.
class PlotLegend final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotLegend)
public:
    explicit PlotLegend(const Theme &theme, QWidget *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setThreshold(const QString &text); ///< empty: no line
    void setRing(bool shown);
    [[nodiscard]] QSize sizeHint() const override { return {400, 20}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    ClusterViewPtr m_view;
    QString m_threshold;
    bool m_ring = false;
};

} // namespace slotscope
