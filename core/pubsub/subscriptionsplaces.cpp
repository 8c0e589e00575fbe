// SPDX-License-Identifier: GPL-3.0-or-later
// Where each subscription belongs.
#include "core/base/clock.h"
#include "core/cluster/slot.h"
#include "core/protocol/redirect.h"
#include "core/pubsub/subscriptions.h"
#include "core/session/keyowner.h"

#include <QDateTime>

#include <algorithm>

namespace slotscope {
namespace {

constexpr qint64 avoidedMs = 3000; // how long a failed node is avoided if there are others
constexpr qint64 viewSettledMs = 2000; // a view may be older than a subscription just granted

} // namespace

QByteArray Subscriptions::homeNode()
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!view)
        return {};
    const qint64 now = steadyMs();
    m_home = chooseHome(
        *view, m_home,
        [&](const QByteArray &id) { return m_failedAt.contains(id) && now - m_failedAt.value(id) < avoidedMs; },
        [this](const QByteArray &id) { return m_lines.contains(id); });
    return m_home;
}

QByteArray Subscriptions::ownerOf(const Entry &entry) const
{
    if (const auto moved = m_moved.constFind(slotOfKey(entry.order.name)); moved != m_moved.constEnd())
        return *moved;
    return ownerOfKey(*m_session->view(), entry.order.name);
}

std::vector<Subscriptions::Wanted> Subscriptions::wantedFor(const Entry &entry)
{
    const ClusterViewPtr view = m_session->view();
    std::vector<Wanted> wanted;
    if (entry.order.kind == SubscriptionKind::KeyEvents) {
        for (const ShardState &shard : view->shards)
            if (shard.primary >= 0 && isUsableNode(view->nodes[size_t(shard.primary)]))
                wanted.push_back({shard.number, view->nodes[size_t(shard.primary)].id});
        if (wanted.empty())
            for (const NodeState &node : view->nodes)
                if (node.primary && isUsableNode(node))
                    wanted.push_back({-1, node.id});
        return wanted;
    }
    wanted.push_back({-1, entry.order.kind == SubscriptionKind::Shard ? ownerOf(entry) : homeNode()});
    return wanted;
}

void Subscriptions::takeView()
{
    const ClusterViewPtr view = m_session->view();
    m_moved.clear();
    QSet<QByteArray> ready;
    for (const NodeState &node : view->nodes) {
        if (node.reach.state == Reach::State::Ready)
            ready.insert(node.id);
        if (const auto known = m_names.find(node.id); known != m_names.end())
            *known = node.name; // its address may have changed
    }
    for (Entry &entry : m_entries)
        for (Seat &seat : entry.seats) // retry at once on nodes that answer again
            if (seat.failures > 0 && ready.contains(seat.place.nodeId) && !m_ready.contains(seat.place.nodeId))
                seat.forgive();
    m_ready = ready;
    placeAll();
}

void Subscriptions::placeAll()
{
    if (!m_session || !m_session->view())
        return;
    for (Entry &entry : m_entries)
        if (!entry.isPaused)
            place(entry);
    dropIdleLines();
}

void Subscriptions::place(Entry &entry)
{
    if (entry.order.kind == SubscriptionKind::KeyEvents)
        dropGone(entry);
    for (const Wanted &each : wantedFor(entry))
        put(entry, each);
}

/// Removes the places of shards that no longer exist. If a shard only has no primary now, its place stays, because it
/// may return with another.
void Subscriptions::dropGone(Entry &entry)
{
    const ClusterViewPtr view = m_session->view();
    const auto isThere = [&](const Seat &seat) {
        if (seat.place.shard < 0)
            return view->node(seat.place.nodeId) != nullptr;
        return std::any_of(view->shards.begin(), view->shards.end(),
                           [&](const ShardState &shard) { return shard.number == seat.place.shard; });
    };
    for (size_t i = entry.seats.size(); i > 0; --i) {
        Seat &seat = entry.seats[i - 1];
        if (isThere(seat))
            continue;
        leave(entry, seat);
        tellGap(entry, seat);
        entry.seats.erase(entry.seats.begin() + qsizetype(i - 1));
    }
}

