// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/metrics/metricplot.h"

#include <QScrollArea>

class QGridLayout;
class QPushButton;

namespace slotscope {

/// The plots of the dashboard, in as many columns as fit. They are created when first shown, so that a window with many
/// connections starts fast.
class PlotBoard final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotBoard)
public:
    explicit PlotBoard(const Theme &theme, QWidget *parent = nullptr);

    void setShown(const QStringList &ids); ///< ids from specs()
    /// Sets the fields of INFO that have a plot of their own, after the others.
    void setFields(const InfoFields &fields);
    [[nodiscard]] const QList<PlotSpec> &specs() const { return m_specs; } ///< plotSpecs(), then added plots
    [[nodiscard]] const QStringList &shown() const { return m_shown; }
    /// The picture must outlive the board. Heads are updated at once; plots are drawn one per event loop turn, so that
    /// the window is never blocked for long.
    void setPicture(const MetricsPicture &picture);
    void updateMoment();
    [[nodiscard]] const QList<MetricPlot *> &plots() const { return m_plots; } ///< all plots created so far
    [[nodiscard]] MetricPlot *plot(const QString &id) const; ///< null: there is none with this id
    [[nodiscard]] QImage toImage() const; ///< includes plots that are not visible

Q_SIGNALS:
    void pointed(std::optional<qint64> moment);
    void pinned(qint64 moment);
    void rangeChosen(qint64 from, qint64 to);
    void panned(double share);
    void wholeRangeWanted();
    void plotWanted(); ///< the user wants to add a plot

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makePlots();
    MetricPlot *makePlot(const PlotSpec &spec);
    void arrange();
    void drawNext();

    const Theme &m_theme;
    const MetricsPicture *m_picture = nullptr;
    QList<PlotSpec> m_specs;
    QStringList m_shown;
    QList<MetricPlot *> m_plots, m_undrawn; ///< in the order of specs(), and those still to be drawn
    QWidget *m_board;
    QGridLayout *m_grid;
    QPushButton *m_add;
};

} // namespace slotscope
