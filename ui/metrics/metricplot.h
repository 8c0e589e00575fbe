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

/// Data that all plots of the dashboard share: the time range, the recorded values, and the moment under the mouse.
struct MetricsPicture
{
    MetricsWindow window;
    MetricsQuery query; ///< query whose result `window` is
    MetricsWindow earlier; ///< the earlier time for comparison
    qint64 earlierBy = 0; ///< how many ms it lies before; 0: no comparison
    QHash<QString, size_t> earlierLines; ///< maps a line's lineKey to its index in `earlier`
    /// null: the line did not exist at the earlier time
    [[nodiscard]] const MetricLine *earlierOf(const MetricLine &line) const;
    qint64 from = 0, to = 0; ///< in ms since 1970: range of the axis
    std::optional<qint64> moment; ///< moment under the mouse, or pinned
    QString historyProblem; ///< why there is no data from before the record; empty: no problem
    std::vector<Threshold> limits; ///< limits set by the user
    QSet<QString> hidden; ///< lineKey of each hidden line
    /// Index of a metric in the query; -1: not part of it.
    [[nodiscard]] int placeOf(Metric metric) const;
    [[nodiscard]] int placeOf(const PlotSeries &series) const;
    /// Bucket whose values the plot heads show; -1: none.
    [[nodiscard]] int shownBucket() const;
};
[[nodiscard]] QString lineKey(const MetricLine &line);
[[nodiscard]] QColor lineColour(const MetricLine &line, const Theme &theme);

/// One plot with its head: lines or bars over time, and their values at the moment under the mouse.
class MetricPlot final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricPlot)
public:
    MetricPlot(const PlotSpec &spec, const Theme &theme, QWidget *parent = nullptr);
    ~MetricPlot() override;

    /// The picture must outlive the plot.
    void setPicture(const MetricsPicture &picture); ///< updates the head at once; draw() updates the lines
    void draw();
    void updateMoment(); ///< the picture's moment has changed
    void setShowsTimes(bool shows); ///< whether the plot is in the lowest row, which shows the times
    [[nodiscard]] const PlotSpec &spec() const { return m_spec; }
    [[nodiscard]] QString headText() const; ///< the values as shown in the head
    [[nodiscard]] QWidget *canvas() const;
    [[nodiscard]] QString problem() const; ///< why values are missing, as shown in the plot
    /// Draws the plot, without the moment, as SVG.
    [[nodiscard]] QByteArray svg() const;

Q_SIGNALS:
    void pointed(std::optional<qint64> moment); ///< empty: the mouse has left the plot
    void pinned(qint64 moment);
    void rangeChosen(qint64 from, qint64 to);
    void panned(double share); ///< share of the range, to the right
    void wholeRangeWanted(); ///< on a double click

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
    [[nodiscard]] QString changeWords() const; ///< such as "Δ +3.1 %"; empty: no comparison
    [[nodiscard]] std::vector<size_t> drawnLines() const; ///< lines that are drawn separately; the others form one band
    void scaleAxis();
    [[nodiscard]] std::vector<size_t> shownLines() const; ///< sorted by size if there are too many

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
