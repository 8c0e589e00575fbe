// SPDX-License-Identifier: GPL-3.0-or-later
// The watching half of ClusterSession: whom to ask what, and what the answers mean.
#include "core/session/clustersession.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/cluster/shardstable.h"

#include <QDateTime>
#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int answerDelayMs = 30;
constexpr size_t linksUpTo = 64; // nodes: every node has two links to every other
constexpr qint64 linksEveryMs = 5000;

qint64 observedNow()
{
    return QDateTime::currentMSecsSinceEpoch();
}

} // namespace

/// Whether the cluster is no more: other nodes answer where most of its nodes did (all were reset, or made anew at the
/// same addresses), and none of it answers. Nodes that are only out of reach say nothing of the kind.
bool ClusterSession::isReplaced() const
{
    const auto replaced =
        std::count_if(m_known.cbegin(), m_known.cend(), [](const KnownNode &node) { return node.replaced; });
    return replaced > 0 && 2 * replaced >= m_known.size()
        && std::none_of(m_peers.begin(), m_peers.end(), [](const auto &entry) {
               return entry.second->link->isReady() && !entry.second->seen.id.isEmpty();
           });
}

/// Who has not told its id is asked again (it was loading). A seed that was found to have left is no part of the
/// picture, but where nothing else is left it is what the picture begins with anew.
void ClusterSession::askStrangers()
{
    std::vector<PeerPtr> strangers, left;
    for (const auto &[name, peer] : m_peers)
        if (peer->seed && peer->seen.id.isEmpty() && peer->poll.askable)
            (peer->left ? left : strangers).push_back(peer);
    if (!left.empty() && isReplaced()) {
        m_known.clear();
        strangers.insert(strangers.end(), left.begin(), left.end());
    }
    for (const PeerPtr &peer : strangers)
        ask(peer, everything());
}

void ClusterSession::tick()
{
    const qint64 now = observedNow();
    forgetUnknown();
    searchMissing();
    askStrangers();
    const std::vector<PeerPtr> peers = nodePeers();
    std::vector<PollEntry> entries;
    entries.reserve(peers.size());
    for (const PeerPtr &peer : peers)
        entries.push_back(peer->poll);
    const std::vector<Questions> questions = m_schedule.next(entries, now, m_sinceTick.restart());
    for (size_t i = 0; i < peers.size(); ++i) {
        updateReach(*peers[i]);
        Questions asked = questions[i];
        asked.links = asked.any() && peers.size() <= linksUpTo && now - peers[i]->linksAt >= linksEveryMs;
        if (asked.any())
            ask(peers[i], asked);
    }
    scheduleView(m_options.pollMs);
}

/// The node and the other members of its shard: those whose word counts when something happens to it.
QList<QByteArray> ClusterSession::shardOf(const QByteArray &id) const
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

/// What a command met says that the picture is old. In a small cluster everybody is asked; in a large one the nodes
/// concerned come first in the schedule, so that neither a loss nor a MOVED asks a thousand nodes.
void ClusterSession::lookAgainAt(const QList<QByteArray> &ids)
{
    if (!isLarge() || (ids.isEmpty() && !m_ticker.isActive())) {
        refresh();
        return;
    }
    for (const QByteArray &id : ids) {
        const PeerPtr peer = peerOf(id);
        if (!peer)
            continue;
        peer->poll.due = true;
        peer->link->retryNow();
        if (!m_ticker.isActive() && peer->poll.askable) // no schedule (command line): these few now
            ask(peer, everything());
    }
    searchMissing();
}

Questions ClusterSession::everything() const
{
    return {.table = true, .opinion = true, .info = true, .links = m_peers.size() <= linksUpTo};
}

