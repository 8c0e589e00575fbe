// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiler/hotkeys.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/protocol/command.h"

#include <QCoro/QCoroTimer>

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int keysAStep = 500; // for SCAN with OBJECT FREQ of each key: a few ms of server time
constexpr size_t keptBeforeCut = 4;
constexpr auto hotKeysStep = std::chrono::milliseconds(100);
constexpr auto betweenSteps = std::chrono::milliseconds(1);
constexpr size_t mostOfHotKeys = 64; // limit of HOTKEYS START
constexpr qint64 longestMeasureMs = 3'600'000;

std::optional<qint64> fieldOfHotKeys(const Value &fields, QByteArrayView name)
{
    const Value *value = fields.find(name);
    return value && value->type() == Value::Type::Integer ? std::optional(value->toInteger()) : std::nullopt;
}

/// Reads key, figure, key, figure, …; a map in RESP3.
void takeFigures(const Value *list, qint64 HotKey::*figure, std::vector<HotKey> &keys)
{
    if (!list || !list->isAggregate())
        return;
    const Value::List &items = list->items();
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        const QByteArray key = items[i].bytes();
        auto known =
            std::find_if(keys.begin(), keys.end(), [&key](const HotKey &candidate) { return candidate.key == key; });
        if (known == keys.end())
            known = keys.insert(keys.end(), HotKey{.key = key});
        (*known).*figure = items[i + 1].toInteger();
    }
}

QByteArray policyOf(const QByteArray &info)
{
    const QByteArray name = "maxmemory_policy:";
    const qsizetype at = info.indexOf(name);
    if (at < 0)
        return {};
    const qsizetype end = info.indexOf('\n', at);
    return info.mid(at + name.size(), end < 0 ? -1 : end - at - name.size()).trimmed();
}

Error atHotNode(Error error, const QString &node, const QString &command)
{
    if (error.node.isEmpty())
        error.node = node;
    if (error.command.isEmpty())
        error.command = command;
    return error;
}

Command startCommand(const HotKeysRequest &request)
{
    // time limit, so that it ends even without us
    const qint64 seconds = (std::min(request.milliseconds, longestMeasureMs) + 999) / 1000 + 1;
    return commandOf("HOTKEYS", "START", "METRICS", "2", "CPU", "NET", "COUNT",
                     QByteArray::number(qint64(std::min(request.most, mostOfHotKeys))), "DURATION",
                     QByteArray::number(seconds));
}

} // namespace

Result<bool> takeHotKeys(const Value &reply, NodeHotKeys &told)
{
    if (reply.isNull())
        return false;
    const Value *fields = &reply;
    if (reply.isAggregate() && reply.items().size() == 1 && reply.items().front().isAggregate())
        fields = &reply.items().front();
    const auto active = fields->isAggregate() ? fieldOfHotKeys(*fields, "tracking-active") : std::nullopt;
    if (!active)
        return failure(Error::Code::Parse, tr("its reply has no field “tracking-active”"));
    told.source = HotKeySource::Measured;
    told.isActive = *active != 0;
    told.startedAt = fieldOfHotKeys(*fields, "collection-start-time-unix-ms").value_or(0);
    told.durationMs = fieldOfHotKeys(*fields, "collection-duration-ms").value_or(0);
    told.sampleRatio = std::max<qint64>(1, fieldOfHotKeys(*fields, "sample-ratio").value_or(1));
    told.allMicroseconds = fieldOfHotKeys(*fields, "all-commands-all-slots-us").value_or(-1);
    told.allBytes = fieldOfHotKeys(*fields, "net-bytes-all-commands-all-slots").value_or(-1);
    told.keys.clear();
    takeFigures(fields->find("by-cpu-time-us"), &HotKey::cpuMicroseconds, told.keys);
    takeFigures(fields->find("by-net-bytes"), &HotKey::netBytes, told.keys);
    return true;
}

void keepHottest(std::vector<HotKey> &keys, size_t most)
{
    const auto byNetwork = [](const HotKey &left, const HotKey &right) { return left.netBytes > right.netBytes; };
    const auto byWork = [](const HotKey &left, const HotKey &right) {
        return std::tie(right.cpuMicroseconds, right.frequency, right.netBytes, left.key)
            < std::tie(left.cpuMicroseconds, left.frequency, left.netBytes, right.key);
    };
    std::sort(keys.begin(), keys.end(), byWork);
    if (keys.size() <= most)
        return;
    // also keep the top keys by network bytes, so that sorting by CPU does not drop them
    std::stable_sort(keys.begin() + qsizetype(most), keys.end(), byNetwork);
    auto end = keys.begin() + qsizetype(most);
    while (end != keys.end() && end < keys.begin() + qsizetype(2 * most) && end->cpuMicroseconds < 0
           && end->netBytes >= 0)
        ++end;
    keys.erase(end, keys.end());
}

