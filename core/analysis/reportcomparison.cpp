// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/reportcomparison.h"

#include "core/base/tr.h"

#include <QHash>

#include <algorithm>

namespace slotscope {

namespace {

void appendMost(QList<ReportChange> &all, QList<ReportChange> changes, qsizetype most)
{
    changes.removeIf([](const ReportChange &change) { return change.before == change.after; });
    std::stable_sort(changes.begin(), changes.end(), [](const ReportChange &left, const ReportChange &right) {
        return std::abs(left.bytes()) > std::abs(right.bytes());
    });
    all += changes.mid(0, most);
}

/// Whether a namespace of that name would be in the report if it held anything.
bool wouldBeTold(const AnalysisReport &report, const QByteArray &name)
{
    const ReportNamespace *above = nullptr;
    for (const ReportNamespace &part : report.namespaces)
        if (name.startsWith(part.name) && part.name != name && (!above || part.name.size() > above->name.size()))
            above = &part;
    return above && above->folded == 0 && !above->isFoldedOpen;
}

QList<ReportChange> namespaceChanges(const AnalysisReport &before, const AnalysisReport &after)
{
    QHash<QByteArray, ReportChange> byName;
    for (qsizetype i = 1; i < before.namespaces.size(); ++i) {
        ReportChange &change = byName[before.namespaces[i].name];
        change.name = before.namespaces[i].name;
        change.before = before.namespaces[i].sum;
        change.isUnknownAfter = true;
    }
    for (qsizetype i = 1; i < after.namespaces.size(); ++i) {
        const QByteArray &name = after.namespaces[i].name;
        const bool isNew = !byName.contains(name);
        ReportChange &change = byName[name];
        change.name = name;
        change.after = after.namespaces[i].sum;
        change.isUnknownAfter = false;
        change.isUnknownBefore = isNew && !wouldBeTold(before, name);
    }
    QList<ReportChange> changes;
    for (ReportChange &change : byName) {
        if (change.isUnknownAfter)
            change.isUnknownAfter = !wouldBeTold(after, change.name);
        changes.append(change);
    }
    std::sort(changes.begin(), changes.end(),
              [](const ReportChange &left, const ReportChange &right) { return left.name < right.name; });
    return changes;
}

/// Above how many bytes a key of this type is surely in the report: 0 where it has room for more.
qint64 surelyTold(const AnalysisReport &report, const QByteArray &type)
{
    qsizetype count = 0;
    qint64 least = 0;
    for (const ReportKey &key : report.byBytes) { // biggest first
        if (key.type != type)
            continue;
        ++count;
        least = key.bytes;
    }
    return count < AnalysisReport::mostKeys ? 0 : least;
}

/// A key that one report does not tell was smaller there than the smallest that it tells, or was not there.
QList<ReportChange> keyChanges(const AnalysisReport &before, const AnalysisReport &after)
{
    QHash<QByteArray, const ReportKey *> old, fresh;
    for (const ReportKey &key : before.byBytes)
        old.insert(key.key, &key);
    for (const ReportKey &key : after.byBytes)
        fresh.insert(key.key, &key);
    QHash<QByteArray, std::pair<qint64, qint64>> bounds; ///< by type: before, after
    QList<ReportChange> changes;
    const auto take = [&](const ReportKey &key, const ReportKey *earlier, const ReportKey *later) {
        auto bound = bounds.constFind(key.type);
        if (bound == bounds.constEnd())
            bound = bounds.insert(key.type, {surelyTold(before, key.type), surelyTold(after, key.type)});
        ReportChange change;
        change.kind = ReportChange::Kind::Key;
        change.name = key.key;
        if (earlier)
            change.before = {1, std::max<qint64>(0, earlier->bytes)};
        if (later)
            change.after = {1, std::max<qint64>(0, later->bytes)};
        change.isUnknownBefore = !earlier && bound->first > 0;
        change.isUnknownAfter = !later && bound->second > 0;
        if ((earlier || key.bytes > bound->first) && (later || key.bytes > bound->second))
            changes.append(change);
    };
    for (const ReportKey &key : after.byBytes)
        take(key, old.value(key.key), &key);
    for (const ReportKey &key : before.byBytes)
        if (!fresh.contains(key.key))
            take(key, &key, nullptr);
    return changes;
}

QList<ReportChange> typeChanges(const AnalysisReport &before, const AnalysisReport &after)
{
    QList<ReportChange> changes;
    const auto of = [&changes](const QByteArray &type) -> ReportChange & {
        for (ReportChange &change : changes)
            if (change.name == type)
                return change;
        changes.append({.kind = ReportChange::Kind::Type, .name = type, .before = {}, .after = {}});
        return changes.last();
    };
    for (const ReportType &type : before.types)
        of(type.type).before = type.sum;
    for (const ReportType &type : after.types)
        of(type.type).after = type.sum;
    return changes;
}

} // namespace

QList<ReportChange> compared(const AnalysisReport &before, const AnalysisReport &after, qsizetype most)
{
    QList<ReportChange> all{{.kind = ReportChange::Kind::All, .name = {}, .before = before.sum, .after = after.sum}};
    appendMost(all, typeChanges(before, after), most);
    appendMost(all, namespaceChanges(before, after), most);
    appendMost(all, keyChanges(before, after), most);
    return all;
}

QString unlikeness(const AnalysisReport &before, const AnalysisReport &after)
{
    const AnalysisScope &one = before.scope, &other = after.scope;
    if (one.only != other.only || one.pattern != other.pattern || one.type != other.type
        || one.slotsOnly != other.slotsOnly || one.database != other.database)
        return tr("The two reports are about different keys.");
    if (before.outcome.isPartial() || after.outcome.isPartial())
        return tr("One of the reports holds a part of the keys only: a difference need not be a change.");
    if (one.delimiters != other.delimiters)
        return tr("The two reports part names by different delimiters: namespaces differ by that.");
    return {};
}

} // namespace slotscope
