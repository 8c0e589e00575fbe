// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillrecorder.h"

#include "core/base/text.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = DrillEvent::Kind;

/// A field of INFO; empty if it is missing.
QByteArray fieldIn(const QByteArray &info, const QByteArray &name)
{
    for (const QByteArray &raw : info.split('\n'))
        if (raw.startsWith(name + ':'))
            return raw.mid(name.size() + 1).trimmed();
    return {};
}

} // namespace

DrillRecorder::DrillRecorder(const DrillPlan &plan) : m_plan(plan), m_names(plan.observers)
{
    for (const DrillTarget &target : plan.targets) {
        m_names.insert(target.id, target.name);
        if (!target.primary)
            continue;
        Shard &shard = m_shards[target.shard];
        shard.former = target.id;
        shard.offsets.shard = target.shard;
        shard.offsets.former = target.name;
    }
    for (const DrillLane &lane : plan.lanes)
        if (lane.control)
            m_shards[lane.shard].former = lane.primary;
    for (Shard &shard : m_shards)
        shard.members.insert(shard.former);
}

QString DrillRecorder::nameOf(const QByteArray &id) const
{
    return m_names.value(id, QString::fromLatin1(id.left(8)));
}

void DrillRecorder::note(Kind kind, int shard, qint64 at, qint64 since, const QByteArray &node, const QByteArray &by)
{
    m_events.append({.kind = kind,
                     .shard = shard,
                     .at = at,
                     .since = since > 0 ? since : at,
                     .node = node,
                     .name = nameOf(node),
                     .by = by.isEmpty() ? QString() : nameOf(by)});
}

void DrillRecorder::did(Kind kind, const DrillTarget &target, qint64 at)
{
    if (kind == Kind::Begun && m_begunAt == 0)
        m_begunAt = at;
    note(kind, target.shard, at, at, target.id, {});
}

void DrillRecorder::withdraw(const DrillTarget &target)
{
    m_events.removeIf(
        [&target](const DrillEvent &event) { return event.kind == Kind::Begun && event.node == target.id; });
    const auto first = std::find_if(m_events.cbegin(), m_events.cend(),
                                    [](const DrillEvent &event) { return event.kind == Kind::Begun; });
    m_begunAt = first == m_events.cend() ? 0 : first->at;
}

void DrillRecorder::silent(const QByteArray &observer, qint64 asked, qint64 at)
{
    Told &told = m_told[observer];
    const bool wasSilent = std::exchange(told.silent, true);
    for (const DrillTarget &target : m_plan.targets)
        if (target.id == observer && m_begunAt > 0 && !wasSilent)
            note(Kind::Silent, target.shard, at, asked, observer, {});
    told.unanswered = asked;
}

void DrillRecorder::take(const QByteArray &observer, qint64 asked, qint64 at, const NodesTable &table)
{
    for (const NodeLine &line : table.lines)
        if (!m_names.contains(line.id) && line.address.port > 0)
            m_names.insert(line.id, line.address.toString());
    Told &told = m_told[observer];
    takeTargets(told, observer, at, table);
    takeShards(told, observer, at, table);
    told.asked = asked;
    told.silent = false;
}

void DrillRecorder::takeTargets(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table)
{
    for (const DrillTarget &target : m_plan.targets) {
        const NodeLine *line = table.find(target.id);
        if (!line)
            continue;
        const bool itself = target.id == observer;
        if (itself && told.silent && m_begunAt > 0)
            note(Kind::Answers, target.shard, at, told.unanswered, target.id, {});
        const bool follows = itself && line->flags.testFlag(NodeFlag::Replica);
        if (itself && target.primary && follows && !told.follows)
            note(Kind::Follows, target.shard, at, told.asked > 0 ? told.asked : m_begunAt, target.id, target.id);
        if (itself)
            told.follows = follows;
        const NodeFlags before = std::exchange(told.flags[target.id], line->flags);
        if (itself)
            continue;
        const auto begins = [&](NodeFlag flag) { return line->flags.testFlag(flag) && !before.testFlag(flag); };
        if (begins(NodeFlag::MaybeFailed) && !line->flags.testFlag(NodeFlag::Failed))
            note(Kind::Suspected, target.shard, at, told.asked, target.id, observer);
        if (begins(NodeFlag::Failed))
            note(Kind::Failed, target.shard, at, told.asked, target.id, observer);
    }
}

