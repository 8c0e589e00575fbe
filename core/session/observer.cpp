// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/observer.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/session/linkreach.h"

#include <QPointer>
#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int viewDelayMs = 30; // replies that arrive within this time are combined into one view
// largest number of nodes for which CLUSTER LINKS is asked, because every node has two links to every other
constexpr size_t linksUpTo = 64;
constexpr qint64 linksEveryMs = 5000;
constexpr qint64 settingsEveryMs = 60'000;

/// Whether no Sentinel knows the primary and none will without help: each refuses us, or monitors no primary of that
/// name.
bool mayNotPass(const SentinelState &state)
{
    return std::all_of(state.sentinels.cbegin(), state.sentinels.cend(), [](const SentinelWord &word) {
        const bool knowsNone = word.reach.state == Reach::State::Ready && word.hasAnswered;
        return (knowsNone && word.primary.address.isEmpty()) || word.reach.state == Reach::State::Refused;
    });
}

} // namespace

Observer::Observer(const ConnectionTarget &target, const SessionOptions &options, NodeDirectory &directory,
                   LinkPool &pool, QObject *parent)
    : QObject(parent)
    , m_target(target)
    , m_options(options)
    , m_directory(directory)
    , m_pool(pool)
    , m_schedule(options.budget)
{
    connect(&m_ticker, &QTimer::timeout, this, &Observer::tick);
    m_viewTimer.setSingleShot(true);
    connect(&m_viewTimer, &QTimer::timeout, this, &Observer::publishView);
}

Observer::~Observer()
{
    close();
}

/// Completes everything that is waited for while all members still exist.
void Observer::close()
{
    blockSignals(true);
    m_state = SessionState::Closed;
    m_ticker.stop();
    m_viewTimer.stop();
    for (const auto &[name, watched] : std::exchange(m_watched, {})) {
        watched->gone = true;
        watched->link->disconnect(this);
    }
    for (auto &[id, waiting] : std::exchange(m_pauses, {}))
        waiting.complete(false);
}

void Observer::start()
{
    m_startedAt = now();
    m_directory.begin();
    carryOut();
    m_sinceTick.start();
    if (m_options.pollMs > 0)
        m_ticker.start(m_options.pollMs);
}

void Observer::carryOut()
{
    if (m_state == SessionState::Closed)
        return;
    for (QList<NodeDirectory::Action> actions = m_directory.takeActions(); !actions.isEmpty();
         actions = m_directory.takeActions()) {
        for (const NodeDirectory::Action &action : std::as_const(actions)) {
            const WatchedPtr watched = watchedAt(action.address);
            if (action.kind == NodeDirectory::Action::Kind::Open) {
                openWay(action.address);
            } else if (watched && action.kind == NodeDirectory::Action::Kind::Forget) {
                NodeObservation blank;
                blank.reach = watched->seen.reach;
                watched->seen = std::move(blank);
            } else if (watched) {
                watched->gone = true;
                watched->link->disconnect(this);
                watched->link->stop();
                watched->link->deleteLater();
                m_watched.erase(action.address);
            }
        }
    }
}

void Observer::openWay(const QString &address)
{
    const NodeAddress *way = m_directory.at(address);
    if (!way || m_watched.contains(address))
        return;
    auto watched = std::make_shared<Watched>();
    watched->address = address;
    watched->link = m_pool.makeObserving(*way);
    watched->seen.reach.address = address;
    m_watched.emplace(address, watched);
    connect(watched->link, &NodeLink::stateChanged, this, [this, watched] { handleLink(watched); });
    watched->link->start();
}

Observer::WatchedPtr Observer::watchedAt(const QString &address) const
{
    const auto found = m_watched.find(address);
    return found == m_watched.end() ? nullptr : found->second;
}

Observer::WatchedPtr Observer::watchedOf(const QByteArray &id) const
{
    const NodeAddress *way = m_directory.wayTo(id);
    return way ? watchedAt(way->endpoint.toString()) : nullptr;
}

std::vector<Observer::WatchedPtr> Observer::nodeWays() const
{
    std::vector<WatchedPtr> list;
    for (const QString &address : m_directory.nodeWays())
        if (WatchedPtr watched = watchedAt(address))
            list.push_back(std::move(watched));
    return list;
}

QList<NodeLink *> Observer::readyLinks() const
{
    QList<NodeLink *> links;
    for (const WatchedPtr &watched : nodeWays())
        if (watched->link->isReady())
            links.append(watched->link);
    return links;
}

