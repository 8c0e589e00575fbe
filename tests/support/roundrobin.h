// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace slotscope::test {

/// A TCP proxy that connects each new client to the next of several servers in turn, as a Kubernetes Service or a
/// virtual IP address does.
class RoundRobin final : public QTcpServer
{
public:
    explicit RoundRobin(QList<Endpoint> servers) : m_servers(std::move(servers))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *client = nextPendingConnection();
            auto *server = new QTcpSocket(client);
            const Endpoint &next = m_servers[connections++ % m_servers.size()];
            connect(client, &QTcpSocket::readyRead, server, [client, server] { server->write(client->readAll()); });
            connect(server, &QTcpSocket::readyRead, client, [client, server] { client->write(server->readAll()); });
            connect(server, &QTcpSocket::connected, server, [client, server] { server->write(client->readAll()); });
            connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
            connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
            server->connectToHost(next.host, next.port);
        });
    }
    [[nodiscard]] Endpoint endpoint() const
    {
        return {.host = QStringLiteral("127.0.0.1"), .port = serverPort(), .socketPath = {}};
    }
    qsizetype connections = 0;

private:
    QList<Endpoint> m_servers;
};

} // namespace slotscope::test
