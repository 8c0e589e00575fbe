// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/metrics/metricrings.h"
#include "core/metrics/metricsbook.h"

#include <QSet>

namespace slotscope {

/// What of a record outlives the program: the means of minutes, of a day at most, and what happened. Pure.
struct KeptMetrics
{
    static constexpr int version = 1;
    static constexpr qsizetype mostBytes = 32 * 1024 * 1024; ///< of a file; large clusters are kept for less than a day

    struct Node
    {
        QByteArray id;
        MetricNode place;
        std::vector<MetricSamples::Sample> minutes; ///< by time
    };
    std::vector<Node> nodes;
    std::vector<MetricEvent> events; ///< by time

    /// So many minutes of each of `nodes` nodes keep within mostBytes.
    [[nodiscard]] static size_t minutesFor(size_t nodes);
};

/// Versioned, and with a sum that tells whether it is whole.
[[nodiscard]] QByteArray keptBytes(const KeptMetrics &kept);
/// Error::Code::Parse: damaged, or of a newer Slotscope.
[[nodiscard]] Result<KeptMetrics> readKept(const QByteArray &bytes);

/// The files of kept records, one a cluster, which is known again by its nodes. Not for the GUI thread.
class RecordFiles final
{
public:
    static constexpr int mostFiles = 50; ///< the oldest go

    explicit RecordFiles(QString folder) : m_folder(std::move(folder)) { }
    [[nodiscard]] static QString usualFolder();

    struct Found
    {
        QString path; ///< where this cluster's record lies, or is to lie
        KeptMetrics kept; ///< empty: there is none yet
        QString aside; ///< a damaged file was renamed to this
        QString why; ///< it is damaged
    };
    /// `nodes`: the ids of the cluster; `place`: a name for a server without a cluster.
    [[nodiscard]] Result<Found> find(const QSet<QByteArray> &nodes, const QString &place) const;
    [[nodiscard]] Result<> save(const QString &path, const KeptMetrics &kept) const;
    [[nodiscard]] static Result<> remove(const QString &path);

private:
    QString m_folder;
};

} // namespace slotscope
