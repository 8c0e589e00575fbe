// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/editlink.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int attempts = 20;
constexpr auto pauseBetween = std::chrono::milliseconds(100);

/// The slot is on its way, or its owner changes: worth another look.
bool isPassing(const Error &error)
{
    static const QByteArrayList words{"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY"};
    return words.contains(error.serverPrefix) || error.code == Error::Code::NoRoute
        || error.code == Error::Code::ConnectionLost || error.code == Error::Code::ConnectionRefused;
}

} // namespace

QByteArray ownerOf(const ClusterView &view, const QByteArray &key)
{
    if (!view.cluster) {
        for (const NodeState &node : view.nodes)
            if (node.primary)
                return node.id;
        return view.nodes.empty() ? QByteArray() : view.nodes.front().id;
    }
    const auto owner = view.owner[size_t(slotOfKey(key))];
    return owner == ClusterView::noOwner ? QByteArray() : view.nodes[size_t(owner)].id;
}

QCoro::Task<Result<>> askGate(QPointer<ClusterSession> session, QList<Command> commands, UserConsent consent)
{
    for (const Command &command : std::as_const(commands)) {
        if (!session)
            co_return failure(Error::Code::Cancelled);
        const GateVerdict verdict = co_await session->judge(command);
        if (verdict.isAllowedWith(consent))
            continue;
        if (verdict.kind == GateVerdict::Kind::Refuse)
            co_return failure(verdict.error);
        co_return failure(Error{.code = Error::Code::NeedsConsent,
                                .detail = verdict.why,
                                .serverPrefix = {},
                                .node = {},
                                .command = commandName(command)});
    }
    co_return Result<>();
}

QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> watching(QPointer<ClusterSession> session, QByteArrayList keys,
                                                             int database)
{
    Error last{.code = Error::Code::NoRoute,
               .detail = tr("slot %1 has no owner").arg(slotOfKey(keys.front())),
               .serverPrefix = {},
               .node = {},
               .command = u"WATCH"_s};
    const LinkPool::LeaseOptions options{.database = database}; // an edit is a use of the key
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (attempt > 0) {
            if (session)
                session->refresh();
            co_await QCoro::sleepFor(pauseBetween);
        }
        if (!session)
            co_return failure(Error::Code::Cancelled);
        const ClusterViewPtr view = session->view();
        const QByteArray owner = view ? ownerOf(*view, keys.front()) : QByteArray();
        if (owner.isEmpty())
            continue;
        Result<std::shared_ptr<DedicatedLink>> link = co_await session->lease(owner, options);
        if (!link) {
            last = link.error();
            if (isPassing(last))
                continue;
            co_return failure(last);
        }
        const Command watch = Command{"WATCH"_ba} + keys;
        const Result<Value> reply =
            checked(co_await (*link)->send(watch), (*link)->endpoint().toString(), commandName(watch));
        if (reply)
            co_return Result<std::shared_ptr<DedicatedLink>>(*link);
        last = reply.error();
        if (!isPassing(last))
            break;
    }
    co_return failure(last);
}

} // namespace slotscope
