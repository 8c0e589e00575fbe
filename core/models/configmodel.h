// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/configcomparison.h"
#include "core/models/tableroles.h"

#include <QAbstractTableModel>
#include <QSet>
#include <QTimer>

namespace slotscope {

/// The settings of all nodes as a table: groups that can be collapsed, a row per setting, a column per node. If there
/// are more nodes than columns, nodes that differ get one, and the last column stands for the others.
class ConfigModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfigModel)
public:
    enum Column : int { Setting, Default, Most, FirstNode };
    enum Role : int {
        GroupRole = Qt::UserRole + 60,
        FoldedRole,
        DiffersRole,
        ChangedRole,
        HeaderShardRole,
        HeaderBadgeRole
    };
    enum class Shown : int { All, Different, Changed };

    explicit ConfigModel(QObject *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void take(const NodeConfig &config);
    void clear();
    void setFilter(Shown shown, const QString &words);
    void setMostNodeColumns(int most); ///< as many as fit, at least one
    void setFolded(int row, bool folded);
    void setFoldedGroups(const QStringList &groups);
    [[nodiscard]] QStringList foldedGroups() const;

    [[nodiscard]] const ConfigComparison &comparison() const { return m_comparison; }
    [[nodiscard]] const std::vector<NodeConfig> &nodes() const { return m_nodes; } ///< in the order of the view
    [[nodiscard]] const SettingRow *rowAt(int row) const; ///< null: a group, or no such row
    [[nodiscard]] int rowOf(const QByteArray &setting) const; ///< -1: not shown
    /// for each node column, the index into nodes()
    [[nodiscard]] const QList<int> &nodeColumns() const { return m_columns; }
    [[nodiscard]] int hiddenNodes() const { return int(m_nodes.size()) - int(m_columns.size()); }
    [[nodiscard]] int nodesRead() const;
    [[nodiscard]] bool isUntouched() const; ///< no node has returned anything, not even an error
    [[nodiscard]] qint64 readAt() const; ///< time of the oldest reading in ms since 1970; 0: none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    /// Exports the shown settings with exact values of all nodes, as a separate table.
    [[nodiscard]] QByteArray exported(bool asJson) const;

Q_SIGNALS:
    void compared(); ///< the comparison of all nodes was updated

private:
    struct Line
    {
        SettingInfo::Group group;
        int row = -1; ///< row of the comparison; -1: the group itself
    };
    void compare();
    void layOut(bool isSameShape);
    [[nodiscard]] bool passes(const SettingRow &row) const;
    [[nodiscard]] QList<int> chooseColumns() const;
    [[nodiscard]] QString text(const SettingRow &row, int column) const;
    [[nodiscard]] QString groupText(SettingInfo::Group group) const;
    [[nodiscard]] QString toolTip(const SettingRow &row, int column) const;
    [[nodiscard]] int hiddenDiffering(const SettingRow &row) const;

    ClusterViewPtr m_view;
    std::vector<NodeConfig> m_nodes;
    ConfigComparison m_comparison;
    std::vector<Line> m_lines;
    QList<int> m_columns;
    QSet<int> m_folded; ///< collapsed groups
    Shown m_shown = Shown::All;
    QStringList m_words;
    int m_mostColumns = 8;
    static constexpr int gatherMs = 80;
    QTimer m_gathering; ///< delays the comparison
};

} // namespace slotscope
