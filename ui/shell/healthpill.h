// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "ui/shell/connectionview.h"

#include <QAbstractButton>

namespace slotscope {

/// Health of the cluster as a word, a shape and a colour. A click requests the findings. Its width does not depend on
/// the word.
class HealthPill final : public QAbstractButton
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HealthPill)
public:
    explicit HealthPill(const Theme &theme, QWidget *parent = nullptr);
    void setConnection(const ConnectionView *view); ///< null: the pill is hidden
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Mark : quint8 { Dot, Ring, Triangle, Diamond, Square };
    [[nodiscard]] static Mark markOf(HealthWord::State state);
    void paintMark(QPainter &painter, const QPointF &middle, const QColor &colour) const;

    const Theme &m_theme;
    Tone m_tone = Tone::Muted;
    Mark m_mark = Mark::Dot;
};

} // namespace slotscope
