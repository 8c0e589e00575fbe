// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"
#include "core/session/corethread.h"
#include "ui/shared/theme.h"
#include "ui/shell/mainwindow.h"

#include <QSettings>

namespace slotscope {

class Demo;

/// What the command line said.
struct StartOptions
{
    QList<ConnectionTarget> targets;
    bool demo = false;
    QString tourFolder; ///< empty: no tour
    QString serverPath; ///< of the demo; empty: redis-server
};

/// Puts the parts together: the core thread, the theme, the window, the demo.
class Application final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Application)
public:
    explicit Application(StartOptions options);
    ~Application() override;
    void start();

private:
    void open(const ConnectionTarget &target);
    void startDemo();
    void startTour();

    StartOptions m_options;
    CoreThread m_coreThread; // before all that talks to it
    QSettings m_settings;
    Theme m_theme;
    std::unique_ptr<Demo> m_demo;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace slotscope
