// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/net/uri.h"

namespace slotscope {

/// Writes what a shop keeps in Redis: users, sessions, carts, a catalogue, rate limits, leaderboards, streams of
/// orders, geo data, HyperLogLogs, bitmaps, JSON, gzip'd and msgpack'd blobs, hash tags, TTLs, binary and non-UTF-8
/// names, one 5 MB value. The same data each time. `primaries` own equal ranges in order (one of them: everything).
/// Gives the number of commands.
[[nodiscard]] QCoro::Task<Result<qint64>> writeSampleData(QList<Endpoint> primaries, Access access, int thousands,
                                                          std::stop_token stop);

} // namespace slotscope
