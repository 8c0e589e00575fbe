// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/consent.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

Consent::Consent(const QString &cluster, const Environment &environment, bool destructive, bool loss, QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(14);
    const bool production = environment.kind == Environment::Kind::Production;
    QString ask;
    if (production && destructive) {
        m_words = {cluster};
        ask = tr("This is production. Type its name, %1, to continue:").arg(cluster);
    } else if (loss) {
        m_words = {cluster, u"lose data"_s};
        ask = tr("Type %1 or “lose data” to confirm:").arg(cluster);
    } else if (production) {
        m_box = new QCheckBox(tr("Yes, change %1, a production system").arg(cluster), this);
        m_box->setObjectName(u"consentBox"_s);
        connect(m_box, &QCheckBox::toggled, this, &Consent::changed);
        layout->addWidget(m_box);
    }
    if (m_words.isEmpty()) {
        setVisible(m_box != nullptr); // no empty space if no confirmation is needed
        return;
    }
    QLabel *label = plainLabel(ask, nullptr, this);
    label->setWordWrap(true);
    label->setFont(Theme::strongFont());
    m_field = new QLineEdit(this);
    m_field->setObjectName(u"consent"_s);
    m_field->setAccessibleName(ask);
    m_field->setMaximumWidth(360);
    label->setBuddy(m_field);
    connect(m_field, &QLineEdit::textChanged, this, &Consent::changed);
    layout->addWidget(label);
    layout->addWidget(m_field);
}

bool Consent::isGiven() const
{
    if (m_field)
        return m_words.contains(m_field->text());
    return !m_box || m_box->isChecked();
}

} // namespace slotscope
