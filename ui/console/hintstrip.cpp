// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/hintstrip.h"

#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

HintStrip::HintStrip(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"hint"_s);
    setFixedHeight(28);
    setAccessibleName(tr("Arguments of the command"));
}

void HintStrip::setHint(const QString &name, const QStringList &parts, int current, const QString &note)
{
    m_name = name;
    m_parts = parts;
    m_current = current;
    m_note = note;
    setAccessibleDescription(text());
    update();
}

QString HintStrip::text() const
{
    QStringList all{m_name};
    for (int i = 0; i < m_parts.size(); ++i)
        all.append(i == m_current ? u'>' + m_parts[i] + u'<' : m_parts[i]);
    return all.join(u' ');
}

void HintStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.surface);
    painter.setPen(tokens.line);
    painter.drawLine(0, 0, width(), 0);
    painter.setFont(Theme::smallFont());
    const int note = painter.fontMetrics().horizontalAdvance(m_note);
    painter.setPen(tokens.muted);
    painter.drawText(rect().adjusted(16, 0, -16, 0), Qt::AlignRight | Qt::AlignVCenter, m_note);
    painter.setFont(Theme::monoFont());
    const QFontMetrics metrics = painter.fontMetrics();
    const int room = width() - 32 - (note > 0 ? note + 16 : 0);
    const int space = metrics.horizontalAdvance(u' ');
    int before = metrics.horizontalAdvance(m_name) + space, whole = before;
    for (int i = 0; i < m_parts.size(); ++i) {
        const int w = metrics.horizontalAdvance(m_parts[i]) + space;
        whole += w;
        before += i < m_current ? w : 0;
    }
    // scrolls so that the marked part is visible even if the whole is too long
    const int shift = whole > room && m_current >= 0 ? std::min(before, whole - room) : 0;
    painter.setClipRect(16, 0, room, height());
    int x = 16 - shift;
    const auto draw = [&](const QString &part, bool isCurrent) {
        const int w = metrics.horizontalAdvance(part);
        painter.setPen(isCurrent ? tokens.text : tokens.muted);
        painter.drawText(QRect(x, 0, w + 2, height()), Qt::AlignLeft | Qt::AlignVCenter, part);
        if (isCurrent)
            painter.fillRect(QRect(x, height() - 6, w, 2), tokens.accent);
        x += w + space;
    };
    draw(m_name, false);
    for (int i = 0; i < m_parts.size(); ++i)
        draw(m_parts[i], i == m_current);
}

} // namespace slotscope
