// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/twolinedelegate.h"

#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QListWidget>
#include <QPainter>
#include <QTextLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

TwoLineDelegate::TwoLineDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {120, rowHeight};
}

void TwoLineDelegate::dress(QListWidget &list, const Theme &theme)
{
    list.setItemDelegate(new TwoLineDelegate(theme, &list));
    list.setMouseTracking(true);
    list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list.setVerticalScrollMode(QListWidget::ScrollPerPixel);
    connect(&theme, &Theme::changed, list.viewport(), qOverload<>(&QWidget::update));
}

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(option.rect).adjusted(2.5, 1.5, -2.5, -1.5);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    if (selected || focused || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(focused ? QPen(tokens.accent, 1) : QPen(Qt::NoPen));
        const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
        painter->setBrush(selected ? QBrush(tokens.sel) : hovered ? QBrush(tokens.raised) : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(box, 6, 6);
    }
    QRect inner = option.rect.adjusted(12, 5, -12, -5);
    if (const QString icon = index.data(IconRole).toString(); !icon.isEmpty()) {
        const QPixmap pixmap =
            tintedPixmap(icon, selected ? tokens.accent : tokens.muted, 18, painter->device()->devicePixelRatioF());
        painter->drawPixmap(QPoint(inner.left(), inner.center().y() - 8), pixmap);
        inner.setLeft(inner.left() + 30);
    }
    if (const QString trailing = index.data(TrailingRole).toString(); !trailing.isEmpty()) {
        painter->setFont(Theme::smallFont());
        painter->setPen(tokens.muted);
        const int width = std::min(painter->fontMetrics().horizontalAdvance(trailing), inner.width() / 2);
        painter->drawText(QRect(inner.right() - width + 1, inner.top(), width, 18), Qt::AlignVCenter | Qt::AlignRight,
                          trailing);
        inner.setRight(inner.right() - width - 10);
    }
    const QString subtitle = index.data(SubtitleRole).toString();
    const QRect upper = subtitle.isEmpty() ? inner : QRect(inner.left(), inner.top(), inner.width(), 18);
    paintTitle(*painter, upper, index.data(TitleRole).toString(), index.data(EmphasisRole).value<QList<int>>());
    painter->setFont(Theme::smallFont());
    painter->setPen(tokens.muted);
    const QRect lower(inner.left(), inner.top() + 18, option.rect.right() - 12 - inner.left(), inner.height() - 18);
    painter->drawText(lower, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(subtitle, Qt::ElideRight, lower.width()));
    painter->restore();
}

void TwoLineDelegate::paintTitle(QPainter &painter, const QRect &area, const QString &title,
                                 const QList<int> &emphasis) const
{
    const QFont font = emphasis.isEmpty() ? Theme::strongFont() : Theme::textFont();
    const QString shown = QFontMetrics(font).elidedText(title, Qt::ElideMiddle, area.width() - 4);
    QTextLayout layout(shown, font);
    QList<QTextLayout::FormatRange> ranges;
    QTextCharFormat format;
    format.setForeground(m_theme.tokens().accent);
    format.setFontWeight(QFont::Bold);
    for (const int at : emphasis) {
        if (at < shown.size() && shown.at(at) == title.at(at))
            ranges.append({at, 1, format});
    }
    layout.setFormats(ranges);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (line.isValid())
        line.setLineWidth(area.width() + 40);
    layout.endLayout();
    painter.setPen(m_theme.tokens().text);
    painter.save();
    painter.setClipRect(area.adjusted(0, -2, 2, 2));
    layout.draw(&painter, QPointF(area.left(), area.center().y() + 1 - (line.isValid() ? line.height() / 2 : 0)));
    painter.restore();
}

} // namespace slotscope