QString hotKeysNote(const NodeHotKeys &told)
{
    QStringList parts;
    switch (told.source) {
    case HotKeySource::None:
        if (told.problem)
            return describe(*told.problem);
        return told.policy.isEmpty()
            ? tr("The server has no HOTKEYS (new in Redis 8.6) and does not report its maxmemory-policy.")
            : tr("The server has no HOTKEYS (new in Redis 8.6), and with maxmemory-policy %1 it does not count "
                 "accesses; with allkeys-lfu it does.")
                  .arg(toDisplay(told.policy));
    case HotKeySource::Measured:
        parts.append(tr("Counted by HOTKEYS for %1, starting %2.")
                         .arg(duration(told.durationMs),
                              QDateTime::fromMSecsSinceEpoch(told.startedAt).toString(u"HH:mm:ss"_s)));
        if (told.isOthers)
            parts.append(
                told.isActive
                    ? tr("Another connection started this measurement, and it is still running.")
                    : tr("Another connection started this measurement; run HOTKEYS RESET before starting a new one."));
        if (told.sampleRatio > 1)
            parts.append(
                tr("Only one of every %1 keys was sampled, so hot keys may be missing.").arg(told.sampleRatio));
        break;
    case HotKeySource::Counters:
        parts.append(
            tr("Access counters of %1 (OBJECT FREQ, 0 to 255): they grow logarithmically with the number of accesses.")
                .arg(toDisplay(told.policy)));
        parts.append(told.decayMinutes < 0
                         ? tr("The counters cover no fixed interval; how fast they decay is not known.")
                         : told.decayMinutes == 0
                         ? tr("The counters cover no fixed interval: with lfu-decay-time 0 they never decay.")
                         : tr("The counters cover no fixed interval: they decrease by one per %1 min without access.")
                               .arg(told.decayMinutes));
        if (told.isPart)
            parts.append(tr("The search was stopped after %1 keys.").arg(groupedNumber(told.seen)));
        break;
    }
    if (told.problem)
        parts.append(describe(*told.problem));
    return parts.join(u' ');
}

struct HotKeysReader::Shared
{
    using Ptr = std::shared_ptr<Shared>;
    QPointer<ClusterSession> session;
    quint64 stopped = 0; ///< how often stop() was called

    static QCoro::Task<Result<bool>> measure(Ptr self, HotKeysRequest request, std::shared_ptr<NodeHotKeys> told);
    static QCoro::Task<> readCounters(Ptr self, HotKeysRequest request, std::shared_ptr<NodeHotKeys> told);
    static QCoro::Task<Result<Value>> ask(Ptr self, QByteArray nodeId, Command command, UserConsent consent);
};

HotKeysReader::HotKeysReader(QPointer<ClusterSession> session) : m_shared(std::make_shared<Shared>())
{
    m_shared->session = std::move(session);
}

HotKeysReader::~HotKeysReader()
{
    stop();
}

void HotKeysReader::stop()
{
    ++m_shared->stopped;
}

/// Sends a command through the gate; an error reply becomes an Error.
QCoro::Task<Result<Value>> HotKeysReader::Shared::ask(Ptr self, QByteArray nodeId, Command command, UserConsent consent)
{
    if (!self->session)
        co_return failure(Error::Code::Cancelled);
    NodeSelection to;
    to.kind = NodeSelection::Kind::Node;
    to.nodeId = nodeId;
    const auto replies = co_await self->session->call(std::move(command), to, consent);
    if (!replies)
        co_return failure(replies.error());
    if (replies->isEmpty())
        co_return failure(Error::Code::NoRoute, tr("this node is not known"));
    co_return Result<Value>(replies->front().reply);
}

/// Returns false if the server has no HOTKEYS.
QCoro::Task<Result<bool>> HotKeysReader::Shared::measure(Ptr self, HotKeysRequest request,
                                                         std::shared_ptr<NodeHotKeys> told)
{
    const quint64 stopped = self->stopped;
    if (!self->session)
        co_return failure(Error::Code::Cancelled);
    // checked first, because the gate refuses unknown commands
    const auto commands = co_await self->session->commands();
    if (commands && !(*commands)->find(commandOf("HOTKEYS", "GET")))
        co_return false;
    const auto there = co_await ask(self, request.nodeId, commandOf("HOTKEYS", "GET"), request.consent);
    if (!there)
        co_return failure(there.error());
    const auto before = takeHotKeys(*there, *told);
    if (!before)
        co_return failure(atHotNode(before.error(), told->nodeName, u"HOTKEYS GET"_s));
    if (*before) { // even if that measurement has ended: a new one would destroy results not read yet
        told->isOthers = true;
        keepHottest(told->keys, request.most);
        co_return true;
    }
    const auto begun = co_await ask(self, request.nodeId, startCommand(request), request.consent);
    if (!begun)
        co_return failure(begun.error());
    const qint64 until = steadyMs() + std::min(request.milliseconds, longestMeasureMs);
    while (self->stopped == stopped && steadyMs() < until)
        co_await QCoro::sleepFor(hotKeysStep);
    const auto after = co_await ask(self, request.nodeId, commandOf("HOTKEYS", "GET"), request.consent);
    const auto ended = co_await ask(self, request.nodeId, commandOf("HOTKEYS", "STOP"), request.consent);
    if (ended)
        // frees the server's memory
        (void)co_await ask(self, request.nodeId, commandOf("HOTKEYS", "RESET"), request.consent);
    else
        told->problem = ended.error();
    if (!after)
        co_return failure(after.error());
    const auto taken = takeHotKeys(*after, *told);
    if (!taken)
        co_return failure(atHotNode(taken.error(), told->nodeName, u"HOTKEYS GET"_s));
    keepHottest(told->keys, request.most);
    co_return true;
}

