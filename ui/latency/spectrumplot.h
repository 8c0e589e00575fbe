// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/latency/spectrum.h"

#include <QWidget>

namespace slotscope {

class LatencyEventModel;

/// Spectrum of one node: its pings by time and duration, and the events of its latency monitor as hollow marks. The
/// mouse or Left and Right select a column.
class SpectrumPlot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SpectrumPlot)
public:
    SpectrumPlot(const Theme &theme, const PingBook &book, const RoundTripModel &model, const LatencyEventModel &events,
                 QWidget *parent = nullptr);

    void setNode(const QByteArray &nodeId);
    [[nodiscard]] QByteArray node() const { return m_node; }
    [[nodiscard]] QString columnText(int column) const; ///< text of a column's content
    [[nodiscard]] int column() const { return m_column; } ///< selected column; -1: none
    [[nodiscard]] int shownPings() const;
    [[nodiscard]] QString scaleText() const; ///< such as "1 ping to 20 in 2 s"
    void refresh();
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 120}; }
    [[nodiscard]] QSize sizeHint() const override { return {900, 240}; }

Q_SIGNALS:
    void refreshed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] double heightOf(double microseconds) const;
    void setColumn(int column);
    void paintAxes(QPainter &painter) const;
    void paintEvents(QPainter &painter) const;

    const Theme &m_theme;
    const PingBook &m_book;
    const RoundTripModel &m_model;
    const LatencyEventModel &m_events;
    QByteArray m_node;
    SpectrumGrid m_grid;
    int m_column = -1;
};

/// Legend: the colour range with labels at both ends.
class SpectrumLegend final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SpectrumLegend)
public:
    SpectrumLegend(const Theme &theme, QWidget *parent = nullptr);
    void setMost(const QString &text);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_most;
};

} // namespace slotscope
