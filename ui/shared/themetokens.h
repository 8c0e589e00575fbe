// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QString>

namespace slotscope {

/// The colours of one theme. Every colour on screen is one of these or a shard colour.
struct ThemeTokens
{
    QColor bg, surface, raised, line, line2, grid, text, muted, faint;
    QColor accent; ///< for text, focus and selection; areas filled with it that contain text use `fill`
    QColor fill, fillHover, onFill, accentBg, sel;
    QColor ok, okBg, warn, warnBg, error, errorBg, errorFill;
    QColor accentMark, warnMark, errorMark, mutedMark; ///< for bars, dots and lines, never for text
};

[[nodiscard]] const ThemeTokens &darkTokens();
[[nodiscard]] const ThemeTokens &lightTokens();
/// For high contrast: text has a contrast of at least 7:1 on all its backgrounds, lines of controls 3:1 (WCAG 2.1,
/// 1.4.6 and 1.4.11).
[[nodiscard]] const ThemeTokens &darkContrastTokens();
[[nodiscard]] const ThemeTokens &lightContrastTokens();

/// The tokens with the names that the style sheet uses.
[[nodiscard]] QList<std::pair<QString, QColor>> namedTokens(const ThemeTokens &tokens);

inline constexpr int shardColourCount = 12; ///< number of hues
inline constexpr int shardShadeCount = 36; ///< number of distinct shard colours: each hue plain, lighter and darker
/// Colour of a shard by ShardState::colour; the same in both themes, and distinguishable for colour-blind users. After
/// all hues, lighter ones follow, then darker ones.
[[nodiscard]] QColor shardColour(int index);

/// `over` with the opacity `amount` (0 … 1) on `under`; the result is opaque.
[[nodiscard]] QColor mixed(const QColor &under, const QColor &over, double amount);

} // namespace slotscope
