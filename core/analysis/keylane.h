// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keyrecord.h"
#include "core/session/linkpool.h"

#include <QByteArrayList>

#include <array>
#include <vector>

namespace slotscope {

/// What was read about one key so far; owns its bytes.
struct FoundKey
{
    QByteArray key, type, encoding;
    std::optional<qint64> ttlMs, bytes, elements, idleSeconds;
    std::optional<int> frequency;
    /// `samples` is the number of elements that MEMORY USAGE sampled.
    [[nodiscard]] KeyRecord record(int shard, int samples) const;
};

/// What an analysis queries about each key of one node.
struct KeyQuestions
{
    int samples = 5;
    bool asksIdle = true, asksFrequency = false, asksLength = true;
};

/// Some keys of one node being queried: makes the commands and sorts the keys by the replies. Pure.
class KeyRound
{
public:
    struct Refusal
    {
        int keys = 0; ///< number of keys that were refused completely
        std::optional<Error> error; ///< first error, from those or from a single refused query
    };
    explicit KeyRound(const KeyQuestions &questions) : m_questions(questions) { }

    /// Returns the commands: the lengths of `known` keys, and everything else about new ones.
    [[nodiscard]] std::vector<Command> commands(std::vector<FoundKey> known, QByteArrayList fresh);
    /// Takes the replies, one per command.
    void take(const Connection::Replies::value_type &replies, const QString &node);

    /// Keys with known type, for the case that no replies arrive.
    [[nodiscard]] std::vector<FoundKey> unanswered() const
    {
        return {m_keys.begin(), m_keys.begin() + qsizetype(m_known)};
    }

    std::vector<FoundKey> done; ///< nothing more will be queried about these
    std::vector<FoundKey> typed; ///< their length must still be queried
    QByteArrayList strays; ///< another node has them now
    int vanished = 0;
    Refusal refusal;

private:
    enum class Fact : quint8 { Type, Ttl, Memory, Encoding, Idle, Frequency, Length };
    struct Question
    {
        Fact fact;
        size_t key;
    };
    void takeAnswer(const Value &reply, Fact fact, FoundKey &key, const QString &node);
    void sortOut(const std::vector<bool> &isStray, const std::vector<bool> &isRefused, size_t known);

    KeyQuestions m_questions;
    std::vector<FoundKey> m_keys;
    size_t m_known = 0; ///< number of keys at the front for which only the length is queried
    std::vector<Question> m_asked;
};

/// Number of keys in the next round: fewer if the last one blocked the server for too long.
[[nodiscard]] int nextRound(int keys, double servedMs, int ceilingMs);

} // namespace slotscope
