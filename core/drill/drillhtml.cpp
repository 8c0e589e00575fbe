// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/drill/drillhtml.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/drill/drillwords.h"

#include <QDateTime>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr double pictureWidth = 960, left = 110, stripHeight = 16, laneHeight = 64;

const QString style =
    u"body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c2128;"
    "background:#fff}h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #d0d7de;padding:.3em .6em;text-align:left}.good{color:#1a7f37}.bad{color:#b42318}"
    ".muted{color:#57606a}svg{width:100%;height:auto}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}td,th{border-color:#30363d}"
    ".good{color:#3fb950}.bad{color:#ff7b72}.muted{color:#9aa4b0}}"_s;

QString escaped(const QString &text)
{
    return text.toHtmlEscaped();
}

/// The strip of one lane: green where writes were acknowledged, red where not.
QString strip(const DrillLaneReport &lane, double top, qint64 from, double perMs)
{
    QString svg = u"<text x='0' y='%1' font-size='12' fill='currentColor'>%2</text>"_s.arg(top + 12).arg(
        escaped(lane.control ? tr("Shard %1 (control)").arg(lane.shard) : tr("Shard %1").arg(lane.shard)));
    for (const DrillBucket &bucket : lane.buckets) {
        if (bucket.due == 0)
            continue;
        const QString colour = bucket.served == bucket.due ? u"#2da44e"_s
            : bucket.served > 0                            ? u"#d4a72c"_s
                                                           : u"#cf222e"_s;
        const double x = left + double(bucket.at - from) * perMs;
        svg += u"<rect x='%1' y='%2' width='%3' height='%4' fill='%5'/>"_s.arg(x, 0, 'f', 1)
                   .arg(top)
                   .arg(std::max(0.6, DrillBucket::lengthMs * perMs), 0, 'f', 1)
                   .arg(stripHeight)
                   .arg(colour);
        if (bucket.worstMs >= 0) // height by latency, on a logarithmic scale
            svg += u"<circle cx='%1' cy='%2' r='1.2' fill='currentColor'/>"_s.arg(x, 0, 'f', 1)
                       .arg(top + laneHeight - 10 - std::min(32.0, std::log10(1.0 + bucket.worstMs) * 9), 0, 'f', 1);
    }
    return svg;
}

QString picture(const DrillReport &report)
{
    qint64 from = 0, to = std::max<qint64>(1, report.endedAt);
    for (const DrillLaneReport &lane : report.lanes)
        if (!lane.buckets.isEmpty())
            from = std::min(from, lane.buckets.constFirst().at);
    const double perMs = (pictureWidth - left) / double(to - from);
    double top = 20;
    QString svg;
    for (const DrillLaneReport &lane : report.lanes) {
        svg += strip(lane, top, from, perMs);
        for (const DrillPhase &phase : phasesOf(report, lane)) {
            const double x = left + double(phase.at - from) * perMs;
            svg +=
                u"<line x1='%1' x2='%1' y1='%2' y2='%3' stroke='currentColor' stroke-opacity='.5'><title>%4 %5</title></line>"_s
                    .arg(x, 0, 'f', 1)
                    .arg(top - 6)
                    .arg(top + laneHeight - 8)
                    .arg(escaped(phase.title), escaped(drillTime(phase.at)));
        }
        top += laneHeight;
    }
    return u"<svg viewBox='0 0 %1 %2' role='img' aria-label='%3'>%4</svg>"_s.arg(pictureWidth)
        .arg(top + 4)
        .arg(escaped(tr("Time line; the table below shows the same data")), svg);
}

QString table(const DrillReport &report)
{
    QString html = u"<table><tr><th>%1</th><th>%2</th><th>%3</th><th>%4</th><th>%5</th></tr>"_s.arg(
        escaped(tr("Shard")), escaped(tr("Time")), escaped(tr("Within")), escaped(tr("What")), escaped(tr("Detail")));
    for (const DrillLaneReport &lane : report.lanes)
        for (const DrillPhase &phase : phasesOf(report, lane))
            html += u"<tr><td>%1</td><td>%2</td><td>%3</td><td>%4</td><td>%5</td></tr>"_s.arg(
                QString::number(lane.shard), escaped(drillTime(phase.at)),
                phase.at > phase.since ? escaped(drillSpan(phase.at - phase.since)) : QString(), escaped(phase.title),
                escaped(phase.detail));
    return html + u"</table>"_s;
}

} // namespace

QByteArray drillHtml(const DrillReport &report)
{
    QString html =
        u"<!doctype html><html><head><meta charset='utf-8'><title>%1</title><style>%2</style></head><body>"_s.arg(
            escaped(report.title), style);
    const QString when =
        report.startedAt > 0 ? QDateTime::fromMSecsSinceEpoch(report.startedAt).toString(Qt::ISODate) : QString();
    html += u"<h1>%1</h1><p class='muted'>%2 · %3 · %4</p>"_s.arg(escaped(report.title), escaped(report.cluster),
                                                                  escaped(drillWayTitle(report.way)), escaped(when));
    html += u"<ul>"_s;
    for (const DrillConclusion &one : conclusionsOf(report))
        html += u"<li class='%1'>%2</li>"_s.arg(one.kind == DrillConclusion::Kind::Good      ? u"good"_s
                                                    : one.kind == DrillConclusion::Kind::Bad ? u"bad"_s
                                                                                             : QString(),
                                                escaped(one.text));
    html += u"</ul><h2>%1</h2>"_s.arg(escaped(tr("Time line"))) + picture(report) + table(report);
    html += u"<h2>%1</h2><table>"_s.arg(escaped(tr("Everything that was observed")));
    for (const DrillEvent &event : report.events)
        html += u"<tr><td>%1</td></tr>"_s.arg(escaped(drillEventText(event)));
    html += u"</table><p class='muted'>%1</p></body></html>"_s.arg(
        escaped(tr("Polled %1 nodes every %2: %3. Times are relative to the loss.")
                    .arg(report.observers.size())
                    .arg(duration(report.pollMs), report.observers.join(u", "_s))));
    return html.toUtf8();
}

} // namespace slotscope
