// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/badge.h"

#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

QFont badgeFont()
{
    QFont font = Theme::smallFont();
    font.setPixelSize(11);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

ToneColours toneColours(const ThemeTokens &tokens, Tone tone)
{
    switch (tone) {
    case Tone::Accent: return {tokens.accent, tokens.accentBg};
    case Tone::Good: return {tokens.ok, tokens.okBg};
    case Tone::Warning: return {tokens.warn, tokens.warnBg};
    case Tone::Bad: return {tokens.error, tokens.errorBg};
    case Tone::Muted: return {tokens.muted, tokens.raised};
    case Tone::Neutral: break;
    }
    return {tokens.text, Qt::transparent};
}

QSize badgeSize(const QString &text)
{
    return {std::max(26, QFontMetrics(badgeFont()).horizontalAdvance(text) + 13), 18};
}

void paintBadge(QPainter &painter, const QRectF &rect, const QString &text, Tone tone, const ThemeTokens &tokens)
{
    const ToneColours colours = toneColours(tokens, tone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tone == Tone::Neutral ? QPen(tokens.line2, 1) : QPen(Qt::NoPen));
    painter.setBrush(colours.background);
    painter.drawRoundedRect(tone == Tone::Neutral ? rect.adjusted(0.5, 0.5, -0.5, -0.5) : rect, 4, 4);
    painter.setFont(badgeFont());
    painter.setPen(tone == Tone::Neutral ? tokens.muted : colours.text);
    painter.drawText(rect, Qt::AlignCenter, text);
    painter.restore();
}

Badge::Badge(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setBadge(const QString &text, Tone tone)
{
    if (text == m_text && tone == m_tone)
        return;
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return badgeSize(m_text);
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBadge(painter, rect(), m_text, m_tone, m_theme.tokens());
}

} // namespace slotscope
