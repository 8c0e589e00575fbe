// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/configcomparison.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// Reads what nodes are set to, and has them write it to their files. On the session's thread.
class ConfigReader final
{
    Q_DISABLE_COPY_MOVE(ConfigReader)
public:
    explicit ConfigReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only where there is no session any more, or no such node; what the node refuses is in `problem`.
    [[nodiscard]] QCoro::Task<Result<NodeConfig>> read(QByteArray nodeId);
    /// CONFIG REWRITE on these nodes, one answer each, through the session's gate. Error where the gate did not let it
    /// pass: then nothing was sent.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> rewrite(QByteArrayList nodeIds, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

/// Reads a reply of CONFIG GET *: names in lower case; of secrets a mark instead of the value. Error where it is none.
[[nodiscard]] Result<QMap<QByteArray, QByteArray>> readConfig(const Value &reply);

} // namespace slotscope