QCoro::Task<> ClusterSession::ask(PeerPtr peer, Questions questions)
{
    std::vector<Command> commands;
    if (questions.opinion && !peer->standalone)
        commands.push_back({"CLUSTER"_ba, "INFO"_ba});
    if (questions.table && !peer->standalone)
        commands.push_back({"CLUSTER"_ba, peer->tableRefused ? "SLOTS"_ba : "NODES"_ba});
    if (questions.links && !peer->standalone && !peer->linksRefused)
        commands.push_back({"CLUSTER"_ba, "LINKS"_ba});
    if (questions.info || peer->standalone)
        commands.push_back({"INFO"_ba});
    peer->asking = true;
    peer->poll.askable = false;
    const QPointer<ClusterSession> self(this);
    const Connection::Replies replies = co_await peer->link->sendAll(commands);
    if (!self || peer->gone)
        co_return;
    peer->asking = false;
    peer->poll.askable = peer->link->isReady();
    updateReach(*peer);
    if (!replies)
        co_return; // the link tells of its loss itself
    const bool wasStandalone = peer->standalone;
    peer->seen.refused.clear();
    for (size_t i = 0; i < commands.size(); ++i) {
        take(peer, commands[i], (*replies)[i]);
        if (peer->gone)
            co_return;
    }
    if (peer->tableRefused && commands.size() > 1 && !peer->seen.table && peer->answers == 0) {
        const std::vector<Command> instead{{"CLUSTER"_ba, "SLOTS"_ba}};
        const Connection::Replies rows = co_await peer->link->sendAll(instead);
        if (!self || peer->gone)
            co_return;
        if (rows)
            take(peer, instead.front(), rows->front());
    }
    ++peer->answers;
    if (peer->standalone && !wasStandalone && !questions.info)
        ask(peer, {.table = false, .opinion = false, .info = true, .links = false});
    updateState();
    scheduleView(answerDelayMs);
}

void ClusterSession::refuse(Peer &peer, const QString &command, const Value &reply)
{
    if (!peer.seen.refused.isEmpty())
        peer.seen.refused += u"; "_s;
    peer.seen.refused += command + u": "_s + QString::fromUtf8(reply.bytes().left(300));
}

void ClusterSession::take(const PeerPtr &peer, const Command &command, const Value &reply)
{
    const qint64 now = observedNow();
    if (command.front() == "INFO") {
        peer->poll.infoAt = now;
        takeInfo(peer, reply);
    } else if (command.back() == "NODES") {
        peer->poll.tableAt = now;
        peer->poll.due = false;
        takeTable(peer, reply);
    } else if (command.back() == "SLOTS") {
        peer->poll.tableAt = now;
        peer->poll.due = false;
        takeSlots(peer, reply);
    } else if (command.back() == "LINKS") {
        peer->linksAt = now;
        takeLinks(peer, reply);
    } else {
        peer->poll.opinionAt = now;
        takeOpinion(peer, reply);
    }
}

void ClusterSession::takeLinks(const PeerPtr &peer, const Value &reply)
{
    Result<QList<ClusterLink>> links = reply.isError() ? failure(*errorOf(reply, {}, {})) : parseClusterLinks(reply);
    peer->linksRefused = !links;
    peer->seen.links = links ? std::make_shared<const QList<ClusterLink>>(std::move(*links)) : nullptr;
}

/// For a user who may not see CLUSTER NODES: the slots and their nodes, without flags, epochs and links.
void ClusterSession::takeSlots(const PeerPtr &peer, const Value &reply)
{
    const auto error = errorOf(reply, {}, {});
    const Result<QList<SlotsRow>> rows = error ? failure(*error) : parseClusterSlots(reply);
    peer->seen.refused = tr("CLUSTER NODES: not permitted to this user");
    if (!rows) {
        refuse(*peer, u"CLUSTER SLOTS"_s, error ? reply : Value::error(rows.error().detail.toUtf8()));
        return;
    }
    adoptTable(peer, tableFromSlots(*rows, peer->link->endpoint().host, peer->link->endpoint().port));
}

