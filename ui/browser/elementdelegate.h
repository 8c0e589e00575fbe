// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace slotscope {

class Theme;

/// Cells of a collection: as every table's, with a bar before a changed row and the old value in grey in its cell.
class ElementDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElementDelegate)
public:
    explicit ElementDelegate(const Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Once: what is typed is not replaced when the row is read again.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    /// To the element that the editor was opened on, wherever its row is by then.
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
