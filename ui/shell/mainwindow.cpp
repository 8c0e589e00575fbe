// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "core/profile/settingstable.h"

#include "ui/operations/operationwizard.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/keyjobbook.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shared/usernotices.h"
#include "ui/shell/healthnotices.h"
#include "ui/shell/connectiontabs.h"
#include "ui/shell/healthpill.h"
#include "ui/shell/lockchip.h"
#include "ui/shell/pages.h"
#include "ui/shell/rail.h"
#include "ui/shell/statusline.h"

#include <QActionGroup>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int railWidth = 84, homeWidth = 40;

} // namespace

MainWindow::MainWindow(Theme &theme, QSettings &settings, QWidget *parent)
    : QMainWindow(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_rail(new Rail(theme, this))
    , m_tabs(new ConnectionTabs(theme, this))
    , m_pill(new HealthPill(theme, this))
    , m_status(new StatusLine(theme, this))
    , m_healthNotices(new HealthNotices(this))
    , m_content(new QWidget(this))
    , m_stack(new CurrentStack(this))
    , m_start(new EmptyState(theme, this))
    , m_keyJobs(new KeyJobBook(this))
{
    setWindowTitle(tr("Slotscope"));
    setWindowIcon(logoIcon());
    m_content->setObjectName(u"contentFrame"_s);
    m_content->setAttribute(Qt::WA_StyledBackground);
    auto *inner = new QVBoxLayout(m_content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(m_stack, 1);
    m_notices = new UserNotices(theme, this, inner);
    makeStartPage();
    m_startShown = m_start;
    auto *central = new QWidget(this);
    auto *grid = new QGridLayout(central);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    grid->addWidget(makeTopBar(), 0, 0, 1, 2);
    grid->addWidget(m_rail, 1, 0);
    grid->addWidget(m_content, 1, 1);
    grid->addWidget(m_status, 2, 0, 1, 2);
    grid->setRowStretch(1, 1);
    grid->setColumnStretch(1, 1);
    setCentralWidget(central);
    connect(m_rail, &Rail::pageChosen, this, &MainWindow::showPage);
    connect(m_tabs, &QTabBar::currentChanged, this, &MainWindow::leaveStart);
    connect(m_tabs, &QTabBar::tabBarClicked, this, &MainWindow::leaveStart);
    connect(m_tabs, &ConnectionTabs::menuRequested, this, &MainWindow::openTabMenu);
    connect(m_tabs, &QTabBar::tabCloseRequested, this, [this](int index) { askToClose(connection(index)); });
    connect(m_pill, &HealthPill::clicked, this, [this] { Q_EMIT healthRequested(currentConnection()); });
    connectWatch();
    makeChip();
    makeShortcuts();
    restoreWindow();
    updateFrame();
}

MainWindow::~MainWindow()
{
    m_tabs->disconnect(this);
    for (OperationWizard *wizard : findChildren<OperationWizard *>())
        wizard->disconnect(this); // closing the wizard would emit finished() to a half-destroyed window
}

QWidget *MainWindow::makeTopBar()
{
    auto *bar = new QWidget(this);
    bar->setObjectName(u"topBar"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setFixedHeight(45);
    m_home = new QToolButton(bar);
    m_home->setObjectName(u"home"_s);
    m_home->setIcon(logoIcon());
    m_home->setIconSize({26, 26});
    connect(m_home, &QToolButton::clicked, this, &MainWindow::showStart);
    auto *add = new QToolButton(bar);
    add->setIcon(themedIcon(u"plus"_s, m_theme));
    m_add = add;
    connect(add, &QToolButton::clicked, this, &MainWindow::connectRequested);
    m_search = new QPushButton(bar);
    m_search->setObjectName(u"search"_s);
    m_search->hide();
    connect(m_search, &QPushButton::clicked, this, &MainWindow::paletteRequested);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 16, 1);
    layout->setSpacing(0);
    layout->addSpacing((railWidth - homeWidth) / 2);
    m_home->setFixedWidth(homeWidth);
    layout->addWidget(m_home);
    layout->addSpacing((railWidth - homeWidth) / 2);
    layout->addWidget(m_tabs, 0, Qt::AlignBottom);
    layout->addSpacing(6);
    layout->addWidget(add);
    layout->addStretch(1);
    layout->addWidget(m_search);
    layout->addSpacing(8);
    m_look = new QToolButton(bar);
    layout->addWidget(m_look);
    m_gear = new QToolButton(bar);
    m_gear->setObjectName(u"settings"_s);
    m_gear->setIcon(themedIcon(u"settings"_s, m_theme));
    connect(m_gear, &QToolButton::clicked, this, [this] { openSettings(); });
    layout->addWidget(m_gear);
    layout->addSpacing(8);
    layout->addWidget(m_pill);
    makeLookButton();
    sayTopBar();
    return bar;
}

void MainWindow::makeStartPage()
{
    m_start->setObjectName(u"startPage"_s);
    m_start->setAttribute(Qt::WA_StyledBackground);
    m_start->setContent(u"topology"_s, tr("View a cluster"),
                        tr("Connect to a Redis or Valkey cluster through any of its nodes, or start a small cluster on "
                           "this computer to experiment with."));
    connect(m_start->addAction(tr("Connect…"), true), &QPushButton::clicked, this, &MainWindow::connectRequested);
    connect(m_start->addAction(tr("Start a demo cluster")), &QPushButton::clicked, this, &MainWindow::demoRequested);
    m_stack->addWidget(m_start);
}

void MainWindow::setStartPage(QWidget *page)
{
    if (m_startShown != m_start)
        m_startShown->deleteLater();
    m_stack->addWidget(page);
    m_startShown = page;
    updateFrame();
}

void MainWindow::addShortcut(const QKeySequence &keys, const char *title, const std::function<void()> &act)
{
    auto *shortcut = new QShortcut(keys, this);
    m_shortcuts.append({shortcut, title});
    connect(shortcut, &QShortcut::activated, this, act);
}

void MainWindow::makeShortcuts()
{
    const QList<PageInfo> pages = pageInfos();
    for (qsizetype i = 0; i < std::min<qsizetype>(9, pages.size()); ++i) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + int(i))), this);
        shortcut->setObjectName(u"page"_s + pages.at(i).id);
        connect(shortcut, &QShortcut::activated, this, [this, id = pages.at(i).id] { showPage(id); });
    }
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_K), QT_TR_NOOP("Find a page, node or command"),
                [this] { Q_EMIT paletteRequested(); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_T), QT_TR_NOOP("New connection"),
                [this] { Q_EMIT connectRequested(); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_W), QT_TR_NOOP("Close the page's tab, otherwise the connection"),
                [this] {
                    ConnectionView *view = currentConnection();
                    if (!view || !view->currentPage() || !view->currentPage()->closeOwnTab())
                        askToClose(view);
                });
    const auto addStep = [this](const QList<QKeySequence> &keys, const char *title, int step) {
        addShortcut(keys.constFirst(), title, [this, step] { stepConnection(step); });
        m_shortcuts.constLast().first->setKeys(keys);
    };
    addStep({QKeySequence(Qt::CTRL | Qt::Key_PageDown), QKeySequence(Qt::CTRL | Qt::Key_Tab)},
            QT_TR_NOOP("Next connection (Ctrl+Tab too)"), 1);
    addShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T), QT_TR_NOOP("Saved and recent connections"),
                [this] { showStart(); });
    addStep({QKeySequence(Qt::CTRL | Qt::Key_PageUp), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab)},
            QT_TR_NOOP("Previous connection (Ctrl+Shift+Tab too)"), -1);
    addShortcut(QKeySequence(Qt::Key_F5), QT_TR_NOOP("Read everything again"), [this] {
        if (ConnectionView *view = currentConnection())
            view->refresh();
    });
    addShortcut(QKeySequence(Qt::Key_Escape), QT_TR_NOOP("Close the panel, or clear the selection"),
                [this] { escape(); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Comma), QT_TR_NOOP("Settings"), [this] { openSettings(); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Question), QT_TR_NOOP("Keyboard shortcuts (F1 and ? too)"),
                [this] { openShortcuts(); });
    m_shortcuts.constLast().first->setKeys({QKeySequence(Qt::CTRL | Qt::Key_Question), QKeySequence(Qt::Key_Question)});
    addShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), QT_TR_NOOP("Dark or light"),
                [this] { setThemeMode(int(m_theme.isDark() ? Theme::Mode::Light : Theme::Mode::Dark)); });
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), QT_TR_NOOP("Quit"), [this] { close(); });
}

