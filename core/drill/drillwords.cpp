// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillwords.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = DrillEvent::Kind;
using Phase = DrillPhase::Kind;

/// Formats the time between an observer's last reply without the event and the first one with it.
QString spread(qint64 at, qint64 since)
{
    return at > since ? tr(" (within the last %1)").arg(drillSpan(at - since)) : QString();
}

QString whatHappened(const DrillEvent &event)
{
    switch (event.kind) {
    case Kind::Begun: return tr("%1 is made unavailable").arg(event.name);
    case Kind::Silent: return tr("%1 does not answer Slotscope").arg(event.name);
    case Kind::Suspected: return tr("%1 suspects %2").arg(event.by, event.name);
    case Kind::Failed: return tr("%1 marks %2 as failed").arg(event.by, event.name);
    case Kind::Elected: return tr("%1 sees %2 as the primary").arg(event.by, event.name);
    case Kind::Answers: return tr("%1 answers Slotscope again").arg(event.name);
    case Kind::Follows: return tr("%1 sees itself as a replica").arg(event.name);
    case Kind::Linked: return tr("the replication link of %1 is up").arg(event.name);
    case Kind::Starting: return tr("%1 is started again").arg(event.name);
    case Kind::HandingBack: return tr("%1 is told to take over again").arg(event.name);
    case Kind::Restored: return tr("%1 sees %2 as the primary again").arg(event.by, event.name);
    }
    return {};
}

std::optional<DrillPhase> phaseOf(const DrillEvent &event)
{
    const auto make = [&event](Phase kind, const QString &title, const QString &detail) {
        return DrillPhase{.kind = kind, .at = event.at, .since = event.since, .title = title, .detail = detail};
    };
    switch (event.kind) {
    case Kind::Begun: return make(Phase::Begun, tr("Made unavailable"), event.name);
    case Kind::Suspected: return make(Phase::Suspected, tr("Suspected"), tr("by %1").arg(event.by));
    case Kind::Failed: return make(Phase::Failed, tr("Failed"), tr("according to %1").arg(event.by));
    case Kind::Elected: return make(Phase::Elected, tr("Elected"), tr("%1, according to %2").arg(event.name, event.by));
    case Kind::Starting: return make(Phase::Starting, tr("Started again"), event.name);
    case Kind::Follows: return make(Phase::Follows, tr("Back as a replica"), tr("%1, by itself").arg(event.name));
    case Kind::HandingBack: return make(Phase::HandingBack, tr("Handed back"), event.name);
    case Kind::Restored:
        return make(Phase::Restored, tr("Layout restored"), tr("%1, according to %2").arg(event.name, event.by));
    case Kind::Silent:
    case Kind::Answers:
    case Kind::Linked: break;
    }
    return {};
}

void concludeGap(QList<DrillConclusion> &list, const DrillReport &report, const DrillLaneReport &lane)
{
    using C = DrillConclusion::Kind;
    const QString shard = lane.control ? tr("Shard %1 (control)").arg(lane.shard) : tr("Shard %1").arg(lane.shard);
    const int every = report.writesPerSecond > 0 ? 1000 / report.writesPerSecond : 0;
    if (!lane.away)
        list.append({C::Good, tr("%1: no write was delayed by more than a tenth of a second.").arg(shard)});
    else if (!lane.away->over)
        list.append({C::Bad, tr("%1: no write was acknowledged after %2.").arg(shard, drillTime(lane.away->from))});
    else
        list.append(
            {lane.control ? C::Bad : C::Note,
             tr("%1: no write was acknowledged for %2 (from %3 to %4; one was sent every %5 ms).")
                 .arg(shard, drillSpan(lane.away->length()), drillTime(lane.away->from), drillTime(lane.away->to))
                 .arg(every)});
    QStringList errors;
    for (auto it = lane.errors.cbegin(); it != lane.errors.cend(); ++it)
        errors.append(tr("%1 × %2").arg(groupedNumber(it.value()), it.key()));
    if (!errors.isEmpty())
        list.append(
            {C::Note, tr("%1: errors of the writes that were not acknowledged: %2.").arg(shard, errors.join(u", "_s))});
    if (lane.back && lane.back->over && !lane.control)
        list.append({C::Note,
                     tr("%1: while the layout was restored, no write was acknowledged for %2.")
                         .arg(shard, drillSpan(lane.back->length()))});
}

void concludeWrites(QList<DrillConclusion> &list, const DrillLaneReport &lane)
{
    using C = DrillConclusion::Kind;
    const QString shard = tr("Shard %1").arg(lane.shard);
    if (!lane.readBack) {
        list.append({C::Note, tr("%1: it was not checked afterwards whether the writes are still there.").arg(shard)});
        return;
    }
    if (lane.missing == 0 && lane.unread == 0)
        list.append({C::Good,
                     tr("%1: all %2 acknowledged writes are there; the replicas had acknowledged %3 of them too.")
                         .arg(shard, groupedNumber(lane.acknowledged), groupedNumber(lane.byReplicas))});
    else if (lane.missing > 0)
        list.append({lane.missingByReplicas > 0 ? C::Bad : C::Note,
                     tr("%1: %2 of %3 acknowledged writes are lost; of %4 that the replicas had also acknowledged, %5.")
                         .arg(shard, groupedNumber(lane.missing), groupedNumber(lane.acknowledged),
                              groupedNumber(lane.byReplicas), groupedNumber(lane.missingByReplicas))});
    if (lane.unread > 0)
        list.append({C::Note, tr("%1: %2 writes could not be read back.").arg(shard, groupedNumber(lane.unread))});
}

} // namespace

