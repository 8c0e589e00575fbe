// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/keydelegate.h"

#include "core/base/text.h"
#include "core/models/keyrowsmodel.h"
#include "core/models/tableroles.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int leftMargin = 8, indent = 16, chevronWidth = 18, iconWidth = 24, rightMargin = 10;
constexpr int barWidth = 44, barColumn = 54;

} // namespace

KeyDelegate::KeyDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

QPair<int, int> KeyDelegate::chevronAt(int depth)
{
    const int left = leftMargin + depth * indent;
    return {left, left + chevronWidth};
}

void KeyDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, tokens.raised);
    if (option.state & QStyle::State_HasFocus)
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()), tokens.accentMark);
    if (index.column() == int(KeyRowsModel::Column::Key)) {
        if (index.data(KeyRowsModel::IsFolderRole).toBool())
            paintFolder(painter, option.rect, index);
        else
            paintKey(painter, option.rect, index);
    } else {
        painter->setFont(Theme::textFont());
        painter->setPen(index.data(ToneRole).toInt() == int(Tone::Bad) ? tokens.error : tokens.muted);
        const QRect area = option.rect.adjusted(4, 0, -rightMargin, 0);
        painter->drawText(
            area, int(Qt::AlignVCenter | Qt::AlignRight),
            QFontMetrics(Theme::textFont()).elidedText(index.data().toString(), Qt::ElideRight, area.width()));
    }
    painter->restore();
}

void KeyDelegate::paintFolder(QPainter *painter, QRect area, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const bool open = index.data(KeyRowsModel::ExpandedRole).toBool();
    const qreal ratio = painter->device()->devicePixelRatioF();
    const auto [left, right] = chevronAt(index.data(KeyRowsModel::DepthRole).toInt());
    const int middle = area.center().y();
    painter->drawPixmap(area.left() + left, middle - 6,
                        tintedPixmap(open ? u"chevron-down"_s : u"chevron-right"_s, tokens.muted, 13, ratio));
    painter->drawPixmap(area.left() + right, middle - 8,
                        tintedPixmap(open ? u"folder-open"_s : u"folder"_s, tokens.muted, 16, ratio));
    const QString count = groupedNumber(qint64(index.data(KeyRowsModel::CountRole).toULongLong()));
    painter->setFont(Theme::textFont());
    painter->setPen(tokens.text);
    const int countLeft = area.right() - rightMargin - QFontMetrics(Theme::textFont()).horizontalAdvance(count);
    painter->drawText(QRect(countLeft, area.top(), area.right() - rightMargin - countLeft, area.height()),
                      Qt::AlignVCenter | Qt::AlignRight, count);
    int textRight = countLeft - 8;
    if (area.width() > 240) { // the share bar is left out if the row is narrow
        const double share = index.data(KeyRowsModel::ShareRole).toDouble();
        const QRectF bar(std::min(countLeft - 8, area.right() - rightMargin - barColumn) - barWidth, middle - 2,
                         barWidth, 4);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(tokens.grid);
        painter->drawRoundedRect(bar, 2, 2);
        painter->setBrush(tokens.mutedMark);
        painter->drawRoundedRect(QRectF(bar.left(), bar.top(), std::max(2.0, bar.width() * share), 4), 2, 2);
        textRight = int(bar.left()) - 6;
    }
    area.setLeft(area.left() + right + iconWidth);
    area.setRight(textRight);
    QString label = index.data(KeyRowsModel::LabelRole).toString();
    painter->setFont(Theme::monoFont());
    painter->setPen(label.isEmpty() ? tokens.faint : tokens.text);
    if (label.isEmpty())
        label = KeyRowsModel::tr("(empty)");
    painter->drawText(area, Qt::AlignVCenter,
                      QFontMetrics(Theme::monoFont()).elidedText(label, Qt::ElideMiddle, area.width()));
}

void KeyDelegate::paintKey(QPainter *painter, QRect area, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const auto [left, right] = chevronAt(index.data(KeyRowsModel::DepthRole).toInt());
    const int badge = area.left() + right - (left == leftMargin ? chevronWidth : 0) + (left == leftMargin ? 16 : 0);
    paintTypeBadge(*painter, QRectF(badge, area.center().y() - 9, 18, 18),
                   index.data(KeyRowsModel::TypeRole).toByteArray(), m_theme);
    area.setLeft(badge + iconWidth);
    area.setRight(area.right() - 4);
    if (m_isFavourite && m_isFavourite(index.data(KeyRowsModel::NameRole).toByteArray())) {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(area.right() - 14, area.center().y() - 6,
                            tintedPixmap(u"star"_s, tokens.warnMark, 13, ratio));
        area.setRight(area.right() - 20);
    }
    QString label = index.data(KeyRowsModel::LabelRole).toString();
    painter->setFont(Theme::monoFont());
    painter->setPen(label.isEmpty() ? tokens.faint : tokens.text);
    if (label.isEmpty())
        label = KeyRowsModel::tr("(empty)");
    else if (label.trimmed().isEmpty()) // a name of spaces only is shown in quotes
        label = u'"' + label + u'"';
    painter->drawText(area, Qt::AlignVCenter,
                      QFontMetrics(Theme::monoFont()).elidedText(label, Qt::ElideMiddle, area.width()));
}

} // namespace slotscope
