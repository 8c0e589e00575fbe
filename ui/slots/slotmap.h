// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/slotheat.h"
#include "ui/shared/spokenview.h"
#include "ui/shared/slotimage.h"
#include "ui/shared/slotselection.h"

#include <QAbstractScrollArea>
#include <QLine>
#include <QTimer>

namespace slotscope {

class Theme;

/// Slots that an operation moves: those in progress, and those already handed over, although the view may not show that
/// yet.
struct SlotMotion
{
    SlotSet moving, moved;
    QHash<quint16, int> target; ///< maps a slot to the colour of its target shard
    friend bool operator==(const SlotMotion &, const SlotMotion &) = default;
};

/// The 16,384 slots as a map. Mouse and keyboard select slots, Ctrl+wheel and + - 0 zoom.
class SlotMap final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotMap)
public:
    explicit SlotMap(const Theme &theme, QWidget *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setKeyCounts(const SlotKeyCountsPtr &counts);
    void setHeat(const slotscope::SlotHeatPtr &heat); ///< values for the colourings that need them; null: unknown
    void setColouring(SlotColouring colouring);
    void setHighlightedShard(int shard); ///< index into the view's shards; -1: none
    /// Slots that are being moved are hatched in their target's colour and pulse, at most 12 times a second and only
    /// while they are visible. Slots that were handed over are drawn in their target's colour.
    void setMotion(const SlotMotion &motion);
    [[nodiscard]] const SlotMotion &motion() const { return m_motion; }
    [[nodiscard]] bool isPulsing() const { return m_pulse.isActive(); }
    void setFound(int slot); ///< marks a slot and scrolls to it; -1: none
    void select(const SlotSet &slotSet);
    void clearSelection();
    void zoomBy(int steps); ///< 0: back to the whole map
    [[nodiscard]] const SlotSet &selected() const { return m_selection.selected(); }
    [[nodiscard]] int hovered() const { return m_hovered; }
    [[nodiscard]] int found() const { return m_found; }
    [[nodiscard]] double zoom() const { return m_zoom; }
    [[nodiscard]] QRectF rectOf(int slot) const; ///< in viewport coordinates
    [[nodiscard]] int slotAt(const QPointF &point) const; ///< -1: outside the map
    [[nodiscard]] QStringList describe(int slot) const; ///< lines of the tool tip for a slot
    [[nodiscard]] QImage toImage() const; ///< the whole map as a picture for a file
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override; ///< text of the slot under the keyboard cursor
    [[nodiscard]] QRect spokenPartRect() const override;

Q_SIGNALS:
    void selectionChanged();
    void zoomChanged(double factor);
    void dragRequested(); ///< the mouse started to drag the selection

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void invalidate();
    void measure();
    void setZoom(double zoom, const QPointF &around);
    void afterSelection();
    void showSlot(int slot);
    bool handleZoomKey(int key);
    void ensureImage();
    void updatePulse();
    bool takeSelection(const QMouseEvent &event);
    void paintMotion(QPainter &painter) const;
    void paintAxis(QPainter &painter) const;
    void paintSelection(QPainter &painter) const;
    void paintMark(QPainter &painter, int slot, const QColor &colour, double width) const;
    void paintCard(QPainter &painter) const;
    [[nodiscard]] QString stateLine(int slot) const;
    [[nodiscard]] QPointF corner(int column, int row) const; ///< of a cell, in viewport coordinates

    const Theme &m_theme;
    ClusterViewPtr m_view;
    [[nodiscard]] const SlotValues *shownValues() const;
    [[nodiscard]] QString heatLine(int slot) const; ///< empty if there is no heat
    SlotKeyCountsPtr m_counts;
    SlotHeatPtr m_heat;
    SlotColouring m_colouring = SlotColouring::Owner;
    int m_highlighted = -1, m_found = -1, m_hovered = -1;
    SlotSelection m_selection;
    QList<QLine> m_outline; ///< outline of the selection, in cells
    bool m_dragging = false;
    std::optional<QPointF> m_taken; ///< where the mouse was pressed on the selection
    SlotMotion m_motion;
    QTimer m_pulse;
    int m_phase = 0;
    double m_zoom = 1;
    int m_side = 640; ///< size of the whole map in device pixels
    QPointF m_origin; ///< position of slot 0 in the viewport
    QImage m_image; ///< picture of the cells in m_imageCells
    QRect m_imageCells;
};

} // namespace slotscope
