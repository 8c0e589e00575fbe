// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/findingrules.h"

#include <algorithm>

namespace slotscope {

namespace {

constexpr qsizetype mostOfKind = 3;
constexpr qint64 fewKeys = 20; // namespaces with fewer keys are ignored
constexpr qint64 hugeBytes = 64LL << 20, largeBytes = 8LL << 20, hugeElements = 1'000'000;
constexpr double largeShare = 0.05; // of all bytes
constexpr qint64 mainBytes = 1LL << 20;
constexpr double mainShare = 0.25;
constexpr double hotShare = 0.10; // of the activity of all slots
constexpr int hotTimes = 20; // times the mean of all slots
constexpr qint64 tagBytes = 1LL << 20;
constexpr int tagTimes = 20; // times the mean slot
constexpr double savingShare = 0.10;
constexpr qint64 savingBytes = 1LL << 20;
constexpr double unevenTimes = 1.5; // times the mean shard
constexpr qint64 unevenBytes = 16LL << 20;
constexpr double togetherShare = 0.5; // of the keys with expiry

/// Finds keys without expiry in namespaces whose other keys have one. If a nested namespace explains nearly as many
/// keys, that one is reported.
void findWithoutTtl(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    const auto isOdd = [](const ReportNamespace &part) {
        return part.sum.keys >= fewKeys && part.withoutTtl.keys > 0 && part.withoutTtl.keys * 2 < part.sum.keys;
    };
    QList<AnalysisFinding> own;
    for (qsizetype i = 1; i < report.namespaces.size(); ++i) {
        const ReportNamespace &part = report.namespaces[i];
        if (!isOdd(part))
            continue;
        const bool isToldBelow =
            std::any_of(report.namespaces.begin() + i + 1, report.namespaces.end(), [&](const ReportNamespace &below) {
                return below.parent == int(i) && below.withoutTtl.keys * 10 >= part.withoutTtl.keys * 9;
            });
        if (isToldBelow)
            continue;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::WithoutTtl;
        finding.act = AnalysisFinding::Act::Expire;
        finding.name = part.name;
        finding.keys = part.withoutTtl.keys;
        finding.bytes = part.withoutTtl.bytes;
        finding.share = double(part.withoutTtl.keys) / double(part.sum.keys);
        finding.idleSeconds = part.longestIdle;
        own.append(finding);
    }
    std::stable_sort(own.begin(), own.end(), [](const AnalysisFinding &left, const AnalysisFinding &right) {
        return left.bytes > right.bytes;
    });
    found += own.mid(0, mostOfKind);
}

void findHugeKeys(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    QList<AnalysisFinding> own;
    for (const QList<ReportKey> *keys : {&report.byBytes, &report.byElements}) {
        for (const ReportKey &key : *keys) {
            const double share = double(key.bytes) / double(std::max<qint64>(1, report.sum.bytes));
            const bool isLarge =
                (key.bytes >= largeBytes && share >= largeShare) || (key.bytes >= mainBytes && share >= mainShare);
            const bool hasMany = key.type != "string" && key.elements >= hugeElements;
            if (!isLarge && !hasMany && key.bytes < hugeBytes)
                continue;
            AnalysisFinding finding;
            finding.kind = AnalysisFinding::Kind::HugeKey;
            finding.act = AnalysisFinding::Act::OpenKey;
            finding.name = key.key;
            finding.type = key.type;
            finding.bytes = key.bytes;
            finding.elements = key.elements;
            finding.share = share;
            const bool isKnown = std::any_of(own.begin(), own.end(),
                                             [&](const AnalysisFinding &known) { return known.name == key.key; });
            if (!isKnown && own.size() < mostOfKind)
                own.append(finding);
        }
    }
    found += own;
}

void findHotSlots(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    const ReportHeat &heat = report.heat;
    if (heat.sum <= 0)
        return;
    qsizetype own = 0;
    for (const ReportHeat::Slot &slot : heat.slots_) {
        const double share = double(slot.value) / double(heat.sum);
        const qint64 mean = heat.sum / std::max<qint64>(1, slotCount);
        if (share < hotShare || slot.value < hotTimes * mean || own++ == mostOfKind)
            break;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::HotSlot;
        finding.act = AnalysisFinding::Act::HotKeys;
        finding.slot = slot.slot;
        finding.shard = slot.shard;
        finding.share = share;
        finding.isNote = heat.isNetwork;
        found.append(finding);
    }
}

void findLoadedTags(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    qsizetype own = 0;
    for (const ReportTag &tag : report.tags) {
        if (tag.sum.bytes < tagBytes || tag.sum.keys < 2 || tag.sum.bytes < tagTimes * report.slotMean
            || own++ == mostOfKind)
            break;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::LoadedTag;
        finding.act = AnalysisFinding::Act::Browse;
        finding.name = tag.tag;
        finding.slot = tag.slot;
        finding.keys = tag.sum.keys;
        finding.bytes = tag.sum.bytes;
        finding.share = report.sum.bytes > 0 ? double(tag.sum.bytes) / double(report.sum.bytes) : 0;
        found.append(finding);
    }
}

void findCompressible(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    qsizetype own = 0;
    for (const ReportCompression &tried : report.compression) {
        const bool isWorth = tried.saving >= savingBytes
            || (report.sum.bytes > 0 && double(tried.saving) >= savingShare * double(report.sum.bytes));
        if (!isWorth || tried.smaller == 0 || own++ == mostOfKind)
            continue;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::Compressible;
        finding.isNote = true;
        finding.act = AnalysisFinding::Act::Browse;
        finding.name = tried.name;
        finding.bytes = tried.saving;
        finding.keys = tried.smaller;
        finding.elements = tried.tried;
        finding.share = tried.before > 0 ? double(tried.before - tried.after) / double(tried.before) : 0;
        found.append(finding);
    }
}

void findJustOver(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    QList<AnalysisFinding> own;
    for (qsizetype i = 1; i < report.namespaces.size(); ++i) {
        const ReportNamespace &part = report.namespaces[i];
        const bool isTop = part.depth == 1;
        if (!isTop || part.justOver.keys < fewKeys)
            continue;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::JustOver;
        finding.isNote = true;
        finding.act = AnalysisFinding::Act::Setting;
        finding.name = part.name;
        finding.keys = part.justOver.keys;
        finding.bytes = part.justOver.bytes;
        own.append(finding);
    }
    std::stable_sort(own.begin(), own.end(), [](const AnalysisFinding &left, const AnalysisFinding &right) {
        return left.bytes > right.bytes;
    });
    found += own.mid(0, mostOfKind);
}

void findUneven(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    if (report.shards.size() < 2 || !report.scope.isAll() || report.outcome.isPartial())
        return;
    const double mean = double(report.sum.bytes) / double(report.shards.size());
    for (const auto &[number, sum] : report.shards) {
        if (number <= 0 || double(sum.bytes) < unevenTimes * mean || double(sum.bytes) - mean < double(unevenBytes))
            continue;
        AnalysisFinding finding;
        finding.kind = AnalysisFinding::Kind::Uneven;
        finding.act = AnalysisFinding::Act::Rebalance;
        finding.shard = number;
        finding.keys = sum.keys;
        finding.bytes = sum.bytes;
        finding.share = double(sum.bytes) / double(std::max<qint64>(1, report.sum.bytes));
        found.append(finding);
    }
}

/// The part that expires within an hour: the first three places.
void findExpireTogether(const AnalysisReport &report, QList<AnalysisFinding> &found)
{
    const KeySum &none = report.ttl[ttlNonePlace];
    KeySum soon;
    for (size_t place = 0; place < 3; ++place) {
        soon.keys += report.ttl[place].keys;
        soon.bytes += report.ttl[place].bytes;
    }
    const qint64 ending = report.sum.keys - report.ttlUnknown - none.keys;
    if (soon.keys < fewKeys || double(soon.keys) < togetherShare * double(ending) || soon.keys * 10 < report.sum.keys)
        return;
    AnalysisFinding finding;
    finding.kind = AnalysisFinding::Kind::ExpireTogether;
    finding.isNote = true;
    finding.keys = soon.keys;
    finding.bytes = soon.bytes;
    finding.share = double(soon.keys) / double(std::max<qint64>(1, report.sum.keys));
    found.append(finding);
}

} // namespace

QList<AnalysisFinding> findingsOf(const AnalysisReport &report)
{
    QList<AnalysisFinding> found;
    findHugeKeys(report, found);
    findHotSlots(report, found);
    findUneven(report, found);
    findWithoutTtl(report, found);
    findLoadedTags(report, found);
    findCompressible(report, found);
    findJustOver(report, found);
    findExpireTogether(report, found);
    std::stable_partition(found.begin(), found.end(), [](const AnalysisFinding &finding) { return !finding.isNote; });
    return found;
}

} // namespace slotscope