QString drillSpan(qint64 milliseconds)
{
    constexpr qint64 fine = 1000;
    return milliseconds < fine ? duration(milliseconds)
                               : tr("%1 s").arg(QString::number(double(milliseconds) / 1000.0, 'f', 2));
}

QString drillTime(qint64 milliseconds)
{
    constexpr qint64 shown = 5; // smaller values are shown as zero
    const QString sign = milliseconds <= -shown ? u"−"_s : u"+"_s;
    return tr("%1%2 s").arg(sign, QString::number(double(std::abs(milliseconds)) / 1000.0, 'f', 2));
}

QString drillWayTitle(DrillWay way)
{
    switch (way) {
    case DrillWay::Failover: return tr("Graceful failover");
    case DrillWay::Pause: return tr("CLIENT PAUSE");
    case DrillWay::DebugSleep: return tr("DEBUG SLEEP");
    case DrillWay::OwnCommand: return tr("Your own commands");
    }
    return {};
}

QString drillEventText(const DrillEvent &event)
{
    return drillTime(event.at) + u"  "_s + whatHappened(event) + spread(event.at, event.since);
}

QList<DrillPhase> phasesOf(const DrillReport &report, const DrillLaneReport &lane)
{
    QList<DrillPhase> phases;
    if (!lane.control) {
        QSet<Phase> seen;
        for (const DrillEvent &event : report.events) {
            if (event.shard != lane.shard)
                continue;
            const auto phase = phaseOf(event);
            if (phase && !seen.contains(phase->kind)) { // only the first report of each kind
                seen.insert(phase->kind);
                phases.append(*phase);
            }
        }
    }
    if (lane.away) {
        const DrillGap &gap = *lane.away;
        phases.append(
            {Phase::LastAnswer, gap.from, gap.from, tr("Last write"), tr("acknowledged to Slotscope's probe")});
        if (gap.over)
            phases.append({Phase::FirstWrite, gap.to, gap.to, tr("First write"),
                           tr("acknowledged again, after %1").arg(drillSpan(gap.length()))});
    }
    std::stable_sort(phases.begin(), phases.end(),
                     [](const DrillPhase &a, const DrillPhase &b) { return a.at < b.at; });
    return phases;
}

namespace {

DrillConclusion concludeCommonGap(const DrillReport &report, const DrillGap &gap)
{
    const bool isRefused = std::all_of(report.lanes.cbegin(), report.lanes.cend(), [](const DrillLaneReport &lane) {
        return !lane.control || lane.errors.contains(u"CLUSTERDOWN"_s);
    });
    const QString told = isRefused
        ? tr("From %1 to %2 the whole cluster refused writes, including the control shard (CLUSTERDOWN): this happens "
             "without a majority of primaries, or with cluster-require-full-coverage if slots are not served.")
        : tr("From %1 to %2 no shard answered, not even the control shard, which the loss does not affect: this "
             "computer, the network, or all servers were stalled. This interval says nothing about the drill.");
    return {DrillConclusion::Kind::Bad, told.arg(drillTime(gap.from), drillTime(gap.to))};
}

} // namespace

QList<DrillConclusion> conclusionsOf(const DrillReport &report)
{
    using C = DrillConclusion::Kind;
    QList<DrillConclusion> list;
    for (const QString &note : report.notes)
        list.append({C::Bad, note});
    if (report.startedAt == 0)
        list.append({C::Note, tr("No node was made unavailable.")});
    if (const auto common = commonGap(report); common && report.startedAt > 0)
        list.append(concludeCommonGap(report, *common));
    for (const DrillLaneReport &lane : report.lanes) {
        if (report.startedAt > 0)
            concludeGap(list, report, lane);
        if (report.over)
            concludeWrites(list, lane);
    }
    for (const DrillOffsets &offsets : report.offsets) {
        const auto missing = offsets.missingBytes();
        if (!missing)
            continue;
        list.append(
            {*missing > 0 ? C::Note : C::Good,
             *missing > 0
                 ? tr("Replication of shard %1: %2 had not received the last %3 or more of what %4 had reported (%5).")
                       .arg(offsets.shard)
                       .arg(offsets.heir, byteSize(*missing), offsets.former, drillTime(offsets.formerAt))
                 : tr("Replication of shard %1: %2 had received all that %3 had reported (%4).")
                       .arg(offsets.shard)
                       .arg(offsets.heir, offsets.former, drillTime(offsets.formerAt))});
    }
    if (report.over && !report.keysRemoved)
        list.append({C::Note, tr("Keys of the probe still exist; they expire within an hour.")});
    return list;
}

QString drillText(const DrillReport &report)
{
    QString text;
    for (const QString &note : report.notes) // notes come first, because the time line below may look normal
        text += u"! "_s + note + u'\n';
    for (const DrillLaneReport &lane : report.lanes) {
        const QList<DrillPhase> phases = phasesOf(report, lane);
        if (lane.control && phases.isEmpty())
            continue;
        text += (lane.control ? tr("Shard %1 (control)") : tr("Shard %1")).arg(lane.shard) + u'\n';
        for (const DrillPhase &phase : phases)
            text += u"  %1  %2  %3%4\n"_s.arg(drillTime(phase.at).rightJustified(10), phase.title.leftJustified(18),
                                              phase.detail, spread(phase.at, phase.since));
    }
    const QList<DrillConclusion> conclusions = conclusionsOf(report);
    for (const DrillConclusion &one : conclusions.mid(report.notes.size()))
        text += (one.kind == DrillConclusion::Kind::Bad ? u"! "_s : u"  "_s) + one.text + u'\n';
    text += tr("Polled %1 nodes every %2: %3. Times are relative to the loss.")
                .arg(report.observers.size())
                .arg(duration(report.pollMs), report.observers.join(u", "_s));
    return text + u'\n';
}

} // namespace slotscope
