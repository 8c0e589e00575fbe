// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/tree.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>

namespace slotscope {

/// A decoded structure with name, value and type. The children of an entry are looked up when it is opened. GUI thread.
class FormatTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormatTreeModel)
public:
    explicit FormatTreeModel(QObject *parent = nullptr) : QAbstractItemModel(parent) { }
    void setTree(std::shared_ptr<const FormatTree> tree); ///< null: empty

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] const QList<quint32> &childrenOf(quint32 node) const;
    [[nodiscard]] static QString valueText(const FormatNode &node, qsizetype children);

    std::shared_ptr<const FormatTree> m_tree;
    mutable QHash<quint32, QList<quint32>> m_children;
    mutable QHash<quint32, int> m_rows; ///< row of each node among its siblings
};

} // namespace slotscope
