// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of channels, patterns, shard channels and keyspace events; who subscribes; publishing.
#include "command.h"

#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/pubsubwords.h"
#include "core/pubsub/subscriptions.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QSet>

#include <chrono>
#include <cmath>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int pubsubStepMs = 50;
constexpr qsizetype pubsubGatherBytes = 256 * 1024;

struct PubSubOptions
{
    QList<SubscriptionOrder> orders;
    std::optional<std::pair<QByteArray, QByteArray>> publish;
    bool channels = false, shard = false, resp2 = false, yes = false, help = false;
    qint64 milliseconds = 0;
    quint64 count = 0;
};

QString pubsubHelp()
{
    return u"slotscope-cli [options] pubsub CHANNEL… [OPTION]…\n"
           "slotscope-cli [options] pubsub --channels\n"
           "slotscope-cli [options] pubsub --publish CHANNEL MESSAGE [--shard] [--yes]\n\n"
           "Prints messages as they are published. Each subscription is made on the right node: channels and patterns "
           "on\n"
           "one node, since messages reach every node; shard channels (--shard) on the primary that owns their slot;\n"
           "keyspace events on every primary, since each node sends only its own. When a node fails or a slot moves,\n"
           "the subscription follows, and the time in which messages may be missing is printed. It ends by --for, "
           "--count\n"
           "or Ctrl+C; exit code 1: something was refused, or not received at the end.\n\n"
           "  --pattern PATTERN  subscribes to all channels that match (may be repeated)\n"
           "  --shard            the CHANNELs are shard channels (SSUBSCRIBE, SPUBLISH)\n"
           "  --events EVENT     keyspace events of the URI's database (may be repeated): expired, del, … or all; or "
           "a\n"
           "                     whole pattern such as '__keyspace@0__:user:*'\n"
           "  --for SECONDS      ends after this time\n"
           "  --count N          ends after N messages\n"
           "  --resp2            uses RESP2\n"
           "  --channels         lists the channels that have subscribers, added up over the nodes\n"
           "  --publish          sends MESSAGE to CHANNEL and prints which subscribers the reply counts\n"
           "  --yes              does not ask if the connection is marked as production\n\n"
           "With --json each message or gap is an object on one line."_s;
}

auto wrongPubSub(const QString &text)
{
    return failure(Error::Code::InvalidArgument, u"pubsub: "_s + text);
}

/// Reads an option with a value; returns false if the value is not valid.
bool takePubSubValue(PubSubOptions &options, const QString &word, const QByteArray &value, int database)
{
    if (word == u"--pattern") {
        options.orders.append({SubscriptionKind::Pattern, value});
        return !value.isEmpty();
    }
    if (word == u"--events") {
        const QByteArray event = value == "all" ? QByteArray() : value;
        options.orders.append({SubscriptionKind::KeyEvents, keyEventsPattern(event, database)});
        return !value.isEmpty();
    }
    if (word == u"--count") {
        options.count = toUnsigned(value).value_or(0);
        return options.count > 0;
    }
    bool isNumber = false;
    const double seconds = value.toDouble(&isNumber);
    const bool isGood = isNumber && std::isfinite(seconds) && seconds > 0 && seconds <= 1e9;
    options.milliseconds = isGood ? qint64(seconds * 1000) : 0;
    return options.milliseconds > 0;
}

Result<PubSubOptions> finishedPubSubOptions(PubSubOptions options, const QByteArrayList &names, bool publishes)
{
    if (options.help)
        return options;
    const bool limits = options.count > 0 || options.milliseconds > 0;
    if (publishes) {
        if (names.size() != 2 || !options.orders.isEmpty() || options.channels || limits)
            return wrongPubSub(
                u"--publish needs a channel and a message, and can only be combined with --shard and --yes"_s);
        options.publish = {names[0], names[1]};
        return options;
    }
    for (const QByteArray &name : names)
        options.orders.append({options.shard ? SubscriptionKind::Shard : SubscriptionKind::Channel, name});
    if (options.channels && (!options.orders.isEmpty() || limits || options.shard))
        return wrongPubSub(u"--channels cannot be combined with other options"_s);
    if (!options.channels && options.orders.isEmpty())
        return wrongPubSub(u"a channel, --pattern, --events, --channels or --publish is needed"_s);
    return options;
}

