// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

#include <memory>
#include <vector>

namespace slotscope {

/// How a node reports which keys are used most.
enum class HotKeySource : quint8 {
    None, ///< not at all
    Measured, ///< HOTKEYS (Redis >= 8.6): CPU time and network bytes during an interval
    Counters, ///< OBJECT FREQ: counters of an LFU policy, which cover no particular interval
};

/// A frequently used key. Figures that its source does not supply are -1.
struct HotKey
{
    QByteArray key;
    qint64 cpuMicroseconds = -1, netBytes = -1;
    int frequency = -1; ///< 0 to 255 on a logarithmic scale
    friend bool operator==(const HotKey &, const HotKey &) = default;
};

/// The most used keys of one node.
struct NodeHotKeys
{
    QByteArray nodeId;
    QString nodeName;
    HotKeySource source = HotKeySource::None;
    QByteArray policy; ///< maxmemory-policy from INFO; empty: unknown
    std::optional<Error> problem; ///< why there is nothing, or less than requested
    std::vector<HotKey> keys; ///< most used first
    // for Measured
    qint64 startedAt = 0, durationMs = 0; ///< ms since 1970 on the server's clock, and length of the measurement
    qint64 allMicroseconds = -1, allBytes = -1; ///< totals of all commands in that time
    qint64 sampleRatio = 1; ///< only one in this many keys was counted
    bool isActive = false; ///< the measurement is still running
    bool isOthers = false; ///< another connection started the measurement, so it was only read
    // for Counters
    qint64 seen = 0; ///< number of keys examined
    bool isPart = false; ///< stopped before all keys were examined
    int decayMinutes = -1; ///< lfu-decay-time: minutes in which a counter decreases by one; -1: unknown
};

/// Parses a reply to HOTKEYS GET (Redis 8.6: a map, or a list that contains one flat list) into `told`. Returns false
/// for null, which means that nothing was ever measured. Error::Code::Parse for other replies.
[[nodiscard]] Result<bool> takeHotKeys(const Value &reply, NodeHotKeys &told);
/// Sorts `keys` and keeps the `most` used ones.
void keepHottest(std::vector<HotKey> &keys, size_t most);
/// Describes what was measured and for how long, or why there is nothing.
[[nodiscard]] QString hotKeysNote(const NodeHotKeys &told);

struct HotKeysRequest
{
    QByteArray nodeId;
    qint64 milliseconds = 10'000; ///< length of a measurement
    size_t most = 20;
    UserConsent consent = UserConsent::None;
};

/// Finds the most used keys of nodes. HOTKEYS is started for the requested time and then reset; somebody else's
/// measurement is only read. Counters are read for every key with SCAN and OBJECT FREQ, which do not change them. A
/// service for Remote; on the session's thread.
class HotKeysReader final
{
    Q_DISABLE_COPY_MOVE(HotKeysReader)
public:
    explicit HotKeysReader(QPointer<ClusterSession> session);
    ~HotKeysReader();

    /// Error if the session or node is gone, or the gate did not allow HOTKEYS (NeedsConsent if consent is required).
    [[nodiscard]] QCoro::Task<Result<NodeHotKeys>> read(HotKeysRequest request);
    void stop(); ///< ends a running request soon, with the results so far

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace slotscope
