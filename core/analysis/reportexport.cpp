// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/reportexport.h"

#include "core/analysis/reportstore.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QDateTime>
#include <QLocale>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype htmlRows = 50;

QString htmlCell(const QString &text, bool isNumber = false)
{
    return (isNumber ? u"<td class=n>"_s : u"<td>"_s) + text.toHtmlEscaped() + u"</td>"_s;
}

QString htmlBar(qint64 some, qint64 all)
{
    const double width = all <= 0 ? 0 : double(some) * 100 / double(all);
    return u"<td class=b><i style=\"width:%1%\"></i></td>"_s.arg(width, 0, 'f', 1);
}

QString htmlTable(const QStringList &heads, const QString &rows)
{
    QString text = u"<table><tr>"_s;
    for (const QString &head : heads)
        text += u"<th>"_s + head.toHtmlEscaped() + u"</th>"_s;
    return text + u"</tr>"_s + rows + u"</table>\n"_s;
}

QString sumCells(const KeySum &sum, const KeySum &all)
{
    return htmlCell(groupedNumber(sum.keys), true) + htmlCell(byteSize(sum.bytes), true)
        + htmlCell(shareText(sum.bytes, all.bytes), true) + htmlBar(sum.bytes, all.bytes);
}

QString htmlHeading(const QString &text)
{
    return u"<h2>"_s + text.toHtmlEscaped() + u"</h2>\n"_s;
}

QString typesHtml(const AnalysisReport &report)
{
    QString rows;
    for (const ReportType &type : report.types)
        rows += u"<tr>"_s + htmlCell(toDisplay(type.type)) + sumCells(type.sum, report.sum) + u"</tr>\n"_s;
    return htmlHeading(tr("Types")) + htmlTable({tr("Type"), tr("Keys"), tr("Memory"), tr("Share"), {}}, rows);
}

QString namespacesHtml(const AnalysisReport &report)
{
    QString rows;
    qsizetype told = 0;
    const auto append = [&](auto &self, int parent) -> void {
        for (const int child : report.childrenOf(parent)) {
            if (told++ >= 4 * htmlRows)
                return;
            const ReportNamespace &part = report.namespaces[child];
            const QString indent(qsizetype(part.depth - 1) * 3, QChar(QChar::Nbsp));
            rows += u"<tr>"_s + htmlCell(indent + toDisplay(part.name)) + sumCells(part.sum, report.sum)
                + htmlCell(groupedNumber(part.withoutTtl.keys), true) + u"</tr>\n"_s;
            if (part.depth < 3)
                self(self, child);
        }
    };
    if (!report.namespaces.isEmpty())
        append(append, 0);
    return htmlHeading(tr("Memory by namespace"))
        + htmlTable({tr("Namespace"), tr("Keys"), tr("Memory"), tr("Share"), {}, tr("Without TTL")}, rows);
}

QString keysHtml(const AnalysisReport &report)
{
    QString rows;
    for (const ReportKey &key : report.byBytes.mid(0, htmlRows)) {
        const QString life = !key.ttlMs ? QString() : *key.ttlMs < 0 ? tr("none") : duration(*key.ttlMs);
        rows += u"<tr>"_s + htmlCell(toDisplay(key.key)) + htmlCell(toDisplay(key.type))
            + htmlCell((key.isSampled ? u"≈ "_s : QString()) + byteSize(key.bytes), true)
            + htmlCell(key.elements < 0 ? QString() : groupedNumber(key.elements), true) + htmlCell(life, true)
            + u"</tr>\n"_s;
    }
    return htmlHeading(tr("Biggest keys"))
        + htmlTable({tr("Key"), tr("Type"), tr("Memory"), tr("Length"), tr("TTL")}, rows);
}

QString ttlHtml(const AnalysisReport &report)
{
    QString rows;
    for (size_t i = 0; i < report.ttl.size(); ++i)
        rows += u"<tr>"_s + htmlCell(ttlPlaceText(i)) + htmlCell(groupedNumber(report.ttl[i].keys), true)
            + htmlCell(shareText(report.ttl[i].keys, report.sum.keys), true)
            + htmlBar(report.ttl[i].keys, report.sum.keys) + htmlCell(byteSize(report.ttl[i].bytes), true)
            + u"</tr>\n"_s;
    return htmlHeading(tr("Time to live")) + htmlTable({{}, tr("Keys"), tr("Share"), {}, tr("Memory")}, rows);
}

QString findingsHtml(const AnalysisReport &report)
{
    if (report.findings.isEmpty())
        return {};
    QString text = htmlHeading(tr("Recommendations")) + u"<ul>\n"_s;
    for (const AnalysisFinding &finding : report.findings)
        text += u"<li><b>"_s + titleOf(finding).toHtmlEscaped() + u"</b><br>"_s + textOf(finding).toHtmlEscaped()
            + u"</li>\n"_s;
    return text + u"</ul>\n"_s;
}

/// Escapes a key name, which is user data, so that a spreadsheet does not execute it.
QByteArray csvName(const QByteArray &name)
{
    QString text = toDisplay(name);
    if (!text.isEmpty() && QStringView(u"=+-@\t\r").contains(text[0]))
        text.prepend(u'\'');
    return '"' + text.replace(u'"', u"\"\""_s).toUtf8() + '"';
}

QByteArray csvRow(const QByteArray &kind, const QByteArray &name, const KeySum &sum, qint64 withoutTtl = -1,
                  const QByteArrayList &more = {})
{
    QByteArrayList fields{kind, csvName(name), QByteArray::number(sum.keys), QByteArray::number(sum.bytes),
                          withoutTtl < 0 ? QByteArray() : QByteArray::number(withoutTtl)};
    fields += more;
    while (fields.size() < 8)
        fields.append(QByteArray());
    return fields.join(',') + "\r\n";
}

} // namespace

