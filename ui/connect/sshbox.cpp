// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/sshbox.h"

#include "core/net/sshtunnel.h"
#include "core/net/way.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QProcess>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int typingPauseMs = 400;

} // namespace

SshBox::SshBox(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(4);
    auto *caption =
        plainLabel(tr("Through SS&H: one server that reaches every node; jump hosts before it"), "muted", this);
    caption->setFont(Theme::smallFont());
    layout->addWidget(caption);
    m_field = new QLineEdit(this);
    m_field->setObjectName(u"ssh"_s);
    m_field->setPlaceholderText(tr("not used; [user@]host[:port], or a name from ~/.ssh/config"));
    m_field->setAccessibleName(tr("Through SSH"));
    m_field->setFont(Theme::monoFont());
    caption->setBuddy(m_field);
    layout->addWidget(m_field);
    m_problem = plainLabel({}, "error", this);
    m_problem->setObjectName(u"sshProblem"_s);
    m_facts = plainLabel({}, "muted", this);
    m_facts->setObjectName(u"sshFacts"_s);
    for (QLabel *label : {m_problem, m_facts}) {
        label->setFont(Theme::smallFont());
        label->setWordWrap(true);
        label->hide();
        layout->addWidget(label);
    }
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &SshBox::askSsh);
    connect(m_field, &QLineEdit::textEdited, this, [this] {
        m_facts->hide();
        m_pause.start();
        Q_EMIT edited();
    });
}

SshBox::~SshBox()
{
    if (m_ssh) {
        m_ssh->disconnect(this);
        m_ssh->kill();
        m_ssh->waitForFinished(typingPauseMs);
    }
}

QString SshBox::text() const
{
    return m_field->text().trimmed();
}

void SshBox::setText(const QString &text)
{
    if (text == m_field->text())
        return;
    m_field->setText(text);
    m_facts->hide();
    m_pause.start();
}

void SshBox::setProblem(const QString &problem)
{
    m_usable = problem.isEmpty();
    m_problem->setText(u"✕ "_s + problem);
    m_problem->setVisible(!m_usable);
    setStyleProperty(m_field, "wrong", !m_usable);
    m_field->setAccessibleDescription(problem);
}

void SshBox::focusField()
{
    m_field->setFocus();
}

/// Runs `ssh -G`, which does not connect but prints the configuration for the host.
void SshBox::askSsh()
{
    const auto way = Way::ssh(text());
    if (m_ssh || !way || !way->isSsh())
        return;
    m_ssh = new QProcess(this);
    const auto asked = text();
    connect(m_ssh, &QProcess::finished, this, [this, asked] {
        if (asked == text())
            showFacts();
        else
            m_pause.start();
        m_ssh->deleteLater();
        m_ssh = nullptr;
    });
    connect(m_ssh, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        m_facts->setText(tr("The program ssh was not found: install the OpenSSH client (openssh-client)."));
        m_facts->show();
        m_ssh->deleteLater();
        m_ssh = nullptr;
    });
    m_ssh->start(u"ssh"_s, QStringList{u"-G"_s} + SshTunnel::arguments(way->hops, 1, true));
}

void SshBox::showFacts()
{
    const QString facts = sshFacts(m_ssh->readAllStandardOutput());
    m_facts->setText(tr("ssh will log in to %1").arg(facts));
    m_facts->setVisible(!facts.isEmpty() && m_usable);
    const auto way = Way::ssh(text());
    m_field->setToolTip(way ? u"ssh "_s + SshTunnel::arguments(way->hops, 0, true).join(u' ') : QString());
}

QString sshFacts(const QByteArray &printed)
{
    QString host, user, port, jump;
    QStringList keys;
    const QString home = QDir::homePath();
    for (const QByteArray &line : printed.split('\n')) {
        const QString text = QString::fromUtf8(line).trimmed();
        const QString word = text.section(u' ', 0, 0), value = text.section(u' ', 1);
        QString *fact = word == u"hostname" ? &host
            : word == u"user"               ? &user
            : word == u"port"               ? &port
            : word == u"proxyjump"          ? &jump
                                            : nullptr;
        if (fact)
            *fact = value;
        else if (word == u"identityfile") {
            QString path = value;
            if (path.startsWith(u"~/"))
                path.replace(0, 1, home);
            if (QFile::exists(path))
                keys << value;
        }
    }
    if (host.isEmpty())
        return {};
    QString facts = (user.isEmpty() ? QString() : user + u'@') + host + u':' + port;
    if (!jump.isEmpty() && jump != u"none")
        facts += SshBox::tr(" through %1").arg(jump);
    return keys.isEmpty() ? facts : facts + SshBox::tr(", key %1").arg(keys.join(u", "_s));
}

} // namespace slotscope