Result<PubSubOptions> readPubSubOptions(const Context &context)
{
    const QStringList &words = context.arguments;
    const QByteArrayList &raw = context.rawArguments;
    const int database = context.target ? context.target->database : 0;
    PubSubOptions options;
    QByteArrayList names;
    bool publishes = false, onlyNames = false;
    static const QSet<QString> takesValue{u"--pattern"_s, u"--events"_s, u"--for"_s, u"--count"_s};
    const QHash<QString, bool *> flags{{u"--shard"_s, &options.shard}, {u"--channels"_s, &options.channels},
                                       {u"--resp2"_s, &options.resp2}, {u"--yes"_s, &options.yes},
                                       {u"--publish"_s, &publishes},   {u"--help"_s, &options.help},
                                       {u"-h"_s, &options.help},       {u"--"_s, &onlyNames}};
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        const auto exact = [&](qsizetype at) { return at < raw.size() ? raw[at] : words[at].toUtf8(); };
        if (onlyNames || !word.startsWith(u"--"_s)) {
            if (word == u"-h" && !onlyNames)
                options.help = true;
            else
                names.append(exact(i));
        } else if (takesValue.contains(word)) {
            if (++i == words.size())
                return wrongPubSub(u"%1 needs a value"_s.arg(word));
            if (!takePubSubValue(options, word, exact(i), database))
                return wrongPubSub(u"%1 does not accept “%2”"_s.arg(word, words[i]));
        } else if (bool *flag = flags.value(word)) {
            *flag = true;
        } else {
            return wrongPubSub(u"unknown argument “%1”"_s.arg(word));
        }
    }
    return finishedPubSubOptions(options, names, publishes);
}

struct PubSubRun
{
    PubSubOptions options;
    bool json = false;
    Opened opened;
    std::unique_ptr<Subscriptions> subscriptions;
    QByteArray gathered; ///< lines waiting to be printed
    QSet<QString> told; ///< problems and warnings that were printed
    quint64 messages = 0;
    bool failed = false, stopping = false;
};
using PubSubRunPtr = std::shared_ptr<PubSubRun>;

void flushPubSub(PubSubRun &run)
{
    if (!run.gathered.isEmpty())
        printBytes(std::exchange(run.gathered, {}));
}

void takePubSubMessage(PubSubRun &run, const PubSubMessage &message, const SubscriptionOrder &order)
{
    if (run.stopping)
        return;
    if (run.json) {
        run.gathered += jsonLine(jsonOf(message, order)) + '\n';
    } else if (message.isGap()) {
        flushPubSub(run);
        printAside(subscriptionText(order) + u": "_s + gapText(message) + u'\n');
    } else {
        const QByteArray time = QDateTime::fromMSecsSinceEpoch(message.at).toString(u"HH:mm:ss.zzz"_s).toLatin1();
        run.gathered += terminalSafe(time + ' ' + message.node.toUtf8() + ' ' + nameText(message.channel) + ' '
                                         + nameText(message.payload) + '\n',
                                     LineBreaks::Keep);
    }
    if (!message.isGap() && ++run.messages == run.options.count)
        run.stopping = true;
    if (run.gathered.size() > pubsubGatherBytes)
        flushPubSub(run);
}

void tellOnce(PubSubRun &run, const QString &text)
{
    if (run.told.contains(text))
        return;
    run.told.insert(text);
    printError(text);
}

