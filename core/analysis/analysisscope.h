// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>
#include <QStringList>

namespace slotscope {

/// What a report covers, described so that it remains true after the cluster has changed.
struct AnalysisScope
{
    QString cluster; ///< display name of the cluster
    QByteArrayList nodes; ///< ids of its nodes, which identify the cluster
    QString source; ///< such as "3 of 3 primaries", "dump.rdb"
    QString only; ///< the only node or database read; empty: all
    QByteArray pattern, type; ///< empty: no restriction
    QString slotsOnly; ///< slot ranges; empty: all
    int database = 0;
    bool fromReplicas = false;
    bool hasSlots = true; ///< false: a server without cluster mode
    static constexpr int ofAFile = -1;
    int samples = 0; ///< elements sampled by MEMORY USAGE; 0: all; ofAFile: sizes are estimates from an RDB file
    QList<QByteArray> delimiters;
    [[nodiscard]] bool isAll() const
    {
        return only.isEmpty() && pattern.isEmpty() && type.isEmpty() && slotsOnly.isEmpty();
    }
};

/// How complete an analysis is.
struct AnalysisOutcome
{
    qint64 startedAt = 0; ///< ms since 1970
    qint64 elapsedMs = 0;
    bool isWhole = false; ///< contains every requested key, apart from those counted below
    bool isStopped = false; ///< stopped by the user, so it covers only part of the keys
    qint64 expected = -1; ///< sum of DBSIZE of the nodes at the start; -1: unknown
    qint64 vanished = 0; ///< keys that were gone when queried
    qint64 refused = 0; ///< keys that the user may not access
    qint64 unread = 0; ///< keys that could not be queried, because a node was lost or a slot was moving
    qint64 doubtful = 0; ///< keys that may be counted twice, because too many names had to be remembered
    QString missing; ///< slots whose keys were not all read; empty: none
    QStringList problems; ///< messages about why nodes and keys could not be read

    /// Something is missing or uncertain, which must be shown with the report.
    [[nodiscard]] bool isPartial() const { return !isWhole || isStopped || refused > 0 || unread > 0; }
};

} // namespace slotscope
