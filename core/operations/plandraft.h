// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/facts.h"
#include "core/operations/plan.h"

#include <QCoreApplication>
#include <QMap>

namespace slotscope {

constexpr int quorumPrimaries = 3; ///< fewer primaries cannot elect by themselves

/// A plan in the making: what every planner of this folder does with checks, steps and the names of nodes. Used by the
/// plan*.cpp files alone.
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
    const ClusterView &view; ///< an empty one where there is no cluster yet
    OperationPlan plan;

    void check(Verdict verdict, const QString &title, const QString &detail = {});
    void pass(const QString &title, const QString &detail = {}) { check(Verdict::Pass, title, detail); }
    void warn(const QString &title, const QString &detail) { check(Verdict::Warn, title, detail); }
    void refuse(const QString &title, const QString &detail) { check(Verdict::Refuse, title, detail); }

    // Shared checks (planchecks.cpp). `severity`: what it means for this operation where it is not as it should be.
    bool checkWorking(); ///< no operation of this machine is at work; true: one is, and it was refused
    void checkNobodyElse(); ///< nobody changes the cluster beside us
    void checkOpenSlots(Verdict severity, const SlotSet &expected = {}); ///< no slot is open but these
    void checkMigrations(Verdict severity); ///< no atomic migration runs
    void checkCoverage(Verdict severity, const SlotSet &halfWay = {}); ///< one owner each, whom all name but of these
    void checkCounted(Verdict severity); ///< the primaries told what keys they hold, where that was asked
    void checkReach(); ///< all nodes answer; a warning where not
    void checkBus(Verdict severity); ///< nodes that answer us reach one another; one that most cannot reach: `severity`
    void checkVersions(); ///< one product, one version; a warning where not
    void checkNodeTimeouts(); ///< one cluster-node-timeout; a warning where not
    void checkEmptied(const QList<SlotMove> &moves); ///< who loses its last slot stays a primary; a warning where not
    void checkWhole(Verdict severity, const SlotSet &halfWay = {}); ///< all of the above; these slots may be open

    // Steps.
    PlanStep &step(PlanStep::Kind kind, const QString &title);
    PlanStep &commands(const QString &title, const QList<StepCommand> &list);
    PlanStep &wait(Condition condition, const QString &title, const QList<NodeRef> &nodes, int deadlineMs = 30000);
    /// Makes nodes that know of each other find each other at the addresses where they answer.
    void introduceAll(const Nodes &nodes);
    void forgetEverywhere(const NodeState &node, bool waitForBan);
    void followPrimary(const NodeRef &replica, const NodeRef &primary, qint64 bytes); ///< REPLICATE and its waits

    /// Slots change hands: the method, checks of both ends, the step, the estimate (planmoves.cpp).
    void moveSlots(QList<SlotMove> moves, const MigrationOptions &options);
    /// Warns where a node would come near its maxmemory; what is not known warns of nothing.
    void checkRoom(const QString &name, std::optional<qint64> maxMemory, std::optional<qint64> usedMemory,
                   qint64 arriving);
    void estimateMoves(const QList<SlotMove> &moves, const MigrationOptions &options, bool atomic);
    /// What new primaries, which are no members yet, are given so that all have equal shares of the slots.
    [[nodiscard]] QList<SlotMove> sharesFor(const QList<NodeRef> &newcomers) const;
    void tellUncounted(const QList<SlotMove> &moves); ///< why there is no estimate
    void tellBusyKeys(const MigrationOptions &options); ///< a value that is decided against beforehand is lost
    /// What is lost under a rule, for a plan's dataLoss; empty: nothing.
    [[nodiscard]] static QString busyKeyLoss(BusyKeyPolicy policy);

    // Who is who.
    [[nodiscard]] static NodeRef ref(const NodeState &node) { return {.id = node.id, .address = node.name}; }
    [[nodiscard]] static NodeRef ref(const OutsideNode &node);
    [[nodiscard]] const NodeFacts &factsOf(const QByteArray &id) const;
    [[nodiscard]] const NodeFacts &factsOf(const NodeRef &node) const; ///< of one outside too
    [[nodiscard]] Nodes members() const; ///< in a shard; neither handshakes nor ghosts
    [[nodiscard]] Nodes primaries() const; ///< of members()
    [[nodiscard]] Nodes replicasOf(const QByteArray &primaryId) const;
    [[nodiscard]] const NodeState *primaryOf(const NodeState &replica) const; ///< of its shard; null: not known
    [[nodiscard]] Nodes reachable() const; ///< nodes that answer us
    [[nodiscard]] Result<const NodeState *> find(const QByteArray &id) const; ///< Error where unknown
    [[nodiscard]] static bool answers(const NodeState &node) { return node.reach.state == Reach::State::Ready; }
    [[nodiscard]] static bool alive(const NodeState &node); ///< answers, and nobody says it has failed
    /// The one living node of a shard with slots.
    [[nodiscard]] static bool isLastCopy(const ClusterView &view, const NodeState &node);
    [[nodiscard]] qint64 nodeTimeoutMs() const; ///< the longest known; 15000 where none is
    [[nodiscard]] qint64 usualNodeTimeoutMs() const; ///< what most members have; -1 where none is known

private:
    [[nodiscard]] QString moveMode(const QList<SlotMove> &moves, const MigrationOptions &options);
    void checkScattered(const QMap<QByteArray, SlotSet> &arriving);
    void checkTargets(const QList<SlotMove> &moves, const MigrationOptions &options);
};

[[nodiscard]] QString slotsText(qint64 count); ///< "1 slot", "1,000 slots"
[[nodiscard]] QString keysText(qint64 count);
[[nodiscard]] QString namesOf(const PlanDraft::Nodes &nodes, int maximum = 4); ///< "a, b and 3 others"

// The planners, one file a family; makePlan() chooses.
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
