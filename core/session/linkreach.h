// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/reach.h"
#include "core/net/nodelink.h"

namespace slotscope {

/// Copies the link's current state into `reach`; the address in `reach` stays as it is.
inline void takeReach(const NodeLink &link, Reach &reach)
{
    switch (link.state()) {
    case NodeLink::State::Idle: reach.state = Reach::State::Unknown; break;
    // during a retry, the node still counts as failed until the retry succeeds
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
