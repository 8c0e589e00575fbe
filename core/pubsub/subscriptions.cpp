// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/subscriptions.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/cluster/slot.h"
#include "core/pubsub/keyevents.h"
#include "core/session/keyowner.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int tickMs = 250;
constexpr qsizetype mostNamesOfNodes = 2000;

} // namespace

Subscriptions::Subscriptions(QPointer<ClusterSession> session) : m_session(session), m_settings(std::move(session))
{
    if (m_session)
        connect(m_session, &ClusterSession::viewChanged, this, &Subscriptions::takeView);
    m_timer.setInterval(tickMs);
    connect(&m_timer, &QTimer::timeout, this, &Subscriptions::tick);
}

Subscriptions::~Subscriptions()
{
    for (const auto &[node, line] : m_lines)
        line->disconnect(this);
}

Result<int> Subscriptions::add(const SubscriptionOrder &order)
{
    if (order.name.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("enter a channel or pattern"));
    if (m_entries.size() >= mostSubscriptions)
        return failure(Error::Code::InvalidArgument, tr("there are already %1 subscriptions").arg(mostSubscriptions));
    Entry entry;
    entry.order = order;
    // nodes do not pass keyspace events on to other nodes
    if (order.kind == SubscriptionKind::Channel && isKeyEventChannel(order.name))
        entry.order = {SubscriptionKind::KeyEvents, patternOfName(order.name)};
    else if (order.kind == SubscriptionKind::Pattern && isKeyEventPattern(order.name))
        entry.order.kind = SubscriptionKind::KeyEvents;
    entry.alsoFitsKeyEvents = entry.order.kind == SubscriptionKind::Pattern && alsoFitsKeyEvents(order.name);
    const NameKey key(subscribeCommand(entry.order.kind), entry.order.name);
    if (m_ids.contains(key))
        return failure(Error::Code::InvalidArgument, tr("this subscription already exists"));
    entry.id = ++m_lastId;
    m_ids[key] = entry.id;
    m_entries.push_back(std::move(entry));
    if (m_entries.back().order.kind == SubscriptionKind::KeyEvents || m_entries.back().alsoFitsKeyEvents)
        m_settings.setDue();
    m_timer.start();
    placeAll();
    return m_lastId;
}

QCoro::Task<Result<int>> Subscriptions::addNow(SubscriptionOrder order)
{
    co_return add(order);
}

