// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>
#include <QUrlQuery>

#include <functional>

namespace slotscope::test {

/// An HTTP request that the fake server received.
struct HttpRequest
{
    QByteArray method, target, head, body;
    [[nodiscard]] QString path() const { return QUrl::fromEncoded(target).path(); }
    /// Returns a parameter from the body, or from the URL's query if the body is empty.
    [[nodiscard]] QString parameter(const QString &name) const
    {
        const QUrlQuery query(QString::fromLatin1(
            body.isEmpty() ? QUrl::fromEncoded(target).query(QUrl::FullyEncoded).toLatin1() : body));
        return query.queryItemValue(name, QUrl::FullyDecoded);
    }
};
struct HttpReply
{
    int status = 200;
    QByteArray body = {};
    QByteArray type = "application/json";
    QByteArray more = {}; ///< further header lines, each with its line end
};

/// An HTTP server that answers each request with what `Script` returns and then closes the connection.
class FakeHttp final : public QTcpServer
{
public:
    using Script = std::function<HttpReply(const HttpRequest &request)>;
    explicit FakeHttp(Script script) : m_script(std::move(script))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { take(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
    }
    [[nodiscard]] QString address() const { return QStringLiteral("http://127.0.0.1:%1").arg(serverPort()); }

    QList<HttpRequest> received;
    bool isSilent = false; ///< true: the server accepts requests and never answers

private:
    void take(QTcpSocket *socket)
    {
        QByteArray arrived = socket->property("arrived").toByteArray() + socket->readAll();
        socket->setProperty("arrived", arrived);
        const qsizetype end = arrived.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        HttpRequest request;
        request.head = arrived.first(end);
        request.body = arrived.sliced(end + 4);
        qsizetype length = 0;
        for (const QByteArray &line : request.head.split('\n'))
            if (line.toLower().startsWith("content-length:"))
                length = line.mid(15).trimmed().toLongLong();
        if (request.body.size() < length)
            return;
        const QByteArrayList words = request.head.split('\r').front().split(' ');
        request.method = words.value(0);
        request.target = words.value(1);
        received.append(request);
        if (isSilent)
            return;
        const HttpReply reply = m_script(request);
        socket->write("HTTP/1.1 " + QByteArray::number(reply.status) + " X\r\nContent-Type: " + reply.type
                      + "\r\nConnection: close\r\n" + reply.more
                      + "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n\r\n" + reply.body);
        socket->disconnectFromHost();
    }

    Script m_script;
};

} // namespace slotscope::test
