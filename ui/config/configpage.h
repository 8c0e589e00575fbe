// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/page.h"

class QStackedWidget;

namespace slotscope {

class SegmentedControl;
class SettingsView;

/// What the nodes are set to.
class ConfigPage final : public Page
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfigPage)
public:
    explicit ConfigPage(PageContext &context, QWidget *parent = nullptr);

    void setView(const slotscope::ClusterViewPtr &view) override;
    void showPlace(const slotscope::Place &place) override;
    void readAgain() override;
    bool closeDetail() override;
    void saveState(QSettings &settings) const override;
    void restoreState(const QSettings &settings) override;
    [[nodiscard]] bool isFilled() const override;
    void showExample() override;

    [[nodiscard]] SettingsView *settings() const { return m_settings; }

private:
    SettingsView *m_settings;
};

} // namespace slotscope
