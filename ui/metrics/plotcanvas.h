// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/customplot.h"

#include <functional>
#include <optional>

namespace slotscope {

/// QCustomPlot with an overlay that can be repainted without redrawing the plot, and with other mouse actions: a drag
/// selects a range, the wheel moves along, a click pins.
class PlotCanvas final : public QCustomPlot
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotCanvas)
public:
    explicit PlotCanvas(QWidget *parent = nullptr);
    /// Sets a function that paints over the plot; the rectangle is that of the axes.
    void setOverlay(std::function<void(QPainter &, const QRect &)> overlay) { m_overlay = std::move(overlay); }

Q_SIGNALS:
    void pointedAt(std::optional<double> x); ///< in the axis's unit
    void clickedAt(double x);
    void dragged(double from, double to);
    void wheeled(double share);
    void doubleClicked();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    std::function<void(QPainter &, const QRect &)> m_overlay;
    std::optional<int> m_dragFrom;
    int m_dragTo = 0;
};

} // namespace slotscope
