// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/facts/facts.h"

#include "core/base/tr.h"
#include "core/operations/facts/nodefacts.h"
#include "core/operations/facts/rights.h"
#include "core/operations/facts/waiting.h"
#include "core/session/clustersession.h"
#include "core/session/keycounting.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QDir>
#include <QPointer>
#include <QStorageInfo>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Facts = std::shared_ptr<OperationFacts>;
using Session = std::shared_ptr<ClusterSession>;

constexpr int betweenLooksMs = 20;
// Changes by the last operation or a failover may still be spreading. Only if something changes again between further
// checks, somebody else is at work.
constexpr int betweenFurtherLooksMs = 400;
constexpr int looksUntilCalm = 4;
// News of an election or a handover may take this long to reach all nodes. Only a dispute that lasts longer needs
// repair.
constexpr int disputesSettleMs = 2000;
// For a moment, a slot that another tool is moving slowly looks like a slot left open.
constexpr int openSlotsSettleMs = 1000;
constexpr int slotsPerCount = 2048;

/// What a request's planner needs to know beyond the nodes' tables.
struct Needs
{
    bool keyCounts = false, orphans = false;
    FurtherNeeds further; ///< additional queries to each node
    QString folder; ///< a folder on this computer
    QByteArray slotStat; ///< the CLUSTER SLOT-STATS metric to read
    QList<Endpoint> outside;
    std::optional<SlotSet> keysByNode; ///< key counts per node are needed for these slots and for all inconsistent ones
    bool lastingDisputes = false; ///< disagreements are going to be decided, so wait to see whether they last
};

template <typename... Cases>
struct Overloaded : Cases...
{
    using Cases::operator()...;
};

Needs needsOf(const OperationRequest &request)
{
    Needs needs;
    std::visit(Overloaded{
                   [&](const AddNodeRequest &r) {
                       needs.outside = r.endpoints();
                       needs.keyCounts = needs.further.moves = r.rebalance;
                       needs.further.functions = needs.further.replication = true;
                   },
                   [&](const MeetRequest &r) { needs.outside = {r.endpoint}; },
                   [&](const RemoveNodeRequest &) {
                       needs.keyCounts = needs.further.moves = needs.further.replication = true;
                   },
                   [&](const ReshardRequest &) { needs.keyCounts = needs.further.moves = true; },
                   [&](const RollBackRequest &) {
                       needs.keyCounts = needs.further.moves = true;
                       needs.keysByNode.emplace(); // only for slots that are open
                   },
                   [&](const FailoverRequest &) { needs.further.replication = true; },
                   [&](const RollingFailoverRequest &) { needs.further.replication = true; },
                   [&](const ReplicateRequest &) { needs.further.replication = true; },
                   [&](const RebalanceRequest &r) {
                       needs.keyCounts = needs.further.moves = true;
                       if (r.by == RebalanceRequest::By::Memory)
                           needs.slotStat = "memory-bytes"_ba;
                       if (r.by == RebalanceRequest::By::Cpu)
                           needs.slotStat = "cpu-usec"_ba;
                   },
                   [&](const FixRequest &r) {
                       needs.lastingDisputes = needs.further.moves = true;
                       needs.keysByNode = r.slots;
                       for (auto it = r.assign.cbegin(); it != r.assign.cend(); ++it)
                           needs.keysByNode->add(it.key());
                   },
                   [&](const OrphansRequest &) { needs.orphans = needs.lastingDisputes = needs.further.moves = true; },
                   [&](const ConfigRequest &r) { needs.further.setting = r.name; },
                   [&](const BackupRequest &r) { needs.folder = r.folder; },
                   [&](const DrillRequest &r) {
                       needs.further.replication = true;
                       if (r.spec.way == DrillWay::DebugSleep)
                           needs.further.setting = "enable-debug-command";
                   },
                   [](const auto &) {},
               },
               request);
    return needs;
}

QCoro::Task<Result<std::vector<Value>>> askNode(Session session, QByteArray id, std::vector<Command> questions)
{
    const Result<NodeLink *> link = co_await session->linkTo(id);
    if (!link)
        co_return failure(link.error());
    auto replies = co_await (*link)->sendAll(questions);
    co_return replies;
}

QCoro::Task<> gatherNode(Session session, Facts facts, QByteArray id, Needs needs)
{
    auto replies = co_await askNode(session, id, capabilityQuestions());
    NodeFacts node;
    node.answered = replies.has_value();
    if (replies)
        takeCapabilities(node, *replies);
    else
        node.error = replies.error();
    QHash<QByteArray, QByteArray> config;
    const std::vector<Command> questions = furtherQuestions(node, needs.further);
    if (node.answered && !questions.empty()) {
        replies = co_await askNode(session, id, questions);
        if (replies)
            takeFurther(node, needs.further, questions, *replies, config);
        for (size_t i = 0; replies && i < questions.size(); ++i)
            if (!needs.further.setting.isEmpty() && questions[i].last() == needs.further.setting
                && !(*replies)[i].isError()) // after an error, the setting is unknown, which is different from not set
                facts->config.insert(id, config);
    }
    if (node.answered) {
        const AskNode ask = [session, id](std::vector<Command> asked) {
            return askNode(session, id, std::move(asked));
        };
        node = co_await withRights(node, ask);
    }
    facts->nodes.insert(id, node);
}

