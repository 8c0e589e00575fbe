// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/cluster/commandtable.h"

namespace slotscope {

/// Explanation of an error reply, in addition to the server's own text.
struct ErrorHelp
{
    struct KeyRow
    {
        QByteArray key;
        int slot = 0;
        QByteArray nodeId; ///< owner of the slot; empty: none
        QString nodeName;
        int colour = -1; ///< palette index of its shard
    };
    QString text; ///< empty: no explanation
    QList<KeyRow> keys; ///< for CROSSSLOT: where each key is
    QList<Command> instead; ///< equivalent commands, one per slot
    QByteArray right; ///< missing permission, as an argument of ACL SETUSER
    QString grant; ///< command that would grant it
};

/// Explains an error. Pure. If `table` is null, keys are unknown.
[[nodiscard]] ErrorHelp explainError(const QByteArray &serverError, const Command &command, const ClusterView *view,
                                     const CommandTable *table);

/// Splits a command into one per slot; empty if that is impossible (only commands whose results can be combined: DEL,
/// MGET, MSET, …).
[[nodiscard]] QList<Command> dividedBySlot(const Command &command);

} // namespace slotscope
