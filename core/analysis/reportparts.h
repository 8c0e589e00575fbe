// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <array>
#include <optional>

namespace slotscope {

/// A number of keys and their memory.
struct KeySum
{
    qint64 keys = 0;
    qint64 bytes = 0; ///< of those with known size
    void add(qint64 size) { ++keys, bytes += size; }
    friend bool operator==(const KeySum &, const KeySum &) = default;
};

/// Histogram by powers of two: place n counts values from 2^(n-1) to below 2^n; place 0 counts zeros.
using PowerHistogram = std::array<qint64, 48>;
[[nodiscard]] int powerPlace(qint64 number);

struct ReportType
{
    QByteArray type; ///< as reported by TYPE
    KeySum sum, withoutTtl;
    qint64 elements = 0; ///< elements of all keys; bytes for strings
    qint64 mostElements = 0;
    PowerHistogram lengths{}, sizes{}; ///< number of keys by elements, and by bytes
    QList<std::pair<QByteArray, KeySum>> encodings = {}; ///< sorted by bytes, largest first
};

struct ReportKey
{
    QByteArray key, type, encoding;
    qint64 bytes = -1, elements = -1, idleSeconds = -1; ///< -1: unknown
    std::optional<qint64> ttlMs = {}; ///< -1: no expiry; nullopt: unknown
    int frequency = -1;
    int shard = 0; ///< shard number; 0: unknown
    bool isSampled = false;
};

/// Upper bounds of the places in the distribution of remaining times to live; the last place means no expiry.
inline constexpr std::array<qint64, 6> ttlBounds{60'000, 600'000, 3'600'000, 21'600'000, 86'400'000, 604'800'000};
inline constexpr size_t ttlPlaces = ttlBounds.size() + 2, ttlNonePlace = ttlBounds.size() + 1;

/// All keys whose names begin with `name`. Its sums are exact, even if nested namespaces were merged into it.
struct ReportNamespace
{
    QByteArray name; ///< including the delimiter at its end; empty for the first one, which contains all
    int parent = -1; ///< index of the parent; parents precede their children
    int depth = 0;
    KeySum sum, withoutTtl;
    KeySum own; ///< keys directly in it, not in a nested namespace
    qint64 folded = 0; ///< namespaces below it that are not told apart: their keys are in `sum` alone
    bool isFoldedOpen = false; ///< `folded` is a lower bound
    qint64 longestIdle = -1; ///< in seconds; -1: unknown
    qint64 strings = 0, stringBytes = 0; ///< strings worth compressing (512 bytes and more)
    KeySum justOver = {}; ///< hashes that would be listpacks if the limits were twice as high
    QList<ReportKey> biggest = {}; ///< by bytes
};

/// All keys with the same hash tag {…}. If there are too many tags, the numbers may be too small by up to `mayLack`
/// keys.
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

/// Slot activity measured for a while before the keys were read (CLUSTER SLOT-STATS).
struct ReportHeat
{
    struct Slot
    {
        int slot = 0, shard = 0;
        qint64 value = 0; ///< microseconds of CPU per second, or bytes per second
    };
    bool isNetwork = false; ///< values are network traffic, because the servers do not count CPU
    qint64 sum = 0; ///< sum over all slots
    qint64 overMs = 0; ///< length of the measurement; 0: no data
    QList<Slot> slots_ = {}; ///< most active first
    QString problem = {}; ///< why there is no data
};

/// Result of test compression with a few strings of a namespace.
struct ReportCompression
{
    QByteArray name; ///< name of the namespace
    int tried = 0, smaller = 0; ///< numbers of values tested, and of those that became smaller
    qint64 before = 0, after = 0; ///< total bytes of these values
    qint64 saving = 0; ///< estimated saving for the whole namespace
};

} // namespace slotscope
