// SPDX-License-Identifier: GPL-3.0-or-later
#include "application.h"

#include "framelog.h"

#include "core/base/errortext.h"
#include "core/local/demo.h"
#include "core/session/sessiondoor.h"
#include "ui/shared/emptystate.h"
#include "ui/shell/tour.h"

#include <QApplication>

#include <cstdio>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QSize tourSize(1440, 900);

} // namespace

Application::Application(StartOptions options) : m_options(std::move(options)), m_window(std::make_unique<MainWindow>(m_theme, m_settings))
{
    connect(m_window.get(), &MainWindow::demoRequested, this, &Application::startDemo);
}

Application::~Application() = default;

void Application::start()
{
    if (!m_options.tourFolder.isEmpty())
        m_window->resize(tourSize);
    FrameLog::watch(*m_window);
    m_window->show();
    for (const ConnectionTarget &target : std::as_const(m_options.targets))
        open(target);
    if (m_options.demo)
        startDemo();
    else if (!m_options.tourFolder.isEmpty())
        startTour();
}

void Application::open(const ConnectionTarget &target)
{
    m_window->openSession(std::make_unique<SessionDoor>(m_coreThread, target));
}

void Application::startDemo()
{
    if (m_demo)
        return;
    LocalClusterOptions options;
    if (!m_options.serverPath.isEmpty())
        options.serverPath = m_options.serverPath;
    m_demo = std::make_unique<Demo>(m_coreThread, options);
    m_window->startPage()->setContent(u"topology"_s, tr("Starting the demo cluster"), tr("Six servers on this machine, with a shop's sample data. They end with this program."));
    m_demo->start().then(this, [this](const Result<ConnectionTarget> &target) {
        if (target) {
            open(*target);
            if (!m_options.tourFolder.isEmpty())
                startTour();
            return;
        }
        std::fprintf(stderr, "slotscope: %s\n", qPrintable(describe(target.error())));
        m_window->startPage()->setContent(u"warning"_s, tr("The demo cluster could not be started"), describe(target.error()) + u'\n' + advice(target.error()));
        m_demo.reset();
        if (!m_options.tourFolder.isEmpty())
            QApplication::exit(1);
    });
}

void Application::startTour()
{
    auto *tour = new Tour(*m_window, m_theme, m_options.tourFolder, this);
    connect(tour, &Tour::finished, this, [](bool complete, const QStringList &report) {
        for (const QString &line : report)
            std::printf("%s\n", qPrintable(line));
        QApplication::exit(complete ? 0 : 1);
    });
    tour->start();
}

} // namespace slotscope
