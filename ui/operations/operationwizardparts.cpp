// SPDX-License-Identifier: GPL-3.0-or-later
// The building half of OperationWizard: its frame, its buttons and what they say.
#include "core/base/errortext.h"
#include "core/models/operationwords.h"
#include "ui/operations/choosepage.h"
#include "ui/operations/confirmpage.h"
#include "ui/operations/operationwizard.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/operations/runview.h"
#include "ui/operations/steplist.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QFrame>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void OperationWizard::makePages()
{
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    if (m_choose)
        scroll->setWidget(m_choose);
    auto *run = new QWidget(this);
    auto *inset = new QVBoxLayout(run);
    inset->setContentsMargins(8, 0, 8, 0);
    inset->addWidget(m_run);
    for (QWidget *page : std::initializer_list<QWidget *>{scroll, m_planView, m_confirm, run})
        m_stack->addWidget(page);
    auto *main = new QWidget(this);
    auto *column = new QVBoxLayout(main);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_stack, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(makeSide());
    middle->addWidget(main, 1);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addLayout(middle, 1);
    outer->addWidget(makeFooter());
}

QWidget *OperationWizard::makeHead()
{
    auto *head = new QWidget(this);
    auto *layout = new QVBoxLayout(head);
    layout->setContentsMargins(24, 16, 24, 12);
    layout->setSpacing(4);
    auto *line = new QHBoxLayout;
    line->setSpacing(10);
    QLabel *title = plainLabel(operationTitle(m_draft.operation), nullptr, head);
    title->setFont(Theme::titleFont());
    line->addWidget(title);
    line->addWidget(plainLabel(m_target.title(), "muted", head));
    if (!m_environment.tag.isEmpty()) {
        auto *badge = new Badge(m_theme, head);
        badge->setBadge(m_environment.tag,
                        m_environment.kind == Environment::Kind::Production ? Tone::Bad : Tone::Good);
        line->addWidget(badge);
    }
    line->addStretch();
    layout->addLayout(line);
    for (const OperationInfo &info : operationInfos()) {
        if (info.operation != m_draft.operation)
            continue;
        auto *about = new ElidedLabel(info.line, Qt::ElideRight, head);
        about->setProperty("tone", u"muted"_s);
        layout->addWidget(about);
    }
    return head;
}

QWidget *OperationWizard::makeSide()
{
    auto *side = new QFrame(this);
    side->setObjectName(u"dialogSide"_s);
    m_steps =
        new StepList(m_theme, {tr("Choose"), tr("Checks & plan"), tr("Confirm"), tr("Progress"), tr("Result")}, side);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_steps);
    layout->addStretch();
    return side;
}

QWidget *OperationWizard::makeFooter()
{
    auto *footer = new QFrame(this);
    footer->setObjectName(u"dialogFooter"_s);
    m_status = new ElidedLabel({}, Qt::ElideRight, footer);
    m_status->setObjectName(u"status"_s);
    m_cancel = new QPushButton(tr("Cancel"), footer);
    m_back = new QPushButton(tr("Back"), footer);
    m_next = new QPushButton(tr("Next"), footer);
    m_next->setObjectName(u"next"_s);
    m_back->setObjectName(u"back"_s);
    m_next->setProperty("primary", true);
    for (QPushButton *button : {m_cancel, m_back, m_next}) {
        button->setAutoDefault(false);
        button->setDefault(false);
    }
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_back, &QPushButton::clicked, this, [this] { goTo(m_step == Confirm ? Plan : Choose); });
    connect(m_next, &QPushButton::clicked, this, &OperationWizard::goOn);
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(24, 12, 24, 12);
    layout->setSpacing(8);
    layout->addWidget(m_status, 1);
    for (QPushButton *button : {m_cancel, m_back, m_next})
        layout->addWidget(button);
    return footer;
}

void OperationWizard::goTo(Step step)
{
    const bool moved = step != m_step;
    // do not move the focus while the same operation is shown
    const bool sameRun = m_step >= Progress && step >= Progress;
    m_step = step;
    m_stack->setCurrentIndex(std::min<int>(step, Progress));
    m_steps->setCurrent(step);
    updateButtons();
    if (moved && !sameRun)
        focusPage();
}

