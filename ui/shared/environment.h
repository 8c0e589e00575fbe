// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// The environment of a connection, and the tag that its tab shows.
struct Environment
{
    using Kind = EnvironmentKind;
    Kind kind = Kind::None;
    QString tag; ///< such as "PRODUCTION" or "DEV"; empty: no tag

    [[nodiscard]] static Environment of(Kind kind);
};

} // namespace slotscope
