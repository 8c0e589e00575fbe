// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <memory>
#include <vector>

namespace slotscope {

/// What tells which keys of a node are used most.
enum class HotKeySource : quint8 {
    None, ///< nothing does
    Measured, ///< HOTKEYS (Redis >= 8.6): processor time and network bytes of an interval
    Counters, ///< OBJECT FREQ: the counters of an LFU policy, which have no interval of their own
};

/// A key that is used much. What its source does not tell is -1.
struct HotKey
{
    QByteArray key;
    qint64 cpuMicroseconds = -1, netBytes = -1;
    int frequency = -1; ///< 0 to 255, on a logarithmic scale
    friend bool operator==(const HotKey &, const HotKey &) = default;
};

/// What one node told.
struct NodeHotKeys
{
    QByteArray nodeId;
    QString nodeName;
    HotKeySource source = HotKeySource::None;
    QByteArray policy; ///< maxmemory-policy, as INFO tells it; empty: not told
    std::optional<Error> problem; ///< why nothing was told, or less than was asked for
    std::vector<HotKey> keys; ///< the hottest first
    // of Measured
    qint64 startedAt = 0, durationMs = 0; ///< ms since 1970 by the server's clock; how long it counted
    qint64 allMicroseconds = -1, allBytes = -1; ///< of all commands in that time
    qint64 sampleRatio = 1; ///< one key of so many was counted
    bool isActive = false; ///< it counts still
    bool isOthers = false; ///< another connection began it: it was read, and left as it is
    // of Counters
    qint64 seen = 0; ///< keys that were looked at
    bool isPart = false; ///< it was stopped before all were
    int decayMinutes = -1; ///< lfu-decay-time: a counter falls by one in so many; -1: not told
};

/// The reply to HOTKEYS GET (Redis 8.6: a map, or a list of one flat list), into `told`. False where it is null:
/// nothing was ever counted. Error::Code::Parse where it is something else.
[[nodiscard]] Result<bool> takeHotKeys(const Value &reply, NodeHotKeys &told);
/// `keys` put in order, and cut to the `most` hottest.
void keepHottest(std::vector<HotKey> &keys, size_t most);
/// Over what the figures were counted, and by what; or why there are none.
[[nodiscard]] QString hotKeysNote(const NodeHotKeys &told);

struct HotKeysRequest
{
    QByteArray nodeId;
    qint64 milliseconds = 10'000; ///< of an interval that is measured
    size_t most = 20;
    UserConsent consent = UserConsent::None;
};

/// Finds the hottest keys of nodes. HOTKEYS is started for the time that was asked for and reset afterwards; a
/// measurement of somebody else is only read. Counters are read of every key by SCAN and OBJECT FREQ, which leave them
/// as they are. A service for Remote; on the session's thread.
class HotKeysReader final
{
    Q_DISABLE_COPY_MOVE(HotKeysReader)
public:
    explicit HotKeysReader(QPointer<ClusterSession> session);
    ~HotKeysReader();

    /// Error where there is no session or node any more, or the gate did not let HOTKEYS pass (NeedsConsent asks).
    [[nodiscard]] QCoro::Task<Result<NodeHotKeys>> read(HotKeysRequest request);
    void stop(); ///< what is under way ends soon, with what is known by then

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
