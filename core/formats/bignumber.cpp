// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/bignumber.h"

#include <algorithm>
#include <vector>

namespace slotscope {

namespace {
constexpr quint64 groupOf9 = 1'000'000'000;
}

QString bigDigits(QByteArrayView magnitude)
{
    std::vector<quint32> groups{0}; // groups of nine digits, lowest first
    for (const char byte : magnitude) {
        quint64 carry = quint8(byte);
        for (quint32 &group : groups) {
            const quint64 sum = quint64(group) * 256 + carry;
            group = quint32(sum % groupOf9);
            carry = sum / groupOf9;
        }
        if (carry > 0)
            groups.push_back(quint32(carry));
    }
    QByteArray digits = QByteArray::number(groups.back());
    for (auto group = groups.rbegin() + 1; group != groups.rend(); ++group)
        digits += QByteArray::number(*group).rightJustified(9, '0');
    return QString::fromLatin1(digits);
}

QString bigSigned(QByteArray bytes, bool lowestFirst)
{
    if (lowestFirst)
        std::reverse(bytes.begin(), bytes.end());
    if (bytes.isEmpty() || (bytes[0] & 0x80) == 0)
        return bigDigits(bytes);
    int carry = 1;
    for (qsizetype at = bytes.size() - 1; at >= 0; --at) {
        const int sum = quint8(~bytes[at]) + carry;
        bytes[at] = char(sum & 0xff);
        carry = sum >> 8;
    }
    return u'-' + bigDigits(bytes);
}

QByteArray bigMagnitude(QByteArrayView digits)
{
    QByteArray lowestFirst;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9')
            return {};
        int carry = digit - '0';
        for (char &byte : lowestFirst) {
            const int sum = quint8(byte) * 10 + carry;
            byte = char(sum & 0xff);
            carry = sum >> 8;
        }
        if (carry > 0)
            lowestFirst += char(carry);
    }
    std::reverse(lowestFirst.begin(), lowestFirst.end());
    return lowestFirst;
}

} // namespace slotscope