QString ttlPlaceText(size_t place)
{
    switch (place) {
    case 0: return tr("< 1 min");
    case 1: return tr("< 10 min");
    case 2: return tr("< 1 h");
    case 3: return tr("< 6 h");
    case 4: return tr("< 1 d");
    case 5: return tr("< 7 d");
    case 6: return tr("longer");
    default: return tr("none");
    }
}

QString reportSummary(const AnalysisReport &report)
{
    const AnalysisOutcome &outcome = report.outcome;
    const QString keys = groupedNumber(report.sum.keys), scope = scopeWords(report.scope);
    const QString what = outcome.isPartial() && outcome.expected >= 0 && report.scope.isAll()
        ? tr("some of the keys: %1 of ≈ %2").arg(keys, groupedNumber(outcome.expected))
        : outcome.isPartial() ? tr("some of the keys: %1").arg(keys)
        : scope.isEmpty()     ? tr("all %1 keys").arg(keys)
                              : tr("%1 keys: %2").arg(keys, scope);
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(outcome.startedAt);
    QStringList words{what, QLocale().toString(at, QLocale::ShortFormat)};
    if (report.scope.samples == AnalysisScope::ofAFile)
        words += tr("from %1, sizes are estimates").arg(report.scope.source);
    else if (report.scope.samples > 0)
        words += tr("memory from %1 samples per key").arg(report.scope.samples);
    words += report.scope.fromReplicas ? tr("read from replicas in %1").arg(duration(outcome.elapsedMs))
                                       : tr("read in %1").arg(duration(outcome.elapsedMs));
    return words.join(u" · "_s);
}

QStringList reportLacks(const AnalysisReport &report)
{
    const AnalysisOutcome &outcome = report.outcome;
    QStringList lines;
    const auto count = [&lines](qint64 number, const QString &words) {
        if (number > 0)
            lines += words.arg(groupedNumber(number));
    };
    if (outcome.isStopped)
        lines += tr("The analysis was stopped: the report covers only some of the keys.");
    count(outcome.refused, tr("This user may not read %1 keys; they are not counted."));
    count(outcome.unread, tr("%1 keys could not be read and are not counted."));
    count(report.sizesUnknown, tr("The size of %1 keys is unknown; they count as 0 bytes."));
    count(outcome.doubtful, tr("%1 keys may be counted twice: there were more key names than the analysis remembers."));
    if (!outcome.missing.isEmpty())
        lines += tr("Slots that were not read: %1").arg(outcome.missing);
    return lines + outcome.problems;
}

QByteArray reportHtml(const AnalysisReport &report)
{
    const QString title = tr("Analysis of %1").arg(report.scope.cluster).toHtmlEscaped();
    QString text = u"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>"_s + title
        + u"</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          u"'unsafe-inline'\">\n"
          "<style>body{font:14px system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1c222b}"
          "table{border-collapse:collapse;width:100%}th{text-align:left;color:#5b6673;font-weight:500}"
          "td,th{padding:3px 8px;border-bottom:1px solid #e0e4ea;overflow-wrap:anywhere}td.n{text-align:right;"
          "font-variant-numeric:tabular-nums;white-space:nowrap}td.b{width:25%}i{display:block;height:8px;"
          "background:#3d82f0;border-radius:4px}p.w{color:#8a5b04}</style></head><body>\n"_s;
    text += u"<h1>"_s + title + u"</h1>\n<p>"_s + reportSummary(report).toHtmlEscaped() + u"</p>\n"_s;
    for (const QString &lack : reportLacks(report))
        text += u"<p class=w>"_s + lack.toHtmlEscaped() + u"</p>\n"_s;
    text += u"<p>"_s
        + tr("%1 keys, %2%3 in memory; %4 of them without a time to live, %5.")
              .arg(groupedNumber(report.sum.keys), report.sampled.keys > 0 ? u"≈ "_s : QString(),
                   byteSize(report.sum.bytes), groupedNumber(report.withoutTtl.keys), byteSize(report.withoutTtl.bytes))
              .toHtmlEscaped()
        + u"</p>\n"_s;
    text += findingsHtml(report) + typesHtml(report) + namespacesHtml(report) + ttlHtml(report) + keysHtml(report);
    return (text + u"</body></html>\n"_s).toUtf8();
}

QByteArray reportCsv(const AnalysisReport &report)
{
    QByteArray csv = "kind,name,keys,bytes,keys without TTL,type,elements,TTL ms\r\n";
    csv += csvRow("all", {}, report.sum, report.withoutTtl.keys);
    for (const ReportType &type : report.types)
        csv += csvRow("type", type.type, type.sum, type.withoutTtl.keys);
    for (qsizetype i = 1; i < report.namespaces.size(); ++i)
        csv += csvRow("namespace", report.namespaces[i].name, report.namespaces[i].sum,
                      report.namespaces[i].withoutTtl.keys);
    for (const ReportKey &key : report.byBytes)
        csv += csvRow("key", key.key, {1, std::max<qint64>(0, key.bytes)}, -1,
                      {csvName(key.type), key.elements < 0 ? QByteArray() : QByteArray::number(key.elements),
                       key.ttlMs ? QByteArray::number(*key.ttlMs) : QByteArray()});
    for (const ReportTag &tag : report.tags)
        csv += csvRow("tag", tag.tag, tag.sum);
    for (const ReportSlot &slot : report.slots_)
        csv += csvRow("slot", QByteArray::number(slot.slot), slot.sum);
    return csv;
}

} // namespace slotscope
