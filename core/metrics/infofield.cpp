// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/infofield.h"

#include "core/cluster/parse.h"

#include <algorithm>
#include <array>

namespace slotscope {

namespace {

constexpr qsizetype longestName = 120;

template <size_t N>
bool beginsWithOne(QByteArrayView name, const std::array<const char *, N> &all)
{
    return std::any_of(all.begin(), all.end(), [name](const char *each) { return name.startsWith(each); });
}

template <size_t N>
bool isOneOf(QByteArrayView name, const std::array<const char *, N> &all)
{
    return std::any_of(all.begin(), all.end(), [name](const char *each) { return name == each; });
}

template <size_t N>
bool hasOne(QByteArrayView name, const std::array<const char *, N> &all)
{
    return std::any_of(all.begin(), all.end(),
                       [name](const char *each) { return name.indexOf(QByteArrayView(each)) >= 0; });
}

/// nullopt unless the whole text is a number, with "%" after it or without.
std::optional<double> figureOf(QByteArrayView text)
{
    text = text.trimmed();
    if (text.endsWith('%'))
        text.chop(1);
    const bool startsWell = !text.isEmpty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    bool ok = false;
    const double value = startsWell ? text.toByteArray().toDouble(&ok) : 0;
    return ok && qIsFinite(value) ? std::optional(value) : std::nullopt;
}

/// Calls `take` with the name and the text of each field; a line such as "db0:keys=1,expires=0" has several.
template <typename Take>
void eachField(QByteArrayView reply, const Take &take)
{
    QByteArrayView section;
    while (!reply.isEmpty()) {
        QByteArrayView line = takeLine(reply);
        if (line.startsWith('#')) {
            section = line.sliced(1).trimmed();
            continue;
        }
        const QByteArrayView key = takeUntil(line, ':');
        if (key.isEmpty() || key.size() > longestName)
            continue;
        if (line.indexOf('=') < 0) {
            take(section, key, QByteArrayView(), line);
            continue;
        }
        while (!line.isEmpty()) {
            QByteArrayView value = takeUntil(line, ',');
            const QByteArrayView part = takeUntil(value, '=');
            take(section, key, part, value);
        }
    }
}

QByteArray nameOf(QByteArrayView key, QByteArrayView part)
{
    return part.isEmpty() ? key.toByteArray() : key.toByteArray() + '.' + part.toByteArray();
}

/// Cluster-wide figures that every node repeats, unlike its own counters of messages.
bool isOfCluster(QByteArrayView name)
{
    return isOfClusterInfo(name) && !name.startsWith("cluster_stats_");
}

} // namespace

QByteArray InfoField::text() const
{
    if (perSecond)
        return name + "/s";
    return countsUp(name) ? name + "/raw" : name;
}

std::optional<InfoField> readInfoField(QByteArrayView text)
{
    text = text.trimmed();
    InfoField field;
    const bool isRate = text.endsWith("/s"), isRaw = text.endsWith("/raw");
    text.chop(isRate ? 2 : isRaw ? 4 : 0);
    const auto isFine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || QByteArrayView("_.|-").contains(c);
    };
    if (text.isEmpty() || text.size() > longestName || !std::all_of(text.begin(), text.end(), isFine))
        return std::nullopt;
    field.name = text.toByteArray();
    field.perSecond = isRate || (!isRaw && countsUp(text));
    return field;
}

InfoFields readInfoFields(const QList<QByteArray> &texts)
{
    InfoFields fields;
    for (const QByteArray &text : texts)
        if (const auto field = readInfoField(text);
            field && fields.size() < mostInfoFields && std::find(fields.begin(), fields.end(), *field) == fields.end())
            fields.push_back(*field);
    return fields;
}

InfoFields joined(InfoFields fields, const InfoFields &others)
{
    for (const InfoField &field : others)
        if (std::find(fields.begin(), fields.end(), field) == fields.end())
            fields.push_back(field);
    return fields;
}

bool isOfClusterInfo(QByteArrayView name)
{
    return name.startsWith("cluster_");
}

bool countsUp(QByteArrayView name)
{
    static constexpr std::array<const char *, 10> gaugesOfTotals{
        "total_system_memory",      "total_blocking_keys",      "total_blocking_keys_on_nokey",
        "total_watched_keys",       "total_active_defrag_size", "active_defrag_running",
        "expired_stale_perc",       "total_active_connections", "tracking_total_keys",
        "total_system_memory_human"};
    static constexpr std::array<const char *, 14> prefixes{"total_",
                                                           "used_cpu_",
                                                           "expired_",
                                                           "evicted_",
                                                           "rejected_",
                                                           "sync_full",
                                                           "sync_partial_",
                                                           "active_defrag_",
                                                           "acl_access_denied_",
                                                           "cluster_stats_messages_",
                                                           "eventloop_cycles",
                                                           "eventloop_duration_sum",
                                                           "eventloop_duration_cmd_sum",
                                                           "errorstat_"};
    static constexpr std::array<const char *, 16> names{"keyspace_hits",
                                                        "keyspace_misses",
                                                        "lazyfreed_objects",
                                                        "unexpected_error_replies",
                                                        "dump_payload_sanitizations",
                                                        "reply_buffer_shrinks",
                                                        "reply_buffer_expands",
                                                        "expire_cycle_cpu_milliseconds",
                                                        "client_query_buffer_limit_disconnections",
                                                        "client_output_buffer_limit_disconnections",
                                                        "master_repl_offset",
                                                        "slave_repl_offset",
                                                        "slave_read_repl_offset",
                                                        "rdb_saves",
                                                        "aof_rewrites",
                                                        "io_threaded_reads_processed"};
    if (isOneOf(name, gaugesOfTotals))
        return false;
    if (name.startsWith("cmdstat_"))
        return !name.endsWith(".usec_per_call");
    if (name.startsWith("io_threaded_"))
        return true;
    return isOneOf(name, names) || beginsWithOne(name, prefixes);
}

