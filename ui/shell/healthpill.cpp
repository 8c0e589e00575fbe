// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthpill.h"

#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

HealthPill::HealthPill(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    hide();
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HealthPill::setConnection(const ConnectionView *view)
{
    setVisible(view != nullptr);
    if (!view)
        return;
    const HealthWord word = view->health();
    m_tone = word.tone;
    m_mark = markOf(word.state);
    setText(word.text);
    setToolTip(plainToolTip(word.titles.join(u'\n')));
    setAccessibleName(tr("Health: %1").arg(text()));
    setAccessibleDescription(word.titles.join(u", "_s));
    updateGeometry(); // the width depends on the language
    update();
}

HealthPill::Mark HealthPill::markOf(HealthWord::State state)
{
    switch (state) {
    case HealthWord::State::Down: return Mark::Square;
    case HealthWord::State::Broken: return Mark::Diamond;
    case HealthWord::State::Degraded: return Mark::Triangle;
    case HealthWord::State::NoConnection: return Mark::Ring;
    case HealthWord::State::Connecting:
    case HealthWord::State::Empty:
    case HealthWord::State::Healthy: break;
    }
    return Mark::Dot;
}

QSize HealthPill::sizeHint() const
{
    const QFontMetrics metrics(Theme::strongFont());
    int widest = metrics.horizontalAdvance(text());
    for (const QString &usual : {tr("Degraded") + u" · "_s + tr("%1 warnings").arg(88), tr("No connection")})
        widest = std::max(widest, metrics.horizontalAdvance(usual));
    return {widest + 48, 28};
}

void HealthPill::paintMark(QPainter &painter, const QPointF &middle, const QColor &colour) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (m_mark) {
    case Mark::Triangle:
        painter.drawPolygon(
            QPolygonF({middle + QPointF(0, -5.5), middle + QPointF(6, 4.5), middle + QPointF(-6, 4.5)}));
        break;
    case Mark::Diamond:
        painter.drawPolygon(QPolygonF(
            {middle + QPointF(0, -6), middle + QPointF(6, 0), middle + QPointF(0, 6), middle + QPointF(-6, 0)}));
        break;
    case Mark::Square: painter.drawRect(QRectF(middle.x() - 4.5, middle.y() - 4.5, 9, 9)); break;
    case Mark::Ring:
        painter.setPen(QPen(colour, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(middle, 4, 4);
        break;
    case Mark::Dot: painter.drawEllipse(middle, 4.5, 4.5); break;
    }
}

void HealthPill::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = m_theme.tokens();
    const ToneColours colours = toneColours(tokens, m_tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? QPen(colours.text, 1) : QPen(Qt::NoPen));
    painter.setBrush(underMouse() ? mixed(colours.background, colours.text, 0.12) : colours.background);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), height() / 2.0, height() / 2.0);
    const int words = QFontMetrics(Theme::strongFont()).horizontalAdvance(text());
    const double left = std::max(12.0, (width() - 17.0 - words) / 2);
    paintMark(painter, {left + 6, height() / 2.0}, colours.text);
    painter.setFont(Theme::strongFont());
    painter.setPen(colours.text);
    painter.drawText(QRectF(left + 17, 0, width() - left - 17, height()), Qt::AlignVCenter | Qt::AlignLeft, text());
}

} // namespace slotscope
