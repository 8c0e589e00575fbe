// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/slowlogmodel.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Dots over time: each entry that the filter lets pass by what it took (logarithmic), in its shard's colour. Those of
/// the chosen shape wear a ring.
class SlowlogPlot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogPlot)
public:
    SlowlogPlot(const Theme &theme, const SlowlogModel &model, QWidget *parent = nullptr);

    void setSpan(qint64 milliseconds); ///< up to now; 0: all that there is
    void setThreshold(std::optional<qint64> threshold); ///< a dashed line there
    void setSelected(const SlowlogEntryPtr &entry);
    [[nodiscard]] QPointF placeOf(const SlowlogEntry &entry) const;
    [[nodiscard]] int shownCount() const; ///< entries in the span
    [[nodiscard]] int ringedCount() const; ///< of these, of the chosen shape
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 96}; }
    [[nodiscard]] QSize sizeHint() const override { return {900, 150}; }

Q_SIGNALS:
    void entryChosen(const slotscope::SlowlogEntryPtr &entry); ///< clicked

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
