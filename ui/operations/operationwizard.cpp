// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/operationwizard.h"

#include "core/base/errortext.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// What the draft says already; nothing where more has to be chosen.
std::optional<OperationRequest> requestOf(const OperationDraft &draft)
{
    if (draft.operation == u"rebalance")
        return RebalanceRequest{};
    if (draft.operation == u"fix") {
        FixRequest request;
        request.slots = draft.slots;
        return request;
    }
    if (draft.operation == u"failover" && !draft.nodeId.isEmpty()) {
        FailoverRequest request;
        request.replicaId = draft.nodeId;
        return request;
    }
    if (draft.operation == u"reshard" && !draft.targetId.isEmpty() && !draft.slots.isEmpty()) {
        ReshardRequest request;
        request.target = draft.targetId;
        request.slots = draft.slots;
        return request;
    }
    return std::nullopt;
}

} // namespace

OperationWizard::OperationWizard(const Theme &, OperationsDoor &door, ConnectionTarget target, ClusterViewPtr view,
                                 Environment environment, OperationDraft draft, QWidget *parent)
    : QDialog(parent)
    , m_door(door)
    , m_target(std::move(target))
    , m_view(std::move(view))
    , m_environment(std::move(environment))
    , m_draft(std::move(draft))
    , m_text(new QPlainTextEdit(this))
    , m_start(new QPushButton(tr("Start"), this))
{
    setObjectName(u"operationWizard"_s);
    setWindowTitle(m_draft.operation);
    resize(880, 640);
    m_text->setReadOnly(true);
    m_text->setFont(Theme::monoFont());
    m_text->setAccessibleName(tr("Plan"));
    m_start->setProperty("primary", true);
    m_start->setEnabled(false);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &OperationWizard::start);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_start);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_text);
    layout->addLayout(buttons);
    plan();
}

void OperationWizard::setView(const ClusterViewPtr &view)
{
    m_view = view;
}

void OperationWizard::plan()
{
    const auto request = requestOf(m_draft);
    if (!request) {
        m_text->setPlainText(tr("More has to be chosen for this operation."));
        return;
    }
    m_door.plan(m_target, *request).then(this, [this](const Result<PlannedOperation> &planned) { showPlan(planned); });
}

void OperationWizard::showPlan(const Result<PlannedOperation> &planned)
{
    if (!planned) {
        m_text->setPlainText(describe(planned.error()));
        return;
    }
    m_plan = planned->plan;
    QStringList lines{m_plan.title, {}};
    for (const PlanCheck &check : std::as_const(m_plan.checks))
        lines << verdictName(check.verdict) + u": "_s + check.title + u' ' + check.detail;
    for (const PlanStep &step : std::as_const(m_plan.steps))
        lines << u"• "_s + step.title;
    m_text->setPlainText(lines.join(u'\n'));
    m_start->setEnabled(!m_plan.isRefused() && !m_plan.isEmpty() && m_plan.dataLoss.isEmpty());
}

void OperationWizard::start()
{
    m_start->setEnabled(false);
    m_door.start(m_target, m_plan, false).then(this, [this](const Result<QString> &id) {
        if (!id) {
            m_text->appendPlainText(describe(id.error()));
            return;
        }
        Q_EMIT started(*id);
        accept();
    });
}

} // namespace slotscope
