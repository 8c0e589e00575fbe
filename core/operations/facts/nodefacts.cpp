// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/facts/nodefacts.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/net/connection.h"

#include <QCryptographicHash>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

enum Question { Capabilities, NodeTimeout, TlsCluster, TlsPort, ReplicaMigration, Backlog, Persistence, Whoami };

bool isYes(const QByteArray &text)
{
    return text == "yes";
}

QByteArray settingOf(const Value &reply)
{
    const auto pairs = configOf(reply);
    return pairs.isEmpty() ? QByteArray() : *pairs.cbegin();
}

QByteArray textOf(const Value &map, QByteArrayView key)
{
    const Value *value = map.find(key);
    return value ? value->type() == Value::Type::Integer ? QByteArray::number(value->toInteger()) : value->bytes()
                 : QByteArray();
}

bool isRunning(const Value &job)
{
    const QByteArray state = textOf(job, "state");
    if (state == "failed" && textOf(job, "operation") == "import") // not final for Redis, which retries forever
        return textOf(job, "end_time") == "-1";
    return !state.isEmpty() && state != "success" && state != "failed" && state != "cancelled" && state != "canceled"
        && state != "completed";
}

/// A field of INFO persistence as a number; 0 if it is missing.
qint64 infoNumber(const QByteArray &text, const QByteArray &name)
{
    const qsizetype at = text.indexOf(name + ':');
    if (at < 0)
        return 0;
    const qsizetype begin = at + name.size() + 1;
    const qsizetype end = text.indexOf('\r', begin);
    return toInteger(QByteArrayView(text).sliced(begin, (end < 0 ? text.size() : end) - begin)).value_or(0);
}

QString nameIn(const ClusterView &view, int node)
{
    return node < 0 ? tr("no node") : view.nodes[size_t(node)].name;
}

QByteArray idIn(const ClusterView &view, int node)
{
    return node < 0 ? QByteArray() : view.nodes[size_t(node)].id;
}

} // namespace

const NodeFacts *OperationFacts::about(const NodeRef &node) const
{
    if (const auto found = nodes.constFind(node.id); found != nodes.cend())
        return &*found;
    for (const OutsideNode &one : outside)
        if ((!node.id.isEmpty() && one.id == node.id) || one.endpoint.toString() == node.address)
            return &one.facts;
    return nullptr;
}

std::vector<Command> capabilityQuestions()
{
    std::vector<Command> list;
    list.push_back(commandOf("COMMAND", "INFO", "cluster|migrateslots", "cluster|migration", "cluster|slot-stats",
                             "function", "cluster|addslotsrange", "cluster|flushslot", "cluster|replicate"));
    for (const char *name : {"cluster-node-timeout", "tls-cluster", "tls-port", "cluster-allow-replica-migration",
                             "repl-backlog-size"}) // before 7.0, CONFIG GET accepts only one name
        list.push_back(commandOf("CONFIG", "GET", name));
    list.push_back(commandOf("INFO", "persistence"));
    list.push_back(commandOf("ACL", "WHOAMI"));
    return list;
}

void takeCapabilities(NodeFacts &facts, const std::vector<Value> &replies)
{
    if (replies.size() <= size_t(Whoami))
        return;
    facts.capabilitiesKnown = replies[Capabilities].isAggregate();
    const Value::List &known = replies[Capabilities].items();
    const auto has = [&known](size_t i) {
        return i < known.size() && known[i].isAggregate() && !known[i].items().empty();
    };
    facts.migrateSlots = has(0);
    facts.migrationImport = has(1);
    facts.slotStats = has(2);
    facts.functions = has(3);
    facts.addSlotsRange = has(4);
    facts.flushSlot = has(5);
    facts.migrationsKnown = facts.capabilitiesKnown && !facts.migrateSlots && !facts.migrationImport;
    // REPLICATE takes a variable number of arguments since it supports NO ONE
    facts.replicateNoOne = has(6) && known[6].items().size() > 1 && known[6].items()[1].toInteger() < 0;
    if (const auto timeout = toInteger(settingOf(replies[NodeTimeout])))
        facts.nodeTimeoutMs = *timeout;
    if (const QByteArray tls = settingOf(replies[TlsCluster]); !tls.isEmpty())
        facts.tlsCluster = isYes(tls);
    if (const auto port = toInteger(settingOf(replies[TlsPort])); port && *port > 0 && *port < 65536)
        facts.tlsPort = quint16(*port);
    if (const QByteArray allowed = settingOf(replies[ReplicaMigration]); !allowed.isEmpty())
        facts.allowReplicaMigration = isYes(allowed);
    if (const auto backlog = toInteger(settingOf(replies[Backlog])))
        facts.backlogBytes = *backlog;
    if (const Value &persistence = replies[Persistence]; persistence.isString())
        facts.lastSaveRunning = std::max(infoNumber(persistence.bytes(), "rdb_bgsave_in_progress"),
                                         infoNumber(persistence.bytes(), "aof_rewrite_in_progress"));
    if (const Value &user = replies[Whoami]; user.isString())
        facts.user = user.bytes();
}

