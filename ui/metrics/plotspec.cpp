// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/plotspec.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("PlotSpec", text);
}

QString scaled(double value, double base, const std::array<const char *, 5> &units, bool isShort)
{
    size_t unit = 0;
    double shown = std::abs(value);
    while (shown >= base * (isShort ? 1.0 : 0.9995) && unit + 1 < units.size()) {
        shown /= base;
        ++unit;
    }
    const double signedShown = value < 0 ? -shown : shown;
    // two significant digits of a small number such as 0.0032 CPU seconds per second
    const int ofSmall = shown > 0 && shown < 0.1 ? std::min(6, 1 - int(std::floor(std::log10(shown)))) : 2;
    int digits = shown >= 100 || (unit == 0 && shown == std::floor(shown)) ? 0 : shown >= 10 ? 1 : ofSmall;
    if (isShort)
        digits = shown == std::floor(shown) ? 0 : shown >= 10 ? 1 : ofSmall;
    QString text = QString::number(signedShown, 'f', digits);
    if (isShort && text.contains(u'.')) {
        while (text.endsWith(u'0'))
            text.chop(1);
        if (text.endsWith(u'.'))
            text.chop(1);
    }
    const QString name = QLatin1String(units.at(unit));
    return name.isEmpty() ? text : text + u' ' + name;
}

} // namespace

QList<PlotSpec> plotSpecs()
{
    using Scale = PlotSpec::Scale;
    using Style = PlotSeries::Style;
    using Mark = PlotSeries::Mark;
    QList<PlotSpec> all;
    const auto add = [&all](const char *id, const char *title, const char *note, Scale scale,
                            const QList<PlotSeries> &series) -> PlotSpec & {
        PlotSpec spec;
        spec.id = QLatin1String(id);
        spec.title = words(title);
        spec.note = words(note);
        spec.scale = scale;
        spec.series = series;
        all.append(spec);
        return all.back();
    };
    add("commands", QT_TRANSLATE_NOOP("PlotSpec", "Commands"), QT_TRANSLATE_NOOP("PlotSpec", "per second"),
        Scale::Number, {{.metric = Metric::Commands}});
    add("hit_ratio", QT_TRANSLATE_NOOP("PlotSpec", "Hit ratio"), "%", Scale::Percent, {{.metric = Metric::Hits}})
        .ratioWith = Metric::Misses;
    add("cpu", QT_TRANSLATE_NOOP("PlotSpec", "CPU"), QT_TRANSLATE_NOOP("PlotSpec", "% of one core"), Scale::Percent,
        {{.metric = Metric::Cpu}});
    add("memory", QT_TRANSLATE_NOOP("PlotSpec", "Memory"), QT_TRANSLATE_NOOP("PlotSpec", "used; dashed: resident"),
        Scale::Bytes, {{.metric = Metric::Memory}, {.metric = Metric::Resident, .style = Style::Dashed}})
        .hasLimit = true;
    add("clients", QT_TRANSLATE_NOOP("PlotSpec", "Clients"), QT_TRANSLATE_NOOP("PlotSpec", "connected"), Scale::Number,
        {{.metric = Metric::Clients}});
    add("network", QT_TRANSLATE_NOOP("PlotSpec", "Network"), QT_TRANSLATE_NOOP("PlotSpec", "above: out, below: in"),
        Scale::BytesPerSecond, {{.metric = Metric::NetOut}, {.metric = Metric::NetIn, .style = Style::Below}});
    add("expired", QT_TRANSLATE_NOOP("PlotSpec", "Expired, evicted"), QT_TRANSLATE_NOOP("PlotSpec", "keys per second"),
        Scale::Number,
        {{.metric = Metric::Expired, .style = Style::Bars, .label = words(QT_TRANSLATE_NOOP("PlotSpec", "expired"))},
         {.metric = Metric::Evicted,
          .style = Style::Bars,
          .label = words(QT_TRANSLATE_NOOP("PlotSpec", "evicted")),
          .mark = Mark::Error}});
    add("lag", QT_TRANSLATE_NOOP("PlotSpec", "Replication lag"), QT_TRANSLATE_NOOP("PlotSpec", "bytes, logarithmic"),
        Scale::LogBytes, {{.metric = Metric::Lag}})
        .isAddable = false;
    add("errors", QT_TRANSLATE_NOOP("PlotSpec", "Errors"), QT_TRANSLATE_NOOP("PlotSpec", "per second"), Scale::Number,
        {{.metric = Metric::ErrorsMoved, .style = Style::Bars, .label = u"MOVED"_s},
         {.metric = Metric::ErrorsDown, .style = Style::Bars, .label = u"CLUSTERDOWN"_s, .mark = Mark::Error},
         {.metric = Metric::ErrorsOther,
          .style = Style::Bars,
          .label = words(QT_TRANSLATE_NOOP("PlotSpec", "other")),
          .mark = Mark::Warning}});
    add("keys", QT_TRANSLATE_NOOP("PlotSpec", "Keys"), "", Scale::Number, {{.metric = Metric::Keys}}).shownFirst =
        false;
    add("blocked", QT_TRANSLATE_NOOP("PlotSpec", "Blocked clients"), "", Scale::Number,
        {{.metric = Metric::BlockedClients}})
        .shownFirst = false;
    add("connections", QT_TRANSLATE_NOOP("PlotSpec", "New connections"), QT_TRANSLATE_NOOP("PlotSpec", "per second"),
        Scale::Number,
        {{.metric = Metric::Connections,
          .style = Style::Bars,
          .label = words(QT_TRANSLATE_NOOP("PlotSpec", "accepted"))},
         {.metric = Metric::Rejected,
          .style = Style::Bars,
          .label = words(QT_TRANSLATE_NOOP("PlotSpec", "rejected")),
          .mark = Mark::Error}})
        .shownFirst = false;
    add("fragmentation", QT_TRANSLATE_NOOP("PlotSpec", "Fragmentation"),
        QT_TRANSLATE_NOOP("PlotSpec", "resident / used"), Scale::Number, {{.metric = Metric::Fragmentation}})
        .shownFirst = false;
    all.back().isAddable = false;
    add("unsaved", QT_TRANSLATE_NOOP("PlotSpec", "Persistence"),
        QT_TRANSLATE_NOOP("PlotSpec", "changes since the last save"), Scale::Number, {{.metric = Metric::Unsaved}})
        .shownFirst = false;
    add("fork", QT_TRANSLATE_NOOP("PlotSpec", "Last fork"), QT_TRANSLATE_NOOP("PlotSpec", "ms"), Scale::Number,
        {{.metric = Metric::ForkMs}})
        .shownFirst = false;
    all.back().isAddable = false;
    return all;
}

