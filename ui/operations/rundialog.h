// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"

#include <QDialog>

namespace slotscope {

class RunView;
class Theme;

/// Shows an operation whose connection is closed, to watch, pause and stop it.
class RunDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunDialog)
public:
    /// Theme and door must outlive the dialog.
    RunDialog(const Theme &theme, OperationsDoor &door, const QString &runId, QWidget *parent);
    [[nodiscard]] RunView *runView() const { return m_view; }

private:
    void showRun(const slotscope::RunSnapshotPtr &run);

    OperationsDoor &m_door;
    QString m_id;
    RunView *m_view;
};

} // namespace slotscope