std::vector<Command> furtherQuestions(const NodeFacts &facts, const FurtherNeeds &needs)
{
    std::vector<Command> list;
    if (facts.migrateSlots)
        list.push_back(commandOf("CLUSTER", "GETSLOTMIGRATIONS"));
    if (facts.migrationImport)
        list.push_back(commandOf("CLUSTER", "MIGRATION", "STATUS", "ALL"));
    if (needs.functions && facts.functions)
        list.push_back(commandOf("FUNCTION", "LIST"));
    // without functions, FUNCTION DUMP returns only ten bytes, which contain the payload version
    if (needs.moves || needs.replication) {
        if (facts.functions)
            list.push_back(commandOf("FUNCTION", "DUMP"));
        list.push_back(commandOf("CONFIG", "GET", "rdb-version-check"));
    }
    if (needs.moves)
        list.push_back(commandOf("CONFIG", "GET", "cluster-databases"));
    if (needs.replication) {
        for (const char *name : {"masteruser", "masterauth", "requirepass"})
            list.push_back(commandOf("CONFIG", "GET", name));
        list.push_back(commandOf("ACL", "LIST"));
    }
    if (!needs.setting.isEmpty())
        list.push_back(commandOf("CONFIG", "GET", needs.setting));
    return list;
}

namespace {

QByteArray hashOf(const QByteArray &password)
{
    return password.isEmpty() ? QByteArray() : QCryptographicHash::hash(password, QCryptographicHash::Sha256).toHex();
}

/// Parses lines such as "user ops on #d2c7… ~* +@all".
void takeUsers(NodeFacts &facts, const Value &reply)
{
    facts.users.emplace();
    for (const Value &line : reply.items()) {
        const QByteArrayList words = line.bytes().split(' ');
        AclUser &user = (*facts.users)[words.value(1)];
        for (const QByteArray &word : words.mid(2)) {
            user.on = user.on || word == "on";
            user.noPassword = user.noPassword || word == "nopass";
            if (word.startsWith('#'))
                user.passwordHashes.append(word.mid(1));
        }
    }
}

/// Reads the payload version from the last ten bytes of a dump: version and checksum.
void takePayload(NodeFacts &facts, const QByteArray &dump)
{
    constexpr qsizetype footer = 10;
    if (dump.size() >= footer)
        facts.payload = uchar(dump[dump.size() - footer]) | uchar(dump[dump.size() - footer + 1]) << 8;
}

void takeSetting(NodeFacts &facts, const QByteArray &name, const Value &reply)
{
    const QByteArray value = settingOf(reply);
    if (name == "cluster-databases")
        // before Valkey 9 this setting does not exist, and a cluster has one database
        facts.databases = int(toInteger(value).value_or(1));
    else if (name == "rdb-version-check")
        facts.payloadRelaxed = value == "relaxed";
    if (name.startsWith("master") && !facts.login)
        facts.login.emplace();
    if (name == "masteruser")
        facts.login->user = value;
    else if (name == "masterauth")
        facts.login->passwordHash = hashOf(value);
    else if (name == "requirepass"
             && !facts.users) // used before Redis 6, which has no users; ACL LIST takes precedence
        facts.users = QHash<QByteArray, AclUser>{
            {"default", AclUser{.on = true, .noPassword = value.isEmpty(), .passwordHashes = {hashOf(value)}}}};
}

} // namespace

