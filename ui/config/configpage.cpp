// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/configpage.h"

#include "ui/config/adviceview.h"
#include "ui/config/modulesview.h"
#include "ui/config/settingsview.h"
#include "ui/config/usersview.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int narrowConfigPage = 1060; ///< page width in px

} // namespace

ConfigPage::ConfigPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_views(new CurrentStack(this))
    , m_settings(new SettingsView(context, m_views))
    , m_users(new UsersView(context, m_views))
    , m_modules(new ModulesView(context, m_views))
    , m_advice(new AdviceView(context, m_settings->model(), m_views))
    , m_tabs(new SegmentedControl({tr("Settings"), tr("Users"), tr("Modules"), tr("Advice")}, this))
    , m_tools(new QStackedWidget(this))
{
    auto *title = plainLabel(tr("Config"), nullptr, this);
    title->setFont(Theme::titleFont());
    m_tabs->setAccessibleName(tr("Section of the page"));
    for (QWidget *tools : {m_settings->tools(), m_users->tools(), new QWidget(this), new QWidget(this)})
        m_tools->addWidget(tools);
    for (QWidget *view : std::initializer_list<QWidget *>{m_settings, m_users, m_modules, m_advice})
        m_views->addWidget(view);
    m_tools->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *names = new QHBoxLayout;
    names->setSpacing(16);
    names->addWidget(title);
    names->addWidget(m_tabs);
    names->addStretch();
    m_head = new QBoxLayout(QBoxLayout::LeftToRight);
    m_head->setSpacing(12);
    m_head->addLayout(names);
    m_head->addWidget(m_tools, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(m_head);
    layout->addWidget(m_views, 1);
    connect(m_settings, &SettingsView::operationRequested, this, &Page::operationRequested);
    connect(m_advice, &AdviceView::readingWanted, m_settings, &SettingsView::readAgain);
    connect(m_advice, &AdviceView::settingChosen, this, [this](const QByteArray &setting) {
        showTab(Tab::Settings);
        m_settings->showSetting(setting);
    });
    connect(m_tabs, &SegmentedControl::currentChanged, this, [this](int tab) {
        m_tools->setCurrentIndex(tab);
        m_views->setCurrentIndex(tab);
    });
}

/// If the page is too narrow for one line, places the tools below the tabs.
void ConfigPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_head->setDirection(width() < narrowConfigPage ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

ConfigPage::Tab ConfigPage::tab() const
{
    return Tab(m_tabs->current());
}

void ConfigPage::showTab(Tab tab)
{
    m_tabs->setCurrent(int(tab));
}

void ConfigPage::setView(const ClusterViewPtr &view)
{
    m_settings->setView(view);
    m_users->setView(view);
    m_modules->setView(view);
}

void ConfigPage::showPlace(const Place &place)
{
    if (!place.setting.isEmpty()) {
        showTab(Tab::Settings);
        m_settings->showSetting(place.setting);
    }
}

void ConfigPage::readAgain()
{
    switch (tab()) {
    case Tab::Advice:
    case Tab::Settings: m_settings->readAgain(); break;
    case Tab::Users: m_users->readAgain(); break;
    case Tab::Modules: m_modules->readAgain(); break;
    }
}

bool ConfigPage::closeDetail()
{
    return tab() == Tab::Settings ? m_settings->closeDetail() : tab() == Tab::Users && m_users->closeDetail();
}

void ConfigPage::saveState(QSettings &settings) const
{
    settings.setValue(u"config/tab"_s, m_tabs->current());
    m_settings->saveState(settings);
}

void ConfigPage::restoreState(const QSettings &settings)
{
    m_tabs->setCurrent(settings.value(u"config/tab"_s, 0).toInt());
    m_settings->restoreState(settings);
}

bool ConfigPage::isFilled() const
{
    switch (tab()) {
    case Tab::Settings: return m_settings->isFilled();
    case Tab::Users: return m_users->isFilled();
    case Tab::Modules: return m_modules->isFilled();
    case Tab::Advice: return m_advice->isFilled();
    }
    return false;
}

void ConfigPage::showExample()
{
    showTab(Tab::Settings);
    m_settings->showSetting("maxmemory-policy");
}

} // namespace slotscope
