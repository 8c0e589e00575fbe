// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/clustersession.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"

#include <QDateTime>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 searchAgainMs = 5000; // a node that answers nowhere is looked for again after so long
constexpr int viewDelayMs = 30; // answers that come in together make one view

qint64 nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

} // namespace

ClusterSession::ClusterSession(ConnectionTarget target, SessionOptions options, QObject *parent)
    : QObject(parent), m_target(std::move(target)), m_options(options), m_schedule(options.budget)
{
    connect(&m_ticker, &QTimer::timeout, this, &ClusterSession::tick);
    m_viewTimer.setSingleShot(true);
    connect(&m_viewTimer, &QTimer::timeout, this, &ClusterSession::publishView);
}

ClusterSession::~ClusterSession()
{
    blockSignals(true);
    m_state = SessionState::Closed;
    // what still waits is completed with an error here, while all members stand
    m_known.clear();
    m_workLinks.clear();
    for (const auto &[name, peer] : std::exchange(m_peers, {})) {
        peer->gone = true;
        peer->link->disconnect(this);
    }
    for (NodeLink *link : findChildren<NodeLink *>(Qt::FindDirectChildrenOnly))
        delete link;
    for (auto &[id, waiting] : std::exchange(m_pauses, {}))
        waiting.complete(false);
}

void ClusterSession::start()
{
    for (const Endpoint &seed : std::as_const(m_target.seeds))
        openPeer(seed, Origin::Seed, {});
    m_sinceTick.start();
    if (m_options.pollMs > 0)
        m_ticker.start(m_options.pollMs);
}

ConnectionOptions ClusterSession::connectionOptions(const Endpoint &endpoint) const
{
    ConnectionOptions options;
    options.endpoint = endpoint;
    options.credentials = m_target.credentials;
    options.connectTimeoutMs = m_options.connectTimeoutMs;
    options.handshakeTimeoutMs = m_options.pollTimeoutMs;
    options.commandTimeoutMs = m_options.pollTimeoutMs;
    return options;
}

ClusterSession::PeerPtr ClusterSession::openPeer(const Endpoint &endpoint, Origin origin, const QByteArray &wantedId)
{
    Q_ASSERT(m_state != SessionState::Closed);
    const QString name = endpoint.toString();
    if (const auto known = m_peers.find(name); known != m_peers.end()) {
        if (known->second->seen.id.isEmpty() && known->second->wantedId.isEmpty())
            known->second->wantedId = wantedId; // a seed that has not answered yet turns out to be this node
        if (known->second->left != wantedId)
            known->second->left.reset(); // somebody names another node there
        return known->second;
    }
    auto peer = std::make_shared<Peer>();
    peer->seed = origin == Origin::Seed;
    peer->wantedId = wantedId;
    ConnectionOptions options = connectionOptions(endpoint);
    options.probeFirst = origin == Origin::Guessed;
    peer->link = new NodeLink(options, this);
    peer->seen.reach.address = name;
    m_peers.emplace(name, peer);
    connect(peer->link, &NodeLink::stateChanged, this, [this, peer] { handleLink(peer); });
    peer->link->start();
    return peer;
}

void ClusterSession::dropPeer(const PeerPtr &peer)
{
    peer->gone = true;
    peer->link->disconnect(this);
    peer->link->stop();
    peer->link->deleteLater();
    m_peers.erase(peer->link->endpoint().toString());
}

void ClusterSession::updateReach(Peer &peer) const
{
    Reach &reach = peer.seen.reach;
    switch (peer.link->state()) {
    case NodeLink::State::Idle: reach.state = Reach::State::Unknown; break;
    // while an attempt after a failure is under way the last failure is still the truth about the node
    case NodeLink::State::Connecting:
        reach.state = peer.link->failures() > 0 ? Reach::State::Waiting : Reach::State::Connecting;
        break;
    case NodeLink::State::Ready: reach.state = Reach::State::Ready; break;
    case NodeLink::State::Waiting: reach.state = Reach::State::Waiting; break;
    case NodeLink::State::Refused: reach.state = Reach::State::Refused; break;
    }
    reach.error = peer.link->error();
    reach.retryAt = peer.link->retryAt();
    reach.failures = peer.link->failures();
    reach.roundTripMs = peer.link->roundTripMs();
}

