// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// What kind of place a connection leads to; a profile says so.
struct Environment
{
    enum class Kind : quint8 { None, Development, Staging, Production };
    Kind kind = Kind::None;
    QString tag; ///< "PRODUCTION", "DEV"; empty: no tag
};

} // namespace slotscope
