// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/slowlogmodel.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Scatter plot of the entries that pass the filter: duration or size (logarithmic) over time, in the shard's colour.
/// Entries of the selected shape have a ring.
class SlowlogPlot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogPlot)
public:
    SlowlogPlot(const Theme &theme, const SlowlogModel &model, QWidget *parent = nullptr);

    void setSpan(qint64 milliseconds); ///< duration up to now; 0: all entries
    void setThreshold(std::optional<qint64> threshold); ///< draws a dashed line
    void setSelected(const SlowlogEntryPtr &entry);
    [[nodiscard]] QPointF placeOf(const SlowlogEntry &entry) const;
    [[nodiscard]] int shownCount() const; ///< number of entries in the time range
    [[nodiscard]] int ringedCount() const; ///< number of these with the selected shape
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 96}; }
    [[nodiscard]] QSize sizeHint() const override { return {900, 150}; }

Q_SIGNALS:
    void entryChosen(const slotscope::SlowlogEntryPtr &entry); ///< an entry was clicked

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Scale
    {
        qint64 from = 0, until = 0; ///< ms since 1970
        double low = 0, high = 1; ///< log10 of the cost
    };
    [[nodiscard]] Scale scale() const;
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] QPointF placeOf(const SlowlogEntry &entry, const Scale &scale) const;
    [[nodiscard]] SlowlogEntryPtr nearest(const QPointF &point) const;
    void paintTimes(QPainter &painter, const Scale &scale) const;
    void paintCosts(QPainter &painter, const Scale &scale) const;
    void paintDots(QPainter &painter, const Scale &scale) const;
    void paintRing(QPainter &painter, const QPointF &place, const QColor &colour, double radius) const;
    [[nodiscard]] QColor colourOf(const SlowlogEntry &entry) const;

    const Theme &m_theme;
    const SlowlogModel &m_model;
    qint64 m_span = 0;
    std::optional<qint64> m_threshold;
    SlowlogEntryPtr m_selected;
};

} // namespace slotscope
