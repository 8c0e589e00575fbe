// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/celldelegate.h"

namespace slotscope {

/// Paints a row of clients: a check box, the cells, and a line through clients that are gone.
class ClientsDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClientsDelegate)
public:
    explicit ClientsDelegate(const Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    void paintBox(QPainter &painter, const QRect &rect, const QModelIndex &index) const;

    const Theme &m_theme;
    CellDelegate *m_cells;
};

} // namespace slotscope
