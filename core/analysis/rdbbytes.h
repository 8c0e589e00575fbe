// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QIODevice>
#include <QString>

#include <functional>

namespace slotscope {

/// The bytes of an RDB file from front to back, with the lengths and strings that it is made of. Reads in blocks, keeps
/// none; a damaged place is told by its offset (Error::Code::Parse), by an exception that RdbReader catches.
class RdbBytes final
{
    Q_DISABLE_COPY_MOVE(RdbBytes)
public:
    static constexpr qint64 longestKept = 64 * 1024 * 1024; ///< of a string that is needed whole

    struct Damage
    {
        Error error;
    };
    struct Stopped
    { };
    /// Asked before each block; false ends the reading by Stopped.
    void setGoOn(std::function<bool()> goOn) { m_goOn = std::move(goOn); }
    /// `file` is open, not sequential, and outlives this; `name` is told where it is damaged.
    RdbBytes(QIODevice &file, QString name);

    [[nodiscard]] qint64 offset() const { return m_offset; } ///< of the next byte
    [[nodiscard]] quint64 checksum() const; ///< of all bytes that were read so far

    [[nodiscard]] quint8 byte();
    [[nodiscard]] QByteArray bytes(qint64 count); ///< longestKept at most
    void skip(qint64 count);
    template <typename Number>
    [[nodiscard]] Number little() ///< little-endian
    {
        Number number = 0;
        for (size_t i = 0; i < sizeof(Number); ++i)
            number = Number(number | Number(Number(byte()) << (8 * i)));
        return number;
    }
    [[nodiscard]] quint64 length();
    /// How many things follow, each of at least one byte: never more than the file has bytes left.
    [[nodiscard]] qint64 count();
    [[nodiscard]] QByteArray string(); ///< a number as its digits
    /// Skips a string; its length as it is in memory. `ifShort`: its bytes, where it has shortest of them at most.
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
    qsizetype m_at = 0; ///< in m_block
    qsizetype m_summed = 0; ///< of m_block, in m_crc
    qint64 m_offset = 0, m_size;
    mutable quint64 m_crc = 0;
};

} // namespace slotscope
