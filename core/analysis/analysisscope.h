// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>
#include <QStringList>

namespace slotscope {

/// What a report is about, in words that stay true after the cluster has changed.
struct AnalysisScope
{
    QString cluster; ///< its name as it was shown
    QByteArrayList nodes; ///< ids of its nodes: which cluster it is
    QString source; ///< "3 of 3 primaries", "dump.rdb"
    QString only; ///< the one node or database that was read; empty: all
    QByteArray pattern, type; ///< empty: all
    QString slotsOnly; ///< ranges; empty: all
    int database = 0;
    bool fromReplicas = false;
    bool hasSlots = true; ///< false: of a server without cluster mode
    static constexpr int ofAFile = -1;
    int samples = 0; ///< elements that MEMORY USAGE looked at; 0: all; ofAFile: sizes are estimates from an RDB file
    QList<QByteArray> delimiters;
    [[nodiscard]] bool isAll() const
    {
        return only.isEmpty() && pattern.isEmpty() && type.isEmpty() && slotsOnly.isEmpty();
    }
};

/// How it went.
struct AnalysisOutcome
{
    qint64 startedAt = 0; ///< ms since 1970
    qint64 elapsedMs = 0;
    bool isWhole = false; ///< every key that was asked for is in it, but those counted below
    bool isStopped = false; ///< by the user: part of the keys
    qint64 expected = -1; ///< DBSIZE of all nodes that were read, at the beginning; -1: not known
    qint64 vanished = 0; ///< keys that were gone when they were asked for
    qint64 refused = 0; ///< keys that the user may not look at
    qint64 unread = 0; ///< keys that could not be asked for: a node that was lost, a slot on its way
    qint64 doubtful = 0; ///< keys that may be counted twice: names past the bound of what is remembered
    QString missing; ///< slots whose keys were not all read; empty: none
    QStringList problems; ///< what kept nodes and keys from being read, in words

    /// Something is missing or not certain: the report says so wherever it is shown.
    [[nodiscard]] bool isPartial() const { return !isWhole || isStopped || refused > 0 || unread > 0; }
};

} // namespace slotscope
