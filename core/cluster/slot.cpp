// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/slot.h"

#include <array>

namespace slotscope {

namespace {

/// Table for CRC16 with polynomial 0x1021, initial value 0, no reflection ("XMODEM"), one entry per byte.
constexpr std::array<quint16, 256> crcTable = [] {
    std::array<quint16, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000U) ? (crc << 1) ^ 0x1021U : crc << 1;
        table[byte] = quint16(crc & 0xffffU);
    }
    return table;
}();

} // namespace

QByteArrayView hashedPart(QByteArrayView key)
{
    const qsizetype open = key.indexOf('{');
    const qsizetype close = open < 0 ? -1 : key.indexOf('}', open + 1);
    return close > open + 1 ? key.sliced(open + 1, close - open - 1) : key;
}

quint16 slotOfKey(QByteArrayView key)
{
    unsigned crc = 0;
    for (const char byte : hashedPart(key))
        crc = ((crc << 8) & 0xffffU) ^ crcTable[((crc >> 8) ^ uchar(byte)) & 0xffU];
    return quint16(crc % slotCount);
}

QByteArray hashTagOf(quint16 slot)
{
    // finds one number for each slot: tries some 170,000 numbers, which takes about ten milliseconds, once per process
    static const std::array<int, slotCount> numbers = [] {
        std::array<int, slotCount> found{};
        found.fill(-1);
        int left = slotCount;
        for (int number = 0; left > 0; ++number) {
            int &known = found[slotOfKey(QByteArray::number(number))];
            if (known < 0) {
                known = number;
                --left;
            }
        }
        return found;
    }();
    return QByteArray::number(numbers[slot % slotCount]);
}

std::pair<int, int> equalRange(int index, int primaries)
{
    const auto boundary = [primaries](int i) {
        return (2 * i * slotCount + primaries) / (2 * primaries);
    }; // rounded to the nearest slot
    return {boundary(index), boundary(index + 1) - 1};
}

} // namespace slotscope
