// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/plotcanvas.h"

namespace slotscope {
namespace {

constexpr int dragPixels = 6; // a shorter drag is a click

} // namespace

PlotCanvas::PlotCanvas(QWidget *parent) : QCustomPlot(parent)
{
    setMouseTracking(true);
    setNoAntialiasingOnDrag(true);
    // draws a line of hundreds of points in separate segments, which is faster
    setPlottingHint(QCP::phFastPolylines, true);
}

void PlotCanvas::paintEvent(QPaintEvent *event)
{
    QCustomPlot::paintEvent(event);
    QPainter painter(this);
    const QRect axes = axisRect()->rect();
    if (m_overlay)
        m_overlay(painter, axes);
    if (m_dragFrom && std::abs(m_dragTo - *m_dragFrom) >= dragPixels) {
        QColor mark = palette().color(QPalette::Highlight);
        mark.setAlphaF(0.25F);
        const int left = std::max(axes.left(), std::min(m_dragTo, *m_dragFrom));
        const int right = std::min(axes.right(), std::max(m_dragTo, *m_dragFrom));
        painter.fillRect(QRect(left, axes.top(), right - left, axes.height()), mark);
    }
}

void PlotCanvas::mouseMoveEvent(QMouseEvent *event)
{
    const int x = int(event->position().x());
    if (m_dragFrom) {
        m_dragTo = x;
        update();
    }
    const QRect axes = axisRect()->rect();
    if (x >= axes.left() && x <= axes.right())
        Q_EMIT pointedAt(xAxis->pixelToCoord(x));
    else
        Q_EMIT pointedAt(std::nullopt);
}

void PlotCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragFrom = m_dragTo = int(event->position().x());
}

void PlotCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom)
        return;
    const int from = *m_dragFrom, to = int(event->position().x());
    m_dragFrom.reset();
    update();
    if (std::abs(to - from) < dragPixels)
        Q_EMIT clickedAt(xAxis->pixelToCoord(to));
    else
        Q_EMIT dragged(xAxis->pixelToCoord(std::min(from, to)), xAxis->pixelToCoord(std::max(from, to)));
}

void PlotCanvas::mouseDoubleClickEvent(QMouseEvent *)
{
    m_dragFrom.reset();
    Q_EMIT doubleClicked();
}

/// Horizontal scrolling, or with Shift, moves along the time axis. Plain scrolling is left to the page.
void PlotCanvas::wheelEvent(QWheelEvent *event)
{
    const QPoint turned = event->angleDelta();
    const int along = turned.x() != 0 ? turned.x() : event->modifiers().testFlag(Qt::ShiftModifier) ? turned.y() : 0;
    if (along == 0) {
        event->ignore();
        return;
    }
    Q_EMIT wheeled(-double(along) / 1200);
}

void PlotCanvas::leaveEvent(QEvent *)
{
    Q_EMIT pointedAt(std::nullopt);
}

} // namespace slotscope
