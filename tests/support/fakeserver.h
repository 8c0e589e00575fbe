// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace slotscope::test {

/// Encodes a text as a RESP bulk string.
inline QByteArray bulk(const QByteArray &text)
{
    return '$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n";
}

/// A fake Redis server that answers each command with what `Script` returns, or not at all if that is empty. It refuses
/// HELLO, so clients fall back to RESP2.
class FakeServer final : public QTcpServer
{
public:
    using Script = std::function<QByteArray(const QByteArrayList &command)>;
    explicit FakeServer(Script script) : m_script(std::move(script))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            m_sockets.append(socket);
            ++connections;
            if (!greeting.isEmpty())
                socket->write(greeting);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
        });
    }
    [[nodiscard]] Endpoint endpoint() const
    {
        return {.host = QStringLiteral("127.0.0.1"), .port = serverPort(), .socketPath = {}};
    }
    void dropAll()
    {
        for (QTcpSocket *socket : m_sockets)
            socket->abort();
    }

    QByteArray greeting; ///< bytes sent to each client when it connects
    /// if not empty, the server answers any input with these bytes, like a server of another protocol
    QByteArray blindly;
    QByteArray pong = "+PONG\r\n"; ///< the answer to PING
    QByteArray bytes; ///< all bytes received from all clients
    int connections = 0;
    QList<QByteArrayList> received;
    /// true: the server closes the connection after the first answer, which may be incomplete
    bool closeAfterCommand = false;

private:
    void answer(QTcpSocket *socket)
    {
        QByteArray &buffer = m_buffers[socket];
        const QByteArray arrived = socket->readAll();
        bytes += arrived;
        buffer += arrived;
        if (!blindly.isEmpty()) {
            socket->write(blindly);
            return;
        }
        for (;;) {
            QByteArrayList command;
            const qsizetype used = parse(buffer, command);
            if (used == 0)
                return;
            buffer.remove(0, used);
            received.append(command);
            const QByteArray name = command.value(0).toUpper();
            const bool setup = name == "CLIENT" || name == "PING";
            const QByteArray reply = name == "HELLO" ? QByteArray("-ERR unknown command 'HELLO'\r\n")
                : name == "PING"                     ? pong
                : setup                              ? QByteArray("+OK\r\n")
                                                     : m_script(command);
            socket->write(reply);
            if (closeAfterCommand && !setup && name != "HELLO") {
                socket->flush();
                socket->abort();
                return;
            }
        }
    }
    /// Parses one command in the RESP form that clients send. Returns the number of bytes it takes, or 0 if the command
    /// is not complete yet.
    static qsizetype parse(const QByteArray &buffer, QByteArrayList &command)
    {
        qsizetype at = buffer.indexOf("\r\n");
        if (at < 0 || !buffer.startsWith('*'))
            return 0;
        const int count = buffer.mid(1, at - 1).toInt();
        at += 2;
        for (int i = 0; i < count; ++i) {
            const qsizetype end = buffer.indexOf("\r\n", at);
            if (end < 0)
                return 0;
            const qsizetype length = buffer.mid(at + 1, end - at - 1).toInt();
            if (buffer.size() < end + 2 + length + 2)
                return 0;
            command.append(buffer.mid(end + 2, length));
            at = end + 2 + length + 2;
        }
        return at;
    }

    Script m_script;
    QList<QTcpSocket *> m_sockets;
    QHash<QTcpSocket *, QByteArray> m_buffers;
};

} // namespace slotscope::test
