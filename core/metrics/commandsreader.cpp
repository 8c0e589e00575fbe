// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/commandsreader.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/metrics/viewevents.h"
#include "core/protocol/command.h"

#include <QDateTime>

namespace slotscope {

CommandsReader::CommandsReader(QPointer<ClusterSession> session) : m_session(std::move(session))
{
    m_timer.setParent(this);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { read(); });
}

void CommandsReader::readInto(std::shared_ptr<CommandBook> book)
{
    m_book = std::move(book);
    if (m_book)
        read();
    else
        m_timer.stop();
}

QCoro::Task<Result<CommandsRead>> CommandsReader::lastRead()
{
    co_return Result<CommandsRead>(m_last);
}

QCoro::Task<> CommandsReader::read()
{
    if (m_isReading || !m_session || !m_book)
        co_return;
    m_isReading = true;
    const QPointer<CommandsReader> self(this);
    const NodeSelection all{.kind = NodeSelection::Kind::All, .nodeId = {}};
    const qint64 sentAt = steadyMs(), sentWall = QDateTime::currentMSecsSinceEpoch();
    const auto replies = co_await m_session->call(commandOf("INFO", "commandstats"), all);
    if (!self)
        co_return;
    m_isReading = false;
    int nodes = 0;
    if (!replies) {
        m_last.refused.clear();
        m_last.why = describe(replies.error());
    }
    if (replies && m_book && m_session) {
        if (m_session->view())
            m_book->setNodes(metricNodesOf(*m_session->view()));
        m_last = {};
        for (const NodeReply &reply : *replies) {
            ++nodes;
            if (reply.reply) {
                // per node, so that a late reply does not affect the other nodes' times
                const qint64 took = reply.microseconds / 1000;
                m_book->add(reply.nodeId, sentWall + took, sentAt + took, readCommandStats(reply.reply->bytes()));
                continue;
            }
            m_last.refused.append(reply.nodeName);
            if (m_last.why.isEmpty())
                m_last.why = describe(reply.reply.error());
        }
        m_last.nodes = nodes;
        ++m_rounds;
    }
    if (m_book)
        m_timer.start(std::max(1000, nodes * 1000 / nodesPerSecond));
}

} // namespace slotscope
