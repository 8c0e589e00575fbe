// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/keyrecord.h"
#include "core/session/linkpool.h"

#include <QByteArrayList>

#include <array>
#include <vector>

namespace slotscope {

/// What was read of one key so far; it owns its bytes.
struct FoundKey
{
    QByteArray key, type, encoding;
    std::optional<qint64> ttlMs, bytes, elements, idleSeconds;
    std::optional<int> frequency;
    /// `samples`: elements that MEMORY USAGE looked at.
    [[nodiscard]] KeyRecord record(int shard, int samples) const;
};

/// What an analysis asks about each key of one node.
struct KeyQuestions
{
    int samples = 5;
    bool asksIdle = true, asksFrequency = false, asksLength = true;
};

/// Some keys of one node on their way: the commands that ask about them, and what became of the answers. Pure.
class KeyRound
{
public:
    struct Refusal
    {
        int keys = 0; ///< that were not told at all
        std::optional<Error> error; ///< the first one, of those or of a fact that was not told
    };
    explicit KeyRound(const KeyQuestions &questions) : m_questions(questions) { }

    /// The lengths of keys whose type is known, and everything else of new ones.
    [[nodiscard]] std::vector<Command> commands(std::vector<FoundKey> known, QByteArrayList fresh);
    /// Takes the replies, as many as commands.
    void take(const Connection::Replies::value_type &replies, const QString &node);

    /// Keys whose type is known, where no replies come any more.
    [[nodiscard]] std::vector<FoundKey> unanswered() const
    {
        return {m_keys.begin(), m_keys.begin() + qsizetype(m_known)};
    }

    std::vector<FoundKey> done; ///< all that will be known of them
    std::vector<FoundKey> typed; ///< their length is still to be asked for
    QByteArrayList strays; ///< another node has them by now
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
    size_t m_known = 0; ///< the first ones, of which only the length is asked
    std::vector<Question> m_asked;
};

/// How many keys the next round takes: fewer where the last one held the server up longer than it may.
[[nodiscard]] int nextRound(int keys, double servedMs, int ceilingMs);

} // namespace slotscope
