// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

namespace slotscope {

/// A module loaded by a node.
struct LoadedModule
{
    QByteArray name, path, arguments;
    qint64 version = 0;
    friend bool operator==(const LoadedModule &, const LoadedModule &) = default;
};

struct NodeModules
{
    QByteArray nodeId;
    QString nodeName;
    std::vector<LoadedModule> modules;
    std::optional<Error> problem; ///< why there is no data
    qint64 readAt = 0; ///< ms since 1970; 0: not read
};

/// Reads MODULE LIST of nodes. On the session's thread.
class ModulesReader final
{
    Q_DISABLE_COPY_MOVE(ModulesReader)
public:
    explicit ModulesReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Error only if the session has ended, or there is no such node.
    [[nodiscard]] QCoro::Task<Result<NodeModules>> read(QByteArray nodeId);

private:
    QPointer<ClusterSession> m_session;
};

/// Converts 20811 to "2.8.11", as modules of Redis number their versions; numbers below 10000 stay unchanged.
[[nodiscard]] QString moduleVersionText(qint64 version);

} // namespace slotscope
