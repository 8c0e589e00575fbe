// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/threshold.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Unit = WatchedFigure::Unit;

struct FigureRow
{
    const char *title;
    Unit unit;
};

/// In the order of Metric.
constexpr std::array<FigureRow, metricCount> figureRows{{
    {QT_TRANSLATE_NOOP("slotscope", "Commands"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Hits"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Misses"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "CPU"), Unit::Percent},
    {QT_TRANSLATE_NOOP("slotscope", "Memory"), Unit::Bytes},
    {QT_TRANSLATE_NOOP("slotscope", "Resident memory"), Unit::Bytes},
    {QT_TRANSLATE_NOOP("slotscope", "maxmemory"), Unit::Bytes},
    {QT_TRANSLATE_NOOP("slotscope", "Fragmentation"), Unit::Number},
    {QT_TRANSLATE_NOOP("slotscope", "Clients"), Unit::Number},
    {QT_TRANSLATE_NOOP("slotscope", "Blocked clients"), Unit::Number},
    {QT_TRANSLATE_NOOP("slotscope", "New connections"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Rejected connections"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Network in"), Unit::BytesPerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Network out"), Unit::BytesPerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Keys"), Unit::Number},
    {QT_TRANSLATE_NOOP("slotscope", "Expired keys"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Evicted keys"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Replication lag"), Unit::Bytes},
    {QT_TRANSLATE_NOOP("slotscope", "Unsaved changes"), Unit::Number},
    {QT_TRANSLATE_NOOP("slotscope", "Last fork"), Unit::Milliseconds},
    {QT_TRANSLATE_NOOP("slotscope", "MOVED and ASK redirects"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "CLUSTERDOWN and TRYAGAIN errors"), Unit::PerSecond},
    {QT_TRANSLATE_NOOP("slotscope", "Other errors"), Unit::PerSecond},
}};

/// Translates INFO's own field names that differ from ours.
QByteArray ourName(const QByteArray &name)
{
    static const QHash<QByteArray, QByteArray> names{
        {"used_memory"_ba, "memory"_ba},
        {"used_memory_rss"_ba, "resident"_ba},
        {"maxmemory"_ba, "max_memory"_ba},
        {"mem_fragmentation_ratio"_ba, "fragmentation"_ba},
        {"connected_clients"_ba, "clients"_ba},
        {"instantaneous_ops_per_sec"_ba, "commands"_ba},
        {"ops"_ba, "commands"_ba},
        {"rdb_changes_since_last_save"_ba, "unsaved"_ba},
        {"expired_keys"_ba, "expired"_ba},
        {"evicted_keys"_ba, "evicted"_ba},
        {"rejected_connections"_ba, "rejected"_ba},
    };
    return names.value(name, name);
}

constexpr QByteArrayView infoMark = "info:";

std::optional<WatchedFigure> figureNamed(const QByteArray &name)
{
    if (name.startsWith(infoMark)) {
        const auto field = readInfoField(QByteArrayView(name).sliced(infoMark.size()));
        return field ? std::optional(watchedField(*field)) : std::nullopt;
    }
    const QByteArray wanted = ourName(name.toLower());
    for (const WatchedFigure &figure : watchedFigures())
        if (figure.name == wanted)
            return figure;
    return std::nullopt;
}

struct NamedFactor
{
    const char *name;
    double factor;
};
constexpr double kilobyte = 1024;
constexpr std::array<NamedFactor, 10> sizeFactors{{{"", 1},
                                                   {"b", 1},
                                                   {"k", 1e3},
                                                   {"kb", kilobyte},
                                                   {"m", 1e6},
                                                   {"mb", kilobyte *kilobyte},
                                                   {"g", 1e9},
                                                   {"gb", kilobyte *kilobyte *kilobyte},
                                                   {"t", 1e12},
                                                   {"tb", kilobyte *kilobyte *kilobyte *kilobyte}}};
