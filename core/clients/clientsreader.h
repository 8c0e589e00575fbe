// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/clientlist.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// Result of reading a node's clients.
struct NodeClients
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< run id of the process that answered; empty: unknown
    ClientLines clients; ///< null: not read
    std::optional<Error> problem; ///< why there is no data
    std::optional<qint64> maxClients; ///< from INFO clients
    QByteArray pausedActions; ///< "write" or "all" while CLIENT PAUSE is active; empty: not active or unknown
    qint64 pausedMs = 0; ///< remaining time of the pause
};

/// A client to be killed, identified by id, and only if it is still the same client.
struct ClientToKill
{
    QByteArray nodeId, runId;
    qint64 id = 0;
    QByteArray address;
    friend bool operator==(const ClientToKill &, const ClientToKill &) = default;
};
/// Result of killing a client.
struct KilledClient
{
    enum class Outcome : quint8 {
        Killed, ///< the node confirmed it
        Gone, ///< it is gone, or another client has its id: nothing was done
        Refused, ///< see `problem`
    };
    ClientToKill client;
    QString nodeName;
    Outcome outcome = Outcome::Gone;
    std::optional<Error> problem;
};

/// Lists the clients of nodes, and kills clients through the session's gate. On the session's thread.
class ClientsReader final
{
    Q_DISABLE_COPY_MOVE(ClientsReader)
public:
    explicit ClientsReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only if the session has ended, or there is no such node.
    [[nodiscard]] QCoro::Task<Result<NodeClients>> read(QByteArray nodeId);
    /// Returns one result per client, in order. An Error means that nothing was sent, because the gate refused it.
    [[nodiscard]] QCoro::Task<Result<std::vector<KilledClient>>> kill(std::vector<ClientToKill> clients,
                                                                      UserConsent consent);
    /// Runs CLIENT UNPAUSE on one node, or on all if `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> unpause(QByteArray nodeId, UserConsent consent);

private:
    static QCoro::Task<KilledClient> killOne(QPointer<ClusterSession> session, ClientToKill client,
                                             UserConsent consent);

    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
