// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace slotscope {

class Theme;

/// Paints cells of a collection, with a bar before a changed row and the old value in grey in its cell.
class ElementDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElementDelegate)
public:
    explicit ElementDelegate(const Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Fills the editor only once, so that a new reading of the row does not replace the input.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    /// Writes to the element for which the editor was opened, even if its row has moved.
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

Q_SIGNALS:
    void refused(const QString &why) const; ///< the input cannot be used; after Enter or Tab, the editor stays open

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
