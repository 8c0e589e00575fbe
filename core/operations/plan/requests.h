// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillspec.h"
#include "core/net/uri.h"
#include "core/operations/plan/plan.h"

#include <QHash>
#include <QMetaType>

#include <variant>

namespace slotscope {

/// A node of a cluster to be created.
struct NewNode
{
    Endpoint endpoint = {};
    QString label = {}; ///< host or zone to spread over (anti-affinity); empty: the host
    std::optional<bool> primary = {}; ///< role chosen by the user
    std::optional<Endpoint> replicaOf = {}; ///< if `primary` is false: address of its primary
    std::optional<SlotSet> slots = {}; ///< if `primary` is true: slots instead of an equal share
};

struct CreateRequest
{
    QList<NewNode> nodes = {};
    int replicas = 0; ///< replicas per primary, unless the user chose the roles
    bool allowFewPrimaries = false; ///< allows one or two primaries, without automatic failover; Valkey 8.1+ only
    int joinTimeoutMs = 30000;
};

struct AddNodeRequest
{
    Endpoint endpoint = {};
    bool asReplica = false;
    QByteArray replicaOf = {}; ///< node id; empty with asReplica: the primary with the fewest replicas
    QList<Endpoint> more = {}; ///< additional nodes in the same role
    bool asShard = false; ///< the first node is a primary, all others are its replicas
    bool rebalance = false; ///< new primaries get their share of the slots in the same run
    MigrationOptions migration = {}; ///< options of the rebalance
    [[nodiscard]] QList<Endpoint> endpoints() const { return QList<Endpoint>{endpoint} + more; }
};

struct RemoveNodeRequest
{
    QByteArray nodeId = {};
    QList<QByteArray> more = {}; ///< additional nodes, which must not answer and own no slots
    QList<QByteArray> drainTo = {}; ///< primaries that take the slots; empty: all others, in equal shares
    bool waitForBan = false; ///< check again after the ban on the id has expired (a minute)
    MigrationOptions migration = {};
};

struct ReplicateRequest
{
    QByteArray nodeId = {};
    QByteArray primaryId = {}; ///< empty: nodeId becomes an empty primary (promote; RESET SOFT or REPLICATE NO ONE)
};

struct FailoverRequest
{
    enum class Mode : quint8 { Graceful, Force, Takeover };
    QByteArray replicaId = {};
    Mode mode = Mode::Graceful;
};

/// Fails over one shard after the other, each verified before the next begins.
struct RollingFailoverRequest
{
    QString awayFromHost = {}; ///< every primary on this host or zone hands over
    QList<QByteArray> preferred = {}; ///< alternatively: these nodes become primaries (restores a layout)
    QHash<QString, QString> labels = {}; ///< maps host:port to its zone, if that differs from the host
};

struct ReshardRequest
{
    QList<QByteArray> sources = {}; ///< empty: all primaries except the target
    QByteArray target = {};
    int count = 0; ///< number of slots, in proportion to the sources' slots
    SlotSet slots = {}; ///< alternatively: these slots
    QByteArray hashTag = {}; ///< alternatively: the slot of this hash tag
    bool everything = false; ///< alternatively: all slots of the sources
    MigrationOptions migration = {};
};

struct RebalanceRequest
{
    enum class By : quint8 { Slots, Keys, Memory, Cpu };
    By by = By::Slots;
    QHash<QByteArray, qint64> weights = {}; ///< maps a node id to its weight in thousandths; default 1000
    bool useEmpty = false; ///< primaries without slots take part
    double thresholdPercent = 2; ///< nothing is moved if all primaries are within this deviation
    MigrationOptions migration = {};
};

struct FixRequest
{
    /// What to do with half-way slots. RollBack completes the move and then moves back, so that no key is ever missing.
    /// Home closes the slot at once and then moves its keys back, which read as missing until then; for slots whose
    /// move cannot be completed.
    enum class Prefer : quint8 { Ask, Continue, RollBack, Home };
    SlotSet slots = {}; ///< empty: all slots that need it
    Prefer prefer = Prefer::Ask; ///< Ask: follows the migrate direction if it is clear, else refuses
    QHash<quint16, QByteArray> assign = {}; ///< maps a slot to the id of the node that shall own it
    QHash<quint16, Prefer> perSlot = {}; ///< overrides `prefer`
    bool takeover = true; ///< a dead shard with a living replica first gets a TAKEOVER
    MigrationOptions migration = {};
};

struct OrphansRequest
{
    enum class Action : quint8 { List, Move, Delete };
    Action action = Action::List;
    MigrationOptions migration = {};
};

struct ForgetRequest
{
    QByteArray nodeId = {};
    bool waitForBan = false;
};

struct ResetRequest
{
    QByteArray nodeId = {};
    bool hard = false;
};

struct MeetRequest
{
    Endpoint endpoint = {};
};

struct ConfigRequest
{
    QByteArray name = {};
    QByteArray value = {};
    bool persist = false; ///< also run CONFIG REWRITE
    QList<QByteArray> nodeIds = {}; ///< empty: all nodes
    QHash<QByteArray, QByteArray> values =
        {}; ///< maps a node id to the value to use instead of `value`; if not empty, only these nodes are changed
    QString undoes = {}; ///< id of the run whose change these values undo
};

struct BackupRequest
{
    QString folder = {}; ///< created if missing; never overwrites files of an earlier backup
};

struct SaveRequest
{
    bool rewriteAof = false; ///< BGREWRITEAOF instead of BGSAVE
    bool primariesOnly = false;
};

/// Moves everything back that an earlier run moved; slots that it left open are closed on the way.
struct RollBackRequest
{
    QString run = {}; ///< id of that run, for display
    QString title = {}; ///< title of its plan, for display
    QList<SlotMove> moves = {}; ///< its moves as planned
    QList<StepCommand> restores = {}; ///< CONFIG SET commands with which it would have restored settings at its end
    QStringList left = {}; ///< what is not undone, for display
    MigrationOptions migration = {};
    bool home = false; ///< do not complete half-way moves first: the run's error would occur again
};

/// Takes nodes away from their clients for a while, and measures the effects.
struct DrillRequest
{
    DrillSpec spec = {};
};

using OperationRequest =
    std::variant<CreateRequest, AddNodeRequest, RemoveNodeRequest, ReplicateRequest, FailoverRequest,
                 RollingFailoverRequest, ReshardRequest, RebalanceRequest, FixRequest, OrphansRequest, ForgetRequest,
                 ResetRequest, MeetRequest, ConfigRequest, BackupRequest, SaveRequest, RollBackRequest, DrillRequest>;

[[nodiscard]] Operation operationOf(const OperationRequest &request);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::OperationRequest)
