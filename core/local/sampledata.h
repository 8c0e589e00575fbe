// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/net/uri.h"

namespace slotscope {

/// Writes what a shop stores in Redis: users, sessions, carts, a catalogue, rate limits, leaderboards, streams of
/// orders, geo data, HyperLogLogs, bitmaps, JSON, blobs in gzip and MessagePack, hash tags, TTLs, binary and non-UTF-8
/// names, one 5 MB value. The data is always the same. `primaries` own equal slot ranges in order (a single one: all
/// slots). Returns the number of commands.
[[nodiscard]] QCoro::Task<Result<qint64>> writeSampleData(QList<Endpoint> primaries, Access access, int thousands,
                                                          std::stop_token stop);

} // namespace slotscope
