// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/clientsdelegate.h"

#include "core/models/clientsmodel.h"
#include "ui/shared/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace slotscope {
namespace {

constexpr int boxSize = 15;

} // namespace

ClientsDelegate::ClientsDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_cells(new CellDelegate(theme, this))
{ }

void ClientsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    QStyleOptionViewItem cell = option;
    const QModelIndex box = index.siblingAtColumn(int(ClientsModel::Column::Check));
    if (box.data(Qt::CheckStateRole).toInt() == Qt::Checked)
        cell.state |= QStyle::State_Selected;
    cell.state &= ~QStyle::State_HasFocus; // the focus belongs to the row, not to a cell
    m_cells->paint(painter, cell, index);
    if (index.column() == int(ClientsModel::Column::Check)) {
        paintBox(*painter, option.rect, index);
        return;
    }
    if (!index.data(ClientsModel::GoneRole).toBool())
        return;
    painter->setPen(tokens.muted);
    const int y = option.rect.center().y();
    painter->drawLine(option.rect.left() + 6, y, option.rect.right() - 6, y);
}

void ClientsDelegate::paintBox(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    if (!index.data(ClientsModel::CheckableRole).toBool())
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    const bool isChecked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    QRectF box(0, 0, boxSize, boxSize);
    box.moveCenter(QRectF(rect).center());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(isChecked ? tokens.fill : tokens.line2);
    painter.setBrush(isChecked ? tokens.fill : tokens.bg);
    painter.drawRoundedRect(box, 3, 3);
    if (isChecked) {
        painter.setPen(QPen(tokens.onFill, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(QPolygonF(
            {box.topLeft() + QPointF(3.5, 8), box.topLeft() + QPointF(6.5, 11), box.topLeft() + QPointF(11.5, 4.5)}));
    }
    painter.restore();
}

bool ClientsDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &,
                                  const QModelIndex &index)
{
    if (index.column() != int(ClientsModel::Column::Check) || event->type() != QEvent::MouseButtonRelease
        || static_cast<QMouseEvent *>(event)->button() != Qt::LeftButton)
        return false;
    const bool isChecked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, isChecked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace slotscope
