// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/slotset.h"
#include "core/operations/operation.h"
#include "core/operations/planresults.h"
#include "core/protocol/command.h"

#include <QJsonObject>
#include <QMetaType>
#include <QStringList>

#include <memory>
#include <optional>

namespace slotscope {

struct ClusterView;

/// A node that a plan speaks of: by id where it is known to the cluster, by address where it is not yet.
struct NodeRef
{
    QByteArray id; ///< empty: outside the cluster, reached at `address`
    QString address; ///< "host:port" as shown; outside nodes are reached there
    friend bool operator==(const NodeRef &, const NodeRef &) = default;
};

/// One thing that was looked at before anything is changed.
struct PlanCheck
{
    enum class Verdict : quint8 { Pass, Warn, Refuse };
    Verdict verdict = Verdict::Pass;
    QString title; ///< "No slot is open"
    QString detail; ///< what was found, or why it matters; may be empty
    friend bool operator==(const PlanCheck &, const PlanCheck &) = default;
};

/// One command to one node.
struct StepCommand
{
    NodeRef node;
    Command command; ///< never a secret: AUTH arguments are added when it is sent
    friend bool operator==(const StepCommand &, const StepCommand &) = default;
};

/// Slots that leave one primary for another.
struct SlotMove
{
    NodeRef source;
    NodeRef target;
    SlotSet slots;
    QByteArrayList sourceHeirs = {}; ///< its replicas when the plan was made: one of them may take over
    QByteArrayList targetHeirs = {};
    Command meet =
        {}; ///< by which the source tells the target what it owns, before any is handed over; empty: not known
    friend bool operator==(const SlotMove &, const SlotMove &) = default;
};

enum class MigrationMethod : quint8 {
    Automatic, ///< Atomic where both ends of every move have it, else Classic
    Classic, ///< SETSLOT and MIGRATE, any version
    Atomic, ///< Valkey 9 CLUSTER MIGRATESLOTS or Redis 8.4 CLUSTER MIGRATION IMPORT
};

/// Which value stays where a key exists on both ends with different values. Keep… overwrite or delete the other copy.
enum class BusyKeyPolicy : quint8 { Stop, KeepSource, KeepTarget };

struct MigrationOptions
{
    MigrationMethod method = MigrationMethod::Automatic;
    int keysPerSecond = 0; ///< throttle over the whole run; 0: none
    int latencyCeilingMs = 0; ///< slows down while PING takes longer on a node concerned; 0: none
    qint64 batchBytes = 4 * 1024 * 1024; ///< aimed at in one MIGRATE call; a bigger key goes alone
    int callTimeoutMs = 0; ///< MIGRATE's own, for each I/O step; 0: 45 % of a node timeout, from 0.1 s to 5 s
    static constexpr int mostCallTimeoutMs = 600'000;
    BusyKeyPolicy busyKeys = BusyKeyPolicy::Stop;
    bool waitForReplicas = true; ///< the target's replicas must have the keys before the slot is handed over
    friend bool operator==(const MigrationOptions &, const MigrationOptions &) = default;
};

/// One step of a plan, as data: it can be shown, written to a journal, and done again after a crash: every step is
/// idempotent.
struct PlanStep
{
    enum class Kind : quint8 {
        Commands, ///< `commands`, in order, or all at once where `together`
        Wait, ///< until `condition` holds for `nodes` (and `slots`)
        MoveSlots, ///< `moves` with `migration`
        GatherKeys, ///< keys of `slots` that lie on nodes[0] go to nodes[1], the owner; slot states are left as they
                    ///< are
        DeleteKeys, ///< keys of `slots` on nodes[0], which does not own them, are deleted
        Failover, ///< nodes[0] takes its shard over; `mode`: "", "FORCE" or "TAKEOVER"
        CopyFunctions, ///< from nodes[0] to nodes[1]
        Backup, ///< an RDB file of each of `nodes` into `folder`
        Background, ///< commands[0] (BGSAVE, BGREWRITEAOF) on `nodes`, until it is through
        Drill, ///< a part of results.drill; `mode`: "away", "return", "settle" or "end"
    };
    enum class Condition : quint8 {
        None,
        Joined, ///< every reachable node knows all of `nodes`, none in handshake
        Gone, ///< no reachable node knows nodes[0] any more
        Primary, ///< nodes[0] is a primary in its own view and in everybody's
        ReplicaOf, ///< nodes[0] replicates nodes[1] in everybody's view
        LinksUp, ///< the replication links of `nodes` are up
        Agreed, ///< all observers tell the same and no slot is uncovered or open
        Owned, ///< everybody says that nodes[0] owns `slots`
        SameSlots, ///< every node tells the same owner for every slot; open slots do not matter
        BanExpired, ///< `deadlineMs` have passed; then nobody knows nodes[0] (it may have come back)
    };

