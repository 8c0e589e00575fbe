// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plandraft.h"

namespace slotscope {

enum class Joining : quint8 { Primary, Replica, Created, Met };

/// Whether a node outside may join as that: everything that MEET itself does not ask.
void checkJoining(PlanDraft &draft, const OutsideNode &node, Joining as);

/// CLUSTER MEET with an address that other nodes can use: the announced one, the port that tls-cluster wants.
[[nodiscard]] Command meetCommand(const AnnouncedAddress &address, const NodeFacts &facts);
[[nodiscard]] Command meetCommand(const OutsideNode &node);

} // namespace slotscope
