// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/jobcontrol.h"
#include "core/keys/keyfacts.h"
#include "core/keys/keyindex.h"

#include <limits>

namespace slotscope {

/// A number of each key of a snapshot, as it was when it was read.
struct KeyNumbers
{
    static constexpr qint64 unknown = std::numeric_limits<qint64>::min();

    KeySnapshotPtr snapshot;
    KeyFact fact = KeyFact::Ttl; ///< Ttl: ms, -1 without; Memory: bytes; Length: elements or bytes; Idle: seconds
    std::vector<qint64> numbers; ///< by place in snapshot->shown; unknown: gone, or not told
    QString problem; ///< of a key whose number was refused, in the server's words
};
using KeyNumbersPtr = std::shared_ptr<const KeyNumbers>;

/// Reads one fact of every key of a snapshot, pipelined to their owners: the pass behind an order by time to live,
/// memory, length or idle time. A service for Remote; lives on the session's thread.
class KeyNumbersReader final : public KeyJob
{
public:
    explicit KeyNumbersReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// `changed` keys were read, `untouched` were gone, `failed` were refused. Where it is stopped, what was read until
    /// then is given; an Error where nothing could be read.
    [[nodiscard]] QCoro::Task<Result<KeyNumbersPtr>> read(KeySnapshotPtr snapshot, KeyFact fact, int database,
                                                          std::shared_ptr<BatchSink<BulkProgress>> sink);

private:
    QPointer<ClusterSession> m_session;
};

/// How keys are put in order by their numbers.
struct KeyRank
{
    bool descending = false;
    bool onlyWithoutTtl = false; ///< of KeyFact::Ttl: no others are shown
    KeyMatcher matcher = {}; ///< no others are shown; beside what the numbers' snapshot was filtered by
};

/// The snapshot in this order; equal numbers stay in the order of their names, and keys whose number is not known (or
/// which live for ever, by time to live) come last. Any thread; a million keys take some 100 ms.
[[nodiscard]] KeySnapshotPtr ranked(const KeyNumbers &numbers, const KeyRank &rank);

} // namespace slotscope
