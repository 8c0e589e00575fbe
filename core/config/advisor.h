// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/config/configcomparison.h"

namespace slotscope {

/// One recommendation: a setting on some nodes that the servers' guides advise against.
struct Advice
{
    enum class Weight : quint8 {
        Note, ///< good to know; may be right for some uses
        Warning,
        Error, ///< data or service is at risk
    };
    Weight weight = Weight::Note;
    QByteArray setting; ///< the setting concerned
    QString title; ///< one sentence about what was found
    QString why; ///< why it matters
    QStringList nodes; ///< names of the nodes concerned
    QString command; ///< command that fixes it; empty if it must be fixed outside the server
};

/// Examines settings, memory and roles; most severe first. What a connection cannot show (huge pages, overcommit,
/// somaxconn, file limits) is listed by adviceNotSeen(). Pure.
[[nodiscard]] std::vector<Advice> advise(const std::vector<NodeConfig> &nodes, const ClusterView &view);

/// Recommendations that cannot be checked over a connection, each with the command that checks it on the machine.
[[nodiscard]] QList<std::pair<QString, QString>> adviceNotSeen();

} // namespace slotscope