Subscriptions::Entry *Subscriptions::entryWith(int id)
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [id](const Entry &entry) { return entry.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

void Subscriptions::remove(int id)
{
    Entry *entry = entryWith(id);
    if (!entry)
        return;
    for (Seat &seat : entry->seats)
        leave(*entry, seat);
    m_ids.erase(NameKey(subscribeCommand(entry->order.kind), entry->order.name));
    m_book.forget(id);
    m_entries.erase(m_entries.begin() + (entry - m_entries.data()));
    dropIdleLines();
    if (m_entries.empty())
        m_timer.stop();
}

void Subscriptions::setPaused(int id, bool paused)
{
    Entry *entry = entryWith(id);
    if (!entry || std::exchange(entry->isPaused, paused) == paused)
        return;
    for (Seat &seat : entry->seats) {
        leave(*entry, seat);
        tellGap(*entry, seat); // record the gap up to now, which the user did not cause
    }
    entry->seats.clear();
    placeAll();
}

void Subscriptions::askAgain()
{
    m_settings.setDue();
    for (Entry &entry : m_entries)
        for (Seat &seat : entry.seats) {
            if (seat.place.state == SubscriptionPlace::State::On)
                continue;
            if (seat.place.nodeId == m_home && seat.place.problem && isPasswordRefusal(*seat.place.problem))
                m_home.clear(); // another node may accept the login
            seat.forgive();
            if (seat.place.state == SubscriptionPlace::State::Refused)
                seat.reopen();
        }
    placeAll();
}

std::pair<Subscriptions::Entry *, Subscriptions::Seat *>
Subscriptions::seatOf(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name)
{
    const auto id = m_ids.find(NameKey(subscribeCommand(kind), name));
    Entry *entry = id == m_ids.end() ? nullptr : entryWith(id->second);
    if (!entry)
        return {nullptr, nullptr};
    for (Seat &seat : entry->seats)
        if (seat.place.nodeId == nodeId)
            return {entry, &seat};
    return {nullptr, nullptr};
}

void Subscriptions::connectLine(SubscriptionLine &line)
{
    const QByteArray id = line.nodeId();
    connect(&line, &SubscriptionLine::opened, this, &Subscriptions::placeAll);
    connect(&line, &SubscriptionLine::subscribed, this,
            [this, id](SubscriptionKind kind, const QByteArray &name) { takeSubscribed(id, kind, name); });
    connect(&line, &SubscriptionLine::refused, this,
            [this, id](SubscriptionKind kind, const QByteArray &name, const Error &error, const QByteArray &words) {
                takeRefused(id, kind, name, error, words);
            });
    connect(&line, &SubscriptionLine::takenAway, this,
            [this, id](SubscriptionKind kind, const QByteArray &name) { takeTakenAway(id, kind, name); });
    connect(&line, &SubscriptionLine::messageReceived, this,
            [this, id](SubscriptionKind kind, const QByteArray &name, const QByteArray &channel,
                       const QByteArray &payload) { takeMessage(id, kind, name, channel, payload); });
    connect(&line, &SubscriptionLine::ended, this, [this, raw = &line](const Error &error) { takeEnd(*raw, error); });
}

void Subscriptions::takeSubscribed(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name)
{
    const auto [entry, seat] = seatOf(nodeId, kind, name);
    if (!seat || !seat->isAsked)
        return;
    tellGap(*entry, *seat);
    seat->succeed(steadyMs());
}

void Subscriptions::tellGap(const Entry &entry, const Seat &seat)
{
    if (seat.lostAt == 0)
        return;
    PubSubMessage gap;
    gap.subscription = entry.id;
    gap.at = QDateTime::currentMSecsSinceEpoch();
    gap.gapFrom = std::max<qint64>(1, gap.at - (steadyMs() - seat.lostAt));
    gap.nodeId = seat.place.nodeId;
    gap.node = nameOfNode(seat.place.nodeId);
    gap.payload = seat.place.problem ? describe(*seat.place.problem).toUtf8() : QByteArray();
    if (m_taker)
        m_taker(gap, entry.order);
    m_book.takeGap(std::move(gap));
}

void Subscriptions::lookSoon()
{
    if (m_session)
        m_session->refresh();
    QTimer::singleShot(0, this, &Subscriptions::placeAll);
}

void Subscriptions::takeRefused(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name,
                                const Error &error, const QByteArray &words)
{
    const auto [entry, seat] = seatOf(nodeId, kind, name);
    if (!seat)
        return;
    seat->isAsked = false;
    if (!isPassingRefusal(error)) {
        seat->place.problem = error;
        seat->place.state = SubscriptionPlace::State::Refused;
        return;
    }
    if (!seat->place.problem || seat->lostAt == 0)
        seat->place.problem = error; // keep the first reason of a gap
    seat->fail(steadyMs());
    if (error.serverPrefix == "MOVED")
        takeMoved(*entry, *seat, words);
}

void Subscriptions::takeTakenAway(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name)
{
    const auto [entry, seat] = seatOf(nodeId, kind, name);
    if (!seat || seat->place.state != SubscriptionPlace::State::On)
        return;
    const qint64 now = steadyMs();
    if (now - seat->confirmedAt < SubscriptionSeat::provedMs)
        seat->fail(now); // a server that grants and soon ends a subscription is not asked again without pause
    else
        seat->forgive();
    seat->lose(now, now, QDateTime::currentMSecsSinceEpoch());
    seat->reopen();
    seat->place.problem = Error{.code = Error::Code::Outdated,
                                .detail = tr("slot %1 of the channel moved to another node").arg(slotOfKey(name)),
                                .serverPrefix = {},
                                .node = nameOfNode(nodeId),
                                .command = u"SSUBSCRIBE"_s};
    lookSoon();
}

void Subscriptions::takeEnd(SubscriptionLine &line, const Error &error)
{
    using State = SubscriptionPlace::State;
    const QByteArray id = line.nodeId();
    const qint64 heard = line.heardAt(), now = steadyMs(), wallNow = QDateTime::currentMSecsSinceEpoch();
    const bool isLockedOut = isPasswordRefusal(error);
    line.disconnect(this);
    m_lines.erase(id);
    line.deleteLater();
    if (m_home == id && !isLockedOut) // trying the password on one node after another could lock the user out
        m_home.clear();
    m_failedAt[id] = now;
    for (Entry &entry : m_entries)
        for (Seat &seat : entry.seats) {
            if (seat.place.nodeId != id || seat.place.state == State::Refused)
                continue;
            seat.fail(now);
            if (seat.place.state == State::On || !seat.place.problem || isLockedOut)
                seat.place.problem = error;
            seat.lose(heard, now, wallNow);
            seat.reopen();
            if (isLockedOut)
                seat.place.state = State::Refused;
        }
    lookSoon();
}

void Subscriptions::takeMessage(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name,
                                const QByteArray &channel, const QByteArray &payload)
{
    const auto id = m_ids.find(NameKey(subscribeCommand(kind), name));
    const Entry *entry = id == m_ids.end() ? nullptr : entryWith(id->second);
    if (!entry || entry->isPaused) // a message that was sent before the server had processed UNSUBSCRIBE
        return;
    PubSubMessage message;
    message.subscription = id->second;
    message.at = QDateTime::currentMSecsSinceEpoch();
    message.nodeId = nodeId;
    message.node = nameOfNode(nodeId);
    message.channel = channel;
    message.payload = payload;
    message.bytes = payload.size();
    if (m_taker)
        m_taker(message, entry->order);
    m_book.take(std::move(message));
}

QString Subscriptions::nameOfNode(const QByteArray &id) const
{
    if (const auto known = m_names.constFind(id); known != m_names.constEnd())
        return *known;
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    const NodeState *node = view ? view->node(id) : nullptr;
    return node ? node->name : QString::fromLatin1(id.left(8));
}

void Subscriptions::tick()
{
    std::vector<QPointer<SubscriptionLine>> lines;
    for (const auto &[node, line] : m_lines)
        lines.emplace_back(line);
    for (const QPointer<SubscriptionLine> &line : lines)
        if (line)
            line->check();
    placeAll();
    if (wantsSettings())
        m_settings.readIfDue();
}

bool Subscriptions::wantsSettings() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return !entry.isPaused && (entry.alsoFitsKeyEvents || entry.order.kind == SubscriptionKind::KeyEvents);
    });
}

