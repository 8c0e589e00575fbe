// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/connectionview.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/operations/operationsdoor.h"
#include "core/session/keycounting.h"
#include "core/session/remote.h"
#include "ui/operations/interruptedbanner.h"
#include "ui/operations/operationmenu.h"
#include "ui/operations/operationspage.h"
#include "ui/operations/resumequestion.h"
#include "ui/operations/slotsunderway.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/page.h"
#include "ui/shared/theme.h"
#include "ui/shell/pages.h"

#include <QFrame>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ConnectionView::ConnectionView(const Theme &theme, QString title, Environment environment, bool readOnly,
                               QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(std::move(title))
    , m_environment(std::move(environment))
    , m_readOnly(readOnly)
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(theme, this))
    , m_countdown(new QTimer(this))
    , m_interrupted(new InterruptedBanner(theme, this))
{
    setObjectName(u"connectionView"_s);
    setAttribute(Qt::WA_StyledBackground);
    m_again = m_empty->addAction(tr("Try now"), true);
    connect(m_again, &QPushButton::clicked, this, &ConnectionView::refresh);
    m_retry = m_empty->addAction(tr("Change connection…"), true);
    connect(m_retry, &QPushButton::clicked, this, &ConnectionView::connectRequested);
    m_countdown->setInterval(1000);
    connect(m_countdown, &QTimer::timeout, this, &ConnectionView::countDown);
    m_stack->addWidget(m_empty);
    for (const PageInfo &info : pageInfos()) {
        Page *page = info.make(theme, this);
        m_pages.insert(info.id, page);
        m_stack->addWidget(page);
        connect(page, &Page::keyCountsRequested, this, &ConnectionView::countKeys);
        connect(page, &Page::refreshRequested, this, &ConnectionView::refresh);
        connect(page, &Page::operationRequested, this, &ConnectionView::operationRequested);
        page->setReadOnly(readOnly);
        if (auto *operations = qobject_cast<OperationsPage *>(page))
            connectRuns(*operations);
        if (m_current.isEmpty())
            m_current = info.id;
    }
    connect(m_interrupted, &InterruptedBanner::resumeRequested, this, [this](const QString &id) { resumeRun(id, {}); });
    connect(m_interrupted, &InterruptedBanner::rollBackRequested, this, &ConnectionView::rollBackRun);
    connect(m_interrupted, &InterruptedBanner::lookRequested, this, &ConnectionView::runRequested);
    makeBanner();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_interrupted);
    layout->addWidget(m_stack, 1);
    updateStack();
}

ConnectionView::~ConnectionView() = default;

void ConnectionView::makeBanner()
{
    m_banner = new QFrame(this);
    m_banner->setObjectName(u"banner"_s);
    m_bannerText = new ElidedLabel({}, Qt::ElideRight, m_banner);
    m_bannerText->setProperty("tone", u"error"_s);
    auto *again = new QPushButton(tr("Try now"), m_banner);
    connect(again, &QPushButton::clicked, this, &ConnectionView::refresh);
    auto *layout = new QHBoxLayout(m_banner);
    layout->setContentsMargins(16, 6, 16, 6);
    layout->addWidget(m_bannerText);
    layout->addWidget(again);
    m_banner->hide();
}

void ConnectionView::setOperations(OperationsDoor *operations)
{
    m_operations = operations;
    for (Page *page : std::as_const(m_pages))
        page->setOperations(operations);
    connect(operations, &OperationsDoor::historyChanged, this, &ConnectionView::takeHistory);
    takeHistory();
}

/// A run has begun or ended: what it has open is judged anew.
void ConnectionView::takeHistory()
{
    if (withRuns(m_heard, m_operations) != m_view)
        setView(m_heard);
    else
        lookForInterrupted();
}

void ConnectionView::lookForInterrupted()
{
    m_interrupted->look(m_operations, m_view.get(), m_readOnly);
}

void ConnectionView::connectRuns(const OperationsPage &page)
{
    connect(&page, &OperationsPage::resumeRequested, this,
            [this](const QString &id, BusyKeyPolicy busyKeys) { resumeRun(id, {.busyKeys = busyKeys}); });
    connect(&page, &OperationsPage::rollBackRequested, this, &ConnectionView::rollBackRun);
}

