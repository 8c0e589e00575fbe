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
constexpr qint64 settingsEvery = 30'000;
constexpr qsizetype mostNamesOfNodes = 2000;

} // namespace

Subscriptions::Subscriptions(QPointer<ClusterSession> session) : m_session(std::move(session))
{
    if (m_session)
        connect(m_session, &ClusterSession::viewChanged, this, [this] {
            m_moved.clear();
            placeAll();
        });
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
        return failure(Error::Code::InvalidArgument, tr("a channel or pattern is needed"));
    if (m_entries.size() >= mostSubscriptions)
        return failure(Error::Code::InvalidArgument, tr("there are %1 subscriptions already").arg(mostSubscriptions));
    Entry entry;
    entry.order = order;
    if (order.kind != SubscriptionKind::Shard && isOfKeyEvents(order.name)) // no node passes these on
        entry.order.kind = SubscriptionKind::KeyEvents;
    const NameKey key(subscribeCommand(entry.order.kind), order.name);
    if (m_ids.contains(key))
        return failure(Error::Code::InvalidArgument, tr("there is this subscription already"));
    entry.id = ++m_lastId;
    m_ids[key] = entry.id;
    m_entries.push_back(std::move(entry));
    if (m_entries.back().order.kind == SubscriptionKind::KeyEvents)
        m_settingsAt = 0;
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
    for (Seat &seat : entry->seats)
        leave(*entry, seat);
    entry->seats.clear();
    placeAll();
}

void Subscriptions::askAgain()
{
    m_settingsAt = 0;
    for (Entry &entry : m_entries)
        for (Seat &seat : entry.seats)
            if (seat.place.state == SubscriptionPlace::State::Refused) {
                seat.place.state = SubscriptionPlace::State::Opening;
                seat.isAsked = false;
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
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    SubscriptionPlace &place = seat->place;
    if (const qint64 since = std::exchange(place.lostSince, 0); since > 0) {
        PubSubMessage gap;
        gap.subscription = entry->id;
        gap.gapFrom = since;
        gap.at = std::max(now, since);
        gap.nodeId = nodeId;
        gap.node = nameOfNode(nodeId);
        gap.payload = place.problem ? describe(*place.problem).toUtf8() : QByteArray();
        if (m_taker)
            m_taker(gap, entry->order);
        m_book.takeGap(std::move(gap));
    }
    place.state = SubscriptionPlace::State::On;
    place.problem.reset();
    seat->wasOn = true;
    seat->confirmedAt = now;
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
    if (!seat->place.problem || seat->place.lostSince == 0)
        seat->place.problem = error; // of a gap the first reason is what matters
    seat->retryAt = steadyMs() + tickMs;
    if (error.serverPrefix == "MOVED")
        takeMoved(*entry, *seat, words);
}

void Subscriptions::takeTakenAway(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name)
{
    const auto [entry, seat] = seatOf(nodeId, kind, name);
    if (!seat || seat->place.state != SubscriptionPlace::State::On)
        return;
    SubscriptionPlace &place = seat->place;
    place.state = SubscriptionPlace::State::Lost;
    place.lostSince = QDateTime::currentMSecsSinceEpoch();
    place.problem = Error{.code = Error::Code::Outdated,
                          .detail = tr("the channel's slot %1 went to another node").arg(slotOfKey(name)),
                          .serverPrefix = {},
                          .node = nameOfNode(nodeId),
                          .command = u"SSUBSCRIBE"_s};
    seat->isAsked = false;
    seat->retryAt = 0;
    if (m_session)
        m_session->refresh();
    QTimer::singleShot(0, this, &Subscriptions::placeAll);
}

void Subscriptions::takeEnd(SubscriptionLine &line, const Error &error)
{
    const QByteArray id = line.nodeId();
    const qint64 heard = line.heardAt(), now = steadyMs();
    line.disconnect(this);
    m_lines.erase(id);
    line.deleteLater();
    if (m_home == id)
        m_home.clear();
    m_failedAt[id] = now;
    for (Entry &entry : m_entries)
        for (Seat &seat : entry.seats) {
            if (seat.place.nodeId != id || seat.place.state == SubscriptionPlace::State::Refused)
                continue;
            if (seat.wasOn && seat.place.lostSince == 0)
                seat.place.lostSince = heard;
            if (seat.place.state == SubscriptionPlace::State::On || !seat.place.problem)
                seat.place.problem = error;
            seat.place.state =
                seat.place.lostSince > 0 ? SubscriptionPlace::State::Lost : SubscriptionPlace::State::Opening;
            seat.isAsked = false;
            seat.retryAt = now + 2 * tickMs;
        }
    if (m_session)
        m_session->refresh();
    QTimer::singleShot(0, this, &Subscriptions::placeAll);
}

void Subscriptions::takeMessage(const QByteArray &nodeId, SubscriptionKind kind, const QByteArray &name,
                                const QByteArray &channel, const QByteArray &payload)
{
    const auto id = m_ids.find(NameKey(subscribeCommand(kind), name));
    const Entry *entry = id == m_ids.end() ? nullptr : entryWith(id->second);
    if (!entry || entry->isPaused) // came while the server was being told
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
    const bool isDue = m_settingsAt == 0 || steadyMs() - m_settingsAt >= settingsEvery;
    if (isDue && !m_isReadingSettings && hasKeyEvents())
        readSettings(this);
}

bool Subscriptions::hasKeyEvents() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return entry.order.kind == SubscriptionKind::KeyEvents && !entry.isPaused;
    });
}

