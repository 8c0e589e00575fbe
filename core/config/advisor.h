// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/configcomparison.h"

namespace slotscope {

/// What the servers' own guides would have set otherwise on some nodes.
struct Advice
{
    enum class Weight : quint8 {
        Note, ///< worth knowing; right for some uses
        Warning,
        Error, ///< data or service is at risk
    };
    Weight weight = Weight::Note;
    QByteArray setting; ///< that it is about
    QString title; ///< what is, in a sentence
    QString why; ///< why it matters
    QStringList nodes; ///< names of those where it was seen
    QString command; ///< what would mend it; empty: it is done outside of the server
};

/// Looks at what was told: settings, memory and roles. Worst first. What cannot be seen over a connection (huge pages,
/// overcommit, somaxconn, limits of files) is no part of it: see adviceNotSeen(). Pure.
[[nodiscard]] std::vector<Advice> advise(const std::vector<NodeConfig> &nodes, const ClusterView &view);

/// What the guides ask for that a server does not tell, with the command that looks at it on the machine.
[[nodiscard]] QList<std::pair<QString, QString>> adviceNotSeen();

} // namespace slotscope
