// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/run.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/operations/run/drillend.h"
#include "core/operations/run/emptying.h"
#include "core/operations/planners/planners.h"
#include "core/operations/plan/planvalidity.h"
#include "core/operations/planners/staleness.h"
#include "core/operations/run/steps.h"
#include "core/operations/run/verification.h"
#include "core/operations/facts/waiting.h"

#include <QDateTime>
#include <QJsonArray>
#include <QPointer>
#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int settlePollMs = 200;
constexpr int settleMs = 3000; // time for connecting when a session was just opened

QString newId(const QString &operation, qint64 now)
{
    return QDateTime::fromMSecsSinceEpoch(now).toString(u"yyyyMMdd-HHmmss-zzz-"_s) + operation;
}

QString whoIsHere()
{
    const passwd *entry = ::getpwuid(::getuid());
    return (entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::getuid())) + u'@'
        + QSysInfo::machineHostName();
}

qint64 wallMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

} // namespace

OperationRun::OperationRun(OperationPlan plan, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                           RunOptions options, QObject *parent)
    : OperationRun(
        [&] {
            RunSnapshot snapshot;
            snapshot.startedAt = wallMs();
            snapshot.id = newId(operationName(*plan.operation), snapshot.startedAt);
            snapshot.steps.resize(plan.steps.size());
            snapshot.plan = std::make_shared<const OperationPlan>(std::move(plan));
            return snapshot;
        }(),
        std::move(target), std::move(session), std::move(options), parent)
{ }

OperationRun::OperationRun(RunSnapshot interrupted, ConnectionTarget target, std::shared_ptr<ClusterSession> session,
                           RunOptions options, QObject *parent)
    : QObject(parent), m_context(std::make_shared<RunContext>()), m_options(std::move(options))
{
    m_context->target = interrupted.plan->operation == Operation::Create ? targetOfCreated(*interrupted.plan, target)
                                                                         : std::move(target);
    m_context->session = std::move(session);
    m_context->state = std::move(interrupted);
    RunSnapshot &state = m_context->state;
    // Running means a new run, passed on by the other constructor
    state.resumedAt = state.state == RunState::Running ? 0 : wallMs();
    state.state = RunState::Running;
    if (m_options.keysPerSecond || state.resumedAt == 0)
        state.throttle = m_options.keysPerSecond;
    m_context->keysPerSecond = state.throttle; // a throttle chosen during an earlier part stays in effect
    m_context->keysBefore = state.progress.keysDone;
    // every step had succeeded, only the final check failed
    const bool notWhole = state.error && state.error->code == Error::Code::NotWhole;
    state.endedAt = 0;
    state.error.reset();
    state.verified.clear();
    state.who = whoIsHere();
    state.cluster = m_context->target.title();
    for (qsizetype i = 0; i < state.steps.size(); ++i)
        if (state.steps[i].state != StepState::State::Done
            || (notWhole && state.plan->steps[i].kind == PlanStep::Kind::MoveSlots))
            state.steps[i] = {};
    m_context->changed = [this] { scheduleReport(); };
    m_report.setSingleShot(true);
    connect(&m_report, &QTimer::timeout, this, &OperationRun::publish);
    m_snapshot = std::make_shared<const RunSnapshot>(state);
}

OperationRun::~OperationRun()
{
    m_context->abandoned = true;
    m_context->changed = [] {};
}

void OperationRun::scheduleReport()
{
    if (!m_report.isActive())
        m_report.start(m_options.reportEveryMs);
}

void OperationRun::publish()
{
    m_report.stop();
    m_snapshot = std::make_shared<const RunSnapshot>(m_context->state);
    Q_EMIT changed(m_snapshot);
}

void OperationRun::pause()
{
    if (m_context->paused || m_context->state.isOver())
        return;
    m_context->paused = true;
    m_context->log(tr("pausing: the current step is finished first"));
    m_context->state.state = RunState::Paused;
    publish();
}

void OperationRun::resume()
{
    if (!m_context->paused || m_context->state.isOver())
        return;
    m_context->paused = false;
    m_context->log(tr("continuing"));
    m_context->state.state = m_context->stopping ? RunState::Stopping : RunState::Running;
    publish();
}

void OperationRun::stop()
{
    if (m_context->state.isOver())
        return;
    if (m_context->stopping)
        m_context->abandoned = true;
    m_context->log(m_context->stopping ? tr("stopping at once: slots in progress stay in migration")
                                       : tr("stopping: the current step is finished first"));
    m_context->stopping = true;
    m_context->state.state = RunState::Stopping;
    publish();
}

