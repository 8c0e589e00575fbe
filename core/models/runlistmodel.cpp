// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/runlistmodel.h"

#include "core/base/text.h"
#include "core/models/operationwords.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RunListModel::RunListModel(QObject *parent) : QAbstractListModel(parent), m_now(QDateTime::currentMSecsSinceEpoch()) { }

RunListModel::Group RunListModel::groupOf(const RunSnapshot &run)
{
    return !run.isOver() ? Group::Running : isUnfinished(run) ? Group::Unfinished : Group::Over;
}

QString RunListModel::groupName(Group group)
{
    switch (group) {
    case Group::Running: return tr("Running");
    case Group::Unfinished: return tr("Unfinished");
    case Group::Over: return tr("History");
    }
    return {};
}

bool RunListModel::comesBefore(const RunSnapshot &a, const RunSnapshot &b)
{
    const Group first = groupOf(a), second = groupOf(b);
    if (first != second)
        return first < second;
    return a.startedAt != b.startedAt ? a.startedAt > b.startedAt : a.id > b.id;
}

int RunListModel::rowOf(const QString &id) const
{
    const auto it =
        std::find_if(m_runs.begin(), m_runs.end(), [&id](const RunSnapshotPtr &run) { return run->id == id; });
    return it == m_runs.end() ? -1 : int(it - m_runs.begin());
}

void RunListModel::update(const RunSnapshotPtr &run)
{
    const auto before = [](const RunSnapshotPtr &a, const RunSnapshotPtr &b) { return comesBefore(*a, *b); };
    const int row = rowOf(run->id);
    if (row < 0) {
        const int at = int(std::lower_bound(m_runs.begin(), m_runs.end(), run, before) - m_runs.begin());
        beginInsertRows({}, at, at);
        m_runs.insert(at, run);
        endInsertRows();
        return;
    }
    QList<RunSnapshotPtr> others = m_runs;
    others.removeAt(row);
    const int at = int(std::lower_bound(others.begin(), others.end(), run, before) - others.begin());
    if (at != row) {
        beginMoveRows({}, row, row, {}, at > row ? at + 1 : at);
        m_runs.move(row, at);
        endMoveRows();
    }
    m_runs[at] = run;
    Q_EMIT dataChanged(index(at), index(at));
}

void RunListModel::setView(const ClusterViewPtr &view)
{
    const size_t nodes = view ? view->nodes.size() : 0;
    const bool sameNodes = m_view && view && nodes == m_nodes
        && std::equal(view->nodes.begin(), view->nodes.end(), m_view->nodes.begin(),
                      [](const NodeState &a, const NodeState &b) { return a.id == b.id; });
    m_view = view;
    m_nodes = nodes;
    if (!sameNodes && !m_runs.isEmpty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {ThisClusterRole});
}

void RunListModel::tick(qint64 now)
{
    m_now = now;
    for (int row = 0; row < rowCount() && !m_runs.at(row)->isOver(); ++row)
        Q_EMIT dataChanged(index(row), index(row), {FactsRole});
}

int RunListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_runs.size());
}

QString RunListModel::facts(const RunSnapshot &run) const
{
    QStringList parts{whenText(run.startedAt, m_now)};
    if (const qint64 ran = ranForMs(run, m_now); ran >= (run.isOver() ? 0 : 1000))
        parts << duration(run.isOver() ? ran : ran / 1000 * 1000);
    parts << run.cluster << run.who;
    return parts.join(u" · "_s);
}

QVariant RunListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunSnapshot &run = *m_runs.at(index.row());
    const RunWord word = runWord(run);
    switch (role) {
    case Qt::DisplayRole: return run.plan->title;
    case RunIdRole: return run.id;
    case GroupRole: return int(groupOf(run));
    case StateRole: return int(run.state);
    case MarkRole: return word.mark;
    case ToneRole: return int(word.tone);
    case StateWordRole: return run.isOver() ? word.text : tr("%1 · %2 %").arg(word.text).arg(int(doneShare(run) * 100));
    case ShareRole: return doneShare(run);
    case FactsRole: return facts(run);
    case SearchRole:
        return QStringList{run.plan->title, run.id,  word.text,
                           run.cluster,     run.who, operationTitle(run.plan->operation)}
            .join(u' ');
    case ThisClusterRole: return m_view && touchesNodesOf(run, *m_view);
    case Qt::AccessibleTextRole: return tr("%1, %2, %3").arg(run.plan->title, word.text, facts(run));
    default: return {};
    }
}

} // namespace slotscope
