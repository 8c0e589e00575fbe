// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QString>

namespace slotscope {

/// The colours of one theme. Every colour on screen is one of these or a shard's.
struct ThemeTokens
{
    QColor bg, surface, raised, line, line2, grid, text, muted, faint;
    QColor accent; ///< text, focus, selection; what is filled with it and bears text takes `fill`
    QColor fill, fillHover, onFill, accentBg, sel;
    QColor ok, okBg, warn, warnBg, error, errorBg, errorFill;
    QColor accentMark, warnMark, errorMark, mutedMark; ///< bars, dots and lines: never text
};

[[nodiscard]] const ThemeTokens &darkTokens();
[[nodiscard]] const ThemeTokens &lightTokens();
/// For high contrast: text has at least 7:1 on all that it lies on, lines of controls 3:1 (WCAG 2.1, 1.4.6 and 1.4.11).
[[nodiscard]] const ThemeTokens &darkContrastTokens();
[[nodiscard]] const ThemeTokens &lightContrastTokens();

/// The names under which the style sheet uses the tokens.
[[nodiscard]] QList<std::pair<QString, QColor>> namedTokens(const ThemeTokens &tokens);

inline constexpr int shardColourCount = 12; ///< hues
inline constexpr int shardShadeCount = 36; ///< each hue plain, lighter and darker: as many shards look different
/// Colour of a shard by ShardState::colour; the same in both themes, safe for colour-blind eyes. Behind the hues they
/// begin again lighter, then darker.
[[nodiscard]] QColor shardColour(int index);

/// `amount` (0 … 1) of `over` laid on `under`, opaque.
[[nodiscard]] QColor mixed(const QColor &under, const QColor &over, double amount);

} // namespace slotscope