/// Prints new problems and warnings. Returns false if nothing is received any more and nothing will be.
bool tellPubSubState(PubSubRun &run)
{
    const PubSubSnapshot snapshot = run.subscriptions->look({});
    bool isAnyLeft = false;
    for (const SubscriptionState &each : snapshot.subscriptions) {
        isAnyLeft = isAnyLeft || each.places.empty();
        for (const SubscriptionPlace &place : each.places) {
            const bool isRefused = place.state == SubscriptionPlace::State::Refused;
            isAnyLeft = isAnyLeft || !isRefused;
            run.failed = run.failed || isRefused;
        }
        if (each.hearsSomeKeyEvents)
            tellOnce(run, partialKeyEventsText(each));
        const QStringList problems = problemsOf(each, run.opened.target.credentials.user);
        for (const QString &problem : problems)
            tellOnce(run, problem);
    }
    const QStringList warnings = warningTexts(snapshot.warnings);
    for (const QString &warning : warnings)
        tellOnce(run, warning);
    return isAnyLeft;
}

/// Prints the gaps that are still open at the end, which nothing would report later.
void tellOpenGaps(PubSubRun &run)
{
    const PubSubSnapshot snapshot = run.subscriptions->look({});
    for (const SubscriptionState &each : snapshot.subscriptions) {
        const QStringList unheard = unheardTexts(each);
        for (const QString &line : unheard)
            printError(line);
        run.failed = run.failed || !unheard.isEmpty();
        for (const SubscriptionPlace &place : each.places) {
            if (!run.json || place.lostSince == 0)
                continue;
            PubSubMessage gap;
            gap.gapFrom = place.lostSince;
            gap.at = std::max(QDateTime::currentMSecsSinceEpoch(), place.lostSince);
            gap.node = place.node;
            gap.payload = place.problem ? describe(*place.problem).toUtf8() : QByteArray();
            QJsonObject object = jsonOf(gap, each.order);
            object.insert(u"open"_s, true);
            run.gathered += jsonLine(object) + '\n';
        }
    }
}

QCoro::Task<> hearPubSub(PubSubRunPtr run)
{
    const Signals signalsSeen([run] { run->stopping = true; });
    run->subscriptions->setResp3(!run->options.resp2);
    MessageBook::Bounds bounds;
    bounds.messages = 1; // messages are printed as they arrive
    run->subscriptions->setBounds(bounds);
    run->subscriptions->setTaker([raw = run.get()](const PubSubMessage &message, const SubscriptionOrder &order) {
        takePubSubMessage(*raw, message, order);
    });
    for (const SubscriptionOrder &order : std::as_const(run->options.orders)) {
        const auto added = run->subscriptions->add(order);
        if (!added) {
            run->failed = true;
            printError(added.error());
        }
    }
    QElapsedTimer timer;
    timer.start();
    while (!run->stopping && (run->options.milliseconds == 0 || timer.elapsed() < run->options.milliseconds)) {
        const bool isAnyLeft = tellPubSubState(*run);
        flushPubSub(*run);
        if (!isAnyLeft)
            break;
        co_await QCoro::sleepFor(std::chrono::milliseconds(pubsubStepMs));
    }
    run->stopping = true;
    tellOpenGaps(*run);
    flushPubSub(*run);
    printAside((run->messages == 1 ? u"%1 message received in %2\n"_s : u"%1 messages received in %2\n"_s)
                   .arg(groupedNumber(qint64(run->messages)), duration(timer.elapsed())));
}

