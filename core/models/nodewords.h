// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

namespace slotscope {

/// A word for how a node is and how bad that is, short enough for a badge.
struct StateWord
{
    QString text; ///< "ok", "fail?", "failed", "unreachable", …
    Tone tone = Tone::Neutral;
};
[[nodiscard]] StateWord stateWord(const NodeState &node);

/// "primary", "replica", "unknown".
[[nodiscard]] QString roleWord(const NodeState &node);

/// "Shard 3", or "Shard 3 · orders" where the user has named it.
[[nodiscard]] QString shardTitle(const ShardState &shard);

/// The same by its number; without a name where the view is null or has no such shard.
[[nodiscard]] QString shardTitle(const ClusterView *view, int number);

/// The same of the node's shard, or "outside".
[[nodiscard]] QString shardWord(const ClusterView &view, const NodeState &node);

/// The link of a replica to its primary, or what keeps a node from working: "linked · lag 0 B", "link down 12 s",
/// "failed 2:14 ago", "loading".
struct LinkWord
{
    QString text;
    Tone tone = Tone::Muted;
};
[[nodiscard]] LinkWord linkWord(const ClusterView &view, const NodeState &node);

/// "4 of 5 primaries call it failed, 1 suspects it"; empty where nobody does.
[[nodiscard]] QString saidByText(const ClusterView &view, const NodeState &node);

/// How long ago the oldest unanswered ping to a failed node was sent, in ms; -1 where nobody says so.
[[nodiscard]] qint64 failedForMs(const ClusterView &view, const NodeState &node);

/// How we stand with it: "answers in 0.4 ms", "connection refused · retry in 3 s". `now` in ms since 1970.
[[nodiscard]] QString reachText(const NodeState &node, qint64 now);

/// When the newest of what `view` shows was heard: from the nodes that answer, or from any where none does. In ms since
/// 1970.
[[nodiscard]] qint64 heardAt(const ClusterView &view);

/// "0-5460 5462 …", with dashes for people.
[[nodiscard]] QString rangesText(const SlotSet &set, int maximum = -1);

/// 9812 -> "9.8 k", 41 -> "41", 3940000 -> "3.94 M".
[[nodiscard]] QString shortCount(qint64 number);

/// "1 node" or "1,234 nodes": `many` holds %1.
[[nodiscard]] QString counted(qint64 number, const QString &one, const QString &many);

/// 134000 -> "2:14", 7384000 -> "2:03:04".
[[nodiscard]] QString clockText(qint64 milliseconds);

/// All nodes as JSON: id, slots, primary and the rest of what is known.
[[nodiscard]] QByteArray nodesJson(const ClusterView &view);
/// Everything known of a node as one JSON document.
[[nodiscard]] QByteArray nodeJson(const ClusterView &view, const NodeState &node);

} // namespace slotscope
