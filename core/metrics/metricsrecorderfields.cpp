// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of INFO that the user added: those that the session's own INFO contains cost nothing, the others are read.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/metrics/metricsrecorder.h"
#include "core/protocol/command.h"

namespace slotscope {

namespace {

constexpr int nodesAskedPerSecond = 60; ///< nodes asked for more per second
constexpr qint64 oldestMore = 10'000; ///< a value that is older in ms counts as unknown

/// What went wrong at each node.
std::vector<FieldProblem> problemsIn(const Result<QList<NodeReply>> &replies)
{
    if (!replies)
        return {{{}, describe(replies.error())}};
    std::vector<FieldProblem> problems;
    for (const NodeReply &reply : *replies)
        if (!reply.reply)
            problems.push_back({reply.nodeId, describe(reply.reply.error())});
    return problems;
}

} // namespace

void MetricsRecorder::takeFields()
{
    if (!m_book || m_book->fields().empty()) {
        m_moreTimer.stop();
        m_more.clear();
        return;
    }
    if (!m_moreTimer.isActive())
        m_moreTimer.start(0);
}

void MetricsRecorder::addFields(MetricReading &reading, const QByteArray &node, QByteArrayView info)
{
    const InfoFields fields = m_book->fields();
    if (fields.empty())
        return;
    const auto &more = m_more[node];
    for (auto each = more.constBegin(); each != more.constEnd(); ++each)
        if (reading.steadyAt - each->steadyAt < oldestMore)
            reading.fields.insert(each.key(), *each);
    const QHash<QByteArray, double> usual = valuesIn(info, fields);
    for (auto each = usual.constBegin(); each != usual.constEnd(); ++each) {
        reading.fields.insert(each.key(), {*each, reading.steadyAt});
        m_usual.insert(each.key());
    }
}

bool MetricsRecorder::needsMore(const InfoFields &fields, bool ofCluster) const
{
    return std::any_of(fields.begin(), fields.end(), [&](const InfoField &field) {
        return isOfClusterInfo(field.name) == ofCluster && !m_usual.contains(field.name);
    });
}

QCoro::Task<> MetricsRecorder::readMore()
{
    if (m_isReadingMore || !m_session || !m_book)
        co_return;
    m_isReadingMore = true;
    const QPointer<MetricsRecorder> self(this);
    const NodeSelection all{.kind = NodeSelection::Kind::All, .nodeId = {}};
    const InfoFields fields = m_book->fields();
    int nodes = 0;
    for (int turn = 0; turn < 2; ++turn) {
        const bool ofCluster = turn == 1;
        if (!self || !m_session || !m_book)
            continue;
        if (!needsMore(fields, ofCluster)) {
            m_book->setFieldProblems(ofCluster, {});
            continue;
        }
        Command command = commandOf("INFO", "everything");
        if (ofCluster)
            command = commandOf("CLUSTER", "INFO");
        const qint64 sentAt = steadyMs();
        const auto replies = co_await m_session->call(command, all);
        if (!self)
            co_return;
        if (m_book)
            m_book->setFieldProblems(ofCluster, problemsIn(replies));
        if (!replies)
            continue;
        nodes = std::max(nodes, int(replies->size()));
        for (const NodeReply &reply : *replies) {
            if (!reply.reply)
                continue;
            const QHash<QByteArray, double> values = valuesIn(reply.reply->bytes(), fields);
            for (auto each = values.constBegin(); each != values.constEnd(); ++each)
                m_more[reply.nodeId].insert(each.key(), {*each, sentAt + reply.microseconds / 1000});
        }
    }
    m_isReadingMore = false;
    if (m_book && !m_book->fields().empty())
        m_moreTimer.start(std::max(1000, nodes * 1000 / nodesAskedPerSecond));
}

QCoro::Task<Result<InfoFigures>> MetricsRecorder::figures()
{
    const QPointer<MetricsRecorder> self(this);
    const NodeSelection all{.kind = NodeSelection::Kind::All, .nodeId = {}};
    InfoFigures figures;
    QSet<QByteArray> known; // INFO of Valkey 9.1 has what CLUSTER INFO tells
    std::optional<Error> problem;
    for (int turn = 0; turn < 2; ++turn) {
        if (!self || !m_session)
            co_return failure(Error::Code::Cancelled);
        const bool ofCluster = turn == 1;
        Command command = commandOf("INFO", "everything");
        if (ofCluster)
            command = commandOf("CLUSTER", "INFO");
        const auto replies = co_await m_session->call(command, all);
        if (!replies) {
            problem = replies.error();
            continue;
        }
        InfoFigures told;
        for (const NodeReply &reply : *replies)
            if (reply.reply)
                addFigures(told, infoFigures(reply.reply->bytes()));
            else
                problem = reply.reply.error();
        for (InfoFigure &figure : told) {
            if (ofCluster)
                figure.section = "CLUSTER INFO";
            if (known.contains(figure.name))
                continue;
            known.insert(figure.name);
            figures.push_back(figure);
        }
    }
    if (figures.empty() && problem)
        co_return failure(*problem);
    co_return Result<InfoFigures>(std::move(figures));
}

} // namespace slotscope
