// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace slotscope {

/// One complete INFO reply of a node.
struct InfoTold
{
    QByteArray node; ///< node id
    QByteArray text;
    qint64 at = 0; ///< time of the reply in ms since 1970
    qint64 ours = 0; ///< number of commands that we sent to the node since its previous INFO; -1 if unknown
};

} // namespace slotscope
