// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace slotscope {

/// Finds the ends of replies in a stream of RESP2 (and of the simple types of RESP3) without making values of them.
/// Pure.
class ReplyCounter
{
public:
    enum class Step : quint8 {
        NeedsMore,
        Reply, ///< one is complete
        Error, ///< one is complete: an error, errorText()
        Broken, ///< no RESP
    };
    void feed(QByteArrayView bytes); ///< as long as advance() is called, `bytes` must stay
    [[nodiscard]] Step advance();
    [[nodiscard]] const QByteArray &errorText() const { return m_error; } ///< without '-'
    [[nodiscard]] qint64 integer() const { return m_integer; } ///< of a reply that is one, else 0
    [[nodiscard]] bool isNull() const { return m_null; } ///< the reply was a null

private:
    [[nodiscard]] Step takeLine(QByteArrayView line);
    [[nodiscard]] Step ended(bool wasError);

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    qint64 m_skip = 0; ///< bytes of a bulk string that are still to come, with its end
    std::vector<qint64> m_open; ///< members that each open array still waits for
    QByteArray m_line; ///< the beginning of a line that was cut
    QByteArray m_error;
    qint64 m_integer = 0;
    bool m_null = false;
};

} // namespace slotscope
