// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/operationsdoor.h"

#include "core/base/border.h"
#include "core/base/underway.h"
#include "core/operations/journal/journal.h"
#include "core/operations/plan/planvalidity.h"
#include "core/operations/planners/planning.h"
#include "core/session/clustersession.h"
#include "core/session/corethread.h"
#include "core/session/keptpromise.h"

#include <QDir>
#include <QPointer>
#include <QTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

constexpr int journalPollMs = 2000;

/// The part of an OperationsDoor that lives on the core thread: makes plans, and owns the active runs. Deleted on the
/// core thread.
class OperationsBridge final : public QObject
{
    Q_OBJECT
public:
    explicit OperationsBridge(QString folder) : m_folder(std::move(folder)) { }

    QCoro::Task<Result<PlannedOperation>> plan(ConnectionTarget target, OperationRequest request);
    QCoro::Task<Result<QString>> start(ConnectionTarget target, OperationPlan plan, bool dataLossAccepted);
    QCoro::Task<Result<QString>> carryOn(ConnectionTarget target, QString id, ResumeOptions options);
    void readHistory()
    {
        lookAtJournals();
        Q_EMIT historyRead();
        auto *timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, &OperationsBridge::lookAtJournals);
        timer->start(journalPollMs);
    }
    [[nodiscard]] OperationRun *run(const QString &id) const { return m_runs.value(id); }

Q_SIGNALS:
    void runChanged(slotscope::RunSnapshotPtr run, bool ours);
    void historyRead();

private:
    [[nodiscard]] QString folder() const { return m_folder.isEmpty() ? Journal::defaultFolder() : m_folder; }
    void lookAtJournals();
    [[nodiscard]] QString pathOf(const QString &id) const { return folder() + u'/' + id + u".jsonl"_s; }
    QCoro::Task<Result<std::shared_ptr<ClusterSession>>> sessionFor(ConnectionTarget target);
    QString launch(OperationRun *run);
    static QCoro::Task<> runToEnd(QPointer<OperationsBridge> bridge, QPointer<OperationRun> run);

    QString m_folder;
    QHash<QString, OperationRun *> m_runs; ///< active runs
    /// State of a journal when it was last read.
    struct Seen
    {
        qint64 size = 0;
        bool running = false; ///< its program may end without another line
    };
    QHash<QString, Seen> m_seen; ///< by run id
    /// session of the last plan, kept so that its run or the next plan can start at once
    std::shared_ptr<ClusterSession> m_session;
    ConnectionTarget m_target;
};

/// Looks for runs of other programs on this computer, which may start, continue and end while ours is open.
void OperationsBridge::lookAtJournals()
{
    const auto files = QDir(folder()).entryInfoList({u"*.jsonl"_s}, QDir::Files, QDir::Name);
    for (const QFileInfo &file : files) {
        const QString id = file.completeBaseName();
        const auto seen = m_seen.constFind(id);
        const bool known = seen != m_seen.cend();
        if (m_runs.contains(id) || (known && seen->size == file.size() && !seen->running))
            continue; // runs of this program show their own messages
        auto run = Journal::read(file.filePath());
        if (!run) { // another version's journal, or none: not read again until it changes
            m_seen.insert(id, {.size = file.size(), .running = false});
            continue;
        }
        const bool running = run->state == RunState::Running;
        const bool same = known && seen->size == file.size() && seen->running == running;
        m_seen.insert(id, {.size = file.size(), .running = running});
        if (same)
            continue;
        crossBorder();
        Q_EMIT runChanged(std::make_shared<const RunSnapshot>(std::move(*run)), false);
    }
}

QCoro::Task<Result<std::shared_ptr<ClusterSession>>> OperationsBridge::sessionFor(ConnectionTarget target)
{
    if (m_session && m_target == target && m_session->state() == SessionState::Ready)
        co_return Result<std::shared_ptr<ClusterSession>>(m_session);
    const QPointer<OperationsBridge> self(this);
    SessionOptions options;
    options.pollMs = 0;
    auto session = std::make_shared<ClusterSession>(target, options);
    session->start();
    const auto connected = co_await session->connected(options.connectTimeoutMs);
    if (!self)
        co_return failure(Error::Code::Cancelled);
    if (!connected)
        co_return failure(connected.error());
    m_session = session;
    m_target = target;
    co_return Result<std::shared_ptr<ClusterSession>>(session);
}

