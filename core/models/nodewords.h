// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/models/tableroles.h"

namespace slotscope {

/// The state of a node as a word with its tone, short enough for a badge.
struct StateWord
{
    QString text; ///< "ok", "fail?", "failed", "unreachable", …
    Tone tone = Tone::Neutral;
};
[[nodiscard]] StateWord stateWord(const NodeState &node);

/// "primary", "replica", "unknown".
[[nodiscard]] QString roleWord(const NodeState &node);

/// "Shard 3", or "Shard 3 · orders" if the user has named it.
[[nodiscard]] QString shardTitle(const ShardState &shard);

/// The title of a shard number; without the user's name for it if the view is null or has no such shard.
[[nodiscard]] QString shardTitle(const ClusterView *view, int number);

/// The same for the node's shard, or "outside".
[[nodiscard]] QString shardWord(const ClusterView &view, const NodeState &node);

/// A replica's link to its primary, or what keeps a node from working: "linked · lag 0 B", "link down 12 s", "failed
/// 2:14 ago", "loading".
struct LinkWord
{
    QString text;
    Tone tone = Tone::Muted;
};
[[nodiscard]] LinkWord linkWord(const ClusterView &view, const NodeState &node);

/// "4 of 5 primaries call it failed, 1 suspects it"; empty if no node reports either.
[[nodiscard]] QString saidByText(const ClusterView &view, const NodeState &node);

/// Milliseconds since the oldest unanswered ping to a failed node; -1 if no node reports one.
[[nodiscard]] qint64 failedForMs(const ClusterView &view, const NodeState &node);

/// State of our own connection: "answers in 0.4 ms", "connection refused · retry in 3 s". `now` is in ms since 1970.
[[nodiscard]] QString reachText(const NodeState &node, qint64 now);

/// Time of the newest data in `view` in ms since 1970: from nodes that answer, or from any if none does.
[[nodiscard]] qint64 heardAt(const ClusterView &view);

/// Slot ranges "0-5460 5462 …", with en dashes for display.
[[nodiscard]] QString rangesText(const SlotSet &set, int maximum = -1);

/// 9812 -> "9.8 k", 41 -> "41", 3940000 -> "3.94 M".
[[nodiscard]] QString shortCount(qint64 number);

/// Returns `one` ("1 node") or `many` ("1,234 nodes") with %1 replaced.
[[nodiscard]] QString counted(qint64 number, const QString &one, const QString &many);

/// 134000 -> "2:14", 7384000 -> "2:03:04".
[[nodiscard]] QString clockText(qint64 milliseconds);

/// All nodes as JSON: id, slots, primary and other known data.
[[nodiscard]] QByteArray nodesJson(const ClusterView &view);
/// Everything known about a node as a JSON document.
[[nodiscard]] QByteArray nodeJson(const ClusterView &view, const NodeState &node);

} // namespace slotscope
