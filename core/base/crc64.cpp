// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crc64.h"

#include <QtEndian>

#include <array>

namespace slotscope {

namespace {

constexpr quint64 reflectedPolynomial = 0x95AC9329AC4BC9B5; // bit-reversed 0xAD93D23594C935A9
constexpr size_t stride = 8; // bytes processed at a time

using CrcTables = std::array<std::array<quint64, 256>, stride>;

/// Table [0] is the effect of a byte on the checksum; table [n] the effect of that byte followed by n zero bytes.
constexpr CrcTables makeTables()
{
    CrcTables tables{};
    for (quint64 byte = 0; byte < 256; ++byte) {
        quint64 value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ (value & 1 ? reflectedPolynomial : 0);
        tables[0][size_t(byte)] = value;
    }
    for (size_t n = 1; n < stride; ++n)
        for (size_t byte = 0; byte < 256; ++byte)
            tables[n][byte] = tables[0][tables[n - 1][byte] & 0xff] ^ (tables[n - 1][byte] >> 8);
    return tables;
}

} // namespace

quint64 crc64(quint64 crc, QByteArrayView bytes)
{
    static constexpr CrcTables tables = makeTables();
    qsizetype at = 0;
    for (; bytes.size() - at >= qsizetype(stride); at += qsizetype(stride)) {
        const quint64 word = crc ^ qFromLittleEndian<quint64>(bytes.data() + at);
        crc = 0;
        for (size_t i = 0; i < stride; ++i)
            crc ^= tables[stride - 1 - i][(word >> (8 * i)) & 0xff];
    }
    for (; at < bytes.size(); ++at)
        crc = tables[0][(crc ^ uchar(bytes[at])) & 0xff] ^ (crc >> 8);
    return crc;
}

} // namespace slotscope