    Kind kind = Kind::Commands;
    QString title; ///< what it does, in one line
    QString risk; ///< what can go wrong here and what happens then; may be empty
    QList<StepCommand> commands;
    bool together = false; ///< commands go out at once; each node's answer counts alone
    bool mayFail = false; ///< a refusal is noted, and the run goes on
    QByteArrayList tolerated; ///< beginnings or parts of error replies that count as done
    Condition condition = Condition::None;
    QList<NodeRef> nodes;
    SlotSet slots;
    QList<SlotMove> moves;
    MigrationOptions migration;
    QString mode;
    QString folder;
    int deadlineMs = 30000; ///< for the whole step, where it waits for the cluster
    friend bool operator==(const PlanStep &, const PlanStep &) = default;
};

/// What a plan will take. -1: not known.
struct PlanEstimate
{
    qint64 slots = -1, keys = -1, bytes = -1, milliseconds = -1;
    friend bool operator==(const PlanEstimate &, const PlanEstimate &) = default;
};

/// The moment of the cluster that a plan was made from. No part of the plan itself: neither compared nor journalled.
struct PlanBasis
{
    std::shared_ptr<const ClusterView> view; ///< null: there is no cluster yet, or the plan is of a journal
    friend bool operator==(const PlanBasis &, const PlanBasis &) { return true; }
};

/// What an operation is going to do. Made by pure functions (core/operations/planners.h); nothing is changed before a
/// run takes it.
struct OperationPlan
{
    std::optional<Operation> operation; ///< nothing: no plan
    QString title; ///< "Move 1,000 slots to 127.0.0.1:7003"
    QList<PlanCheck> checks;
    QList<PlanStep> steps;
    QStringList verifies; ///< what is verified at the end, for people
    QStringList dataLoss; ///< each a reason why data may be lost: needs a consent of its own; empty: nothing is lost
    QStringList notes; ///< beside the checks: "offer to rebalance afterwards", …
    PlanEstimate estimate;
    QList<SlotMove> moves; ///< all slots that change their owner, for the before / after map
    PlanResults results; ///< what planning found beside the steps: the orphans, the slots to fix, …
    PlanBasis basis;

    [[nodiscard]] bool isRefused() const; ///< a check refuses
    [[nodiscard]] bool isEmpty() const { return steps.isEmpty(); } ///< nothing to do
    friend bool operator==(const OperationPlan &, const OperationPlan &) = default;
};

/// Commands that come to nothing, by which a run asks once more whether it may move keys before it opens a slot.
[[nodiscard]] QList<Command> probesOfSource(const QByteArray &targetHost, const QByteArray &targetPort);
[[nodiscard]] QList<Command> probesOfTarget();

/// The exact commands of a step, in order. Slot moves are spelt out slot by slot up to `maximum` commands; the keys of
/// a MIGRATE are not known before ("KEYS …").
[[nodiscard]] QList<StepCommand> commandsOf(const PlanStep &step, int maximum = 200);
/// How many there would be without a maximum; -1: depends on the keys.
[[nodiscard]] qint64 commandCountOf(const PlanStep &step);
/// A word for a shell: quoted where it must be, so that the shell does nothing with it.
[[nodiscard]] QString shellQuoted(const QByteArray &word);
/// A command as a line for a shell: redis-cli -h … -p … CLUSTER …; every word is quoted: servers name the hosts.
[[nodiscard]] QString shellLine(const StepCommand &command);

/// "stop", "keep-source", "keep-target"; nothing for other words.
[[nodiscard]] std::optional<BusyKeyPolicy> busyKeyPolicy(const QString &name);
/// The same plan, with another rule for keys that differ on both ends.
[[nodiscard]] OperationPlan withBusyKeys(OperationPlan plan, BusyKeyPolicy policy);
/// The same plan, with another time limit of a MIGRATE call.
[[nodiscard]] OperationPlan withCallTimeout(OperationPlan plan, int milliseconds);

[[nodiscard]] QJsonObject toJson(const OperationPlan &plan);
[[nodiscard]] Result<OperationPlan> planFromJson(const QJsonObject &json);
[[nodiscard]] QString verdictName(PlanCheck::Verdict verdict); ///< "pass", "warn", "refuse"

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::OperationPlan)
