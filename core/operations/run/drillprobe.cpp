// SPDX-License-Identifier: GPL-3.0-or-later
// The probe of a drill: numbered writes at a steady pace, whatever becomes of them.
#include "core/base/tr.h"
#include "core/operations/run/drillwatch.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/underway.h"
#include "core/protocol/redirect.h"

#include <QCoro/QCoroTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int writeEveryMs = 20;
constexpr int waitEvery = 10; // one write in this many waits for the replicas (WAIT)
constexpr int mostAtOnce = 50; // number of overdue writes sent at once after our own program was delayed
constexpr int answerInMs = 1000; // a write without a reply by then counts as failed
constexpr int openAgainAfterMs = 100;
constexpr int lastAnswersMs = 1200;
constexpr qsizetype keysAtOnce = 500;
constexpr int readLaneMs = 10000, removeMs = 3000;
const QByteArray expirySeconds = "3600", waitMs = "500";

/// Returns the kind of an error: "MOVED", "CLUSTERDOWN", or what our own connection reports.
QString errorWord(const Value &reply)
{
    const QByteArray text = reply.bytes();
    return toDisplay(text.left(text.indexOf(' ')).left(20));
}

} // namespace

QByteArray DrillWatch::keyOf(const Lane &lane, qsizetype number) const
{
    return drillKeyPrefix + '{' + lane.plan.tag + "}:" + QByteArray::number(number);
}

void DrillWatch::pointTo(Lane &lane, const QByteArray &node)
{
    if (node.isEmpty() || node == lane.target)
        return;
    lane.target = node;
    lane.link = lane.waitLink = nullptr; // writes still waiting for a reply there fail
    lane.retryAt = 0;
}

void DrillWatch::tick(const Ptr &self)
{
    const qint64 now = steadyMs();
    for (const auto &lane : m_lanes) {
        if (const QByteArray primary = m_recorder.primaryOf(lane->plan.shard); primary != lane->told) {
            lane->told = primary;
            pointTo(*lane, primary);
        }
        const auto closed = [](const std::shared_ptr<DedicatedLink> &link) { return !link || !link->isOpen(); };
        if (m_recorder.begunAt() == 0 && closed(lane->link))
            // before the loss, a connection not yet open must not count as the server's failure
            lane->nextDue = now + writeEveryMs;
        for (int sent = 0; lane->nextDue <= now && sent < mostAtOnce; ++sent) {
            const bool turn = lane->tally.count() % waitEvery == waitEvery - 1;
            const bool waits = turn && lane->plan.replicas > 0 && !lane->waiting && lane->waitLink;
            write(self, lane.get(), lane->nextDue, waits);
            lane->nextDue += writeEveryMs;
        }
        if (now < lane->retryAt)
            continue;
        if (closed(lane->link) && lane->opening != lane->target)
            open(self, lane.get(), false);
        if (closed(lane->waitLink) && lane->waitOpening != lane->target)
            open(self, lane.get(), true);
    }
}

QCoro::Task<> DrillWatch::open(Ptr self, Lane *lane, bool waits)
{
    const Underway underway;
    const QByteArray node = lane->target;
    QByteArray &opening = waits ? lane->waitOpening : lane->opening;
    opening = node;
    const LinkPool::LeaseOptions options;
    auto leased = co_await self->m_session->lease(node, options);
    if (opening == node)
        opening.clear();
    if (self->m_closed || lane->target != node)
        co_return;
    if (!leased)
        lane->retryAt = steadyMs() + openAgainAfterMs;
    else
        (waits ? lane->waitLink : lane->link) = *leased;
}

QCoro::Task<> DrillWatch::write(Ptr self, Lane *lane, qint64 dueAt, bool waits)
{
    const Underway underway;
    const qsizetype readFor = lane->tally.newest();
    const qsizetype number = lane->tally.begin(dueAt, waits);
    const std::shared_ptr<DedicatedLink> link = waits ? lane->waitLink : lane->link;
    if (!link || !link->isOpen()) {
        lane->tally.end(number, DrillTally::Outcome::Failed, steadyMs(), tr("no connection"));
        co_return;
    }
    std::vector<Command> commands;
    commands.push_back(commandOf("SET", self->keyOf(*lane, number), QByteArray::number(number), "EX", expirySeconds));
    if (waits)
        commands.push_back(commandOf("WAIT", QByteArray::number(lane->plan.replicas), waitMs));
    else if (readFor >= 0)
        commands.push_back(commandOf("GET", self->keyOf(*lane, readFor)));
    lane->waiting = lane->waiting || waits;
    const Connection::Replies replies = co_await link->sendAll(commands, answerInMs);
    if (waits)
        lane->waiting = false;
    self->takeReplies(*lane, number, dueAt, waits, readFor, replies);
}

