// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keybytes.h"

#include <atomic>
#include <memory>
#include <vector>

namespace slotscope {

enum class KeyOrder : quint8 {
    Natural, ///< numbers by their value: "user:2" before "user:10"
    Bytes,
};

/// Below 0, 0, above 0. Both orders keep keys together that begin with the same bytes, if those bytes do not end with a
/// digit. The natural order compares numbers by value; of two that differ only in leading zeros, the shorter text comes
/// first, whatever follows it.
[[nodiscard]] int compareKeys(QByteArrayView left, QByteArrayView right, KeyOrder order);

/// Appends bytes that compare as the key does in natural order.
void appendNatural(QByteArrayView key, std::vector<char> &out);

/// Numbers of keys, in order.
using Permutation = std::vector<quint32>;
using PermutationPtr = std::shared_ptr<const Permutation>;

/// Puts keys in order: by eight bytes at a time, so that the keys themselves are seldom read. It takes some fifty bytes
/// a key meanwhile. False where `stop` was set meanwhile: then they are in no order.
[[nodiscard]] bool sortKeys(const KeyBytes &keys, Permutation &ids, KeyOrder order, const std::atomic<bool> &stop);

/// Both in one, in order. Null where `stop` was set meanwhile.
[[nodiscard]] PermutationPtr mergeKeys(const KeyBytes &keys, const Permutation &left, const Permutation &right,
                                       KeyOrder order, const std::atomic<bool> &stop);

/// The first place in [first, last) where `isBefore` (place -> bool) is false: it is true up to there, and near `first`
/// it is found faster.
template <typename IsBefore>
[[nodiscard]] quint32 gallop(quint32 first, quint32 last, IsBefore isBefore)
{
    quint32 step = 1, low = first; // isBefore holds below low
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