void printChannels(const PubSubRun &run, const ActiveChannels &channels)
{
    QList<QStringList> rows;
    rows.append(QStringList({u"SUBSCRIBERS"_s, u"KIND"_s, u"NODES"_s, u"CHANNEL"_s}));
    QJsonArray array;
    for (const ActiveChannel &channel : channels.channels) {
        QStringList nodes;
        for (const QByteArray &id : channel.nodes) {
            const NodeState *node = run.opened.view->node(id);
            nodes.append(node ? node->name : QString::fromLatin1(id));
        }
        const QString kind = channel.isShard ? u"shard"_s : u"channel"_s;
        rows.append(QStringList({groupedNumber(channel.subscribers), kind,
                                 nodes.size() > 2 ? u"%1 nodes"_s.arg(nodes.size()) : nodes.join(u", "_s),
                                 QString::fromUtf8(nameText(channel.name))}));
        array.append(QJsonObject{{u"channel"_s, jsonOfBytes(channel.name)},
                                 {u"kind"_s, kind},
                                 {u"subscribers"_s, channel.subscribers},
                                 {u"nodes"_s, QJsonArray::fromStringList(nodes)}});
    }
    if (run.json) {
        const QJsonValue patterns = channels.patternsFrom > 0 ? QJsonValue(channels.patterns) : QJsonValue();
        printJson({{u"channels"_s, array},
                   {u"more"_s, qint64(channels.more)},
                   {u"patterns"_s, patterns},
                   {u"patternNodes"_s, channels.patternsFrom},
                   {u"nodes"_s, channels.asked},
                   {u"answered"_s, channels.answered}});
        return;
    }
    if (rows.size() > 1)
        printOut(tableText(rows, {0}));
    const auto count = qint64(channels.channels.size());
    printAside((count == 1 ? u"%1 channel with subscribers; %2 of %3 nodes reported all of theirs; %4\n"_s
                           : u"%1 channels with subscribers; %2 of %3 nodes reported all of theirs; %4\n"_s)
                   .arg(groupedNumber(count))
                   .arg(channels.answered)
                   .arg(channels.asked)
                   .arg(patternsText(channels)));
    if (channels.more > 0)
        printAside(u"%1 more channels are not listed\n"_s.arg(groupedNumber(qint64(channels.more))));
}

QCoro::Task<> listChannels(PubSubRunPtr run)
{
    const Result<ActiveChannels> channels = co_await run->subscriptions->activeChannels();
    if (!channels) {
        run->failed = true;
        printError(channels.error());
        co_return;
    }
    const QStringList problems = channelProblemTexts(channels->problems, run->opened.target.credentials.user);
    for (const QString &problem : problems)
        printError(problem);
    run->failed = !problems.isEmpty();
    printChannels(*run, *channels);
}

QCoro::Task<int> publishOnce(PubSubRunPtr run)
{
    const auto &[channel, message] = *run->options.publish;
    const Command command = commandOf(run->options.shard ? "SPUBLISH" : "PUBLISH", channel, message);
    const GateVerdict verdict = co_await run->opened.session->judge(command);
    const auto consent = consentTo(verdict, run->opened.target, run->options.yes);
    if (!consent)
        co_return exitUsage;
    const auto replies = co_await run->subscriptions->publish(channel, message, run->options.shard, *consent);
    if (!replies) {
        printError(replies.error());
        co_return exitFailed;
    }
    const NodeReply reply = replies->front();
    if (!reply.reply) {
        const QByteArray right = missingChannelRight(reply.reply.error(), channel);
        const QString said =
            publishOutcomeText(publishOutcome(reply.reply.error())) + u": "_s + describe(reply.reply.error());
        printError(right.isEmpty() ? said : withRight(said, run->opened.target.credentials.user, right));
        co_return exitFailed;
    }
    if (run->json)
        printJson({{u"channel"_s, jsonOfBytes(channel)},
                   {u"node"_s, reply.nodeName},
                   {u"reached"_s, reply.reply->toInteger()},
                   {u"reachedOf"_s, run->opened.view->nodes.size() > 1 ? u"node"_s : u"all"_s}});
    else
        printOut(publishText(reply, run->options.shard, int(run->opened.view->nodes.size())));
    co_return exitDone;
}

} // namespace

QCoro::Task<int> runPubSub(Context context)
{
    const auto options = readPubSubOptions(context);
    if (!options)
        co_return usageError(options.error().detail);
    if (options->help) {
        printOut(pubsubHelp());
        co_return exitDone;
    }
    const auto run = std::make_shared<PubSubRun>();
    run->options = *options;
    run->json = context.json;
    run->opened = co_await openSession(context);
    if (!run->opened.session)
        co_return exitFailed;
    run->subscriptions = std::make_unique<Subscriptions>(run->opened.session.get());
    if (options->publish) {
        const int code = co_await publishOnce(run);
        co_return code;
    }
    if (options->channels)
        co_await listChannels(run);
    else
        co_await hearPubSub(run);
    co_return run->failed ? exitFailed : exitDone;
}

} // namespace slotscope::cli
