// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <QWidget>

namespace slotscope {

class SubscriptionColours;
class Theme;

/// Plots the messages per second over the last minute, stacked: one layer for each subscription.
class RatePlot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RatePlot)
public:
    RatePlot(const Theme &theme, const SubscriptionColours &colours, QWidget *parent = nullptr);

    void take(const PubSubSnapshot &snapshot);
    [[nodiscard]] QSize sizeHint() const override { return {400, 104}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRectF area() const;
    [[nodiscard]] quint32 largest() const;
    void paintGrid(QPainter &painter, double top) const;

    const Theme &m_theme;
    const SubscriptionColours &m_colours;
    std::vector<PubSubSecond> m_seconds;
    QList<int> m_ids;
    QStringList m_names;
};

} // namespace slotscope
