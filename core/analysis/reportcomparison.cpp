// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/reportcomparison.h"

#include "core/base/tr.h"
#include "core/cluster/samecluster.h"

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

/// Looks up a report's namespaces by name.
class NamespacesByName
{
public:
    explicit NamespacesByName(const AnalysisReport &report)
    {
        m_parts.reserve(report.namespaces.size());
        for (const ReportNamespace &part : report.namespaces)
            m_parts.insert(part.name, &part);
    }
    [[nodiscard]] bool contains(const QByteArray &name) const { return m_parts.contains(name); }
    /// Whether the report would list a namespace of that name if it contained anything.
    [[nodiscard]] bool wouldBeTold(const QByteArray &name) const
    {
        for (qsizetype length = name.size() - 1; length >= 0; --length)
            if (const ReportNamespace *above = m_parts.value(name.first(length)))
                return above->folded == 0 && !above->isFoldedOpen;
        return false;
    }

private:
    QHash<QByteArray, const ReportNamespace *> m_parts;
};

QList<ReportChange> namespaceChanges(const AnalysisReport &before, const AnalysisReport &after)
{
    const NamespacesByName old(before), fresh(after);
    QHash<QByteArray, ReportChange> byName;
    for (qsizetype i = 1; i < before.namespaces.size(); ++i) {
        const ReportNamespace &part = before.namespaces[i];
        ReportChange &change = byName[part.name];
        change.name = part.name;
        change.before = part.sum;
        change.isUnknownAfter = !fresh.contains(part.name) && !fresh.wouldBeTold(part.name);
    }
    for (qsizetype i = 1; i < after.namespaces.size(); ++i) {
        const ReportNamespace &part = after.namespaces[i];
        ReportChange &change = byName[part.name];
        change.name = part.name;
        change.after = part.sum;
        change.isUnknownBefore = !old.contains(part.name) && !old.wouldBeTold(part.name);
    }
    QList<ReportChange> changes = byName.values();
    std::sort(changes.begin(), changes.end(),
              [](const ReportChange &left, const ReportChange &right) { return left.name < right.name; });
    return changes;
}

/// The size above which every key of this type is certainly listed in the report; 0 if the list is not full.
qint64 surelyTold(const AnalysisReport &report, const QByteArray &type)
{
    qsizetype count = 0;
    qint64 least = 0;
    for (const ReportKey &key : report.byBytes) { // sorted by size, largest first
        if (key.type != type)
            continue;
        ++count;
        least = key.bytes;
    }
    return count < AnalysisReport::mostKeys ? 0 : least;
}

/// Lists changes of keys. A key missing in one report did not exist then, or was smaller than the smallest one listed.
QList<ReportChange> keyChanges(const AnalysisReport &before, const AnalysisReport &after)
{
    QHash<QByteArray, const ReportKey *> old, fresh;
    for (const ReportKey &key : before.byBytes)
        old.insert(key.key, &key);
    for (const ReportKey &key : after.byBytes)
        fresh.insert(key.key, &key);
    QHash<QByteArray, std::pair<qint64, qint64>> bounds; ///< maps a type to its surelyTold() bounds before and after
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
    const QSet<QByteArray> nodes(one.nodes.begin(), one.nodes.end()), others(other.nodes.begin(), other.nodes.end());
    if (!nodes.isEmpty() && !others.isEmpty() && !isSameCluster(nodes, others))
        return tr("The two reports are of different clusters.");
    if (one.only != other.only || one.pattern != other.pattern || one.type != other.type
        || one.slotsOnly != other.slotsOnly || one.database != other.database)
        return tr("The two reports cover different keys.");
    if (before.outcome.isPartial() || after.outcome.isPartial())
        return tr("One of the reports covers only some of the keys: a difference may not be a real change.");
    if (one.delimiters != other.delimiters)
        return tr("The two reports use different delimiters: their namespaces differ for that reason.");
    return {};
}

} // namespace slotscope
