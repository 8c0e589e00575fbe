// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/advisor.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <functional>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Weight = Advice::Weight;

/// A node with everything known about it.
struct Seen
{
    const NodeConfig &config;
    const NodeState &state;
    [[nodiscard]] QByteArray value(const char *name) const { return config.values.value(name); }
    [[nodiscard]] bool has(const char *name) const { return config.values.contains(name); }
    [[nodiscard]] bool is(const char *name, const char *text) const { return has(name) && value(name) == text; }
    [[nodiscard]] std::optional<qint64> number(const char *name) const { return toInteger(value(name)); }
};

class Adviser
{
public:
    Adviser(const std::vector<NodeConfig> &nodes, const ClusterView &view) : m_view(view)
    {
        for (const NodeConfig &config : nodes)
            if (const NodeState *state = view.node(config.nodeId); state && !config.problem && config.readAt > 0)
                m_nodes.push_back({config, *state});
    }
    std::vector<Advice> all();

private:
    using Test = std::function<bool(const Seen &)>;
    /// Adds the advice if the test is true on any node.
    void look(Advice advice, const Test &test)
    {
        for (const Seen &node : m_nodes)
            if (test(node))
                advice.nodes.append(node.config.nodeName);
        if (!advice.nodes.isEmpty())
            m_all.push_back(std::move(advice));
    }
    void security();
    void memory();
    void hosts();
    void persistence();
    void replication();
    void cluster();
    void watching();
    [[nodiscard]] const Seen *find(const QByteArray &id) const
    {
        const auto found =
            std::find_if(m_nodes.begin(), m_nodes.end(), [&id](const Seen &node) { return node.config.nodeId == id; });
        return found == m_nodes.end() ? nullptr : &*found;
    }

    const ClusterView &m_view;
    std::vector<Seen> m_nodes;
    std::vector<Advice> m_all;
};

bool isOnlyLoopback(const QByteArray &bind)
{
    const QList<QByteArray> words = bind.split(' ');
    return !bind.isEmpty() && std::all_of(words.begin(), words.end(), [](QByteArray word) {
        if (word.startsWith('-'))
            word.remove(0, 1);
        return word.startsWith("127.") || word == "::1" || word == "localhost";
    });
}

