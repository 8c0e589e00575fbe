// SPDX-License-Identifier: GPL-3.0-or-later
// What the answers to an observer's questions mean.
#include "core/base/errortext.h"
#include "core/cluster/shardstable.h"
#include "core/session/observer.h"

#include <QPointer>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int answersDelayMs = 30;
/// Settings that should be equal on all nodes of a cluster.
constexpr std::array sharedSettings{"cluster-node-timeout", "cluster-require-full-coverage",
                                    "cluster-allow-reads-when-down", "cluster-replica-validity-factor"};

} // namespace

std::vector<Command> Observer::commandsOf(const Watched &watched, Questions questions)
{
    std::vector<Command> commands;
    if (questions.clusterInfo && !watched.standalone)
        commands.push_back({"CLUSTER"_ba, "INFO"_ba});
    if (questions.table && !watched.standalone)
        commands.push_back({"CLUSTER"_ba, watched.tableRefused ? "SLOTS"_ba : "NODES"_ba});
    if (questions.links && !watched.standalone && !watched.linksRefused)
        commands.push_back({"CLUSTER"_ba, "LINKS"_ba});
    if (questions.info || watched.standalone)
        commands.push_back({"INFO"_ba});
    if (questions.settings && !watched.standalone && !watched.settingsRefused)
        commands.push_back({"CONFIG"_ba, "GET"_ba, "cluster-*"_ba});
    return commands;
}

QCoro::Task<> Observer::ask(WatchedPtr watched, Questions questions)
{
    const std::vector<Command> commands = commandsOf(*watched, questions);
    watched->asking = true;
    watched->poll.askable = false;
    const QPointer<Observer> self(this);
    const Connection::Replies replies = co_await watched->link->sendAll(commands);
    if (!self || watched->gone)
        co_return;
    watched->asking = false;
    watched->poll.askable = watched->link->isReady();
    updateReach(*watched);
    if (!replies)
        co_return; // the link itself reports that it was lost
    const bool wasStandalone = watched->standalone, hadRefused = watched->tableRefused;
    for (size_t i = 0; i < commands.size(); ++i) {
        take(watched, commands[i], (*replies)[i]);
        if (watched->gone)
            co_return;
    }
    if (watched->tableRefused && !hadRefused) {
        const std::vector<Command> instead{{"CLUSTER"_ba, "SLOTS"_ba}};
        const Connection::Replies rows = co_await watched->link->sendAll(instead);
        if (!self || watched->gone)
            co_return;
        if (rows)
            take(watched, instead.front(), rows->front());
        if (watched->gone)
            co_return;
    }
    ++watched->answers;
    if (watched->standalone && !wasStandalone && !questions.info)
        ask(watched, {.table = false, .clusterInfo = false, .info = true, .links = false, .settings = false});
    updateState();
    scheduleView(answersDelayMs);
}

void Observer::refuse(Watched &watched, const QString &command, const Value &reply)
{
    const auto error = errorOf(reply, watched.address, command);
    watched.refusals.append({.command = command,
                             .text = error ? error->detail.left(300) : QString(),
                             .isDenied = error && error->code == Error::Code::NoPermission});
    tellRefusals(watched);
    if (error && (watched.misread.command.isEmpty() || command.startsWith(u"CLUSTER")))
        watched.misread = *error;
}

/// The node has answered `asked`: removes its earlier refusals of this command. CLUSTER NODES and CLUSTER SLOTS count
/// as the same command.
void Observer::forgetRefusals(Watched &watched, const Command &asked)
{
    const QString name = QString::fromLatin1(asked.join(' '));
    const bool isTable = name == u"CLUSTER NODES" || name == u"CLUSTER SLOTS";
    watched.refusals.removeIf([&](const Watched::Refusal &refusal) {
        return refusal.command == name
            || (isTable && (refusal.command == u"CLUSTER NODES" || refusal.command == u"CLUSTER SLOTS"));
    });
    tellRefusals(watched);
}

void Observer::tellRefusals(Watched &watched)
{
    watched.seen.refused.clear();
    watched.seen.deniedCommands.clear();
    for (const Watched::Refusal &refusal : std::as_const(watched.refusals)) {
        if (!watched.seen.refused.isEmpty())
            watched.seen.refused += u"; "_s;
        watched.seen.refused += refusal.command + u": "_s + refusal.text;
        if (refusal.isDenied)
            watched.seen.deniedCommands.append(refusal.command.toLatin1());
    }
}

