// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analysisfinding.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

namespace {

/// Rough speed of MIGRATE, which dumps, sends and restores a key in one piece and blocks its slot meanwhile; measured
/// on one computer.
constexpr qint64 movedBytesASecond = 250LL << 20;

QString percent(double share)
{
    return QStringLiteral("%1 %").arg(share * 100, 0, 'f', share < 0.1 ? 1 : 0);
}

QString hugeKeyText(const AnalysisFinding &finding)
{
    const QString what = finding.type == "string" || finding.elements < 0
        ? tr("A single value, %1 of the memory of all keys.").arg(percent(finding.share))
        : tr("One key with %1 elements, %2 of the memory of all keys.")
              .arg(groupedNumber(finding.elements), percent(finding.share));
    const qint64 pauseMs = finding.bytes * 1000 / movedBytesASecond;
    return pauseMs < 100
        ? what
        : what + u' ' + tr("When its slot is migrated, neither node serves clients for ≈ %1.").arg(duration(pauseMs));
}

QString withoutTtlText(const AnalysisFinding &finding)
{
    const QString size = tr("%1; %2 of the keys there, the others expire by themselves.")
                             .arg(byteSize(finding.bytes), percent(finding.share));
    constexpr qint64 day = 86'400;
    return finding.idleSeconds < day ? size
                                     : size + u' '
            + tr("The longest idle of these keys was not used for %1.").arg(duration(finding.idleSeconds * 1000));
}

} // namespace

QString titleOf(const AnalysisFinding &finding)
{
    const QString name = toDisplay(finding.name), keys = groupedNumber(finding.keys);
    switch (finding.kind) {
    case AnalysisFinding::Kind::WithoutTtl: return tr("%1 keys of %2 have no time to live").arg(keys, name);
    case AnalysisFinding::Kind::HugeKey: return tr("%1 contains %2").arg(name, byteSize(finding.bytes));
    case AnalysisFinding::Kind::HotSlot:
        return tr("Slot %1 causes %2 of the total load").arg(groupedNumber(finding.slot), percent(finding.share));
    case AnalysisFinding::Kind::LoadedTag:
        return tr("The tag {%1} fills slot %2").arg(name, groupedNumber(finding.slot));
    case AnalysisFinding::Kind::Compressible:
        return tr("Strings of %1 would shrink by ≈ %2").arg(name, byteSize(finding.bytes));
    case AnalysisFinding::Kind::JustOver:
        return tr("%1 hashes of %2 are slightly too large for a listpack").arg(keys, name);
    case AnalysisFinding::Kind::Uneven:
        return tr("Shard %1 holds %2 of the memory").arg(finding.shard).arg(percent(finding.share));
    case AnalysisFinding::Kind::ExpireTogether: return tr("%1 keys expire within an hour").arg(keys);
    }
    return {};
}

QString textOf(const AnalysisFinding &finding)
{
    switch (finding.kind) {
    case AnalysisFinding::Kind::WithoutTtl: return withoutTtlText(finding);
    case AnalysisFinding::Kind::HugeKey: return hugeKeyText(finding);
    case AnalysisFinding::Kind::HotSlot:
        return tr("A single node serves it. Find the key that gets the requests, or move other slots away.");
    case AnalysisFinding::Kind::LoadedTag:
        return tr("%1 keys, %2 in one slot, which cannot be divided: keys with the same hash tag stay together.")
            .arg(groupedNumber(finding.keys), byteSize(finding.bytes));
    case AnalysisFinding::Kind::Compressible:
        return tr("%1 of %2 compressed sample values became smaller, in total by %3.")
            .arg(groupedNumber(finding.keys), groupedNumber(finding.elements), percent(finding.share));
    case AnalysisFinding::Kind::JustOver:
        return tr("They take %1 as hash tables. With hash-max-listpack-entries twice as high they would be listpacks.")
            .arg(byteSize(finding.bytes));
    case AnalysisFinding::Kind::Uneven:
        return tr("%1 keys, %2.").arg(groupedNumber(finding.keys), byteSize(finding.bytes));
    case AnalysisFinding::Kind::ExpireTogether:
        return tr("%1, %2 of all keys: whatever recreates them gets all these requests at once.")
            .arg(byteSize(finding.bytes), percent(finding.share));
    }
    return {};
}

QString actText(AnalysisFinding::Act act)
{
    switch (act) {
    case AnalysisFinding::Act::None: return {};
    case AnalysisFinding::Act::Expire: return tr("Expire…");
    case AnalysisFinding::Act::Browse: return tr("See them");
    case AnalysisFinding::Act::OpenKey: return tr("Open");
    case AnalysisFinding::Act::HotKeys: return tr("Hot keys");
    case AnalysisFinding::Act::Setting: return tr("Setting");
    case AnalysisFinding::Act::Rebalance: return tr("Rebalance…");
    }
    return {};
}

} // namespace slotscope