/// A link that came up is asked for everything; one that was lost makes us ask the others what they know: all of them,
/// or in a large cluster, within the schedule, those of its shard.
void ClusterSession::handleLink(const PeerPtr &peer)
{
    updateReach(*peer);
    peer->poll.askable = peer->link->isReady() && !peer->asking;
    if (peer->link->isReady()) {
        peer->tableRefused = peer->linksRefused = false; // rights may have changed
        ask(peer, everything());
    } else if (peer->link->state() == NodeLink::State::Waiting && peer->answers > 0 && peer->link->failures() == 1) {
        if (isLarge()) {
            for (const QByteArray &id : shardOf(peer->seen.id))
                if (const PeerPtr other = peerOf(id))
                    other->poll.due = true;
        }
        for (const PeerPtr &other : isLarge() ? std::vector<PeerPtr>() : nodePeers())
            if (other->poll.askable)
                ask(other, {.table = true, .opinion = true, .info = false, .links = false});
    }
    updateState();
    scheduleView(viewDelayMs);
}

ClusterSession::PeerPtr ClusterSession::peerOf(const QByteArray &id) const
{
    PeerPtr best;
    for (const auto &[name, peer] : m_peers)
        if (peer->seen.id == id && (!best || (peer->link->isReady() && !best->link->isReady())))
            best = peer;
    return best;
}

std::vector<ClusterSession::PeerPtr> ClusterSession::nodePeers() const
{
    QHash<QByteArray, PeerPtr> best;
    for (const auto &[name, peer] : m_peers) {
        if (peer->seen.id.isEmpty())
            continue;
        PeerPtr &chosen = best[peer->seen.id];
        if (!chosen || (peer->link->isReady() && !chosen->link->isReady()))
            chosen = peer;
    }
    return {best.cbegin(), best.cend()};
}

/// The peer told who it is. Of two ways to one node the one that answered first stays, seeds always do.
void ClusterSession::identify(const PeerPtr &peer, const QByteArray &id)
{
    if (peer->seen.id == id)
        return;
    qCInfo(lcSession).nospace() << peer->seen.reach.address << " is " << id.left(8);
    const PeerPtr first = peerOf(id);
    peer->seen.id = id;
    peer->left.reset();
    m_known[id].reachedAt = peer->link->endpoint();
    m_known[id].replaced = false;
    if (first && first != peer && first->link->isReady() && !peer->seed && !first->seed) {
        dropPeer(peer); // the way that answered first stays
        return;
    }
    std::vector<PeerPtr> needless;
    for (const auto &[name, other] : m_peers) {
        if (other == peer || other->seed)
            continue;
        const bool sameNode = other->seen.id == id || (other->seen.id.isEmpty() && other->wantedId == id);
        if (sameNode)
            needless.push_back(other);
    }
    for (const PeerPtr &other : needless)
        dropPeer(other);
}

/// Every node that the observer names is remembered, and a way to it is opened.
void ClusterSession::discover(const PeerPtr &observer)
{
    for (const NodeLine &line : observer->seen.table->lines) {
        if (line.flags.testFlag(NodeFlag::Handshake) || line.id.isEmpty())
            continue;
        KnownNode &node = m_known[line.id];
        node.named = true;
        const bool own = line.flags.testFlag(NodeFlag::Myself);
        if (line.address.port == 0 || (own && line.address.host.isEmpty() && node.address.port != 0))
            continue;
        if (node.address != line.address && node.address.port != 0 && !own)
            node.searchedAt = 0; // it moved: look at once
        if (!own || node.address.port == 0)
            node.address = line.address;
        if (node.tellerHost.isEmpty())
            node.tellerHost = observer->link->endpoint().host;
    }
    searchMissing();
}