QCoro::Task<> HotKeysReader::Shared::readCounters(Ptr self, HotKeysRequest request, std::shared_ptr<NodeHotKeys> told)
{
    const quint64 stopped = self->stopped;
    told->source = HotKeySource::Counters;
    const auto decay =
        co_await ask(self, request.nodeId, commandOf("CONFIG", "GET", "lfu-decay-time"), request.consent);
    if (decay && decay->items().size() == 2)
        told->decayMinutes = int(toInteger(decay->items()[1].bytes()).value_or(-1));
    QByteArray cursor = "0"_ba;
    QByteArrayList names;
    bool isScanned = false;
    while (!isScanned || !names.isEmpty()) {
        if (!self->session)
            co_return;
        if (self->stopped != stopped) {
            told->isPart = true;
            break;
        }
        const auto link = co_await self->session->linkTo(request.nodeId);
        if (!link) {
            told->problem = atHotNode(link.error(), told->nodeName, u"OBJECT FREQ"_s);
            told->isPart = true;
            break;
        }
        std::vector<Command> commands;
        for (const QByteArray &name : std::as_const(names))
            commands.push_back(commandOf("OBJECT", "FREQ", name));
        if (!isScanned)
            commands.push_back(commandOf("SCAN", cursor, "COUNT", QByteArray::number(keysAStep)));
        const auto replies = co_await (*link)->sendAll(commands);
        if (!replies) {
            told->problem = atHotNode(replies.error(), told->nodeName, u"OBJECT FREQ"_s);
            told->isPart = true;
            break;
        }
        for (qsizetype i = 0; i < names.size(); ++i) {
            const Value &reply = (*replies)[size_t(i)];
            if (reply.type() == Value::Type::Integer)
                told->keys.push_back({.key = names[i], .frequency = int(reply.toInteger())});
            else if (!told->problem) // the reply is null for a key that is gone
                told->problem = errorOf(reply, told->nodeName, u"OBJECT FREQ"_s);
        }
        told->seen += names.size();
        names.clear();
        if (told->keys.size() > keptBeforeCut * request.most + keysAStep)
            keepHottest(told->keys, request.most);
        if (!isScanned) {
            const Value &scanned = replies->back();
            told->problem = told->problem ? told->problem : errorOf(scanned, told->nodeName, u"SCAN"_s);
            const bool isPage = scanned.isAggregate() && scanned.items().size() == 2;
            if (!isPage) {
                told->isPart = true;
                break;
            }
            cursor = scanned.items()[0].bytes();
            isScanned = cursor == "0";
            for (const Value &name : scanned.items()[1].items())
                names.append(name.bytes());
        }
        co_await QCoro::sleepFor(betweenSteps);
    }
    // SCAN may return a key twice, both with the same counter
    std::sort(told->keys.begin(), told->keys.end(), [](const HotKey &left, const HotKey &right) {
        return std::tie(left.key, right.frequency) < std::tie(right.key, left.frequency);
    });
    told->keys.erase(std::unique(told->keys.begin(), told->keys.end(),
                                 [](const HotKey &left, const HotKey &right) { return left.key == right.key; }),
                     told->keys.end());
    keepHottest(told->keys, request.most);
}

QCoro::Task<Result<NodeHotKeys>> HotKeysReader::read(HotKeysRequest request)
{
    const Shared::Ptr shared = m_shared;
    const auto told = std::make_shared<NodeHotKeys>();
    told->nodeId = request.nodeId;
    const ClusterViewPtr view = shared->session ? shared->session->view() : nullptr;
    const NodeState *node = view ? view->node(request.nodeId) : nullptr;
    if (!node)
        co_return failure(shared->session ? Error::Code::NoRoute : Error::Code::Cancelled,
                          tr("this node is not known"));
    told->nodeName = node->name;
    const auto measured = co_await Shared::measure(shared, request, told);
    if (!measured && measured.error().code == Error::Code::NeedsConsent)
        co_return failure(measured.error());
    if (measured && *measured)
        co_return NodeHotKeys(*told);
    const auto info = co_await Shared::ask(shared, request.nodeId, commandOf("INFO", "memory"), request.consent);
    if (info)
        told->policy = policyOf(info->bytes());
    if (told->policy.contains("lfu")) {
        co_await Shared::readCounters(shared, request, told);
        co_return NodeHotKeys(*told);
    }
    if (!measured)
        told->problem = atHotNode(measured.error(), told->nodeName, u"HOTKEYS"_s);
    else if (!info)
        told->problem = atHotNode(info.error(), told->nodeName, u"INFO"_s);
    co_return NodeHotKeys(*told);
}

} // namespace slotscope
