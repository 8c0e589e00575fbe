// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cluster/finding.h"

namespace slotscope {

QString Finding::kindName() const
{
    switch (kind) {
    case Kind::UncoveredSlots: return QStringLiteral("uncovered-slots");
    case Kind::OpenSlots: return QStringLiteral("open-slots");
    case Kind::Disagreement: return QStringLiteral("disagreement");
    case Kind::SlotClaimedTwice: return QStringLiteral("slot-claimed-twice");
    case Kind::NodeFailed: return QStringLiteral("node-failed");
    case Kind::NodeMaybeFailed: return QStringLiteral("node-maybe-failed");
    case Kind::NoReplica: return QStringLiteral("no-replica");
    case Kind::NoFailover: return QStringLiteral("no-failover");
    case Kind::ReplicaLinkDown: return QStringLiteral("replica-link-down");
    case Kind::ReplicaLagging: return QStringLiteral("replica-lagging");
    case Kind::ReplicaOnPrimaryHost: return QStringLiteral("replica-on-primary-host");
    case Kind::PartlyKnownNode: return QStringLiteral("partly-known-node");
    case Kind::StuckHandshake: return QStringLiteral("stuck-handshake");
    case Kind::NoAddress: return QStringLiteral("no-address");
    case Kind::OneWayLink: return QStringLiteral("one-way-link");
    case Kind::MixedVersions: return QStringLiteral("mixed-versions");
    case Kind::UnreachableFromHere: return QStringLiteral("unreachable-from-here");
    case Kind::ClusterStateFail: return QStringLiteral("cluster-state-fail");
    case Kind::AccessRefused: return QStringLiteral("access-refused");
    case Kind::Loading: return QStringLiteral("loading");
    case Kind::NoQuorum: return QStringLiteral("no-quorum");
    case Kind::SameEpoch: return QStringLiteral("same-epoch");
    case Kind::Busy: return QStringLiteral("busy");
    case Kind::SameId: return QStringLiteral("same-id");
    case Kind::OddAddress: return QStringLiteral("odd-address");
    case Kind::UnreadableTable: return QStringLiteral("unreadable-table");
    case Kind::OutsideHosts: return QStringLiteral("outside-hosts");
    case Kind::NotLearnt: return QStringLiteral("not-learnt");
    case Kind::Readdressed: return QStringLiteral("readdressed");
    case Kind::ReplicaOfReplica: return QStringLiteral("replica-of-replica");
    case Kind::NamedAddress: return QStringLiteral("named-address");
    case Kind::NoSentinelsPrimary: return QStringLiteral("no-sentinels-primary");
    case Kind::SentinelUnreachable: return QStringLiteral("sentinel-unreachable");
    case Kind::SentinelsDisagree: return QStringLiteral("sentinels-disagree");
    case Kind::SentinelQuorum: return QStringLiteral("sentinel-quorum");
    case Kind::PrimaryDown: return QStringLiteral("primary-down");
    case Kind::NotTheSentinelsPrimary: return QStringLiteral("not-the-sentinels-primary");
    case Kind::LimitedRights: return QStringLiteral("limited-rights");
    case Kind::EmptyNode: return QStringLiteral("empty-node");
    case Kind::SettingsDiffer: return QStringLiteral("settings-differ");
    }
    return {};
}

QString severityName(Severity severity)
{
    switch (severity) {
    case Severity::Ok: return QStringLiteral("ok");
    case Severity::Note: return QStringLiteral("note");
    case Severity::Warning: return QStringLiteral("warning");
    case Severity::Error: return QStringLiteral("error");
    }
    return {};
}

} // namespace slotscope
