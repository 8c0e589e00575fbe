// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/cluster/reach.h"
#include "core/protocol/value.h"

#include <QByteArrayList>
#include <QList>
#include <QStringList>

#include <memory>

namespace slotscope {

/// What SENTINEL MASTER reports about a primary (Redis 2.8+). Replicas and the rest are read separately.
struct SentinelPrimary
{
    QString address; ///< "host:port" as the Sentinel announces it
    QByteArrayList flags; ///< "master", "s_down", "o_down", "failover_in_progress", …
    quint64 epoch = 0; ///< config-epoch: a higher epoch means a later failover
    int quorum = 0; ///< number of Sentinels that must consider the primary down before a failover starts
    int otherSentinels = 0;
};
/// Parses SENTINEL MASTER. `address` is the reply to SENTINEL GET-MASTER-ADDR-BY-NAME, which takes precedence: during a
/// failover, the leading Sentinel reports the new epoch together with the old primary's address until all replicas
/// replicate the new primary (Redis sentinel.c, sentinelGetCurrentMasterAddress).
[[nodiscard]] Result<SentinelPrimary> parseSentinelPrimary(const Value &reply, const Value &address);
/// Returns "host:port" for each entry of SENTINEL REPLICAS or SENTINEL SENTINELS, omitting entries without an address.
[[nodiscard]] QStringList parseSentinelPeers(const Value &reply);

/// One Sentinel, and what it reports about the connection's primary.
struct SentinelWord
{
    QString address; ///< "host:port" that we connect to
    Reach reach;
    bool isNamed = false; ///< entered by the user; otherwise named by another Sentinel
    bool hasAnswered = false;
    bool needsNoPassword = false; ///< it refused our password but accepts connections without one
    /// why it reports no primary although it answers (it monitors none of this name, or we lack permission)
    Error error;
    SentinelPrimary primary;
    QString reachedPrimary; ///< the primary's address after applying the address map
    QStringList replicas, reachedReplicas; ///< replicas as announced, and their addresses after applying the map
    QStringList others; ///< the other Sentinels that it knows
    QString quorumProblem; ///< SENTINEL CKQUORUM's reason against a failover; empty: none, or unknown
    bool isQuorumKnown = false; ///< it answered SENTINEL CKQUORUM

    [[nodiscard]] bool tellsPrimary() const
    {
        return reach.state == Reach::State::Ready && hasAnswered && !primary.address.isEmpty();
    }
};

/// What all Sentinels of one primary report at one moment.
struct SentinelState
{
    QString primaryName; ///< the name under which the Sentinels monitor the primary
    QList<SentinelWord> sentinels; ///< sorted by address
    QString lastPrimary; ///< address at which the primary named last was reached
    /// The highest epoch that any Sentinel has reported so far. It is lowered if most have reported an older one for
    /// ten seconds, because they were configured anew.
    quint64 newestEpoch = 0;
    /// each Sentinel has answered or failed; or the waiting time is over, and at least one names a primary
    bool isSettled = false;

    /// The report to act on; null if there is none. Of the answering Sentinels' reports, those with the newest epoch
    /// count, and of these the address that most of them name. If that epoch is older than `newestEpoch`, the answering
    /// Sentinels may not have heard of a failover yet: then null, unless all Sentinels answer (they were configured
    /// anew).
    [[nodiscard]] const SentinelWord *leading() const;
    /// The address at which the primary is reached; without a leading() report, the last one known.
    [[nodiscard]] QString primaryAddress() const;
    /// Why no primary is known. Meaningful only if leading() is null.
    [[nodiscard]] Error whyNone() const;
};
using SentinelStatePtr = std::shared_ptr<const SentinelState>;

} // namespace slotscope
