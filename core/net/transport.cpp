// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/transport.h"

#include "core/base/tr.h"
#include "core/net/tls.h"
#include "core/net/wayopener.h"

#include <QLocalSocket>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

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

/// Null for direct connections.
WayOpener *openerOf(Transport &transport, QAbstractSocket &socket, const Way &way, const Endpoint &endpoint)
{
    if (way.isDirect())
        return nullptr;
    auto *opener = new WayOpener(socket, way, endpoint, &transport);
    QObject::connect(opener, &WayOpener::begun, &transport, &Transport::begun);
    QObject::connect(opener, &WayOpener::failed, &transport, &Transport::failed);
    return opener;
}

void stop(WayOpener *way, QAbstractSocket &socket)
{
    if (way)
        way->stop();
    socket.abort();
}

class TcpTransport final : public Transport
{
public:
    TcpTransport(Endpoint endpoint, const Way &way, QObject *parent)
        : Transport(parent), m_endpoint(std::move(endpoint)), m_way(openerOf(*this, m_socket, way, m_endpoint))
    {
        if (m_way)
            connect(m_way, &WayOpener::opened, this, &Transport::opened);
        connect(&m_socket, &QTcpSocket::connected, this, [this] {
            m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
            m_socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
            if (!m_way)
                Q_EMIT opened();
        });
        connect(&m_socket, &QTcpSocket::bytesWritten, this, &Transport::drained);
        connect(&m_socket, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError code) {
            const Error error{
                .code = codeOf(code), .detail = m_socket.errorString(), .serverPrefix = {}, .node = {}, .command = {}};
            if (!m_way || !m_way->explains(error))
                Q_EMIT failed(error);
        });
    }
    void open() override
    {
        if (m_way)
            return m_way->open();
        // unbuffered: data goes directly from the kernel into our buffer
        m_socket.connectToHost(m_endpoint.host, m_endpoint.port, QIODevice::ReadWrite | QIODevice::Unbuffered);
    }
    void abort() override { stop(m_way, m_socket); }
    QIODevice *device() override { return &m_socket; }
    bool isHeldUp() const override { return m_way && m_way->isHeldUp(); }
    qint64 bytesToWrite() const override { return m_socket.bytesToWrite(); }

private:
    Endpoint m_endpoint;
    QTcpSocket m_socket;
    WayOpener *m_way; ///< null for direct connections
};

/// A TLS connection. It sends no data before the server's certificate has been verified.
class TlsTransport final : public Transport
{
public:
    TlsTransport(Endpoint endpoint, TlsSettings settings, const Way &way, QObject *parent)
        : Transport(parent)
        , m_endpoint(std::move(endpoint))
        , m_settings(std::move(settings))
        , m_way(openerOf(*this, m_socket, way, m_endpoint))
    {
        if (m_way)
            connect(m_way, &WayOpener::opened, this, [this] {
                m_reached = true;
                m_socket.startClientEncryption();
            });
        m_socket.setReadBufferSize(readBuffer); // unread data then stays in the kernel and slows down the server
        connect(&m_socket, &QSslSocket::encrypted, this, &TlsTransport::verify);
        connect(&m_socket, &QSslSocket::connected, this, [this] {
            m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
            m_socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
            m_reached = !m_way;
        });
        connect(&m_socket, &QSslSocket::errorOccurred, this, &TlsTransport::tell);
        connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &TlsTransport::drained);
    }
    void open() override
    {
        const auto material = TlsMaterial::load(m_settings);
        if (!material) { // deferred, to avoid failing inside the caller
            QTimer::singleShot(0, this, [this, error = material.error()] { Q_EMIT failed(error); });
            return;
        }
        m_material = *material;
        m_socket.setSslConfiguration(m_material->configuration());
        if (m_way) {
            m_socket.setPeerVerifyName(nameWanted());
            return m_way->open();
        }
        m_socket.connectToHostEncrypted(m_endpoint.host, m_endpoint.port, nameWanted());
    }
    void abort() override { stop(m_way, m_socket); }
    QIODevice *device() override { return &m_socket; }
    bool isHeldUp() const override { return m_way && m_way->isHeldUp(); }
    bool isReached() const override { return m_reached && !m_isOpen; }
    qint64 bytesToWrite() const override { return m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite(); }

private:
    static constexpr qint64 readBuffer = 256 << 10;

    [[nodiscard]] QString nameWanted() const
    {
        return m_settings.serverName.isEmpty() ? m_endpoint.host : m_settings.serverName;
    }
    void verify()
    {
        QList<QByteArray> chain;
        for (const QSslCertificate &certificate : m_socket.peerCertificateChain())
            chain << certificate.toDer();
        if (const auto trusted = m_material->verify(chain, nameWanted()); !trusted) {
            // deferred, because a receiver aborts the socket, which must not happen inside its own signal
            QTimer::singleShot(0, this, [this, error = trusted.error()] { Q_EMIT failed(error); });
            return;
        }
        m_isOpen = true;
        Q_EMIT opened();
    }
    void tell(QAbstractSocket::SocketError code)
    {
        Error error{
            .code = codeOf(code), .detail = m_socket.errorString(), .serverPrefix = {}, .node = {}, .command = {}};
        if (m_way && m_way->explains(error))
            return;
        const bool isTls = code == QAbstractSocket::SslHandshakeFailedError || code == QAbstractSocket::SslInternalError
            || code == QAbstractSocket::SslInvalidUserDataError;
        if (isTls) {
            error.code = Error::Code::Tls;
            if (error.detail.contains("wrong version number"_L1))
                error.detail = tr("the server on that port does not use TLS (%1)").arg(error.detail);
        } else if (m_reached && !m_isOpen && code == QAbstractSocket::RemoteHostClosedError) {
            // either no TLS there, or the server has reached maxclients, which it cannot report before TLS is
            // established
            error.detail = tr("the connection was closed before the TLS handshake finished: is this the TLS port, and "
                              "has the server reached its maxclients limit?");
        }
        // with TLS 1.3, this error arrives after the TLS handshake
        if (error.detail.contains("certificate required"_L1)) {
            error.code = Error::Code::Tls;
            error.detail = m_settings.certFile.isEmpty()
                ? tr("the server requires a client certificate: set its file and its key (cert, key)")
                : tr("the server does not accept the client certificate in %1").arg(m_settings.certFile);
        }
        Q_EMIT failed(error);
    }

    Endpoint m_endpoint;
    TlsSettings m_settings;
    std::shared_ptr<const TlsMaterial> m_material;
    QSslSocket m_socket;
    WayOpener *m_way; ///< null for direct connections
    bool m_reached = false; ///< the TCP connection is established
    bool m_isOpen = false;
};

class UnixTransport final : public Transport
{
public:
    UnixTransport(Endpoint endpoint, QObject *parent) : Transport(parent), m_endpoint(std::move(endpoint))
    {
        connect(&m_socket, &QLocalSocket::connected, this, &Transport::opened);
        connect(&m_socket, &QLocalSocket::bytesWritten, this, &Transport::drained);
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
    qint64 bytesToWrite() const override { return m_socket.bytesToWrite(); }

private:
    Endpoint m_endpoint;
    QLocalSocket m_socket;
};

} // namespace

Transport *Transport::create(const Endpoint &endpoint, const TlsSettings &tls, const Way &way, QObject *parent)
{
    if (endpoint.isUnix())
        return new UnixTransport(endpoint, parent);
    if (tls.on)
        return new TlsTransport(endpoint, tls, way, parent);
    return new TcpTransport(endpoint, way, parent);
}

} // namespace slotscope
