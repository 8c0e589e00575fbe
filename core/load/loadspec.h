// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QMetaType>

namespace slotscope {

/// One command of the mix: a known name ("get"), or a line with {key}, {value}, {number} as arguments.
struct LoadShare
{
    QByteArray text;
    int weight = 1;
    friend bool operator==(const LoadShare &, const LoadShare &) = default;
};

/// What a load test sends, and for how long. Pure.
struct LoadSpec
{
    enum class Distribution : quint8 { Uniform, Zipf, Sequential };
    static constexpr int mostClients = 5000, mostPipeline = 10'000, mostSeconds = 86'400, mostThreads = 32;
    static constexpr int mostRate = 10'000'000; ///< requests per second
    static constexpr qint64 mostKeys = 1'000'000'000;
    static constexpr int mostBytes = 16 * 1024 * 1024; ///< for a value
    static constexpr qint64 mostUnderWay = 512 * 1024 * 1024; ///< limit for the bytes of all values in transit

    double rate = 0; ///< requests per second; 0: as many as the servers answer
    int seconds = 30; ///< 0: until `count` is reached
    qint64 count = 0; ///< number of requests; 0: no limit
    int warmUpSeconds = 2; ///< before the counted time
    int clients = 50; ///< connections over all nodes; each node gets at least one
    int pipeline = 1; ///< pending requests per connection
    QList<LoadShare> mix{{.text = "get", .weight = 9}, {.text = "set", .weight = 1}};
    qint64 keys = 100'000; ///< keys of each kind (strings, hashes, …)
    Distribution distribution = Distribution::Uniform;
    double zipf = 1.0; ///< exponent of Zipf's law, above 0
    int tags = 0; ///< number of hash tags shared by the keys; 0: no hash tags
    int leastBytes = 64, mostBytesOfValue = 64; ///< size of a value
    bool replicas = false; ///< reads go to replicas, if a shard has one
    bool fill = true; ///< first write the keys that will be read
    bool keep = false; ///< do not remove the keys at the end
    int ttlSeconds = 86'400; ///< expiry of keys made by SET, for the case that they are never removed; 0: none
    int threads =
        0; ///< 0: one per primary, at most four and the number of processors; never more than connections per node
    quint64 seed = 0; ///< for the order of keys; 0: a new one each time
    QByteArray prefix; ///< of the keys, before the run id; empty: slotscope:load:
    int timeoutMs = 10'000; ///< a connection without data for this time is given up

    friend bool operator==(const LoadSpec &, const LoadSpec &) = default;
};

/// Parses "get=9,set=1"; the number defaults to 1. Commas and equals signs inside quotes belong to the line.
/// Error::InvalidArgument says what is wrong.
[[nodiscard]] Result<QList<LoadShare>> parseLoadMix(const QByteArray &text);
[[nodiscard]] QByteArray loadMixText(const QList<LoadShare> &mix);
/// Parses "64" or "64-1024" in bytes; the suffixes k and m mean powers of 1024.
[[nodiscard]] Result<> parseLoadSize(const QByteArray &text, LoadSpec &spec);
/// Parses "uniform", "zipf", "zipf:1.2", "sequential".
[[nodiscard]] Result<> parseLoadDistribution(const QByteArray &text, LoadSpec &spec);
[[nodiscard]] QByteArray loadDistributionText(const LoadSpec &spec);
/// Checks that numbers are within their limits, the test has an end, and commands are known or valid.
[[nodiscard]] Result<> checkedLoad(const LoadSpec &spec);

[[nodiscard]] QJsonObject jsonOf(const LoadSpec &spec);
/// Missing or invalid values are replaced by defaults.
[[nodiscard]] LoadSpec loadSpecOf(const QJsonObject &json);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadSpec)
