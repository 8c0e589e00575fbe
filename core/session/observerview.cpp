// SPDX-License-Identifier: GPL-3.0-or-later
// The view that an observer makes of what it heard, and when there is enough for one.
#include "core/base/logging.h"
#include "core/cluster/samecluster.h"
#include "core/session/observer.h"

#include <QDateTime>
#include <QPointer>
#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int answersSoonMs = 30;
constexpr int loadingPauseMs = 100; // interval for asking a server that is loading its data

} // namespace

std::vector<NodeObservation> Observer::observations()
{
    std::vector<NodeObservation> list;
    QSet<QByteArray> present;
    for (const WatchedPtr &watched : nodeWays()) {
        if (watched->seen.id.isEmpty())
            continue; // its table has not arrived yet
        updateReach(*watched);
        present.insert(watched->seen.id);
        watched->seen.twins = m_directory.twinsOf(watched->seen.id);
        list.push_back(watched->seen);
        list.back().named = isNamed(watched->seen.id);
        const Endpoint &reached = watched->link->endpoint();
        for (auto known = m_target.addressMap.cbegin(); known != m_target.addressMap.cend(); ++known)
            if (*known == reached)
                list.back().announcedAs.append(known.key());
    }
    if (list.empty())
        return list;
    // nodes known only from other nodes: add the state of our attempts to reach them
    for (const auto &[name, way] : m_directory.addresses()) {
        if (!way.id.isEmpty() || !m_directory.known().contains(way.wantedId) || present.contains(way.wantedId))
            continue;
        const WatchedPtr watched = watchedAt(name);
        if (!watched)
            continue;
        present.insert(way.wantedId);
        updateReach(*watched);
        NodeObservation observation = watched->seen;
        observation.id = way.wantedId;
        list.push_back(std::move(observation));
    }
    // add the user's seeds, even if no node of the cluster answers there
    for (const auto &[name, way] : m_directory.addresses()) {
        const WatchedPtr watched = way.isSeed() && way.id.isEmpty() ? watchedAt(name) : nullptr;
        if (!watched || present.contains(way.wantedId))
            continue;
        updateReach(*watched);
        NodeObservation observation;
        observation.reach = watched->seen.reach;
        observation.named = true;
        list.push_back(std::move(observation));
    }
    addOutside(list, present);
    return list;
}

/// Adds nodes that others name but that the user does not permit us to connect to.
void Observer::addOutside(std::vector<NodeObservation> &list, const QSet<QByteArray> &present) const
{
    for (auto node = m_directory.known().cbegin(); node != m_directory.known().cend(); ++node) {
        if (present.contains(node.key()) || !m_directory.isOutside(node.key()))
            continue;
        NodeObservation observation;
        observation.id = node.key();
        observation.reach.state = Reach::State::Refused;
        observation.reach.address = node->address.toString();
        observation.reach.error = {.code = Error::Code::Outside,
                                   .detail = {},
                                   .serverPrefix = {},
                                   .node = node->address.toString(),
                                   .command = {}};
        list.push_back(std::move(observation));
    }
}

bool Observer::isNamed(const QByteArray &id) const
{
    const auto &ways = m_directory.addresses();
    return std::any_of(ways.begin(), ways.end(),
                       [&id](const auto &entry) { return entry.second.isSeed() && entry.second.id == id; });
}

void Observer::setSentinels(SentinelStatePtr state)
{
    if (m_state == SessionState::Closed)
        return;
    const SentinelStatePtr before = std::exchange(m_sentinels, std::move(state));
    QList<Endpoint> members;
    const auto add = [&members](const QString &address) {
        if (const auto endpoint = Endpoint::parse(address); endpoint && !members.contains(*endpoint))
            members.append(*endpoint);
    };
    if (const SentinelWord *leading = m_sentinels->leading()) {
        add(leading->reachedPrimary);
        for (const QString &replica : leading->reachedReplicas)
            add(replica);
        m_directory.setMembers(members);
        carryOut();
        for (const auto &[name, watched] : m_watched)
            if (const NodeAddress *way = m_directory.at(name); way && watched->seen.id.isEmpty())
                watched->seen.id = way->id; // a member counts even if it does not answer
    }
    if (before && before->primaryAddress() != m_sentinels->primaryAddress())
        lookAgainAt({}); // a failover has changed the roles
    updateState();
    scheduleView(answersSoonMs);
}

