// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

#include <QWidget>

namespace slotscope {

struct MetricsPicture;
class Theme;

/// Distance in ms between two time labels for at most `most` labels on an axis of `span` ms; from seconds up to days.
[[nodiscard]] qint64 timeTickStep(qint64 span, int most);
/// First round local time at or after `from`.
[[nodiscard]] qint64 firstTimeTick(qint64 from, qint64 step);
[[nodiscard]] QString timeTickText(qint64 time, qint64 step);
[[nodiscard]] QColor eventColour(const MetricEvent &event, const Theme &theme);
/// Paints events and the moment under the mouse over a plot or the lane.
void paintMoments(QPainter &painter, const QRect &area, const MetricsPicture &picture, const Theme &theme);

/// The time axis above all plots of the dashboard, with the recorded ranges, events, and the moment under the mouse.
class TimeLane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeLane)
public:
    explicit TimeLane(const Theme &theme, QWidget *parent = nullptr);
    void setPicture(const MetricsPicture &picture); ///< must outlive this widget
    [[nodiscard]] QSize sizeHint() const override { return {400, 46}; }
    /// Texts of the flags from the left; "+2" if events share a flag.
    [[nodiscard]] QStringList shownWords() const;
    /// Source of the values from before the record, or why there are none; empty: the record fills the axis.
    [[nodiscard]] QString sourceWords() const;

Q_SIGNALS:
    void eventChosen(const slotscope::MetricEvent &event);
    void pointed(std::optional<qint64> moment);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    /// A marker on the time axis for one event, or for several whose markers would overlap.
    struct Flag
    {
        int x = 0, right = 0; ///< x of its pole, and end of its text
        int left = 0; ///< start of its text, which is before the pole if there is no room after it
        std::vector<MetricEvent> events; ///< oldest first
        QString words;
        [[nodiscard]] const MetricEvent &chief() const { return events[chiefOf(events)]; } ///< gives words and colour
    };
    [[nodiscard]] std::vector<Flag> flags() const;
    void paintSources(QPainter &painter, const std::vector<Flag> &all) const;
    [[nodiscard]] int xOf(qint64 time) const;
    [[nodiscard]] qint64 timeAt(int x) const;
    [[nodiscard]] const Flag *flagAt(const QPoint &point, const std::vector<Flag> &all) const;

    const Theme &m_theme;
    const MetricsPicture *m_picture = nullptr;
};

} // namespace slotscope
