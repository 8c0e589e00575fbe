// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slots/slotkey.h"

#include "core/base/text.h"
#include "ui/shared/theme.h"
#include "ui/shared/slotimage.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int swatch = 12;
constexpr int keySpacing = 18;
constexpr int scaleWidth = 64;

} // namespace

SlotKey::SlotKey(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(18);
    hide();
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SlotKey::setView(const ClusterViewPtr &view)
{
    m_entries.clear();
    const auto add = [this](Mark mark, qint64 count, const QString &text) {
        if (count > 0)
            m_entries.append({mark, text.arg(groupedNumber(count))});
    };
    if (view && view->cluster) {
        add(Mark::Uncovered, view->uncovered.count(), tr("uncovered: %1"));
        add(Mark::Failed, failedSlots(*view).count(), tr("owner failed: %1"));
        add(Mark::Open, view->openSlots.size(), tr("in migration: %1"));
        add(Mark::Disputed, view->disputed.count(), tr("disputed: %1"));
    }
    say();
}

void SlotKey::setScale(const QString &most)
{
    if (m_most == most)
        return;
    m_most = most;
    say();
}

void SlotKey::say()
{
    setAccessibleName(entries().join(u", "_s));
    setVisible(!m_entries.isEmpty() || !m_most.isEmpty());
    update();
}

QStringList SlotKey::entries() const
{
    QStringList texts;
    for (const Entry &entry : m_entries)
        texts.append(entry.text);
    if (!m_most.isEmpty())
        texts.append(tr("shades: none to %1").arg(m_most));
    return texts;
}

void SlotKey::paintSwatch(QPainter &painter, const QRectF &rect, Mark mark) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const QColor owner = mark == Mark::Failed ? mixed(tokens.raised, shardColour(0), 0.56) : shardColour(0);
    painter.save();
    painter.setClipRect(rect);
    painter.fillRect(rect, mark == Mark::Uncovered ? tokens.surface : owner);
    const bool open = mark == Mark::Open;
    if (open || mark == Mark::Failed) {
        painter.setPen(QPen(open ? tokens.text : tokens.surface, open ? 2.5 : 1.5));
        for (double x = -rect.width(); x < 2 * rect.width(); x += 5) {
            const QPointF top(rect.left() + x, rect.top()), foot(0, rect.height());
            painter.drawLine(top, top + foot + QPointF(open ? -rect.width() : rect.width(), 0));
        }
    } else {
        painter.setPen(QPen(mark == Mark::Uncovered ? tokens.error : tokens.text, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(1, 1, -1, -1));
    }
    painter.restore();
}

void SlotKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    int x = 0;
    for (const Entry &entry : std::as_const(m_entries)) {
        paintSwatch(painter, QRectF(x, (height() - swatch) / 2, swatch, swatch), entry.mark);
        x += swatch + 6;
        painter.setPen(m_theme.tokens().muted);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, entry.text);
        x += painter.fontMetrics().horizontalAdvance(entry.text) + keySpacing;
    }
    if (m_most.isEmpty())
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    const auto write = [&](const QString &text) {
        painter.setPen(tokens.muted);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += painter.fontMetrics().horizontalAdvance(text) + 6;
    };
    write(tr("none"));
    QLinearGradient shades(x, 0, x + scaleWidth, 0);
    shades.setColorAt(0, mixed(tokens.raised, shardColour(0), 0.12));
    shades.setColorAt(1, shardColour(0));
    painter.fillRect(QRectF(x, (height() - swatch) / 2, scaleWidth, swatch), shades);
    x += scaleWidth + 6;
    write(m_most);
}

} // namespace slotscope
