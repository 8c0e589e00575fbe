// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QList>
#include <QMetaType>

namespace slotscope {

/// One command of the mix: the name of a known one ("get"), or a line with {key}, {value}, {number} for words.
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
    static constexpr int mostRate = 10'000'000; ///< requests a second
    static constexpr qint64 mostKeys = 1'000'000'000;
    static constexpr int mostBytes = 16 * 1024 * 1024; ///< of a value
    static constexpr qint64 mostUnderWay = 512 * 1024 * 1024; ///< bytes of all values that are sent at once

    double rate = 0; ///< requests a second; 0: as many as the servers answer
    int seconds = 30; ///< 0: until `count`
    qint64 count = 0; ///< requests; 0: no limit
    int warmUpSeconds = 2; ///< before both; not counted
    int clients = 50; ///< connections, over all nodes; each node has one at least
    int pipeline = 1; ///< requests of a connection that wait for their answers at one time
    QList<LoadShare> mix{{.text = "get", .weight = 9}, {.text = "set", .weight = 1}};
    qint64 keys = 100'000; ///< of each kind (strings, hashes, …)
    Distribution distribution = Distribution::Uniform;
    double zipf = 1.0; ///< exponent of Zipf's law, above 0
    int tags = 0; ///< so many hash tags share the keys; 0: keys have none
    int leastBytes = 64, mostBytesOfValue = 64; ///< of a value
    bool replicas = false; ///< reads go to replicas, where a shard has one
    bool fill = true; ///< what is read is written first
    bool keep = false; ///< the keys stay
    int ttlSeconds = 86'400; ///< of keys that SET makes, should nobody be there to remove them; 0: none
    int threads =
        0; ///< 0: one for each primary, four or as many as processors at most; never more than connections to a node
    quint64 seed = 0; ///< of the order of keys; 0: another one each time
    QByteArray prefix; ///< of the keys, before the number of the run; empty: slotscope:load:
    int timeoutMs = 10'000; ///< a connection that says nothing for so long is given up

    friend bool operator==(const LoadSpec &, const LoadSpec &) = default;
};

/// "get=9,set=1"; without a number: 1. Commas and equals signs within the quotes of a line are part of it.
/// Error::InvalidArgument says what is wrong.
[[nodiscard]] Result<QList<LoadShare>> parseLoadMix(const QByteArray &text);
[[nodiscard]] QByteArray loadMixText(const QList<LoadShare> &mix);
/// "64" or "64-1024", in bytes; with k and m for powers of 1024.
[[nodiscard]] Result<> parseLoadSize(const QByteArray &text, LoadSpec &spec);
/// "uniform", "zipf", "zipf:1.2", "sequential".
[[nodiscard]] Result<> parseLoadDistribution(const QByteArray &text, LoadSpec &spec);
[[nodiscard]] QByteArray loadDistributionText(const LoadSpec &spec);
/// Numbers within their bounds, an end, commands that are known or readable.
[[nodiscard]] Result<> checkedLoad(const LoadSpec &spec);

[[nodiscard]] QJsonObject jsonOf(const LoadSpec &spec);
/// What is missing or out of bounds is as by default.
[[nodiscard]] LoadSpec loadSpecOf(const QJsonObject &json);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadSpec)
