// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/operationdraft.h"
#include "ui/shared/environment.h"

#include <QDialog>

class QPushButton;
class QStackedWidget;

namespace slotscope {

class BackgroundPlanner;
class ChoosePage;
class ConfirmPage;
class ElidedLabel;
class PlanView;
class RunView;
class StepList;
class Theme;

/// Leads from a draft to an operation: choices, plan, confirmation, progress and result. It never blocks: plans are
/// made in the background whenever a choice changes. The operation outlives the dialog.
class OperationWizard final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationWizard)
public:
    enum Step : int { Choose, Plan, Confirm, Progress, Outcome };

    /// Theme and door must outlive the dialog.
    OperationWizard(const Theme &theme, OperationsDoor &door, ConnectionTarget target, ClusterViewPtr view,
                    Environment environment, OperationDraft draft, QWidget *parent);

    /// writes were locked or unlocked in the meantime
    void setReadOnly(bool readOnly) { m_target.readOnly = readOnly; }
    void setView(const slotscope::ClusterViewPtr &view);

    [[nodiscard]] Step step() const { return m_step; }
    [[nodiscard]] ConnectionTarget target() const; ///< the cluster to change, with the credentials entered here
    [[nodiscard]] ChoosePage *choosePage() const { return m_choose; }
    [[nodiscard]] PlanView *planView() const { return m_planView; }
    [[nodiscard]] ConfirmPage *confirmPage() const { return m_confirm; }
    [[nodiscard]] RunView *runView() const { return m_run; }
    [[nodiscard]] QPushButton *nextButton() const { return m_next; }
    [[nodiscard]] QPushButton *backButton() const { return m_back; }
    [[nodiscard]] QString statusText() const; ///< text beside the buttons
    [[nodiscard]] QString runId() const { return m_runId; } ///< empty: no operation was started
    [[nodiscard]] bool isPlanning() const;
    [[nodiscard]] const std::optional<Result<PlannedOperation>> &planned() const { return m_planned; }

Q_SIGNALS:
    void started(const QString &runId);
    void operationRequested(const slotscope::OperationDraft &draft); ///< the result page offers a further operation

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeSide();
    QWidget *makeFooter();
    void makePages();
    void connectRunView();
    void askAndResume(const QString &id, const ResumeOptions &wanted);
    void replan();
    void takePlan(const Result<PlannedOperation> &planned);
    [[nodiscard]] PlannedOperation asShown(PlannedOperation planned) const;
    void takeRun(const RunSnapshotPtr &run);
    void goTo(Step step);
    void focusPage();
    void goOn();
    void start();
    void updateButtons();
    void updateStatus();
    void updateMarks();
    [[nodiscard]] bool isReady() const; ///< the plan for the current choices may be executed
    [[nodiscard]] bool entersMainButton() const;
    [[nodiscard]] QString planStatus() const;
    [[nodiscard]] bool touchesNodesOf(const ClusterView &before, const ClusterView &now) const;

    const Theme &m_theme;
    OperationsDoor &m_door;
    ConnectionTarget m_target;
    ClusterViewPtr m_view;
    Environment m_environment;
    OperationDraft m_draft;
    std::optional<Result<PlannedOperation>> m_planned; ///< plan for the current choices
    Step m_step = Choose;
    bool m_starting = false;
    bool m_wantsOn = false; ///< Enter was pressed while the plan was being made
    QString m_runId, m_failure;
    BackgroundPlanner *m_planner;
    ChoosePage *m_choose;
    PlanView *m_planView;
    ConfirmPage *m_confirm;
    RunView *m_run;
    StepList *m_steps = nullptr;
    QStackedWidget *m_stack;
    ElidedLabel *m_status = nullptr;
    QPushButton *m_cancel = nullptr, *m_back = nullptr, *m_next = nullptr;
};

} // namespace slotscope