void OperationRun::setThrottle(int keysPerSecond)
{
    if (m_context->state.isOver() || m_context->keysPerSecond == keysPerSecond)
        return;
    m_context->keysPerSecond = keysPerSecond;
    m_context->state.throttle = keysPerSecond;
    m_context->throttledUntil = 0; // drops the waiting time caused by the old throttle
    m_context->log(keysPerSecond > 0 ? tr("throttle: at most %1 keys per second from now on").arg(keysPerSecond)
                                     : tr("no throttle from now on"));
    publish();
}

QCoro::Task<Result<>> OperationRun::runStep(int index)
{
    const std::shared_ptr<RunContext> context = m_context;
    RunSnapshot &state = context->state;
    state.step = index;
    state.steps[index] = {.state = StepState::State::Running, .note = {}, .startedAt = wallMs(), .endedAt = 0};
    auto written = context->journal.append(journal::stepBegun(index, wallMs()), true);
    if (!written && !context->restoring)
        co_return failure(written.error()); // nothing may be changed without a journal
    if (!written)
        context->log(describe(written.error()), true);
    publish();
    const PlanStep step = state.plan->steps[index];
    const auto done = co_await doStep(context, step);
    StepState &after = context->state.steps[index];
    after.endedAt = wallMs();
    after.state = done ? StepState::State::Done : StepState::State::Failed;
    if (!done)
        after.note = describe(done.error());
    written = context->journal.append(journal::stepEnded(index, after), true);
    context->changed();
    if (!done)
        co_return failure(done.error());
    if (context->restoring)
        co_return Result<>();
    co_return written;
}

/// Checks that the cluster is still as it was when the plan was made: maybe an hour has passed, with a question to the
/// user, and what was decided for one slot owner must not be done to another.
QCoro::Task<Result<>> OperationRun::asPlanned()
{
    const std::shared_ptr<RunContext> context = m_context;
    const RunSnapshot &state = context->state;
    if (state.rollingBack && !m_options.rollBack)
        co_return failure(Error::Code::Outdated, tr("some of its nodes were made empty again: finish rolling it back"));
    if (state.resumedAt && !canWait(state))
        co_return failure(Error::Code::Outdated, tr("the remaining steps were planned for the cluster as it was then"));
    if (state.resumedAt || !state.plan->basis.view)
        co_return Result<>();
    for (const QDeadlineTimer deadline(settleMs);;) {
        const auto looked = co_await RunContext::look(context);
        if (!looked)
            co_return failure(looked.error());
        bool unclear = false;
        const QString difference = outdatedBy(*state.plan, **looked, unclear);
        if (!difference.isEmpty())
            co_return failure(Error::Code::Outdated, difference);
        if (!unclear || deadline.hasExpired())
            break;
        if (!co_await RunContext::sleep(context, settlePollMs))
            co_return failure(Error::Code::Cancelled);
    }
    co_return Result<>();
}

