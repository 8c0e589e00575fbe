// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QAbstractListModel>

namespace slotscope {

/// The runs: what runs first, then what was left unfinished, then the rest; newest first in each group. Rows are
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
        MarkRole, ///< the state as a shape
        StateWordRole, ///< the state as a word; of what runs: how far it is
        ShareRole, ///< 0 … 1
        FactsRole, ///< cluster, when, who, how long, in one line
        SearchRole, ///< all words that a filter looks at
        ThisClusterRole, ///< bool: about nodes of the view
    };

    explicit RunListModel(QObject *parent = nullptr);
    void update(const slotscope::RunSnapshotPtr &run); ///< one is new or has changed
    void setView(const slotscope::ClusterViewPtr &view); ///< whose runs are "of this cluster"; may be null
    void tick(qint64 now); ///< durations of what runs; ms since 1970

    [[nodiscard]] const RunSnapshotPtr &runAt(int row) const { return m_runs.at(row); }
    [[nodiscard]] int rowOf(const QString &id) const; ///< -1 where unknown
    [[nodiscard]] static Group groupOf(const RunSnapshot &run);
    [[nodiscard]] static QString groupName(Group group);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] static bool comesBefore(const RunSnapshot &a, const RunSnapshot &b);
    [[nodiscard]] QString facts(const RunSnapshot &run) const;

    QList<RunSnapshotPtr> m_runs;
    ClusterViewPtr m_view;
    size_t m_nodes = 0; ///< of the view when rows were last told
    qint64 m_now;
};

} // namespace slotscope
