// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/pubsubwords.h"

#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/protocol/command.h"
#include "core/pubsub/keyevents.h"
#include "core/slowlog/slowlogreader.h"

#include <QDateTime>
#include <QStringList>

#include <map>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QString timeWithMs(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at).toString(u"HH:mm:ss.zzz"_s);
}

QString isoTime(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at, Qt::UTC).toString(Qt::ISODateWithMs);
}

int placesOn(const SubscriptionState &state)
{
    int count = 0;
    for (const SubscriptionPlace &place : state.places)
        count += place.state == SubscriptionPlace::State::On ? 1 : 0;
    return count;
}

} // namespace

QString kindName(SubscriptionKind kind)
{
    switch (kind) {
    case SubscriptionKind::Channel: return u"channel"_s;
    case SubscriptionKind::Pattern: return u"pattern"_s;
    case SubscriptionKind::Shard: return u"shard"_s;
    case SubscriptionKind::KeyEvents: return u"keyevents"_s;
    }
    return {};
}

QString subscriptionText(const SubscriptionOrder &order)
{
    const auto event = order.kind == SubscriptionKind::KeyEvents ? keyEventOf(order.name, "*") : std::nullopt;
    if (!event)
        return toDisplay(order.name);
    const bool isOfKey = order.name.startsWith("__keyspace@");
    const QByteArray pattern = isOfKey ? event->key : event->event;
    const QByteArray what = nameOfPattern(pattern).value_or(pattern);
    if (pattern == "*")
        return (isOfKey ? tr("all keys, database %1") : tr("all, database %1")).arg(event->database);
    return (isOfKey ? tr("key %1, database %2") : tr("%1, database %2")).arg(toDisplay(what)).arg(event->database);
}

QString placeText(const SubscriptionState &state)
{
    using State = SubscriptionPlace::State;
    if (state.isPaused)
        return tr("paused");
    if (state.places.empty())
        return tr("its node is not known");
    const SubscriptionPlace &first = state.places.front();
    const int on = placesOn(state);
    if (state.order.kind == SubscriptionKind::KeyEvents) {
        if (on == int(state.places.size()))
            return on == 1 ? tr("on %1").arg(first.node) : tr("one subscription on each primary");
        return tr("on %1 of %2 primaries").arg(on).arg(state.places.size());
    }
    switch (first.state) {
    case State::Opening:
        if (first.node.isEmpty())
            return tr("its node is not known");
        return (first.problem ? tr("%1 is not ready for it yet") : tr("subscribing on %1…")).arg(first.node);
    case State::Refused: return tr("refused by %1").arg(first.node);
    case State::Lost: return tr("nothing received since %1").arg(timeWithMs(first.lostSince).left(8));
    case State::On: break;
    }
    if (state.order.kind != SubscriptionKind::Shard)
        return tr("received through %1").arg(first.node);
    return first.shard > 0 ? tr("subscribed on shard %1, moves with its slot").arg(first.shard)
                           : tr("subscribed on %1, moves with its slot").arg(first.node);
}

QByteArray missingChannelRight(const Error &error, const QByteArray &name)
{
    if (error.code != Error::Code::NoPermission)
        return {};
    return error.detail.contains(u"channel"_s) ? '&' + name : missingRight(error);
}

QString aclLine(const QString &user, const QByteArray &right)
{
    return u"ACL SETUSER %1 %2"_s.arg(user.isEmpty() ? u"default"_s : user, QString::fromUtf8(quoted(right)));
}

QString withRight(const QString &problem, const QString &user, const QByteArray &right)
{
    const QString sentence = problem.endsWith(u'.') ? problem : problem + u'.';
    return tr("%1 It needs: %2").arg(sentence, aclLine(user, right));
}

QStringList problemsOf(const SubscriptionState &state, const QString &user)
{
    QStringList lines;
    for (const SubscriptionPlace &place : state.places) {
        if (!place.problem || place.state == SubscriptionPlace::State::On)
            continue;
        const QByteArray right = missingChannelRight(*place.problem, state.order.name);
        const QString line = toDisplay(state.order.name) + u": "_s + describe(*place.problem);
        lines.append(right.isEmpty() ? line : withRight(line, user, right));
    }
    return lines;
}

QStringList channelProblemTexts(const std::vector<std::pair<QString, Error>> &problems, const QString &user)
{
    QStringList lines, nodes;
    QByteArrayList rights;
    for (const auto &[node, problem] : problems) {
        const QByteArray right = missingRight(problem);
        if (right.isEmpty()) {
            lines.append(describe(problem));
            continue;
        }
        if (!nodes.contains(node))
            nodes.append(node);
        if (!rights.contains(right))
            rights.append(right);
    }
    if (!rights.isEmpty())
        lines.prepend(
            tr("The subscribers of %1 are not known: the ACL user lacks a permission. It needs: %2")
                .arg(nodes.join(u", "_s),
                     aclLine(user, rights.front())
                         + (rights.size() > 1 ? u' ' + QString::fromLatin1(rights.mid(1).join(' ')) : QString())));
    return lines;
}

