// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/metrics/metricplot.h"

#include <QScrollArea>

class QGridLayout;

namespace slotscope {

/// The plots of the dashboard in as many columns as there is room for. They are made when somebody looks: a window with
/// many connections starts no slower for them.
class PlotBoard final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlotBoard)
public:
    explicit PlotBoard(const Theme &theme, QWidget *parent = nullptr);

    void setShown(const QStringList &ids); ///< of plotSpecs()
    [[nodiscard]] const QStringList &shown() const { return m_shown; }
    /// The picture outlives this board. Heads follow at once; one plot is drawn a turn of the event loop: the window is
    /// never held up by all of them.
    void setPicture(const MetricsPicture &picture);
    void updateMoment();
    [[nodiscard]] const QList<MetricPlot *> &plots() const { return m_plots; } ///< all that were made
    [[nodiscard]] MetricPlot *plot(const QString &id) const; ///< null: there is none
    [[nodiscard]] QImage toImage() const; ///< also of what is out of sight

Q_SIGNALS:
    void pointed(std::optional<qint64> moment);
    void pinned(qint64 moment);
    void rangeChosen(qint64 from, qint64 to);
    void panned(double share);
    void wholeRangeWanted();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makePlots();
    void arrange();
    void drawNext();

    const Theme &m_theme;
    const MetricsPicture *m_picture = nullptr;
    QStringList m_shown;
    QList<MetricPlot *> m_plots, m_undrawn; ///< in the order of plotSpecs(); those whose turn comes
    QWidget *m_board;
    QGridLayout *m_grid;
};

} // namespace slotscope