void MainWindow::escape()
{
    if (const ConnectionView *view = currentConnection(); view && view->currentPage())
        view->currentPage()->closeDetail();
}

void MainWindow::setPaletteAvailable(bool available)
{
    m_search->setVisible(available);
}

ConnectionView *MainWindow::openSession(std::unique_ptr<SessionDoor> door)
{
    const ConnectionTarget target = door->target();
    ConnectionView *view =
        openConnection(freeTitle(target.title(), &target), Environment::of(target.environment), target.readOnly);
    view->attach(std::move(door));
    return view;
}

ConnectionView *MainWindow::openConnection(const QString &title, const Environment &environment, bool readOnly)
{
    const QString shown = freeTitle(title);
    auto *view = new ConnectionView(m_theme, shown, environment, readOnly, m_stack);
    view->restoreState(m_settings);
    view->showPage(m_page);
    m_stack->addWidget(view);
    m_connections.append(view);
    connect(view, &ConnectionView::connectRequested, this, [this, view] { Q_EMIT changeConnectionRequested(view); });
    connect(view, &ConnectionView::changed, this, [this, view] {
        m_tabs->setTab(int(m_connections.indexOf(view)), *view);
        updateTray();
        if (view == currentConnection())
            updateFrame();
    });
    connect(&view->context(), &PageContext::noticeRaised, this,
            [this, view](const QString &heading, const QString &text) {
                m_notices->tell(heading, text, [this, from = QPointer<ConnectionView>(view)] {
                    if (!from)
                        return;
                    showConnection(from);
                    showPage(u"metrics"_s);
                });
            });
    m_healthNotices->watch(view);
    connectOperations(view);
    view->context().setOthers([this, view] { return connectionsBeside(view); });
    const int index = m_tabs->addTab(shown);
    m_tabs->setTab(index, *view);
    m_tabs->setCurrentIndex(index);
    leaveStart();
    return view;
}

