// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keybytes.h"

#include <atomic>
#include <memory>
#include <vector>

namespace slotscope {

enum class KeyOrder : quint8 {
    Natural, ///< compares numbers by value: "user:2" before "user:10"
    Bytes,
};

/// Returns below 0, 0, or above 0. Both orders keep keys with a common prefix together, unless it ends with a digit.
/// The natural order compares numbers by value; of two that differ only in leading zeros, the shorter one comes first,
/// whatever follows.
[[nodiscard]] int compareKeys(QByteArrayView left, QByteArrayView right, KeyOrder order);

/// Appends bytes whose bytewise order is the key's natural order.
void appendNatural(QByteArrayView key, std::vector<char> &out);

/// Key numbers in sorted order.
using Permutation = std::vector<quint32>;
using PermutationPtr = std::shared_ptr<const Permutation>;

/// Sorts keys by eight bytes at a time, so that the keys themselves are seldom read. Needs about fifty bytes per key
/// temporarily. Returns false if `stop` was set; the order is then undefined.
[[nodiscard]] bool sortKeys(const KeyBytes &keys, Permutation &ids, KeyOrder order, const std::atomic<bool> &stop);

/// Merges both sorted lists. Null if `stop` was set.
[[nodiscard]] PermutationPtr mergeKeys(const KeyBytes &keys, const Permutation &left, const Permutation &right,
                                       KeyOrder order, const std::atomic<bool> &stop);

/// First position in [first, last) for which `isBefore(position)` is false; it must be true for all earlier ones.
/// Faster if the result is near `first`.
template <typename IsBefore>
[[nodiscard]] quint32 gallop(quint32 first, quint32 last, IsBefore isBefore)
{
    quint32 step = 1, low = first; // isBefore is true for all positions below low
    while (low < last && last - low > step && isBefore(low + step - 1)) {
        low += step;
        step *= 2;
    }
    quint32 high = last - low > step ? low + step : last;
    while (low < high) {
        const quint32 middle = low + (high - low) / 2;
        if (isBefore(middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

} // namespace slotscope
