// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slotset.h"
#include "core/operations/plan/operation.h"
#include "core/operations/plan/planresults.h"
#include "core/protocol/command.h"

#include <QJsonObject>
#include <QMetaType>
#include <QStringList>

#include <memory>
#include <optional>

namespace slotscope {

struct ClusterView;

/// A node in a plan: identified by id if the cluster knows it, else by address.
struct NodeRef
{
    QByteArray id; ///< empty: outside the cluster, reached at `address`
    QString address; ///< "host:port" for display; outside nodes are connected to there
    friend bool operator==(const NodeRef &, const NodeRef &) = default;
};

/// The result of one check made before anything is changed.
struct PlanCheck
{
    enum class Verdict : quint8 { Pass, Warn, Refuse };
    Verdict verdict = Verdict::Pass;
    QString title; ///< such as "No slot is open"
    QString detail; ///< what was found, or why it matters; may be empty
    friend bool operator==(const PlanCheck &, const PlanCheck &) = default;
};

/// One command to one node.
struct StepCommand
{
    NodeRef node;
    Command command; ///< never contains a secret: AUTH arguments are added when it is sent
    friend bool operator==(const StepCommand &, const StepCommand &) = default;
};

/// Slots to be moved from one primary to another.
struct SlotMove
{
    NodeRef source;
    NodeRef target;
    SlotSet slots;
    QByteArrayList sourceHeirs = {}; ///< its replicas when the plan was made, one of which may take over
    QByteArrayList targetHeirs = {};
    Command meet = {}; ///< address by which the source first tells the target its slots (MEET); empty: unknown
    friend bool operator==(const SlotMove &, const SlotMove &) = default;
};

enum class MigrationMethod : quint8 {
    Automatic, ///< Atomic if both nodes of every move support it, else Classic
    Classic, ///< SETSLOT and MIGRATE, for all versions
    Atomic, ///< CLUSTER MIGRATESLOTS (Valkey 9) or CLUSTER MIGRATION IMPORT (Redis 8.4)
};

/// Which value stays if a key has different values on both nodes. Keep… overwrites or deletes the other copy.
enum class BusyKeyPolicy : quint8 { Stop, KeepSource, KeepTarget };

struct MigrationOptions
{
    MigrationMethod method = MigrationMethod::Automatic;
    int keysPerSecond = 0; ///< throttle for the whole run; 0: none
    int latencyCeilingMs = 0; ///< slows down while PING to a node concerned takes longer; 0: none
    qint64 batchBytes = 4 * 1024 * 1024; ///< target size of one MIGRATE call; a bigger key is moved alone
    int callTimeoutMs = 0; ///< timeout in MIGRATE, for each I/O step; 0: 45 % of a node timeout, 0.1 s to 5 s
    static constexpr int mostCallTimeoutMs = 600'000;
    BusyKeyPolicy busyKeys = BusyKeyPolicy::Stop;
    bool waitForReplicas = true; ///< wait until the target's replicas have the keys before the slot is handed over
    friend bool operator==(const MigrationOptions &, const MigrationOptions &) = default;
};

/// One step of a plan, as data: it can be shown, written to a journal, and repeated after a crash, because every step
/// is idempotent.
struct PlanStep
{
    enum class Kind : quint8 {
        Commands, ///< `commands` in order or, with `together`, all at once
        Wait, ///< wait until `condition` holds for `nodes` (and `slots`)
        MoveSlots, ///< move the slots in `moves` with `migration`
        GatherKeys, ///< move keys of `slots` from nodes[0] to nodes[1], the owner; slot states stay unchanged
        DeleteKeys, ///< delete keys of `slots` on nodes[0], which does not own them
        Failover, ///< promote nodes[0]; `mode`: "", "FORCE" or "TAKEOVER"
        CopyFunctions, ///< copy functions from nodes[0] to nodes[1]
        Backup, ///< save an RDB file of each of `nodes` in `folder`
        Background, ///< run commands[0] (BGSAVE, BGREWRITEAOF) on `nodes` until it ends
        Drill, ///< one part of results.drill; `mode`: "away", "return", "settle" or "end"
    };
    enum class Condition : quint8 {
        None,
        Joined, ///< every reachable node knows all of `nodes`, none in handshake
        Gone, ///< no reachable node knows nodes[0] any more
        Primary, ///< nodes[0] is a primary according to itself and all others
        ReplicaOf, ///< nodes[0] replicates nodes[1] according to all nodes
        LinksUp, ///< the replication links of `nodes` are up
        Agreed, ///< all observers agree, and no slot is uncovered or open
        Owned, ///< all nodes report that nodes[0] owns `slots`
        SameSlots, ///< all nodes report the same owner for every slot; open slots are ignored
        BanExpired, ///< `deadlineMs` have passed, and then nobody knows nodes[0] (it may have come back)
    };

