// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/sentinelbox.h"

#include "ui/connect/fieldgrid.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

enum class SentinelTls : quint8 { AsServers, None, Own };

} // namespace

SentinelBox::SentinelBox(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(6);
    m_on = new QCheckBox(tr("Through Se&ntinels: the addresses above are those of Sentinels"), this);
    m_on->setObjectName(u"sentinel"_s);
    layout->addWidget(m_on);
    m_rest = new QWidget(this);
    QGridLayout *grid = fieldGrid(m_rest);
    const auto addText = [&](const QString &caption, const QString &name, const QString &placeholder) {
        auto *field = new QLineEdit(m_rest);
        field->setPlaceholderText(placeholder);
        addFieldRow(grid, caption, field, name);
        connect(field, &QLineEdit::textEdited, this, &SentinelBox::update);
        return field;
    };
    m_name = addText(tr("Name of the primary"), u"sentinelName"_s, tr("mymaster, as in “sentinel monitor mymaster …”"));
    m_user = addText(tr("User of the Sentinels"), u"sentinelUser"_s, tr("default"));
    m_password =
        addText(tr("Their password"), u"sentinelPassword"_s, tr("none: the servers' password is not sent to them"));
    hideText(m_password, theme);
    m_tls = new QComboBox(m_rest);
    m_tls->addItem(tr("same as for the servers"), int(SentinelTls::AsServers));
    m_tls->addItem(tr("not encrypted"), int(SentinelTls::None));
    addFieldRow(grid, tr("Their encryption"), m_tls, u"sentinelTls"_s);
    m_note = plainLabel({}, "error", m_rest);
    m_note->setObjectName(u"sentinelProblem"_s);
    m_note->setFont(Theme::smallFont());
    m_note->setWordWrap(true);
    m_note->hide();
    grid->addWidget(m_note, grid->rowCount(), 1);
    layout->addWidget(m_rest);
    connect(m_on, &QCheckBox::toggled, this, &SentinelBox::update);
    connect(m_tls, &QComboBox::activated, this, &SentinelBox::update);
    m_rest->hide();
}

bool SentinelBox::isChosen() const
{
    return m_on->isChecked();
}

SentinelSettings SentinelBox::settings() const
{
    SentinelSettings settings;
    if (!m_on->isChecked())
        return settings;
    settings.primaryName = m_name->text().trimmed();
    settings.credentials = {.user = m_user->text().trimmed(), .password = m_password->text()};
    const auto tls = SentinelTls(m_tls->currentData().toInt());
    if (tls == SentinelTls::None)
        settings.tls.emplace();
    else if (tls == SentinelTls::Own)
        settings.tls = m_ownTls;
    return settings;
}

void SentinelBox::setSettings(const SentinelSettings &settings)
{
    m_filling = true;
    m_on->setChecked(settings.isOn());
    m_name->setText(settings.primaryName);
    m_user->setText(settings.credentials.user);
    m_password->setText(settings.credentials.password);
    m_ownTls = settings.tls && settings.tls->on ? settings.tls : std::nullopt;
    const int own = m_tls->findData(int(SentinelTls::Own));
    if (m_ownTls && own < 0)
        m_tls->addItem(tr("separate, as set in the URI"), int(SentinelTls::Own));
    else if (!m_ownTls && own >= 0)
        m_tls->removeItem(own);
    const auto tls = !settings.tls ? SentinelTls::AsServers : m_ownTls ? SentinelTls::Own : SentinelTls::None;
    m_tls->setCurrentIndex(m_tls->findData(int(tls)));
    update();
    m_filling = false;
}

void SentinelBox::setPassword(const QString &password)
{
    m_password->setText(password);
}

void SentinelBox::setProblem(const QString &problem)
{
    m_note->setText(u"✕ "_s + problem);
    m_note->setVisible(!problem.isEmpty());
    setStyleProperty(m_name, "wrong", !problem.isEmpty());
    m_name->setAccessibleDescription(problem);
}

void SentinelBox::focusName()
{
    m_name->setFocus();
}

void SentinelBox::update()
{
    m_rest->setVisible(m_on->isChecked());
    if (!m_filling)
        Q_EMIT edited();
}

} // namespace slotscope
