// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/clientlist.h"
#include "core/session/clustersession.h"

namespace slotscope {

/// What one look at a node's clients gave.
struct NodeClients
{
    QByteArray nodeId;
    QString nodeName;
    QByteArray runId; ///< of the process that answered; empty: not told
    ClientLines clients; ///< null: not read
    std::optional<Error> problem; ///< why not
    std::optional<qint64> maxClients; ///< INFO clients
    QByteArray pausedActions; ///< "write", "all": CLIENT PAUSE is on; empty: it is not, or the server does not tell
    qint64 pausedMs = 0; ///< for so long still
};

/// A client that is to be killed: by its id, and only where it is still the one that was seen.
struct ClientToKill
{
    QByteArray nodeId, runId;
    qint64 id = 0;
    QByteArray address;
    friend bool operator==(const ClientToKill &, const ClientToKill &) = default;
};
/// What became of it.
struct KilledClient
{
    enum class Outcome : quint8 {
        Killed, ///< the node said so
        Gone, ///< it is no more, or another has its id: nothing was done
        Refused, ///< `problem` says why
    };
    ClientToKill client;
    QString nodeName;
    Outcome outcome = Outcome::Gone;
    std::optional<Error> problem;
};

/// Reads who is connected to the nodes, and ends connections through the session's gate. On the session's thread.
class ClientsReader final
{
    Q_DISABLE_COPY_MOVE(ClientsReader)
public:
    explicit ClientsReader(QPointer<ClusterSession> session) : m_session(std::move(session)) { }

    /// Error only where there is no session any more, or no such node.
    [[nodiscard]] QCoro::Task<Result<NodeClients>> read(QByteArray nodeId);
    /// A result for each, in order. Error where the gate did not let it pass: then nothing was sent.
    [[nodiscard]] QCoro::Task<Result<std::vector<KilledClient>>> kill(std::vector<ClientToKill> clients,
                                                                      UserConsent consent);
    /// CLIENT UNPAUSE on one node, or on all where `nodeId` is empty.
    [[nodiscard]] QCoro::Task<Result<QList<NodeReply>>> unpause(QByteArray nodeId, UserConsent consent);

private:
    static QCoro::Task<KilledClient> killOne(QPointer<ClusterSession> session, ClientToKill client,
                                             UserConsent consent);

    QPointer<ClusterSession> m_session;
};

} // namespace slotscope