void Observer::publishView()
{
    m_viewTimer.stop();
    if (m_state == SessionState::Closed)
        return;
    // If the seeds belong to two clusters, show nothing; so wait a moment until all seeds have answered.
    if (!m_established) {
        if (m_directory.conflict())
            return;
        m_established = isSettled() || now() - m_startedAt > m_options.searchAfterMs;
        if (!m_established) {
            m_viewTimer.start(20);
            return;
        }
    }
    const std::vector<NodeObservation> heard = observations();
    if (heard.empty())
        return;
    m_lastBuild = now();
    recallShards();
    auto view = std::make_shared<ClusterView>(buildView(heard, m_shardNames, m_lastBuild, m_sentinels));
    view->revision = ++m_revision;
    if (!m_view || m_view->findings != view->findings)
        for (const Finding &finding : view->findings)
            qCInfo(lcSession).nospace() << m_lastBuild << " view " << m_revision << ": "
                                        << severityName(finding.severity) << ": " << finding.title;
    const ClusterViewPtr before = std::exchange(m_view, std::move(view));
    keepShards();
    if (before)
        retryReturned(*before);
    Q_EMIT viewChanged(m_view);
}

void Observer::retryReturned(const ClusterView &before)
{
    const NodeFlags down(NodeFlag::Failed | NodeFlag::MaybeFailed);
    for (const NodeState &node : m_view->nodes) {
        const NodeState *former = node.reach.state == Reach::State::Waiting ? before.node(node.id) : nullptr;
        const bool isBack = former && (former->flags & down) && !(node.flags & down);
        if (const WatchedPtr watched = isBack ? watchedAt(node.reach.address) : nullptr)
            watched->link->retryNow();
    }
}

void Observer::recallShards()
{
    ShardMemory *memory = m_options.shards.get();
    const bool isNamed = memory && m_shardsRecalled && m_namesRevision != memory->revision();
    if (!memory || (m_shardsRecalled && !isNamed) || m_directory.known().isEmpty())
        return;
    const QList<QByteArray> ids = m_directory.known().keys();
    m_namesRevision = memory->revision();
    const KnownShards shards = memory->recall(QSet<QByteArray>(ids.cbegin(), ids.cend()));
    m_shardNames.nameOfNumber = shards.nameOfNumber;
    if (std::exchange(m_shardsRecalled, true))
        return;
    m_keptNumbers = shards.numberOfNode;
    m_shardNames.numberOfNode.insert(shards.numberOfNode);
}

/// Returns each node's shard number by node id.
QHash<QByteArray, int> Observer::shardNumbers() const
{
    QHash<QByteArray, int> numbers;
    for (const NodeState &node : m_view->nodes)
        // skip nodes that never reported an id and have an address in its place
        if (node.shard >= 0 && !node.id.contains(':'))
            numbers.insert(node.id, m_view->shards[size_t(node.shard)].number);
    return numbers;
}

void Observer::keepShards()
{
    if (!m_options.shards || !m_view->cluster || m_state != SessionState::Ready)
        return;
    const QHash<QByteArray, int> numbers = shardNumbers();
    if (numbers == m_keptNumbers)
        return;
    m_keptNumbers = numbers;
    m_options.shards->keepNumbers(numbers, QDateTime::currentMSecsSinceEpoch());
}

Result<> Observer::nameShard(int number, const QString &name)
{
    const QString kept = name.simplified().left(ShardMemory::longestName);
    Result<> written;
    if (m_options.shards && m_view)
        written = m_options.shards->setName(shardNumbers(), number, kept, QDateTime::currentMSecsSinceEpoch());
    if (kept.isEmpty())
        m_shardNames.nameOfNumber.remove(number);
    else
        m_shardNames.nameOfNumber.insert(number, kept);
    scheduleView(0);
    return written;
}

/// Whether no node is left that may still answer, and every connection that was opened is ready or has failed.
bool Observer::isSettled() const
{
    if (!haveSentinelsTold())
        return false;
    for (const auto &[name, watched] : m_watched) {
        const NodeAddress *way = m_directory.at(name);
        const bool answered = watched->link->isReady() && watched->answers > 0 && !watched->asking;
        if (!way || answered || watched->link->failures() > 0)
            continue;
        const NodeAddress *other = m_directory.wayTo(way->wantedId);
        if (!way->isSeed() && other && other != way && other->ready)
            continue; // this node has already answered at another address
        return false;
    }
    return m_directory.isSettled(now());
}