void Subscriptions::put(Entry &entry, const Wanted &wanted)
{
    const ClusterViewPtr view = m_session->view();
    const bool isOfShards = entry.order.kind == SubscriptionKind::KeyEvents;
    auto seat = std::find_if(entry.seats.begin(), entry.seats.end(), [&](const Seat &other) {
        return !isOfShards
            || (wanted.shard >= 0 ? other.place.shard == wanted.shard : other.place.nodeId == wanted.nodeId);
    });
    if (seat == entry.seats.end()) {
        entry.seats.emplace_back();
        seat = entry.seats.end() - 1;
        seat->place.nodeId = wanted.nodeId;
    }
    const bool isOn = seat->place.state == SubscriptionPlace::State::On;
    // a granted subscription stays until the server ends it, or the view has shown another owner for long enough
    const bool stays = isOn && entry.order.kind == SubscriptionKind::Shard
        && (wanted.nodeId.isEmpty() || view->takenAt < seat->confirmedAt + viewSettledMs);
    if (seat->place.nodeId != wanted.nodeId && !stays) {
        const auto line = m_lines.find(seat->place.nodeId);
        const qint64 now = steadyMs(), heard = line == m_lines.end() ? now : line->second->heardAt();
        leave(entry, *seat);
        seat->moveTo(wanted.nodeId, heard, now, QDateTime::currentMSecsSinceEpoch());
    }
    const NodeState *node = view->node(seat->place.nodeId);
    const bool isDoubted =
        !node || node->condition == NodeCondition::Failed || node->condition == NodeCondition::MaybeFailed;
    if (seat->place.nodeId == wanted.nodeId && !isDoubted)
        seat->agreedAt = view->takenAt;
    seat->place.node = node ? node->name : QString();
    seat->place.shard = node && node->shard >= 0 ? view->shards[size_t(node->shard)].number : wanted.shard;
    ask(entry, *seat);
}

void Subscriptions::ask(Entry &entry, Seat &seat)
{
    using State = SubscriptionPlace::State;
    if (seat.isAsked || seat.place.nodeId.isEmpty() || seat.place.state == State::On
        || seat.place.state == State::Refused || steadyMs() < seat.retryAt)
        return;
    SubscriptionLine &line = lineTo(seat.place.nodeId);
    if (!line.isOpen())
        return;
    seat.isAsked = true;
    line.subscribe(entry.order.kind, entry.order.name);
}

/// Ends the subscription on its node.
void Subscriptions::leave(const Entry &entry, Seat &seat)
{
    const auto line = m_lines.find(seat.place.nodeId);
    if (std::exchange(seat.isAsked, false) && line != m_lines.end())
        line->second->unsubscribe(entry.order.kind, entry.order.name);
}

/// Handles a MOVED reply for its slot. If it names the node that answered, or an unknown one, it cannot be followed
/// yet: the subscription is retried after its pause.
void Subscriptions::takeMoved(Entry &entry, Seat &seat, const QByteArray &words)
{
    const auto redirect = parseRedirect(words);
    if (!redirect || !m_session)
        return;
    const QByteArray target = m_session->targetOf(*redirect, seat.place.nodeId);
    const ClusterViewPtr view = m_session->view();
    if (!target.isEmpty() && target != seat.place.nodeId && view && view->node(target))
        m_moved[slotOfKey(entry.order.name)] = target;
    lookSoon();
}

SubscriptionLine &Subscriptions::lineTo(const QByteArray &nodeId)
{
    SubscriptionLine *&line = m_lines[nodeId];
    if (!line) {
        line = new SubscriptionLine(nodeId, m_resp3, this);
        m_names.insert(nodeId, nameOfNode(nodeId));
        connectLine(*line);
        QTimer::singleShot(0, line, [opening = line, session = m_session] { opening->open(session); });
    }
    return *line;
}

/// Closes connections without subscriptions.
void Subscriptions::dropIdleLines()
{
    for (auto each = m_lines.begin(); each != m_lines.end();) {
        const bool isUsed = std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
            return !entry.isPaused && std::any_of(entry.seats.begin(), entry.seats.end(), [&](const Seat &seat) {
                return seat.place.nodeId == each->first && seat.place.state != SubscriptionPlace::State::Refused;
            });
        });
        if (isUsed) {
            ++each;
            continue;
        }
        each->second->disconnect(this);
        each->second->deleteLater();
        each = m_lines.erase(each);
    }
}

} // namespace slotscope
