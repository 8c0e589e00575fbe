// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"

#include <QAbstractItemView>

class QHeaderView;

namespace slotscope {

/// A table for any number of rows of equal height: it asks its model only for visible rows, while Qt's own views store
/// something for each row. It selects whole rows.
class RowsView final : public QAbstractItemView, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RowsView)
public:
    /// `header` replaces the plain header; the view takes ownership.
    explicit RowsView(QWidget *parent = nullptr, QHeaderView *header = nullptr);

    void setModel(QAbstractItemModel *model) override;
    [[nodiscard]] QHeaderView *header() const { return m_header; }
    void setRowHeight(int pixels);
    void setHeaderHeight(int pixels);
    [[nodiscard]] int rowHeight() const { return m_rowHeight; }
    /// Visible rows; the last one is -1 if there are none.
    [[nodiscard]] int firstVisible() const;
    [[nodiscard]] int lastVisible() const;
    [[nodiscard]] bool isEditing() const { return state() == EditingState; } ///< a cell is being edited
    /// The selected rows as ranges, in ascending order.
    [[nodiscard]] QList<QPair<int, int>> selectedRanges() const;

    [[nodiscard]] QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    [[nodiscard]] QModelIndex indexAt(const QPoint &point) const override;
    void reset() override;
    void doItemsLayout() override;
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Table; }
    [[nodiscard]] QString spokenPart() const override; ///< the current row: its cells with their column titles
    [[nodiscard]] QRect spokenPartRect() const override;
    [[nodiscard]] QAccessible::Role spokenPartRole() const override { return QAccessible::Row; }

Q_SIGNALS:
    void visibleRowsChanged(int first, int last);
    /// The row shall be expanded or collapsed (Right, Left) or opened (Enter, double click).
    void foldRequested(int row, bool open);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void updateGeometries() override;
    bool viewportEvent(QEvent *event) override;
    [[nodiscard]] int horizontalOffset() const override;
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] bool isIndexHidden(const QModelIndex &index) const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void tellVisible();
    void layOutAgain();
    [[nodiscard]] int rows() const;
    [[nodiscard]] int rowsOnScreen() const;
    [[nodiscard]] int rowAt(int y) const;

    QHeaderView *m_header;
    int m_rowHeight = 26, m_headerHeight = 30;
    int m_hovered = -1;
    QList<QMetaObject::Connection> m_connections;
};

} // namespace slotscope