void ClusterSession::takeTable(const PeerPtr &peer, const Value &reply)
{
    const auto error = errorOf(reply, {}, {});
    if (error && error->code == Error::Code::ClusterDisabled) {
        if (!m_standalone && !m_known.isEmpty() && !peer->seed) {
            dropPeer(peer); // looked for a node of the cluster, and found another server there
            return;
        }
        // a standalone server has no id that lasts: its address is its name
        peer->standalone = true;
        m_standalone = true;
        peer->seen.id = peer->seen.reach.address.toUtf8();
        return;
    }
    if (error && error->code == Error::Code::Loading) {
        peer->seen.table.reset(); // what it said before it was started again is no word of now
        return;
    }
    if (error) {
        refuse(*peer, u"CLUSTER NODES"_s, reply);
        peer->tableRefused = error->code == Error::Code::NoPermission;
        if (peer->seen.id.isEmpty())
            identify(peer, peer->seen.reach.address.toUtf8());
        return;
    }
    Result<NodesTable> table = parseClusterNodes(reply.bytes());
    if (!table) {
        refuse(*peer, u"CLUSTER NODES"_s, Value::error(table.error().detail.toUtf8()));
        return;
    }
    if (!table->self()) {
        refuse(*peer, u"CLUSTER NODES"_s, Value::error(tr("no line is marked “myself”").toUtf8()));
        return;
    }
    adoptTable(peer, std::move(*table));
}

void ClusterSession::adoptTable(const PeerPtr &peer, NodesTable table)
{
    const QByteArray id = table.self() ? table.self()->id : peer->seen.reach.address.toUtf8();
    const auto former = m_known.find(peer->seen.id.isEmpty() ? peer->wantedId : peer->seen.id);
    if (former != m_known.end() && former.key() != id && former->reachedAt == peer->link->endpoint())
        former->replaced = true;
    const bool isAnother = !peer->seen.id.isEmpty() && peer->seen.id != id;
    const bool isGuarded = !peer->seed || peer->left || isAnother; // a seed as such is taken by its word
    if (isGuarded && !m_known.contains(id) && isForeign(table)) {
        qCInfo(lcSession).nospace() << peer->seen.reach.address << " belongs to another cluster";
        dismiss(peer);
        return;
    }
    if (hasLeft(id, table)) {
        qCInfo(lcSession).nospace() << peer->seen.reach.address << " is no longer part of the cluster";
        dismiss(peer);
        return;
    }
    if (isAnother) { // another node has taken over this address
        const QString refused = peer->seen.refused;
        peer->forget();
        peer->seen.refused = refused;
    }
    const bool changed = !peer->seen.table || peer->seen.table->digest != table.digest;
    peer->seen.tableAt = observedNow();
    peer->seen.table = std::make_shared<const NodesTable>(std::move(table));
    peer->tableOpinionDigest = peer->opinionDigest;
    peer->poll.changed = false;
    identify(peer, id);
    if (changed && !peer->gone)
        discover(peer);
}

/// No part of the picture: a seed stays, to be asked again some time.
void ClusterSession::dismiss(const PeerPtr &peer)
{
    if (!peer->seed) {
        dropPeer(peer);
        return;
    }
    if (!peer->left)
        peer->left = peer->seen.id.isEmpty() ? peer->wantedId : peer->seen.id;
    peer->forget();
}

/// Whether a table shares no node with the cluster that we watch: a guessed address may lead into another one.
bool ClusterSession::isForeign(const NodesTable &table) const
{
    return !m_known.isEmpty() && std::none_of(table.lines.begin(), table.lines.end(), [this](const NodeLine &line) {
        return m_known.contains(line.id);
    });
}

/// Whether a node that knows itself alone is a stranger to the rest: it was reset or removed.
bool ClusterSession::hasLeft(const QByteArray &id, const NodesTable &table) const
{
    if (table.lines.size() != 1)
        return false;
    bool others = false;
    for (const auto &[name, peer] : m_peers) {
        if (!peer->link->isReady() || !peer->seen.table || peer->seen.table->lines.size() < 2 || peer->seen.id == id)
            continue;
        if (peer->seen.table->find(id))
            return false;
        others = true;
    }
    return others;
}

void ClusterSession::takeOpinion(const PeerPtr &peer, const Value &reply)
{
    const auto error = errorOf(reply, {}, {});
    if (error && error->code == Error::Code::ClusterDisabled)
        return; // CLUSTER NODES says the same, and is acted on
    const Result<ClusterInfo> info = error ? failure(*error) : parseClusterInfo(reply.bytes());
    if (!info)
        peer->seen.clusterInfo.reset();
    if (error && error->code == Error::Code::Loading)
        return;
    if (!info) {
        refuse(*peer, u"CLUSTER INFO"_s, error ? reply : Value::error(info.error().detail.toUtf8()));
        return;
    }
    peer->seen.clusterInfo = *info;
    peer->opinionDigest = info->digest();
    peer->poll.changed = peer->opinionDigest != peer->tableOpinionDigest;
}