QByteArray Observer::anyReadyNode() const
{
    for (const WatchedPtr &watched : nodeWays())
        if (watched->link->isReady())
            return watched->seen.id;
    return {};
}

void Observer::updateReach(Watched &watched)
{
    takeReach(*watched.link, watched.seen.reach);
}

/// Reacts to a link's state change. A link that became ready is queried for everything. After a loss, the other nodes
/// are asked what they know: all of them at once or, in a large cluster, those of the same shard on the next schedule.
void Observer::handleLink(const WatchedPtr &watched)
{
    updateReach(*watched);
    watched->poll.askable = watched->link->isReady() && !watched->asking;
    m_directory.linkChanged(watched->address, watched->link->isReady(), watched->link->failures(),
                            watched->link->error());
    if (watched->link->isReady()) {
        const PeerIdentity identity = watched->link->identity();
        m_directory.greeted(watched->address, identity.nodeId, identity.runId);
        watched->tableRefused = watched->linksRefused = watched->clusterMissing = false; // permissions may have changed
        watched->settingsRefused = false;
        watched->standalone = watched->seen.standalone = false; // another server may run there
        carryOut();
        if (!watched->gone)
            ask(watched, everything());
    } else if (watched->link->state() == NodeLink::State::Waiting && watched->answers > 0
               && watched->link->failures() == 1) {
        if (isLarge()) {
            for (const QByteArray &id : shardOf(watched->seen.id))
                if (const WatchedPtr other = watchedOf(id))
                    other->poll.due = true;
        }
        for (const WatchedPtr &other : isLarge() ? std::vector<WatchedPtr>() : nodeWays())
            if (other->poll.askable)
                ask(other, {.table = true, .clusterInfo = true, .info = false, .links = false, .settings = false});
    }
    carryOut();
    updateState();
    scheduleView(viewDelayMs);
}

void Observer::tick()
{
    m_directory.tick(now());
    carryOut();
    m_pool.dropUnknown();
    for (const QString &address : m_directory.strangers())
        if (const WatchedPtr watched = watchedAt(address); watched && watched->poll.askable)
            ask(watched, everything());
    const std::vector<WatchedPtr> ways = nodeWays();
    std::vector<PollEntry> entries;
    entries.reserve(ways.size());
    for (const WatchedPtr &watched : ways)
        entries.push_back(watched->poll);
    const std::vector<Questions> questions = m_schedule.next(entries, now(), m_sinceTick.restart());
    for (size_t i = 0; i < ways.size(); ++i) {
        updateReach(*ways[i]);
        Questions asked = questions[i];
        asked.links = asked.any() && ways.size() <= linksUpTo && now() - ways[i]->linksAt >= linksEveryMs;
        asked.settings = asked.any() && now() - ways[i]->settingsAt >= settingsEveryMs;
        if (asked.any())
            ask(ways[i], asked);
    }
    updateState();
    scheduleView(m_options.pollMs);
}

QList<QByteArray> Observer::shardOf(const QByteArray &id) const
{
    QList<QByteArray> ids{id};
    const NodeState *node = m_view ? m_view->node(id) : nullptr;
    if (!node || node->shard < 0)
        return ids;
    const ShardState &shard = m_view->shards[size_t(node->shard)];
    for (const int member : QList<int>{shard.primary} + shard.replicas)
        if (member >= 0 && m_view->nodes[size_t(member)].id != id)
            ids.append(m_view->nodes[size_t(member)].id);
    return ids;
}

void Observer::lookAgainAt(const QList<QByteArray> &ids)
{
    if (!isLarge() || (ids.isEmpty() && !m_ticker.isActive())) {
        refresh();
        return;
    }
    for (const QByteArray &id : ids) {
        const WatchedPtr watched = watchedOf(id);
        if (!watched)
            continue;
        watched->poll.due = true;
        watched->link->retryNow();
        // without a polling schedule (command line), query these few nodes now
        if (!m_ticker.isActive() && watched->poll.askable)
            ask(watched, everything());
    }
    m_directory.searchMissing(now());
    carryOut();
}

void Observer::refresh(bool byUser)
{
    if (m_state == SessionState::Closed)
        return;
    Q_EMIT refreshing(byUser);
    for (const auto &[name, watched] : std::map(m_watched)) {
        if (watched->gone)
            continue;
        watched->link->retryNow(byUser);
        if (watched->link->isReady() && !watched->asking)
            ask(watched, everything());
    }
    m_directory.searchMissing(now());
    carryOut();
}

