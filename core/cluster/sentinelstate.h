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

/// What SENTINEL MASTER tells of one primary (Redis 2.8 on; replicas and the rest are read apart).
struct SentinelPrimary
{
    QString address; ///< "host:port" as the Sentinel announces it
    QByteArrayList flags; ///< "master", "s_down", "o_down", "failover_in_progress", …
    quint64 epoch = 0; ///< config-epoch: the newer failover's word counts
    int quorum = 0; ///< Sentinels that must call the primary down before one begins a failover
    int otherSentinels = 0;
};
/// `address`: what SENTINEL GET-MASTER-ADDR-BY-NAME answers. Where it names another address it is right: the Sentinel
/// that leads a failover tells the new configuration's epoch beside the former primary's address until all replicas
/// follow the new one (Redis sentinel.c, sentinelGetCurrentMasterAddress).
[[nodiscard]] Result<SentinelPrimary> parseSentinelPrimary(const Value &reply, const Value &address);
/// "host:port" of each entry of SENTINEL REPLICAS or SENTINEL SENTINELS; entries without an address are left out.
[[nodiscard]] QStringList parseSentinelPeers(const Value &reply);

/// One Sentinel, and what it says of the primary that the connection is about.
struct SentinelWord
{
    QString address; ///< "host:port", where we reach it
    Reach reach;
    bool isNamed = false; ///< the user named it; else another Sentinel did
    bool hasAnswered = false;
    bool needsNoPassword = false; ///< it refused the password that it was sent, and lets in whoever sends none
    Error error; ///< why it tells nothing although it answers (it watches no such primary, no right to ask)
    SentinelPrimary primary;
    QString reachedPrimary; ///< where the primary is reached from here: the address map applied
    QStringList replicas, reachedReplicas; ///< as announced; where they are reached from here
    QStringList others; ///< further Sentinels that it knows
    QString quorumProblem; ///< what SENTINEL CKQUORUM says against a failover; empty: nothing, or it is not known
    bool isQuorumKnown = false; ///< it answered CKQUORUM

    [[nodiscard]] bool tellsPrimary() const
    {
        return reach.state == Reach::State::Ready && hasAnswered && !primary.address.isEmpty();
    }
};

/// What all Sentinels of one primary say, at one moment.
struct SentinelState
{
    QString primaryName; ///< as the Sentinels know it
    QList<SentinelWord> sentinels; ///< by address
    QString lastPrimary; ///< where it was reached when a Sentinel named one last
    /// That any of them has told so far. Lowered where most have told an older one for ten seconds: they were set up
    /// anew.
    quint64 newestEpoch = 0;
    bool isSettled = false; ///< each has answered or failed by now, or enough have

    /// The word that counts: of those that answer, the one with the newest epoch, which most of them share. A word that
    /// is older than one heard before counts only where all Sentinels answer and none is newer (they were set up anew):
    /// else those that answer may have yet to hear of a failover. Null where none counts.
    [[nodiscard]] const SentinelWord *leading() const;
    /// Where the primary is reached; where no Sentinel answers any more, the one that was named last.
    [[nodiscard]] QString primaryAddress() const;
    /// Why no primary is known. Of meaning where leading() is null.
    [[nodiscard]] Error whyNone() const;
};
using SentinelStatePtr = std::shared_ptr<const SentinelState>;

} // namespace slotscope
