// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

namespace slotscope {

/// What kind of place a connection leads to, and what its tab says of it.
struct Environment
{
    using Kind = EnvironmentKind;
    Kind kind = Kind::None;
    QString tag; ///< "PRODUCTION", "DEV"; empty: no tag

    [[nodiscard]] static Environment of(Kind kind);
};

} // namespace slotscope
