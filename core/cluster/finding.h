// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/slotset.h"

#include <QByteArrayList>
#include <QString>

namespace slotscope {

enum class Severity : quint8 { Ok, Note, Warning, Error };

/// One problem found in the cluster.
struct Finding
{
    enum class Kind : quint8 {
        UncoveredSlots,
        OpenSlots,
        Disagreement,
        SlotClaimedTwice,
        NodeFailed,
        NodeMaybeFailed,
        NoReplica,
        NoFailover,
        ReplicaLinkDown,
        ReplicaLagging,
        ReplicaOnPrimaryHost,
        PartlyKnownNode,
        StuckHandshake,
        NoAddress,
        OneWayLink,
        MixedVersions,
        UnreachableFromHere,
        ClusterStateFail,
        AccessRefused,
        Loading,
        NoQuorum,
        SameEpoch,
        Busy,
        SameId,
        OddAddress,
        UnreadableTable,
        OutsideHosts,
        NotLearnt,
        Readdressed,
        ReplicaOfReplica,
        NamedAddress,
        NoSentinelsPrimary,
        SentinelUnreachable,
        SentinelsDisagree,
        SentinelQuorum,
        PrimaryDown,
        NotTheSentinelsPrimary,
        LimitedRights,
        EmptyNode,
        SettingsDiffer,
    };
    Kind kind = Kind::Disagreement;
    Severity severity = Severity::Warning;
    QString title; ///< one line that names the problem, with names and numbers
    QString explanation; ///< why the problem matters
    QString advice; ///< what usually helps
    QByteArrayList nodes; ///< ids of the nodes concerned
    SlotSet slots; ///< slots concerned

    /// Machine name such as "uncovered-slots".
    [[nodiscard]] QString kindName() const;
    friend bool operator==(const Finding &, const Finding &) = default;
};

[[nodiscard]] QString severityName(Severity severity); ///< "ok", "note", "warning", "error"

} // namespace slotscope
