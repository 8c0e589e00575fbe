// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadreport.h"

#include "core/base/text.h"
#include "core/base/tr.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

LoadTimes LoadTimes::of(const LoadCount &count)
{
    const auto upTo = [&count](double share) { return std::min(count.times.percentile(share), count.longest); };
    if (count.times.count() == 0)
        return {};
    return {.p50 = upTo(0.5),
            .p90 = upTo(0.9),
            .p99 = upTo(0.99),
            .p999 = upTo(0.999),
            .longest = count.longest,
            .mean = count.sum / double(count.times.count())};
}

qint64 LoadRow::errorSum() const
{
    qint64 all = 0;
    for (const qint64 each : errors)
        all += each;
    return all;
}

QByteArray csvOf(const LoadReport &report)
{
    QByteArray text = "second,length,warm_up,ok,errors,p50_us,p99_us,longest_us\n";
    for (const LoadSecond &second : report.timeline) {
        QByteArrayList cells{QByteArray::number(second.at, 'f', 3), QByteArray::number(second.length, 'f', 3),
                             second.isWarmUp ? "1" : "0"};
        for (const qint64 each : {second.ok, second.errors, second.p50, second.p99, second.longest})
            cells.append(each < 0 ? QByteArray() : QByteArray::number(each));
        text += cells.join(',') + '\n';
    }
    return text;
}

std::optional<double> LoadChange::percent() const
{
    if (before <= 0 || after < 0)
        return std::nullopt;
    return (after - before) / before * 100;
}

QList<LoadChange> compared(const LoadReport &before, const LoadReport &after)
{
    const auto time = [](const QString &name, qint64 one, qint64 other) {
        return LoadChange{
            .name = name, .before = double(one), .after = double(other), .isTime = true, .moreIsBetter = false};
    };
    const LoadTimes &one = before.all.times;
    const LoadTimes &other = after.all.times;
    return {{.name = tr("requests per second"), .before = before.rate(), .after = after.rate(), .moreIsBetter = true},
            time(u"p50"_s, one.p50, other.p50),
            time(u"p90"_s, one.p90, other.p90),
            time(u"p99"_s, one.p99, other.p99),
            time(u"p99.9"_s, one.p999, other.p999),
            time(tr("longest"), one.longest, other.longest),
            {.name = tr("errors"),
             .before = double(before.all.errorSum()),
             .after = double(after.all.errorSum()),
             .moreIsBetter = false}};
}

QStringList differencesOf(const LoadReport &earlier, const LoadReport &later)
{
    const LoadSpec &before = earlier.spec;
    const LoadSpec &after = later.spec;
    QStringList found;
    const auto look = [&found](const QString &name, const QString &one, const QString &other) {
        if (one != other)
            found.append(tr("%1: %2, then %3").arg(name, one, other));
    };
    const auto rate = [](const LoadSpec &spec) {
        return spec.rate > 0 ? tr("%1 per second").arg(groupedNumber(qint64(spec.rate))) : tr("as many as possible");
    };
    const auto sizes = [](const LoadSpec &spec) {
        return spec.leastBytes == spec.mostBytesOfValue ? QString::number(spec.leastBytes)
                                                        : u"%1-%2"_s.arg(spec.leastBytes).arg(spec.mostBytesOfValue);
    };
    look(tr("rate"), rate(before), rate(after));
    look(tr("clients"), QString::number(before.clients), QString::number(after.clients));
    look(tr("pipeline"), QString::number(before.pipeline), QString::number(after.pipeline));
    look(tr("commands"), toDisplay(loadMixText(before.mix)), toDisplay(loadMixText(after.mix)));
    look(tr("value size in bytes"), sizes(before), sizes(after));
    look(tr("keys"), groupedNumber(before.keys), groupedNumber(after.keys));
    look(tr("order of keys"), QString::fromLatin1(loadDistributionText(before)),
         QString::fromLatin1(loadDistributionText(after)));
    look(tr("hash tags"), QString::number(before.tags), QString::number(after.tags));
    look(tr("reads from replicas"), before.replicas ? tr("yes") : tr("no"), after.replicas ? tr("yes") : tr("no"));
    look(tr("threads"), before.threads > 0 ? QString::number(before.threads) : tr("chosen automatically"),
         after.threads > 0 ? QString::number(after.threads) : tr("chosen automatically"));
    look(tr("keys that are read are written first"), before.fill ? tr("yes") : tr("no"),
         after.fill ? tr("yes") : tr("no"));
    look(tr("seconds of warm-up"), QString::number(before.warmUpSeconds), QString::number(after.warmUpSeconds));
    look(tr("seconds"), QString::number(before.seconds), QString::number(after.seconds));
    look(tr("requests"), groupedNumber(before.count), groupedNumber(after.count));
    look(tr("version of the server"), earlier.version, later.version);
    for (const LoadReport *report : {&earlier, &later})
        if (!report->isWhole())
            found.append(report == &earlier ? tr("earlier report: %1").arg(loadEndWords(*report))
                                            : tr("this report: %1").arg(loadEndWords(*report)));
    return found;
}

