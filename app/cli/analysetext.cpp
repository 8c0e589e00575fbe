// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysetext.h"

#include "command.h"

#include "core/base/text.h"

#include <QDateTime>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString nameOf(const QByteArray &name)
{
    return QString::fromUtf8(nameText(name));
}

QString section(const QString &title, const QString &text)
{
    return text.isEmpty() ? QString() : u"\n\n%1\n%2"_s.arg(title, text);
}

QString headText(const AnalysisReport &report)
{
    const AnalysisOutcome &outcome = report.outcome;
    QString text = outcome.isWhole ? u"%1 keys"_s.arg(groupedNumber(report.sum.keys))
                                   : u"Partial: %1 keys"_s.arg(groupedNumber(report.sum.keys));
    if (!outcome.isWhole && outcome.expected >= 0)
        text += u" of ≈ %1"_s.arg(groupedNumber(outcome.expected));
    text +=
        u", %1%2 in memory · %3 · %4\n"_s.arg(report.sampled.keys > 0 ? u"≈ "_s : QString(), byteSize(report.sum.bytes),
                                              report.scope.source, duration(outcome.elapsedMs));
    if (report.scope.samples == AnalysisScope::ofAFile) {
        text += u"Sizes are estimates from the content of the files; times to live are as of %1.\n"_s.arg(
            QDateTime::fromMSecsSinceEpoch(outcome.startedAt).toString(u"yyyy-MM-dd HH:mm:ss"_s));
    } else if (report.sampled.keys > 0) {
        text += u"%1 of it in %2 keys, estimated from %3 elements each"_s.arg(
            byteSize(report.sampled.bytes), groupedNumber(report.sampled.keys), QString::number(report.scope.samples));
        if (report.sampleError >= 0)
            text += u"; a check differed by ≈ %1 % (%2 keys)"_s.arg(report.sampleError * 100, 0, 'f', 1)
                        .arg(report.samplesChecked);
        text += u'\n';
    }
    const auto count = [&text](qint64 number, const QString &words) {
        if (number > 0)
            text += groupedNumber(number) + words + u'\n';
    };
    count(report.sizesUnknown, u" keys of unknown size count as 0 bytes"_s);
    count(outcome.vanished, u" keys were gone when they were read"_s);
    count(outcome.refused, u" keys may not be read by this user"_s);
    count(outcome.unread, u" keys could not be read"_s);
    count(outcome.doubtful, u" keys may be counted twice: more names than are remembered"_s);
    if (!outcome.missing.isEmpty())
        text += u"Slots not read: %1\n"_s.arg(outcome.missing);
    return text.trimmed();
}

QString typesText(const AnalysisReport &report)
{
    QList<QStringList> rows{
        {u"type"_s, u"keys"_s, u"memory"_s, u"share"_s, u"no TTL"_s, u"elements"_s, u"most"_s, u"encodings"_s}};
    for (const ReportType &type : report.types) {
        QStringList encodings;
        for (const auto &[name, sum] : type.encodings)
            encodings += u"%1 %2"_s.arg(QString::fromUtf8(name), groupedNumber(sum.keys));
        const bool isKnown =
            std::any_of(type.lengths.begin(), type.lengths.end(), [](qint64 keys) { return keys > 0; });
        rows.append({nameOf(type.type), groupedNumber(type.sum.keys), byteSize(type.sum.bytes),
                     shareText(type.sum.bytes, report.sum.bytes), groupedNumber(type.withoutTtl.keys),
                     isKnown ? groupedNumber(type.elements) : u"?"_s,
                     isKnown ? groupedNumber(type.mostElements) : u"?"_s, encodings.join(u", "_s)});
    }
    return report.types.isEmpty() ? QString() : tableText(rows, {1, 2, 3, 4, 5, 6});
}

void appendNamespaces(const AnalysisReport &report, const ReportWords &words, int parent, QList<QStringList> &rows)
{
    const ReportNamespace &above = report.namespaces[parent];
    const QString indent(above.depth * 2, u' ');
    const QList<int> children = report.childrenOf(parent);
    KeySum rest = above.sum;
    const auto append = [&](const QString &name, const KeySum &sum, const QString &withoutTtl) {
        rows.append({indent + name, groupedNumber(sum.keys), byteSize(sum.bytes),
                     shareText(sum.bytes, report.sum.bytes), withoutTtl});
    };
    for (qsizetype i = 0; i < std::min<qsizetype>(words.top, children.size()); ++i) {
        const ReportNamespace &part = report.namespaces[children[i]];
        append(nameOf(part.name), part.sum, groupedNumber(part.withoutTtl.keys));
        rest.keys -= part.sum.keys;
        rest.bytes -= part.sum.bytes;
        if (part.depth < words.depth)
            appendNamespaces(report, words, children[i], rows);
    }
    const bool hasOwn = above.own.keys > 0;
    rest.keys -= above.own.keys;
    rest.bytes -= above.own.bytes;
    if (children.isEmpty() && above.folded == 0 && parent != 0)
        return;
    if (hasOwn)
        append(parent == 0 ? u"(in none)"_s : u"(itself)"_s, above.own, {});
    const qint64 others = std::max<qint64>(0, children.size() - words.top) + above.folded;
    if (rest.keys > 0)
        append(u"(%1%2 others)"_s.arg(above.isFoldedOpen ? u"over "_s : QString(), groupedNumber(others)), rest, {});
}