/// Where a node may be found, best guess first: the user's map, where it answered before, its announced address and
/// host name, then the seeds' hosts at the announced port (published ports in front of a container network). Only the
/// last, and a host that was not announced, are guesses.
QList<ClusterSession::Candidate> ClusterSession::candidatesFor(const QByteArray &id) const
{
    const KnownNode node = m_known.value(id);
    QList<Candidate> candidates;
    const auto add = [&candidates](const Endpoint &endpoint, Origin origin) {
        const bool usable = endpoint.isUnix() || (!endpoint.host.isEmpty() && endpoint.port != 0);
        const bool known = std::any_of(candidates.cbegin(), candidates.cend(),
                                       [&](const Candidate &other) { return other.endpoint == endpoint; });
        if (usable && !known)
            candidates.append({.endpoint = endpoint, .origin = origin});
    };
    const auto mapped = m_target.addressMap.constFind(node.address.toString());
    if (mapped != m_target.addressMap.constEnd())
        return {{.endpoint = *mapped, .origin = Origin::Announced}};
    if (const auto byId = m_target.addressMap.constFind(QString::fromLatin1(id));
        byId != m_target.addressMap.constEnd())
        return {{.endpoint = *byId, .origin = Origin::Announced}};
    const quint16 port = node.address.port;
    add({.host = node.address.host, .port = port, .socketPath = {}}, Origin::Announced);
    if (node.address.host.isEmpty())
        add({.host = node.tellerHost, .port = port, .socketPath = {}}, Origin::Guessed);
    if (node.reachedAt)
        add(*node.reachedAt, Origin::Guessed);
    add({.host = node.address.hostname, .port = port, .socketPath = {}}, Origin::Announced);
    for (const Endpoint &seed : m_target.seeds)
        add({.host = seed.host, .port = port, .socketPath = {}}, Origin::Guessed);
    return candidates;
}

/// Opens a way to each known node that has none: its first candidate at once, all others when that has not answered in
/// time.
void ClusterSession::searchMissing()
{
    if (m_standalone)
        return;
    QSet<QByteArray> reached;
    for (const auto &[name, peer] : m_peers)
        if (!peer->seen.id.isEmpty() && peer->link->isReady())
            reached.insert(peer->seen.id);
    const qint64 now = nowMs();
    for (auto node = m_known.begin(); node != m_known.end(); ++node) {
        if (reached.contains(node.key()) || node->address.port == 0)
            continue;
        const QList<Candidate> candidates = candidatesFor(node.key());
        if (candidates.isEmpty())
            continue;
        const PeerPtr first = openPeer(candidates.front().endpoint, candidates.front().origin, node.key());
        if (node->searchedAt == 0)
            node->searchedAt = now;
        const bool wrongThere = !first->seen.id.isEmpty() && first->seen.id != node.key();
        if (now - node->searchedAt < (wrongThere || first->link->failures() > 0 ? 0 : m_options.searchAfterMs))
            continue;
        node->searchedAt = now + searchAgainMs; // in the future: all candidates are being tried
        for (const Candidate &candidate : candidates)
            openPeer(candidate.endpoint, candidate.origin, node.key());
    }
}

/// A node that nobody names any more and that does not answer is no part of the picture.
void ClusterSession::forgetUnknown()
{
    for (auto &node : m_known)
        node.named = false;
    bool anyTable = false;
    QSet<size_t> read; // tables that agree name the same nodes: a thousand of a thousand lines are not looked through
    for (const auto &[name, peer] : m_peers) {
        if (!peer->link->isReady() || !peer->seen.table)
            continue;
        anyTable = true;
        if (read.contains(peer->seen.table->digest))
            continue;
        read.insert(peer->seen.table->digest);
        for (const NodeLine &line : peer->seen.table->lines)
            if (const auto node = m_known.find(line.id); node != m_known.end())
                node->named = true;
    }
    if (!anyTable)
        return;
    std::vector<PeerPtr> unneeded;
    for (const auto &[name, peer] : m_peers) {
        const QByteArray &id = peer->seen.id.isEmpty() ? peer->wantedId : peer->seen.id;
        if (!peer->seed && !peer->link->isReady() && !id.isEmpty() && !m_known.value(id).named)
            unneeded.push_back(peer);
        else if (peer->seed && !peer->link->isReady() && !peer->seen.id.isEmpty() && !m_known.value(id).named)
            peer->forget();
    }
    for (const auto &[name, peer] : m_peers) // a guess that came to nothing
        if (!peer->seed && peer->seen.id.isEmpty() && peer->wantedId.isEmpty() && peer->link->failures() > 0)
            unneeded.push_back(peer);
    for (const PeerPtr &peer : unneeded)
        dropPeer(peer);
    for (auto link = m_workLinks.begin(); link != m_workLinks.end();) {
        if (m_known.contains(link.key()) || peerOf(link.key())) {
            ++link;
            continue;
        }
        (*link)->deleteLater();
        link = m_workLinks.erase(link);
    }
    for (auto node = m_known.begin(); node != m_known.end();)
        node = node->named || peerOf(node.key()) ? std::next(node) : m_known.erase(node);
}

void ClusterSession::setState(SessionState state, const Error &error, qint64 retryAt)
{
    if (m_state == state && m_error == error && m_retryAt == retryAt)
        return;
    m_retryAt = retryAt;
    m_state = state;
    m_error = error;
    Q_EMIT stateChanged(state);
}

