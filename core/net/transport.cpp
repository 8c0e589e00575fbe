// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/transport.h"

#include <QLocalSocket>
#include <QTcpSocket>

namespace slotscope {

namespace {

Error::Code codeOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError: return Error::Code::HostNotFound;
    case QAbstractSocket::ConnectionRefusedError: return Error::Code::ConnectionRefused;
    case QAbstractSocket::RemoteHostClosedError: return Error::Code::ConnectionLost;
    case QAbstractSocket::SocketTimeoutError: return Error::Code::Timeout;
    case QAbstractSocket::NetworkError:
    case QAbstractSocket::SocketAccessError: return Error::Code::Unreachable;
    default: return Error::Code::Io;
    }
}

class TcpTransport final : public Transport
{
public:
    TcpTransport(Endpoint endpoint, QObject *parent) : Transport(parent), m_endpoint(std::move(endpoint))
    {
        connect(&m_socket, &QTcpSocket::connected, this, [this] {
            m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
            m_socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
            Q_EMIT opened();
        });
        connect(&m_socket, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError code) {
            Q_EMIT failed(Error{
                .code = codeOf(code), .detail = m_socket.errorString(), .serverPrefix = {}, .node = {}, .command = {}});
        });
    }
    void open() override
    {
        // unbuffered: a read goes straight from the kernel into our buffer
        m_socket.connectToHost(m_endpoint.host, m_endpoint.port, QIODevice::ReadWrite | QIODevice::Unbuffered);
    }
    void abort() override { m_socket.abort(); }
    QIODevice *device() override { return &m_socket; }

private:
    Endpoint m_endpoint;
    QTcpSocket m_socket;
};

class UnixTransport final : public Transport
{
public:
    UnixTransport(Endpoint endpoint, QObject *parent) : Transport(parent), m_endpoint(std::move(endpoint))
    {
        connect(&m_socket, &QLocalSocket::connected, this, &Transport::opened);
        connect(&m_socket, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError code) {
            const auto mapped = code == QLocalSocket::ServerNotFoundError ? Error::Code::ConnectionRefused
                                                                          : codeOf(QAbstractSocket::SocketError(code));
            Q_EMIT failed(
                Error{.code = mapped, .detail = m_socket.errorString(), .serverPrefix = {}, .node = {}, .command = {}});
        });
    }
    void open() override { m_socket.connectToServer(m_endpoint.socketPath); }
    void abort() override { m_socket.abort(); }
    QIODevice *device() override { return &m_socket; }

private:
    Endpoint m_endpoint;
    QLocalSocket m_socket;
};

} // namespace

Transport *Transport::create(const Endpoint &endpoint, QObject *parent)
{
    if (endpoint.isUnix())
        return new UnixTransport(endpoint, parent);
    return new TcpTransport(endpoint, parent);
}

} // namespace slotscope
