// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace slotscope {

/// The state of our own connection to one node.
struct Reach
{
    enum class State : quint8 { Unknown, Connecting, Ready, Waiting, Refused };
    State state = State::Unknown;
    Error error; ///< reason, for Waiting and Refused
    qint64 retryAt = 0; ///< time of the next attempt in ms since 1970, for Waiting
    QString address; ///< "host:port" that we connect to, after applying the address map
    int failures = 0; ///< number of consecutive failed attempts
    double roundTripMs = -1; ///< smoothed average; -1: not measured yet
};

} // namespace slotscope
