// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/runstepmodel.h"

#include "core/base/text.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RunStepModel::RunStepModel(QObject *parent) : QAbstractListModel(parent) { }

void RunStepModel::setRun(const RunSnapshotPtr &run, qint64 now)
{
    m_now = now;
    if (!run || !m_run || run->id != m_run->id || run->steps.size() != m_run->steps.size()) {
        beginResetModel();
        m_run = run;
        endResetModel();
        return;
    }
    m_run = run;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int RunStepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_run ? 0 : int(std::min(m_run->steps.size(), m_run->plan->steps.size()));
}

/// The result of a step; for the current step also what it waits for.
QString RunStepModel::note(int row) const
{
    const StepState &step = m_run->steps.at(row);
    if (step.state == StepState::State::Running && !m_run->isOver() && !m_run->waitingFor.isEmpty())
        return tr("waiting for %1").arg(m_run->waitingFor);
    return step.note.isEmpty() && step.state == StepState::State::Pending ? m_run->plan->steps.at(row).risk : step.note;
}

QString RunStepModel::time(const StepState &step) const
{
    if (step.startedAt == 0 || (step.endedAt == 0 && m_run->isOver()))
        return {};
    if (step.endedAt > 0)
        return duration(std::max<qint64>(0, step.endedAt - step.startedAt));
    const qint64 seconds = std::max<qint64>(0, m_now - step.startedAt) / 1000;
    return seconds > 0 ? duration(seconds * 1000) : QString();
}

QVariant RunStepModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const StepState &step = m_run->steps.at(index.row());
    const RunWord word = stepWord(step.state, *m_run);
    const QString title = m_run->plan->steps.at(index.row()).title;
    switch (role) {
    case Qt::DisplayRole: return title;
    case MarkRole: return word.mark;
    case ToneRole: return int(word.tone);
    case StateWordRole: return word.text;
    case NoteRole: return note(index.row());
    case TimeRole: return time(step);
    case CurrentRole: return step.state == StepState::State::Running && !m_run->isOver();
    case Qt::AccessibleTextRole:
        return tr("Step %1, %2: %3. %4").arg(index.row() + 1).arg(word.text, title, note(index.row()));
    default: return {};
    }
}

} // namespace slotscope
