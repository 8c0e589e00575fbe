// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/calleach.h"

namespace slotscope {

QCoro::Task<Result<QList<NodeReply>>> callEach(QPointer<ClusterSession> session, QByteArrayList nodeIds,
                                               Command command, UserConsent consent)
{
    QList<NodeReply> all;
    for (const QByteArray &id : nodeIds) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        NodeSelection to;
        to.kind = NodeSelection::Kind::Node;
        to.nodeId = id;
        Command given = command;
        const Result<QList<NodeReply>> replies = co_await session->call(std::move(given), to, consent);
        if (replies) {
            all.append(*replies);
            continue;
        }
        const Error::Code code = replies.error().code;
        if (all.isEmpty() && (code == Error::Code::NeedsConsent || code == Error::Code::ReadOnly))
            co_return failure(replies.error());
        NodeReply reply;
        reply.nodeId = id;
        const ClusterViewPtr view = session ? session->view() : nullptr;
        if (const NodeState *node = view ? view->node(id) : nullptr)
            reply.nodeName = node->name;
        reply.reply = failure(replies.error());
        all.append(reply);
    }
    co_return Result<QList<NodeReply>>(std::move(all));
}

} // namespace slotscope
