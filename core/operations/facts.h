// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/cluster/clusterview.h"
#include "core/operations/requests.h"
#include "core/session/nodeselection.h"

#include <QHash>
#include <QSet>

namespace slotscope {

constexpr qint64 defaultNodeTimeoutMs = 15000; ///< cluster-node-timeout of a server that is not told otherwise

class ClusterSession;

/// A user of a node as ACL LIST tells it: what lets somebody in, never a password.
struct AclUser
{
    bool on = false;
    bool noPassword = false; ///< any password lets in; none is needed for the default user
    QByteArrayList passwordHashes; ///< SHA-256, in hexadecimal digits
};

/// What a node gives its primary when it replicates: masteruser, masterauth.
struct ReplicationLogin
{
    QByteArray user; ///< empty: the default user
    QByteArray passwordHash; ///< as AclUser has it; empty: no masterauth
};

/// What one node can do and how it is set, as it says itself. Probed, never guessed from a version.
struct NodeFacts
{
    /// Whether the user may run a command there; Missing: the server knows none of that name.
    enum class Right : quint8 { Granted, Denied, Missing };

    bool answered = false;
    Error error; ///< why not
    bool capabilitiesKnown = false; ///< COMMAND INFO was answered; else the next seven are not known
    bool migrateSlots = false; ///< CLUSTER MIGRATESLOTS (Valkey 9)
    bool migrationImport = false; ///< CLUSTER MIGRATION (Redis 8.4)
    bool slotStats = false; ///< CLUSTER SLOT-STATS
    bool functions = false; ///< FUNCTION
    bool replicateNoOne = false; ///< Valkey 9: CLUSTER REPLICATE NO ONE
    bool addSlotsRange = false; ///< CLUSTER ADDSLOTSRANGE (7.0)
    bool flushSlot = false; ///< CLUSTER FLUSHSLOT (Valkey 9)
    qint64 nodeTimeoutMs = -1; ///< cluster-node-timeout; -1: CONFIG is refused
    std::optional<bool> tlsCluster; ///< tls-cluster
    std::optional<quint16> tlsPort;
    std::optional<bool> allowReplicaMigration;
    bool migrationsKnown = false; ///< it has none by its nature, or told which are under way
    int migrationsRunning = 0; ///< atomic migrations under way that this node tells of
    QString migrationText; ///< of the first of them
    std::optional<qint64> functionCount; ///< FUNCTION LIST
    std::optional<qint64> backlogBytes; ///< repl-backlog-size
    std::optional<qint64> lastSaveRunning; ///< rdb_bgsave_in_progress or aof_rewrite_in_progress
    QByteArray user; ///< ACL WHOAMI; empty: not told
    QHash<QByteArray, Right> rights; ///< by command, "CLUSTER SETSLOT"; what is not there is not known
    bool keysLimited = false; ///< the user may not access any key
    std::optional<ReplicationLogin> login; ///< not known where CONFIG GET is not permitted
    std::optional<QHash<QByteArray, AclUser>> users; ///< by name; not known where ACL LIST is not permitted
    std::optional<int> databases; ///< numbered databases that it has
    std::optional<int> payload; ///< newest form of a dumped value that it reads, the one that it writes
    bool payloadRelaxed = false; ///< it takes newer ones too (Valkey: rdb-version-check relaxed)
};

/// A node that is not in the cluster (yet), as found at its address.
struct OutsideNode
{
    Endpoint endpoint; ///< where we reached it
    QString ip; ///< resolved; MEET takes no names
    bool answered = false;
    Error error;
    QByteArray id;
    bool clusterEnabled = false;
    int knownNodes = 0; ///< cluster_known_nodes; 1: alone; 0: it did not tell
    std::optional<SlotSet> owned; ///< slots that it owns itself
    std::optional<qint64> keys;
    quint64 epoch = 0; ///< cluster_my_epoch or current epoch, the larger
    quint16 busPort = 0; ///< 0: port + 10000
    QByteArray product, version;
    QByteArray runId; ///< tells two servers with one id apart; empty: not told
    bool authRequired = false; ///< it asks for a password
    std::optional<qint64> functionCount;
    std::optional<qint64> maxMemory, usedMemory; ///< bytes; maxMemory 0: no limit
    NodeFacts facts;
};

/// Keys that lie on a node that does not own their slot.
struct OrphanKeys
{
    QByteArray nodeId;
    quint16 slot = 0;
    qint64 keys = 0;
};

/// A folder of this machine that files are to be written to.
struct FolderFacts
{
    QString unusable; ///< why nothing can be written there; empty: it can
    bool holdsBackup = false;
    qint64 freeBytes = -1; ///< -1: not known
};

/// An operation of this machine that is at work on the cluster.
struct WorkingRun
{
    QString id, title, who;
};

/// All that a planner may know: one moment of the cluster, and what was asked beside it.
struct OperationFacts
{
    ClusterViewPtr view; ///< null for create
    QHash<QByteArray, NodeFacts> nodes; ///< by id; of the nodes of the view
    QList<OutsideNode> outside; ///< as the request names them, in its order
    bool changing = false; ///< owners or roles changed between two looks: somebody else is at work
    QString changed; ///< what
    std::optional<WorkingRun> working;
    bool withPassword = false; ///< we gave one to get in
    SlotKeyCountsPtr keyCounts; ///< null where not asked
    QHash<quint16, QHash<QByteArray, qint64>> slotKeysByNode; ///< fix: keys of a slot in question on each primary
    SlotSet keysMoving; ///< fix: open slots of which one node lost keys and another got some, in a second
    QSet<QByteArray> counted; ///< fix, orphans: who told the keys of every slot asked for
    QHash<QByteArray, Error> uncounted; ///< why the others did not
    QList<OrphanKeys> orphans;
    std::optional<FolderFacts> folder; ///< of a BackupRequest
    QHash<quint16, qint64> slotLoad; ///< rebalance by memory or cpu: SLOT-STATS figure of each slot
    QHash<QByteArray, QHash<QByteArray, QByteArray>> config; ///< node id -> name -> value, of a ConfigRequest

    [[nodiscard]] const NodeFacts *about(const NodeRef &node) const; ///< of one outside too; null: nothing is known
};

/// Asks the cluster all that the request's planner needs. Two looks at every node, a moment apart, tell whether
/// somebody else is changing it. Core thread.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherFacts(std::shared_ptr<ClusterSession> session,
                                                                               OperationRequest request);

/// For create: there is no cluster yet, only nodes and what opens them.
[[nodiscard]] QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherOutside(QList<Endpoint> endpoints,
                                                                                 Access access);

} // namespace slotscope
