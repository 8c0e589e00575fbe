// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"

namespace slotscope {

/// A module that a node has loaded.
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
    std::optional<Error> problem; ///< why it told nothing
    qint64 readAt = 0; ///< ms since 1970; 0: not read
};

/// MODULE LIST of nodes. On the session's thread.
class ModulesReader final
{
    Q_DISABLE_COPY_MOVE(ModulesReader)
public:
    explicit ModulesReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }
    /// Error only where there is no session any more, or no such node.
    [[nodiscard]] QCoro::Task<Result<NodeModules>> read(QByteArray nodeId);

private:
    QPointer<ClusterSession> m_session;
};

/// 20811 -> "2.8.11": how modules of Redis number their versions; below 10000 as it is.
[[nodiscard]] QString moduleVersionText(qint64 version);

} // namespace slotscope
