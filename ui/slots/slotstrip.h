// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// All slots as one line with the ranges of each shard. A click selects the range under it, a drag all slots between
/// its ends.
class SlotStrip final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotStrip)
public:
    explicit SlotStrip(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    void setHighlightedShard(int shard);

Q_SIGNALS:
    void slotsChosen(const slotscope::SlotSet &slotSet);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] int slotAt(int x) const;
    const Theme &m_theme;
    ClusterViewPtr m_view;
    int m_highlighted = -1;
    int m_pressedX = 0;
};

} // namespace slotscope
