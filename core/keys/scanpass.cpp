// SPDX-License-Identifier: GPL-3.0-or-later
// A scan on one node: one pass of SCAN over a connection of its own.
#include "core/keys/scanrun.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int firstCount = 1000;
constexpr int heldUpMs = 200; // interval of queries to a node that runs a script
constexpr int heldUpTries = 300;

bool passesBy(const Error &error)
{
    return error.code == Error::Code::Busy || error.code == Error::Code::Loading;
}

struct ScanReply
{
    QByteArray cursor;
    Value::List keys;
};

/// Keeps the cursor as text, because its 64 unsigned bits do not fit in a double or a qint64.
Result<ScanReply> readScanReply(Value reply, const QString &node)
{
    const bool isOne =
        reply.items().size() == 2 && reply.items().front().isString() && reply.items().back().isAggregate();
    if (!isOne)
        return failure(Error{.code = Error::Code::Parse,
                             .detail = tr("the reply of SCAN is not a cursor with a list of keys"),
                             .serverPrefix = {},
                             .node = node,
                             .command = u"SCAN"_s});
    return ScanReply{reply.items().front().bytes(), std::move(reply.items().back().items())};
}

} // namespace

/// SCAN, or with a slot CLUSTERSCAN (Valkey 9.1), which reads the keys of that slot only.
Command ScanRun::scanCommand(const QByteArray &cursor, int count, std::optional<quint16> slot) const
{
    Command command{slot ? "CLUSTERSCAN"_ba : "SCAN"_ba, cursor};
    if (slot)
        command << "SLOT"_ba << QByteArray::number(*slot);
    if (!m_request.pattern.isEmpty())
        command << "MATCH"_ba << m_request.pattern;
    command << "COUNT"_ba << QByteArray::number(count);
    if (!m_request.type.isEmpty())
        command << "TYPE"_ba << m_request.type;
    return command;
}

void ScanRun::put(Value::List keys, const QByteArray &nodeId)
{
    if (m_request.slotsOnly)
        std::erase_if(keys, [&](const Value &key) { return !m_request.slotsOnly->contains(slotOfKey(key.bytes())); });
    if (!keys.empty())
        m_outlet->put({std::move(keys), nodeId});
}

/// Returns the node's slots as it reports them, or its primary's slots if it is a replica. nullopt if unknown.
QCoro::Task<std::optional<SlotWitness>> ScanRun::witness(Ptr self, QByteArray nodeId,
                                                         std::shared_ptr<DedicatedLink> link)
{
    const auto reply = co_await link->send(commandOf("CLUSTER", "NODES"));
    if (!reply)
        co_return std::nullopt;
    if (reply->isString()) {
        const auto table = parseClusterNodes(reply->bytes());
        const NodeLine *own = table ? table->self() : nullptr;
        const NodeLine *line = own && !own->primaryId.isEmpty() ? table->find(own->primaryId) : own;
        if (line)
            co_return SlotWitness::of(*line);
    }
    // CLUSTER NODES is not permitted, so use the session's view
    const ClusterViewPtr view = self->m_session ? self->m_session->view() : nullptr;
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    if (node && node->isReplica())
        node = view->node(node->primaryId);
    if (!node)
        co_return std::nullopt;
    SlotWitness seen;
    seen.owned = node->slots;
    seen.epoch = node->configEpoch;
    co_return seen;
}

QCoro::Task<Result<>> ScanRun::readKeys(Ptr self, QByteArray nodeId, std::shared_ptr<DedicatedLink> link,
                                        double roundTripMs, std::optional<quint16> slot)
{
    const QString address = link->endpoint().toString();
    const QString name = slot ? u"CLUSTERSCAN"_s : u"SCAN"_s;
    QByteArray cursor = "0"_ba;
    if (slot) // its first cursor names the slot by a hash tag, since the command is routed by its cursor
        cursor = "0-{" + hashTagOf(*slot) + "}-0";
    int count = firstCount, heldUp = 0;
    do {
        const bool goesOn = co_await mayGoOn(self);
        if (!goesOn)
            co_return failure(Error::Code::Cancelled);
        QElapsedTimer time;
        time.start();
        auto reply = co_await link->send(self->scanCommand(cursor, count, slot));
        const double elapsedMs = double(time.nsecsElapsed()) / 1e6;
        if (!reply)
            co_return failure(reply.error());
        if (auto refused = errorOf(*reply, address, name)) {
            if (!passesBy(*refused) || ++heldUp > heldUpTries)
                co_return failure(*refused);
            co_await QCoro::sleepFor(std::chrono::milliseconds(heldUpMs));
            continue;
        }
        heldUp = 0;
        auto part = readScanReply(std::move(*reply), address);
        if (!part)
            co_return failure(part.error());
        cursor = part->cursor;
        self->nodeOf(nodeId).seen += part->keys.size();
        self->put(std::move(part->keys), nodeId);
        count = nextCount(count, elapsedMs, roundTripMs, self->m_request.ceilingMs);
    } while (cursor != "0" || heldUp > 0);
    co_return Result<>();
}

/// Reads the wanted slots one by one. Returns false, without having read anything, if the server or the user's
/// permissions do not allow it.
QCoro::Task<Result<bool>> ScanRun::readSlots(Ptr self, QByteArray nodeId, std::shared_ptr<DedicatedLink> link,
                                             double roundTripMs, SlotSet wanted)
{
    bool isFirst = true;
    for (const SlotRange &range : wanted.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            const Result<> read = co_await readKeys(self, nodeId, link, roundTripMs, quint16(slot));
            if (read) {
                isFirst = false;
                continue;
            }
            const Error &error = read.error();
            if (error.serverPrefix == "MOVED" || error.serverPrefix == "ASK") {
                self->nodeOf(nodeId).seen =
                    0; // all keys of the node are read instead: only that tells what it still has
                co_return Result<bool>(false);
            }
            const bool isAnswer = !error.serverPrefix.isEmpty();
            if (isFirst && isAnswer && !passesBy(error))
                co_return Result<bool>(false);
            co_return failure(error);
        }
    }
    co_return Result<bool>(true);
}

