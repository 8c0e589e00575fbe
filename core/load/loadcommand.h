// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadkeys.h"
#include "core/protocol/command.h"

#include <QHash>

#include <optional>

namespace slotscope {

/// One command of the mix, made ready to be written many times. Pure.
class LoadCommand
{
public:
    /// A known name, or a line with {key} where a key stands. `place`: in the mix, for the kind of a line's keys.
    [[nodiscard]] static Result<LoadCommand> of(const LoadShare &share, int place, const LoadSpec &spec);
    /// Of words as they are sent: {key}, {value} and {number} stand for what is drawn.
    [[nodiscard]] static LoadCommand ofWords(const Command &words, const QByteArray &kind);

    /// Appends its RESP form.
    void append(QByteArray &to, QByteArrayView key, QByteArrayView value, quint64 number) const;
    /// As it is sent, with this key.
    [[nodiscard]] Command example(const QByteArray &key) const;

    [[nodiscard]] const QByteArray &name() const { return m_name; } ///< "get", or the line
    [[nodiscard]] const QByteArray &kind() const { return m_kind; } ///< of keys: "s", "h", …; "x2" of a line
    [[nodiscard]] bool hasKey() const { return m_hasKey; }
    [[nodiscard]] bool hasValue() const { return m_hasValue; }
    [[nodiscard]] bool reads() const { return m_reads; } ///< a replica may serve it
    void setReads(bool reads) { m_reads = reads; }
    /// From now on it is written by the names that these servers know; example() and name() keep its own.
    void sendAs(const QHash<QByteArray, QByteArray> &renamed);
    /// What makes a key that it reads; nothing where it needs none.
    [[nodiscard]] std::optional<LoadCommand> filler(const LoadSpec &spec) const;

    /// Names that `of` knows, for the form and the help.
    [[nodiscard]] static QByteArrayList knownNames();

private:
    void setWords(const Command &words);

    struct Word
    {
        enum class What : quint8 { Literal, Key, Value, Number };
        What what = What::Literal;
        QByteArray bytes; ///< Literal: in RESP
    };
    QList<Word> m_words;
    Command m_line;
    QByteArray m_head, m_name, m_kind;
    bool m_hasKey = false, m_hasValue = false, m_reads = false;
};

} // namespace slotscope
