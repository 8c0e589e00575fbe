// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

/// Which settings are listed.
struct SettingsListed
{
    bool differing = false; ///< only settings whose value differs between nodes
    bool changed = false; ///< only settings that differ from the default
    bool advice = false; ///< print recommendations instead of the list
    QString find; ///< only settings whose name or value contains this; empty: all
    QList<QByteArray> nodes; ///< node ids; empty: all nodes
};

/// Prints the settings of all nodes, one per line: the most common value, the default, and the nodes that differ. The
/// exit code shows whether every node replied.
[[nodiscard]] QCoro::Task<int> listSettings(Context context, std::shared_ptr<ClusterSession> session,
                                            SettingsListed listed);

} // namespace slotscope::cli
