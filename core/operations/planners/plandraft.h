// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/countwords.h"
#include "core/operations/facts/facts.h"
#include "core/operations/plan/plan.h"
#include "core/operations/facts/waiting.h"

#include <QCoreApplication>
#include <QMap>

namespace slotscope {

constexpr int quorumPrimaries = 3; ///< with fewer primaries, no automatic failover is possible

/// A plan being made: shared code of all planners in this folder for checks, steps and node names. Used only by the
/// plan*.cpp files.
class PlanDraft
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::Operations)
    Q_DISABLE_COPY_MOVE(PlanDraft)
public:
    using Verdict = PlanCheck::Verdict;
    using Condition = PlanStep::Condition;
    using Nodes = QList<const NodeState *>;

    PlanDraft(const OperationFacts &facts, Operation operation);

    const OperationFacts &facts;
    const ClusterView &view; ///< empty if there is no cluster yet
    OperationPlan plan;

    void check(Verdict verdict, const QString &title, const QString &detail = {});
    void pass(const QString &title, const QString &detail = {}) { check(Verdict::Pass, title, detail); }
    void warn(const QString &title, const QString &detail) { check(Verdict::Warn, title, detail); }
    void refuse(const QString &title, const QString &detail) { check(Verdict::Refuse, title, detail); }

    // Shared checks (planchecks.cpp). `severity` is the verdict for this operation if the check fails.
    bool checkWorking(); ///< no operation of this computer is running; else refuses and returns true
    void checkNobodyElse(); ///< nobody else is changing the cluster
    void checkOpenSlots(Verdict severity, const SlotSet &expected = {}); ///< no slots except `expected` are open
    void checkMigrations(Verdict severity); ///< no atomic migration is running
    void checkCoverage(Verdict severity, const SlotSet &halfWay = {}); ///< each slot except these has one agreed owner
    void checkCounted(Verdict severity); ///< the primaries reported their key counts, if they were asked
    void checkReach(); ///< all nodes answer; otherwise warns
    void checkBus(Verdict severity); ///< answering nodes reach each other; `severity` if most do not reach one
    void checkVersions(); ///< all run one product and version; otherwise warns
    void checkNodeTimeouts(); ///< all have the same cluster-node-timeout; otherwise warns
    /// primaries that lose their last slot stay primaries; otherwise warns
    void checkEmptied(const QList<SlotMove> &moves);
    void checkWhole(Verdict severity, const SlotSet &halfWay = {}); ///< all checks above; these slots may be open

    // Appends a step to the plan and returns it.
    PlanStep &step(PlanStep::Kind kind, const QString &title);
    PlanStep &commands(const QString &title, const QList<StepCommand> &list);
    PlanStep &wait(Condition condition, const QString &title, const QList<NodeRef> &nodes, int deadlineMs = 30000);
    /// Makes nodes that know each other find each other at the addresses where they answer.
    void introduceAll(const Nodes &nodes);
    void forgetEverywhere(const NodeState &node, bool waitForBan);
    void followPrimary(const NodeRef &replica, const NodeRef &primary, qint64 bytes); ///< adds REPLICATE and its waits

    /// Adds slot moves: method, checks of both nodes, step and estimate (planmoves.cpp).
    void moveSlots(QList<SlotMove> moves, const MigrationOptions &options);
    /// Warns if a node would come close to its maxmemory; does not warn if a value is unknown.
    void checkRoom(const QString &name, std::optional<qint64> maxMemory, std::optional<qint64> usedMemory,
                   qint64 arriving);
    void estimateMoves(const QList<SlotMove> &moves, const MigrationOptions &options, bool atomic);
    /// The slots that new primaries, not yet members, get so that all have equal shares.
    [[nodiscard]] QList<SlotMove> sharesFor(const QList<NodeRef> &newcomers) const;
    void tellUncounted(const QList<SlotMove> &moves); ///< explains why there is no estimate
    void tellBusyKeys(const MigrationOptions &options); ///< warns that the value not kept is lost
    /// What is lost under a policy, for a plan's dataLoss; empty if nothing.
    [[nodiscard]] static QString busyKeyLoss(BusyKeyPolicy policy);

    // The following functions look up nodes in the view.
    [[nodiscard]] static NodeRef ref(const NodeState &node) { return {.id = node.id, .address = node.name}; }
    [[nodiscard]] static NodeRef ref(const OutsideNode &node);
    [[nodiscard]] const NodeFacts &factsOf(const QByteArray &id) const;
    [[nodiscard]] const NodeFacts &factsOf(const NodeRef &node) const; ///< also for an outside node
    /// nodes in a shard, without nodes in handshake and nodes without a known address
    [[nodiscard]] Nodes members() const;
    [[nodiscard]] Nodes primaries() const; ///< primaries among members()
    [[nodiscard]] Nodes replicasOf(const QByteArray &primaryId) const;
    [[nodiscard]] const NodeState *primaryOf(const NodeState &replica) const; ///< of its shard; null: unknown
    [[nodiscard]] Nodes reachable() const; ///< nodes that answer us
    [[nodiscard]] Result<const NodeState *> find(const QByteArray &id) const; ///< Error if unknown
    [[nodiscard]] static bool answers(const NodeState &node) { return node.reach.state == Reach::State::Ready; }
    [[nodiscard]] static bool alive(const NodeState &node) { return isAlive(node); }
    /// Whether it is the only living node of a shard with slots.
    [[nodiscard]] static bool isLastCopy(const ClusterView &view, const NodeState &node);
    [[nodiscard]] qint64 nodeTimeoutMs() const; ///< the longest known; 15000 if none is known
    [[nodiscard]] qint64 usualNodeTimeoutMs() const; ///< value on most members; -1 if none is known

private:
    [[nodiscard]] QString moveMode(const QList<SlotMove> &moves, const MigrationOptions &options);
    void checkScattered(const QMap<QByteArray, SlotSet> &arriving);
    void checkTargets(const QList<SlotMove> &moves, const MigrationOptions &options);
};

[[nodiscard]] QString namesOf(const PlanDraft::Nodes &nodes, int maximum = 4); ///< "a, b and 3 others"

// The planners of the operations, one file per group. makePlan() calls the one for a request.
[[nodiscard]] Result<OperationPlan> planCreate(const CreateRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planAddNode(const AddNodeRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planRemoveNode(const RemoveNodeRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planReplicate(const ReplicateRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planFailover(const FailoverRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planPromotion(const FailoverRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planRolling(const RollingFailoverRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planReshard(const ReshardRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planRebalance(const RebalanceRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planFix(const FixRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planOrphans(const OrphansRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planForget(const ForgetRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planReset(const ResetRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planMeet(const MeetRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planConfig(const ConfigRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planBackup(const BackupRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planSave(const SaveRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planRollBack(const RollBackRequest &request, const OperationFacts &facts);
[[nodiscard]] Result<OperationPlan> planDrill(const DrillRequest &request, const OperationFacts &facts);

} // namespace slotscope
