// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "ui/shared/themetokens.h"

#include <QWidget>

class QPainter;

namespace slotscope {

class Theme;

struct ToneColours
{
    QColor text, background;
};
[[nodiscard]] ToneColours toneColours(const ThemeTokens &tokens, Tone tone);

/// Size of a badge with `text`, 18 px high.
[[nodiscard]] QSize badgeSize(const QString &text);
/// Paints a short tinted text into `rect`; Tone::Neutral is drawn as an outline.
void paintBadge(QPainter &painter, const QRectF &rect, const QString &text, Tone tone, const ThemeTokens &tokens);

/// A badge as a widget, such as "PRODUCTION" or "failed".
class Badge final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Badge)
public:
    explicit Badge(const Theme &theme, QWidget *parent = nullptr);
    void setBadge(const QString &text, Tone tone);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_text;
    Tone m_tone = Tone::Neutral;
};

} // namespace slotscope
