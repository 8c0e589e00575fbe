// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QImage>
#include <QWidget>

namespace slotscope {

class Theme;

/// Small map of the 16,384 slots: moved by the operation, in progress, still to be moved. With a legend and counts
/// below.
class MoveMap final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MoveMap)
public:
    explicit MoveMap(const Theme &theme, QWidget *parent = nullptr);
    /// The view gives the colours of the shards and may be null.
    void setRun(const slotscope::RunSnapshotPtr &run, const slotscope::ClusterViewPtr &view);
    void setCompact(bool compact); ///< one pixel per slot instead of two by two
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] const QImage &image() const { return m_image; } ///< one pixel per slot

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct LegendRow
    {
        QColor colour;
        QString text;
        friend bool operator==(const LegendRow &, const LegendRow &) = default;
    };
    void render();
    void fill(const SlotSet &set, const QColor &colour);
    [[nodiscard]] int colourOf(const NodeRef &node, int otherwise) const;

    const Theme &m_theme;
    RunSnapshotPtr m_run;
    ClusterViewPtr m_view;
    QImage m_image;
    int m_side = 256; ///< in pixels
    QList<LegendRow> m_legend;
};

} // namespace slotscope
