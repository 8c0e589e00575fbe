// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/plandraft.h"

namespace slotscope {

enum class Joining : quint8 { Primary, Replica, Created, Met };

/// Checks whether an outside node may join in this role: everything that MEET itself does not check.
void checkJoining(PlanDraft &draft, const OutsideNode &node, Joining as);

/// Whether this is a lone server that owns slots with keys whose owner in the cluster is gone: the same server,
/// restarted without its nodes.conf. If it joined as it is, it would learn of its former self's newer epoch and delete
/// its keys.
[[nodiscard]] bool comesBack(const PlanDraft &draft, const OutsideNode &node);

/// Whether one node id belongs to two processes, because nodes.conf was copied.
[[nodiscard]] inline bool areTwoServers(const QByteArray &run, const QByteArray &other)
{
    return !run.isEmpty() && !other.isEmpty() && run != other;
}
inline constexpr const char *twinCure =
    QT_TRANSLATE_NOOP("slotscope::Operations",
                      "A nodes.conf was copied together with its server, so the cluster would mistake one node for the "
                      "other. First give the empty one a new node id: run CLUSTER RESET HARD on it.");

/// CLUSTER MEET with an address that other nodes can use: the announced host, and the port that tls-cluster requires.
[[nodiscard]] Command meetCommand(const AnnouncedAddress &address, const NodeFacts &facts);
[[nodiscard]] Command meetCommand(const OutsideNode &node);
/// CLUSTER MEET to a node already known, with its bus port: the sending node then reports its slots to it at once.
[[nodiscard]] Command greetCommand(const AnnouncedAddress &address);

} // namespace slotscope
