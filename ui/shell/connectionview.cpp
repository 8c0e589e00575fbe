// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/connectionview.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/operations/run/operationsdoor.h"
#include "ui/operations/interruptedbanner.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/runactions.h"
#include "ui/connect/addressdialog.h"
#include "ui/shared/slotsunderway.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/page.h"
#include "ui/shared/taborder.h"
#include "ui/shared/theme.h"
#include "ui/shell/pagefocus.h"
#include "ui/shell/writelock.h"

#include <QFrame>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int turnMs = 10; ///< delay between two pages, so that user input is handled

} // namespace

ConnectionView::ConnectionView(const Theme &theme, const QString &title, const Environment &environment, bool readOnly,
                               QWidget *parent)
    : QWidget(parent)
    , m_context(new PageContext(theme, this))
    , m_unmade(pageInfos())
    , m_turns(new QTimer(this))
    , m_current(m_unmade.constFirst().id)
    , m_stack(new CurrentStack(this))
    , m_empty(new EmptyState(theme, this))
    , m_countdown(new QTimer(this))
    , m_interrupted(new InterruptedBanner(theme, this))
    , m_runActions(new RunActions(*m_context, this))
{
    m_context->setConnection({}, title, environment);
    m_lock = new WriteLock(*m_context, readOnly, this);
    connect(m_context, &PageContext::placeRequested, this, &ConnectionView::placeRequested);
    connect(m_context, &PageContext::addressesRequested, this, &ConnectionView::showAddresses);
    connect(m_context, &PageContext::alertsChanged, this, &ConnectionView::changed);
    connect(m_context, &PageContext::busyPagesChanged, this, &ConnectionView::changed);
    setObjectName(u"connectionView"_s);
    setAttribute(Qt::WA_StyledBackground);
    m_again = m_empty->addAction(tr("Try now"), true);
    connect(m_again, &QPushButton::clicked, this, &ConnectionView::refresh);
    m_retry = m_empty->addAction(tr("Change connection…"), true);
    connect(m_retry, &QPushButton::clicked, this, &ConnectionView::connectRequested);
    m_countdown->setInterval(1000);
    connect(m_countdown, &QTimer::timeout, this, &ConnectionView::countDown);
    m_stack->addWidget(m_empty);
    connect(m_turns, &QTimer::timeout, this, &ConnectionView::doNext);
    m_turns->start(turnMs);
    connect(m_interrupted, &InterruptedBanner::resumeRequested, this,
            [this](const QString &id) { m_runActions->resume(id, {}); });
    connect(m_interrupted, &InterruptedBanner::rollBackRequested, m_runActions, &RunActions::rollBack);
    connect(m_interrupted, &InterruptedBanner::lookRequested, this,
            [this](const QString &id) { m_context->goTo({.page = u"operations"_s, .run = id}); });
    connect(m_runActions, &RunActions::operationRequested, this, &ConnectionView::operationRequested);
    makeBanner();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_interrupted);
    layout->addWidget(m_stack, 1);
    updateStack();
}

Page *ConnectionView::makePage(const PageInfo &info, const std::any &handed)
{
    // created as a child of the stack: adding it later would style all of it twice
    Page *page = info.make(*m_context, m_stack);
    setTabOrderAsLaidOut(page);
    m_pages.insert(info.id, page);
    m_stack->addWidget(page);
    connect(page, &Page::refreshRequested, this, &ConnectionView::refresh);
    connect(page, &Page::operationRequested, this, &ConnectionView::operationRequested);
    if (m_settings)
        page->restoreState(*m_settings);
    if (handed.has_value())
        page->takeOver(handed);
    if (m_view)
        page->setView(m_view);
    return page;
}

/// Creates one page, or updates it with the newest view, per call: all of them at once would block the window.
void ConnectionView::doNext()
{
    if (!m_pages.contains(m_current))
        (void)page(m_current);
    else if (!m_unmade.isEmpty())
        makePage(m_unmade.takeFirst());
    else if (!m_behind.isEmpty())
        catchUp(m_behind.constFirst());
    else
        m_turns->stop();
}

void ConnectionView::catchUp(const QString &id)
{
    if (m_behind.removeOne(id))
        m_pages.value(id)->setView(m_view);
}

Page *ConnectionView::page(const QString &id)
{
    for (qsizetype i = 0; i < m_unmade.size(); ++i)
        if (m_unmade[i].id == id)
            return makePage(m_unmade.takeAt(i));
    catchUp(id);
    return m_pages.value(id);
}