QCoro::Task<Result<>> ScanRun::readNode(Ptr self, QByteArray nodeId, std::shared_ptr<DedicatedLink> link)
{
    const ClusterViewPtr view = self->m_session ? self->m_session->view() : nullptr;
    const bool inCluster = view && view->cluster;
    QElapsedTimer time;
    time.start();
    const auto size = co_await link->send(commandOf("DBSIZE"));
    const double roundTripMs = double(time.nsecsElapsed()) / 1e6;
    if (!size)
        co_return failure(size.error());
    self->nodeOf(nodeId).expected = size->type() == Value::Type::Integer ? size->toInteger() : -1;
    std::optional<SlotWitness> begin, end;
    if (inCluster)
        begin = co_await witness(self, nodeId, link);
    bool isRead = false;
    const SlotSet only = self->m_request.slotsOnly.value_or(SlotSet());
    const SlotSet wanted = begin ? begin->owned.intersected(only) : SlotSet();
    const qint64 calls = std::max<qint64>(0, self->nodeOf(nodeId).expected) / firstCount;
    // SlotCoverage follows open slots by what SCAN promises of all keys of a node
    const bool isQuiet = begin && begin->leaving.intersected(only).isEmpty()
        && std::none_of(begin->coming.keyBegin(), begin->coming.keyEnd(),
                        [&only](quint16 slot) { return only.contains(slot); });
    if (isQuiet && !only.isEmpty() && wanted.count() <= calls / 2 + 1) {
        const Result<bool> bySlots = co_await readSlots(self, nodeId, link, roundTripMs, wanted);
        if (!bySlots)
            co_return failure(bySlots.error());
        isRead = *bySlots;
    }
    if (!isRead) {
        const Result<> read = co_await readKeys(self, nodeId, link, roundTripMs);
        if (!read)
            co_return failure(read.error());
    }
    if (!inCluster)
        co_return Result<>();
    end = co_await witness(self, nodeId, link);
    if (begin && end)
        self->m_coverage.take(nodeId, *begin, *end, self->m_disturbed);
    co_return Result<>();
}

QCoro::Task<> ScanRun::passNode(Ptr self, QByteArray nodeId)
{
    if (!self->m_session)
        co_return;
    ScanProgress::Node &before = self->nodeOf(nodeId);
    before.seen = 0;
    before.done = false;
    LinkPool::LeaseOptions options;
    options.database = self->m_request.database;
    options.noTouch = true;
    options.readonlyReplica = self->m_replicas.contains(nodeId);
    const auto link = co_await self->m_session->lease(nodeId, options);
    Result<> read = Result<>();
    if (!link)
        read = failure(link.error());
    else
        read = co_await readNode(self, nodeId, *link);
    ScanProgress::Node &node = self->nodeOf(nodeId);
    node.done = read.has_value();
    node.error = std::nullopt;
    if (!read && read.error().code != Error::Code::Cancelled)
        node.error = read.error();
    if (node.done)
        node.replacedBy.clear();
}

/// Looks up an exact name instead of scanning.
QCoro::Task<Result<>> ScanRun::lookUp(Ptr self, QByteArray name)
{
    const ClusterViewPtr begin = self->m_session->view();
    ClusterViewPtr view = begin;
    Error last{.code = Error::Code::NoRoute, .detail = {}, .serverPrefix = {}, .node = {}, .command = u"TYPE"_s};
    const qint64 since = self->m_time.elapsed();
    constexpr qint64 mostMs = 10'000;
    while (!self->m_stopped && self->m_session && self->m_time.elapsed() - since < mostMs) {
        const quint16 slot = slotOfKey(name);
        QByteArray owner;
        if (view && view->cluster && view->owner[slot] >= 0)
            owner = view->nodes[size_t(view->owner[slot])].id;
        else if (view && !view->cluster && !view->shards.empty())
            owner = self->readerOf(*view, view->shards.front());
        if (!owner.isEmpty()) {
            const Result<QByteArray> type = co_await typeOf(self, name, owner);
            if (type) {
                const bool isWanted = self->m_request.type.isEmpty() || self->m_request.type == *type;
                ScanProgress::Node &node = self->nodeOf(owner);
                node.done = true;
                node.seen = *type != "none" && isWanted ? 1 : 0;
                Value::List found;
                if (node.seen > 0)
                    found.push_back(Value::bulk(name));
                self->put(std::move(found), owner);
                co_return Result<>();
            }
            last = type.error();
            if (last.code == Error::Code::NoPermission || last.code == Error::Code::NoDatabase)
                co_return failure(last);
        }
        view = co_await lookAgain(self);
    }
    co_return failure(last);
}

QCoro::Task<Result<QByteArray>> ScanRun::typeOf(Ptr self, QByteArray name, QByteArray nodeId)
{
    LinkPool::LeaseOptions options;
    options.database = self->m_request.database;
    options.noTouch = true;
    const auto link = co_await self->m_session->lease(nodeId, options);
    if (!link)
        co_return failure(link.error());
    auto reply = co_await (*link)->send(commandOf("TYPE", name));
    const Result<Value> type = checked(std::move(reply), (*link)->endpoint().toString(), u"TYPE"_s);
    if (!type)
        co_return failure(type.error());
    co_return Result<QByteArray>(type->bytes());
}

} // namespace slotscope
