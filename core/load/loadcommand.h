// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadkeys.h"
#include "core/protocol/command.h"

#include <QHash>

#include <optional>

namespace slotscope {

/// One command of the mix, prepared so that it can be written many times. Pure.
class LoadCommand
{
public:
    /// Prepares a known command, or a line with {key} in place of a key. `place` is the position in the mix, which
    /// names the kind of a line's keys.
    [[nodiscard]] static Result<LoadCommand> of(const LoadShare &share, int place, const LoadSpec &spec);
    /// Prepares a command from its arguments, in which {key}, {value} and {number} are placeholders.
    [[nodiscard]] static LoadCommand ofWords(const Command &words, const QByteArray &kind);

    /// Appends the command in RESP.
    void append(QByteArray &to, QByteArrayView key, QByteArrayView value, quint64 number) const;
    /// Returns the command with this key.
    [[nodiscard]] Command example(const QByteArray &key) const;

    [[nodiscard]] const QByteArray &name() const { return m_name; } ///< such as "get", or the line
    [[nodiscard]] const QByteArray &kind() const { return m_kind; } ///< kind of its keys: "s", "h", …; "x2" for a line
    [[nodiscard]] bool hasKey() const { return m_hasKey; }
    [[nodiscard]] bool hasValue() const { return m_hasValue; }
    [[nodiscard]] bool reads() const { return m_reads; } ///< a replica may execute it
    void setReads(bool reads) { m_reads = reads; }
    /// Makes append() use the names by which these servers know renamed commands; example() and name() keep the
    /// original names.
    void sendAs(const QHash<QByteArray, QByteArray> &renamed);
    /// Returns the command that creates a key for this one to read; nullopt if none is needed.
    [[nodiscard]] std::optional<LoadCommand> filler(const LoadSpec &spec) const;

    /// Names that `of` knows, for the form and the help.
    [[nodiscard]] static QByteArrayList knownNames();

private:
    void setWords(const Command &words);

    struct Word
    {
        enum class What : quint8 { Literal, Key, Value, Number };
        What what = What::Literal;
        QByteArray bytes; ///< for a Literal: RESP bytes
    };
    QList<Word> m_words;
    Command m_line;
    QByteArray m_head, m_name, m_kind;
    bool m_hasKey = false, m_hasValue = false, m_reads = false;
};

} // namespace slotscope
