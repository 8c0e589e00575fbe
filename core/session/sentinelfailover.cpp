// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sentinelfailover.h"

#include "core/base/tr.h"

#include <QCoro/QCoroTimer>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto lookAgain = std::chrono::milliseconds(100);

tl::unexpected<Error> notDone(Error::Code code, const QString &where, const QString &why)
{
    return failure(Error{.code = code,
                         .detail = why,
                         .serverPrefix = {},
                         .node = where,
                         .command = QStringLiteral("SENTINEL FAILOVER")});
}

/// Whether the server that the Sentinels name as primary also reports that role itself.
bool isPromoted(const ClusterView &view)
{
    return std::any_of(view.nodes.begin(), view.nodes.end(), [](const NodeState &node) {
        return node.primary && node.currentInfo() && node.currentInfo()->role == "master";
    });
}

QString namedBy(const ClusterViewPtr &view)
{
    const SentinelWord *word = view && view->sentinels ? view->sentinels->leading() : nullptr;
    return word ? word->primary.address : QString();
}

} // namespace

QCoro::Task<Result<SentinelSwitch>> SentinelFailover::run(UserConsent consent, QString expected)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    auto done = co_await failOverBySentinels(*m_session, consent, expected);
    co_return done;
}

QCoro::Task<Result<SentinelSwitch>> failOverBySentinels(ClusterSession &session, UserConsent consent, QString expected,
                                                        int deadlineMs)
{
    const QPointer<ClusterSession> alive(&session);
    const QString where = session.target().title();
    if (session.isReadOnly())
        co_return notDone(Error::Code::ReadOnly, where, tr("it makes another server the primary"));
    if (consent == UserConsent::None)
        co_return notDone(Error::Code::NeedsConsent, where, tr("it makes another server the primary"));
    SentinelSwitch result;
    result.before = namedBy(session.view());
    if (result.before.isEmpty())
        co_return notDone(Error::Code::NoRoute, where, tr("it is currently not certain which server is the primary"));
    if (!expected.isEmpty() && expected != result.before)
        co_return notDone(Error::Code::Outdated, where,
                          tr("%1 is the primary now, not %2: the command was not sent").arg(result.before, expected));
    QElapsedTimer time;
    time.start();
    const QByteArray name = session.target().sentinel.primaryName.toUtf8();
    const Command command{"SENTINEL"_ba, "FAILOVER"_ba, name};
    const Result<Value> started = co_await session.askSentinel(command);
    if (!started)
        co_return failure(started.error());
    const QDeadlineTimer deadline(deadlineMs);
    while (alive && !deadline.hasExpired()) {
        const ClusterViewPtr view = session.view();
        result.after = namedBy(view);
        if (!result.after.isEmpty() && result.after != result.before && isPromoted(*view)) {
            result.milliseconds = time.elapsed();
            co_return result;
        }
        session.refresh();
        co_await QCoro::sleepFor(lookAgain);
    }
    if (!alive)
        co_return failure(Error::Code::Cancelled);
    if (result.after.isEmpty())
        co_return notDone(Error::Code::NotReached, where,
                          tr("after %1 s it is still not certain which server is the primary").arg(deadlineMs / 1000));
    co_return notDone(
        Error::Code::NotReached, where,
        result.after == result.before
            ? tr("the Sentinels still report %1 as the primary after %2 s: no replica may be fit for promotion")
                  .arg(result.before)
                  .arg(deadlineMs / 1000)
            : tr("the Sentinels report %1 as the primary, but it did not confirm that within %2 s")
                  .arg(result.after)
                  .arg(deadlineMs / 1000));
}

} // namespace slotscope
