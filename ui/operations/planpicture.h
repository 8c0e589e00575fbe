// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

#include <QWidget>

namespace slotscope {

class SegmentedControl;
class Theme;

/// The slots before and after, as two bars or two maps.
class PlanPicture final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlanPicture)
public:
    explicit PlanPicture(const Theme &theme, QWidget *parent = nullptr);
    /// `before` may be null if there is no cluster yet.
    void setViews(const ClusterViewPtr &before, const ClusterViewPtr &after);
    void setMaps(bool maps);
    [[nodiscard]] bool showsMaps() const { return m_maps; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintBar(QPainter &painter, const QRect &rect, const ClusterView &view) const;
    void paintMap(QPainter &painter, const QRect &rect, const ClusterView &view) const;

    const Theme &m_theme;
    ClusterViewPtr m_before, m_after;
    bool m_maps = false;
};

/// List of moves, a line for each pair of source and target.
class MovesList final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MovesList)
public:
    explicit MovesList(const Theme &theme, QWidget *parent = nullptr);
    void setMoves(const QList<SlotMove> &moves, const ClusterViewPtr &view);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintNode(QPainter &painter, const QRect &rect, const NodeRef &node) const;
    [[nodiscard]] int rows() const;

    const Theme &m_theme;
    QList<SlotMove> m_moves;
    ClusterViewPtr m_view;
};

} // namespace slotscope
