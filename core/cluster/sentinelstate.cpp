// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/sentinelstate.h"

#include "core/cluster/parse.h"

#include <QHash>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray fieldOf(const Value &entry, QByteArrayView name)
{
    const Value *value = entry.find(name);
    if (!value)
        return {};
    return value->type() == Value::Type::Integer ? QByteArray::number(value->toInteger()) : value->bytes();
}

/// Returns "host:port", an IPv6 address in brackets; empty if the values are not valid.
QString addressOf(const QByteArray &ip, const QByteArray &portText)
{
    const QString host = QString::fromUtf8(ip);
    const auto port = toInteger(portText);
    const bool isOdd = host.isEmpty() || std::any_of(host.cbegin(), host.cend(), [](QChar c) {
                           return !c.isLetterOrNumber() && !u".:-_%"_s.contains(c); // excludes socket paths and "?"
                       });
    if (isOdd || !port || *port <= 0 || *port > 65535)
        return {};
    return (host.contains(u':') ? u'[' + host + u']' : host) + u':' + QString::number(*port);
}

QString addressIn(const Value &entry)
{
    return addressOf(fieldOf(entry, "ip"), fieldOf(entry, "port"));
}

int countIn(const Value &entry, QByteArrayView name)
{
    return int(std::clamp<qint64>(toInteger(fieldOf(entry, name)).value_or(0), 0, 10'000));
}

} // namespace

Result<SentinelPrimary> parseSentinelPrimary(const Value &reply, const Value &address)
{
    SentinelPrimary primary;
    primary.address = addressIn(reply);
    const Value::List &told = address.items();
    if (const QString current = told.size() == 2 ? addressOf(told[0].bytes(), told[1].bytes()) : QString();
        !current.isEmpty() && !primary.address.isEmpty())
        primary.address = current;
    if (primary.address.isEmpty())
        return tl::make_unexpected(parseError(
            QT_TRANSLATE_NOOP("slotscope", "the reply of SENTINEL MASTER contains no address"), fieldOf(reply, "ip")));
    primary.flags = fieldOf(reply, "flags").split(',');
    // the primary has already changed, only some replicas do not replicate it yet
    if (primary.address != addressIn(reply))
        primary.flags.removeAll("failover_in_progress");
    primary.epoch = quint64(std::max<qint64>(0, toInteger(fieldOf(reply, "config-epoch")).value_or(0)));
    primary.quorum = countIn(reply, "quorum");
    primary.otherSentinels = countIn(reply, "num-other-sentinels");
    return primary;
}

QStringList parseSentinelPeers(const Value &reply)
{
    constexpr qsizetype most = 1000;
    QStringList addresses;
    for (const Value &entry : reply.items()) {
        if (addresses.size() >= most)
            break;
        const QString address = addressIn(entry);
        if (!address.isEmpty() && !addresses.contains(address))
            addresses.append(address);
    }
    return addresses;
}

const SentinelWord *SentinelState::leading() const
{
    quint64 newest = 0;
    QHash<QString, int> votes;
    for (const SentinelWord &word : sentinels)
        if (word.tellsPrimary())
            newest = std::max(newest, word.primary.epoch);
    const SentinelWord *best = nullptr;
    for (const SentinelWord &word : sentinels)
        if (word.tellsPrimary() && word.primary.epoch == newest)
            ++votes[word.primary.address];
    for (const SentinelWord &word : sentinels) {
        const bool counts = word.tellsPrimary() && word.primary.epoch == newest;
        if (counts && (!best || votes[word.primary.address] > votes[best->primary.address]))
            best = &word;
    }
    const bool doAllTell =
        std::all_of(sentinels.cbegin(), sentinels.cend(), [](const SentinelWord &word) { return word.tellsPrimary(); });
    if (newest < newestEpoch && !doAllTell)
        return nullptr;
    return best;
}

QString SentinelState::primaryAddress() const
{
    const SentinelWord *word = leading();
    return word ? word->reachedPrimary : lastPrimary;
}

Error SentinelState::whyNone() const
{
    Error last{.code = Error::Code::NoRoute,
               .detail = newestEpoch > 0 ? tr("the Sentinels that answer do not know about the latest failover yet")
                                         : tr("no Sentinel has answered yet"),
               .serverPrefix = {},
               .node = {},
               .command = {}};
    const bool doesAnyTell =
        std::any_of(sentinels.cbegin(), sentinels.cend(), [](const SentinelWord &word) { return word.tellsPrimary(); });
    if (doesAnyTell)
        return last;
    for (const SentinelWord &word : sentinels) {
        const bool fails = word.reach.state == Reach::State::Waiting || word.reach.state == Reach::State::Refused;
        if (word.reach.state == Reach::State::Ready && word.hasAnswered && !word.tellsPrimary())
            return word.error; // a Sentinel that answers but knows no primary gives the best reason
        if (fails && (last.node.isEmpty() || word.reach.state == Reach::State::Refused))
            last = word.reach.error;
    }
    return last;
}

} // namespace slotscope
