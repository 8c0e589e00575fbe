// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/runwords.h"

#include <QAbstractListModel>

namespace slotscope {

/// The steps of one run: symbol, title, note and time. Rows change in place while the run is the same.
class RunStepModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunStepModel)
public:
    enum Role : int {
        MarkRole = Qt::UserRole + 100,
        StateWordRole,
        NoteRole,
        TimeRole, ///< duration, or time so far
        CurrentRole, ///< bool: in progress
    };
    explicit RunStepModel(QObject *parent = nullptr);
    void setRun(const slotscope::RunSnapshotPtr &run, qint64 now); ///< null: no rows

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString note(int row) const;
    [[nodiscard]] QString time(const StepState &step) const;

    RunSnapshotPtr m_run;
    qint64 m_now = 0;
};

} // namespace slotscope
