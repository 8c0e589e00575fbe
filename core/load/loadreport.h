// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/load/loadspec.h"
#include "core/load/loadtally.h"

#include <QStringList>

#include <memory>
#include <optional>

namespace slotscope {

/// Times in microseconds; -1 if nothing was counted.
struct LoadTimes
{
    qint64 p50 = -1, p90 = -1, p99 = -1, p999 = -1, longest = -1;
    double mean = -1;
    [[nodiscard]] static LoadTimes of(const LoadCount &count);
    friend bool operator==(const LoadTimes &, const LoadTimes &) = default;
};

/// The figures of a node or a command in a report.
struct LoadRow
{
    QByteArray id; ///< node id; empty for a command
    QString name;
    bool isReplica = false;
    int connections = 0; ///< number of connections to the node at the end
    qint64 ok = 0;
    QHash<QByteArray, qint64> errors; ///< number of errors of each kind
    LoadTimes times;
    QString problem; ///< why connections to it ended; empty: none did
    [[nodiscard]] qint64 errorSum() const;
};

struct LoadSecond
{
    double at = 0; ///< seconds since the start of the warm-up
    bool isWarmUp = false;
    double length = 1; ///< in seconds
    qint64 ok = 0, errors = 0;
    qint64 p50 = -1, p99 = -1, longest = -1; ///< of requests answered in this interval
};

/// The result of a load test. With a fixed rate, times count from when a request was due, otherwise from when it was
/// sent.
struct LoadReport
{
    enum class End : quint8 { None, Time, Count, Asked, Failed };
    QString runId, cluster, seeds, version; ///< version: that of the first server
    QByteArrayList clusterNodes; ///< node ids, to recognise the cluster; empty without cluster mode
    LoadSpec spec;
    qint64 startedAt = 0; ///< ms since 1970
    double seconds = 0; ///< length of the counted time
    End end = End::None;
    std::optional<Error> problem;
    LoadRow all; ///< sum over all nodes
    QList<LoadRow> nodes, commands;
    QList<LoadSecond> timeline; ///< limited in number: in a long test, intervals are longer
    qint64 warmUp = 0; ///< number of requests that are not counted
    qint64 unfinished = 0; ///< requests due but unanswered at the end; included in percentiles
    qint64 redirects = 0, missed = 0; ///< missed: null replies
    qint64 lostConnections = 0;
    /// longest delay in µs caused by the test itself: from when a request was due and a connection had room, until it
    /// was sent
    qint64 longestLate = 0;
    double generatorBusy = 0; ///< fraction of time, 0 … 1, in which the busiest thread did not wait
    qint64 filled = 0, removed = 0, left = 0; ///< numbers of keys; left: not known to be removed
    bool cleaned = false;

    [[nodiscard]] bool isScheduled() const { return spec.rate > 0; }
    [[nodiscard]] bool isWhole() const { return end == End::Time || end == End::Count; } ///< neither stopped nor failed
    [[nodiscard]] double rate() const { return seconds > 0 ? double(all.ok) / seconds : 0; }
};
using LoadReportPtr = std::shared_ptr<const LoadReport>;

inline constexpr int loadReportVersion = 1;
[[nodiscard]] QJsonObject jsonOf(const LoadReport &report);
[[nodiscard]] Result<LoadReport> loadReportOf(const QJsonObject &json);
/// One line per interval, with a header line.
[[nodiscard]] QByteArray csvOf(const LoadReport &report);

/// One figure compared between two reports.
struct LoadChange
{
    QString name;
    double before = 0, after = 0;
    bool isTime = false; ///< in microseconds, where less is better; otherwise a rate or number
    bool moreIsBetter = false;
    [[nodiscard]] std::optional<double> percent() const; ///< nullopt if it was 0 before, or is unknown
};
[[nodiscard]] QList<LoadChange> compared(const LoadReport &before, const LoadReport &after);
/// Differences in the settings that make the figures hard to compare; empty if there are none.
[[nodiscard]] QStringList differencesOf(const LoadReport &earlier, const LoadReport &later);

/// Describes a test: "50 clients · pipeline 1 · get=9, set=1 · 64 bytes · 100,000 keys uniform".
[[nodiscard]] QString loadWords(const LoadSpec &spec);
/// Text for a kind of error, such as "no permission (NOPERM)".
[[nodiscard]] QString loadErrorWords(const QByteArray &kind);
[[nodiscard]] QString loadEndWords(const LoadReport &report);
/// With a fixed rate: a warning if the test itself was too slow, so that it affects the times; otherwise empty.
[[nodiscard]] QString loadOwnDelayWords(const LoadReport &report);
/// One sentence about the moment from which times are counted.
[[nodiscard]] QString loadTimesWords(const LoadReport &report);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadReportPtr)
