// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace slotscope::test {

/// A bulk string, as RESP writes it.
inline QByteArray bulk(const QByteArray &text)
{
    return '$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n";
}

/// Answers each command with what the script says; nothing: no answer. Speaks RESP2 after a refused HELLO unless told
/// otherwise.
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

    QByteArray greeting; ///< sent on connect
    QByteArray blindly; ///< non-empty: the answer to whatever comes, as of a server of another kind
    QByteArray pong = "+PONG\r\n"; ///< the answer to PING
    QByteArray bytes; ///< all that came, from everybody
    int connections = 0;
    QList<QByteArrayList> received;
    bool closeAfterCommand = false; ///< answers (maybe in part), then closes

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
    /// One command of the form that clients send; the bytes it took, 0 where it is not complete.
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
