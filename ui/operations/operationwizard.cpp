// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/operationwizard.h"

#include "core/base/errortext.h"
#include "core/base/whendone.h"
#include "core/models/operationwords.h"
#include "ui/operations/backgroundplanner.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/confirmpage.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/operations/resumequestion.h"
#include "ui/operations/runview.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

OperationWizard::OperationWizard(const Theme &theme, OperationsDoor &door, ConnectionTarget target, ClusterViewPtr view,
                                 Environment environment, OperationDraft draft, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_door(door)
    , m_target(std::move(target))
    , m_view(std::move(view))
    , m_environment(std::move(environment))
    , m_draft(std::move(draft))
    , m_planner(new BackgroundPlanner(
          [this](const OperationRequest &request) { return m_door.plan(this->target(), request); }, this))
    , m_choose(makeChoosePage(theme, m_draft, m_view, this))
    , m_planView(new PlanView(theme, this))
    , m_confirm(new ConfirmPage(theme, m_target.title(), m_environment, this))
    , m_run(new RunView(theme, this))
    , m_stack(new QStackedWidget(this))
{
    setObjectName(u"operationWizard"_s);
    setWindowTitle(operationTitle(m_draft.operation));
    setSizeGripEnabled(false);
    setMinimumSize(640, 480);
    resize(parent ? std::clamp(parent->width() - 160, 760, 1120) : 960,
           parent ? std::clamp(parent->height() - 80, 560, 820) : 680);
    makePages();
    connectRunView();
    connect(m_planner, &BackgroundPlanner::answered, this, [this] { takePlan(m_planner->answer()); });
    connect(m_planner, &BackgroundPlanner::busyChanged, this, &OperationWizard::updateButtons);
    connect(m_confirm, &ConfirmPage::consentChanged, this, &OperationWizard::updateButtons);
    connect(&m_door, &OperationsDoor::runChanged, this, &OperationWizard::takeRun);
    if (m_choose)
        connect(m_choose, &ChoosePage::changed, this, &OperationWizard::replan);
    goTo(Choose);
    replan();
    // the place where it was started has made all choices
    m_wantsOn = m_draft.ready && m_draft.operation == Operation::Config;
}

ConnectionTarget OperationWizard::target() const
{
    ConnectionTarget target = m_target;
    if (const auto given = m_choose ? m_choose->credentials() : std::nullopt)
        target.credentials = *given;
    return target;
}

void OperationWizard::setView(const ClusterViewPtr &view)
{
    const ClusterViewPtr before = std::exchange(m_view, view);
    m_run->setView(view);
    if (!m_choose || m_step >= Progress || !view)
        return;
    m_choose->setView(view);
    if (before && touchesNodesOf(*before, *view))
        replan(); // owners or roles have changed, so the plan is outdated
}

/// Whether a plan made for `before` could differ if it were made now.
bool OperationWizard::touchesNodesOf(const ClusterView &before, const ClusterView &now) const
{
    if (before.nodes.size() != now.nodes.size() || before.openSlots != now.openSlots)
        return true;
    for (size_t i = 0; i < now.nodes.size(); ++i) {
        const NodeState &a = before.nodes[i], &b = now.nodes[i];
        if (a.id != b.id || a.primary != b.primary || a.condition != b.condition || !(a.slots == b.slots))
            return true;
    }
    return false;
}

void OperationWizard::replan()
{
    if (m_step >= Progress || m_starting)
        return;
    if (m_step == Confirm) // the confirmation was for the old plan
        goTo(Plan);
    m_planned.reset();
    m_wantsOn = false;
    if (m_choose && m_choose->canPlan())
        m_planner->plan(m_choose->request());
    else
        m_planner->cancel();
    updateButtons();
}

/// Replaces the shards of the plan by those of the window's view: planning uses a session of its own, with other shard
/// numbers and colours.
PlannedOperation OperationWizard::asShown(PlannedOperation planned) const
{
    const ClusterViewPtr &made = planned.plan.basis.view;
    const auto isShown = [this](const NodeState &node) { return m_view->indexOf(node.id) >= 0; };
    if (made && m_view && std::all_of(made->nodes.begin(), made->nodes.end(), isShown))
        planned.plan.basis.view = m_view;
    return planned;
}

void OperationWizard::takePlan(const Result<PlannedOperation> &planned)
{
    m_planned = planned;
    if (planned && m_draft.ready && !m_draft.run.isEmpty()) // when finished, it marks this operation as rolled back
        (*m_planned)->plan.results.rollsBack = m_draft.run;
    const bool wantsOn = std::exchange(m_wantsOn, false);
    if (planned) {
        m_choose->setPlanned(*planned);
        m_planView->setPlanned(asShown(*planned));
    } else {
        m_planView->setFailure(planned.error());
    }
    updateButtons();
    if (wantsOn && m_step == Choose)
        m_next->click();
}

bool OperationWizard::isPlanning() const
{
    return m_planner->isBusy();
}

bool OperationWizard::isReady() const
{
    return m_planned && *m_planned && !isPlanning() && m_choose->missing().isEmpty() && !(*m_planned)->plan.isRefused()
        && !(*m_planned)->plan.isEmpty();
}

void OperationWizard::goOn()
{
    if (m_step == Choose && m_planned) {
        goTo(Plan);
    } else if (m_step == Plan && isReady()) {
        m_confirm->setPlanned(**m_planned);
        goTo(Confirm);
    } else if (m_step == Confirm && isReady() && m_confirm->isConsented()) {
        start();
    } else if (m_step >= Progress) {
        accept();
    }
}

void OperationWizard::start()
{
    m_starting = true;
    m_failure.clear();
    updateButtons();
    const OperationPlan plan = (*m_planned)->plan;
    whenDone(m_door.start(target(), plan, !plan.dataLoss.isEmpty()), this, [this](const Result<QString> &id) {
        m_starting = false;
        if (!id) {
            m_failure = describe(id.error());
            updateButtons();
            focusPage(); // the disabled buttons have lost the focus
            return;
        }
        m_runId = *id;
        goTo(Progress);
        Q_EMIT started(*id);
        if (const RunSnapshotPtr run = m_door.run(*id))
            takeRun(run);
    });
}

void OperationWizard::takeRun(const RunSnapshotPtr &run)
{
    if (!run || run->id != m_runId || m_runId.isEmpty())
        return;
    const QWidget *at = focusWidget();
    m_run->setRun(run, {.ours = m_door.isOurs(run->id), .notHere = {}});
    if (m_run->isAncestorOf(at) && focusWidget() != at)
        m_run->focusSteps(); // the focused button was hidden; do not let the focus move to its neighbour or to Close
    const Step step = run->isOver() ? Outcome : Progress;
    if (step != m_step)
        goTo(step);
    updateMarks();
    updateStatus();
}

void OperationWizard::connectRunView()
{
    m_run->setView(m_view);
    connect(m_run, &RunView::pauseRequested, &m_door, &OperationsDoor::pause);
    connect(m_run, &RunView::goOnRequested, &m_door, &OperationsDoor::resume);
    connect(m_run, &RunView::stopRequested, &m_door, &OperationsDoor::stop);
    connect(m_run, &RunView::resumeRequested, this,
            [this](const QString &id, BusyKeyPolicy busyKeys) { askAndResume(id, {.busyKeys = busyKeys}); });
    connect(m_run, &RunView::rollBackRequested, this, [this](const RunSnapshotPtr &run) {
        if (emptiesItsNodes(*run))
            askAndResume(run->id, {.rollBack = true});
        else if (m_view && canRollBack(*run, *m_view))
            Q_EMIT operationRequested(rollBackDraft(*run, *m_view));
    });
    connect(m_run, &RunView::throttleRequested, &m_door, &OperationsDoor::setThrottle);
    connect(m_run, &RunView::rebalanceRequested, this, [this] {
        OperationDraft draft;
        draft.operation = Operation::Rebalance;
        draft.useEmpty = true;
        Q_EMIT operationRequested(draft);
    });
    connect(m_run, &RunView::fixRequested, this, [this](const SlotSet &slotSet) {
        OperationDraft draft;
        draft.operation = Operation::Fix;
        draft.slots = slotSet;
        Q_EMIT operationRequested(draft);
    });
}

void OperationWizard::askAndResume(const QString &id, const ResumeOptions &wanted)
{
    const RunSnapshotPtr run = m_door.run(id);
    if (!run)
        return;
    const auto *question = askToResume(*run, wanted, m_target.title(), m_environment, this);
    connect(question, &ResumeQuestion::agreed, this, [this, id](const ResumeOptions &options) {
        whenDone(m_door.resumeInterrupted(target(), id, options), this, [this](const Result<QString> &resumed) {
            if (!resumed)
                m_run->setProblem(describe(resumed.error()));
        });
    });
}

QString OperationWizard::statusText() const
{
    return m_status->text();
}

/// Whether Enter activates the main button, wherever it is pressed. Not for changes that cannot be undone and have no
/// confirmation of their own, and not while a result is shown, which it would close.
bool OperationWizard::entersMainButton() const
{
    if (m_step != Confirm)
        return m_step < Confirm;
    return m_confirm->field() || m_confirm->box()
        || (m_planned && *m_planned && !isDestructive((*m_planned)->request, (*m_planned)->plan));
}

void OperationWizard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
        QDialog::keyPressEvent(event);
        return;
    }
    if (event->isAutoRepeat() || m_starting)
        return; // while the keyboard key is held down (auto-repeat), go only one page further
    if (auto *button = qobject_cast<QPushButton *>(focusWidget()))
        button->click();
    else if (m_step == Choose && isPlanning()) // the value was just typed and its plan is being made
        m_wantsOn = m_choose->missing().isEmpty();
    else if (entersMainButton())
        m_next->click();
}

} // namespace slotscope