void Observer::take(const WatchedPtr &watched, const Command &command, const Value &reply)
{
    const qint64 at = now();
    forgetRefusals(*watched, command);
    if (command.front() == "INFO") {
        watched->poll.infoAt = at;
        takeInfo(watched, reply);
    } else if (command.front() == "CONFIG") {
        watched->settingsAt = at;
        takeSettings(watched, reply);
    } else if (command.back() == "NODES") {
        watched->poll.tableAt = at;
        watched->poll.due = false;
        takeTable(watched, reply);
    } else if (command.back() == "SLOTS") {
        watched->poll.tableAt = at;
        watched->poll.due = false;
        takeShards(watched, reply);
    } else if (command.back() == "LINKS") {
        watched->linksAt = at;
        takeLinks(watched, reply);
    } else {
        watched->poll.clusterInfoAt = at;
        takeClusterInfo(watched, reply);
    }
}

void Observer::takeLinks(const WatchedPtr &watched, const Value &reply)
{
    Result<QList<ClusterLink>> links = reply.isError() ? failure(*errorOf(reply, {}, {})) : parseClusterLinks(reply);
    watched->linksRefused = !links;
    watched->seen.links = links ? std::make_shared<const QList<ClusterLink>>(std::move(*links)) : nullptr;
}

/// Takes the reply to CONFIG GET. If it is not permitted, the user is not told and it is not sent again, because each
/// refusal adds a line to the server's ACL LOG.
void Observer::takeSettings(const WatchedPtr &watched, const Value &reply)
{
    if (reply.isError()) {
        const auto error = errorOf(reply, watched->address, u"CONFIG GET"_s);
        watched->settingsRefused = error->code != Error::Code::Loading && error->code != Error::Code::Busy;
        if (watched->settingsRefused)
            watched->seen.settings.clear(); // the values read before may no longer be valid
        return;
    }
    watched->seen.settings.clear();
    for (const char *name : sharedSettings)
        if (const Value *value = reply.find(name))
            watched->seen.settings.insert(name, value->bytes());
}

/// Takes the reply to CLUSTER SLOTS, for users who may not run CLUSTER NODES: slots and their nodes, without flags,
/// epochs and links.
void Observer::takeShards(const WatchedPtr &watched, const Value &reply)
{
    const auto error = errorOf(reply, {}, {});
    const Result<QList<SlotsRow>> rows = error ? failure(*error) : parseClusterSlots(reply);
    watched->refusals.append(
        {.command = u"CLUSTER NODES"_s, .text = tr("this user has no permission"), .isDenied = true});
    tellRefusals(*watched);
    if (!rows) {
        refuse(*watched, u"CLUSTER SLOTS"_s, error ? reply : Value::error(rows.error().detail.toUtf8()));
        return;
    }
    const Endpoint &endpoint = watched->link->endpoint();
    adoptTable(watched, tableFromSlots(*rows, endpoint.host, endpoint.port));
}

void Observer::takeTable(const WatchedPtr &watched, const Value &reply)
{
    const auto error = errorOf(reply, watched->address, u"CLUSTER NODES"_s);
    if (error && error->code == Error::Code::ClusterDisabled) {
        watched->standalone = watched->seen.standalone = true;
        m_directory.foundStandalone(watched->address);
        carryOut();
        if (const NodeAddress *way = m_directory.at(watched->address))
            watched->seen.id = way->id;
        return;
    }
    if (error && (error->code == Error::Code::Loading || error->code == Error::Code::Busy)) {
        watched->misread = *error;
        if (error->code == Error::Code::Loading) { // what the server reported before its restart is outdated
            watched->seen.table.reset();
            m_directory.dropTable(watched->address);
        }
        watched->seen.isBusy = error->code == Error::Code::Busy;
        return;
    }
    if (error) {
        refuse(*watched, u"CLUSTER NODES"_s, reply);
        watched->tableRefused = error->code == Error::Code::NoPermission;
        watched->clusterMissing = reply.bytes().startsWith("ERR unknown command");
        m_directory.identified(watched->address, watched->address.toUtf8());
        carryOut();
        if (const NodeAddress *way = m_directory.at(watched->address))
            watched->seen.id = way->id;
        return;
    }
    Result<NodesTable> table = parseClusterNodes(reply.bytes());
    if (!table) {
        refuse(*watched, u"CLUSTER NODES"_s, Value::error(table.error().detail.toUtf8()));
        return;
    }
    if (!table->self()) {
        refuse(*watched, u"CLUSTER NODES"_s,
               Value::error(tr("no line is marked as the answering node (“myself”)").toUtf8()));
        return;
    }
    adoptTable(watched, std::move(*table));
}

