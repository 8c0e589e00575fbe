// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadspec.h"

#include "core/base/bytesjson.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/load/loadcommand.h"

#include <QJsonArray>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostWeight = 1'000'000;
constexpr qsizetype mostShares = 32;

auto wrongLoad(const QString &what)
{
    return failure(Error::Code::InvalidArgument, what);
}

std::optional<qint64> bytesIn(QByteArray text)
{
    qint64 unit = 1;
    if (text.endsWith('k') || text.endsWith('K'))
        unit = 1024;
    else if (text.endsWith('m') || text.endsWith('M'))
        unit = 1024 * 1024;
    if (unit > 1)
        text.chop(1);
    const auto number = toInteger(text);
    if (!number || *number < 0 || *number > LoadSpec::mostBytes)
        return std::nullopt;
    return *number * unit;
}

/// Position of the byte at or after `from`, outside quotes (as in parseCommandLine()); negative if there is none.
/// `from` itself must be outside quotes.
qsizetype outsideQuotes(const QByteArray &text, char byte, qsizetype from)
{
    char quote = 0;
    for (qsizetype i = from; i < text.size(); ++i) {
        if (quote != 0 && text[i] == '\\')
            ++i;
        else if (quote != 0)
            quote = text[i] == quote ? 0 : quote;
        else if (text[i] == byte)
            return i;
        else if (text[i] == '"' || text[i] == '\'')
            quote = text[i];
    }
    return -1;
}

} // namespace

Result<QList<LoadShare>> parseLoadMix(const QByteArray &text)
{
    QList<LoadShare> mix;
    qsizetype from = 0;
    while (from <= text.size()) {
        const qsizetype comma = outsideQuotes(text, ',', from);
        const qsizetype end = comma < 0 ? text.size() : comma;
        LoadShare share{.text = text.mid(from, end - from).trimmed(), .weight = 1};
        from = end + 1;
        qsizetype at = -1;
        for (qsizetype next = outsideQuotes(share.text, '=', 0); next >= 0;
             next = outsideQuotes(share.text, '=', next + 1))
            at = next;
        if (at >= 0) {
            const auto weight = toInteger(share.text.mid(at + 1).trimmed());
            if (!weight || *weight < 1 || *weight > mostWeight)
                return wrongLoad(
                    tr("the weight of “%1” is not an integer from 1 to %2").arg(toDisplay(share.text)).arg(mostWeight));
            share.weight = int(*weight);
            share.text = share.text.left(at).trimmed();
        }
        if (share.text.isEmpty())
            return wrongLoad(tr("a command is missing in “%1”").arg(toDisplay(text)));
        mix.append(share);
    }
    return mix;
}

QByteArray loadMixText(const QList<LoadShare> &mix)
{
    QByteArrayList parts;
    for (const LoadShare &share : mix)
        parts.append(share.text + '=' + QByteArray::number(share.weight));
    return parts.join(", ");
}

Result<> parseLoadSize(const QByteArray &text, LoadSpec &spec)
{
    const qsizetype dash = text.indexOf('-');
    const auto least = bytesIn(text.left(dash < 0 ? text.size() : dash).trimmed());
    const auto most = dash < 0 ? least : bytesIn(text.mid(dash + 1).trimmed());
    if (!least || !most || *least > *most || *most > LoadSpec::mostBytes)
        return wrongLoad(tr("“%1” is not a value size: 64, or 64-1024, at most 16m").arg(toDisplay(text)));
    spec.leastBytes = int(*least);
    spec.mostBytesOfValue = int(*most);
    return {};
}

Result<> parseLoadDistribution(const QByteArray &text, LoadSpec &spec)
{
    const QByteArray name = text.left(text.indexOf(':') < 0 ? text.size() : text.indexOf(':')).toLower();
    const QByteArray rest = text.mid(name.size());
    if (name == "uniform" && rest.isEmpty()) {
        spec.distribution = LoadSpec::Distribution::Uniform;
    } else if (name == "sequential" && rest.isEmpty()) {
        spec.distribution = LoadSpec::Distribution::Sequential;
    } else if (name == "zipf") {
        bool isNumber = rest.isEmpty();
        const double exponent = isNumber ? 1.0 : rest.mid(1).toDouble(&isNumber);
        if (!isNumber || !(exponent > 0.01) || !(exponent <= 10))
            return wrongLoad(tr("the exponent of zipf is a number from 0.01 to 10, such as zipf:1.2"));
        spec.distribution = LoadSpec::Distribution::Zipf;
        spec.zipf = exponent;
    } else {
        return wrongLoad(tr("“%1” is not one of uniform, zipf, zipf:EXPONENT, sequential").arg(toDisplay(text)));
    }
    return {};
}

QByteArray loadDistributionText(const LoadSpec &spec)
{
    switch (spec.distribution) {
    case LoadSpec::Distribution::Uniform: return "uniform"_ba;
    case LoadSpec::Distribution::Sequential: return "sequential"_ba;
    case LoadSpec::Distribution::Zipf: break;
    }
    return "zipf:" + QByteArray::number(spec.zipf);
}

