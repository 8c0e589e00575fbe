// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

struct Credentials
{
    QString user; ///< empty: the default user
    QString password; ///< empty: no AUTH
    friend bool operator==(const Credentials &, const Credentials &) = default;
};

} // namespace slotscope