void ConnectionView::rollBackRun(const QString &id)
{
    const RunSnapshotPtr run = m_operations ? m_operations->run(id) : nullptr;
    if (!run || !m_view || m_readOnly)
        return;
    if (emptiesItsNodes(*run))
        resumeRun(id, {.rollBack = true});
    else if (canRollBack(*run, *m_view))
        Q_EMIT operationRequested(rollBackDraft(*run, *m_view));
}

void ConnectionView::resumeRun(const QString &id, const ResumeOptions &wanted)
{
    const RunSnapshotPtr run = m_operations ? m_operations->run(id) : nullptr;
    if (!run || !m_door || m_readOnly)
        return;
    const auto *question = askToResume(*run, wanted, target().title(), m_environment, this);
    connect(question, &ResumeQuestion::agreed, this, [this, id](const ResumeOptions &options) {
        Q_EMIT runRequested(id);
        m_operations->resumeInterrupted(target(), id, options).then(this, [this, id](const Result<QString> &resumed) {
            auto *page = qobject_cast<OperationsPage *>(m_pages.value(u"operations"_s));
            if (!resumed && page)
                page->showProblem(id, resumed.error());
        });
    });
}

void ConnectionView::attach(std::unique_ptr<SessionDoor> door)
{
    m_keyCounter.reset();
    m_door = std::move(door);
    m_keyCounter = std::make_unique<Remote<KeyCounter>>(*m_door);
    connect(m_door.get(), &SessionDoor::viewChanged, this, &ConnectionView::setView);
    connect(m_door.get(), &SessionDoor::stateChanged, this,
            [this](SessionState state) { setState(state, m_door->error(), m_door->retryAt()); });
    setState(m_door->state(), m_door->error(), m_door->retryAt());
    if (m_door->view())
        setView(m_door->view());
}

void ConnectionView::setMarks(const ConnectionTarget &marked, const QString &title)
{
    m_marked = marked;
    m_title = title;
    m_environment = Environment::of(marked.environment);
    if (m_door)
        m_door->setEnvironment(marked.environment);
    Q_EMIT changed();
}

ConnectionTarget ConnectionView::target() const
{
    return m_marked ? *m_marked : m_door ? m_door->target() : ConnectionTarget();
}

