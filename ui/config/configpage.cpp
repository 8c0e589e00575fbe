// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/configpage.h"

#include "ui/config/settingsview.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QVBoxLayout>

namespace slotscope {

ConfigPage::ConfigPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_settings(new SettingsView(context, this))
{
    auto *title = plainLabel(tr("Config"), nullptr, this);
    title->setFont(Theme::titleFont());
    auto *head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(title);
    head->addWidget(m_settings->tools(), 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(head);
    layout->addWidget(m_settings, 1);
    connect(m_settings, &SettingsView::operationRequested, this, &Page::operationRequested);
}

void ConfigPage::setView(const ClusterViewPtr &view)
{
    m_settings->setView(view);
}

void ConfigPage::showPlace(const Place &place)
{
    if (!place.setting.isEmpty())
        m_settings->showSetting(place.setting);
}

void ConfigPage::readAgain()
{
    m_settings->readAgain();
}

bool ConfigPage::closeDetail()
{
    return m_settings->closeDetail();
}

void ConfigPage::saveState(QSettings &settings) const
{
    m_settings->saveState(settings);
}

void ConfigPage::restoreState(const QSettings &settings)
{
    m_settings->restoreState(settings);
}

bool ConfigPage::isFilled() const
{
    return m_settings->isFilled();
}

void ConfigPage::showExample()
{
    m_settings->showSetting("maxmemory-policy");
}

} // namespace slotscope