Questions Observer::everything() const
{
    return {.table = true, .clusterInfo = true, .info = true, .links = m_watched.size() <= linksUpTo, .settings = true};
}

void Observer::setState(SessionState state, const Error &error, qint64 retryAt)
{
    if (m_state == SessionState::Closed || (m_state == state && m_error == error && m_retryAt == retryAt))
        return;
    m_retryAt = retryAt;
    m_state = state;
    m_error = error;
    Q_EMIT stateChanged(state);
}

void Observer::updateState()
{
    tellNews();
    if (m_state == SessionState::Closed)
        return;
    if (const auto conflict = m_established ? std::nullopt : m_directory.conflict()) {
        m_viewTimer.stop();
        setState(SessionState::Failed, *conflict, 0);
        return;
    }
    if (m_target.sentinel.isOn() && m_watched.empty()) { // no server address is known yet
        const bool isAnswered = m_sentinels && m_sentinels->isSettled;
        const SentinelWord *leading = isAnswered ? m_sentinels->leading() : nullptr;
        Error why = isAnswered && !leading ? m_sentinels->whyNone() : Error();
        if (leading) { // the Sentinels name a primary, but the setting `hosts` does not permit a connection to it
            why.code = Error::Code::Outside;
            why.node = leading->primary.address;
        }
        const bool isWrong = leading || (isAnswered && why.code != Error::Code::NoRoute && mayNotPass(*m_sentinels));
        setState(isWrong ? SessionState::Failed : SessionState::Connecting, why, 0);
        return;
    }
    bool anyReady = false, anyTrying = false, allRefused = true, anySeed = false;
    qint64 retryAt = std::numeric_limits<qint64>::max();
    Error worst;
    for (const auto &[name, watched] : m_watched) {
        const NodeAddress *way = m_directory.at(name);
        anyReady = anyReady || (watched->link->isReady() && watched->answers > 0 && way && !way->id.isEmpty());
        if (!way || !way->isSeed())
            continue;
        anySeed = true;
        anyTrying = anyTrying || (watched->link->failures() == 0 && watched->answers == 0);
        retryAt = std::min(retryAt, watched->link->retryAt()); // 0 during an attempt
        allRefused = allRefused && watched->link->state() == NodeLink::State::Refused;
        if (watched->link->failures() > 0
            && (worst.detail.isEmpty() || watched->link->state() == NodeLink::State::Refused))
            worst = watched->link->error();
        else if (watched->answers > 0 && !way->table && worst.node.isEmpty())
            worst = watched->misread;
    }
    if (retryAt == std::numeric_limits<qint64>::max())
        retryAt = 0;
    if (anyReady)
        setState(SessionState::Ready, {}, 0);
    else if (m_state == SessionState::Ready || m_state == SessionState::Lost)
        setState(SessionState::Lost, worst, retryAt);
    else if (allRefused && anySeed)
        setState(SessionState::Failed, worst, retryAt);
    else
        setState(SessionState::Connecting, anyTrying ? Error{} : worst, retryAt);
}

Awaited<bool> Observer::pause(int ms)
{
    const quint64 number = m_nextPause++;
    QTimer::singleShot(ms, this, [this, number] {
        if (auto waiting = m_pauses.extract(number))
            waiting.mapped().complete(true);
    });
    return m_pauses[number].awaited();
}

Awaited<bool> Observer::news(int atMostMs)
{
    m_awaitingNews.push_back(m_nextPause);
    return pause(atMostMs);
}

void Observer::tellNews()
{
    if (m_awaitingNews.empty() || m_tellingNews)
        return;
    m_tellingNews = true;
    // Deferred, because a waiter may end the session while the event is still being handled. The delay grows with the
    // number of nodes: each waiter checks all nodes, which would be slow after each of a thousand replies.
    constexpr int waysForMs = 50;
    QTimer::singleShot(int(m_watched.size()) / waysForMs, this, [this] {
        m_tellingNews = false;
        const QPointer<Observer> self(this);
        for (const quint64 number : std::exchange(m_awaitingNews, {})) {
            if (auto waiting = m_pauses.extract(number))
                waiting.mapped().complete(true);
            if (!self)
                return;
        }
    });
}

} // namespace slotscope
