// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/waybox.h"

#include "ui/connect/sshbox.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

WayBox::WayBox(QWidget *parent)
    : QWidget(parent)
    , m_kind(new QComboBox(this))
    , m_ssh(new SshBox(this))
    , m_proxy(new QLineEdit(this))
    , m_command(new QLineEdit(this))
    , m_problem(plainLabel({}, "error", this))
    , m_note(plainLabel(tr("Started on this computer, one process per node, without a shell: {local} is the port on "
                           "which it listens, {host} and {port} are those of the node. It ends with the connection."),
                        "muted", this))
{
    m_kind->setObjectName(u"way"_s);
    m_kind->setAccessibleName(tr("Through"));
    m_kind->addItem(tr("nothing (direct)"), int(Way::Kind::Direct));
    m_kind->addItem(tr("SSH"), int(Way::Kind::Ssh));
    m_kind->addItem(tr("a proxy"), int(Way::Kind::Socks5));
    m_kind->addItem(tr("a command"), int(Way::Kind::Program));
    m_proxy->setObjectName(u"proxy"_s);
    m_proxy->setAccessibleName(tr("The proxy"));
    m_proxy->setPlaceholderText(tr("socks5://HOST:PORT or http://HOST:PORT"));
    m_command->setObjectName(u"command"_s);
    m_command->setAccessibleName(tr("The command"));
    m_command->setPlaceholderText(tr("kubectl port-forward pod/{host} {local}:{port}"));
    m_problem->setObjectName(u"wayProblem"_s);
    auto *caption = plainLabel(tr("T&hrough"), "muted", this);
    caption->setFont(Theme::smallFont());
    caption->setBuddy(m_kind);
    auto *row = new QHBoxLayout;
    row->addWidget(caption);
    row->addWidget(m_kind);
    row->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(row);
    layout->addWidget(m_ssh);
    for (QLineEdit *field : {m_proxy, m_command}) {
        field->setFont(Theme::monoFont());
        layout->addWidget(field);
        connect(field, &QLineEdit::textEdited, this, &WayBox::edited);
    }
    for (QLabel *label : {m_problem, m_note}) {
        label->setFont(Theme::smallFont());
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    m_problem->hide();
    connect(m_ssh, &SshBox::edited, this, &WayBox::edited);
    connect(m_kind, &QComboBox::activated, this, [this] {
        showKind();
        focusField();
        Q_EMIT edited();
    });
    showKind();
}

Way::Kind WayBox::kind() const
{
    return Way::Kind(m_kind->currentData().toInt());
}

QString WayBox::text() const
{
    switch (kind()) {
    case Way::Kind::Ssh: return m_ssh->text();
    case Way::Kind::Program: return m_command->text().trimmed();
    case Way::Kind::Direct: return {};
    default: return m_proxy->text().trimmed();
    }
}

void WayBox::setWay(Way::Kind kind, const QString &text)
{
    const Way::Kind shown = kind == Way::Kind::Http ? Way::Kind::Socks5 : kind;
    m_kind->setCurrentIndex(m_kind->findData(int(shown)));
    m_ssh->setText(shown == Way::Kind::Ssh ? text : QString());
    for (const auto &[field, ofField] : {std::pair(m_proxy, Way::Kind::Socks5), {m_command, Way::Kind::Program}}) {
        const QString wanted = shown == ofField ? text : QString();
        if (field->text() != wanted)
            field->setText(wanted);
    }
    showKind();
}

void WayBox::showKind()
{
    m_ssh->setVisible(kind() == Way::Kind::Ssh);
    m_proxy->setVisible(kind() == Way::Kind::Socks5);
    m_command->setVisible(kind() == Way::Kind::Program);
    m_note->setVisible(kind() == Way::Kind::Program);
}

void WayBox::setProblem(const QString &problem)
{
    m_ssh->setProblem(kind() == Way::Kind::Ssh ? problem : QString());
    const bool isHere = !problem.isEmpty() && kind() != Way::Kind::Ssh;
    m_problem->setText(u"✕ "_s + problem);
    m_problem->setVisible(isHere);
    QLineEdit *field = kind() == Way::Kind::Program ? m_command : m_proxy;
    setStyleProperty(field, "wrong", isHere);
    field->setAccessibleDescription(isHere ? problem : QString());
}

void WayBox::focusField()
{
    if (kind() == Way::Kind::Ssh)
        m_ssh->focusField();
    else if (kind() != Way::Kind::Direct)
        (kind() == Way::Kind::Program ? m_command : m_proxy)->setFocus();
}

} // namespace slotscope
