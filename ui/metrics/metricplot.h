// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"
#include "core/metrics/threshold.h"
#include "ui/metrics/plotspec.h"

#include <QFrame>
#include <QSet>

class QLabel;

namespace slotscope {

class ElidedLabel;
class HeadValues;
class PlotCanvas;
class Theme;

/// What all plots of the dashboard share: the window of time, what was recorded in it, the moment that is pointed at.
struct MetricsPicture
{
    MetricsWindow window;
    MetricsQuery query; ///< that the window is the answer to
    MetricsWindow earlier; ///< another time, to compare with
    qint64 earlierBy = 0; ///< ms that it lies before; 0: there is none
    QHash<QString, size_t> earlierLines; ///< lineKey -> its place in `earlier`
    [[nodiscard]] const MetricLine *earlierOf(const MetricLine &line) const; ///< null: it was not there
    qint64 from = 0, to = 0; ///< ms since 1970: the axis
    std::optional<qint64> moment; ///< under the mouse, or pinned
    QString historyProblem; ///< why nothing is known of the time before the record; empty: nothing was wrong
    std::vector<Threshold> limits; ///< that the user set
    QSet<QString> hidden; ///< keys of lines that are not drawn (lineKey)
    /// Place of a metric in the query; -1: not asked for.
    [[nodiscard]] int placeOf(Metric metric) const;
    /// The bucket whose values the heads show; -1: none.
    [[nodiscard]] int shownBucket() const;
};
[[nodiscard]] QString lineKey(const MetricLine &line);
[[nodiscard]] QColor lineColour(const MetricLine &line, const Theme &theme);

/// One plot with its head: lines or bars over time, and their values at the moment that is pointed at.
class MetricPlot final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricPlot)
public:
    MetricPlot(const PlotSpec &spec, const Theme &theme, QWidget *parent = nullptr);
    ~MetricPlot() override;

    /// The picture outlives this.
    void setPicture(const MetricsPicture &picture); ///< its head follows at once, its lines with draw()
    void draw();
    void updateMoment(); ///< the picture's moment is another one
    void setShowsTimes(bool shows); ///< it stands in the lowest row
    [[nodiscard]] const PlotSpec &spec() const { return m_spec; }
    [[nodiscard]] QString headText() const; ///< the values, as the head shows them
    [[nodiscard]] QWidget *canvas() const;
    /// Draws it, without the moment, as an SVG.
    [[nodiscard]] QByteArray svg() const;

Q_SIGNALS:
    void pointed(std::optional<qint64> moment); ///< nothing: the mouse has left
    void pinned(qint64 moment);
    void rangeChosen(qint64 from, qint64 to);
    void panned(double share); ///< of the range, to the right
    void wholeRangeWanted(); ///< a double click

private:
    void dress();
    void updateHead();
    [[nodiscard]] std::vector<double> valuesOf(const MetricLine &line, const PlotSeries &series) const;
    void drawLines(const PlotSeries &series);
    void drawBars();
    void drawRest(const PlotSeries &series, const std::vector<size_t> &lines);
    void drawMaxMemory();
    void drawThresholds();
    void drawEarlier();
    void addEarlier(const std::vector<double> &values, const QPen &pen, bool stepped);
    [[nodiscard]] QString changeWords() const; ///< "Δ +3.1 %"; empty: nothing is compared
    [[nodiscard]] std::vector<size_t> drawnLines() const; ///< each by itself; the rest is one band
    void scaleAxis();
    [[nodiscard]] std::vector<size_t> shownLines() const; ///< largest first where there are too many

    PlotSpec m_spec;
    const Theme &m_theme;
    const MetricsPicture *m_picture = nullptr;
    bool m_showsTimes = false;
    double m_largest = 0, m_smallest = 0;
    QLabel *m_title;
    ElidedLabel *m_note;
    HeadValues *m_values;
    PlotCanvas *m_canvas;
};

} // namespace slotscope
