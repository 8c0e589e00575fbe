// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QAbstractListModel>

namespace slotscope {

/// The list of runs: active ones first, then unfinished ones, then the rest; newest first in each group. Rows are
/// changed and moved in place.
class RunListModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunListModel)
public:
    enum class Group : int { Running, Unfinished, Over };
    enum Role : int {
        RunIdRole = Qt::UserRole + 100,
        GroupRole, ///< a Group as int
        StateRole, ///< a RunState as int
        MarkRole, ///< the state as a symbol
        StateWordRole, ///< the state as a word; progress for an active run
        ShareRole, ///< 0 … 1
        FactsRole, ///< cluster, time, user and duration in one line
        SearchRole, ///< all text that the filter searches
        ThisClusterRole, ///< bool: concerns nodes of the current view
    };

    explicit RunListModel(QObject *parent = nullptr);
    void update(const slotscope::RunSnapshotPtr &run); ///< adds or changes one run
    /// runs on nodes of this view are "of this cluster"; may be null
    void setView(const slotscope::ClusterViewPtr &view);
    void tick(qint64 now); ///< updates durations of active runs; ms since 1970

    [[nodiscard]] const RunSnapshotPtr &runAt(int row) const { return m_runs.at(row); }
    [[nodiscard]] int rowOf(const QString &id) const; ///< -1 if unknown
    [[nodiscard]] static Group groupOf(const RunSnapshot &run);
    [[nodiscard]] static QString groupName(Group group);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] static bool comesBefore(const RunSnapshot &a, const RunSnapshot &b);
    [[nodiscard]] QString facts(const RunSnapshot &run) const;

    QList<RunSnapshotPtr> m_runs;
    ClusterViewPtr m_view;
    size_t m_nodes = 0; ///< number of nodes in the view at the last update of all rows
    qint64 m_now;
};

} // namespace slotscope