Result<> checkedLoad(const LoadSpec &spec)
{
    const auto within = [](double value, double least, double most) { return value >= least && value <= most; };
    if (!within(spec.rate, 0, LoadSpec::mostRate))
        return wrongLoad(tr("the rate must be a number of requests per second; omit it for as many as possible"));
    if (!within(spec.seconds, 0, LoadSpec::mostSeconds) || !within(spec.warmUpSeconds, 0, LoadSpec::mostSeconds))
        return wrongLoad(tr("the time may be at most %1 seconds").arg(LoadSpec::mostSeconds));
    if (spec.seconds == 0 && spec.count <= 0)
        return wrongLoad(tr("give a time or a number of requests"));
    if (spec.count < 0 || !within(double(spec.keys), 1, double(LoadSpec::mostKeys)))
        return wrongLoad(tr("the number of keys must be from 1 to %1").arg(groupedNumber(LoadSpec::mostKeys)));
    if (!within(spec.clients, 1, LoadSpec::mostClients) || !within(spec.pipeline, 1, LoadSpec::mostPipeline))
        return wrongLoad(tr("from 1 to %1 clients and a pipeline of 1 to %2 are allowed")
                             .arg(LoadSpec::mostClients)
                             .arg(LoadSpec::mostPipeline));
    if (!within(spec.threads, 0, LoadSpec::mostThreads) || !within(spec.tags, 0, 1'000'000)
        || !within(spec.timeoutMs, 100, 600'000) || spec.ttlSeconds < 0 || spec.leastBytes < 0
        || spec.leastBytes > spec.mostBytesOfValue || spec.mostBytesOfValue > LoadSpec::mostBytes)
        return wrongLoad(tr("a number of threads, tags, seconds or bytes is out of range"));
    const qint64 underWay = qint64(spec.clients) * spec.pipeline * spec.mostBytesOfValue;
    if (underWay > LoadSpec::mostUnderWay)
        return wrongLoad(tr("connections × pipeline × value size is %1: at most %2 may be in flight at once")
                             .arg(byteSize(underWay), byteSize(LoadSpec::mostUnderWay)));
    if (spec.tags > 0 && spec.prefix.contains('{'))
        return wrongLoad(tr("the prefix already contains a hash tag, so no other tags can be used"));
    if (spec.mix.isEmpty() || spec.mix.size() > mostShares)
        return wrongLoad(tr("from 1 to %1 commands are allowed").arg(mostShares));
    for (const LoadShare &share : spec.mix)
        if (const auto command = LoadCommand::of(share, 0, spec); !command)
            return failure(command.error());
    return {};
}

QJsonObject jsonOf(const LoadSpec &spec)
{
    QJsonArray mix;
    for (const LoadShare &share : spec.mix)
        mix.append(QJsonObject{{u"command"_s, jsonOfBytes(share.text)}, {u"weight"_s, share.weight}});
    return {{u"rate"_s, spec.rate},
            {u"seconds"_s, spec.seconds},
            {u"count"_s, spec.count},
            {u"warmUpSeconds"_s, spec.warmUpSeconds},
            {u"clients"_s, spec.clients},
            {u"pipeline"_s, spec.pipeline},
            {u"mix"_s, mix},
            {u"keys"_s, spec.keys},
            {u"distribution"_s, QString::fromLatin1(loadDistributionText(spec))},
            {u"tags"_s, spec.tags},
            {u"leastBytes"_s, spec.leastBytes},
            {u"mostBytes"_s, spec.mostBytesOfValue},
            {u"replicas"_s, spec.replicas},
            {u"fill"_s, spec.fill},
            {u"keep"_s, spec.keep},
            {u"ttlSeconds"_s, spec.ttlSeconds},
            {u"threads"_s, spec.threads},
            {u"seed"_s, QString::number(spec.seed)},
            {u"prefix"_s, jsonOfBytes(spec.prefix)},
            {u"timeoutMs"_s, spec.timeoutMs}};
}

LoadSpec loadSpecOf(const QJsonObject &json)
{
    LoadSpec spec;
    spec.rate = json[u"rate"_s].toDouble();
    spec.seconds = json[u"seconds"_s].toInt(spec.seconds);
    spec.count = json[u"count"_s].toInteger();
    spec.warmUpSeconds = json[u"warmUpSeconds"_s].toInt(spec.warmUpSeconds);
    spec.clients = json[u"clients"_s].toInt(spec.clients);
    spec.pipeline = json[u"pipeline"_s].toInt(spec.pipeline);
    const QJsonArray mix = json[u"mix"_s].toArray();
    if (!mix.isEmpty())
        spec.mix.clear();
    for (const QJsonValue &each : mix)
        spec.mix.append({.text = bytesOfJson(each.toObject()[u"command"_s]).value_or(QByteArray()),
                         .weight = std::clamp(each.toObject()[u"weight"_s].toInt(1), 1, mostWeight)});
    spec.keys = json[u"keys"_s].toInteger(spec.keys);
    if (const Result<> told = parseLoadDistribution(json[u"distribution"_s].toString().toLatin1(), spec); !told)
        spec.distribution = LoadSpec::Distribution::Uniform;
    spec.tags = json[u"tags"_s].toInt();
    spec.leastBytes = json[u"leastBytes"_s].toInt(spec.leastBytes);
    spec.mostBytesOfValue = json[u"mostBytes"_s].toInt(spec.mostBytesOfValue);
    spec.replicas = json[u"replicas"_s].toBool();
    spec.fill = json[u"fill"_s].toBool(true);
    spec.keep = json[u"keep"_s].toBool();
    spec.ttlSeconds = json[u"ttlSeconds"_s].toInt(spec.ttlSeconds);
    spec.threads = json[u"threads"_s].toInt();
    spec.seed = json[u"seed"_s].toString().toULongLong();
    spec.prefix = bytesOfJson(json[u"prefix"_s]).value_or(QByteArray());
    spec.timeoutMs = json[u"timeoutMs"_s].toInt(spec.timeoutMs);
    return checkedLoad(spec) ? spec : LoadSpec();
}

} // namespace slotscope
