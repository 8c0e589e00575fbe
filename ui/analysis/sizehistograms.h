// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keysizes.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Histograms of key sizes per type, in powers of two, side by side. Exact counts are in the tool tips and in the
/// accessible description.
class SizeHistograms final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SizeHistograms)
public:
    explicit SizeHistograms(const Theme &theme, QWidget *parent = nullptr);
    void show(const QList<SizesOfType> &types);
    [[nodiscard]] const QList<SizesOfType> &types() const { return m_types; }
    /// Text of a bar, such as "37 keys of 64–127 elements, 37 %".
    [[nodiscard]] static QString wordsOf(const SizesOfType &type, size_t place);
    [[nodiscard]] QString wordsAt(const QPoint &at) const; ///< text of the bar at that position; empty: no bar
    [[nodiscard]] QRectF barAt(int type, size_t place) const; ///< column of the bar; empty: not painted

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Span
    {
        size_t first = 0, last = 0; ///< range of the bars that are painted
    };
    [[nodiscard]] static Span spanOf(const SizesOfType &type);
    [[nodiscard]] int columns() const;
    [[nodiscard]] QRectF cell(int type) const;
    void paintCell(QPainter &painter, int type) const;
    void updateHeight();

    const Theme &m_theme;
    QList<SizesOfType> m_types;
};

} // namespace slotscope
