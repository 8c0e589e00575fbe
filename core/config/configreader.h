// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/configcomparison.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// Reads the settings of nodes, and makes nodes write them to their files. On the session's thread.
class ConfigReader final
{
    Q_DISABLE_COPY_MOVE(ConfigReader)
public:
    explicit ConfigReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only if the session has ended, or there is no such node; errors of the node are in `problem`.
    [[nodiscard]] QCoro::Task<Result<NodeConfig>> read(QByteArray nodeId);
    /// Runs CONFIG REWRITE on these nodes through the session's gate; one reply per node. An Error means that nothing
    /// was sent, because the gate refused it.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> rewrite(QByteArrayList nodeIds, UserConsent consent);

private:
    QPointer<ClusterSession> m_session;
};

/// Parses a reply to CONFIG GET *: names in lower case, secrets replaced by marks. Error if it is malformed.
[[nodiscard]] Result<QMap<QByteArray, QByteArray>> readConfig(const Value &reply);

} // namespace slotscope
