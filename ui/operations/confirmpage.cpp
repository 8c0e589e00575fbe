// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/confirmpage.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/operations/consent.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
ConfirmPage::ConfirmPage(const Theme &, QString cluster, Environment environment, QWidget *parent)
    : QScrollArea(parent), m_cluster(std::move(cluster)), m_environment(std::move(environment))
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

void ConfirmPage::setPlanned(const PlannedOperation &planned)
{
    m_content = new QWidget(this);
    m_layout = new QVBoxLayout(m_content);
    m_layout->setContentsMargins(24, 4, 24, 16);
    m_layout->setSpacing(14);
    addSummary(planned);
    addConsent(planned);
    m_layout->addStretch();
    setWidget(m_content);
    Q_EMIT consentChanged();
}

void ConfirmPage::addSummary(const PlannedOperation &planned)
{
    const OperationPlan &plan = planned.plan;
    QLabel *title = wrappedLabel(plan.title, nullptr, m_content);
    title->setFont(Theme::titleFont());
    m_layout->addWidget(title);
    QStringList parts{counted(plan.steps.size(), tr("1 step"), tr("%1 steps"))};
    if (!m_cluster.isEmpty())
        parts.prepend(tr("on %1").arg(m_cluster));
    if (plan.estimate.keys > 0)
        parts.append(tr("≈ %1 keys").arg(groupedNumber(plan.estimate.keys)));
    if (plan.estimate.milliseconds >= 0)
        parts.append(u"≈ "_s + duration(std::max<qint64>(1000, plan.estimate.milliseconds)));
    m_layout->addWidget(wrappedLabel(parts.join(u" · "_s), "muted", m_content));
    if (!plan.dataLoss.isEmpty())
        m_layout->addWidget(noticeCard(tr("✕ Data may be lost"), plan.dataLoss, "error", m_content));
    QStringList warnings;
    for (const PlanCheck &check : plan.checks) {
        if (check.verdict == PlanCheck::Verdict::Warn)
            warnings.append(check.detail.isEmpty() ? check.title : check.title + u". "_s + check.detail);
    }
    if (!warnings.isEmpty())
        m_layout->addWidget(noticeCard(tr("▲ Warnings"), warnings, "warn", m_content));
    if (!plan.verifies.isEmpty())
        m_layout->addWidget(noticeCard(tr("Verified at the end"), plan.verifies, "note", m_content));
    m_layout->addWidget(wrappedLabel(tr("It can be stopped at points where no slot is in migration, and resumed later, "
                                        "even after a crash. Closing this window does not stop it."),
                                     "muted", m_content));
}

void ConfirmPage::addConsent(const PlannedOperation &planned)
{
    m_consent = new Consent(m_cluster, m_environment, isDestructive(planned.request, planned.plan),
                            !planned.plan.dataLoss.isEmpty(), m_content);
    connect(m_consent, &Consent::changed, this, &ConfirmPage::consentChanged);
    m_layout->addWidget(m_consent);
}

bool ConfirmPage::isConsented() const
{
    return !m_consent || m_consent->isGiven();
}

QLineEdit *ConfirmPage::field() const
{
    return m_consent ? m_consent->field() : nullptr;
}

QCheckBox *ConfirmPage::box() const
{
    return m_consent ? m_consent->box() : nullptr;
}

} // namespace slotscope
