// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/page.h"

class QBoxLayout;
class QStackedWidget;

namespace slotscope {

class AdviceView;
class ModulesView;
class SegmentedControl;
class SettingsView;
class UsersView;

/// Page with the nodes' settings, users and modules, and with recommendations for the settings.
class ConfigPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfigPage)
public:
    enum class Tab : int { Settings, Users, Modules, Advice };
    explicit ConfigPage(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;
    void showExample() override;

    void showTab(Tab tab);
    [[nodiscard]] SettingsView *settings() const { return m_settings; }
    [[nodiscard]] UsersView *users() const { return m_users; }
    [[nodiscard]] ModulesView *modules() const { return m_modules; }
    [[nodiscard]] AdviceView *advice() const { return m_advice; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] Tab tab() const;

    QStackedWidget *m_views;
    SettingsView *m_settings;
    UsersView *m_users;
    ModulesView *m_modules;
    AdviceView *m_advice;
    SegmentedControl *m_tabs;
    QBoxLayout *m_head; ///< layout of title, tabs and the tools of the current tab
    QStackedWidget *m_tools;
};

} // namespace slotscope
