// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/configdelegate.h"

#include "core/models/configmodel.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int configMargin = 8, nameIndent = 26;

} // namespace

ConfigDelegate::ConfigDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

void ConfigDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    else if (index.data(ConfigModel::DiffersRole).toBool())
        painter->fillRect(option.rect.adjusted(0, 0, 0, -1), tokens.warnBg);
    painter->setPen(tokens.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(tokens.accent);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    if (index.data(ConfigModel::GroupRole).toBool()) {
        if (index.column() == ConfigModel::Setting)
            paintGroup(*painter, option, index);
        painter->restore();
        return;
    }
    const bool differs = index.data(ConfigModel::DiffersRole).toBool();
    const auto tone = Tone(index.data(ToneRole).toInt());
    QFont font = Theme::monoFont();
    if (index.data(ConfigModel::ChangedRole).toBool())
        font.setBold(true);
    painter->setFont(font);
    painter->setPen(differs ? tokens.warn : tone == Tone::Muted ? tokens.muted : tokens.text);
    const bool isName = index.column() == ConfigModel::Setting;
    const QRect area = option.rect.adjusted(isName ? nameIndent : configMargin, 0, -configMargin, 0);
    const QString text =
        QFontMetrics(font).elidedText(index.data().toString(), isName ? Qt::ElideMiddle : Qt::ElideRight, area.width());
    painter->drawText(area, int((isName ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter), text);
    painter->restore();
}

/// Paints the group's title across the neighbouring columns, which are empty.
void ConfigDelegate::paintGroup(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const bool isFolded = index.data(ConfigModel::FoldedRole).toBool();
    const QPointF middle(option.rect.left() + 14, option.rect.center().y() + 0.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.muted, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (isFolded)
        painter.drawPolyline(
            QPolygonF({middle + QPointF(-2, -3.5), middle + QPointF(1.5, 0), middle + QPointF(-2, 3.5)}));
    else
        painter.drawPolyline(
            QPolygonF({middle + QPointF(-3.5, -2), middle + QPointF(0, 1.5), middle + QPointF(3.5, -2)}));
    QRect area = option.rect.adjusted(nameIndent, 0, 0, 0);
    const QStringList parts = index.data().toString().split(QStringLiteral("  "));
    for (qsizetype i = 0; i < parts.size(); ++i) {
        painter.setFont(i == 0 ? Theme::strongFont() : Theme::smallFont());
        painter.setPen(i == 0 ? tokens.text : i == 1 ? tokens.muted : tokens.warn);
        painter.drawText(area, int(Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip), parts[i]);
        area.setLeft(area.left() + painter.fontMetrics().horizontalAdvance(parts[i]) + 8);
    }
}

} // namespace slotscope
