// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include <QFuture>

namespace slotscope {

class CoreThread;

/// The result of a connection test, with one entry per seed.
struct ConnectionReport
{
    struct Seed
    {
        Endpoint endpoint;
        Result<QString>
            /// such as "Redis 7.0.15, cluster of 6 nodes, 3 primaries", or the failure: DNS, refused, timeout, …
            outcome;
    };
    QList<Seed> seeds;
    bool usable = false; ///< at least one seed answered and accepted our login
    QStringList watched; ///< primaries monitored by a seed that turned out to be a Sentinel; else empty
    QString warning; ///< such as "cluster is down", "not in cluster mode"; empty if there is none
};

/// Tries every seed of the target, each for at most `timeoutMs`. The future always finishes with a value.
[[nodiscard]] QFuture<ConnectionReport> testConnection(CoreThread &thread, const ConnectionTarget &target,
                                                       int timeoutMs = 5000);

} // namespace slotscope