QList<OtherConnection> MainWindow::connectionsBeside(const ConnectionView *view) const
{
    QList<OtherConnection> others;
    for (const ConnectionView *other : std::as_const(m_connections))
        if (other != view && other->door())
            others.append({.door = other->sharedDoor(), .title = other->title(), .readOnly = other->isReadOnly()});
    return others;
}

void MainWindow::setMarks(ConnectionView *view, const ConnectionTarget &marked)
{
    const ConnectionTarget before = view->target();
    if (marked.name == before.name && marked.environment == before.environment)
        return;
    view->setMarks(marked, marked.name == before.name ? view->title() : freeTitle(marked.title(), &marked));
}

QString MainWindow::freeTitle(const QString &title, const ConnectionTarget *target) const
{
    const auto taken = [this](const QString &wanted) {
        return std::any_of(m_connections.begin(), m_connections.end(),
                           [&wanted](const ConnectionView *view) { return view->title() == wanted; });
    };
    QStringList wanted{title};
    if (target && !target->credentials.user.isEmpty())
        wanted.append(target->credentials.user + u'@' + title);
    if (target && target->database > 0)
        wanted.append(title + u'/' + QString::number(target->database));
    for (const QString &candidate : std::as_const(wanted)) {
        if (!taken(candidate))
            return candidate;
    }
    int number = 2;
    while (taken(tr("%1 (%2)").arg(title).arg(number)))
        ++number;
    return tr("%1 (%2)").arg(title).arg(number);
}

