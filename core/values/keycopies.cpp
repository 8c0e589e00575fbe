// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/keycopies.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/values/editlink.h"
#include "core/values/valuereader.h"
#include "core/values/wholevalue.h"

#include <QCoro/QCoroTimer>

#include <chrono>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Link = std::shared_ptr<DedicatedLink>;

constexpr int secondReadMs = 300; // time for a write that is on its way to the replica
constexpr int readTries = 3;

struct NodeReading
{
    KeyCopy copy;
    Link link;
    qint64 memory = -1; ///< bytes by MEMORY USAGE; -1: unknown
    std::vector<QByteArray> elements; ///< the whole value
    bool isRead = false; ///< `elements` is set
    bool isTooBig = false; ///< its size is above the limit, or unknown
};

QCoro::Task<> readHead(std::shared_ptr<NodeReading> reading, QByteArray key)
{
    const Result<Value> type = co_await askOver(reading->link, commandOf("TYPE", key));
    if (!type) {
        reading->copy.error = type.error();
        co_return;
    }
    reading->copy.typeWord = type->bytes();
    const Result<Value> ttl = co_await askOver(reading->link, commandOf("PTTL", key));
    if (ttl)
        reading->copy.ttlMs = ttl->toInteger();
    const Command length = lengthCommand(valueTypeOf(reading->copy.typeWord), key);
    if (!length.isEmpty()) {
        const Result<Value> reply = co_await askOver(reading->link, length);
        if (reply && reply->type() == Value::Type::Integer)
            reading->copy.length = reply->toInteger();
    }
    const Result<Value> memory = co_await askOver(reading->link, commandOf("MEMORY", "USAGE", key));
    if (memory && memory->type() == Value::Type::Integer)
        reading->memory = memory->toInteger();
}

QCoro::Task<> readValue(std::shared_ptr<NodeReading> reading, QByteArray key)
{
    reading->isRead = false;
    reading->elements.clear();
    if (reading->copy.error || !reading->link)
        co_return;
    if (reading->copy.typeWord == "none") {
        reading->isRead = true;
        co_return;
    }
    const ValueType type = valueTypeOf(reading->copy.typeWord);
    const Command command = portableValue(type, key);
    // a huge value would block the server, and is held in memory here
    reading->isTooBig = reading->memory < 0 || reading->memory > KeyCopies::mostCompared;
    if (command.isEmpty() || reading->isTooBig)
        co_return;
    const Result<Value> value = co_await askOver(reading->link, command);
    if (!value) {
        reading->copy.error = value.error();
        co_return;
    }
    reading->elements = portableElements(type, *value);
    reading->isRead = true;
}

QCoro::Task<std::shared_ptr<NodeReading>> begun(QPointer<ClusterSession> session, QByteArray nodeId, QString name,
                                                bool isReplica, QByteArray key, int database)
{
    const auto reading = std::make_shared<NodeReading>();
    reading->copy.nodeId = nodeId;
    reading->copy.nodeName = name;
    reading->copy.isReplica = isReplica;
    if (!session)
        co_return reading;
    LinkPool::LeaseOptions options;
    options.database = database;
    options.noTouch = true;
    options.readonlyReplica = isReplica;
    const auto link = co_await session->lease(nodeId, options);
    if (!link) {
        reading->copy.error = link.error();
        co_return reading;
    }
    reading->link = *link;
    co_await readHead(reading, key);
    co_return reading;
}

bool isSame(const NodeReading &a, const NodeReading &b)
{
    return a.copy.typeWord == b.copy.typeWord && a.elements == b.elements;
}

} // namespace

QString matchText(const KeyCopy &copy)
{
    using Match = KeyCopy::Match;
    switch (copy.match) {
    case Match::Itself: return copy.error ? describe(*copy.error) : tr("the primary");
    case Match::Same: return tr("same value as the primary");
    case Match::Differs: return tr("another value than the primary, also when read again");
    case Match::TooBig:
        return tr("not compared: larger than %1, or its size is not known").arg(byteSize(KeyCopies::mostCompared));
    case Match::Unknown: break;
    }
    return copy.error ? describe(*copy.error)
                      : tr("not compared: the primary could not be read, or values of this type cannot be compared");
}

QCoro::Task<Result<KeyCopies>> KeyCopiesReader::read(QByteArray key, int database)
{
    const QPointer<ClusterSession> session = m_session; // this service may go while a reply is awaited
    const ClusterViewPtr view = session ? session->view() : nullptr;
    if (!view)
        co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
    const NodeState *owner = view->node(ownerOfKey(*view, key));
    if (!owner)
        co_return failure(Error::Code::NoRoute, tr("slot %1 has no owner").arg(slotOfKey(key)));
    std::vector<std::shared_ptr<NodeReading>> readings;
    readings.push_back(co_await begun(session, owner->id, owner->name, false, key, database));
    if (owner->shard >= 0) {
        for (const int index : view->shards[size_t(owner->shard)].replicas) {
            const NodeState &replica = view->nodes[size_t(index)];
            readings.push_back(co_await begun(session, replica.id, replica.name, true, key, database));
        }
    }
    NodeReading &primary = *readings.front();
    for (int attempt = 0; attempt < readTries; ++attempt) {
        bool allSame = true;
        for (const auto &reading : readings)
            co_await readValue(reading, key);
        for (const auto &reading : readings)
            allSame = allSame && (!reading->isRead || !primary.isRead || isSame(*reading, primary));
        if (allSame || attempt + 1 == readTries)
            break;
        co_await QCoro::sleepFor(std::chrono::milliseconds(secondReadMs));
        for (const auto &reading : readings)
            if (reading->link && !reading->copy.error)
                co_await readHead(reading, key);
    }
    KeyCopies copies;
    copies.key = key;
    for (const auto &reading : readings) {
        using Match = KeyCopy::Match;
        KeyCopy &copy = reading->copy;
        if (!copy.isReplica)
            copy.match = Match::Itself;
        else if (reading->isRead && primary.isRead)
            copy.match = isSame(*reading, primary) ? Match::Same : Match::Differs;
        else if (!copy.error && !primary.copy.error && (reading->isTooBig || primary.isTooBig))
            copy.match = Match::TooBig;
        copies.nodes.push_back(copy);
    }
    co_return Result<KeyCopies>(std::move(copies));
}

} // namespace slotscope