bool isLargest(const InfoField &field)
{
    static constexpr std::array<const char *, 16> words{"ratio", "perc",    "uptime",   "_epoch",  "_seconds", "_ms",
                                                        "usec",  ".p",      "avg_ttl",  "_offset", ".offset",  "lag",
                                                        "hz",    "version", "_running", "_time"};
    static constexpr std::array<const char *, 9> names{"tcp_port",    "arch_bits",         "process_id",
                                                       "lru_clock",   "server_time_usec",  "cluster_enabled",
                                                       "gcc_version", "io_threads_active", "loading"};
    if (isOfCluster(field.name))
        return true;
    const bool isDuration = field.name.endsWith("_sec") && !field.name.endsWith("_per_sec"); // rates of nodes add up
    return !field.perSecond && (isDuration || isOneOf(field.name, names) || hasOne(field.name, words));
}

InfoUnit unitOf(const InfoField &field)
{
    static constexpr std::array<const char *, 8> bytes{"used_memory", "mem_",   "maxmemory", "total_system_memory",
                                                       "allocator_",  "_bytes", "_offset",   "_size"};
    const QByteArrayView name = field.name;
    if (name.indexOf("perc") >= 0 && !name.startsWith("latency_percentiles"))
        return InfoUnit::Percent;
    const bool isCount = name.indexOf("ratio") >= 0 || name.startsWith("mem_not_") || name == "cluster_size"
        || name.startsWith("cmdstat_") || name.indexOf("overhead_dataset_ratio") >= 0;
    return !isCount && hasOne(name, bytes) ? InfoUnit::Bytes : InfoUnit::Number;
}

InfoFigures infoFigures(QByteArrayView reply)
{
    InfoFigures figures;
    QHash<QByteArray, bool> seen;
    eachField(reply, [&](QByteArrayView section, QByteArrayView key, QByteArrayView part, QByteArrayView value) {
        const auto figure = figureOf(value);
        const QByteArray name = nameOf(key, part);
        if (!figure || figures.size() >= mostInfoFigures || seen.contains(name) || !readInfoField(name))
            return;
        seen.insert(name, true);
        figures.push_back({section.toByteArray(), name, *figure});
    });
    return figures;
}

void addFigures(InfoFigures &figures, const InfoFigures &others)
{
    QHash<QByteArray, size_t> places;
    QHash<QByteArray, size_t> sections; ///< place of each section, in the order of their first fields
    for (size_t i = 0; i < figures.size(); ++i) {
        places.insert(figures[i].name, i);
        if (!sections.contains(figures[i].section))
            sections.insert(figures[i].section, size_t(sections.size()));
    }
    bool isInOrder = true;
    for (const InfoFigure &other : others) {
        if (const auto place = places.constFind(other.name); place != places.constEnd()) {
            ++figures[*place].nodes;
        } else if (figures.size() < mostInfoFigures) {
            if (!sections.contains(other.section))
                sections.insert(other.section, size_t(sections.size()));
            isInOrder = false;
            figures.push_back(other);
        }
    }
    if (!isInOrder)
        std::stable_sort(figures.begin(), figures.end(), [&sections](const InfoFigure &a, const InfoFigure &b) {
            return sections.value(a.section) < sections.value(b.section);
        });
}

QHash<QByteArray, double> valuesIn(QByteArrayView reply, const InfoFields &fields)
{
    QHash<QByteArray, double> values;
    if (fields.empty())
        return values;
    QHash<QByteArrayView, bool> lines; ///< the lines that hold a wanted field
    QHash<QByteArray, bool> wanted;
    for (const InfoField &field : fields) {
        const qsizetype dot = field.name.lastIndexOf('.');
        lines.insert(QByteArrayView(field.name).first(dot < 0 ? field.name.size() : dot), true);
        wanted.insert(field.name, true);
    }
    eachField(reply, [&](QByteArrayView, QByteArrayView key, QByteArrayView part, QByteArrayView value) {
        if (!lines.contains(key))
            return;
        const QByteArray name = nameOf(key, part);
        if (const auto figure = wanted.contains(name) ? figureOf(value) : std::nullopt)
            values.insert(name, *figure);
    });
    return values;
}

} // namespace slotscope