/// Whether the Sentinels have settled on a primary. A single Sentinel may be partitioned from the others together with
/// a former primary.
bool Observer::haveSentinelsTold() const
{
    return !m_target.sentinel.isOn() || (m_sentinels && m_sentinels->isSettled);
}

bool Observer::haveSeedsSettled() const
{
    return std::all_of(m_watched.begin(), m_watched.end(), [this](const auto &entry) {
        const NodeAddress *way = m_directory.at(entry.first);
        const bool answered = entry.second->link->isReady() && entry.second->answers > 0;
        return !way || !way->isSeed() || answered || entry.second->link->failures() > 0;
    });
}

/// Whether a connected node is still loading its data, and so may soon report more.
bool Observer::maySettleLater() const
{
    return std::any_of(m_watched.begin(), m_watched.end(), [](const auto &entry) {
        return entry.second->link->isReady() && entry.second->misread.code == Error::Code::Loading;
    });
}

Error Observer::whyNoView() const
{
    for (const auto &[name, watched] : m_watched)
        if (watched->answers > 0 && !watched->misread.command.isEmpty())
            return watched->misread;
    return m_error;
}

QCoro::Task<Result<ClusterViewPtr>> Observer::connected(int timeoutMs, WaitFor what)
{
    const QPointer<Observer> self(this);
    const QDeadlineTimer deadline(timeoutMs);
    while (m_state != SessionState::Failed && !deadline.hasExpired()) {
        const bool heardNobody = m_state != SessionState::Ready && maySettleLater();
        if (isSettled() && !heardNobody)
            break;
        if (what == WaitFor::OneNode && m_state == SessionState::Ready && haveSentinelsTold()
            && (haveSeedsSettled() || now() - m_startedAt > m_options.searchAfterMs))
            break;
        Awaited<bool> turn = heardNobody ? pause(loadingPauseMs) : news(20);
        const bool alive = co_await turn;
        if (!alive || !self)
            co_return failure(Error::Code::Cancelled);
        m_directory.searchMissing(now());
        carryOut();
        if (heardNobody)
            for (const QString &address : m_directory.strangers())
                if (const WatchedPtr watched = watchedAt(address); watched && watched->poll.askable)
                    ask(watched, everything());
    }
    if (m_state == SessionState::Ready) {
        m_established = m_established || !m_directory.conflict();
        publishView();
    }
    if (m_state == SessionState::Ready && m_view)
        // written out because QCoro 0.8 would move from an lvalue of another type
        co_return Result<ClusterViewPtr>(m_view);
    const Error why = m_state == SessionState::Failed ? m_error : whyNoView();
    if (!why.node.isEmpty() || why.code == Error::Code::TwoClusters)
        co_return failure(why);
    co_return failure(Error{.code = Error::Code::Timeout,
                            .detail = tr("no seed node answered within %1 ms").arg(timeoutMs),
                            .serverPrefix = {},
                            .node = m_target.title(),
                            .command = {}});
}

QCoro::Task<Result<ClusterViewPtr>> Observer::fullCheck()
{
    const QPointer<Observer> self(this);
    const QDeadlineTimer deadline(m_options.pollTimeoutMs + 500);
    std::map<QString, int> before;
    for (const auto &[name, watched] : m_watched)
        before[name] = watched->answers + (watched->asking ? 1 : 0);
    refresh();
    const auto isAnswered = [&] {
        for (const auto &[name, watched] : m_watched)
            if (watched->link->isReady() && watched->answers <= before[name])
                return false;
        return true;
    };
    while (!isAnswered() && !deadline.hasExpired()) {
        if (!co_await news(10) || !self)
            co_return failure(Error::Code::Cancelled);
        // query again those that were still answering an older query
        for (const auto &[name, watched] : std::map(m_watched))
            if (!watched->gone && watched->poll.askable && watched->answers <= before[name])
                ask(watched, everything());
    }
    m_directory.forgetUnknown(); // without a polling schedule, nothing else calls this
    carryOut();
    publishView();
    if (!m_view)
        co_return failure(m_error);
    co_return Result<ClusterViewPtr>(m_view); // written out because QCoro 0.8 would move from an lvalue of another type
}

} // namespace slotscope
