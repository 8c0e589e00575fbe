// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the window and lies over it: the start page, the health panel, the palette. All of it is made again
// where another language is to be spoken.
#include "application.h"

#include "demotab.h"
#include "paletteentries.h"
#include "ui/connect/startpage.h"
#include "ui/health/healthpanel.h"
#include "ui/palette/commandpalette.h"
#include "ui/shell/healthpill.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

/// Makes connections that stay when the translated parts are rebuilt.
void Application::connectWindow()
{
    MainWindow *window = m_window.get();
    connect(window, &MainWindow::connectRequested, this, [this] { openDialog(); });
    connect(window, &MainWindow::demoRequested, m_demo.get(), &DemoTab::start);
    connect(window, &MainWindow::changeConnectionRequested, this, &Application::changeConnection, Qt::QueuedConnection);
    connect(window, &MainWindow::unfinishedChosen, this, &Application::openUnfinished);
    connect(window, &MainWindow::clusterCreated, this, [this](const ConnectionTarget &target) { open(target); });
    connect(window, &MainWindow::connectionClosed, this, &Application::updateOpenIds);
    connect(window, &MainWindow::languageChanged, this, &Application::makePartsAgain);
    connect(window, &MainWindow::pageChanged, this, [this] {
        if (m_keeps)
            keepOpen();
    });
    connect(window, &MainWindow::renameRequested, this, &Application::rename);
    connect(window, &MainWindow::duplicateRequested, this,
            [this](ConnectionView *view) { open(view->target(), m_savedOf.value(view)); });
    connect(window, &MainWindow::reconnectRequested, this, [this](ConnectionView *view) {
        view->attach(std::make_unique<SessionDoor>(m_coreThread, view->target()));
    });
    m_offer.setSingleShot(true);
    connect(&m_offer, &QTimer::timeout, this, &Application::offerUnfinished);
    connect(&m_operations, &OperationsDoor::historyChanged, &m_offer, qOverload<>(&QTimer::start));
    connect(m_demo.get(), &DemoTab::ending, this, &Application::dismissRunsOfDemo);
    connect(&m_saved, &SavedConnections::changed, this, &Application::tellOfSaved);
}

void Application::makePartsAgain()
{
    makeStartPage();
    updateOpenIds();
    m_offer.start();
    for (Overlay *part : std::initializer_list<Overlay *>{m_health, m_palette})
        part->deleteLater();
    makeHealthPanel();
    m_health->setConnection(m_window->currentConnection());
    makePalette();
}

void Application::makeStartPage()
{
    auto *page = new StartPage(m_theme, m_recents, m_saved);
    m_startPage = page;
    m_window->setStartPage(page);
    connect(page, &StartPage::unfinishedChosen, this, &Application::openUnfinished);
    connect(page, &StartPage::unfinishedDismissed, this, [this](const QString &id) { dismissUnfinished({id}); });
    connect(page, &StartPage::connectRequested, this, [this] { openDialog(); });
    connect(page, &StartPage::demoRequested, m_demo.get(), &DemoTab::start);
    connect(page, &StartPage::createRequested, m_window.get(), [this] { m_window->openCreateWizard(); });
    connect(page, &StartPage::recentChosen, this, &Application::useRecent);
    connectStartPage();
}

void Application::makeHealthPanel()
{
    m_health = new HealthPanel(m_theme, m_window->healthPill(), m_window.get());
    m_health->addOpener(m_window->healthPill());
    connect(m_window.get(), &MainWindow::currentConnectionChanged, m_health, &HealthPanel::setConnection);
    connect(m_window.get(), &MainWindow::healthRequested, m_health, [this](ConnectionView *view) {
        m_health->setConnection(view);
        if (view)
            m_health->toggle();
    });
    connect(m_health, &HealthPanel::nodeRequested, this, [this](const QByteArray &id) { goToNode(*m_window, id); });
    connect(m_health, &HealthPanel::operationRequested, m_window.get(), &MainWindow::openWizard);
    connect(m_health, &HealthPanel::slotsRequested, this,
            [this](const SlotSet &slotSet) { goToSlots(*m_window, slotSet); });
}

void Application::makePalette()
{
    m_palette = new CommandPalette(m_theme, m_window.get());
    const PaletteActions actions{.connect = [this] { openDialog(); },
                                 .startDemo = [this] { m_demo->start(); },
                                 .showHealth = [this] { m_health->openOver(); },
                                 .useRecent = [this](const RecentConnection &recent) { useRecent(recent); }};
    m_palette->setSource([this, actions] { return paletteEntries(*m_window, m_theme, m_recents, actions); });
    m_palette->setAnswerer([this](const QString &words) { return paletteAnswer(*m_window, words); });
    connect(m_window.get(), &MainWindow::paletteRequested, m_palette, &CommandPalette::toggle);
    m_palette->addOpener(m_window->findChild<QWidget *>(u"search"_s));
    m_window->setPaletteAvailable(true);
}

} // namespace slotscope