QByteArrayList Subscriptions::keyEventPatterns() const
{
    QByteArrayList patterns;
    for (const Entry &entry : m_entries)
        if (entry.order.kind == SubscriptionKind::KeyEvents && !entry.isPaused)
            patterns.append(entry.order.name);
    return patterns;
}

PubSubSnapshot Subscriptions::look(const PubSubFilter &filter)
{
    PubSubSnapshot snapshot;
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    const bool isOfMany = view && view->shards.size() > 1 && m_settings.mayBeSent();
    for (const Entry &entry : m_entries) {
        SubscriptionState state;
        state.id = entry.id;
        state.order = entry.order;
        state.isPaused = entry.isPaused;
        state.hearsSomeKeyEvents = isOfMany && entry.alsoFitsKeyEvents && !entry.isPaused;
        if (entry.order.kind == SubscriptionKind::Shard)
            state.slot = slotOfKey(entry.order.name);
        for (const Seat &seat : entry.seats)
            state.places.push_back(seat.place);
        snapshot.subscriptions.push_back(std::move(state));
    }
    m_book.tell(snapshot, QDateTime::currentMSecsSinceEpoch());
    snapshot.filter = filter;
    snapshot.shown = m_book.shown(filter, &snapshot.isSearching);
    snapshot.warnings = m_settings.warnings(keyEventPatterns());
    if (m_names.size() > mostNamesOfNodes)
        m_names.clear();
    return snapshot;
}

QCoro::Task<Result<PubSubSnapshot>> Subscriptions::lookNow(PubSubFilter filter)
{
    co_return Result<PubSubSnapshot>(look(filter));
}

QCoro::Task<Result<ActiveChannels>> Subscriptions::activeChannels() const
{
    co_return co_await readActiveChannels(m_session);
}

QCoro::Task<Result<QList<NodeReply>>> Subscriptions::publish(QByteArray channel, QByteArray message, bool shard,
                                                             UserConsent consent) const
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    const Command command = commandOf(shard ? "SPUBLISH" : "PUBLISH", channel, message);
    const NodeReply reply = co_await m_session->executeTold(command, consent);
    if (!reply.reply && reply.reply.error().code == Error::Code::NeedsConsent)
        co_return failure(reply.reply.error());
    const QList<NodeReply> replies(1, reply);
    co_return Result<QList<NodeReply>>(replies);
}

} // namespace slotscope