QCoro::Task<Result<PlannedOperation>> OperationsBridge::plan(ConnectionTarget target, OperationRequest request)
{
    const QPointer<OperationsBridge> self(this);
    std::shared_ptr<ClusterSession> session;
    if (!std::holds_alternative<CreateRequest>(request)) {
        const auto opened = co_await sessionFor(target);
        if (!opened)
            co_return failure(opened.error());
        session = *opened;
    }
    if (!self)
        co_return failure(Error::Code::Cancelled);
    auto plan = co_await planFor(session, target.access(), request, folder());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    if (!plan)
        co_return failure(plan.error());
    co_return PlannedOperation{.request = request, .plan = std::move(*plan)};
}

QString OperationsBridge::launch(OperationRun *run)
{
    const QString id = run->snapshot()->id;
    m_runs.insert(id, run);
    connect(run, &OperationRun::changed, this, [this](const RunSnapshotPtr &snapshot) {
        crossBorder();
        Q_EMIT runChanged(snapshot, true);
    });
    runToEnd(this, run);
    return id;
}

QCoro::Task<> OperationsBridge::runToEnd(QPointer<OperationsBridge> bridge, QPointer<OperationRun> run)
{
    const Underway underway;
    const RunSnapshotPtr last = co_await run->run();
    if (!bridge || !run)
        co_return;
    bridge->m_runs.remove(last->id);
    bridge->m_seen.insert(last->id, {.size = QFileInfo(bridge->pathOf(last->id)).size(), .running = false});
    const QString undone = last->plan->results.rollsBack;
    if (last->state == RunState::Done && !undone.isEmpty()) // its journal now says that it was rolled back
        if (auto former = Journal::readRun(bridge->folder(), undone)) {
            crossBorder();
            Q_EMIT bridge->runChanged(std::make_shared<const RunSnapshot>(std::move(*former)), false);
        }
    run->deleteLater();
}

QCoro::Task<Result<QString>> OperationsBridge::start(ConnectionTarget target, OperationPlan plan, bool dataLossAccepted)
{
    const QPointer<OperationsBridge> self(this);
    std::shared_ptr<ClusterSession> session;
    if (plan.operation != Operation::Create) {
        const auto opened = co_await sessionFor(target);
        if (!opened)
            co_return failure(opened.error());
        session = *opened;
    }
    if (!self)
        co_return failure(Error::Code::Cancelled);
    co_return launch(new OperationRun(std::move(plan), target, session,
                                      {.journalFolder = folder(), .dataLossAccepted = dataLossAccepted}, this));
}

