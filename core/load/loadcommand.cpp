// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/loadcommand.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/protocol/commandnames.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct KnownLoad
{
    const char *name, *line, *kind;
    bool reads;
};

/// The known commands. Members and fields are numbers up to 63, so that collections stay small; only lists grow with
/// each push.
constexpr std::array knownLoads{
    KnownLoad{"get", "GET {key}", "s", true},
    KnownLoad{"set", "SET {key} {value}", "s", false},
    KnownLoad{"append", "APPEND {key} {value}", "s", false},
    KnownLoad{"incr", "INCR {key}", "n", false},
    KnownLoad{"lpush", "LPUSH {key} {value}", "l", false},
    KnownLoad{"rpush", "RPUSH {key} {value}", "l", false},
    KnownLoad{"lpop", "LPOP {key}", "l", false},
    KnownLoad{"rpop", "RPOP {key}", "l", false},
    KnownLoad{"lrange", "LRANGE {key} 0 9", "l", true},
    KnownLoad{"sadd", "SADD {key} {number}", "t", false},
    KnownLoad{"spop", "SPOP {key}", "t", false},
    KnownLoad{"sismember", "SISMEMBER {key} {number}", "t", true},
    KnownLoad{"hset", "HSET {key} {number} {value}", "h", false},
    KnownLoad{"hget", "HGET {key} {number}", "h", true},
    KnownLoad{"hgetall", "HGETALL {key}", "h", true},
    KnownLoad{"zadd", "ZADD {key} {number} {number}", "z", false},
    KnownLoad{"zrange", "ZRANGE {key} 0 9", "z", true},
    KnownLoad{"ping", "PING", "", true},
};

void appendBulk(QByteArray &to, QByteArrayView bytes)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, bytes.size()).ptr;
    to.append('$').append(digits, end - digits).append("\r\n", 2);
    to.append(bytes).append("\r\n", 2);
}

const KnownLoad *knownLoad(const QByteArray &name)
{
    const auto found = std::find_if(knownLoads.begin(), knownLoads.end(),
                                    [&name](const KnownLoad &each) { return name.toLower() == each.name; });
    return found == knownLoads.end() ? nullptr : &*found;
}

} // namespace

QByteArrayList LoadCommand::knownNames()
{
    QByteArrayList names;
    for (const KnownLoad &each : knownLoads)
        names.append(each.name);
    return names;
}

LoadCommand LoadCommand::ofWords(const Command &words, const QByteArray &kind)
{
    LoadCommand command;
    command.m_line = words;
    command.m_kind = kind;
    command.m_name = words.value(0).toLower();
    command.setWords(words);
    return command;
}

void LoadCommand::sendAs(const QHash<QByteArray, QByteArray> &renamed)
{
    if (!renamed.isEmpty())
        setWords(asSent(asKnown(m_line, renamed), renamed));
}

void LoadCommand::setWords(const Command &words)
{
    m_words.clear();
    m_head = '*' + QByteArray::number(words.size()) + "\r\n";
    for (const QByteArray &word : words) {
        Word made;
        if (word == "{key}")
            made.what = Word::What::Key;
        else if (word == "{value}")
            made.what = Word::What::Value;
        else if (word == "{number}")
            made.what = Word::What::Number;
        else
            appendBulk(made.bytes, word);
        m_hasKey = m_hasKey || made.what == Word::What::Key;
        m_hasValue = m_hasValue || made.what == Word::What::Value;
        m_words.append(made);
    }
}

Result<LoadCommand> LoadCommand::of(const LoadShare &share, int place, const LoadSpec &spec)
{
    if (const KnownLoad *known = knownLoad(share.text)) {
        Command words = QByteArray(known->line).split(' ');
        if (known->name == "set"_ba && spec.ttlSeconds > 0)
            words << "EX" << QByteArray::number(spec.ttlSeconds);
        LoadCommand command = ofWords(words, known->kind);
        command.m_reads = known->reads;
        return command;
    }
    const auto words = parseCommandLine(share.text);
    if (!words)
        return failure(words.error());
    const auto wrong = [&share](const QString &why) {
        return failure(Error::Code::InvalidArgument, why.arg(toDisplay(share.text)));
    };
    if (words->size() < 2)
        return wrong(tr(
            "“%1” is not a command that the load test knows; a command of your own needs {key} in place of the key"));
    if (!secretsIn(*words).isEmpty())
        return wrong(tr("“%1” contains a password"));
    LoadCommand command = ofWords(*words, 'x' + QByteArray::number(place));
    command.m_name = share.text;
    if (!command.m_hasKey)
        return wrong(tr("“%1” contains no key: write {key} as a separate word in its place"));
    return command;
}

void LoadCommand::append(QByteArray &to, QByteArrayView key, QByteArrayView value, quint64 number) const
{
    to.append(m_head);
    for (const Word &word : m_words) {
        switch (word.what) {
        case Word::What::Literal: to.append(word.bytes); break;
        case Word::What::Key: appendBulk(to, key); break;
        case Word::What::Value: appendBulk(to, value); break;
        case Word::What::Number: {
            char digits[24];
            const auto end = std::to_chars(digits, digits + sizeof digits, number % 64).ptr;
            appendBulk(to, QByteArrayView(digits, end - digits));
            number /= 64;
            break;
        }
        }
    }
}

Command LoadCommand::example(const QByteArray &key) const
{
    Command words = m_line;
    for (QByteArray &word : words) {
        if (word == "{key}")
            word = key;
        else if (word == "{number}")
            word = "7"_ba;
    }
    return words;
}

std::optional<LoadCommand> LoadCommand::filler(const LoadSpec &spec) const
{
    static const QHash<QByteArray, QByteArray> makers{
        {"s"_ba, "set"_ba}, {"l"_ba, "rpush"_ba}, {"t"_ba, "sadd"_ba}, {"h"_ba, "hset"_ba}, {"z"_ba, "zadd"_ba}};
    static const QByteArrayList readers{"get"_ba,       "lrange"_ba, "lpop"_ba,    "rpop"_ba,  "spop"_ba,
                                        "sismember"_ba, "hget"_ba,   "hgetall"_ba, "zrange"_ba};
    if (!readers.contains(m_name) || !makers.contains(m_kind))
        return std::nullopt;
    const auto made = of({.text = makers.value(m_kind), .weight = 1}, 0, spec);
    return made ? std::optional(*made) : std::nullopt;
}

} // namespace slotscope