void Observer::adoptTable(const WatchedPtr &watched, NodesTable table)
{
    const auto read = std::make_shared<const NodesTable>(std::move(table));
    const bool isNew = m_directory.tableRead(watched->address, read);
    carryOut();
    const NodeAddress *way = m_directory.at(watched->address);
    if (watched->gone || !way || way->table != read || way->foreign)
        return;
    watched->misread = {};
    tellRefusals(*watched); // a reset of `seen` may have removed the refusals from it
    watched->seen.id = way->id;
    watched->seen.tableAt = now();
    watched->seen.table = read;
    watched->tableInfoDigest = watched->infoDigest;
    watched->poll.changed = false;
    if (isNew) {
        m_directory.searchMissing(now());
        carryOut();
    }
}

void Observer::takeClusterInfo(const WatchedPtr &watched, const Value &reply)
{
    const auto error = errorOf(reply, watched->address, u"CLUSTER INFO"_s);
    if (error && error->code == Error::Code::ClusterDisabled)
        return; // the reply to CLUSTER NODES says the same and is handled there
    const Result<ClusterInfo> info = error ? failure(*error) : parseClusterInfo(reply.bytes());
    if (!info)
        watched->seen.clusterInfo.reset();
    if (error && (error->code == Error::Code::Loading || error->code == Error::Code::Busy)) {
        watched->misread = *error;
        watched->seen.isBusy = error->code == Error::Code::Busy;
        return;
    }
    watched->seen.isBusy = false;
    if (!info) {
        refuse(*watched, u"CLUSTER INFO"_s, error ? reply : Value::error(info.error().detail.toUtf8()));
        return;
    }
    watched->seen.clusterInfo = *info;
    watched->infoDigest = info->digest();
    watched->poll.changed = watched->infoDigest != watched->tableInfoDigest;
}

/// Subtracts our own queries from the operations per second, because they would make an idle server look busy. Returns
/// how many commands we sent since the last INFO; -1 if unknown.
qint64 Observer::leaveOutOurOwn(Watched &watched, ServerInfo &info) const
{
    const quint64 sent = watched.link->commandsSent() + m_pool.commandsSentTo(watched.seen.id);
    const qint64 since = now() - watched.seen.infoAt;
    const quint64 before = std::exchange(watched.sentBefore, sent);
    if (watched.seen.infoAt == 0 || since <= 0 || sent < before)
        return -1;
    const qint64 ours = qint64(sent - before);
    if (info.opsPerSecond)
        info.opsPerSecond = std::max<qint64>(0, *info.opsPerSecond - ours * 1000 / since);
    return ours;
}

void Observer::takeInfo(const WatchedPtr &watched, const Value &reply)
{
    const auto error = errorOf(reply, watched->address, u"INFO"_s);
    if (error && error->code == Error::Code::Busy)
        return; // already reported for CLUSTER NODES
    Result<ServerInfo> info = error ? failure(*error) : parseServerInfo(reply.bytes());
    if (!info) {
        refuse(*watched, u"INFO"_s, error ? reply : Value::error(info.error().detail.toUtf8()));
        return;
    }
    const qint64 ours = leaveOutOurOwn(*watched, *info);
    watched->seen.infoAt = now();
    watched->seen.info = std::make_shared<const ServerInfo>(std::move(*info));
    if (!watched->seen.id.isEmpty())
        Q_EMIT infoTold({.node = watched->seen.id, .text = reply.bytes(), .at = watched->seen.infoAt, .ours = ours});
    if (watched->clusterMissing && watched->seen.info->mode == "standalone") { // CLUSTER is disabled by rename-command
        watched->standalone = watched->seen.standalone = true;
        watched->refusals.clear();
        tellRefusals(*watched);
        m_directory.foundStandalone(watched->address);
        carryOut();
        if (const NodeAddress *way = m_directory.at(watched->address))
            watched->seen.id = way->id;
    }
    if (!watched->standalone)
        return;
    // without cluster mode, INFO names the other members: the primary and its replicas
    for (const AttachedReplica &replica : watched->seen.info->replicas)
        m_directory.addMember({.host = replica.host, .port = replica.port, .socketPath = {}});
    if (watched->seen.info->primaryPort != 0)
        m_directory.addMember(
            {.host = watched->seen.info->primaryHost, .port = watched->seen.info->primaryPort, .socketPath = {}});
    carryOut();
}

void Observer::scheduleView(int delayMs)
{
    if (m_view && m_view->nodes.size() > largeCluster)
        delayMs = int(std::max<qint64>(delayMs, 1000 - (now() - m_lastBuild)));
    if (m_state != SessionState::Closed && (!m_viewTimer.isActive() || m_viewTimer.remainingTime() > delayMs))
        m_viewTimer.start(delayMs);
}

} // namespace slotscope
