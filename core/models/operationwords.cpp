// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/operationwords.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(slotscope::OperationWords)
};
using Group = OperationInfo::Group;

} // namespace

QList<OperationInfo> operationInfos()
{
    return {
        {u"create"_s, Group::Grow, Words::tr("Create cluster"), Words::tr("Make a cluster of empty nodes"),
         Words::tr("new form"), false},
        {u"add-node"_s, Group::Grow, Words::tr("Add node"), Words::tr("Let a new primary or replica join"),
         Words::tr("grow scale join replica")},
        {u"meet"_s, Group::Grow, Words::tr("Meet"), Words::tr("Only introduce a node, no role yet"),
         Words::tr("join introduce")},
        {u"remove-node"_s, Group::Shrink, Words::tr("Remove node"), Words::tr("Drain its slots, then take it out"),
         Words::tr("shrink scale delete drain")},
        {u"forget"_s, Group::Shrink, Words::tr("Forget"), Words::tr("Drop a dead node from every table"),
         Words::tr("ghost remove")},
        {u"reset"_s, Group::Shrink, Words::tr("Reset"), Words::tr("Make a node outside blank again"),
         Words::tr("clear wipe")},
        {u"reshard"_s, Group::Move, Words::tr("Reshard"), Words::tr("Move slots from primaries to another"),
         Words::tr("migrate slots move")},
        {u"rebalance"_s, Group::Move, Words::tr("Rebalance"), Words::tr("Even out slots, keys, memory or CPU"),
         Words::tr("migrate slots even weights")},
        {u"failover"_s, Group::FailOver, Words::tr("Failover"), Words::tr("Let a replica take its shard over"),
         Words::tr("failover promote switch takeover")},
        {u"rolling-failover"_s, Group::FailOver, Words::tr("Rolling failover"),
         Words::tr("Free a host of primaries, or undo it"), Words::tr("maintenance layout host zone")},
        {u"replicate"_s, Group::FailOver, Words::tr("Replicate"), Words::tr("Make a node a replica of another"),
         Words::tr("replica promote follow")},
        {u"fix"_s, Group::Repair, Words::tr("Fix slots"), Words::tr("Close open slots, cover lost ones"),
         Words::tr("repair open uncovered")},
        {u"orphans"_s, Group::Repair, Words::tr("Orphan keys"), Words::tr("Find keys that lie on a foreign node"),
         Words::tr("repair keys lost")},
        {u"backup"_s, Group::Keep, Words::tr("Backup"), Words::tr("An RDB file of every primary, here"),
         Words::tr("rdb snapshot dump")},
        {u"save"_s, Group::Keep, Words::tr("Save on the servers"), Words::tr("BGSAVE or BGREWRITEAOF everywhere"),
         Words::tr("bgsave aof rewrite persist"), false},
        {u"config"_s, Group::Keep, Words::tr("Configure"), Words::tr("Set one setting on all nodes"),
         Words::tr("config set parameter timeout"), false},
    };
}

QString groupTitle(Group group)
{
    switch (group) {
    case Group::Grow: return Words::tr("Grow");
    case Group::Shrink: return Words::tr("Shrink");
    case Group::Move: return Words::tr("Move slots");
    case Group::FailOver: return Words::tr("Fail over");
    case Group::Repair: return Words::tr("Repair");
    case Group::Keep: return Words::tr("Keep");
    }
    return {};
}

QString operationTitle(const QString &operation)
{
    if (operation == u"roll-back") // begins at a run, not on a card
        return Words::tr("Roll back");
    const QList<OperationInfo> infos = operationInfos();
    const auto it = std::find_if(infos.begin(), infos.end(),
                                 [&operation](const OperationInfo &info) { return info.operation == operation; });
    return it == infos.end() ? operation : it->title;
}

} // namespace slotscope
