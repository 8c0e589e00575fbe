// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/operationwords.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct OperationName
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::OperationWords)
};
using Group = OperationInfo::Group;

} // namespace

QList<OperationInfo> operationInfos()
{
    return {
        {Operation::Create, Group::Grow, OperationName::tr("Create cluster"),
         OperationName::tr("Make a cluster of empty nodes"), OperationName::tr("new form"), false},
        {Operation::AddNode, Group::Grow, OperationName::tr("Add node"),
         OperationName::tr("Let a new primary or replica join"), OperationName::tr("grow scale join replica")},
        {Operation::Meet, Group::Grow, OperationName::tr("Meet"),
         OperationName::tr("Only introduce a node, no role yet"), OperationName::tr("join introduce")},
        {Operation::RemoveNode, Group::Shrink, OperationName::tr("Remove node"),
         OperationName::tr("Move its slots away, then remove it"), OperationName::tr("shrink scale delete drain")},
        {Operation::Forget, Group::Shrink, OperationName::tr("Forget"),
         OperationName::tr("Remove a dead node from every table"), OperationName::tr("ghost remove")},
        {Operation::Reset, Group::Shrink, OperationName::tr("Reset"),
         OperationName::tr("Make a node outside a cluster empty again"), OperationName::tr("clear wipe")},
        {Operation::Reshard, Group::Move, OperationName::tr("Reshard"),
         OperationName::tr("Move slots from primaries to another"), OperationName::tr("migrate slots move")},
        {Operation::Rebalance, Group::Move, OperationName::tr("Rebalance"),
         OperationName::tr("Balance slots, keys, memory or CPU"), OperationName::tr("migrate slots even weights")},
        {Operation::Failover, Group::FailOver, OperationName::tr("Failover"),
         OperationName::tr("Let a replica become the primary of its shard"),
         OperationName::tr("failover promote switch takeover")},
        {Operation::RollingFailover, Group::FailOver, OperationName::tr("Rolling failover"),
         OperationName::tr("Free a host of primaries, or undo it"), OperationName::tr("maintenance layout host zone")},
        {Operation::Drill, Group::FailOver, OperationName::tr("Failure drill"),
         OperationName::tr("Make a node unavailable and measure what happens"),
         OperationName::tr("rehearse chaos test outage probe")},
        {Operation::Replicate, Group::FailOver, OperationName::tr("Replicate"),
         OperationName::tr("Make a node a replica of another"), OperationName::tr("replica promote follow")},
        {Operation::Fix, Group::Repair, OperationName::tr("Fix slots"),
         OperationName::tr("Finish open slots, cover uncovered ones"), OperationName::tr("repair open uncovered")},
        {Operation::Orphans, Group::Repair, OperationName::tr("Orphan keys"),
         OperationName::tr("Find keys on nodes that do not own them"), OperationName::tr("repair keys lost")},
        {Operation::Backup, Group::Keep, OperationName::tr("Backup"),
         OperationName::tr("An RDB file of every primary, on this computer"), OperationName::tr("rdb snapshot dump")},
        {Operation::Save, Group::Keep, OperationName::tr("Save on the servers"),
         OperationName::tr("BGSAVE or BGREWRITEAOF everywhere"), OperationName::tr("bgsave aof rewrite persist"),
         false},
        {Operation::Config, Group::Keep, OperationName::tr("Configure"),
         OperationName::tr("Set one setting on all nodes"), OperationName::tr("config set parameter timeout"), false},
    };
}

QString groupTitle(Group group)
{
    switch (group) {
    case Group::Grow: return OperationName::tr("Grow");
    case Group::Shrink: return OperationName::tr("Shrink");
    case Group::Move: return OperationName::tr("Move slots");
    case Group::FailOver: return OperationName::tr("Fail over");
    case Group::Repair: return OperationName::tr("Repair");
    case Group::Keep: return OperationName::tr("Keep");
    }
    return {};
}

QString operationTitle(std::optional<Operation> operation)
{
    if (operation == Operation::RollBack) // a roll-back is started from a run, not from a card
        return OperationName::tr("Roll back");
    const QList<OperationInfo> infos = operationInfos();
    const auto it = std::find_if(infos.begin(), infos.end(),
                                 [&operation](const OperationInfo &info) { return info.operation == operation; });
    return it == infos.end() ? QString() : it->title;
}

} // namespace slotscope
