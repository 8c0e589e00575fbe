// SPDX-License-Identifier: GPL-3.0-or-later
// Where each subscription belongs.
#include "core/base/clock.h"
#include "core/cluster/slot.h"
#include "core/protocol/redirect.h"
#include "core/pubsub/subscriptions.h"
#include "core/session/keyowner.h"

#include <algorithm>

namespace slotscope {
namespace {

constexpr qint64 avoidedMs = 3000; // a node that failed, while there are others
constexpr qint64 viewSettledMs = 2000; // a view may be older than what a server has just granted

bool isUsable(const NodeState &node)
{
    return !node.id.isEmpty() && node.condition != NodeCondition::Handshake
        && node.condition != NodeCondition::NoAddress;
}

} // namespace

/// Any node hears of everything that is published; primaries that answer come first. It stays until it fails.
QByteArray Subscriptions::homeNode()
{
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!view)
        return {};
    if (!m_home.isEmpty() && view->node(m_home))
        return m_home;
    const qint64 now = steadyMs();
    int best = -1;
    m_home.clear();
    for (const NodeState &node : view->nodes) {
        if (!isUsable(node))
            continue;
        const bool hasFailed = m_failedAt.contains(node.id) && now - m_failedAt.value(node.id) < avoidedMs;
        const int worth = (hasFailed ? 0 : 8) + (node.reach.state == Reach::State::Ready ? 4 : 0)
            + (node.primary ? 2 : 0) + (m_lines.contains(node.id) ? 1 : 0);
        if (worth > best) {
            best = worth;
            m_home = node.id;
        }
    }
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
            if (shard.primary >= 0 && isUsable(view->nodes[size_t(shard.primary)]))
                wanted.push_back({shard.number, view->nodes[size_t(shard.primary)].id});
        if (wanted.empty())
            for (const NodeState &node : view->nodes)
                if (node.primary && isUsable(node))
                    wanted.push_back({-1, node.id});
        return wanted;
    }
    wanted.push_back({-1, entry.order.kind == SubscriptionKind::Shard ? ownerOf(entry) : homeNode()});
    return wanted;
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
    const std::vector<Wanted> wanted = wantedFor(entry);
    const bool isOfShards = entry.order.kind == SubscriptionKind::KeyEvents;
    for (size_t i = entry.seats.size(); i > 0; --i) { // a shard that is no more
        Seat &seat = entry.seats[i - 1];
        const bool isWanted = !isOfShards || std::any_of(wanted.begin(), wanted.end(), [&](const Wanted &each) {
            return each.shard >= 0 ? each.shard == seat.place.shard : each.nodeId == seat.place.nodeId;
        });
        if (isWanted || seat.place.state == SubscriptionPlace::State::Lost)
            continue; // one that is lost may come back under another primary
        leave(entry, seat);
        entry.seats.erase(entry.seats.begin() + qsizetype(i - 1));
    }
    const ClusterViewPtr view = m_session->view();
    for (const Wanted &each : wanted) {
        auto seat = std::find_if(entry.seats.begin(), entry.seats.end(), [&](const Seat &other) {
            return !isOfShards
                || (each.shard >= 0 ? other.place.shard == each.shard : other.place.nodeId == each.nodeId);
        });
        if (seat == entry.seats.end()) {
            entry.seats.emplace_back();
            seat = entry.seats.end() - 1;
            seat->place.nodeId = each.nodeId;
        }
        const bool isOn = seat->place.state == SubscriptionPlace::State::On;
        // what a server has granted holds until it takes it away, or the cluster has long agreed on another owner
        const bool stays = isOn && entry.order.kind == SubscriptionKind::Shard
            && (each.nodeId.isEmpty() || view->takenAt < seat->confirmedAt + viewSettledMs);
        if (seat->place.nodeId != each.nodeId && !stays) {
            leave(entry, *seat);
            if (seat->wasOn && seat->place.lostSince == 0) {
                seat->place.lostSince = std::max(seat->confirmedAt, seat->agreedAt);
                seat->place.problem.reset();
            }
            seat->place.nodeId = each.nodeId;
            seat->place.state =
                seat->place.lostSince > 0 ? SubscriptionPlace::State::Lost : SubscriptionPlace::State::Opening;
            seat->retryAt = 0;
        }
        if (seat->place.nodeId == each.nodeId)
            seat->agreedAt = view->takenAt;
        const NodeState *node = view->node(seat->place.nodeId);
        seat->place.node = node ? node->name : QString();
        seat->place.shard = node && node->shard >= 0 ? view->shards[size_t(node->shard)].number : each.shard;
        ask(entry, *seat);
    }
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

/// Where it is subscribed to, it is no longer.
void Subscriptions::leave(const Entry &entry, Seat &seat)
{
    const auto line = m_lines.find(seat.place.nodeId);
    if (std::exchange(seat.isAsked, false) && line != m_lines.end())
        line->second->unsubscribe(entry.order.kind, entry.order.name);
}

void Subscriptions::takeMoved(Entry &entry, Seat &seat, const QByteArray &words)
{
    const auto redirect = parseRedirect(words);
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    if (!redirect || !view)
        return;
    const NodeState *answering = view->node(seat.place.nodeId);
    const QString host = redirect->host.isEmpty() && answering ? answering->host() : redirect->host;
    for (const NodeState &node : view->nodes)
        if (isUsable(node) && node.host() == host && node.address.port == redirect->port)
            m_moved[slotOfKey(entry.order.name)] = node.id;
    m_session->refresh();
    if (m_moved.value(slotOfKey(entry.order.name)) != seat.place.nodeId)
        seat.retryAt = 0;
    QTimer::singleShot(0, this, &Subscriptions::placeAll);
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

/// Ends connections that nothing is heard over.
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
