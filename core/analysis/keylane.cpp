// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/keylane.h"

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int fewestKeys = 10, mostKeys = 500;

struct LengthCommand
{
    QByteArray type, command;
};

const QByteArray &lengthAsking(const QByteArray &type)
{
    static const std::array<LengthCommand, 6> all{{{"string"_ba, "STRLEN"_ba},
                                                   {"hash"_ba, "HLEN"_ba},
                                                   {"zset"_ba, "ZCARD"_ba},
                                                   {"list"_ba, "LLEN"_ba},
                                                   {"set"_ba, "SCARD"_ba},
                                                   {"stream"_ba, "XLEN"_ba}}};
    static const QByteArray none;
    for (const LengthCommand &one : all)
        if (one.type == type)
            return one.command;
    return none;
}

bool leadsElsewhere(const Value &reply)
{
    if (!reply.isError())
        return false;
    const QByteArray word = reply.errorCode();
    return word == "MOVED" || word == "ASK" || word == "TRYAGAIN" || word == "CLUSTERDOWN" || word == "LOADING"
        || word == "MASTERDOWN" || word == "BUSY";
}

/// Whether a value with this encoding consists of separate elements that MEMORY USAGE samples, not of a single block.
bool isInPieces(QByteArrayView encoding)
{
    return encoding == "hashtable" || encoding == "skiplist" || encoding == "quicklist" || encoding == "stream"
        || encoding == "linkedlist";
}

} // namespace

KeyRecord FoundKey::record(int shard, int samples) const
{
    KeyRecord record;
    record.key = key;
    record.type = type;
    record.encoding = encoding;
    record.ttlMs = ttlMs;
    record.bytes = bytes;
    record.isSampled = samples > 0 && isInPieces(encoding) && elements.value_or(samples + 1) > samples;
    record.elements = elements;
    record.idleSeconds = idleSeconds;
    record.frequency = frequency;
    record.shard = shard;
    return record;
}

std::vector<Command> KeyRound::commands(std::vector<FoundKey> known, QByteArrayList fresh)
{
    static const QByteArray object = "OBJECT"_ba, idletime = "IDLETIME"_ba, freq = "FREQ"_ba, encoding = "ENCODING"_ba,
                            type = "TYPE"_ba, pttl = "PTTL"_ba, memory = "MEMORY"_ba, usage = "USAGE"_ba,
                            samples = "SAMPLES"_ba;
    const QByteArray sampleCount = QByteArray::number(m_questions.samples);
    std::vector<Command> commands;
    commands.reserve(known.size() + size_t(fresh.size()) * 5);
    m_asked.reserve(commands.capacity());
    m_keys = std::move(known);
    m_known = m_keys.size();
    const auto ask = [&](Fact fact, size_t key, Command command) {
        commands.push_back(std::move(command));
        m_asked.push_back({fact, key});
    };
    for (size_t i = 0; i < m_known; ++i)
        ask(Fact::Length, i, {lengthAsking(m_keys[i].type), m_keys[i].key});
    for (QByteArray &key : fresh) {
        const size_t i = m_keys.size();
        m_keys.emplace_back();
        m_keys.back().key = std::move(key);
        const QByteArray &name = m_keys.back().key;
        if (m_questions.asksFrequency)
            ask(Fact::Frequency, i, {object, freq, name});
        else if (m_questions.asksIdle)
            ask(Fact::Idle, i, {object, idletime, name});
        ask(Fact::Type, i, {type, name});
        ask(Fact::Ttl, i, {pttl, name});
        ask(Fact::Encoding, i, {object, encoding, name});
        ask(Fact::Memory, i, {memory, usage, name, samples, sampleCount});
    }
    return commands;
}

void KeyRound::takeAnswer(const Value &reply, Fact fact, FoundKey &key, const QString &node)
{
    if (reply.isError()) {
        auto error = errorOf(reply, node, {});
        const bool isTold = error->code == Error::Code::NoPermission || fact == Fact::Type;
        if (isTold && !refusal.error)
            refusal.error = std::move(error);
        return;
    }
    if (fact == Fact::Type) {
        key.type = reply.bytes();
        return;
    }
    if (fact == Fact::Encoding) {
        key.encoding = reply.bytes();
        return;
    }
    if (reply.type() != Value::Type::Integer)
        return;
    const qint64 number = reply.toInteger();
    switch (fact) {
    case Fact::Ttl: key.ttlMs = number; break;
    case Fact::Memory: key.bytes = std::max<qint64>(0, number); break;
    case Fact::Idle: key.idleSeconds = std::max<qint64>(0, number); break;
    case Fact::Frequency: key.frequency = int(std::clamp<qint64>(number, 0, 255)); break;
    case Fact::Length: key.elements = std::max<qint64>(0, number); break;
    case Fact::Type:
    case Fact::Encoding: break;
    }
}

void KeyRound::take(const Connection::Replies::value_type &replies, const QString &node)
{
    std::vector<bool> isStray(m_keys.size()), isRefused(m_keys.size());
    for (size_t i = 0; i < m_asked.size() && i < replies.size(); ++i) {
        const Question &question = m_asked[i];
        const Value &reply = replies[i];
        if (leadsElsewhere(reply)) {
            // a key of which only the length is missing counts as read
            isStray[question.key] = question.fact != Fact::Length;
            continue;
        }
        if (question.fact == Fact::Type && reply.isError()) {
            isRefused[question.key] = reply.errorCode() == "NOPERM";
            // after any error other than NOPERM, the key is queried again later
            isStray[question.key] = !isRefused[question.key];
        }
        takeAnswer(reply, question.fact, m_keys[question.key], node);
    }
    sortOut(isStray, isRefused, m_known);
}

void KeyRound::sortOut(const std::vector<bool> &isStray, const std::vector<bool> &isRefused, size_t known)
{
    for (size_t i = 0; i < m_keys.size(); ++i) {
        FoundKey &key = m_keys[i];
        if (i < known)
            done.push_back(std::move(key));
        else if (isStray[i])
            strays.append(key.key);
        else if (isRefused[i])
            ++refusal.keys;
        else if (key.type == "none" || key.ttlMs == -2)
            ++vanished;
        else if (m_questions.asksLength && !lengthAsking(key.type).isEmpty())
            typed.push_back(std::move(key));
        else
            done.push_back(std::move(key));
    }
}

int nextRound(int keys, double servedMs, int ceilingMs)
{
    if (servedMs > ceilingMs)
        return std::max(fewestKeys, keys / 2);
    if (servedMs * 2 < ceilingMs)
        return std::min(mostKeys, keys + keys / 2);
    return keys;
}

} // namespace slotscope
