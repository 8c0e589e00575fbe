// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

namespace slotscope::cli {

/// What of all settings is listed.
struct SettingsListed
{
    bool differing = false; ///< only those that nodes differ in
    bool changed = false; ///< only those that are not the default
    bool advice = false; ///< in place of the list: what the guides would have set otherwise
    QString find; ///< only those whose name or value holds this; empty: all
    QList<QByteArray> nodes; ///< ids; empty: all
};

/// The settings of all nodes compared: a line each, with what most nodes have, the default, and who differs. The exit
/// code tells whether every node answered.
[[nodiscard]] QCoro::Task<int> listSettings(Context context, std::shared_ptr<ClusterSession> session,
                                            SettingsListed listed);

} // namespace slotscope::cli
