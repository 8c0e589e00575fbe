// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"
#include "core/profiler/profilertypes.h"

#include <QAbstractTableModel>

namespace slotscope {

/// Groups of lines in a profile. A row keeps its place while it exists.
class ProfileGroupsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProfileGroupsModel)
public:
    enum class Column : int { Group, Lines, Rate, Share, Shards, Count_ };
    explicit ProfileGroupsModel(QObject *parent = nullptr);

    void take(const ProfileSnapshot &profile, ProfileBy by, const ClusterViewPtr &view);
    [[nodiscard]] QByteArray nameAt(int row) const; ///< ProfileGroup::name; empty: no such row
    [[nodiscard]] int rowOf(const QByteArray &name) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const ProfileGroup &row, Column column) const;
    [[nodiscard]] QVariant value(const ProfileGroup &row, Column column) const;
    [[nodiscard]] QVariantList coloursOf(const ProfileGroup &row) const;

    ProfileBy m_by = ProfileBy::CommandAndPrefix;
    std::vector<ProfileGroup> m_rows;
    std::vector<ProfileNode> m_nodes;
    quint64 m_read = 0; ///< number of lines in all groups
    qint64 m_milliseconds = 0;
    ClusterViewPtr m_view;
};

/// The latest lines of a profile, newest first.
class ProfileLinesModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProfileLinesModel)
public:
    enum class Column : int { Time, Node, Words, Client, Count_ };
    explicit ProfileLinesModel(QObject *parent = nullptr);

    void take(const ProfileSnapshot &profile, const ClusterViewPtr &view);
    [[nodiscard]] const ProfileLine *at(int row) const;
    [[nodiscard]] QString nodeName(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const ProfileLine &line, Column column) const;

    std::vector<ProfileLine> m_lines;
    std::vector<ProfileNode> m_nodes;
    ClusterViewPtr m_view;
};

} // namespace slotscope
