// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace slotscope {

class Theme;

/// Legend of the map's shades, from no key to all keys with a time to live.
class ShadeLegend final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShadeLegend)
public:
    explicit ShadeLegend(const Theme &theme, QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 20}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
