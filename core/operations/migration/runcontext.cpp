// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/migration/runcontext.h"

#include "core/base/errortext.h"

#include <QCoreApplication>
#include <QCoro/QCoroTimer>
#include <QDateTime>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int tickMs = 20; // how soon a sleeping run notices that it was abandoned
constexpr int pausedTickMs = 100;
constexpr qsizetype logLimit = 5000; // lines kept in a snapshot; the journal contains all of them

void discard(NodeLink *link)
{
    link->stop();
    link->deleteLater();
}

std::shared_ptr<NodeLink> makeLink(ConnectionOptions options)
{
    return {new NodeLink(std::move(options)), discard};
}

} // namespace

RunContext::~RunContext()
{
    if (endDrillWatch) // its coroutines continue until it is closed
        endDrillWatch();
}

QList<QByteArray> RunContext::nodesTouched() const
{
    QList<QByteArray> ids;
    if (const ClusterViewPtr view = session ? session->view() : nullptr)
        for (const NodeState &node : view->nodes)
            ids.append(node.id);
    const auto add = [&ids](const NodeRef &node) {
        if (!node.id.isEmpty() && !ids.contains(node.id))
            ids.append(node.id);
    };
    for (const PlanStep &step : state.plan->steps) {
        for (const NodeRef &node : step.nodes)
            add(node);
        for (const StepCommand &command : step.commands)
            add(command.node);
    }
    return ids;
}

void RunContext::log(const QString &text, bool warning)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (state.log.size() >= logLimit)
        state.log.removeFirst();
    state.log.append({.at = now, .warning = warning, .text = text});
    const auto written = journal.append(journal::line(state.log.constLast()), false);
    if (!written) // the next step or group of slots fails for this reason; the line is still shown
        state.log.append({.at = now, .warning = true, .text = describe(written.error())});
    changed();
}

void RunContext::note(const QString &text)
{
    if (state.step >= 0 && state.step < state.steps.size())
        state.steps[state.step].note = text;
    changed();
}

void RunContext::waitFor(const QString &why)
{
    if (state.waitingFor == why)
        return;
    state.waitingFor = why;
    changed();
}

QCoro::Task<bool> RunContext::sleep(std::shared_ptr<RunContext> context, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    while (!context->abandoned && !deadline.hasExpired())
        co_await QCoro::sleepFor(std::chrono::milliseconds(std::min<qint64>(tickMs, deadline.remainingTime() + 1)));
    co_return !context->abandoned;
}

QCoro::Task<bool> RunContext::proceed(std::shared_ptr<RunContext> context)
{
    while (context->paused && !context->stopping && !context->abandoned)
        co_await QCoro::sleepFor(std::chrono::milliseconds(pausedTickMs));
    co_return !context->stopping && !context->abandoned;
}

QCoro::Task<Result<NodeLink *>> RunContext::link(std::shared_ptr<RunContext> context, NodeRef node)
{
    if (!node.id.isEmpty() && context->session) {
        const ClusterViewPtr view = context->session->view();
        if (view && view->indexOf(node.id) >= 0)
            co_return co_await context->session->linkTo(node.id);
    }
    std::shared_ptr<NodeLink> link = context->m_outside[node.address];
    if (!link) {
        const auto endpoint = Endpoint::parse(node.address);
        if (!endpoint)
            co_return failure(endpoint.error());
        ConnectionOptions options;
        options.endpoint = context->target.addressMap.value(node.address, *endpoint);
        options.credentials = context->target.credentials;
        options.tls = context->target.tls;
        options.way = context->target.way;
        options.renamed = context->target.renamed;
        options.cluster = context->target.title();
        options.seeds = context->target.seedsText();
        link = makeLink(options);
        context->m_outside[node.address] = link;
        link->start();
    }
    link->retryNow();
    if (!link->isReady() && !co_await link->settled())
        co_return failure(link->error());
    co_return link.get();
}

QCoro::Task<Result<std::shared_ptr<NodeLink>>> RunContext::ownLink(std::shared_ptr<RunContext> context, NodeRef node,
                                                                   int database, int commandTimeoutMs)
{
    const Result<NodeLink *> shared = co_await link(context, node);
    if (!shared)
        co_return failure(shared.error());
    ConnectionOptions options = (*shared)->options();
    options.database = database;
    options.commandTimeoutMs = commandTimeoutMs;
    const std::shared_ptr<NodeLink> own = makeLink(options);
    own->start();
    if (!co_await own->settled())
        co_return failure(own->error());
    co_return Result<std::shared_ptr<NodeLink>>(own);
}

QCoro::Task<Result<Value>> RunContext::send(std::shared_ptr<RunContext> context, NodeRef node, Command command,
                                            int timeoutMs)
{
    const QString name = commandName(command);
    const Result<NodeLink *> to = co_await link(context, node);
    if (!to) {
        Error error = to.error();
        error.command = name;
        if (error.node.isEmpty())
            error.node = node.address;
        co_return failure(std::move(error));
    }
    co_return checked(co_await (*to)->send(std::move(command), timeoutMs), node.address, name);
}

QCoro::Task<Result<>> RunContext::openSession(std::shared_ptr<RunContext> context, QStringList further)
{
    if (context->session)
        co_return Result<>();
    ConnectionTarget target = context->target;
    for (const QString &address : further)
        if (const auto endpoint = Endpoint::parse(address); endpoint && !target.seeds.contains(*endpoint))
            target.seeds.append(*endpoint);
    SessionOptions options;
    options.pollMs = 0;
    options.seedsAreBeingJoined = context->state.plan && context->state.plan->operation == Operation::Create;
    auto session = std::make_shared<ClusterSession>(target, options);
    session->start();
    const auto connected = co_await session->connected(options.connectTimeoutMs);
    if (!connected)
        co_return failure(connected.error());
    context->session = session;
    co_return Result<>();
}

QCoro::Task<Result<ClusterViewPtr>> RunContext::look(std::shared_ptr<RunContext> context)
{
    if (!context->session) {
        const auto opened = co_await openSession(context, QStringList());
        if (!opened)
            co_return failure(opened.error());
    }
    co_return co_await context->session->fullCheck();
}

} // namespace slotscope
