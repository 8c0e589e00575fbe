// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/keyowner.h"

#include "core/cluster/slot.h"

namespace slotscope {

QByteArray ownerOfKey(const ClusterView &view, QByteArrayView key)
{
    if (!view.cluster) {
        for (const NodeState &node : view.nodes)
            if (node.primary)
                return node.id;
        // With Sentinels, none: until the primary that they name has taken over, another node may be the old primary,
        // and writes to it would be lost.
        return view.nodes.empty() || view.sentinels ? QByteArray() : view.nodes.front().id;
    }
    const auto owner = view.owner[size_t(slotOfKey(key))];
    return owner == ClusterView::noOwner ? QByteArray() : view.nodes[size_t(owner)].id;
}

bool isPassingRefusal(const Error &error)
{
    static const QByteArrayList words{"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY"};
    return words.contains(error.serverPrefix);
}

QCoro::Task<Result<>> askGate(QPointer<ClusterSession> session, QList<Command> commands, UserConsent consent,
                              const char *from)
{
    for (const Command &command : std::as_const(commands)) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        const GateVerdict verdict = co_await session->judge(command, GateLink::Shared, from);
        if (verdict.isAllowedWith(consent))
            continue;
        co_return failure(consentError(verdict, command));
    }
    co_return Result<>();
}

} // namespace slotscope
