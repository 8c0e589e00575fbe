// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include <QObject>
#include <QPointer>

#include <memory>

namespace slotscope {

class ConnectionView;
class CoreThread;
class Demo;
class MainWindow;

/// The demo cluster and its tab, of which there is one at a time: closing the tab ends the servers.
class DemoTab final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DemoTab)
public:
    /// Thread and window outlive it. An empty path means the redis-server of PATH.
    DemoTab(CoreThread &thread, MainWindow &window, QString serverPath, QObject *parent = nullptr);
    ~DemoTab() override;

    void start(); ///< or shows the tab of the one that runs
    void startAgain(); ///< after a failure
    [[nodiscard]] const QList<Endpoint> &servers() const { return m_servers; } ///< of the one that runs
    [[nodiscard]] bool owns(const ConnectionView *view) const { return view && m_view == view; }

Q_SIGNALS:
    void ready();
    void failed(const slotscope::Error &error);
    void ending(); ///< its servers go

private:
    void started(const Result<ConnectionTarget> &target);
    void end();

    CoreThread &m_thread;
    MainWindow &m_window;
    QString m_serverPath;
    std::unique_ptr<Demo> m_demo;
    QList<Endpoint> m_servers;
    QPointer<ConnectionView> m_view;
};

} // namespace slotscope