void ConnectionView::retranslate(QSettings &settings)
{
    saveState(settings);
    QHash<QString, std::any> handed;
    for (auto it = m_pages.cbegin(); it != m_pages.cend(); ++it)
        handed.insert(it.key(), it.value()->handOver());
    qDeleteAll(std::exchange(m_pages, {}));
    m_behind.clear();
    m_context->setConnection(target(), title(), Environment::of(environment().kind));
    m_settings = &settings;
    m_unmade.clear();
    // at once, because another connection view would overwrite this one's saved state
    for (const PageInfo &info : pageInfos())
        makePage(info, handed.value(info.id));
    m_again->setText(tr("Try now"));
    m_bannerAgain->setText(tr("Try now"));
    m_interrupted->retranslate();
    setView(m_heard);
    if (m_door)
        m_door->refresh();
}

/// Deletes the pages first, because they use the session and the context.
ConnectionView::~ConnectionView()
{
    qDeleteAll(m_pages);
}

void ConnectionView::makeBanner()
{
    m_banner = new QFrame(this);
    m_banner->setObjectName(u"banner"_s);
    m_bannerText = new ElidedLabel({}, Qt::ElideRight, m_banner);
    m_bannerText->setProperty("tone", u"error"_s);
    m_bannerAgain = new QPushButton(tr("Try now"), m_banner);
    connect(m_bannerAgain, &QPushButton::clicked, this, &ConnectionView::refresh);
    auto *layout = new QHBoxLayout(m_banner);
    layout->setContentsMargins(16, 6, 16, 6);
    layout->addWidget(m_bannerText);
    layout->addWidget(m_bannerAgain);
    m_banner->hide();
}

void ConnectionView::setOperations(OperationsDoor *operations)
{
    m_context->setOperations(operations);
    connect(operations, &OperationsDoor::historyChanged, this, &ConnectionView::takeHistory);
    takeHistory();
}

/// An operation has started or ended: re-evaluates the slots in migration.
void ConnectionView::takeHistory()
{
    if (withRuns(m_heard, m_context->operations()) != m_view)
        setView(m_heard);
    else
        lookForInterrupted();
}

void ConnectionView::lookForInterrupted()
{
    m_interrupted->look(m_context->operations(), m_view.get(), m_context->isReadOnly());
}

void ConnectionView::attach(std::unique_ptr<SessionDoor> door)
{
    if (m_door) // a job may keep it open
        m_door->disconnect(this);
    if (m_addresses)
        m_addresses->close();
    m_context->setDoor(nullptr); // this also ends the services of the previous session
    m_door = std::move(door);
    m_context->setConnection(target(), title(), environment());
    m_context->setDoor(m_door);
    connect(m_door.get(), &SessionDoor::viewChanged, this, &ConnectionView::setView);
    connect(m_door.get(), &SessionDoor::stateChanged, this,
            [this](SessionState state) { setState(state, m_door->error(), m_door->retryAt()); });
    connect(m_door.get(), &SessionDoor::passwordProblemChanged, this, &ConnectionView::updateStack);
    connect(m_door.get(), &SessionDoor::shardNameNotKept, this, [this](const Error &error) {
        m_context->tellUser(title(), tr("The shard’s name could not be saved: %1").arg(describe(error)));
    });
    setState(m_door->state(), m_door->error(), m_door->retryAt());
    if (m_door->view())
        setView(m_door->view());
}

AddressDialog *ConnectionView::showAddresses(const QByteArray &node)
{
    if (!m_door)
        return nullptr;
    if (!m_addresses) {
        m_addresses = new AddressDialog(m_context->theme(), *m_door, this);
        m_addresses->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_addresses, &AddressDialog::mapChanged, this, &ConnectionView::takeAddressMap);
        m_addresses->open();
    }
    m_addresses->choose(node);
    m_addresses->raise();
    return m_addresses;
}

void ConnectionView::takeAddressMap(const QHash<QString, Endpoint> &map)
{
    if (m_marked)
        m_marked->addressMap = map;
    m_context->setConnection(target(), title(), environment());
    Q_EMIT addressMapChanged();
}

void ConnectionView::setMarks(const ConnectionTarget &marked, const QString &title)
{
    m_marked = marked;
    m_context->setConnection(marked, title, Environment::of(marked.environment));
    if (m_door)
        m_door->setEnvironment(marked.environment);
    Q_EMIT changed();
}

ConnectionTarget ConnectionView::operationTarget() const
{
    ConnectionTarget target = this->target();
    target.readOnly = isReadOnly();
    return target;
}

ConnectionTarget ConnectionView::target() const
{
    return m_marked ? *m_marked : m_door ? m_door->target() : ConnectionTarget();
}