    Kind kind = Kind::Commands;
    QString title; ///< one line that says what the step does
    QString risk; ///< what can go wrong and what happens then; may be empty
    QList<StepCommand> commands;
    bool together = false; ///< sends all commands at once and handles each node's reply separately
    bool mayFail = false; ///< on an error reply, the run logs it and continues
    QByteArrayList tolerated; ///< parts of error replies that count as success
    Condition condition = Condition::None;
    QList<NodeRef> nodes;
    SlotSet slots;
    QList<SlotMove> moves;
    MigrationOptions migration;
    QString mode;
    QString folder;
    int deadlineMs = 30000; ///< for the whole step, if it waits for the cluster
    friend bool operator==(const PlanStep &, const PlanStep &) = default;
};

/// Estimated costs of a plan. -1: unknown.
struct PlanEstimate
{
    qint64 slots = -1, keys = -1, bytes = -1, milliseconds = -1;
    friend bool operator==(const PlanEstimate &, const PlanEstimate &) = default;
};

/// The state of the cluster from which a plan was made. It is not part of the plan itself: neither compared nor written
/// to the journal.
struct PlanBasis
{
    std::shared_ptr<const ClusterView> view; ///< null for a cluster that does not exist yet, or a plan from a journal
    friend bool operator==(const PlanBasis &, const PlanBasis &) { return true; }
};

/// What an operation will do. Made by pure functions (core/operations/planners/planners.h); nothing is changed before a
/// run executes it.
struct OperationPlan
{
    std::optional<Operation> operation; ///< nullopt: no plan
    QString title; ///< such as "Move 1,000 slots to 127.0.0.1:7003"
    QList<PlanCheck> checks;
    QList<PlanStep> steps;
    QStringList verifies; ///< what is verified at the end, for display
    QStringList dataLoss; ///< reasons why data may be lost, which need a separate consent; empty: none
    QStringList notes; ///< notes besides the checks, such as "offer to rebalance afterwards"
    PlanEstimate estimate;
    QList<SlotMove> moves; ///< all slots that change their owner, for the map before / after
    PlanResults results; ///< further results of planning: the orphans, the slots to fix, …
    PlanBasis basis;

    [[nodiscard]] bool isRefused() const; ///< whether a check refuses it
    [[nodiscard]] bool isEmpty() const { return steps.isEmpty(); } ///< whether there is nothing to do
    friend bool operator==(const OperationPlan &, const OperationPlan &) = default;
};

/// Harmless commands with which a run checks once more, before it opens a slot, whether it may move keys.
[[nodiscard]] QList<Command> probesOfSource(const QByteArray &targetHost, const QByteArray &targetPort);
[[nodiscard]] QList<Command> probesOfTarget();

/// The exact commands of a step, in order. Slot moves are listed slot by slot, up to `maximum` commands. The keys of a
/// MIGRATE are unknown beforehand ("KEYS …").
[[nodiscard]] QList<StepCommand> commandsOf(const PlanStep &step, int maximum = 200);
/// Number of commands without a maximum; -1: depends on the keys.
[[nodiscard]] qint64 commandCountOf(const PlanStep &step);
/// Quotes an argument if necessary, so that a shell does not interpret it.
[[nodiscard]] QString shellQuoted(const QByteArray &word);
/// A command as a shell line: redis-cli -h … -p … CLUSTER …. Every argument is quoted, because host names come from
/// servers.
[[nodiscard]] QString shellLine(const StepCommand &command);

/// Parses "stop", "keep-source", "keep-target"; nullopt for other names.
[[nodiscard]] std::optional<BusyKeyPolicy> busyKeyPolicy(const QString &name);
/// Returns the plan with another policy for keys that differ on both nodes.
[[nodiscard]] OperationPlan withBusyKeys(OperationPlan plan, BusyKeyPolicy policy);
/// Returns the plan with another timeout of a MIGRATE call.
[[nodiscard]] OperationPlan withCallTimeout(OperationPlan plan, int milliseconds);

[[nodiscard]] QJsonObject toJson(const OperationPlan &plan);
[[nodiscard]] Result<OperationPlan> planFromJson(const QJsonObject &json);
[[nodiscard]] QString verdictName(PlanCheck::Verdict verdict); ///< "pass", "warn", "refuse"

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::OperationPlan)
