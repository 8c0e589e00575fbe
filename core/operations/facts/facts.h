// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/cluster/clusterview.h"
#include "core/operations/plan/requests.h"
#include "core/session/nodeselection.h"

#include <QHash>
#include <QSet>

namespace slotscope {

constexpr qint64 defaultNodeTimeoutMs = 15000; ///< default cluster-node-timeout of a server

class ClusterSession;

/// An ACL user of a node, from ACL LIST: what is needed to log in, never a password.
struct AclUser
{
    bool on = false;
    bool noPassword = false; ///< any password is accepted; the default user needs none
    QByteArrayList passwordHashes; ///< SHA-256 in hexadecimal
};

/// The login that a node uses when it replicates: masteruser, masterauth.
struct ReplicationLogin
{
    QByteArray user; ///< empty means the default user
    QByteArray passwordHash; ///< SHA-256 as in AclUser; empty: no masterauth
};

/// Capabilities and settings of one node, as it reports them. Always queried, never derived from a version.
struct NodeFacts
{
    /// Whether the user may run a command on this node; Missing: the server does not know the command.
    enum class Right : quint8 { Granted, Denied, Missing };

    bool answered = false;
    Error error; ///< why the node did not answer
    bool capabilitiesKnown = false; ///< COMMAND INFO was answered; otherwise the next seven fields are unknown
    bool migrateSlots = false; ///< CLUSTER MIGRATESLOTS exists (Valkey 9)
    bool migrationImport = false; ///< CLUSTER MIGRATION exists (Redis 8.4)
    bool slotStats = false; ///< CLUSTER SLOT-STATS exists
    bool functions = false; ///< FUNCTION exists
    bool replicateNoOne = false; ///< CLUSTER REPLICATE NO ONE exists (Valkey 9)
    bool addSlotsRange = false; ///< CLUSTER ADDSLOTSRANGE exists (7.0)
    bool flushSlot = false; ///< CLUSTER FLUSHSLOT exists (Valkey 9)
    qint64 nodeTimeoutMs = -1; ///< cluster-node-timeout; -1: CONFIG is refused
    std::optional<bool> tlsCluster; ///< tls-cluster
    std::optional<quint16> tlsPort;
    std::optional<bool> allowReplicaMigration;
    bool migrationsKnown = false; ///< the node reported its migrations, or does not support any
    int migrationsRunning = 0; ///< number of atomic migrations in progress that this node reports
    QString migrationText; ///< description of the first of them
    std::optional<qint64> functionCount; ///< number of libraries in FUNCTION LIST
    std::optional<qint64> backlogBytes; ///< repl-backlog-size
    std::optional<qint64> lastSaveRunning; ///< rdb_bgsave_in_progress or aof_rewrite_in_progress
    QByteArray user; ///< ACL WHOAMI; empty: unknown
    /// permissions by command, such as "CLUSTER SETSLOT"; commands not listed are unknown
    QHash<QByteArray, Right> rights;
    bool keysLimited = false; ///< the user may not access all keys
    std::optional<ReplicationLogin> login; ///< nullopt if CONFIG GET is not permitted
    std::optional<QHash<QByteArray, AclUser>> users; ///< by user name; nullopt if ACL LIST is not permitted
    std::optional<int> databases; ///< number of databases
    std::optional<int> payload; ///< newest version of DUMP payloads that it reads, which is the version that it writes
    bool payloadRelaxed = false; ///< it also accepts newer payloads (Valkey: rdb-version-check relaxed)
};

/// A node that is not in the cluster (yet), as found at its address.
struct OutsideNode
{
    Endpoint endpoint; ///< address that we connected to
    QString ip; ///< the resolved address, because MEET accepts no host names
    bool answered = false;
    Error error;
    QByteArray id;
    bool clusterEnabled = false;
    int knownNodes = 0; ///< cluster_known_nodes; 1: it knows no other node; 0: unknown
    std::optional<SlotSet> owned; ///< slots that the node itself owns
    std::optional<qint64> keys;
    quint64 epoch = 0; ///< cluster_my_epoch or cluster_current_epoch, whichever is larger
    quint16 busPort = 0; ///< 0: client port + 10000
    QByteArray product, version;
    QByteArray runId; ///< distinguishes two servers with the same node id; empty: unknown
    bool authRequired = false; ///< it requires a password
    std::optional<qint64> functionCount;
    std::optional<qint64> maxMemory, usedMemory; ///< in bytes; maxMemory 0: no limit
    NodeFacts facts;
};

/// Keys on a node that does not own their slot.
struct OrphanKeys
{
    QByteArray nodeId;
    quint16 slot = 0;
    qint64 keys = 0;
};

/// A folder on this computer into which files are to be written.
struct FolderFacts
{
    QString unusable; ///< why it cannot be written to; empty if it can
    bool holdsBackup = false;
    qint64 freeBytes = -1; ///< -1: unknown
};

/// An operation started on this computer that is running on the cluster.
struct WorkingRun
{
    QString id, title, who;
};

/// All information that a planner gets: the cluster at one moment, and additional query results.
struct OperationFacts
{
    ClusterViewPtr view; ///< null for create
    QHash<QByteArray, NodeFacts> nodes; ///< by node id; only nodes of the view
    QList<OutsideNode> outside; ///< in the order of the request
    bool changing = false; ///< owners or roles changed between two checks, so somebody else is changing the cluster
    QString changed; ///< description of that change
    std::optional<WorkingRun> working;
    bool withPassword = false; ///< our connection uses a password
    SlotKeyCountsPtr keyCounts; ///< null if keys were not counted
    /// for fix: keys of each slot in question on each primary
    QHash<quint16, QHash<QByteArray, qint64>> slotKeysByNode;
    SlotSet keysMoving; ///< for fix: open slots for which one node lost keys and another gained some within a second
    QSet<QByteArray> counted; ///< for fix and orphans: ids of nodes that reported the keys of every requested slot
    QHash<QByteArray, Error> uncounted; ///< why the other nodes did not report them, by node id
    QList<OrphanKeys> orphans;
    std::optional<FolderFacts> folder; ///< only for a BackupRequest
    QHash<quint16, qint64> slotLoad; ///< for rebalance by memory or CPU: SLOT-STATS metric of each slot
    /// for a ConfigRequest: maps node id and setting name to the value
    QHash<QByteArray, QHash<QByteArray, QByteArray>> config;

    [[nodiscard]] const NodeFacts *about(const NodeRef &node) const; ///< also for outside nodes; null: unknown
};

/// Queries everything that the request's planner needs. Every node is checked twice, a moment apart, to notice whether
/// somebody else is changing the cluster. Core thread.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherFacts(std::shared_ptr<ClusterSession> session,
                                                                               OperationRequest request);

/// The same for create, when there are only nodes and credentials but no cluster yet.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherOutside(QList<Endpoint> endpoints,
                                                                                 Access access);

} // namespace slotscope