void ConnectionView::setView(const ClusterViewPtr &view)
{
    m_heard = view;
    m_view = withRuns(view, m_context->operations());
    m_context->setView(m_view);
    // pages already in the list keep their position, so that the page that waits longest comes first
    for (auto it = m_pages.cbegin(); it != m_pages.cend(); ++it)
        if (!m_behind.contains(it.key()))
            m_behind.append(it.key());
    catchUp(m_current);
    if (!m_turns->isActive())
        m_turns->start(turnMs);
    lookForInterrupted();
    if (view && m_state == SessionState::Connecting && !m_door)
        m_state = SessionState::Ready;
    updateStack();
    Q_EMIT changed();
}

void ConnectionView::setState(SessionState state, const Error &error, qint64 retryAt)
{
    m_state = state;
    m_error = error;
    m_retryAt = retryAt;
    updateStack();
    Q_EMIT changed();
}

void ConnectionView::refresh()
{
    if (m_door)
        m_door->refresh();
    if (currentPage())
        currentPage()->readAgain();
}

void ConnectionView::setStartWords(const QString &title, const QString &text, const QString &failedTitle,
                                   const QString &again)
{
    m_startTitle = title;
    m_startText = text;
    m_failedTitle = failedTitle;
    m_againWords = again;
    updateStack();
}

void ConnectionView::updateStack()
{
    const bool lost = m_state == SessionState::Lost && m_view;
    const bool unrenewed = !lost && m_view && m_door && m_door->passwordProblem();
    m_banner->setVisible(lost || unrenewed);
    if (lost)
        updateBanner();
    else if (unrenewed)
        m_bannerText->setText(unrenewedText(*m_door->passwordProblem()));
    if (lost || (!m_view && m_retryAt > 0))
        m_countdown->start();
    else
        m_countdown->stop();
    const bool askedAgain = m_state == SessionState::Failed
        && (m_error.code == Error::Code::TunnelRefused || m_error.code == Error::Code::PasswordCommand);
    const bool tries = m_state == SessionState::Lost || isFailing() || askedAgain;
    m_again->setVisible(tries);
    const bool wantsPassword = m_error.code == Error::Code::AuthRequired || m_error.code == Error::Code::WrongPassword;
    m_retry->setText(!m_againWords.isEmpty() ? m_againWords
                         : wantsPassword     ? tr("Enter the password…")
                                             : tr("Change connection…"));
    setStyleProperty(m_retry, "primary", !tries || wantsPassword);
    m_retry->setVisible(m_state == SessionState::Failed || tries);
    if (m_view) {
        showCurrent();
        return;
    }
    updateEmpty();
    m_stack->setCurrentWidget(m_empty);
}

/// The stack would move the focus to some control of the page that had the focus before.
void ConnectionView::showCurrent()
{
    Page *shown = page(m_current);
    QWidget *last = shown->focusWidget();
    m_stack->setCurrentWidget(shown);
    const auto from = std::exchange(m_focusDue, std::nullopt);
    const QWidget *at = window()->focusWidget();
    if (from && (!at || at == *from || isAncestorOf(at))) // otherwise the user has moved the focus elsewhere
        focusPage(*shown, last);
}

void ConnectionView::countDown()
{
    if (m_view)
        updateBanner();
    else
        updateEmpty();
}

HealthWord ConnectionView::health() const
{
    if (m_state == SessionState::Ready && m_view)
        return healthWord(*m_view);
    const bool isConnecting = m_state == SessionState::Connecting && !isFailing();
    // in state Ready the first view is about to arrive
    return healthWord(isConnecting || m_state == SessionState::Ready);
}

void ConnectionView::showPage(const QString &id)
{
    if (!page(id))
        return;
    m_current = id;
    updateStack();
}

void ConnectionView::choosePage(const QString &id)
{
    m_focusDue = window()->focusWidget();
    showPage(id);
}

void ConnectionView::focusCurrent()
{
    choosePage(m_current);
}

QStringList ConnectionView::unsaved() const
{
    QStringList all;
    for (const Page *page : m_pages)
        if (const QString words = page->unsaved(); !words.isEmpty())
            all.append(words);
    return all;
}

QStringList ConnectionView::heldHere() const
{
    QStringList all = unsaved();
    for (const Page *page : m_pages)
        if (const QString words = page->heldHere(); !words.isEmpty())
            all.append(words);
    return all;
}

void ConnectionView::saveState(QSettings &settings) const
{
    for (const Page *page : m_pages)
        page->saveState(settings);
}

void ConnectionView::restoreState(const QSettings &settings)
{
    m_settings = &settings;
    for (Page *page : std::as_const(m_pages))
        page->restoreState(settings);
}

} // namespace slotscope
