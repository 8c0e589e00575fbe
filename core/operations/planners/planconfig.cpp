// SPDX-License-Identifier: GPL-3.0-or-later
// A setting on all nodes, copies of the data, saving.
#include "core/base/tr.h"
#include "core/operations/planners/plandraft.h"
#include "core/operations/planners/planners.h"

#include "core/base/secrets.h"
#include "core/base/text.h"

#include <QMap>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verdict = PlanCheck::Verdict;

constexpr qint64 backupBytesPerSecond = 50'000'000;
constexpr int backgroundMs = 3600 * 1000;

/// Plans the change of a setting on all nodes where it differs, and remembers how to undo it.
class Setting
{
public:
    Setting(PlanDraft &planDraft, const ConfigRequest &wanted) : draft(planDraft), request(wanted) { }
    Result<> resolve();
    void plan();

private:
    void look(const NodeState &node);
    void tellChanges();
    void checkTimeout();
    void checkDoor();

    PlanDraft &draft;
    const ConfigRequest &request;
    PlanDraft::Nodes nodes;
    QList<StepCommand> commands;
    SettingChange change;
    /// maps old and new value to the names of the nodes with these values
    QMap<std::pair<QByteArray, QByteArray>, QStringList> changes;
};

Result<> Setting::resolve()
{
    if (request.name.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no setting was given"));
    if (isSecretSetting(request.name))
        return failure(Error::Code::InvalidArgument,
                       tr("%1 is a secret, but plans are displayed and stored in a journal. Set it with redis-cli")
                           .arg(toDisplay(request.name)));
    const QList<QByteArray> named = request.values.isEmpty() ? request.nodeIds : request.values.keys();
    QStringList gone;
    for (const QByteArray &id : named) {
        const auto node = draft.find(id);
        if (!node && request.undoes.isEmpty())
            return failure(node.error());
        if (node)
            nodes.append(*node);
        else
            gone.append(QString::fromLatin1(id.left(8)));
    }
    if (!gone.isEmpty() && nodes.isEmpty())
        return failure(
            Error::Code::Outdated,
            tr("none of the nodes that operation %1 changed is in this cluster any more").arg(request.undoes));
    if (!gone.isEmpty())
        draft.warn(tr("%1 of the nodes that the operation changed are not in the cluster any more").arg(gone.size()),
                   tr("Skipped: %1.").arg(gone.join(u", "_s)));
    if (named.isEmpty())
        nodes = draft.members();
    return {};
}

void Setting::look(const NodeState &node)
{
    if (!PlanDraft::answers(node)) {
        draft.warn(tr("%1 does not answer").arg(node.name), tr("It keeps its value. Set it when the node is back."));
        return;
    }
    const auto &config = draft.facts.config.value(node.id);
    const auto now = config.constFind(request.name.toLower());
    const QByteArray value = request.values.value(node.id, request.value);
    const StepCommand set{PlanDraft::ref(node), commandOf("CONFIG", "SET", request.name, value)};
    if (now == config.cend()) {
        draft.warn(tr("%1 does not know %2, or does not show it").arg(node.name, toDisplay(request.name)),
                   tr("It may refuse the new value."));
        commands.append(set);
        return;
    }
    change.before.insert(node.id, *now);
    if (*now == value)
        return;
    commands.append(set);
    change.undo.insert(node.id, *now);
    changes[{*now, value}].append(node.name);
}

/// Reports each node's old and new value, with nodes that have the same values in one line.
void Setting::tellChanges()
{
    for (auto it = changes.cbegin(); it != changes.cend(); ++it) {
        const auto &[before, after] = it.key();
        draft.plan.notes.append(tr("%1 → %2 on %3")
                                    .arg(toDisplay(before.isEmpty() ? "\"\"" : before),
                                         toDisplay(after.isEmpty() ? "\"\"" : after), it->join(u", "_s)));
    }
}

void Setting::checkTimeout()
{
    if (request.name.toLower() != "cluster-node-timeout")
        return;
    const QList<QByteArray> given = request.values.isEmpty() ? QList{request.value} : request.values.values();
    for (const QByteArray &text : given)
        if (const auto value = toInteger(text); !value || *value < 100)
            draft.refuse(tr("%1 is not a sensible cluster-node-timeout").arg(toDisplay(text)),
                         tr("It is in milliseconds; below 100, nodes mark each other as failed without reason."));
    if (nodes.size() < draft.members().size())
        draft.warn(tr("The new cluster-node-timeout is not set on all nodes"),
                   tr("The nodes would mark each other as failed at different times."));
}

/// Checks settings by which others reach the node: after a wrong value, no client could set it back.
void Setting::checkDoor()
{
    static const QByteArrayList doors{"port", "tls-port", "cluster-port", "bind"};
    if (!doors.contains(request.name.toLower()) || !request.undoes.isEmpty())
        return;
    const QString why =
        tr("Clients and the other nodes reach the node through this setting: a wrong value cuts it off.");
    if (nodes.size() > 1)
        draft.refuse(tr("%1 cannot be set on several nodes at once").arg(toDisplay(request.name)),
                     why + u' ' + tr("Set it on one node after the other, and check each."));
    else
        draft.warn(tr("%1 determines how the node is reached").arg(toDisplay(request.name)), why);
}

void Setting::plan()
{
    checkTimeout();
    checkDoor();
    for (const NodeState *node : std::as_const(nodes))
        look(*node);
    const bool told = std::any_of(nodes.begin(), nodes.end(), [this](const NodeState *node) {
        return draft.facts.config.contains(node->id); // nodes whose setting we may not read are not listed
    });
    if (change.before.isEmpty() && told)
        draft.refuse(tr("No node has a setting %1").arg(toDisplay(request.name)), tr("Check its name."));
    OperationPlan &plan = draft.plan;
    plan.title = request.values.isEmpty()
        ? tr("Set %1 to %2 on %3 nodes").arg(toDisplay(request.name), toDisplay(request.value)).arg(commands.size())
        : tr("Restore %1 on %2 nodes").arg(toDisplay(request.name)).arg(commands.size());
    change.name = request.name;
    change.persist = request.persist;
    plan.results.setting = change;
    if (commands.isEmpty())
        plan.notes.append(tr("All of them already have this value."));
    else
        draft.commands(plan.title, commands).together = true;
    tellChanges();
    if (!change.undo.isEmpty())
        plan.notes.append(tr("The previous values of the nodes are stored with the operation: it can be rolled back "
                             "from its result, and with slotscope-cli config --undo."));
    plan.verifies.append(tr("The reply of each node is shown"));
    if (!request.persist)
        return;
    QList<StepCommand> rewrite;
    for (const NodeState *node : std::as_const(nodes))
        if (PlanDraft::answers(*node))
            rewrite.append({PlanDraft::ref(*node), commandOf("CONFIG", "REWRITE")});
    PlanStep &step = draft.commands(tr("Write it to the nodes' configuration files"), rewrite);
    step.together = true;
    step.risk =
        tr("A node that was started without a configuration file refuses: it forgets the value when it restarts.");
}

} // namespace