void takeFurther(NodeFacts &facts, const FurtherNeeds &needs, const std::vector<Command> &questions,
                 const std::vector<Value> &replies, QHash<QByteArray, QByteArray> &config)
{
    for (size_t i = 0; i < questions.size() && i < replies.size(); ++i) {
        const Command &question = questions[i];
        const Value &reply = replies[i];
        if (question.front() == "FUNCTION" && question.back() == "DUMP" && reply.isString())
            takePayload(facts, reply.bytes());
        if (question.front() == "ACL" && reply.isError() && reply.bytes().startsWith("NOPERM"))
            facts.users.reset(); // requirepass describes only the default user
        if (!reply.isAggregate())
            continue;
        if (question.front() == "CLUSTER") {
            facts.migrationsKnown = true;
            takeMigrations(facts, reply);
        } else if (question.front() == "FUNCTION") {
            facts.functionCount = qint64(reply.items().size());
        } else if (question.front() == "ACL") {
            takeUsers(facts, reply);
        } else if (question.back() == needs.setting) {
            config.insert(configOf(reply));
        } else {
            takeSetting(facts, question.back(), reply);
        }
    }
}

void takeMigrations(NodeFacts &facts, const Value &reply)
{
    for (const Value &job : reply.items()) {
        if (!isRunning(job))
            continue;
        if (facts.migrationsRunning++ > 0)
            continue;
        const QByteArray ranges = textOf(job, "slot_ranges") + textOf(job, "slots");
        facts.migrationText = tr("slots %1: %2").arg(toDisplay(ranges), toDisplay(textOf(job, "state")));
    }
}

QHash<QByteArray, QByteArray> configOf(const Value &reply)
{
    QHash<QByteArray, QByteArray> pairs;
    const Value::List &items = reply.items();
    for (size_t i = 0; i + 1 < items.size(); i += 2)
        pairs.insert(items[i].bytes(), items[i + 1].bytes());
    for (auto it = pairs.cbegin(); it != pairs.cend(); ++it)
        if (isSecretSetting(it.key()))
            rememberSecret(it.value());
    return pairs;
}

Result<QList<int>> databasesIn(const Value &keyspace, const QString &node)
{
    if (const auto error = errorOf(keyspace, node, u"INFO keyspace"_s))
        return failure(*error);
    QList<int> numbers{0};
    for (const QByteArray &line : keyspace.bytes().split('\n'))
        if (line.startsWith("db"))
            if (const auto number = toInteger(line.mid(2, line.indexOf(':') - 2)); number && *number > 0)
                numbers.append(int(*number));
    return numbers;
}

namespace {

/// Returns the node if it belongs to a shard, otherwise null. Nodes in handshake are left out because their ids are
/// temporary, and nodes without a shard because they do not affect the cluster's data.
const NodeState *memberOf(const ClusterView &view, const QByteArray &id)
{
    const NodeState *node = view.node(id);
    return node && node->shard >= 0 ? node : nullptr;
}

} // namespace

QString differenceOf(const ClusterView &before, const ClusterView &after)
{
    for (const NodeState &node : after.nodes) {
        if (node.shard < 0)
            continue;
        const NodeState *old = memberOf(before, node.id);
        if (!old)
            return tr("%1 joined").arg(node.name);
        if (old->primary != node.primary || old->primaryId != node.primaryId)
            return node.primary ? tr("%1 became a primary").arg(node.name)
                                : tr("%1 became a replica of another node").arg(node.name);
        if (old->openSlots != node.openSlots)
            return tr("other slots are being migrated on %1").arg(node.name);
    }
    for (const NodeState &node : before.nodes)
        if (node.shard >= 0 && !memberOf(after, node.id))
            return tr("%1 left").arg(node.name);
    for (size_t slot = 0; slot < slotCount; ++slot)
        if (idIn(before, before.owner[slot]) != idIn(after, after.owner[slot]))
            return tr("slot %1 moved from %2 to %3 in the meantime")
                .arg(slot)
                .arg(nameIn(before, before.owner[slot]), nameIn(after, after.owner[slot]));
    return {};
}

} // namespace slotscope
