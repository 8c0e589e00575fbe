// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

enum class Joining : quint8 { Primary, Replica, Created, Met };

/// Whether a node outside may join as that: everything that MEET itself does not ask.
void checkJoining(PlanDraft &draft, const OutsideNode &node, Joining as);

/// A server alone that owns slots, with their keys, whose owner here is gone: the same server before it was started
/// again without its nodes.conf. Met as it is, it would be told of its former self's newer epoch, and delete its keys.
[[nodiscard]] bool comesBack(const PlanDraft &draft, const OutsideNode &node);

/// Two run ids of one node id: it was copied with its nodes.conf.
[[nodiscard]] inline bool areTwoServers(const QByteArray &run, const QByteArray &other)
{
    return !run.isEmpty() && !other.isEmpty() && run != other;
}
inline constexpr const char *twinCure = QT_TRANSLATE_NOOP(
    "slotscope::Operations",
    "A nodes.conf was copied with its server, and the cluster would take one for the other. Give the one that is empty "
    "an id of its own first: CLUSTER RESET HARD on it.");

/// CLUSTER MEET with an address that other nodes can use: the announced one, the port that tls-cluster wants.
[[nodiscard]] Command meetCommand(const AnnouncedAddress &address, const NodeFacts &facts);
[[nodiscard]] Command meetCommand(const OutsideNode &node);
/// CLUSTER MEET to a node that is known already, with its bus port: the meeting node tells it at once what it owns.
[[nodiscard]] Command greetCommand(const AnnouncedAddress &address);

} // namespace slotscope
