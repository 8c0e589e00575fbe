// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/latencyreader.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/slowlog/slowlogcursor.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString nameOfNode(const QPointer<ClusterSession> &session, const QByteArray &nodeId)
{
    const ClusterViewPtr view = session ? session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    return node ? node->name : QString();
}

tl::unexpected<Error> unknownNode(const QPointer<ClusterSession> &session)
{
    if (!session)
        return failure(Error::Code::Cancelled);
    return failure(Error::Code::NoRoute, tr("this node is not known"));
}

Error at(Error error, const QString &node, const QString &command)
{
    if (error.node.isEmpty())
        error.node = node;
    if (error.command.isEmpty())
        error.command = command;
    return error;
}

void takeThreshold(NodeLatency &latency, const Value &reply)
{
    latency.thresholdProblem = errorOf(reply, latency.nodeName, u"CONFIG GET"_s);
    if (reply.items().size() == 2)
        latency.threshold = toInteger(reply.items()[1].bytes());
}

Result<QByteArray> wordsIn(const Value &reply, const QString &node, const QString &command)
{
    if (auto error = errorOf(reply, node, command))
        return failure(std::move(*error));
    return reply.bytes();
}

NodeSelection selectionOf(const QByteArray &nodeId)
{
    NodeSelection to;
    to.kind = nodeId.isEmpty() ? NodeSelection::Kind::All : NodeSelection::Kind::Node;
    to.nodeId = nodeId;
    return to;
}

} // namespace

QCoro::Task<Result<NodeLatency>> LatencyReader::read(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    NodeLatency latency;
    latency.nodeId = nodeId;
    latency.nodeName = nameOfNode(session, nodeId);
    if (latency.nodeName.isEmpty())
        co_return unknownNode(session);
    const Result<NodeLink *> found = co_await session->linkTo(nodeId);
    if (!found) {
        latency.problem = at(found.error(), latency.nodeName, u"LATENCY LATEST"_s);
        co_return Result<NodeLatency>(std::move(latency));
    }
    const QPointer<NodeLink> link(*found);
    std::vector<Command> commands;
    commands.push_back({"TIME"_ba});
    commands.push_back({"LATENCY"_ba, "LATEST"_ba});
    commands.push_back({"CONFIG"_ba, "GET"_ba, "latency-monitor-threshold"_ba});
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    const auto replies = co_await link->sendAll(commands);
    if (!replies) {
        latency.problem = at(replies.error(), latency.nodeName, u"LATENCY LATEST"_s);
        co_return Result<NodeLatency>(std::move(latency));
    }
    ClockDifference clock;
    if (const auto time = parseTime((*replies)[0]))
        clock.take(*time, before, QDateTime::currentMSecsSinceEpoch());
    latency.clockAhead = clock.ahead();
    takeThreshold(latency, (*replies)[2]);
    latency.problem = errorOf((*replies)[1], latency.nodeName, u"LATENCY LATEST"_s);
    if (latency.problem)
        co_return Result<NodeLatency>(std::move(latency));
    const auto events = parseLatencyLatest((*replies)[1]);
    if (!events) {
        latency.problem = at(events.error(), latency.nodeName, u"LATENCY LATEST"_s);
        co_return Result<NodeLatency>(std::move(latency));
    }
    commands.clear();
    for (const LatencyEvent &event : *events) {
        latency.events.push_back({event, {}, clock.ours(event.serverSeconds)});
        commands.push_back({"LATENCY"_ba, "HISTORY"_ba, event.name});
    }
    if (commands.empty() || !link)
        co_return Result<NodeLatency>(std::move(latency));
    const auto histories = co_await link->sendAll(commands);
    if (!histories) {
        latency.historyProblem = at(histories.error(), latency.nodeName, u"LATENCY HISTORY"_s);
        co_return Result<NodeLatency>(std::move(latency));
    }
    for (size_t i = 0; i < histories->size(); ++i) {
        if (auto error = errorOf((*histories)[i], latency.nodeName, u"LATENCY HISTORY"_s)) {
            latency.historyProblem = std::move(error);
            continue;
        }
        auto history = parseLatencyHistory((*histories)[i]);
        if (history)
            latency.events[i].history = std::move(*history);
        else
            latency.historyProblem = at(history.error(), latency.nodeName, u"LATENCY HISTORY"_s);
    }
    co_return Result<NodeLatency>(std::move(latency));
}

