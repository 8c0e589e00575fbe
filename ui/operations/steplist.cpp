// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/steplist.h"

#include "ui/shared/badge.h"
#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

StepList::StepList(const Theme &theme, QStringList names, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_names(std::move(names)), m_marks(m_names.size()), m_bad(m_names.size(), false)
{
    setFixedWidth(sizeHint().width());
    setCurrent(0);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StepList::setCurrent(int step)
{
    m_current = step;
    setAccessibleName(tr("Step %1 of %2: %3").arg(step + 1).arg(m_names.size()).arg(m_names.value(step)));
    update();
}

void StepList::setMark(int step, const QString &text, bool bad)
{
    m_marks[step] = text;
    m_bad[step] = bad;
    update();
}

void StepList::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < m_names.size(); ++i) {
        const bool done = i < m_current, now = i == m_current;
        const QRectF row(8, 12 + i * 40, width() - 16, 34);
        if (now) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokens.sel);
            painter.drawRoundedRect(row, 6, 6);
        }
        const QRectF circle(row.left() + 10, row.center().y() - 10, 20, 20);
        const QColor tint = done ? tokens.ok : now ? tokens.accent : tokens.faint;
        painter.setPen(QPen(tint, 1.2));
        painter.setBrush(done ? QBrush(tokens.okBg) : QBrush(Qt::NoBrush));
        painter.drawEllipse(circle);
        painter.setFont(Theme::smallFont());
        painter.drawText(circle, Qt::AlignCenter, done ? u"✓"_s : QString::number(i + 1));
        painter.setFont(now ? Theme::strongFont() : Theme::textFont());
        painter.setPen(now ? tokens.text : done ? tokens.muted : tokens.faint);
        const QSize badge = m_marks[i].isEmpty() ? QSize(0, 0) : badgeSize(m_marks[i]);
        const QRectF text = row.adjusted(40, 0, -6 - badge.width(), 0);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_names[i], Qt::ElideRight, int(text.width())));
        if (!m_marks[i].isEmpty())
            paintBadge(painter,
                       {row.right() - badge.width() - 6, row.center().y() - badge.height() / 2.0, double(badge.width()),
                        double(badge.height())},
                       m_marks[i], m_bad[i] ? Tone::Bad : Tone::Warning, tokens);
    }
}

} // namespace slotscope