Result<OperationPlan> planConfig(const ConfigRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Config);
    draft.checkWorking();
    Setting setting(draft, request);
    if (const auto known = setting.resolve(); !known)
        return failure(known.error());
    setting.plan();
    if (!request.undoes.isEmpty())
        draft.plan.results.rollsBack = request.undoes;
    return draft.plan;
}

std::optional<ConfigRequest> undoOf(const OperationPlan &plan)
{
    const std::optional<SettingChange> &setting = plan.results.setting;
    if (plan.operation != Operation::Config || !setting || setting->undo.isEmpty())
        return {};
    ConfigRequest request;
    request.name = setting->name;
    request.persist = setting->persist;
    for (auto it = setting->undo.cbegin(); it != setting->undo.cend(); ++it)
        request.values.insert(it.key(), *it);
    return request;
}

Result<OperationPlan> planBackup(const BackupRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Backup);
    if (request.folder.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no folder was given"));
    draft.checkNobodyElse();
    if (draft.view.cluster) {
        draft.checkOpenSlots(Verdict::Warn);
        draft.checkMigrations(Verdict::Warn);
        draft.checkCoverage(Verdict::Warn);
    }
    draft.checkVersions();
    const FolderFacts folder = facts.folder.value_or(FolderFacts{});
    if (!folder.unusable.isEmpty())
        draft.refuse(tr("%1 is not writable").arg(request.folder), folder.unusable + u'.');
    else if (folder.holdsBackup)
        draft.refuse(tr("%1 already contains a backup").arg(request.folder),
                     tr("Choose another folder: a backup never overwrites an earlier one."));
    QList<NodeRef> nodes;
    qint64 bytes = 0;
    for (const NodeState *primary : draft.primaries()) {
        if (draft.view.cluster && primary->slots.isEmpty())
            continue;
        const NodeState *from = primary;
        if (!PlanDraft::alive(*primary)) {
            const PlanDraft::Nodes replicas = draft.replicasOf(primary->id);
            const auto living = std::find_if(replicas.begin(), replicas.end(),
                                             [](const NodeState *node) { return PlanDraft::alive(*node); });
            if (living == replicas.end()) {
                draft.refuse(tr("No node of the shard of %1 answers").arg(primary->name),
                             primary->slots.isEmpty()
                                 ? tr("No node has a copy of the data.")
                                 : tr("The backup would lack slots %1.").arg(primary->slots.toString(6)));
                continue;
            }
            from = *living;
            draft.warn(tr("%1 does not answer").arg(primary->name),
                       tr("The backup copies its replica %1 instead.").arg(from->name));
        }
        nodes.append(PlanDraft::ref(*from));
        bytes += from->info ? from->info->usedMemory.value_or(0) : 0;
    }
    if (!draft.view.cluster && draft.primaries().isEmpty()) { // the view contains only a replica
        for (const NodeState &node : draft.view.nodes)
            if (nodes.isEmpty() && PlanDraft::alive(node)) {
                nodes.append(PlanDraft::ref(node));
                bytes = node.info ? node.info->usedMemory.value_or(0) : 0;
                draft.warn(tr("Its primary is not known"), tr("The backup copies the replica %1.").arg(node.name));
            }
        if (nodes.isEmpty())
            draft.refuse(tr("No server answers"), tr("No node has a copy of the data."));
    }
    if (folder.freeBytes >= 0 && folder.freeBytes < bytes)
        draft.warn(tr("%1 are free, and the nodes use %2 of memory").arg(byteSize(folder.freeBytes), byteSize(bytes)),
                   tr("The files are usually smaller than that. If they are not, the backup fails and removes what it "
                      "has written."));
    PlanStep &step =
        draft.step(PlanStep::Kind::Backup, tr("Copy %1 nodes to %2").arg(nodes.size()).arg(request.folder));
    step.nodes = nodes;
    step.folder = request.folder;
    step.deadlineMs = int(std::min<qint64>(600'000 + bytes * 1000 / (backupBytesPerSecond / 10), 24LL * 3600 * 1000));
    step.risk = tr("Each node forks and needs extra memory for writes during the copy. The copies start at the same "
                   "time, but they are not one consistent snapshot of the cluster.");
    draft.plan.title = step.title;
    draft.plan.verifies = {tr("Each file is complete, and its checksum is correct (if the server writes one)"),
                           tr("A manifest file describes the topology")};
    draft.plan.notes.append(tr("The estimate is the memory in use; the files are usually smaller."));
    draft.plan.estimate.bytes = bytes;
    draft.plan.estimate.milliseconds = bytes * 1000 / backupBytesPerSecond;
    return draft.plan;
}

Result<OperationPlan> planSave(const SaveRequest &request, const OperationFacts &facts)
{
    PlanDraft draft(facts, Operation::Save);
    draft.checkWorking();
    const QByteArray command = request.rewriteAof ? "BGREWRITEAOF"_ba : "BGSAVE"_ba;
    QList<NodeRef> nodes;
    QList<StepCommand> commands;
    for (const NodeState *node : draft.members()) {
        if (request.primariesOnly && !node->primary)
            continue;
        if (!PlanDraft::answers(*node)) {
            draft.warn(tr("%1 does not answer").arg(node->name), tr("The node is skipped."));
            continue;
        }
        if (draft.factsOf(node->id).lastSaveRunning.value_or(0) > 0)
            draft.warn(tr("%1 is already saving").arg(node->name), tr("The running save is used."));
        nodes.append(PlanDraft::ref(*node));
        commands.append({nodes.constLast(), Command{command}});
    }
    PlanStep &step = draft.step(PlanStep::Kind::Background,
                                tr("%1 on %2 nodes").arg(QString::fromLatin1(command)).arg(nodes.size()));
    step.nodes = nodes;
    step.commands = commands;
    step.tolerated = {"already in progress"_ba};
    step.deadlineMs = backgroundMs;
    step.risk = tr("Each node forks and needs extra memory for writes during the save.");
    draft.plan.title = step.title;
    draft.plan.verifies = {tr("Each node reports success")};
    return draft.plan;
}

} // namespace slotscope