void DrillRecorder::takeShards(Told &told, const QByteArray &observer, qint64 at, const NodesTable &table)
{
    for (auto it = m_shards.begin(); it != m_shards.end(); ++it) {
        Shard &shard = it.value();
        for (const NodeLine &line : table.lines) // replicas of members are members, too
            if (shard.members.contains(line.primaryId))
                shard.members.insert(line.id);
        const NodeLine *primary = nullptr;
        for (const NodeLine &line : table.lines)
            if (shard.members.contains(line.id) && line.flags.testFlag(NodeFlag::Primary) && !line.slots.isEmpty()
                && (!primary || line.configEpoch > primary->configEpoch))
                primary = &line;
        if (!primary)
            continue;
        const auto epoch = quint64(primary->configEpoch);
        if (!shard.epoch || epoch > *shard.epoch) {
            shard.epoch = epoch;
            shard.now = primary->id;
        }
        const bool known = told.primaries.contains(it.key());
        const QByteArray before = std::exchange(told.primaries[it.key()], primary->id);
        if (!known || before == primary->id || epoch < *shard.epoch)
            continue;
        note(primary->id == shard.former ? Kind::Restored : Kind::Elected, it.key(), at, told.asked, primary->id,
             observer);
    }
}

void DrillRecorder::takeReplication(const QByteArray &observer, qint64 at, const QByteArray &info)
{
    const qint64 offset = toInteger(fieldIn(info, "master_repl_offset")).value_or(-1);
    const bool leads = fieldIn(info, "role") == "master";
    Told &told = m_told[observer];
    for (auto it = m_shards.begin(); it != m_shards.end(); ++it) {
        Shard &shard = it.value();
        if (observer == shard.former && leads && m_begunAt == 0) {
            shard.offsets.formerOffset = offset;
            shard.offsets.formerAt = at;
        } else if (shard.members.contains(observer) && observer != shard.former && leads
                   && shard.offsets.heirOffset < 0) {
            // the new primary received the old one's replication stream up to one byte before second_repl_offset
            const qint64 own = toInteger(fieldIn(info, "second_repl_offset")).value_or(-1);
            shard.offsets.heirOffset = own > 0 ? own - 1 : -1;
            shard.offsets.heir = nameOf(observer);
        }
    }
    const bool linked = !leads && fieldIn(info, "master_link_status") == "up";
    const auto target = std::find_if(m_plan.targets.cbegin(), m_plan.targets.cend(),
                                     [&](const DrillTarget &one) { return one.id == observer && one.primary; });
    if (target != m_plan.targets.cend() && linked && !told.linked)
        note(Kind::Linked, target->shard, at, told.asked, observer, observer);
    told.linked = linked;
}

QByteArray DrillRecorder::primaryOf(int shard) const
{
    const auto it = m_shards.constFind(shard);
    return it == m_shards.cend() ? QByteArray() : it->now.isEmpty() ? it->former : it->now;
}

bool DrillRecorder::isTakenOver() const
{
    return std::all_of(m_plan.targets.cbegin(), m_plan.targets.cend(), [this](const DrillTarget &target) {
        return !target.primary || primaryOf(target.shard) != target.id;
    });
}

QList<DrillOffsets> DrillRecorder::offsets() const
{
    QList<DrillOffsets> list;
    for (const Shard &shard : m_shards)
        if (shard.offsets.shard > 0)
            list.append(shard.offsets);
    return list;
}

} // namespace slotscope
