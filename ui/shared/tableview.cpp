// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/tableview.h"

#include "core/models/tableroles.h"
#include "ui/shared/celldelegate.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>

#include <numeric>

namespace slotscope {

TableProxy::TableProxy(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void TableProxy::setWords(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

QVariant TableProxy::data(const QModelIndex &index, int role) const
{
    const QVariant value = QSortFilterProxyModel::data(index, role);
    return role == Qt::ToolTipRole ? QVariant(plainToolTip(value.toString())) : value;
}

QVariant TableProxy::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole && orientation == Qt::Horizontal) {
        const bool number = QSortFilterProxyModel::headerData(section, orientation, NumberRole).toBool();
        return int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    }
    return QSortFilterProxyModel::headerData(section, orientation, role);
}

bool TableProxy::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const auto occurs = [this, row, &parent](const QString &word) {
        for (int column = 0; column < sourceModel()->columnCount(parent); ++column) {
            if (sourceModel()->index(row, column, parent).data().toString().contains(word, Qt::CaseInsensitive))
                return true;
        }
        return false;
    };
    return std::all_of(m_words.begin(), m_words.end(), occurs);
}

bool TableProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.isValid() != b.isValid())
        return a.isValid() == (sortOrder() == Qt::AscendingOrder);
    return QSortFilterProxyModel::lessThan(left, right);
}

TableView::TableView(const Theme &theme, QWidget *parent) : QTableView(parent), m_proxy(new TableProxy(this))
{
    QTableView::setModel(m_proxy);
    setItemDelegate(new CellDelegate(theme, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(32);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, &TableView::openHeaderMenu);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { Q_EMIT rowChosen(currentSourceRow()); });
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void TableView::setSource(QAbstractItemModel *model)
{
    m_proxy->setSourceModel(model);
    setSortingEnabled(true);
}

void TableView::setFilterText(const QString &text)
{
    m_proxy->setWords(text);
}

void TableView::setColumnShown(int column, bool shown)
{
    setColumnHidden(column, !shown);
}

QByteArray TableView::exported(TableFormat format, bool selectionOnly) const
{
    QList<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        if (const int column = horizontalHeader()->logicalIndex(visual); !isColumnHidden(column))
            columns.append(column);
    }
    QList<int> rows;
    if (selectionOnly) {
        for (const QModelIndex &index : selectionModel()->selectedRows())
            rows.append(index.row());
        std::sort(rows.begin(), rows.end());
    } else {
        rows.resize(m_proxy->rowCount());
        std::iota(rows.begin(), rows.end(), 0);
    }
    return exportTable(*m_proxy, rows, columns, format);
}

void TableView::copyAs(TableFormat format) const
{
    const bool selectionOnly = selectionModel()->hasSelection();
    QGuiApplication::clipboard()->setText(QString::fromUtf8(exported(format, selectionOnly)));
}

void TableView::addCopyActions(QMenu *menu)
{
    menu->addAction(tr("Copy as text"), this, [this] { copyAs(TableFormat::Text); });
    menu->addAction(tr("Copy as CSV"), this, [this] { copyAs(TableFormat::Csv); });
    menu->addAction(tr("Copy as JSON"), this, [this] { copyAs(TableFormat::Json); });
}

int TableView::currentSourceRow() const
{
    return m_proxy->mapToSource(currentIndex()).row();
}

void TableView::selectSourceRow(int row)
{
    const QModelIndex index = m_proxy->mapFromSource(m_proxy->sourceModel()->index(row, 0));
    if (index.isValid() && index.row() != currentIndex().row())
        selectRow(index.row());
    else if (row < 0)
        clearSelection();
}

void TableView::saveState(QSettings &settings, const QString &key) const
{
    settings.setValue(key, horizontalHeader()->saveState());
}

void TableView::restoreState(const QSettings &settings, const QString &key)
{
    if (const QByteArray state = settings.value(key).toByteArray(); !state.isEmpty())
        horizontalHeader()->restoreState(state);
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyAs(TableFormat::Text);
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    Q_EMIT menuRequested(&menu, currentSourceRow());
    if (!menu.isEmpty())
        menu.addSeparator();
    addCopyActions(&menu);
    menu.exec(event->globalPos());
}

void TableView::openHeaderMenu(const QPoint &position)
{
    QMenu menu(this);
    for (int column = 0; column < m_proxy->columnCount(); ++column) {
        QAction *action = menu.addAction(m_proxy->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            if (on || horizontalHeader()->hiddenSectionCount() < m_proxy->columnCount() - 1)
                setColumnShown(column, on);
        });
    }
    menu.exec(horizontalHeader()->mapToGlobal(position));
}

} // namespace slotscope
