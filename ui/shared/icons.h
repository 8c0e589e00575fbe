// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>

namespace slotscope {

class Theme;

/// An icon of resources/icons in the theme's current colours: muted, text colour under the mouse, accent if checked,
/// faint if disabled.
[[nodiscard]] QIcon themedIcon(const QString &name, const Theme &theme);

/// The icon in one colour; `size` in device-independent pixels.
[[nodiscard]] QPixmap tintedPixmap(const QString &name, const QColor &colour, int size, qreal devicePixelRatio);

/// The program's logo in its own colours.
[[nodiscard]] QIcon logoIcon();

} // namespace slotscope