QString loadWords(const LoadSpec &spec)
{
    QStringList words;
    words.append(spec.rate > 0 ? tr("%1 per second").arg(groupedNumber(qint64(spec.rate))) : tr("as many as possible"));
    words.append(spec.clients == 1 ? tr("1 client") : tr("%1 clients").arg(groupedNumber(spec.clients)));
    if (spec.pipeline > 1)
        words.append(tr("pipeline %1").arg(spec.pipeline));
    words.append(toDisplay(loadMixText(spec.mix)));
    words.append(spec.leastBytes == spec.mostBytesOfValue
                     ? byteSize(spec.leastBytes)
                     : u"%1 – %2"_s.arg(byteSize(spec.leastBytes), byteSize(spec.mostBytesOfValue)));
    words.append(tr("%1 keys, %2").arg(groupedNumber(spec.keys), QString::fromLatin1(loadDistributionText(spec))));
    if (spec.tags > 0)
        words.append(spec.tags == 1 ? tr("1 hash tag") : tr("%1 hash tags").arg(groupedNumber(spec.tags)));
    if (spec.replicas)
        words.append(tr("reads from replicas"));
    return words.join(u" · "_s);
}

QString loadErrorWords(const QByteArray &kind)
{
    if (kind == "TIMEOUT")
        return tr("no answer in time");
    if (kind == "CONNECTION")
        return tr("the connection was lost: executed or not, unknown");
    if (kind == "UNREACHABLE")
        return tr("no connection to the node: not sent");
    if (kind == "PROTOCOL")
        return tr("a malformed reply");
    if (kind == "NOPERM")
        return tr("no permission (NOPERM)");
    return QString::fromLatin1(kind);
}

QString loadEndWords(const LoadReport &report)
{
    switch (report.end) {
    case LoadReport::End::None: return tr("runs");
    case LoadReport::End::Time: return tr("ended after its time");
    case LoadReport::End::Count: return tr("ended after its requests");
    case LoadReport::End::Asked: return tr("stopped");
    case LoadReport::End::Failed: return tr("failed");
    }
    return {};
}

QString loadOwnDelayWords(const LoadReport &report)
{
    constexpr double tooBusy = 0.9;
    constexpr qint64 tooLate = 20'000; // in microseconds
    // with a lower load, a late request was caused by something else, such as an unreachable node
    constexpr double busy = 0.5;
    const bool isLate = report.longestLate >= tooLate && report.generatorBusy >= busy;
    if (!report.isScheduled() || (report.generatorBusy < tooBusy && !isLate))
        return {};
    return tr("The load test itself was at its limit: a thread was busy %1 % of the time and sent up to %2 ms late. "
              "The times are partly its own; use a lower rate.")
        .arg(int(report.generatorBusy * 100))
        .arg(report.longestLate / 1000);
}

QString loadTimesWords(const LoadReport &report)
{
    return report.isScheduled()
        ? tr("Times start at the moment when a request was due, so a server that stalls becomes visible.")
        : tr("Times start at the moment when a request was sent. Without a rate limit, a stalled server receives fewer "
             "requests in the meantime, so the percentiles hardly show the stall; a fixed rate shows it.");
}

} // namespace slotscope
