// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <array>
#include <optional>

namespace slotscope {

/// A number of keys, and the bytes that they take.
struct KeySum
{
    qint64 keys = 0;
    qint64 bytes = 0; ///< of those whose size is known
    void add(qint64 size) { ++keys, bytes += size; }
    friend bool operator==(const KeySum &, const KeySum &) = default;
};

/// Numbers by powers of two: place n counts what is at least 2^(n-1) and below 2^n; place 0 counts zeros.
using PowerHistogram = std::array<qint64, 48>;
[[nodiscard]] int powerPlace(qint64 number);

struct ReportType
{
    QByteArray type; ///< as TYPE says it
    KeySum sum, withoutTtl;
    qint64 elements = 0; ///< of all its keys; of strings their bytes
    qint64 mostElements = 0;
    PowerHistogram lengths{}, sizes{}; ///< keys by elements, by bytes
    QList<std::pair<QByteArray, KeySum>> encodings = {}; ///< most bytes first
};

struct ReportKey
{
    QByteArray key, type, encoding;
    qint64 bytes = -1, elements = -1, idleSeconds = -1; ///< -1: not known
    std::optional<qint64> ttlMs = {}; ///< -1: none; absent: not known
    int frequency = -1;
    int shard = 0; ///< its number; 0: not known
    bool isSampled = false;
};

/// Times to live by what was left; the last one is "none".
inline constexpr std::array<qint64, 6> ttlBounds{60'000, 600'000, 3'600'000, 21'600'000, 86'400'000, 604'800'000};
inline constexpr size_t ttlPlaces = ttlBounds.size() + 2, ttlNonePlace = ttlBounds.size() + 1;

/// All keys whose names begin with `name`. Its sums are exact whatever was folded below it.
struct ReportNamespace
{
    QByteArray name; ///< with the delimiter at its end; of the first one, which holds all: empty
    int parent = -1; ///< index; parents stand before their children
    int depth = 0;
    KeySum sum, withoutTtl;
    KeySum own; ///< keys that lie in it, and in none of the namespaces below
    qint64 folded = 0; ///< namespaces below it that are not told apart: their keys are in `sum` alone
    bool isFoldedOpen = false; ///< `folded` is at least so many
    qint64 longestIdle = -1; ///< seconds; -1: not known
    qint64 strings = 0, stringBytes = 0; ///< strings that are worth compressing (512 bytes and more)
    KeySum justOver = {}; ///< hashes that a listpack would hold, were its limits twice as high
    QList<ReportKey> biggest = {}; ///< by bytes
};

/// All keys with the same {…} in their names. Past the bound the numbers are too small by `mayLack` keys at most.
struct ReportTag
{
    QByteArray tag;
    int slot = 0;
    KeySum sum;
    qint64 mayLack = 0;
};

struct ReportSlot
{
    int slot = 0;
    int shard = 0;
    KeySum sum;
};

/// What slots did for a while before the keys were read (CLUSTER SLOT-STATS).
struct ReportHeat
{
    struct Slot
    {
        int slot = 0, shard = 0;
        qint64 value = 0; ///< microseconds of CPU a second, or bytes a second
    };
    bool isNetwork = false; ///< of the network: the servers do not count CPU
    qint64 sum = 0; ///< of all slots
    qint64 overMs = 0; ///< 0: nothing is known
    QList<Slot> slots_ = {}; ///< hottest first
    QString problem = {}; ///< why nothing is known
};

/// What a try with a few values of a namespace's strings told.
struct ReportCompression
{
    QByteArray name; ///< the namespace
    int tried = 0, smaller = 0; ///< values
    qint64 before = 0, after = 0; ///< bytes of these
    qint64 saving = 0; ///< of the whole namespace, estimated
};

} // namespace slotscope