QCoro::Task<Result<NodeDoctors>> LatencyReader::doctors(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    const QString name = nameOfNode(session, nodeId);
    if (name.isEmpty())
        co_return unknownNode(session);
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link)
        co_return failure(at(link.error(), name, u"LATENCY DOCTOR"_s));
    std::vector<Command> commands;
    commands.push_back({"LATENCY"_ba, "DOCTOR"_ba});
    commands.push_back({"MEMORY"_ba, "DOCTOR"_ba});
    const auto replies = co_await (*link)->sendAll(commands);
    if (!replies)
        co_return failure(at(replies.error(), name, u"LATENCY DOCTOR"_s));
    NodeDoctors doctors;
    doctors.latency = wordsIn((*replies)[0], name, u"LATENCY DOCTOR"_s);
    doctors.memory = wordsIn((*replies)[1], name, u"MEMORY DOCTOR"_s);
    co_return Result<NodeDoctors>(std::move(doctors));
}

QCoro::Task<Result<NodeCommands>> LatencyReader::commands(QByteArray nodeId)
{
    const QPointer<ClusterSession> session = m_session;
    NodeCommands result;
    result.nodeId = nodeId;
    result.nodeName = nameOfNode(session, nodeId);
    if (result.nodeName.isEmpty())
        co_return unknownNode(session);
    const Result<NodeLink *> link = co_await session->linkTo(nodeId);
    if (!link) {
        result.problem = at(link.error(), result.nodeName, u"LATENCY HISTOGRAM"_s);
        co_return Result<NodeCommands>(std::move(result));
    }
    result.runId = (*link)->identity().runId;
    std::vector<Command> commands;
    commands.push_back({"LATENCY"_ba, "HISTOGRAM"_ba});
    commands.push_back({"INFO"_ba, "latencystats"_ba});
    const auto replies = co_await (*link)->sendAll(commands);
    if (!replies) {
        result.problem = at(replies.error(), result.nodeName, u"LATENCY HISTOGRAM"_s);
        co_return Result<NodeCommands>(std::move(result));
    }
    result.percentilesProblem = errorOf((*replies)[1], result.nodeName, u"INFO"_s);
    if (!result.percentilesProblem)
        result.percentiles = parseLatencyStats((*replies)[1].bytes());
    result.problem = errorOf((*replies)[0], result.nodeName, u"LATENCY HISTOGRAM"_s);
    if (result.problem)
        co_return Result<NodeCommands>(std::move(result));
    auto histogram = parseLatencyHistogram((*replies)[0]);
    if (histogram)
        result.histogram = std::move(*histogram);
    else
        result.problem = at(histogram.error(), result.nodeName, u"LATENCY HISTOGRAM"_s);
    co_return Result<NodeCommands>(std::move(result));
}

QCoro::Task<Result<QList<NodeReply>>> LatencyReader::setThreshold(QByteArray nodeId, qint64 milliseconds,
                                                                  UserConsent consent)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    const NodeSelection to = selectionOf(nodeId);
    Command command = commandOf("CONFIG", "SET", "latency-monitor-threshold", QByteArray::number(milliseconds));
    co_return co_await m_session->call(std::move(command), to, consent);
}

QCoro::Task<Result<QList<NodeReply>>> LatencyReader::reset(QByteArray nodeId, QByteArray event, UserConsent consent)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    const NodeSelection to = selectionOf(nodeId);
    Command command = commandOf("LATENCY", "RESET");
    if (!event.isEmpty())
        command.append(event);
    co_return co_await m_session->call(std::move(command), to, consent);
}

} // namespace slotscope