/// Focuses the widget for which Enter does what users usually want; on the progress page none, so that the end of the
/// operation closes nothing.
void OperationWizard::focusPage()
{
    QWidget *first = m_next;
    if (m_step == Choose) {
        if (m_choose)
            m_choose->focusFirst();
        return;
    }
    if (m_step >= Progress) {
        m_run->focusSteps();
        return;
    }
    if (m_step == Confirm && m_confirm->field())
        first = m_confirm->field();
    else if (m_step == Confirm && m_confirm->box())
        first = m_confirm->box();
    else if (!m_next->isEnabled() || !entersMainButton())
        first = m_back;
    first->setFocus();
}

void OperationWizard::updateButtons()
{
    m_cancel->setVisible(m_step < Progress);
    m_back->setVisible(m_step == Plan || m_step == Confirm);
    m_back->setEnabled(!m_starting);
    QString text = tr("Checks and plan");
    bool enabled = m_planned.has_value() && !isPlanning() && m_choose->missing().isEmpty();
    if (m_step == Plan) {
        text = tr("Next…");
        enabled = isReady();
    } else if (m_step == Confirm) {
        text = m_planned && *m_planned ? actText((*m_planned)->request, (*m_planned)->plan) : QString();
        enabled = isReady() && m_confirm->isConsented() && !m_starting;
    } else if (m_step >= Progress) {
        text = m_step == Progress ? tr("Close and continue in the background") : tr("Close");
        enabled = true;
    }
    const QString elided = m_next->fontMetrics().elidedText(text, Qt::ElideMiddle, 320);
    m_next->setText(QString(elided).replace(u'&', u"&&"_s));
    m_next->setAccessibleName(text);
    m_next->setEnabled(enabled);
    const bool danger = m_step == Confirm && m_planned && *m_planned && !(*m_planned)->plan.dataLoss.isEmpty();
    setStyleProperty(m_next, "danger", danger);
    updateMarks();
    updateStatus();
}

void OperationWizard::updateMarks()
{
    int warnings = 0;
    int refused = 0;
    if (m_planned && *m_planned) {
        for (const PlanCheck &check : (*m_planned)->plan.checks) {
            warnings += check.verdict == PlanCheck::Verdict::Warn ? 1 : 0;
            refused += check.verdict == PlanCheck::Verdict::Refuse ? 1 : 0;
        }
    }
    const int count = refused > 0 ? refused : warnings;
    m_steps->setMark(Plan, count > 0 ? (refused > 0 ? u"✕ "_s : u"▲ "_s) + QString::number(count) : QString(),
                     refused > 0);
}

QString OperationWizard::planStatus() const
{
    if (isPlanning())
        return tr("Reading the cluster and planning…");
    if (!m_choose)
        return tr("This operation is not known.");
    if (const QString missing = m_choose->missing(); !missing.isEmpty())
        return missing;
    if (!m_planned)
        return {};
    if (!*m_planned)
        return tr("No plan: %1").arg(describe(m_planned->error()));
    const OperationPlan &plan = (*m_planned)->plan;
    for (const PlanCheck &check : plan.checks) {
        if (check.verdict == PlanCheck::Verdict::Refuse)
            return tr("✕ Refused: %1. %2").arg(check.title, check.detail);
    }
    return plan.isEmpty() ? tr("There is nothing to do.") : plan.title;
}

void OperationWizard::updateStatus()
{
    QString text;
    QString tone = u"muted"_s;
    if (!m_failure.isEmpty()) {
        text = u"✕ "_s + m_failure;
        tone = u"error"_s;
    } else if (m_starting) {
        text = tr("Starting…");
    } else if (m_step == Confirm) {
        text = m_confirm->isConsented() ? tr("Nothing has been changed yet.") : tr("Waiting for your confirmation.");
    } else if (m_step == Progress) {
        text = tr("It runs in the background and is listed on the Operations page.");
    } else if (m_step < Confirm) {
        text = planStatus();
        const bool bad = m_planned && !isPlanning() && (!*m_planned || (*m_planned)->plan.isRefused());
        tone = bad ? u"error"_s : u"muted"_s;
    }
    m_status->setText(text);
    setStyleProperty(m_status, "tone", tone);
}

} // namespace slotscope