PlotSpec plotSpecOf(const InfoField &field)
{
    using Scale = PlotSpec::Scale;
    PlotSpec spec;
    spec.id = u"info:"_s + QString::fromLatin1(field.text());
    spec.title = QString::fromLatin1(field.name);
    spec.note = field.perSecond ? words(QT_TRANSLATE_NOOP("PlotSpec", "per second")) : QString();
    spec.series = {{.field = field}};
    spec.isAddable = !isLargest(field);
    switch (unitOf(field)) {
    case InfoUnit::Bytes: spec.scale = field.perSecond ? Scale::BytesPerSecond : Scale::Bytes; break;
    case InfoUnit::Percent: spec.scale = Scale::Percent; break;
    case InfoUnit::Number: break;
    }
    return spec;
}

QString plotNumber(double value, PlotSpec::Scale scale, bool isShort)
{
    if (std::isnan(value))
        return u"–"_s;
    switch (scale) {
    case PlotSpec::Scale::Percent: {
        const bool isWhole = value == std::floor(value);
        const int digits = isShort ? (isWhole ? 0 : value < 1 ? 2 : 1) : value >= 100 ? 0 : 1;
        return QString::number(value, 'f', digits);
    }
    case PlotSpec::Scale::Bytes:
    case PlotSpec::Scale::LogBytes: return scaled(value, 1024, {"B", "KB", "MB", "GB", "TB"}, isShort);
    case PlotSpec::Scale::BytesPerSecond: return scaled(value, 1024, {"B/s", "KB/s", "MB/s", "GB/s", "TB/s"}, isShort);
    case PlotSpec::Scale::Number: break;
    }
    return scaled(value, 1000, {"", "k", "M", "G", "T"}, isShort);
}

} // namespace slotscope
