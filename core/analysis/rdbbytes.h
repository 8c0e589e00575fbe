// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QIODevice>
#include <QString>

#include <functional>

namespace slotscope {

/// Reads the bytes of an RDB file sequentially, with its encoded lengths and strings. Reads in blocks and keeps none.
/// Damage is reported with its offset (Error::Code::Parse), by an exception that RdbReader catches.
class RdbBytes final
{
    Q_DISABLE_COPY_MOVE(RdbBytes)
public:
    static constexpr qint64 longestKept = 64 * 1024 * 1024; ///< limit for a string that is read completely

    struct Damage
    {
        Error error;
    };
    struct Stopped
    { };
    /// Sets a function called before each block; if it returns false, reading ends by throwing Stopped.
    void setGoOn(std::function<bool()> goOn) { m_goOn = std::move(goOn); }
    /// `file` must be open, not sequential, and outlive this object. `name` is used in errors.
    RdbBytes(QIODevice &file, QString name);

    [[nodiscard]] qint64 offset() const { return m_offset; } ///< offset of the next byte
    [[nodiscard]] quint64 checksum() const; ///< checksum of all bytes read so far

    [[nodiscard]] quint8 byte();
    [[nodiscard]] QByteArray bytes(qint64 count); ///< `count` is at most longestKept
    void skip(qint64 count);
    template <typename Number>
    [[nodiscard]] Number little() ///< a little-endian number
    {
        Number number = 0;
        for (size_t i = 0; i < sizeof(Number); ++i)
            number = Number(number | Number(Number(byte()) << (8 * i)));
        return number;
    }
    [[nodiscard]] quint64 length();
    /// Reads the number of items that follow. Each has at least one byte, so the number never exceeds the remaining
    /// bytes.
    [[nodiscard]] qint64 count();
    [[nodiscard]] QByteArray string(); ///< reads a string; a number as its digits
    /// Skips a string and returns its uncompressed length. `ifShort` receives its bytes if there are at most
    /// `shortest`.
    static constexpr qint64 shortest = 20;
    qint64 skipString(QByteArray *ifShort = nullptr);

    [[noreturn]] void damaged(const QString &what) const;

private:
    struct Special
    {
        bool is = false;
        quint8 kind = 0;
    };
    [[nodiscard]] quint64 length(Special &special);
    [[nodiscard]] QByteArray packed();
    [[nodiscard]] QByteArray digits(quint8 kind);
    [[nodiscard]] qint64 inFile(quint64 length);
    void fill();
    void take(qint64 count);

    QIODevice &m_file;
    QString m_name;
    std::function<bool()> m_goOn;
    QByteArray m_block;
    qsizetype m_at = 0; ///< position in m_block
    qsizetype m_summed = 0; ///< bytes of m_block already included in m_crc
    qint64 m_offset = 0, m_size;
    mutable quint64 m_crc = 0;
};

} // namespace slotscope
