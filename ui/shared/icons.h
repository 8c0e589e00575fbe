// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>

namespace slotscope {

class Theme;

/// One of resources/icons, tinted live: muted, text colour under the mouse, accent when on, faint when disabled.
[[nodiscard]] QIcon themedIcon(const QString &name, const Theme &theme);

/// The icon in one colour; `size` in device-independent pixels.
[[nodiscard]] QPixmap tintedPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio);

/// The program's mark, in its own colours.
[[nodiscard]] QIcon logoIcon();

} // namespace slotscope