/// Counts keys of the slots `wanted` in one database of a node, and adds them to the facts.
QCoro::Task<Result<>> countIn(Session session, Facts facts, QByteArray id, int database, QList<quint16> wanted)
{
    const QString name = facts->view->node(id)->name;
    for (qsizetype first = 0; first < wanted.size(); first += slotsPerCount) {
        const QList<quint16> part = wanted.mid(first, slotsPerCount);
        std::vector<Command> batch;
        const size_t before = database > 0 ? 1 : 0;
        if (database > 0)
            batch.push_back(commandOf("SELECT", QByteArray::number(database)));
        for (const quint16 slot : part)
            batch.push_back(commandOf("CLUSTER", "COUNTKEYSINSLOT", QByteArray::number(slot)));
        if (database > 0)
            batch.push_back(commandOf("SELECT", "0"));
        const auto replies = co_await askNode(session, id, batch);
        if (!replies)
            co_return failure(replies.error());
        for (const Value &reply : *replies)
            if (const auto refused = errorOf(reply, name, u"CLUSTER COUNTKEYSINSLOT"_s))
                co_return failure(*refused);
        for (qsizetype i = 0; i < part.size(); ++i)
            facts->slotKeysByNode[part[i]][id] += (*replies)[size_t(i) + before].toInteger();
    }
    co_return Result<>();
}

/// Counts keys of the slots `wanted` on one node over all its databases. Unknown counts must not be mistaken for zero.
QCoro::Task<> countOn(Session session, Facts facts, QByteArray id, QList<quint16> wanted)
{
    std::vector<Command> question;
    question.push_back(commandOf("INFO", "keyspace"));
    const auto keyspace = co_await askNode(session, id, question);
    const auto databases = keyspace ? databasesIn(keyspace->front(), facts->view->node(id)->name)
                                    : Result<QList<int>>(failure(keyspace.error()));
    if (!databases) {
        facts->uncounted.insert(id, databases.error());
        co_return;
    }
    const QList<int> numbers = *databases;
    for (const int database : numbers) {
        const auto counted = co_await countIn(session, facts, id, database, wanted);
        if (!counted) {
            facts->uncounted.insert(id, counted.error());
            co_return;
        }
    }
    facts->counted.insert(id);
}

QCoro::Task<> countOnPrimaries(Session session, Facts facts, SlotSet set)
{
    std::vector<QCoro::Task<>> tasks;
    const QList<quint16> wanted = set.toList();
    const ClusterViewPtr view = facts->view;
    for (const NodeState &node : view->nodes)
        if (node.primary && node.reach.state == Reach::State::Ready)
            tasks.push_back(countOn(session, facts, node.id, wanted));
    for (QCoro::Task<> &task : tasks)
        co_await task;
}

/// Slots for which, between two counts, one node lost keys and another gained some. Only nodes that answered completely
/// both times count.
SlotSet movingBetween(const OperationFacts &first, const OperationFacts &second)
{
    SlotSet set;
    for (auto slot = second.slotKeysByNode.cbegin(); slot != second.slotKeysByNode.cend(); ++slot) {
        const QHash<QByteArray, qint64> before = first.slotKeysByNode.value(slot.key());
        bool fell = false, rose = false;
        for (auto node = slot->cbegin(); node != slot->cend(); ++node) {
            if (!first.counted.contains(node.key()) || !second.counted.contains(node.key()))
                continue;
            fell = fell || *node < before.value(node.key(), *node);
            rose = rose || *node > before.value(node.key(), *node);
        }
        if (fell && rose)
            set.add(slot.key());
    }
    return set;
}

/// Slots that are open, have no owner, or are claimed by two nodes.
SlotSet inDisorder(const ClusterView &view)
{
    SlotSet set = view.uncovered.united(view.disputed).united(openIn(view));
    for (const SlotSet &denied : view.denied)
        set = set.united(denied);
    return set;
}

/// Keeps only keys on nodes that do not own the slot. Keys of open slots are no orphans.
void keepOrphans(OperationFacts &facts)
{
    for (auto slot = facts.slotKeysByNode.cbegin(); slot != facts.slotKeysByNode.cend(); ++slot) {
        if (facts.view->openSlots.contains(slot.key()))
            continue;
        const int owner = facts.view->owner[slot.key()];
        for (auto node = slot->cbegin(); node != slot->cend(); ++node)
            if (*node > 0 && facts.view->indexOf(node.key()) != owner)
                facts.orphans.append({.nodeId = node.key(), .slot = slot.key(), .keys = *node});
    }
    facts.slotKeysByNode.clear();
    std::sort(facts.orphans.begin(), facts.orphans.end(), [](const OrphanKeys &a, const OrphanKeys &b) {
        return std::tie(a.nodeId, a.slot) < std::tie(b.nodeId, b.slot);
    });
}

