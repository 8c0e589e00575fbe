// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of INFO that the user added: those that the session's own INFO contains cost nothing, the others are read.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/metrics/metricsrecorder.h"
#include "core/protocol/command.h"

namespace slotscope {

namespace {

constexpr int nodesAskedPerSecond = 60; ///< nodes asked for more per second

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
        if (reading.steadyAt - each->steadyAt < m_oldestMore)
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

/// Asks each node that answers for the fields that its usual INFO lacks. A node that does not reply delays no other
/// one, and is not asked again meanwhile.
void MetricsRecorder::readMore()
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!m_book || m_book->fields().empty())
        return;
    const InfoFields fields = m_book->fields();
    int nodes = 0;
    for (const bool ofCluster : {false, true}) {
        if (!needsMore(fields, ofCluster)) {
            m_moreProblems[ofCluster ? 1 : 0].clear();
            m_book->setFieldProblems(ofCluster, {});
            continue;
        }
        for (size_t i = 0; view && i < view->nodes.size(); ++i) {
            const NodeState &node = view->nodes[i];
            if (node.condition != NodeCondition::Ok || m_asked.contains({node.id, ofCluster}))
                continue;
            ++nodes;
            readMoreOf(node.id, ofCluster);
        }
    }
    const int pauseMs = std::max(1000, nodes * 1000 / nodesAskedPerSecond);
    m_oldestMore = std::max<qint64>(usualOldestMs, 3 * qint64(pauseMs));
    m_moreTimer.start(pauseMs);
}

QCoro::Task<> MetricsRecorder::readMoreOf(QByteArray node, bool ofCluster)
{
    const QPointer<MetricsRecorder> self(this);
    const std::pair<QByteArray, bool> question(node, ofCluster);
    m_asked.insert(question);
    Command command = commandOf("INFO", "everything");
    if (ofCluster)
        command = commandOf("CLUSTER", "INFO");
    const NodeSelection one{.kind = NodeSelection::Kind::Node, .nodeId = node};
    const qint64 sentAt = steadyMs();
    const auto replies = co_await m_session->call(command, one);
    if (!self)
        co_return;
    m_asked.remove(question);
    QHash<QByteArray, QString> &problems = m_moreProblems[ofCluster ? 1 : 0];
    problems.remove(node);
    if (!replies)
        problems.insert(node, describe(replies.error()));
    for (const NodeReply &reply : replies.value_or(QList<NodeReply>())) {
        if (!reply.reply) {
            problems.insert(node, describe(reply.reply.error()));
            continue;
        }
        const QHash<QByteArray, double> values =
            valuesIn(reply.reply->bytes(), m_book ? m_book->fields() : InfoFields());
        for (auto each = values.constBegin(); each != values.constEnd(); ++each)
            m_more[node].insert(each.key(), {*each, sentAt + reply.microseconds / 1000});
    }
    std::vector<FieldProblem> told;
    for (auto each = problems.cbegin(); each != problems.cend(); ++each)
        told.push_back({each.key(), each.value()});
    if (m_book)
        m_book->setFieldProblems(ofCluster, std::move(told));
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