void ClusterSession::updateState()
{
    tellNews();
    bool anyReady = false, anyTrying = false, allRefused = true;
    qint64 retryAt = std::numeric_limits<qint64>::max();
    Error worst;
    for (const auto &[name, peer] : m_peers) {
        anyReady = anyReady || (peer->link->isReady() && peer->answers > 0);
        if (!peer->seed)
            continue;
        anyTrying = anyTrying || (peer->link->failures() == 0);
        retryAt = std::min(retryAt, peer->link->retryAt()); // 0 while an attempt is under way
        allRefused = allRefused && peer->link->state() == NodeLink::State::Refused;
        if (peer->link->failures() > 0 && (worst.detail.isEmpty() || peer->link->state() == NodeLink::State::Refused))
            worst = peer->link->error();
    }
    if (retryAt == std::numeric_limits<qint64>::max())
        retryAt = 0;
    if (anyReady)
        setState(SessionState::Ready, {}, 0);
    else if (m_state == SessionState::Ready || m_state == SessionState::Lost)
        setState(SessionState::Lost, worst, retryAt);
    else if (allRefused && !m_peers.empty())
        setState(SessionState::Failed, worst, retryAt);
    else
        setState(SessionState::Connecting, anyTrying ? Error{} : worst, retryAt);
}

Awaited<bool> ClusterSession::pause(int ms)
{
    const quint64 number = m_nextPause++;
    QTimer::singleShot(ms, this, [this, number] {
        if (auto waiting = m_pauses.extract(number))
            waiting.mapped().complete(true);
    });
    return m_pauses[number].awaited();
}

Awaited<bool> ClusterSession::news(int atMostMs)
{
    m_awaitingNews.push_back(m_nextPause);
    return pause(atMostMs);
}

void ClusterSession::tellNews()
{
    if (m_awaitingNews.empty() || m_tellingNews)
        return;
    m_tellingNews = true;
    // Not from within what brings them: who waits may end the session. Who waits looks at all nodes: not for each of a
    // thousand answers.
    constexpr int peersForMs = 50;
    QTimer::singleShot(int(m_peers.size()) / peersForMs, this, [this] {
        m_tellingNews = false;
        const QPointer<ClusterSession> self(this);
        for (const quint64 number : std::exchange(m_awaitingNews, {})) {
            if (auto waiting = m_pauses.extract(number))
                waiting.mapped().complete(true);
            if (!self)
                return;
        }
    });
}

void ClusterSession::refresh()
{
    if (m_state == SessionState::Closed)
        return;
    for (const auto &[name, peer] : std::map(m_peers)) {
        if (peer->gone)
            continue;
        peer->link->retryNow();
        if (peer->link->isReady() && !peer->asking)
            ask(peer, everything());
    }
    searchMissing();
}

QCoro::Task<Result<ClusterViewPtr>> ClusterSession::connected(int timeoutMs)
{
    const QPointer<ClusterSession> self(this);
    const QDeadlineTimer deadline(timeoutMs);
    const auto settled = [this] {
        // nobody is left who may still answer, and every way that was opened has come to something
        for (const auto &[name, peer] : m_peers)
            if (peer->link->failures() == 0 && !(peer->link->isReady() && peer->answers > 0 && !peer->asking))
                return false;
        for (auto node = m_known.cbegin(); node != m_known.cend(); ++node) {
            const PeerPtr peer = peerOf(node.key());
            if (node->address.port != 0 && !(peer && peer->link->isReady()) && node->searchedAt <= nowMs())
                return false; // not all of its candidates were tried yet
        }
        return true;
    };
    while (!(m_state == SessionState::Failed) && !settled() && !deadline.hasExpired()) {
        if (!co_await news(20) || !self)
            co_return failure(Error::Code::Cancelled);
        searchMissing();
    }
    if (m_state != SessionState::Ready)
        co_return failure(m_error.node.isEmpty() ? Error{.code = Error::Code::Timeout,
                                                         .detail = tr("no seed answered within %1 ms").arg(timeoutMs),
                                                         .serverPrefix = {},
                                                         .node = m_target.title(),
                                                         .command = {}}
                                                 : m_error);
    publishView();
    co_return Result<ClusterViewPtr>(m_view); // spelled out: QCoro 0.8 moves from an lvalue of another type
}

} // namespace slotscope
