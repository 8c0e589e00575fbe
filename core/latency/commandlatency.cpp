// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/latency/commandlatency.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/latency/latencyhistogram.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

tl::unexpected<Error> noHistogram(const Value &value)
{
    return failure(Error::Code::Parse, tr("not a latency histogram: %1").arg(toDisplay(value.bytes().left(80))));
}

/// Converts cumulative counts to counts per bucket.
Result<CommandLatency> latencyIn(const Value &value)
{
    const Value *calls = value.find("calls");
    const Value *histogram = value.find("histogram_usec");
    if (!calls || calls->type() != Value::Type::Integer || !histogram || !histogram->isAggregate()
        || histogram->items().size() % 2 != 0)
        return noHistogram(value);
    CommandLatency latency;
    latency.calls = calls->toInteger();
    qint64 before = 0;
    const Value::List &items = histogram->items();
    for (size_t i = 0; i < items.size(); i += 2) {
        const qint64 upTo = items[i + 1].toInteger();
        if (items[i].type() != Value::Type::Integer || items[i + 1].type() != Value::Type::Integer || upTo < before)
            return noHistogram(value);
        if (upTo > before)
            latency.buckets.insert(items[i].toInteger(), upTo - before);
        before = upTo;
    }
    return latency;
}

/// `after` minus `before`; nullopt if `after` counts less.
std::optional<CommandLatency> added(const CommandLatency &after, const CommandLatency &before)
{
    if (after.calls < before.calls)
        return std::nullopt;
    CommandLatency news;
    news.calls = after.calls - before.calls;
    for (auto each = before.buckets.constBegin(); each != before.buckets.constEnd(); ++each)
        if (after.buckets.value(each.key()) < each.value())
            return std::nullopt;
    for (auto each = after.buckets.constBegin(); each != after.buckets.constEnd(); ++each)
        if (const qint64 more = each.value() - before.buckets.value(each.key()); more > 0)
            news.buckets.insert(each.key(), more);
    return news;
}

} // namespace

qint64 CommandLatency::counted() const
{
    qint64 sum = 0;
    for (const qint64 count : buckets)
        sum += count;
    return sum;
}

qint64 CommandLatency::percentile(double share) const
{
    const qint64 count = counted();
    if (count == 0)
        return -1;
    qint64 left = nearestRank(share, count);
    for (auto each = buckets.constBegin(); each != buckets.constEnd(); ++each) {
        left -= each.value();
        if (left <= 0)
            return each.key();
    }
    return buckets.lastKey();
}

void CommandLatency::merge(const CommandLatency &other)
{
    calls += other.calls;
    for (auto each = other.buckets.constBegin(); each != other.buckets.constEnd(); ++each)
        buckets[each.key()] += each.value();
}

Result<CommandLatencies> parseLatencyHistogram(const Value &reply)
{
    if (!reply.isAggregate() || reply.items().size() % 2 != 0)
        return noHistogram(reply);
    CommandLatencies all;
    const Value::List &items = reply.items();
    for (size_t i = 0; i < items.size(); i += 2) {
        if (!items[i].isString())
            return noHistogram(items[i]);
        auto latency = latencyIn(items[i + 1]);
        if (!latency)
            return failure(latency.error());
        all.insert(items[i].bytes(), std::move(*latency));
    }
    return all;
}

CommandLatencies difference(const CommandLatencies &after, const CommandLatencies &before)
{
    CommandLatencies news;
    for (auto each = after.constBegin(); each != after.constEnd(); ++each) {
        const CommandLatency more = added(each.value(), before.value(each.key())).value_or(each.value());
        if (more.calls > 0)
            news.insert(each.key(), more);
    }
    return news;
}

void mergeInto(CommandLatencies &all, const CommandLatencies &one)
{
    for (auto each = one.constBegin(); each != one.constEnd(); ++each)
        all[each.key()].merge(each.value());
}

CommandPercentiles parseLatencyStats(QByteArrayView info)
{
    static constexpr QByteArrayView prefix = "latency_percentiles_usec_";
    CommandPercentiles all;
    const QList<QByteArray> lines = info.toByteArray().split('\n');
    for (const QByteArray &whole : lines) {
        const QByteArray line = whole.trimmed();
        const qsizetype colon = line.lastIndexOf(':');
        if (!line.startsWith(prefix) || colon < 0)
            continue;
        QMap<QByteArray, double> &percentiles = all[line.mid(prefix.size(), colon - prefix.size())];
        const QList<QByteArray> parts = line.mid(colon + 1).split(',');
        for (const QByteArray &part : parts) {
            const qsizetype equals = part.indexOf('=');
            bool isNumber = false;
            const double microseconds = part.mid(equals + 1).toDouble(&isNumber);
            if (equals > 0 && isNumber)
                percentiles.insert(part.left(equals), microseconds);
        }
    }
    return all;
}

} // namespace slotscope
