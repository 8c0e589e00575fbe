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

/// Whether a retry may help: nothing was sent yet, or the error is temporary.
bool isPassing(const Error &error)
{
    return isPassingRefusal(error) || error.code == Error::Code::NoRoute || error.code == Error::Code::ConnectionLost
        || error.code == Error::Code::ConnectionRefused;
}

} // namespace

QCoro::Task<Result<std::shared_ptr<DedicatedLink>>> watching(QPointer<ClusterSession> session, QByteArrayList keys,
                                                             int database)
{
    Error last{.code = Error::Code::NoRoute,
               .detail = tr("slot %1 has no owner").arg(slotOfKey(keys.front())),
               .serverPrefix = {},
               .node = {},
               .command = u"WATCH"_s};
    const LinkPool::LeaseOptions options{.database = database}; // without NO-TOUCH, because an edit counts as an access
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (attempt > 0) {
            if (session)
                session->refresh();
            co_await QCoro::sleepFor(pauseBetween);
        }
        if (!session)
            co_return failure(Error::Code::Cancelled);
        const ClusterViewPtr view = session->view();
        const QByteArray owner = view ? ownerOfKey(*view, keys.front()) : QByteArray();
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

QCoro::Task<Result<Value>> askOver(std::shared_ptr<DedicatedLink> link, Command command)
{
    const QString name = commandName(command), node = link->endpoint().toString();
    Connection::Reply reply = co_await link->send(std::move(command));
    co_return checked(std::move(reply), node, name);
}

} // namespace slotscope