QStringList warningTexts(const std::vector<KeyEventsWarning> &warnings)
{
    QStringList lines;
    std::map<std::pair<QByteArray, QByteArray>, QStringList> bySetting;
    for (const KeyEventsWarning &warning : warnings) {
        if (warning.problem)
            lines.append(tr("It is not known whether %1 sends keyspace events: %2")
                             .arg(warning.node.isEmpty() ? tr("a node") : warning.node, describe(*warning.problem)));
        else
            bySetting[{warning.setting, warning.missing}].append(warning.node);
    }
    for (const auto &[setting, nodes] : bySetting) {
        const QString where = nodes.join(u", "_s);
        if (setting.first.isEmpty()) {
            lines.append(tr("notify-keyspace-events is empty on %1: it sends no keyspace events.").arg(where));
            continue;
        }
        const QString lacking =
            setting.second == "A" ? tr("an event class, such as A") : QString::fromLatin1(setting.second);
        lines.append(tr("notify-keyspace-events is “%1” on %2. The subscribed events also need %3.")
                         .arg(QString::fromLatin1(setting.first), where, lacking));
    }
    return lines;
}

QString patternsText(const ActiveChannels &channels)
{
    if (channels.patternsFrom == 0)
        return tr("patterns unknown");
    const QString count =
        channels.patterns == 1 ? tr("1 pattern") : tr("%1 patterns").arg(groupedNumber(channels.patterns));
    return channels.patternsFrom == channels.asked
        ? count
        : tr("%1 on %2 of %3 nodes").arg(count).arg(channels.patternsFrom).arg(channels.asked);
}

QString partialKeyEventsText(const SubscriptionState &state)
{
    return tr("%1 also matches key event channels, but receives only the events of %2. Subscribe to key events to "
              "receive those of all nodes.")
        .arg(toDisplay(state.order.name), state.places.empty() ? tr("one node") : state.places.front().node);
}

QStringList unheardTexts(const SubscriptionState &state)
{
    using State = SubscriptionPlace::State;
    const QString name = subscriptionText(state.order);
    if (state.isPaused)
        return {};
    if (state.places.empty())
        return {tr("%1: not subscribed, its node is not known").arg(name)};
    QStringList lines;
    for (const SubscriptionPlace &place : state.places) {
        const QString why = place.problem ? u": "_s + describe(*place.problem) : QString();
        if (place.lostSince > 0)
            lines.append(tr("%1: nothing received from %2 since %3, up to the end%4")
                             .arg(name, place.node, timeWithMs(place.lostSince), why));
        else if (place.state == State::Opening)
            lines.append(place.node.isEmpty() ? tr("%1: not subscribed, its node is not known").arg(name)
                                              : tr("%1: never subscribed on %2%3").arg(name, place.node, why));
    }
    return lines;
}

QString publishText(const NodeReply &reply, bool shard, int nodes)
{
    if (!reply.reply)
        return describe(reply.reply.error());
    const qint64 count = reply.reply->toInteger();
    const QString reached = count == 1 ? tr("1 subscriber") : tr("%1 subscribers").arg(groupedNumber(count));
    if (nodes < 2)
        return tr("Delivered to %1.").arg(reached);
    return (shard ? tr("Delivered to %1 on %2. Subscribers on its replicas are not counted.")
                  : tr("Delivered to %1 on %2. It was also forwarded to the other nodes, whose subscribers are not "
                       "counted."))
        .arg(reached, reply.nodeName);
}

PublishOutcome publishOutcome(const Error &error)
{
    using Code = Error::Code;
    switch (error.code) {
    case Code::NeedsConsent:
    case Code::ReadOnly:
    case Code::NotShareable:
    case Code::NoRoute:
    case Code::InvalidArgument:
    case Code::HostNotFound:
    case Code::ConnectionRefused:
    case Code::Unreachable:
    case Code::ConnectionLost:
    case Code::WrongNode:
    case Code::TwoClusters:
    case Code::IsSentinel:
    case Code::Outside:
    case Code::Certificate:
    case Code::Tls: return PublishOutcome::NotSent;
    case Code::Timeout:
    case Code::MaybeExecuted:
    case Code::Cancelled:
    case Code::Protocol:
    case Code::LimitExceeded:
    case Code::NotRedis: return PublishOutcome::Unknown;
    default: break;
    }
    return error.serverPrefix.isEmpty() ? PublishOutcome::Unknown : PublishOutcome::Refused;
}

QString publishOutcomeText(PublishOutcome outcome)
{
    switch (outcome) {
    case PublishOutcome::NotSent: return tr("not sent");
    case PublishOutcome::Refused: return tr("refused");
    case PublishOutcome::Unknown: break;
    }
    return tr("it may have been sent");
}

QString gapText(const PubSubMessage &gap)
{
    const QString why = QString::fromUtf8(gap.payload);
    return tr("Messages may be missing between %1 and %2: %3")
        .arg(timeWithMs(gap.gapFrom), timeWithMs(gap.at),
             why.isEmpty() ? tr("the subscription moved to another node.") : why);
}

QJsonObject jsonOf(const PubSubMessage &message, const SubscriptionOrder &order)
{
    QJsonObject object{{u"kind"_s, message.isGap() ? u"gap"_s : u"message"_s},
                       {u"time"_s, isoTime(message.at)},
                       {u"subscription"_s, kindName(order.kind)},
                       {u"name"_s, jsonOfBytes(order.name)},
                       {u"node"_s, message.node}};
    if (message.isGap()) {
        object.insert(u"from"_s, isoTime(message.gapFrom));
        object.insert(u"why"_s, QString::fromUtf8(message.payload));
        return object;
    }
    object.insert(u"channel"_s, jsonOfBytes(message.channel));
    object.insert(u"bytes"_s, message.bytes);
    object.insert(u"payload"_s, jsonOfBytes(message.payload));
    if (message.isCut())
        object.insert(u"cut"_s, true);
    return object;
}

} // namespace slotscope
