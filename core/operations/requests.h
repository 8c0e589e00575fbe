// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/drill/drillspec.h"
#include "core/net/uri.h"
#include "core/operations/plan.h"

#include <QHash>
#include <QMetaType>

#include <variant>

namespace slotscope {

/// A node of a cluster to be made.
struct NewNode
{
    Endpoint endpoint = {};
    QString label = {}; ///< host or zone for anti-affinity; empty: the host
    std::optional<bool> primary = {}; ///< a role given by hand
    std::optional<Endpoint> replicaOf = {}; ///< with primary == false: of which
    std::optional<SlotSet> slots = {}; ///< with primary == true: not the equal share
};

struct CreateRequest
{
    QList<NewNode> nodes = {};
    int replicas = 0; ///< per primary, where roles are not given by hand
    bool allowFewPrimaries = false; ///< one or two: no automatic failover; Valkey 8.1+ only
    int joinTimeoutMs = 30000;
};

struct AddNodeRequest
{
    Endpoint endpoint = {};
    bool asReplica = false;
    QByteArray replicaOf = {}; ///< node id; empty with asReplica: the primary with fewest replicas
    QList<Endpoint> more = {}; ///< further nodes, in the same role
    bool asShard = false; ///< the first is a primary, all others are its replicas
    bool rebalance = false; ///< new primaries are given their share of the slots in the same run
    MigrationOptions migration = {}; ///< of the rebalance
    [[nodiscard]] QList<Endpoint> endpoints() const { return QList<Endpoint>{endpoint} + more; }
};

struct RemoveNodeRequest
{
    QByteArray nodeId = {};
    QList<QByteArray> more = {}; ///< further nodes: only such that do not answer and own no slots
    QList<QByteArray> drainTo = {}; ///< primaries that take its slots; empty: all others, by equal shares
    bool waitForBan = false; ///< look again when the ban on its id has expired (a minute)
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

/// One shard after the other, each verified before the next begins.
struct RollingFailoverRequest
{
    QString awayFromHost = {}; ///< every primary on this host or zone hands over
    QList<QByteArray> preferred = {}; ///< or: these nodes are to be primaries (restores a layout)
    QHash<QString, QString> labels = {}; ///< host:port -> zone, where it is not the host
};

struct ReshardRequest
{
    QList<QByteArray> sources = {}; ///< empty: all primaries but the target
    QByteArray target = {};
    int count = 0; ///< so many slots, in proportion to what the sources own
    SlotSet slots = {}; ///< or these
    QByteArray hashTag = {}; ///< or the slot of this
    bool everything = false; ///< or all that the sources own
    MigrationOptions migration = {};
};

struct RebalanceRequest
{
    enum class By : quint8 { Slots, Keys, Memory, Cpu };
    By by = By::Slots;
    QHash<QByteArray, qint64> weights = {}; ///< node id -> weight in thousandths; default 1000
    bool useEmpty = false; ///< primaries without slots take part
    double thresholdPercent = 2; ///< nothing is moved where no primary is off by more
    MigrationOptions migration = {};
};

struct FixRequest
{
    /// Home: closed at once, then its keys come home, and read as missing until they have. For where a slot cannot
    /// arrive; RollBack lets it arrive first, so that no key is ever missing.
    enum class Prefer : quint8 { Ask, Continue, RollBack, Home };
    SlotSet slots = {}; ///< empty: all that need it
    Prefer prefer = Prefer::Ask; ///< Ask: by the migrate direction where it is plain, refused where it is not
    QHash<quint16, QByteArray> assign = {}; ///< slot -> node id that shall own it
    QHash<quint16, Prefer> perSlot = {}; ///< over `prefer`
    bool takeover = true; ///< a dead shard with a living replica: TAKEOVER first
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
    bool persist = false; ///< CONFIG REWRITE too
    QList<QByteArray> nodeIds = {}; ///< empty: all
    QHash<QByteArray, QByteArray> values =
        {}; ///< node id -> what it is given instead of `value`; then only these nodes
    QString undoes = {}; ///< the run whose change these values take back
};

struct BackupRequest
{
    QString folder = {}; ///< made where it does not exist; files of an earlier backup are never overwritten
};

struct SaveRequest
{
    bool rewriteAof = false; ///< BGREWRITEAOF instead of BGSAVE
    bool primariesOnly = false;
};

/// What an earlier run has moved goes back to where it was; what it left open is closed on the way.
struct RollBackRequest
{
    QString run = {}; ///< its id, for people
    QString title = {}; ///< of its plan, for people
    QList<SlotMove> moves = {}; ///< as it was planned
    QList<StepCommand> restores = {}; ///< CONFIG SET: what it would have set back at its end
    QStringList left = {}; ///< what of it is not taken back, for people
    MigrationOptions migration = {};
    bool home = false; ///< half-way slots do not arrive first: the run ended by an error that would come again
};

/// Nodes are taken away from their clients for a while, and what happens is measured.
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
