// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/confirmpage.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/operations/planview.h"
#include "ui/operations/planwords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QLabel *wrapping(const QString &text, const char *tone, QWidget *parent)
{
    QLabel *label = plainLabel(text, tone, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

ConfirmPage::ConfirmPage(const Theme &, QString cluster, Environment environment, QWidget *parent)
    : QScrollArea(parent), m_cluster(std::move(cluster)), m_environment(std::move(environment))
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

void ConfirmPage::setPlanned(const PlannedOperation &planned)
{
    m_field = nullptr;
    m_box = nullptr;
    m_words.clear();
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
    QLabel *title = wrapping(plan.title, nullptr, m_content);
    title->setFont(Theme::titleFont());
    m_layout->addWidget(title);
    QStringList parts{tr("on %1").arg(m_cluster), counted(plan.steps.size(), tr("1 step"), tr("%1 steps"))};
    if (plan.estimate.keys >= 0 && !plan.moves.isEmpty())
        parts.append(tr("≈ %1 keys").arg(groupedNumber(plan.estimate.keys)));
    if (plan.estimate.milliseconds >= 0)
        parts.append(u"≈ "_s + duration(std::max<qint64>(1000, plan.estimate.milliseconds)));
    m_layout->addWidget(wrapping(parts.join(u" · "_s), "muted", m_content));
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
    m_layout->addWidget(wrapping(
        tr("It can be stopped where the cluster is whole and resumed later, also after a crash. Closing this window "
           "does not stop it."),
        "muted", m_content));
}

void ConfirmPage::addConsent(const PlannedOperation &planned)
{
    const bool production = m_environment.kind == Environment::Kind::Production;
    const bool loss = !planned.plan.dataLoss.isEmpty();
    QString ask;
    if (production && isDestructive(planned.request, planned.plan)) {
        m_words = {m_cluster};
        ask = tr("This is production. Type its name, %1, to go on:").arg(m_cluster);
    } else if (loss) {
        m_words = {m_cluster, u"lose data"_s};
        ask = tr("Type %1 or “lose data” to consent:").arg(m_cluster);
    } else if (production) {
        m_box = new QCheckBox(tr("Yes, change %1, which is production").arg(m_cluster), m_content);
        m_box->setObjectName(u"consentBox"_s);
        connect(m_box, &QCheckBox::toggled, this, &ConfirmPage::consentChanged);
        m_layout->addWidget(m_box);
    }
    if (m_words.isEmpty())
        return;
    auto *label = wrapping(ask, nullptr, m_content);
    label->setFont(Theme::strongFont());
    m_field = new QLineEdit(m_content);
    m_field->setObjectName(u"consent"_s);
    m_field->setAccessibleName(ask);
    m_field->setMaximumWidth(360);
    label->setBuddy(m_field);
    connect(m_field, &QLineEdit::textChanged, this, &ConfirmPage::consentChanged);
    m_layout->addWidget(label);
    m_layout->addWidget(m_field);
}

bool ConfirmPage::isConsented() const
{
    if (m_field)
        return m_words.contains(m_field->text());
    return !m_box || m_box->isChecked();
}

} // namespace slotscope