QString lifeText(const ReportKey &key)
{
    return !key.ttlMs ? u"?"_s : *key.ttlMs < 0 ? u"none"_s : duration(*key.ttlMs);
}

QString keysText(const QList<ReportKey> &keys, int top)
{
    QList<QStringList> rows{{u"type"_s, u"memory"_s, u"elements"_s, u"TTL"_s, u"shard"_s, u"key"_s}};
    for (const ReportKey &key : keys.mid(0, top))
        rows.append({nameOf(key.type),
                     (key.isSampled ? u"≈ "_s : QString()) + (key.bytes < 0 ? u"?"_s : byteSize(key.bytes)),
                     key.elements < 0 ? u"?"_s : groupedNumber(key.elements), lifeText(key),
                     key.shard > 0 ? QString::number(key.shard) : QString(), nameOf(key.key)});
    return keys.isEmpty() ? QString() : tableText(rows, {1, 2, 3, 4});
}

QString ttlText(const AnalysisReport &report)
{
    static const QStringList names{u"below 1 min"_s, u"below 10 min"_s, u"below 1 h"_s, u"below 6 h"_s,
                                   u"below 1 d"_s,   u"below 7 d"_s,    u"longer"_s,    u"none"_s};
    QList<QStringList> rows;
    for (size_t i = 0; i < report.ttl.size(); ++i)
        rows.append({names[qsizetype(i)], groupedNumber(report.ttl[i].keys),
                     shareText(report.ttl[i].keys, report.sum.keys), byteSize(report.ttl[i].bytes)});
    if (report.ttlUnknown > 0)
        rows.append({u"not known"_s, groupedNumber(report.ttlUnknown), {}, {}});
    return report.sum.keys == 0 ? QString() : tableText(rows, {1, 2, 3});
}

QString slotsText(const AnalysisReport &report, int top)
{
    QList<QStringList> rows{{u"slot"_s, u"shard"_s, u"keys"_s, u"memory"_s}};
    for (const ReportSlot &slot : report.slots_.mid(0, std::min(top, 5)))
        rows.append({QString::number(slot.slot), slot.shard > 0 ? QString::number(slot.shard) : QString(),
                     groupedNumber(slot.sum.keys), byteSize(slot.sum.bytes)});
    return report.shards.size() < 2 || report.slots_.isEmpty() ? QString() : tableText(rows, {0, 1, 2, 3});
}

QString tagsText(const AnalysisReport &report, int top)
{
    QList<QStringList> rows{{u"keys"_s, u"memory"_s, u"slot"_s, u"tag"_s}};
    for (const ReportTag &tag : report.tags.mid(0, std::min(top, 5)))
        rows.append({(tag.mayLack > 0 ? u"≈ "_s : QString()) + groupedNumber(tag.sum.keys), byteSize(tag.sum.bytes),
                     QString::number(tag.slot), nameOf(tag.tag)});
    return report.tags.isEmpty() ? QString() : tableText(rows, {0, 1, 2});
}

QString heatText(const AnalysisReport &report, int top)
{
    QList<QStringList> rows{{u"slot"_s, u"shard"_s, u"share"_s}};
    for (const ReportHeat::Slot &slot : report.heat.slots_.mid(0, std::min(top, 5)))
        rows.append({QString::number(slot.slot), slot.shard > 0 ? QString::number(slot.shard) : QString(),
                     shareText(slot.value, report.heat.sum)});
    return report.heat.slots_.isEmpty() ? report.heat.problem : tableText(rows, {0, 1, 2});
}

QString findingsText(const AnalysisReport &report)
{
    QStringList lines;
    for (const AnalysisFinding &finding : report.findings)
        lines += u"%1 %2\n  %3"_s.arg(finding.isNote ? u"-"_s : u"!"_s, titleOf(finding), textOf(finding));
    return lines.join(u'\n');
}

} // namespace

QString reportText(const AnalysisReport &report, const ReportWords &words)
{
    QList<QStringList> namespaces{{u"namespace"_s, u"keys"_s, u"memory"_s, u"share"_s, u"no TTL"_s}};
    if (!report.namespaces.isEmpty() && report.sum.keys > 0)
        appendNamespaces(report, words, 0, namespaces);
    const QString work = u"Load of slots%1"_s.arg(
        report.heat.overMs > 0
            ? u" over %1 (%2)"_s.arg(duration(report.heat.overMs), report.heat.isNetwork ? u"network"_s : u"CPU"_s)
            : QString());
    return headText(report) + section(u"Types"_s, typesText(report))
        + section(u"Memory by namespace"_s, namespaces.size() < 2 ? QString() : tableText(namespaces, {1, 2, 3, 4}))
        + section(u"Time to live"_s, ttlText(report))
        + section(u"Biggest keys by memory"_s, keysText(report.byBytes, words.top))
        + section(u"Biggest keys by elements (bytes of strings)"_s, keysText(report.byElements, words.top))
        + section(u"Fullest slots"_s, slotsText(report, words.top))
        + section(u"Hash tags with the most memory"_s, tagsText(report, words.top))
        + section(work, heatText(report, words.top)) + section(u"Recommendations"_s, findingsText(report));
}

} // namespace slotscope::cli
