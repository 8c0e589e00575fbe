// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/gatequestion.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

GateQuestion::GateQuestion(const Error &error, const QString &connection, QWidget *parent, const QString &target)
    : QDialog(parent)
{
    setObjectName(u"gateQuestion"_s);
    setWindowTitle(tr("Send %1?").arg(error.command));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(420);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    QLabel *title =
        plainLabel(tr("Send %1 to %2?").arg(error.command, target.isEmpty() ? connection : target), nullptr, this);
    title->setFont(Theme::strongFont());
    layout->addWidget(title);
    layout->addWidget(wrappedLabel(error.detail + u'.', "muted", this));
    const bool wantsName = error.serverPrefix == "NAME";
    if (wantsName) {
        layout->addWidget(
            wrappedLabel(tr("To send it, type the name of the connection, %1.").arg(connection), nullptr, this));
        m_name = new QLineEdit(this);
        m_name->setObjectName(u"name"_s);
        m_name->setAccessibleName(tr("Name of the connection"));
        layout->addWidget(m_name);
    }
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_send = new QPushButton(tr("Send"), this);
    m_send->setObjectName(u"send"_s);
    m_send->setProperty("primary", true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_send);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_send, &QPushButton::clicked, this, &QDialog::accept);
    cancel->setDefault(true);
    if (m_name) {
        m_send->setEnabled(false);
        connect(m_name, &QLineEdit::textChanged, this, [this, connection](const QString &typed) {
            m_send->setEnabled(typed == connection);
            m_send->setDefault(typed == connection);
        });
    }
}

UserConsent GateQuestion::consent() const
{
    if (result() != QDialog::Accepted)
        return UserConsent::None;
    return m_name ? UserConsent::NameTyped : UserConsent::Given;
}

} // namespace slotscope
