// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableexport.h"

#include <QSortFilterProxyModel>
#include <QTableView>

class QMenu;
class QSettings;

namespace slotscope {

class Theme;

/// Sorts by SortRole with unknown values last, and filters by words that all have to occur in some column.
class TableProxy final : public QSortFilterProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TableProxy)
public:
    explicit TableProxy(QObject *parent = nullptr);
    void setWords(const QString &text);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
};

/// Table used everywhere in the program: sorting, filter, choice of columns, copy and export, all accessible by
/// keyboard.
class TableView final : public QTableView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TableView)
public:
    explicit TableView(const Theme &theme, QWidget *parent = nullptr);

    void setSource(QAbstractItemModel *model);
    [[nodiscard]] TableProxy *proxy() const { return m_proxy; }
    void setFilterText(const QString &text);
    void setColumnShown(int column, bool shown);

    /// The selected rows, or all, in the displayed order, with the visible columns.
    [[nodiscard]] QByteArray exported(TableFormat format, bool selectionOnly = false) const;
    void copyAs(TableFormat format) const;
    void addCopyActions(QMenu *menu);
    /// Row of the source model; -1: none.
    [[nodiscard]] int currentSourceRow() const;
    void selectSourceRow(int row);

    void saveState(QSettings &settings, const QString &key) const;
    void restoreState(const QSettings &settings, const QString &key);

Q_SIGNALS:
    void rowChosen(int sourceRow); ///< the current row has changed; -1: none
    void menuRequested(QMenu *menu, int sourceRow); ///< emitted before the context menu opens, to add entries

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void openHeaderMenu(const QPoint &position);

    TableProxy *m_proxy;
};

} // namespace slotscope