QCoro::Task<> Subscriptions::readSettings(QPointer<Subscriptions> self)
{
    const QPointer<ClusterSession> session = self->m_session;
    if (!session)
        co_return;
    self->m_isReadingSettings = true;
    self->m_settingsAt = steadyMs();
    const Command command = commandOf("CONFIG", "GET", "notify-keyspace-events");
    NodeSelection selection;
    selection.kind = NodeSelection::Kind::Primaries;
    const Result<QList<NodeReply>> replies = co_await session->call(command, selection);
    if (!self)
        co_return;
    self->m_isReadingSettings = false;
    if (!replies)
        co_return;
    self->m_settings.clear();
    for (const NodeReply &each : *replies) {
        const Value *value = each.reply ? each.reply->find("notify-keyspace-events") : nullptr;
        Result<QByteArray> setting = QByteArray();
        if (!each.reply)
            setting = failure(each.reply.error());
        else if (value)
            setting = value->bytes();
        self->m_settings.push_back({each.nodeId, each.nodeName, std::move(setting)});
    }
}

std::vector<KeyEventsWarning> Subscriptions::warnings() const
{
    std::vector<KeyEventsWarning> all;
    for (const Setting &setting : m_settings) {
        KeyEventsWarning warning{
            .nodeId = setting.nodeId, .node = setting.node, .setting = {}, .missing = {}, .problem = {}};
        if (!setting.value) {
            warning.problem = setting.value.error();
            all.push_back(warning);
            continue;
        }
        warning.setting = *setting.value;
        for (const Entry &entry : m_entries) {
            if (entry.order.kind != SubscriptionKind::KeyEvents || entry.isPaused)
                continue;
            const QByteArray lacking = lackingForEvents(*setting.value, entry.order.name);
            for (const char letter : lacking)
                if (!warning.missing.contains(letter))
                    warning.missing += letter;
        }
        if (!warning.missing.isEmpty())
            all.push_back(warning);
    }
    return all;
}

PubSubSnapshot Subscriptions::look(const PubSubFilter &filter)
{
    PubSubSnapshot snapshot;
    for (const Entry &entry : m_entries) {
        SubscriptionState state;
        state.id = entry.id;
        state.order = entry.order;
        state.isPaused = entry.isPaused;
        if (entry.order.kind == SubscriptionKind::Shard)
            state.slot = slotOfKey(entry.order.name);
        for (const Seat &seat : entry.seats)
            state.places.push_back(seat.place);
        snapshot.subscriptions.push_back(std::move(state));
    }
    m_book.tell(snapshot, QDateTime::currentMSecsSinceEpoch());
    snapshot.filter = filter;
    snapshot.shown = m_book.shown(filter, &snapshot.isSearching);
    if (hasKeyEvents())
        snapshot.warnings = warnings();
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