QCoro::Task<Result<QString>> OperationsBridge::carryOn(ConnectionTarget target, QString id, ResumeOptions options)
{
    const QPointer<OperationsBridge> self(this);
    auto run = Journal::readRun(folder(), id);
    if (!run)
        co_return failure(run.error());
    if (run->state == RunState::Running || run->state == RunState::Done || run->rolledBack)
        co_return failure(Error::Code::InvalidArgument, tr("operation %1 is not an unfinished operation").arg(id));
    if (options.shown && !doTheSame(*options.shown, *run->plan))
        co_return failure(Error::Code::Outdated,
                          tr("the journal of operation %1 has changed since it was displayed").arg(id));
    if (options.busyKeys != BusyKeyPolicy::Stop)
        run->plan = std::make_shared<const OperationPlan>(withBusyKeys(*run->plan, options.busyKeys));
    if (options.callTimeoutMs)
        run->plan = std::make_shared<const OperationPlan>(withCallTimeout(*run->plan, *options.callTimeoutMs));
    const auto session = co_await sessionFor(target);
    if (!session)
        co_return failure(session.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    // the user saw every remaining command and agreed to the destructive ones
    co_return launch(new OperationRun(std::move(*run), target, *session,
                                      {.journalFolder = folder(),
                                       .dataLossAccepted = true,
                                       .rollBack = options.rollBack,
                                       .keysPerSecond = options.keysPerSecond},
                                      this));
}

OperationsDoor::OperationsDoor(CoreThread &thread, QString journalFolder, QObject *parent)
    : QObject(parent), m_bridge(new OperationsBridge(std::move(journalFolder)))
{
    qRegisterMetaType<RunSnapshotPtr>();
    m_bridge->moveToThread(thread.thread());
    connect(thread.thread(), &QThread::finished, m_bridge, &QObject::deleteLater);
    connect(m_bridge, &OperationsBridge::runChanged, this, &OperationsDoor::take, Qt::QueuedConnection);
    connect(m_bridge, &OperationsBridge::historyRead, this, &OperationsDoor::historyChanged, Qt::QueuedConnection);
    crossBorder();
    QMetaObject::invokeMethod(m_bridge, &OperationsBridge::readHistory, Qt::QueuedConnection);
}

OperationsDoor::~OperationsDoor()
{
    m_bridge->disconnect(this);
    m_bridge->deleteLater();
}

void OperationsDoor::take(const RunSnapshotPtr &run, bool ours)
{
    crossBorder();
    if (ours)
        m_ours.insert(run->id);
    else if (!run->isOver())
        m_ours.remove(run->id); // another program has resumed it, and only that program can stop it
    const RunSnapshotPtr before = m_runs.value(run->id);
    m_runs.insert(run->id, run);
    Q_EMIT runChanged(run);
    if (!before || before->state != run->state || before->rolledBack != run->rolledBack)
        Q_EMIT historyChanged();
}

QFuture<Result<PlannedOperation>> OperationsDoor::plan(ConnectionTarget target, OperationRequest request)
{
    return onThreadOf<PlannedOperation>(
        m_bridge, [target = std::move(target), request = std::move(request)](OperationsBridge *bridge) {
            return bridge->plan(target, request);
        });
}

QFuture<Result<QString>> OperationsDoor::start(ConnectionTarget target, OperationPlan plan, bool dataLossAccepted)
{
    return onThreadOf<QString>(
        m_bridge, [target = std::move(target), plan = std::move(plan), dataLossAccepted](OperationsBridge *bridge) {
            return bridge->start(target, plan, dataLossAccepted);
        });
}

QFuture<Result<QString>> OperationsDoor::resumeInterrupted(ConnectionTarget target, const QString &id,
                                                           const ResumeOptions &options)
{
    ResumeOptions as = options;
    if (const RunSnapshotPtr known = run(id))
        as.shown = known->plan;
    return onThreadOf<QString>(m_bridge, [target = std::move(target), id, as](OperationsBridge *bridge) {
        return bridge->carryOn(target, id, as);
    });
}

void OperationsDoor::pause(const QString &id)
{
    QMetaObject::invokeMethod(m_bridge, [bridge = m_bridge, id] {
        if (OperationRun *run = bridge->run(id))
            run->pause();
    });
}

void OperationsDoor::resume(const QString &id)
{
    QMetaObject::invokeMethod(m_bridge, [bridge = m_bridge, id] {
        if (OperationRun *run = bridge->run(id))
            run->resume();
    });
}

void OperationsDoor::stop(const QString &id)
{
    QMetaObject::invokeMethod(m_bridge, [bridge = m_bridge, id] {
        if (OperationRun *run = bridge->run(id))
            run->stop();
    });
}

void OperationsDoor::setThrottle(const QString &id, int keysPerSecond)
{
    QMetaObject::invokeMethod(m_bridge, [bridge = m_bridge, id, keysPerSecond] {
        if (OperationRun *run = bridge->run(id))
            run->setThrottle(keysPerSecond);
    });
}

QList<RunSnapshotPtr> OperationsDoor::runs() const
{
    QList<RunSnapshotPtr> list = m_runs.values();
    std::sort(list.begin(), list.end(),
              [](const RunSnapshotPtr &a, const RunSnapshotPtr &b) { return a->startedAt > b->startedAt; });
    return list;
}

RunSnapshotPtr OperationsDoor::run(const QString &id) const
{
    return m_runs.value(id);
}

QList<RunSnapshotPtr> OperationsDoor::running() const
{
    QList<RunSnapshotPtr> list = runs();
    list.removeIf([this](const RunSnapshotPtr &run) { return run->isOver() || !m_ours.contains(run->id); });
    return list;
}

} // namespace slotscope

#include "operationsdoor.moc"
