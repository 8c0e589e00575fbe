// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

namespace slotscope {

/// Finds the ends of replies in a RESP2 stream (and simple types of RESP3) without creating values. Pure.
class ReplyCounter
{
public:
    enum class Step : quint8 {
        NeedsMore,
        Reply, ///< a reply is complete
        Error, ///< an error reply is complete; see errorText()
        Broken, ///< invalid RESP
    };
    void feed(QByteArrayView bytes); ///< `bytes` must stay valid while advance() is called
    [[nodiscard]] Step advance();
    [[nodiscard]] const QByteArray &errorText() const { return m_error; } ///< without '-'
    [[nodiscard]] qint64 integer() const { return m_integer; } ///< value of an integer reply, else 0
    [[nodiscard]] bool isNull() const { return m_null; } ///< the reply was null

private:
    [[nodiscard]] Step takeLine(QByteArrayView line);
    [[nodiscard]] Step ended(bool wasError);

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    qint64 m_skip = 0; ///< remaining bytes of a bulk string, including its line end
    std::vector<qint64> m_open; ///< number of missing members of each open array
    QByteArray m_line; ///< start of an incomplete line
    QByteArray m_error;
    qint64 m_integer = 0;
    bool m_null = false;
};

} // namespace slotscope
