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

/// The demo cluster and its tab. Only one exists at a time; closing the tab stops the servers.
class DemoTab final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DemoTab)
public:
    /// Thread and window must outlive it. An empty path means the redis-server found in PATH.
    DemoTab(CoreThread &thread, MainWindow &window, QString serverPath, QObject *parent = nullptr);
    ~DemoTab() override;

    void start(); ///< starts the demo, or shows the tab of the running one
    void startAgain(); ///< tries again after a failure
    [[nodiscard]] const QList<Endpoint> &servers() const { return m_servers; } ///< servers of the running demo
    [[nodiscard]] bool owns(const ConnectionView *view) const { return view && m_view == view; }

Q_SIGNALS:
    void ready();
    void failed(const slotscope::Error &error);
    void ending(); ///< the servers are about to stop

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