void ClusterSession::takeInfo(const PeerPtr &peer, const Value &reply)
{
    const auto error = errorOf(reply, {}, {});
    Result<ServerInfo> info = error ? failure(*error) : parseServerInfo(reply.bytes());
    if (!info) {
        refuse(*peer, u"INFO"_s, error ? reply : Value::error(info.error().detail.toUtf8()));
        return;
    }
    peer->seen.infoAt = observedNow();
    peer->seen.info = std::make_shared<const ServerInfo>(std::move(*info));
    if (!peer->standalone)
        return;
    // a replica set without cluster: its other members are named by INFO
    for (const AttachedReplica &replica : peer->seen.info->replicas)
        openPeer({.host = replica.host, .port = replica.port, .socketPath = {}}, Origin::Announced, {});
    if (peer->seen.info->primaryPort != 0)
        openPeer({.host = peer->seen.info->primaryHost, .port = peer->seen.info->primaryPort, .socketPath = {}},
                 Origin::Announced, {});
}

void ClusterSession::scheduleView(int delayMs)
{
    if (m_view && m_view->nodes.size() > largeCluster)
        delayMs = int(std::max<qint64>(delayMs, 1000 - (observedNow() - m_lastBuild)));
    if (!m_viewTimer.isActive() || m_viewTimer.remainingTime() > delayMs)
        m_viewTimer.start(delayMs);
}

void ClusterSession::publishView()
{
    m_viewTimer.stop();
    std::vector<NodeObservation> observations;
    QSet<QByteArray> present;
    for (const PeerPtr &peer : nodePeers()) {
        updateReach(*peer);
        present.insert(peer->seen.id);
        observations.push_back(peer->seen);
    }
    if (observations.empty())
        return;
    // nodes that only others name: how our attempts to reach them stand
    for (const auto &[name, peer] : m_peers) {
        if (!peer->seen.id.isEmpty() || !m_known.contains(peer->wantedId) || present.contains(peer->wantedId))
            continue;
        present.insert(peer->wantedId);
        updateReach(*peer);
        NodeObservation observation = peer->seen;
        observation.id = peer->wantedId;
        observations.push_back(std::move(observation));
    }
    m_lastBuild = observedNow();
    auto view = std::make_shared<ClusterView>(buildView(observations, m_shardNames, m_lastBuild));
    view->revision = ++m_revision;
    if (!m_view || m_view->findings != view->findings)
        for (const Finding &finding : view->findings)
            qCInfo(lcSession).nospace() << m_lastBuild << " view " << m_revision << ": "
                                        << severityName(finding.severity) << ": " << finding.title;
    m_view = std::move(view);
    m_moved.clear();
    Q_EMIT viewChanged(m_view);
}

QCoro::Task<Result<ClusterViewPtr>> ClusterSession::fullCheck()
{
    const QPointer<ClusterSession> self(this);
    const QDeadlineTimer deadline(m_options.pollTimeoutMs + 500);
    std::map<QString, int> before;
    for (const auto &[name, peer] : m_peers)
        before[name] = peer->answers + (peer->asking ? 1 : 0);
    refresh();
    const auto answered = [&] {
        for (const auto &[name, peer] : m_peers)
            if (peer->link->isReady() && peer->answers <= before[name])
                return false;
        return true;
    };
    while (!answered() && !deadline.hasExpired()) {
        if (!co_await news(10) || !self)
            co_return failure(Error::Code::Cancelled);
        for (const auto &[name, peer] : std::map(m_peers)) // those that were busy with an older question
            if (!peer->gone && peer->poll.askable && peer->answers <= before[name])
                ask(peer, everything());
    }
    forgetUnknown(); // without a schedule nobody else does
    publishView();
    if (!m_view)
        co_return failure(m_error);
    co_return Result<ClusterViewPtr>(m_view); // spelled out: QCoro 0.8 moves from an lvalue of another type
}

} // namespace slotscope
