// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whendone.h"
#include "demotab.h"

#include "core/local/demo.h"
#include "core/session/sessiondoor.h"
#include "ui/shell/mainwindow.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

DemoTab::DemoTab(CoreThread &thread, MainWindow &window, QString serverPath, QObject *parent)
    : QObject(parent), m_thread(thread), m_window(window), m_serverPath(std::move(serverPath))
{ }

DemoTab::~DemoTab() = default;

void DemoTab::start()
{
    if (m_view) {
        m_window.showConnection(m_view);
        return;
    }
    LocalClusterOptions options;
    if (!m_serverPath.isEmpty())
        options.serverPath = m_serverPath;
    m_view = m_window.openConnection(tr("demo"), Environment::of(Environment::Kind::Development));
    m_view->setEndsServers(true);
    m_view->setStartWords(
        tr("Starting the demo cluster"),
        tr("Six servers on this computer, with the sample data of a shop. They are stopped when this tab is closed."),
        tr("The demo cluster could not be started"), tr("Try again"));
    connect(m_view, &QObject::destroyed, this, &DemoTab::end);
    m_demo = std::make_unique<Demo>(m_thread, options);
    whenDone(m_demo->start(), this, [this, view = m_view](const Result<ConnectionTarget> &target) {
        if (view && view == m_view)
            started(target);
    });
}

void DemoTab::startAgain()
{
    m_window.closeView(m_view);
    start();
}

void DemoTab::started(const Result<ConnectionTarget> &target)
{
    if (!target) {
        m_demo.reset();
        m_view->setState(SessionState::Failed, target.error());
        Q_EMIT failed(target.error());
        return;
    }
    m_servers = target->seeds;
    m_view->setStartWords({}, {}, {}, {});
    m_view->attach(std::make_unique<SessionDoor>(m_thread, *target));
    Q_EMIT ready();
}

void DemoTab::end()
{
    Q_EMIT ending();
    m_servers.clear();
    m_demo.reset();
    m_view.clear();
}

} // namespace slotscope