void DrillWatch::takeReplies(Lane &lane, qsizetype number, qint64 dueAt, bool waits, qsizetype readFor,
                             const Connection::Replies &replies)
{
    using Outcome = DrillTally::Outcome;
    const qint64 now = steadyMs();
    if (!replies) {
        const bool unsent = replies.error().code == Error::Code::ConnectionLost;
        lane.tally.end(number, unsent ? Outcome::Failed : Outcome::Uncertain, now,
                       unsent ? tr("no connection") : tr("no answer"));
        return;
    }
    const Value &set = replies->front();
    if (set.isError()) {
        lane.tally.end(number, Outcome::Failed, now, errorWord(set));
        if (const auto redirect = parseRedirect(set.bytes()); redirect && redirect->kind == Redirect::Kind::Moved)
            pointTo(lane, m_session->targetOf(*redirect, lane.target));
        return;
    }
    const bool second = replies->size() > 1 && !(*replies)[1].isError();
    const bool all = waits && second && (*replies)[1].toInteger() >= lane.plan.replicas;
    lane.tally.end(number, all ? Outcome::Replicated : Outcome::Acknowledged, now);
    if (!waits && second && readFor >= 0)
        lane.tally.read(dueAt, (*replies)[1].bytes() != QByteArray::number(readFor));
}

QCoro::Task<> DrillWatch::stopWriting(Ptr self)
{
    self->m_timer.stop();
    self->m_endedAt = steadyMs();
    const qint64 until = self->m_endedAt + lastAnswersMs;
    const auto isPending = [&self] {
        return std::any_of(self->m_lanes.cbegin(), self->m_lanes.cend(),
                           [](const std::unique_ptr<Lane> &lane) { return lane->tally.isPending(); });
    };
    while (isPending() && steadyMs() < until)
        co_await QCoro::sleepFor(std::chrono::milliseconds(writeEveryMs));
}

bool DrillWatch::isServedSince(qint64 at) const
{
    return std::all_of(m_lanes.cbegin(), m_lanes.cend(), [at](const std::unique_ptr<Lane> &lane) {
        return lane->plan.control || lane->tally.lastAckAt() > at;
    });
}

QStringList DrillWatch::unserved() const
{
    QStringList list;
    for (const auto &lane : m_lanes) {
        if (lane->tally.newest() >= 0)
            continue;
        const DrillLaneReport told = lane->tally.report(lane->plan, 0, 0, 0);
        list.append(u"%1 (%2)"_s.arg(lane->plan.primaryName,
                                     told.errors.isEmpty() ? tr("no connection")
                                                           : QStringList(told.errors.keys()).join(u", "_s)));
    }
    return list;
}

QCoro::Task<> DrillWatch::readLane(Ptr self, Lane *lane, Send send)
{
    const QList<qsizetype> numbers = lane->tally.acknowledged();
    const qint64 until = steadyMs() + readLaneMs;
    bool reachable = true;
    for (qsizetype from = 0; from < numbers.size(); from += keysAtOnce) {
        const QList<qsizetype> part = numbers.mid(from, keysAtOnce);
        Command command{"MGET"_ba};
        for (const qsizetype number : part)
            command.append(self->keyOf(*lane, number));
        Result<Value> reply = failure(Error::Code::Timeout);
        if (reachable) // once a query fails, the node is not asked again
            reply = co_await send(lane->plan.shard, command, until);
        reachable = reachable && reply;
        for (qsizetype i = 0; i < part.size(); ++i) {
            const bool told = reply && size_t(i) < reply->items().size();
            lane->tally.found(part[i], told && reply->items()[size_t(i)].bytes() == QByteArray::number(part[i]), !told);
        }
    }
    lane->tally.setReadBack();
    self->m_keysRemoved = self->m_keysRemoved && reachable;
    for (qsizetype from = 0; reachable && from < lane->tally.count(); from += keysAtOnce) {
        Command command{"UNLINK"_ba};
        for (qsizetype number = from; number < std::min(from + keysAtOnce, lane->tally.count()); ++number)
            command.append(self->keyOf(*lane, number));
        const auto removed = co_await send(lane->plan.shard, command, steadyMs() + removeMs);
        reachable = removed.has_value();
        self->m_keysRemoved = self->m_keysRemoved && reachable;
    }
}

QCoro::Task<> DrillWatch::readBack(Ptr self, Send send)
{
    self->m_keysRemoved = true;
    std::vector<QCoro::Task<>> lanes;
    for (const auto &lane : self->m_lanes)
        lanes.push_back(readLane(self, lane.get(), send));
    for (QCoro::Task<> &lane : lanes)
        co_await lane;
}

} // namespace slotscope