void ConnectionView::setView(const ClusterViewPtr &view)
{
    m_heard = view;
    m_view = withRuns(view, m_operations);
    for (Page *page : std::as_const(m_pages))
        page->setView(m_view);
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

void ConnectionView::setKeyCounts(const SlotKeyCountsPtr &counts)
{
    for (Page *page : std::as_const(m_pages))
        page->setKeyCounts(counts);
}

void ConnectionView::countKeys()
{
    if (!m_door || m_counting)
        return;
    m_counting = true;
    m_keyCounter->call<SlotKeyCountsPtr>([](KeyCounter &counter) { return counter.count(); })
        .then(this, [this](const Result<SlotKeyCountsPtr> &counts) {
            m_counting = false;
            if (counts) {
                setKeyCounts(*counts);
                return;
            }
            for (Page *page : std::as_const(m_pages))
                page->setKeyCountsFailed(counts.error());
        });
}

void ConnectionView::refresh()
{
    if (m_door)
        m_door->refresh();
    if (currentPage() && currentPage()->showsKeyCounts())
        countKeys();
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
    m_banner->setVisible(lost);
    if (lost)
        updateBanner();
    if (lost || (!m_view && m_retryAt > 0))
        m_countdown->start();
    else
        m_countdown->stop();
    const bool tries = m_state == SessionState::Lost || isFailing();
    m_again->setVisible(tries);
    const bool wantsPassword = m_error.code == Error::Code::AuthRequired || m_error.code == Error::Code::WrongPassword;
    m_retry->setText(!m_againWords.isEmpty() ? m_againWords
                         : wantsPassword     ? tr("Enter the password…")
                                             : tr("Change connection…"));
    setStyleProperty(m_retry, "primary", !tries || wantsPassword);
    m_retry->setVisible(m_state == SessionState::Failed || tries);
    if (m_view) {
        m_stack->setCurrentWidget(m_pages.value(m_current));
        return;
    }
    updateEmpty();
    m_stack->setCurrentWidget(m_empty);
}

bool ConnectionView::isFailing() const
{
    return m_state == SessionState::Connecting && !m_view
        && (m_error.code != Error().code || !m_error.detail.isEmpty());
}

void ConnectionView::countDown()
{
    if (m_view)
        updateBanner();
    else
        updateEmpty();
}

/// What went wrong, what helps, and when the session tries again.
QString ConnectionView::failureText() const
{
    QStringList lines{describe(m_error)};
    if (const QString help = advice(m_error); !help.isEmpty())
        lines.append(help);
    if (m_retryAt > 0 || isFailing())
        lines.append(nextAttemptText(m_retryAt, steadyMs()));
    return lines.join(u'\n');
}

void ConnectionView::updateEmpty()
{
    const QString why = failureText();
    if (m_state == SessionState::Failed && !m_failedTitle.isEmpty()) {
        m_empty->setContent(u"warning"_s, m_failedTitle, why);
    } else if (m_state == SessionState::Failed) {
        const bool refused = m_error.code == Error::Code::AuthRequired || m_error.code == Error::Code::WrongPassword
            || m_error.code == Error::Code::NoPermission;
        m_empty->setContent(
            refused ? u"lock"_s : u"unplugged"_s,
            refused ? tr("%1 does not let us in").arg(m_title) : tr("%1 cannot be reached").arg(m_title), why);
    } else if (m_state == SessionState::Lost) {
        m_empty->setContent(u"unplugged"_s, tr("The connection to %1 is lost").arg(m_title), why);
    } else if (isFailing()) {
        m_empty->setContent(u"unplugged"_s, tr("Cannot connect to %1").arg(m_title), why);
    } else if (!m_startTitle.isEmpty()) {
        m_empty->setContent(u"play"_s, m_startTitle, m_startText);
    } else {
        m_empty->setContent(u"plug"_s, tr("Connecting to %1").arg(m_title),
                            tr("Waiting for the first node to answer."));
    }
}

void ConnectionView::updateBanner()
{
    const qint64 now = steadyMs();
    m_bannerText->setText(lostText(m_error, m_view ? nextRetryAt(*m_view, now) : 0, now));
}

QString lostText(const Error &error, qint64 retryAt, qint64 now)
{
    const int seconds = int((retryAt - now + 999) / 1000);
    const QString next =
        retryAt > now ? ConnectionView::tr("next try in %n s", nullptr, seconds) : ConnectionView::tr("trying again…");
    return ConnectionView::tr("▲ No node answers · %1 · %2. What you see is the last that was known.")
        .arg(next, describe(error));
}

QString nextAttemptText(qint64 retryAt, qint64 now)
{
    const int seconds = int((retryAt - now + 999) / 1000);
    return retryAt > now ? ConnectionView::tr("Next attempt in %n s.", nullptr, seconds)
                         : ConnectionView::tr("Trying again…");
}

qint64 nextRetryAt(const ClusterView &view, qint64 now)
{
    qint64 next = 0;
    for (const NodeState &node : view.nodes) {
        if (node.reach.state == Reach::State::Waiting && node.reach.retryAt >= now
            && (next == 0 || node.reach.retryAt < next))
            next = node.reach.retryAt;
    }
    return next;
}

void ConnectionView::showPage(const QString &id)
{
    if (!m_pages.contains(id))
        return;
    m_current = id;
    updateStack();
}

Page *ConnectionView::currentPage() const
{
    return m_pages.value(m_current);
}

void ConnectionView::saveState(QSettings &settings) const
{
    for (const Page *page : m_pages)
        page->saveState(settings);
}

void ConnectionView::restoreState(const QSettings &settings)
{
    for (Page *page : std::as_const(m_pages))
        page->restoreState(settings);
}

} // namespace slotscope
