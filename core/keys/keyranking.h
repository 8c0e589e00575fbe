// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/keys/keyfacts.h"
#include "core/keys/keyindex.h"

#include <limits>

namespace slotscope {

/// One fact of each key of a snapshot as a number, as of the time of reading.
struct KeyNumbers
{
    static constexpr qint64 unknown = std::numeric_limits<qint64>::min();

    KeySnapshotPtr snapshot;
    KeyFact fact = KeyFact::Ttl; ///< Ttl: ms, -1 without; Memory: bytes; Length: elements or bytes; Idle: seconds
    std::vector<qint64> numbers; ///< by position in snapshot->shown; unknown: key gone, or not reported
    QString problem; ///< the server's message for a key whose query was refused
};
using KeyNumbersPtr = std::shared_ptr<const KeyNumbers>;

/// Reads one fact of every key of a snapshot, pipelined to their owners, for sorting by time to live, memory, length or
/// idle time. A service for Remote; lives on the session's thread.
class KeyNumbersReader final : public KeyJob
{
public:
    explicit KeyNumbersReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// In the progress, `changed` keys were read, `untouched` were gone, `failed` were refused. If it is stopped,
    /// returns what was read so far; an Error if nothing could be read.
    [[nodiscard]] QCoro::Task<Result<KeyNumbersPtr>> read(KeySnapshotPtr snapshot, KeyFact fact, int database,
                                                          std::shared_ptr<BatchSink<BulkProgress>> sink);

private:
    QPointer<ClusterSession> m_session;
};

/// How keys are sorted by their numbers.
struct KeyRank
{
    bool descending = false;
    bool onlyWithoutTtl = false; ///< for KeyFact::Ttl: shows only keys without a time to live
    KeyMatcher matcher = {}; ///< shows only keys that match, in addition to the snapshot's own filter
};

/// Returns the snapshot in this order. Equal numbers stay sorted by name. Keys with unknown numbers come last, and so
/// do keys without expiry when sorting by time to live. Any thread; a million keys take about 100 ms.
[[nodiscard]] KeySnapshotPtr ranked(const KeyNumbers &numbers, const KeyRank &rank);

} // namespace slotscope