QCoro::Task<Result<>> OperationRun::runSteps()
{
    const std::shared_ptr<RunContext> context = m_context;
    const QPointer<OperationRun> self(this);
    const std::shared_ptr<const OperationPlan> plan = context->state.plan;
    if (plan->isRefused()) {
        for (const PlanCheck &check : plan->checks)
            if (check.verdict == PlanCheck::Verdict::Refuse)
                co_return failure(Error::Code::InvalidArgument, tr("refused: %1. %2").arg(check.title, check.detail));
    }
    if (const auto sound = checkSteps(*plan); !sound)
        co_return failure(sound.error());
    if (context->target.readOnly)
        co_return failure(Error::Code::ReadOnly, tr("nothing was changed"));
    if (!plan->dataLoss.isEmpty() && !m_options.dataLossAccepted)
        co_return failure(
            Error::Code::InvalidArgument,
            tr("data may be lost, and you have not agreed to that: %1").arg(plan->dataLoss.join(u"; "_s)));
    const auto same = co_await asPlanned();
    if (!same)
        co_return failure(same.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    const QString folder = m_options.journalFolder.isEmpty() ? Journal::defaultFolder() : m_options.journalFolder;
    const auto opened = context->journal.open(folder, context->state, context->nodesTouched());
    if (!opened)
        co_return failure(opened.error());
    if (context->state.resumedAt) {
        const auto done = std::count_if(context->state.steps.cbegin(), context->state.steps.cend(),
                                        [](const StepState &step) { return step.state == StepState::State::Done; });
        context->log(tr("resumed: %1 of %2 steps were done").arg(done).arg(plan->steps.size()));
        if (const auto throttle = context->keysPerSecond)
            context->log(*throttle > 0 ? tr("throttle: at most %1 keys per second from now on").arg(*throttle)
                                       : tr("no throttle from now on"));
    }
    if (m_options.rollBack)
        co_return failure(Error::Code::Cancelled); // finish() then resets the nodes
    for (int index = 0; index < int(plan->steps.size()); ++index) {
        if (context->state.steps[index].state == StepState::State::Done)
            continue;
        if (!co_await RunContext::proceed(context) || !self)
            co_return failure(Error::Code::Cancelled);
        const auto done = co_await runStep(index);
        if (!self)
            co_return failure(Error::Code::Cancelled);
        if (!done)
            co_return failure(done.error());
    }
    co_return Result<>();
}

namespace {

/// If this run undid another one completely, records that in the other's journal.
void tellUndone(RunContext &context, const QString &folder, const ClusterViewPtr &view)
{
    const QString id = context.state.plan->results.rollsBack;
    if (id.isEmpty())
        return;
    const auto former = Journal::readRun(folder, id);
    if (!former)
        return; // deleted, or made on another computer
    const SlotSet left = view ? stillMoved(*former->plan, *view) : SlotSet();
    if (!left.isEmpty()) {
        context.log(OperationRun::tr("operation %1 is not marked as rolled back: it continued in the meantime, and "
                                     "slots %2 are where it moved them")
                        .arg(id, left.toString(4)),
                    true);
        return;
    }
    QStringList over{id};
    for (const RunSnapshot &run : Journal::readAll(folder.isEmpty() ? Journal::defaultFolder() : folder))
        if (run.id != context.state.id && run.plan->results.rollsBack == id
            && (run.state == RunState::Interrupted || run.state == RunState::Stopped))
            over.append(run.id); // an earlier attempt to undo it that did not finish
    for (const QString &one : std::as_const(over))
        if (const auto told = Journal::tellRolledBack(folder, one); !told)
            context.log(describe(told.error()), true);
}

} // namespace

QCoro::Task<> OperationRun::finish(Result<> outcome)
{
    const std::shared_ptr<RunContext> context = m_context;
    const QPointer<OperationRun> self(this);
    RunSnapshot &state = context->state;
    const bool rollsBack = m_options.rollBack;
    const QString folder = m_options.journalFolder;
    if (!outcome) {
        const auto emptied = co_await emptyNodes(context, rollsBack);
        if (rollsBack && !emptied)
            outcome = failure(emptied.error());
    }
    if (!self)
        co_return;
    if (!outcome && state.plan->operation == Operation::Drill) {
        co_await restoreAfterDrill(outcome.error());
        if (!self)
            co_return;
    }
    Verification verification;
    if (!context->abandoned && context->session && context->journal.isOpen())
        verification = co_await verifyOutcome(context, outcome.has_value());
    const bool asBefore = co_await isAsBeforeDrill(context);
    verification.whole = verification.whole && asBefore;
    const qint64 lost = lostInDrill(state);
    if (lost > 0) {
        verification.whole = false;
        state.verified.append(u"NOT: "_s
                              + tr("%n write(s) lost that the replicas had acknowledged", nullptr, int(lost)));
    }
    context->waitFor({});
    const bool cancelled = !outcome && outcome.error().code == Error::Code::Cancelled;
    if (!outcome && !cancelled)
        state.error = outcome.error();
    if (!outcome)
        tellNotBroughtBack(state);
    state.state = outcome ? RunState::Done : cancelled || rollsBack ? RunState::Stopped : RunState::Failed;
    if (outcome && !verification.whole && state.plan->operation != Operation::Fix) {
        state.state = RunState::Failed;
        state.error = Error{.code = Error::Code::NotWhole,
                            .detail = state.verified.filter(u"NOT: "_s).join(u"; "_s),
                            .serverPrefix = {},
                            .node = {},
                            .command = {}};
    }
    if (state.state == RunState::Done)
        state.leftOpen = {}; // slots that an earlier part of the run had left open
    state.endedAt = wallMs();
    if (state.state == RunState::Done)
        tellUndone(*context, folder, verification.last);
    if (const auto written = context->journal.append(journal::ended(state), true); !written)
        state.log.append({.at = state.endedAt, .warning = true, .text = describe(written.error())});
    context->journal.close();
    if (self)
        publish();
}

QCoro::Task<RunSnapshotPtr> OperationRun::run()
{
    const std::shared_ptr<RunContext> context = m_context;
    const QPointer<OperationRun> self(this);
    publish();
    const auto outcome = co_await runSteps();
    if (!self)
        co_return std::make_shared<const RunSnapshot>(context->state);
    co_await finish(outcome);
    co_return std::make_shared<const RunSnapshot>(context->state);
}

ConnectionTarget targetOfCreated(const OperationPlan &plan, const ConnectionTarget &opener)
{
    ConnectionTarget target;
    target.credentials = opener.credentials;
    target.tls = opener.tls;
    target.way = opener.way;
    target.readOnly = opener.readOnly;
    target.renamed = opener.renamed;
    for (const CreatedNode &node : plan.results.layout)
        if (const auto endpoint = Endpoint::parse(node.address))
            target.seeds.append(*endpoint);
    return target;
}

} // namespace slotscope
