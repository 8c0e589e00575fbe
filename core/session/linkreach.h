// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/reach.h"
#include "core/net/nodelink.h"

namespace slotscope {

/// How a link stands now, into `reach`; its address stays.
inline void takeReach(const NodeLink &link, Reach &reach)
{
    switch (link.state()) {
    case NodeLink::State::Idle: reach.state = Reach::State::Unknown; break;
    // while an attempt after a failure is under way the last failure is still the truth about the node
    case NodeLink::State::Connecting:
        reach.state = link.failures() > 0 ? Reach::State::Waiting : Reach::State::Connecting;
        break;
    case NodeLink::State::Ready: reach.state = Reach::State::Ready; break;
    case NodeLink::State::Waiting: reach.state = Reach::State::Waiting; break;
    case NodeLink::State::Refused: reach.state = Reach::State::Refused; break;
    }
    reach.error = link.error();
    reach.retryAt = link.retryAt();
    reach.failures = link.failures();
    reach.roundTripMs = link.roundTripMs();
}

} // namespace slotscope
