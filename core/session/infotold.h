// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// The INFO of a node, whole, as it comes in.
struct InfoTold
{
    QByteArray node; ///< its id
    QByteArray text;
    qint64 at = 0; ///< ms since 1970
    qint64 ours = 0; ///< commands that we sent to it since the INFO before; -1: not known
};

} // namespace slotscope
