// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/rowsview.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RowsView::RowsView(QWidget *parent, QHeaderView *header)
    : QAbstractItemView(parent), m_header(header ? header : new QHeaderView(Qt::Horizontal, this))
{
    m_header->setParent(this);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    m_header->setHighlightSections(false);
    m_header->setSectionsClickable(true);
    m_header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(m_header, &QHeaderView::sectionResized, viewport(), qOverload<>(&QWidget::update));
    connect(m_header, &QHeaderView::geometriesChanged, this, &RowsView::updateGeometries);
}

void RowsView::setModel(QAbstractItemModel *model)
{
    for (const QMetaObject::Connection &connection : std::as_const(m_connections))
        disconnect(connection);
    m_connections.clear();
    QAbstractItemView::setModel(model);
    m_header->setModel(model);
    if (model) {
        m_connections = {connect(model, &QAbstractItemModel::rowsRemoved, this, &RowsView::layOutAgain),
                         connect(model, &QAbstractItemModel::layoutChanged, this, &RowsView::layOutAgain)};
    }
    layOutAgain();
}

void RowsView::setRowHeight(int pixels)
{
    m_rowHeight = pixels;
    layOutAgain();
}

void RowsView::setHeaderHeight(int pixels)
{
    m_headerHeight = pixels;
    layOutAgain();
}

int RowsView::rows() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int RowsView::rowsOnScreen() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

int RowsView::firstVisible() const
{
    return verticalScrollBar()->value();
}

int RowsView::lastVisible() const
{
    const int shown = (viewport()->height() + m_rowHeight - 1) / m_rowHeight;
    return std::min(rows(), firstVisible() + shown) - 1;
}

int RowsView::rowAt(int y) const
{
    const int row = firstVisible() + (y < 0 ? (y - m_rowHeight + 1) / m_rowHeight : y / m_rowHeight);
    return row >= 0 && row < rows() ? row : -1;
}

QList<QPair<int, int>> RowsView::selectedRanges() const
{
    QList<QPair<int, int>> ranges;
    if (!selectionModel())
        return ranges;
    for (const QItemSelectionRange &range : selectionModel()->selection())
        if (range.isValid())
            ranges.append({range.top(), range.bottom()});
    std::sort(ranges.begin(), ranges.end());
    return ranges;
}

QRect RowsView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    return {m_header->sectionViewportPosition(index.column()), (index.row() - firstVisible()) * m_rowHeight,
            m_header->sectionSize(index.column()), m_rowHeight};
}

QModelIndex RowsView::indexAt(const QPoint &point) const
{
    const int row = rowAt(point.y());
    const int column = m_header->logicalIndexAt(point.x());
    return row < 0 || !model() ? QModelIndex() : model()->index(row, std::max(0, column), rootIndex());
}

void RowsView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int first = firstVisible(), shown = rowsOnScreen(), row = index.row();
    QScrollBar *bar = verticalScrollBar();
    if (hint == PositionAtCenter)
        bar->setValue(row - shown / 2);
    else if (hint == PositionAtTop || row < first)
        bar->setValue(row);
    else if (hint == PositionAtBottom || row >= first + shown)
        bar->setValue(row - shown + 1);
}

void RowsView::reset()
{
    QAbstractItemView::reset();
    layOutAgain();
}

void RowsView::doItemsLayout()
{
    QAbstractItemView::doItemsLayout();
    layOutAgain();
}

void RowsView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    layOutAgain();
}

void RowsView::layOutAgain()
{
    updateGeometries();
    viewport()->update();
    tellVisible();
}

void RowsView::updateGeometries()
{
    const int height = m_header->isHidden() ? 0 : m_headerHeight;
    setViewportMargins(0, height, 0, 0);
    m_header->setGeometry(viewport()->geometry().left(), viewport()->geometry().top() - height, viewport()->width(),
                          height);
    QScrollBar *bar = verticalScrollBar();
    bar->setSingleStep(1);
    bar->setPageStep(rowsOnScreen());
    bar->setRange(0, std::max(0, rows() - rowsOnScreen()));
    QAbstractItemView::updateGeometries();
}

void RowsView::tellVisible()
{
    Q_EMIT visibleRowsChanged(firstVisible(), lastVisible());
}

void RowsView::resizeEvent(QResizeEvent *event)
{
    QAbstractItemView::resizeEvent(event);
    layOutAgain();
}

void RowsView::scrollContentsBy(int, int)
{
    viewport()->update();
    updateEditorGeometries();
    tellVisible();
}

bool RowsView::viewportEvent(QEvent *event)
{
    int hovered = m_hovered;
    if (event->type() == QEvent::MouseMove)
        hovered = rowAt(static_cast<QMouseEvent *>(event)->position().toPoint().y());
    else if (event->type() == QEvent::Leave)
        hovered = -1;
    if (std::exchange(m_hovered, hovered) != hovered)
        viewport()->update();
    return QAbstractItemView::viewportEvent(event);
}

