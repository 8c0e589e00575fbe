// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace slotscope {

/// How we stand with one node, as seen from here.
struct Reach
{
    enum class State : quint8 { Unknown, Connecting, Ready, Waiting, Refused };
    State state = State::Unknown;
    Error error; ///< why not, for Waiting and Refused
    qint64 retryAt = 0; ///< ms since 1970 of the next attempt, for Waiting
    QString address; ///< "host:port" that we use, after the address map
    int failures = 0; ///< attempts in a row that failed
    double roundTripMs = -1; ///< smoothed; -1: not measured yet
};

} // namespace slotscope
