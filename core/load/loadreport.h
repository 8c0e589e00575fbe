// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/load/loadspec.h"
#include "core/load/loadtally.h"

#include <QStringList>

#include <memory>
#include <optional>

namespace slotscope {

/// Times in microseconds; -1 where nothing was counted.
struct LoadTimes
{
    qint64 p50 = -1, p90 = -1, p99 = -1, p999 = -1, longest = -1;
    double mean = -1;
    [[nodiscard]] static LoadTimes of(const LoadCount &count);
    friend bool operator==(const LoadTimes &, const LoadTimes &) = default;
};

/// A node, or a command, in a report.
struct LoadRow
{
    QByteArray id; ///< of a node; empty: a command
    QString name;
    bool isReplica = false;
    int connections = 0; ///< to a node, at the end
    qint64 ok = 0;
    QHash<QByteArray, qint64> errors; ///< by kind
    LoadTimes times;
    QString problem; ///< why connections to it ended; empty: none did
    [[nodiscard]] qint64 errorSum() const;
};

struct LoadSecond
{
    double at = 0; ///< seconds since the warm-up began
    bool isWarmUp = false;
    double length = 1; ///< seconds
    qint64 ok = 0, errors = 0;
    qint64 p50 = -1, p99 = -1, longest = -1; ///< of what was answered in it
};

/// What a load test came to. Percentiles count from when a request was due where there is a rate, else from when it was
/// sent.
struct LoadReport
{
    enum class End : quint8 { None, Time, Count, Asked, Failed };
    QString runId, cluster, seeds, version; ///< version: of the first server
    QByteArrayList clusterNodes; ///< ids, to know it again; empty without cluster mode
    LoadSpec spec;
    qint64 startedAt = 0; ///< ms since 1970
    double seconds = 0; ///< counted
    End end = End::None;
    std::optional<Error> problem;
    LoadRow all; ///< of all nodes
    QList<LoadRow> nodes, commands;
    QList<LoadSecond> timeline; ///< bounded: later ones are longer
    qint64 warmUp = 0; ///< requests that do not count
    qint64 unfinished = 0; ///< due, and not answered at the end; they count in the percentiles
    qint64 redirects = 0, missed = 0; ///< missed: null replies
    qint64 lostConnections = 0;
    qint64 longestLate = 0; ///< microseconds from due, with room on a connection, to sent: by the test itself
    double generatorBusy = 0; ///< of the busiest thread, the share of its time in which it did not wait, 0 … 1
    qint64 filled = 0, removed = 0, left = 0; ///< keys; left: it is not known that they are removed
    bool cleaned = false;

    [[nodiscard]] bool isScheduled() const { return spec.rate > 0; }
    [[nodiscard]] bool isWhole() const { return end == End::Time || end == End::Count; } ///< neither stopped nor failed
    [[nodiscard]] double rate() const { return seconds > 0 ? double(all.ok) / seconds : 0; }
};
using LoadReportPtr = std::shared_ptr<const LoadReport>;

inline constexpr int loadReportVersion = 1;
[[nodiscard]] QJsonObject jsonOf(const LoadReport &report);
[[nodiscard]] Result<LoadReport> loadReportOf(const QJsonObject &json);
/// A line for each second, with a head.
[[nodiscard]] QByteArray csvOf(const LoadReport &report);

/// One figure of two reports.
struct LoadChange
{
    QString name;
    double before = 0, after = 0;
    bool isTime = false; ///< microseconds, where less is better; else a rate or a number
    bool moreIsBetter = false;
    [[nodiscard]] std::optional<double> percent() const; ///< nothing where it was 0 before, or is not known
};
[[nodiscard]] QList<LoadChange> compared(const LoadReport &before, const LoadReport &after);
/// What differs in what was asked for, so that the figures do not compare well; empty: nothing.
[[nodiscard]] QStringList differencesOf(const LoadReport &earlier, const LoadReport &later);

/// "50 clients · pipeline 1 · get=9, set=1 · 64 bytes · 100,000 keys uniform"
[[nodiscard]] QString loadWords(const LoadSpec &spec);
/// Of an error's kind, for people: "no right (NOPERM)".
[[nodiscard]] QString loadErrorWords(const QByteArray &kind);
[[nodiscard]] QString loadEndWords(const LoadReport &report);
/// With a rate, where the test itself was too slow for it, so that the times are not the servers' alone; else empty.
[[nodiscard]] QString loadOwnDelayWords(const LoadReport &report);
/// From when times are counted, in a sentence.
[[nodiscard]] QString loadTimesWords(const LoadReport &report);

} // namespace slotscope

Q_DECLARE_METATYPE(slotscope::LoadReportPtr)
