// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricsbook.h"

#include <QWidget>

namespace slotscope {

struct MetricsPicture;
class Theme;

/// Milliseconds between two times on an axis that shows `span`, `most` of them at most; seconds up to days.
[[nodiscard]] qint64 timeTickStep(qint64 span, int most);
/// The first round moment from `from` on, in local time.
[[nodiscard]] qint64 firstTimeTick(qint64 from, qint64 step);
[[nodiscard]] QString timeTickText(qint64 time, qint64 step);
[[nodiscard]] QColor eventColour(const MetricEvent &event, const Theme &theme);
/// Events and the moment that is pointed at, over a plot or the lane.
void paintMoments(QPainter &painter, const QRect &area, const MetricsPicture &picture, const Theme &theme);

/// The one time axis of the dashboard, over all plots: what was recorded when, what happened, and the moment that is
/// pointed at.
class TimeLane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeLane)
public:
    explicit TimeLane(const Theme &theme, QWidget *parent = nullptr);
    void setPicture(const MetricsPicture &picture); ///< outlives this
    [[nodiscard]] QSize sizeHint() const override { return {400, 46}; }
    /// The words that stand in it now, from the left; "+2" for those that share a flag.
    [[nodiscard]] QStringList shownWords() const;
    /// Where what stands before our own record is from, or why there is nothing; empty: the record fills the axis.
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
    /// A flag: one event, or several that would collide.
    struct Flag
    {
        int x = 0, right = 0; ///< of its pole; where its words end
        int left = 0; ///< where it begins: before the pole where the words have no room behind it
        std::vector<MetricEvent> events;
        QString words;
    };
    [[nodiscard]] std::vector<Flag> flags() const;
    void paintSources(QPainter &painter, const std::vector<Flag> &all) const;
    [[nodiscard]] int xOf(qint64 time) const;
    [[nodiscard]] qint64 timeAt(int x) const;
    [[nodiscard]] const std::vector<MetricEvent> *eventsAt(const QPoint &point, std::vector<Flag> &all) const;

    const Theme &m_theme;
    const MetricsPicture *m_picture = nullptr;
};

} // namespace slotscope
