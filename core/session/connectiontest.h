// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include <QFuture>

namespace slotscope {

class CoreThread;

/// What a test of a connection found, seed by seed.
struct ConnectionReport
{
    struct Seed
    {
        Endpoint endpoint;
        Result<QString>
            outcome; ///< "Redis 7.0.15, cluster of 6 nodes, 3 primaries" or what failed: DNS, refused, timeout, …
    };
    QList<Seed> seeds;
    bool usable = false; ///< at least one seed answered and let us in
    QStringList watched; ///< primaries that a Sentinel watches which was named as a server; empty: none was
    QString warning; ///< such as "cluster is down", "not in cluster mode"; empty: none
};

/// Tries every seed of the target, at most `timeoutMs` each. The future always finishes with a value.
[[nodiscard]] QFuture<ConnectionReport> testConnection(CoreThread &thread, const ConnectionTarget &target,
                                                       int timeoutMs = 5000);

} // namespace slotscope
