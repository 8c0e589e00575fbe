// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/cluster/commandtable.h"

namespace slotscope {

/// What an error reply means, beside the server's own words.
struct ErrorHelp
{
    struct KeyRow
    {
        QByteArray key;
        int slot = 0;
        QByteArray nodeId; ///< that has the slot; empty: nobody
        QString nodeName;
        int colour = -1; ///< of its shard
    };
    QString text; ///< empty: nothing to say
    QList<KeyRow> keys; ///< of CROSSSLOT: where each key is
    QList<Command> instead; ///< the same work, a command a slot
    QByteArray right; ///< that is missing, as ACL SETUSER takes it
    QString grant; ///< the command that would grant it
};

/// Pure. `table` may be null: then keys are not known.
[[nodiscard]] ErrorHelp explainError(const QByteArray &serverError, const Command &command, const ClusterView *view,
                                     const CommandTable *table);

/// The same work with one command for each slot; empty where it cannot be divided (only commands whose answers add up
/// can: DEL, MGET, MSET, …).
[[nodiscard]] QList<Command> dividedBySlot(const Command &command);

} // namespace slotscope
