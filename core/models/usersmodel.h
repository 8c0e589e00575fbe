// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/aclusers.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>
#include <QTimer>

namespace slotscope {

/// The ACL users of all nodes, one per row, as most nodes define them.
class UsersModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UsersModel)
public:
    enum class Column : int { User, State, Password, Commands, Keys, Channels, Nodes, Count_ };
    explicit UsersModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void take(const NodeUsers &users);
    void clear();
    void setFilter(bool onlyDifferent, const QString &words);
    [[nodiscard]] const std::vector<NodeUsers> &nodes() const { return m_nodes; }
    [[nodiscard]] const std::vector<UserRow> &all() const { return m_rows; }
    [[nodiscard]] const UserRow *rowAt(int row) const; ///< null: no such row
    [[nodiscard]] const UserRow *find(const QByteArray &user) const; ///< null: no node has this user
    [[nodiscard]] int rowOf(const QByteArray &user) const; ///< -1: not shown
    [[nodiscard]] int different() const;
    [[nodiscard]] int nodesRead() const;
    [[nodiscard]] bool isUntouched() const; ///< no node has returned anything, not even an error
    [[nodiscard]] QByteArrayList nodesThatAnswered() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void compared();

private:
    void compare();
    void layOut();

    std::vector<NodeUsers> m_nodes;
    std::vector<UserRow> m_rows;
    std::vector<int> m_shown; ///< indices into m_rows
    bool m_onlyDifferent = false;
    QStringList m_words;
    static constexpr int gatherMs = 80;
    QTimer m_gathering; ///< delays the comparison
};

/// How many nodes have the user: "6 of 6", "≠ 1 differs, 2 without it".
[[nodiscard]] QString userNodesText(const UserRow &row);

} // namespace slotscope