void Adviser::security()
{
    look({.weight = Weight::Warning,
          .setting = "protected-mode",
          .title = tr("No password (requirepass), and protected mode is off"),
          .why = tr("If no ACL restricts the user “default”, anyone who reaches the port can read, change and delete "
                    "everything. The Users tab shows this."),
          .nodes = {},
          .command = u"CONFIG SET protected-mode yes"_s},
         [](const Seen &node) {
             return node.is("protected-mode", "no") && node.is("requirepass", "")
                 && !isOnlyLoopback(node.value("bind"));
         });
    look({.weight = Weight::Warning,
          .setting = "requirepass",
          .title = tr("The default user has no password (requirepass)"),
          .why = tr("If no ACL sets a password either, anyone on the machine can log in. The Users tab shows the "
                    "permissions of the users."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.is("requirepass", "") && node.is("aclfile", ""); });
    look({.weight = Weight::Warning,
          .setting = "enable-debug-command",
          .title = tr("Everybody may use DEBUG"),
          .why = tr("DEBUG can crash a server and change its data unnoticed."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.is("enable-debug-command", "yes"); });
    look({.weight = Weight::Warning,
          .setting = "enable-module-command",
          .title = tr("Modules can be loaded over a connection"),
          .why = tr("MODULE LOAD runs arbitrary code on the machine."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.is("enable-module-command", "yes"); });
}

void Adviser::memory()
{
    look({.weight = Weight::Warning,
          .setting = "maxmemory",
          .title = tr("maxmemory sets no limit"),
          .why = tr("When the memory of the machine is used up, the system kills the server or swaps it out."),
          .nodes = {},
          .command = u"CONFIG SET maxmemory 4gb"_s},
         [](const Seen &node) { return node.number("maxmemory") == 0; });
    look({.weight = Weight::Note,
          .setting = "maxmemory-policy",
          .title = tr("Writes are refused when maxmemory is reached"),
          .why = tr("noeviction is right for data that must not be lost. A cache needs allkeys-lru or allkeys-lfu."),
          .nodes = {},
          .command = u"CONFIG SET maxmemory-policy allkeys-lfu"_s},
         [](const Seen &node) {
             return node.number("maxmemory").value_or(0) > 0 && node.is("maxmemory-policy", "noeviction");
         });
    look({.weight = Weight::Warning,
          .setting = "disable-thp",
          .title = tr("The server does not disable transparent huge pages"),
          .why = tr("If the system enables them, they make saves slow and increase memory use."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.is("disable-thp", "no"); });
    look({.weight = Weight::Warning,
          .setting = "activedefrag",
          .title = tr("Much memory is lost to fragmentation"),
          .why = tr("Fragmentation wastes more than half of the memory that the data needs. Active defragmentation "
                    "frees it without a restart."),
          .nodes = {},
          .command = u"CONFIG SET activedefrag yes"_s},
         [](const Seen &node) {
             const ServerInfo *info = node.state.info ? &*node.state.info : nullptr;
             return node.is("activedefrag", "no") && info && info->fragmentation.value_or(0) > 1.5
                 && info->usedMemory.value_or(0) > (256LL << 20);
         });
    hosts();
}

/// Compares maxmemory of all servers on a machine with its memory.
void Adviser::hosts()
{
    struct Host
    {
        qint64 wanted = 0, memory = 0;
        QStringList nodes;
        bool forks = false;
    };
    QMap<QString, Host> hosts;
    for (const Seen &node : m_nodes) {
        Host &host = hosts[node.state.address.host];
        host.wanted += node.number("maxmemory").value_or(0);
        host.memory = node.state.info ? node.state.info->totalSystemMemory.value_or(0) : host.memory;
        host.forks = host.forks || node.is("appendonly", "yes") || !node.is("save", "");
        host.nodes.append(node.config.nodeName);
    }
    for (auto each = hosts.cbegin(); each != hosts.cend(); ++each) {
        const double share = each->memory > 0 ? double(each->wanted) / double(each->memory) : 0;
        if (share <= (each->forks ? 0.8 : 0.95))
            continue;
        m_all.push_back({.weight = share > 1 ? Weight::Error : Weight::Warning,
                         .setting = "maxmemory",
                         .title = tr("maxmemory of the servers on %1 adds up to %2 of its %3")
                                      .arg(each.key(), byteSize(each->wanted), byteSize(each->memory)),
                         .why = each->forks ? tr("A save copies pages that change while it runs, and buffers are "
                                                 "added: the system may kill a server.")
                                            : tr("Buffers are added to that: the system may kill a server."),
                         .nodes = each->nodes,
                         .command = {}});
    }
}

void Adviser::persistence()
{
    look({.weight = Weight::Warning,
          .setting = "appendonly",
          .title = tr("Persistence is off"),
          .why = tr("Neither the append-only file nor saves are enabled: after a restart the node is empty, and a "
                    "primary that restarts empty also empties its replicas. Right only for a pure cache."),
          .nodes = {},
          .command = u"CONFIG SET appendonly yes"_s},
         [](const Seen &node) { return node.is("appendonly", "no") && node.is("save", ""); });
    look({.weight = Weight::Warning,
          .setting = "appendfsync",
          .title = tr("The system decides when the append-only file is flushed"),
          .why = tr("Half a minute of writes may be lost when the machine stops."),
          .nodes = {},
          .command = u"CONFIG SET appendfsync everysec"_s},
         [](const Seen &node) { return node.is("appendonly", "yes") && node.is("appendfsync", "no"); });
    look({.weight = Weight::Note,
          .setting = "stop-writes-on-bgsave-error",
          .title = tr("Writes continue after a failed save"),
          .why = tr("A full or broken disk is then noticed only when the data is needed."),
          .nodes = {},
          .command = u"CONFIG SET stop-writes-on-bgsave-error yes"_s},
         [](const Seen &node) { return node.is("stop-writes-on-bgsave-error", "no") && !node.is("save", ""); });
}

void Adviser::replication()
{
    look({.weight = Weight::Error,
          .setting = "masterauth",
          .title = tr("requirepass is set, but masterauth is not"),
          .why = tr("After a failover this node cannot log in to its new primary, or the other nodes cannot log in to "
                    "it: masterauth is empty although requirepass is set."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) {
             return node.has("masterauth") && node.is("masterauth", "") && node.has("requirepass")
                 && !node.is("requirepass", "");
         });
    Advice other{.weight = Weight::Error,
                 .setting = "masterauth",
                 .title = tr("masterauth is not the password of the primary"),
                 .why = tr("If the replication link breaks, the replica cannot connect again."),
                 .nodes = {},
                 .command = {}};
    for (const Seen &node : m_nodes) {
        const Seen *primary = node.state.roleKnown && !node.state.primary ? find(node.state.primaryId) : nullptr;
        if (primary && !node.is("masterauth", "") && node.is("masteruser", "") && node.has("masterauth")
            && !primary->is("requirepass", "") && primary->has("requirepass")
            && node.value("masterauth") != primary->value("requirepass"))
            other.nodes.append(node.config.nodeName);
    }
    if (!other.nodes.isEmpty())
        m_all.push_back(other);
    look({.weight = Weight::Note,
          .setting = "repl-backlog-size",
          .title = tr("The replication backlog is 1 MB"),
          .why = tr("A replica that misses more than 1 MB of writes while disconnected needs a full synchronization."),
          .nodes = {},
          .command = u"CONFIG SET repl-backlog-size 64mb"_s},
         [this](const Seen &node) {
             return node.number("repl-backlog-size").value_or(1 << 30) <= (1 << 20) && m_view.nodes.size() > 1;
         });
    look({.weight = Weight::Warning,
          .setting = "replica-read-only",
          .title = tr("Replicas accept writes"),
          .why =
              tr("Data written to a replica is lost with its next full synchronization and never reaches the primary."),
          .nodes = {},
          .command = u"CONFIG SET replica-read-only yes"_s},
         [](const Seen &node) { return node.is("replica-read-only", "no"); });
}

void Adviser::cluster()
{
    if (!m_view.cluster)
        return;
    QSet<QByteArray> timeouts;
    QStringList names;
    for (const Seen &node : m_nodes) {
        timeouts.insert(node.value("cluster-node-timeout"));
        names.append(node.config.nodeName + u": "_s + toDisplay(node.value("cluster-node-timeout")));
    }
    timeouts.remove(QByteArray());
    if (timeouts.size() > 1)
        m_all.push_back(
            {.weight = Weight::Error,
             .setting = "cluster-node-timeout",
             .title = tr("The nodes have different node timeouts"),
             .why =
                 tr("The nodes mark each other as failed at different times: failovers come late or without reason."),
             .nodes = names,
             .command = {}});
    look({.weight = Weight::Warning,
          .setting = "cluster-node-timeout",
          .title = tr("The node timeout is very short"),
          .why = tr("A slow command or a save of a large node may look like a failure. The servers' default is 15 s."),
          .nodes = {},
          .command = u"CONFIG SET cluster-node-timeout 15000"_s},
         [](const Seen &node) { return node.number("cluster-node-timeout").value_or(15'000) < 5000; });
    look({.weight = Weight::Note,
          .setting = "cluster-require-full-coverage",
          .title = tr("One failed shard stops the whole cluster"),
          .why = tr("With cluster-require-full-coverage, all nodes refuse commands while any slot is not served. If it "
                    "is off, the other shards keep working."),
          .nodes = {},
          .command = u"CONFIG SET cluster-require-full-coverage no"_s},
         [](const Seen &node) { return node.is("cluster-require-full-coverage", "yes"); });
}

void Adviser::watching()
{
    look({.weight = Weight::Warning,
          .setting = "tcp-keepalive",
          .title = tr("Dead clients are never noticed"),
          .why = tr("Without tcp-keepalive and timeout, connections whose peer has vanished stay forever and count "
                    "against maxclients."),
          .nodes = {},
          .command = u"CONFIG SET tcp-keepalive 300"_s},
         [](const Seen &node) { return node.number("tcp-keepalive") == 0 && node.number("timeout") == 0; });
    look({.weight = Weight::Warning,
          .setting = "maxclients",
          .title = tr("maxclients is below the default"),
          .why = tr("A value below the default of 10,000 often means that the system's limit of open files is low: see "
                    "the log of the server."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.number("maxclients").value_or(10'000) < 10'000; });
    look({.weight = Weight::Note,
          .setting = "slowlog-log-slower-than",
          .title = tr("The slow log is off"),
          .why = tr("Without the slow log, nobody can find out afterwards which command blocked the server."),
          .nodes = {},
          .command = u"CONFIG SET slowlog-log-slower-than 10000"_s},
         [](const Seen &node) { return node.number("slowlog-log-slower-than").value_or(0) < 0; });
    look({.weight = Weight::Note,
          .setting = "latency-monitor-threshold",
          .title = tr("Latency events are not recorded"),
          .why = tr("LATENCY DOCTOR then has no data about forks, expiry and disks."),
          .nodes = {},
          .command = u"CONFIG SET latency-monitor-threshold 100"_s},
         [](const Seen &node) { return node.number("latency-monitor-threshold") == 0; });
    look({.weight = Weight::Note,
          .setting = "notify-keyspace-events",
          .title = tr("Every change of a key is published as an event"),
          .why = tr("This costs time with each write. Enable only the event classes that clients listen to."),
          .nodes = {},
          .command = {}},
         [](const Seen &node) { return node.value("notify-keyspace-events").contains('A'); });
}

std::vector<Advice> Adviser::all()
{
    security();
    memory();
    persistence();
    replication();
    cluster();
    watching();
    std::stable_sort(m_all.begin(), m_all.end(), [](const Advice &a, const Advice &b) { return a.weight > b.weight; });
    return std::move(m_all);
}

} // namespace

std::vector<Advice> advise(const std::vector<NodeConfig> &nodes, const ClusterView &view)
{
    return Adviser(nodes, view).all();
}

QList<std::pair<QString, QString>> adviceNotSeen()
{
    return {
        {tr("Transparent huge pages: set to madvise or never"), u"cat /sys/kernel/mm/transparent_hugepage/enabled"_s},
        {tr("Memory overcommit is allowed, so that a save can fork: set to 1"), u"sysctl vm.overcommit_memory"_s},
        {tr("Queue of connections waiting to be accepted: at least tcp-backlog"), u"sysctl net.core.somaxconn"_s},
        {tr("Open files: at least maxclients plus 32"), u"cat /proc/$(pgrep -o 'redis|valkey')/limits"_s},
        {tr("Swap: small, and hardly used"), u"sysctl vm.swappiness"_s},
    };
}

} // namespace slotscope
