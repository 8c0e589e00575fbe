// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"
#include "ui/operations/operationdraft.h"
#include "ui/shared/environment.h"

#include <QDialog>

class QPlainTextEdit;
class QPushButton;

namespace slotscope {

class Theme;

/// From a draft to a run: what is still to be chosen, the plan, the consent, the start. Opened without waiting
/// (open()); the run outlives it.
class OperationWizard final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationWizard)
public:
    /// Theme and door outlive the dialog.
    OperationWizard(const Theme &theme, OperationsDoor &door, ConnectionTarget target, ClusterViewPtr view,
                    Environment environment, OperationDraft draft, QWidget *parent);

    void setView(const slotscope::ClusterViewPtr &view);

Q_SIGNALS:
    void started(const QString &runId);

private:
    void plan();
    void showPlan(const Result<PlannedOperation> &planned);
    void start();

    OperationsDoor &m_door;
    ConnectionTarget m_target;
    ClusterViewPtr m_view;
    Environment m_environment;
    OperationDraft m_draft;
    OperationPlan m_plan;
    QPlainTextEdit *m_text;
    QPushButton *m_start;
};

} // namespace slotscope