void MainWindow::closeConnection(int index)
{
    ConnectionView *view = connection(index);
    if (!view)
        return;
    view->saveState(m_settings);
    if (view->endsServers()) // its servers end with the tab
        for (const KeyJobRunPtr &run : m_keyJobs->running())
            if (run->uses(view->door()))
                run->stop();
    const QString title = view->title();
    m_connections.removeAt(index);
    updateTray();
    m_tabs->removeTab(index);
    m_stack->removeWidget(view);
    delete view;
    updateChip();
    updateFrame();
    Q_EMIT connectionClosed(title);
}

int MainWindow::connectionCount() const
{
    return int(m_connections.size());
}

ConnectionView *MainWindow::connection(int index) const
{
    return m_connections.value(index);
}

ConnectionView *MainWindow::currentConnection() const
{
    return connection(m_tabs->currentIndex());
}

void MainWindow::showPage(const QString &id)
{
    if (std::exchange(m_isAtStart, false))
        updateFrame();
    if (ConnectionView *view = currentConnection())
        view->choosePage(id);
    takePage(id);
}

/// Each connection has its own current page; the rail shows that of the current connection.
void MainWindow::takePage(const QString &id)
{
    const bool isAnother = m_page != id;
    m_page = id;
    m_rail->setCurrent(id);
    if (isAnother && !m_connections.isEmpty())
        Q_EMIT pageChanged();
}

void MainWindow::updateFrame()
{
    ConnectionView *view = currentConnection();
    m_stack->setCurrentWidget(view && !m_isAtStart ? static_cast<QWidget *>(view) : m_startShown);
    m_rail->setEnabled(view != nullptr);
    m_rail->setBusy(view ? view->context().busyPages() : QSet<QString>());
    if (view && view->currentPageId() != m_page)
        takePage(view->currentPageId());
    m_tabs->setVisible(!m_connections.isEmpty());
    m_pill->setConnection(view);
    fitTopBar();
    m_status->setConnection(view);
    m_lock->setConnection(view);
    const bool production = view && view->environment().kind == Environment::Kind::Production;
    setStyleProperty(m_content, "production", production);
    const int frame = production ? 2 : 0;
    m_content->layout()->setContentsMargins(frame, frame, frame, frame);
    setWindowTitle(view ? tr("%1 – Slotscope").arg(view->title()) : tr("Slotscope"));
    if (view != m_shown) {
        m_shown = view;
        Q_EMIT currentConnectionChanged(view);
    }
}

void MainWindow::saveState()
{
    m_settings.setValue(u"window/geometry"_s, saveGeometry());
    m_settings.setValue(u"window/page"_s, m_page);
    m_settings.setValue(u"window/theme"_s, int(m_theme.mode()));
    if (const ConnectionView *view = currentConnection())
        view->saveState(m_settings);
}

void MainWindow::restoreWindow()
{
    setMinimumSize(760, 520);
    constexpr QSize wished(1440, 900);
    resize(screen() ? wished.boundedTo(screen()->availableSize()) : wished);
    restoreGeometry(m_settings.value(u"window/geometry"_s).toByteArray());
    if (const QVariant mode = m_settings.value(u"window/theme"_s); mode.isValid())
        m_theme.setMode(Theme::Mode(std::clamp(mode.toInt(), 0, 2)));
    m_theme.setHighContrast(settingValue(m_settings, u"window/contrast"_s).toBool());
    m_theme.setStill(settingValue(m_settings, u"window/still"_s).toBool());
    const QList<PageInfo> pages = pageInfos();
    const QString kept = m_settings.value(u"window/page"_s).toString();
    const bool known =
        std::any_of(pages.begin(), pages.end(), [&kept](const PageInfo &page) { return page.id == kept; });
    showPage(known ? kept : pages.first().id);
}

} // namespace slotscope