constexpr std::array<NamedFactor, 8> timeFactors{{{"", 1000},
                                                  {"ms", 1},
                                                  {"s", 1000},
                                                  {"m", 60'000},
                                                  {"min", 60'000},
                                                  {"h", 3'600'000},
                                                  {"sec", 1000},
                                                  {"d", 864e5}}};

template <size_t N>
std::optional<double> scaledNumber(const QByteArray &text, const std::array<NamedFactor, N> &factors)
{
    static const QRegularExpression form(u"^\\s*(\\d+(?:\\.\\d+)?)\\s*([a-z]*)\\s*$"_s);
    const QRegularExpressionMatch match = form.match(QString::fromUtf8(text.toLower()));
    if (!match.hasMatch())
        return std::nullopt;
    for (const NamedFactor &each : factors)
        if (match.captured(2) == QLatin1String(each.name))
            return match.captured(1).toDouble() * each.factor;
    return std::nullopt;
}

auto noThreshold(const QString &words)
{
    return failure(Error::Code::InvalidArgument, words);
}

} // namespace

const std::vector<WatchedFigure> &watchedFigures()
{
    static const std::vector<WatchedFigure> figures = [] {
        std::vector<WatchedFigure> all;
        for (size_t i = 0; i < metricCount; ++i)
            all.push_back({.name = metricName(Metric(i)),
                           .source = figureRows[i].title,
                           .unit = figureRows[i].unit,
                           .metric = Metric(i)});
        all.push_back({.name = "hit_ratio"_ba,
                       .source = QT_TRANSLATE_NOOP("slotscope", "Hit ratio"),
                       .unit = Unit::Percent,
                       .metric = Metric::Hits,
                       .other = Metric::Misses,
                       .ofBoth = true});
        all.push_back({.name = "memory_percent"_ba,
                       .source = QT_TRANSLATE_NOOP("slotscope", "Memory in % of maxmemory"),
                       .unit = Unit::Percent,
                       .metric = Metric::Memory,
                       .other = Metric::MaxMemory});
        return all;
    }();
    return figures;
}

WatchedFigure watchedField(const InfoField &field)
{
    WatchedFigure figure;
    figure.name = infoMark.toByteArray() + field.text();
    figure.source = "";
    figure.field = field;
    switch (unitOf(field)) {
    case InfoUnit::Bytes: figure.unit = field.perSecond ? Unit::BytesPerSecond : Unit::Bytes; break;
    case InfoUnit::Percent: figure.unit = Unit::Percent; break;
    case InfoUnit::Number: figure.unit = field.perSecond ? Unit::PerSecond : Unit::Number; break;
    }
    return figure;
}

InfoFields fieldsIn(const std::vector<Threshold> &rules)
{
    InfoFields fields;
    for (const Threshold &rule : rules)
        if (const auto field = rule.watched().field;
            field && std::find(fields.begin(), fields.end(), *field) == fields.end())
            fields.push_back(*field);
    return fields;
}

QString WatchedFigure::title() const
{
    return field ? QString::fromLatin1(field->name) : tr(source);
}

double WatchedFigure::of(const MetricFigures &figures, const QHash<QByteArray, double> &fields) const
{
    if (field)
        return fields.value(field->text(), std::nan(""));
    const double first = figures[size_t(metric)];
    if (!other)
        return first;
    const double whole = ofBoth ? first + figures[size_t(*other)] : figures[size_t(*other)];
    return whole > 0 ? 100 * first / whole : std::nan(""); // unknown without any requests, or without a limit
}

QString WatchedFigure::valueText(double value) const
{
    if (std::isnan(value))
        return u"–"_s;
    const auto number = [value] {
        const bool isWhole = value == std::floor(value) || std::abs(value) >= 1000;
        return isWhole ? groupedNumber(qint64(std::llround(value))) : QString::number(value, 'g', 4);
    };
    switch (unit) {
    case Unit::Bytes: return byteSize(qint64(value));
    case Unit::BytesPerSecond: return byteSize(qint64(value)) + u"/s"_s;
    case Unit::Percent: return QString::number(value, 'g', 4) + u" %"_s;
    case Unit::PerSecond: return number() + u"/s"_s;
    case Unit::Milliseconds: return number() + u" ms"_s;
    case Unit::Number: break;
    }
    return number();
}

WatchedFigure Threshold::watched() const
{
    return figureNamed(figure).value_or(watchedFigures().front());
}

QByteArray limitText(double limit, WatchedFigure::Unit unit)
{
    if (unit == Unit::Bytes || unit == Unit::BytesPerSecond)
        for (const char *name : {"tb", "gb", "mb", "kb"})
            for (const NamedFactor &each : sizeFactors)
                if (QByteArrayView(each.name) == name && limit >= each.factor
                    && std::fmod(limit * 100, each.factor) == 0)
                    return QByteArray::number(limit / each.factor, 'g', 12) + name;
    return QByteArray::number(limit, 'g', 15);
}

std::optional<double> readLimit(const QByteArray &text, WatchedFigure::Unit unit)
{
    QByteArray typed = text.trimmed().toLower();
    if (unit == Unit::Percent && typed.endsWith('%'))
        typed.chop(1);
    if ((unit == Unit::PerSecond || unit == Unit::BytesPerSecond) && typed.endsWith("/s"))
        typed.chop(2);
    if (unit == Unit::Milliseconds && typed.endsWith("ms"))
        typed.chop(2);
    return scaledNumber(typed, sizeFactors);
}

std::optional<qint64> readTime(const QByteArray &text)
{
    const auto ms = scaledNumber(text, timeFactors);
    return ms && *ms <= double(Threshold::longestFor) ? std::optional(qint64(std::llround(*ms))) : std::nullopt;
}

QByteArray shortTime(qint64 ms)
{
    if (ms % 3'600'000 == 0 && ms > 0)
        return QByteArray::number(ms / 3'600'000) + 'h';
    if (ms % 60'000 == 0 && ms > 0)
        return QByteArray::number(ms / 60'000) + "min";
    return ms % 1000 == 0 ? QByteArray::number(ms / 1000) + 's' : QByteArray::number(ms) + "ms";
}

QByteArray Threshold::text() const
{
    QByteArray all = figure + (below ? '<' : '>') + limitText(limit, watched().unit);
    if (forMs > 0)
        all += " for " + shortTime(forMs);
    switch (on) {
    case On::Sum: return all + " on sum";
    case On::Shards: return all + " on shards";
    case On::Node: return all + " on " + node;
    case On::Nodes: break;
    }
    return all + " on nodes";
}

QString Threshold::words() const
{
    const WatchedFigure figureOf = watched();
    const QString side = below ? tr("%1 below %2") : tr("%1 above %2");
    const QString said = side.arg(figureOf.title(), figureOf.valueText(limit));
    return forMs > 0 ? tr("%1 for %2").arg(said, duration(forMs)) : said;
}

Result<Threshold> readThreshold(const QByteArray &text)
{
    static const QRegularExpression form(
        u"^\\s*(info:[^\\s<>]+|[a-z_]+)\\s*([<>])\\s*(.+?)(?:\\s+for\\s+(.+?))?(?:\\s+on\\s+(\\S+))?\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(QString::fromUtf8(text));
    if (!match.hasMatch())
        return noThreshold(tr("“%1” is not a rule such as “memory>100mb for 5s on nodes”").arg(toDisplay(text)));
    const QByteArray name = match.captured(1).toUtf8();
    const auto figure = figureNamed(name);
    if (!figure) {
        QStringList names;
        for (const WatchedFigure &each : watchedFigures())
            names.append(QString::fromLatin1(each.name));
        return noThreshold(tr("there is no metric “%1”; the metrics are %2, and info:FIELD for a field of INFO")
                               .arg(toDisplay(name), names.join(u", "_s)));
    }
    Threshold made;
    made.figure = figure->name;
    made.below = match.captured(2) == u"<";
    const auto limit = readLimit(match.captured(3).toUtf8(), figure->unit);
    if (!limit)
        return noThreshold(tr("“%1” is not a limit such as 100mb, 1.5gb or 20000").arg(match.captured(3)));
    made.limit = *limit;
    if (const QString time = match.captured(4); !time.isEmpty()) {
        const auto ms = readTime(time.toUtf8());
        if (!ms)
            return noThreshold(tr("“%1” is not a time such as 5s, 500ms or 2min (at most one day)").arg(time));
        made.forMs = *ms;
    }
    const QByteArray where = match.captured(5).toUtf8(), lower = where.toLower();
    if (lower == "sum")
        made.on = Threshold::On::Sum;
    else if (lower == "shards")
        made.on = Threshold::On::Shards;
    else if (!where.isEmpty() && lower != "nodes") {
        made.on = Threshold::On::Node;
        made.node = where;
    }
    return made;
}

} // namespace slotscope