void RowsView::paintEvent(QPaintEvent *event)
{
    if (!model())
        return;
    QPainter painter(viewport());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QModelIndex current = currentIndex();
    const int first = std::max(0, rowAt(event->rect().top())), last = lastVisible();
    for (int row = first; row <= last; ++row) {
        for (int visual = 0; visual < m_header->count(); ++visual) {
            const int column = m_header->logicalIndex(visual);
            if (m_header->isSectionHidden(column))
                continue;
            const QModelIndex index = model()->index(row, column, rootIndex());
            option.rect = visualRect(index);
            if (!option.rect.intersects(event->rect()))
                continue;
            option.state = QStyle::State_Enabled;
            option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
            option.state.setFlag(QStyle::State_MouseOver, row == m_hovered);
            option.state.setFlag(QStyle::State_HasFocus, hasFocus() && current.row() == row && visual == 0);
            itemDelegateForIndex(index)->paint(&painter, option, index);
        }
    }
}

int RowsView::horizontalOffset() const
{
    return m_header->offset();
}

int RowsView::verticalOffset() const
{
    return firstVisible() * m_rowHeight;
}

bool RowsView::isIndexHidden(const QModelIndex &index) const
{
    return m_header->isSectionHidden(index.column());
}

QModelIndex RowsView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int count = rows();
    if (count == 0)
        return {};
    const QModelIndex current = currentIndex();
    int row = current.isValid() ? current.row() : 0;
    int column = std::max(0, current.column());
    switch (action) {
    case MoveUp: row -= current.isValid() ? 1 : 0; break;
    case MoveDown: row += current.isValid() ? 1 : 0; break;
    case MovePageUp: row -= rowsOnScreen(); break;
    case MovePageDown: row += rowsOnScreen(); break;
    case MoveHome: row = 0; break;
    case MoveEnd: row = count - 1; break;
    case MoveNext: column = std::min(m_header->count() - 1, column + 1); break;
    case MovePrevious: column = std::max(0, column - 1); break;
    case MoveLeft:
    case MoveRight: break;
    }
    return model()->index(std::clamp(row, 0, count - 1), column, rootIndex());
}

void RowsView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    const int count = rows();
    if (count == 0 || !selectionModel())
        return;
    const auto clamped = [this, count](int y) {
        const int row = firstVisible() + (y < 0 ? (y - m_rowHeight + 1) / m_rowHeight : y / m_rowHeight);
        return std::clamp(row, 0, count - 1);
    };
    const int top = clamped(std::min(rect.top(), rect.bottom())), bottom = clamped(std::max(rect.top(), rect.bottom()));
    const QItemSelection rowsOf(model()->index(top, 0, rootIndex()),
                                model()->index(bottom, model()->columnCount(rootIndex()) - 1, rootIndex()));
    selectionModel()->select(rowsOf, command);
}

QRegion RowsView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    const int first = firstVisible(), last = lastVisible();
    for (const QItemSelectionRange &range : selection) {
        const int top = std::max(first, range.top()), bottom = std::min(last, range.bottom());
        if (top <= bottom)
            region += QRect(0, (top - first) * m_rowHeight, viewport()->width(), (bottom - top + 1) * m_rowHeight);
    }
    return region;
}

void RowsView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QAbstractItemView::currentChanged(current, previous);
    tellPart(this);
}

QString RowsView::spokenPart() const
{
    const QModelIndex current = currentIndex();
    QStringList cells;
    for (int visual = 0; current.isValid() && visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        if (m_header->isSectionHidden(column))
            continue;
        const QModelIndex index = current.siblingAtColumn(column);
        QString text = index.data(Qt::AccessibleTextRole).toString();
        if (text.isEmpty())
            text = index.data().toString();
        const QString title = model()->headerData(column, Qt::Horizontal).toString();
        if (!text.isEmpty())
            cells.append(title.isEmpty() ? text : title + u": "_s + text);
    }
    return cells.join(u", "_s);
}

QRect RowsView::spokenPartRect() const
{
    const QModelIndex current = currentIndex();
    return current.isValid()
        ? QRect(0, (current.row() - firstVisible()) * m_rowHeight, viewport()->width(), m_rowHeight)
        : QRect();
}

void RowsView::keyPressEvent(QKeyEvent *event)
{
    const QModelIndex current = currentIndex();
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && current.isValid() && state() != EditingState
        && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        Q_EMIT foldRequested(current.row(), event->key() == Qt::Key_Right);
        event->accept();
        return;
    }
    QAbstractItemView::keyPressEvent(event);
}

} // namespace slotscope