QCoro::Task<> gatherStats(Session session, Facts facts, QByteArray figure)
{
    const ClusterViewPtr view = facts->view;
    for (const NodeState &node : view->nodes) {
        if (!node.primary || node.slots.isEmpty() || !facts->nodes.value(node.id).slotStats)
            continue;
        std::vector<Command> question;
        question.push_back(commandOf("CLUSTER", "SLOT-STATS", "SLOTSRANGE", "0", QByteArray::number(slotCount - 1)));
        const auto replies = co_await askNode(session, node.id, question);
        if (!replies || !replies->front().isAggregate())
            continue;
        for (const Value &entry : replies->front().items()) {
            const Value::List &pair = entry.items();
            const Value *value = pair.size() == 2 ? pair[1].find(figure) : nullptr;
            const qint64 slot = value ? pair[0].toInteger() : -1;
            if (slot >= 0 && slot < slotCount)
                facts->slotLoad[quint16(slot)] = value->toInteger();
        }
    }
}

/// Examines a folder. If it does not exist, the nearest existing parent is examined, in which it would be created.
FolderFacts lookAt(const QString &folder)
{
    FolderFacts facts;
    facts.holdsBackup = QFileInfo::exists(folder + u"/manifest.json"_s);
    QFileInfo nearest(QDir::cleanPath(QDir::current().absoluteFilePath(folder)));
    while (!nearest.exists() && !nearest.isRoot())
        nearest = QFileInfo(nearest.path());
    if (!nearest.isDir())
        facts.unusable = tr("%1 is a file, not a folder").arg(nearest.filePath());
    else if (!nearest.isWritable())
        facts.unusable = tr("you have no permission to write to %1").arg(nearest.filePath());
    if (const QStorageInfo storage(nearest.filePath()); storage.isValid())
        facts.freeBytes = storage.bytesAvailable();
    return facts;
}

QCoro::Task<> gatherNeeds(Session session, Facts facts, Needs needs)
{
    if (!needs.folder.isEmpty())
        facts->folder = lookAt(needs.folder);
    if (needs.keyCounts)
        if (const auto counts = co_await countKeys(session.get()))
            facts->keyCounts = *counts;
    if (!needs.slotStat.isEmpty())
        co_await gatherStats(session, facts, needs.slotStat);
    if (needs.keysByNode)
        co_await countOnPrimaries(session, facts, needs.keysByNode->united(inDisorder(*facts->view)));
    if (needs.orphans) {
        co_await countOnPrimaries(session, facts, SlotSet::all());
        keepOrphans(*facts);
    }
    if (!needs.outside.isEmpty())
        if (const auto outside = co_await gatherOutside(needs.outside, session->target().access()))
            facts->outside = (*outside)->outside;
}

} // namespace

QCoro::Task<Result<std::shared_ptr<OperationFacts>>> gatherFacts(std::shared_ptr<ClusterSession> session,
                                                                 OperationRequest request)
{
    const Needs needs = needsOf(request);
    auto before = co_await session->fullCheck();
    if (!before)
        co_return failure(before.error());
    for (int tries = 1;; ++tries) {
        QElapsedTimer sinceLook;
        sinceLook.start();
        const auto facts = std::make_shared<OperationFacts>();
        facts->view = *before;
        facts->withPassword = session->target().credentials.hasSecret();
        std::vector<QCoro::Task<>> tasks;
        for (const NodeState &node : facts->view->nodes)
            if (node.reach.state == Reach::State::Ready)
                tasks.push_back(gatherNode(session, facts, node.id, needs));
        for (QCoro::Task<> &task : tasks)
            co_await task;
        co_await gatherNeeds(session, facts, needs);
        const SlotSet open = needs.keysByNode ? openIn(**before) : SlotSet();
        int settles = tries == 1 ? betweenLooksMs : betweenFurtherLooksMs;
        if (!open.isEmpty())
            settles = std::max(settles, openSlotsSettleMs);
        if (needs.lastingDisputes && !(*before)->disputed.isEmpty())
            settles = std::max(settles, disputesSettleMs);
        if (const qint64 left = settles - sinceLook.elapsed(); left > 0)
            co_await QCoro::sleepFor(std::chrono::milliseconds(left));
        if (!open.isEmpty()) {
            const auto again = std::make_shared<OperationFacts>();
            again->view = *before;
            co_await countOnPrimaries(session, again, open);
            facts->keysMoving = movingBetween(*facts, *again);
        }
        auto after = co_await session->fullCheck();
        if (!after)
            co_return failure(after.error());
        facts->changed = differenceOf(**before, **after);
        facts->changing = !facts->changed.isEmpty();
        if (!facts->changing || tries == looksUntilCalm) {
            facts->view = *after;
            co_return Result<std::shared_ptr<OperationFacts>>(facts);
        }
        before = after;
    }
}

} // namespace slotscope
